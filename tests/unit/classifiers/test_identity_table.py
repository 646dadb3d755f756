"""Documents joined group by group are what joining all of them at once makes of them."""

import random

from classifiers.identity import Identity
from classifiers.identity_table import IdentityTable
from classifiers.patients import Conflict, Patients, join_patients

PEOPLE = [
    ("김민준", "800101-1234567", "1980-01-01", "100"),
    ("김민준", "910203-1345678", "1991-02-03", "200"),
    ("이서연", "750505-2456789", "1975-05-05", "300"),
    ("박지훈", "660606-1567890", "1966-06-06", "400"),
]


def _identities(chance: random.Random) -> list[tuple[str, Identity]]:
    """Documents that tell something of four people each, one in ten with another's chart number."""
    found = []
    for number in range(60):
        name, resident, birth, chart = chance.choice(PEOPLE)
        other = chance.choice(PEOPLE)[3] if chance.random() < 0.1 else chart
        told = [chance.random() < share for share in (0.8, 0.5, 0.6, 0.7)]
        values = (name, resident, birth, other)
        name, resident, birth, other = (
            value if said else None for value, said in zip(values, told, strict=True)
        )
        trust = {"patient_name": chance.choice((0.6, 0.99)), "chart_no": 0.99}
        identity = Identity(name, resident, bool(resident), birth, other, trust=trust)
        found.append((f"d-{number:026}", identity))
    return found


def _whole(parts: list[Patients]) -> tuple[set[frozenset[str]], set[Conflict]]:
    patients = {frozenset(one.documents) for part in parts for one in part.patients}
    return patients, {conflict for part in parts for conflict in part.conflicts}


def test_groups_are_joined_as_the_whole_is() -> None:
    """Patients and contradictions are the same, whatever documents there are."""
    contradicted = 0
    for seed in range(40):
        documents = _identities(random.Random(seed))
        table = IdentityTable()
        for one in documents:
            table.add(*one)

        by_group = _whole([join_patients(group) for group in table.groups()])

        assert by_group == _whole([join_patients(documents)])
        assert list(table.each()) == documents
        contradicted += len(by_group[1])
    assert contradicted > 40


def test_who_shares_nothing_is_alone() -> None:
    """People with other keys are in other groups, whoever names nobody in none."""
    table = IdentityTable()
    for number, name in enumerate(("김민준", None, "이서연", "김민준")):
        table.add(f"d-{number}", Identity(name))

    assert [[one for one, _ in group] for group in table.groups()] == [["d-0", "d-3"], ["d-2"]]
    assert list(IdentityTable().groups()) == []
