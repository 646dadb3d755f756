"""Normal, tightened, reduced, discontinued: each step by the rule of the standard."""

import pytest

from quality.sampling.switching import DecidedLot, Standing, standing_after

GOOD = DecidedLot(accepted=True, accept_number=1)
BETTER = DecidedLot(accepted=True, accept_number=2, passes_tighter=True)
BAD = DecidedLot(accepted=False, accept_number=2)
AGAIN = DecidedLot(accepted=False, accept_number=2, resubmitted=True)


def stages(*lots: DecidedLot, reduced: bool = True) -> list[str]:
    """The stage after each lot."""
    return [
        standing_after(lots[: number + 1], reduced_allowed=reduced).stage
        for number in range(len(lots))
    ]


def test_a_new_team_is_inspected_normally() -> None:
    """Without history, inspection is normal."""
    assert standing_after([]) == Standing()


def test_two_of_five_tighten() -> None:
    """Two lots of five or fewer that do not pass tighten; two of six do not."""
    assert stages(BAD, GOOD, GOOD, GOOD, BAD)[-2:] == ["normal", "tightened"]
    assert stages(BAD, BAD)[-1] == "tightened"
    assert stages(BAD, GOOD, GOOD, GOOD, GOOD, BAD)[-1] == "normal"


def test_five_in_a_row_loosen() -> None:
    """Tightened inspection ends with five lots in a row that pass, not with four."""
    assert stages(BAD, BAD, *[GOOD] * 5)[-2:] == ["tightened", "normal"]
    assert stages(BAD, BAD, *[GOOD] * 4, BAD, *[GOOD] * 4)[-1] == "tightened"


def test_five_rejected_discontinue() -> None:
    """Five lots rejected while tightened discontinue; only a remedy begins anew, tightened."""
    lots = [BAD, BAD, BAD, GOOD, BAD, BAD, BAD, BAD]

    assert stages(*lots)[-2:] == ["tightened", "discontinued"]
    assert stages(*lots, GOOD)[-1] == "discontinued"
    remedied = DecidedLot(accepted=True, accept_number=1, restarted=True)
    after = standing_after([*lots, remedied])
    assert (after.stage, after.rejected, after.recent) == ("tightened", 0, (True,))
    assert standing_after(lots).plan_stage == "tightened"


@pytest.mark.parametrize(("lot", "lots"), [(BETTER, 10), (GOOD, 15)])
def test_thirty_points_reduce(lot: DecidedLot, lots: int) -> None:
    """Lots that pass one AQL tighter give 3 points, plans of 0 or 1 give 2; 30 are needed."""
    assert stages(*[lot] * lots)[-2:] == ["normal", "reduced"]
    assert stages(*[lot] * lots, reduced=False)[-1] == "normal"


def test_the_score_falls_to_nothing() -> None:
    """A lot that gives no points takes the score away; a lot that passes narrowly does too."""
    narrow = DecidedLot(accepted=True, accept_number=3)

    assert standing_after([BETTER, BETTER]).score == 6
    assert standing_after([BETTER, BETTER, narrow]).score == 0
    assert standing_after([BETTER, BAD]).score == 0


@pytest.mark.parametrize("lot", [BAD, DecidedLot(accepted=True, accept_number=2, steady=False)])
def test_reduced_ends_at_once(lot: DecidedLot) -> None:
    """One lot that does not pass, or unsteady scanning, ends reduced inspection."""
    assert stages(*[BETTER] * 10, lot)[-2:] == ["reduced", "normal"]


def test_resubmitted_lots_do_not_count() -> None:
    """A lot that comes again changes no standing."""
    assert standing_after([BAD, AGAIN, AGAIN]) == standing_after([BAD])
