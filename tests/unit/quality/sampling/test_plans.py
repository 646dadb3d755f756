"""The sampling tables are those of the standard, for every lot size and AQL they claim."""

import csv
import itertools
from pathlib import Path

import pytest

from quality.sampling.plans import STAGES, aqls, code_letter, next_tighter_aql, plan_at, plan_for
from records.errors import SetupError

PUBLISHED = Path(__file__).with_name("published_plans.csv")
LEVELS = ("S-1", "S-2", "S-3", "S-4", "I", "II", "III")
# Table 1 typed anew, a column a level: MIL-STD-105E table I, the same in ISO 2859-1:1999.
LARGEST = (8, 15, 25, 50, 90, 150, 280, 500, 1200, 3200, 10000, 35000, 150000, 500000, 10**9)
LETTERS = {
    "S-1": "A A A A B B B B C C C C D D D",
    "S-2": "A A A B B B C C C D D D E E E",
    "S-3": "A A B B C C D D E E F F G G H",
    "S-4": "A A B C C D E E F G G H J J K",
    "I": "A A B C C D E F G H J K L M N",
    "II": "A B C D E F G H J K L M N P Q",
    "III": "B C D E F G H J K L M N P Q R",
}


def published() -> list[tuple[str, str, str, str]]:
    """Every published cell: table, code letter, AQL, and size/acceptance number."""
    lines = [line for line in PUBLISHED.read_text("utf-8").splitlines() if line[:1] != "#"]
    return [
        (row["table"], row["letter"], aql, cell)
        for row in csv.DictReader(lines)
        for aql, cell in row.items()
        if aql not in {"table", "letter"}
    ]


def test_every_plan_is_the_published_one() -> None:
    """All 768 cells of the three tables, arrows followed, equal an independently typed table."""
    cells = published()
    ours = [
        (stage, letter, aql, "{1}/{2}".format(*plan_at(letter, aql, stage)))
        for stage, letter, aql, _ in cells
    ]

    assert len(cells) == 3 * 16 * 16
    assert ours == cells
    assert {aql for _, _, aql, _ in cells} == set(aqls())
    assert {stage for stage, *_ in cells} == set(STAGES)


@pytest.mark.parametrize("level", LEVELS)
def test_every_lot_size_has_its_letter(level: str) -> None:
    """The letter changes just after each limit of table 1, at every level, and nowhere else."""
    expected = LETTERS[level].split()

    assert [code_letter(largest, level) for largest in LARGEST] == expected
    starts = [2, *(largest + 1 for largest in LARGEST[:-1])]
    assert [code_letter(start, level) for start in starts] == expected


def test_small_lots_are_looked_at_whole() -> None:
    """Where the sample is as large as the lot, every item is looked at, no more."""
    plan = plan_for(30, "II", "0.15")

    assert (plan.letter, plan.size, plan.accept, plan.every) == ("J", 30, 0, True)
    assert not plan_for(862, "II", "1.0").every


def test_rejection_follows_acceptance() -> None:
    """The rejection number is one more than the acceptance number in every plan."""
    plans = [plan_for(5_000, "II", aql, stage) for aql, stage in itertools.product(aqls(), STAGES)]

    assert all(plan.reject == plan.accept + 1 for plan in plans)


def test_tighter_steps_end() -> None:
    """Going from AQL to tighter AQL meets every one and ends at the tightest."""
    steps = ["10"]
    while (aql := next_tighter_aql(steps[-1])) is not None:
        steps.append(aql)

    assert tuple(reversed(steps)) == aqls()


def test_what_is_not_claimed_is_refused() -> None:
    """An AQL of 15, an unknown level and a lot of one are refused, never guessed."""
    with pytest.raises(SetupError, match="aql_unknown"):
        plan_for(500, "II", "15")
    with pytest.raises(SetupError, match="aql_unknown"):
        next_tighter_aql("sizes")
    with pytest.raises(SetupError, match="inspection_level_unknown"):
        plan_for(500, "IV", "1.0")
    with pytest.raises(ValueError, match="two items"):
        plan_for(1, "II", "1.0")
