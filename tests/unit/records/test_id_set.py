"""Sets and maps of very many ids say what Python's own would."""

import random

import pytest

from records.id_set import IdLists, IdMap, IdSet, once_and_more

IDS = [f"p-{number:026}" for number in range(50)]


def test_sets_are_as_pythons() -> None:
    """Members, order, and all that a balance does with sets, of its own sort and of Python's."""
    chance = random.Random(5)
    for _ in range(20):
        one, two = (set(chance.sample(IDS, chance.randrange(50))) for _ in range(2))
        for other in (two, frozenset(two), IdSet(two)):
            assert list(IdSet(one) - other) == sorted(one - two)
            assert list(IdSet(one) & other) == sorted(one & two)
            assert list(IdSet(one) | other) == sorted(one | two)
        assert sorted(one - IdSet(two)) == sorted(one - two)
        assert (IDS[0] in IdSet(one)) is (IDS[0] in one)
        assert IdSet(one) == one
    assert 5 not in IdSet(IDS)


def test_maps_are_as_pythons() -> None:
    """Ids by id, and several ids by id; the last of two values stands."""
    pairs = [("p-2", "f-1"), ("p-1", "f-2"), ("p-2", "f-3")]
    lists = {"d-2": ("p-3",), "d-1": ("p-1", "p-2"), "d-3": ()}

    assert dict(IdMap(pairs)) == dict(pairs)
    assert dict(IdLists(lists.items())) == lists
    assert IdLists(lists.items()).keys() - {"d-1"} == {"d-2", "d-3"}
    assert "p-9" not in IdMap(pairs)
    assert len(IdMap()) == len(IdLists()) == len(IdSet()) == 0


def test_what_comes_twice_is_told() -> None:
    """All ids once, and those that came again; one too long to be an id is refused."""
    found, more = once_and_more(["p-1", "p-2", "p-1", "p-3", "p-1"])

    assert (set(found), set(more)) == ({"p-1", "p-2", "p-3"}, {"p-1"})
    with pytest.raises(ValueError, match="longer"):
        IdSet(["x" * 31])
