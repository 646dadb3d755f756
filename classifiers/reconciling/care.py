"""What two visits both tell of place and care, and whether it is the same."""

from collections import defaultdict
from collections.abc import Mapping, Set

from rapidfuzz.distance import Levenshtein

from classifiers.reconciling.visits import Visit

CARE = ("code", "drugs", "amount", "results")
WEIGHTS = {"department": 2, "code": 2, "drugs": 2, "amount": 2, "results": 2, "doctor": 2}


def compare_care(one: Visit, two: Visit) -> Mapping[str, bool | None]:
    """Of what both tell: True where they have something in common, False where nothing.

    None: an amount or a doctor's name is one figure or letter off, which a slip of the pen makes.
    """
    told = {
        "department": (one.departments, two.departments),
        "doctor": (one.doctors, two.doctors),
        "code": (one.codes, two.codes),
        "drugs": (one.drugs, two.drugs),
        "amount": (one.amounts, two.amounts),
    }
    care: dict[str, bool | None] = {
        name: bool(ours & theirs) for name, (ours, theirs) in told.items() if ours and theirs
    }
    if care.get("doctor") is False and _nearly(one.doctors, two.doctors):
        care["doctor"] = None
    if care.get("amount") is False and _nearly({_total(one)}, {_total(two)}):
        care["amount"] = None
    ours, theirs = _by_test(one.results), _by_test(two.results)
    if shared := ours.keys() & theirs.keys():
        alike = sum(bool(ours[test] & theirs[test]) for test in shared)
        care["results"] = 2 * alike > len(shared)
    return care


def agreeing(care: Mapping[str, bool | None]) -> list[str]:
    """Names of what is the same."""
    return [name for name, agrees in care.items() if agrees]


def differing(care: Mapping[str, bool | None]) -> list[str]:
    """Names of what is not the same, nor nearly."""
    return [name for name, agrees in care.items() if agrees is False]


def nearly(care: Mapping[str, bool | None]) -> list[str]:
    """Names of what is one figure or letter off."""
    return [name for name, agrees in care.items() if agrees is None]


def weight(care: Mapping[str, bool | None]) -> int:
    """How much speaks for one visit; what differs speaks against it as much."""
    for_it = sum(WEIGHTS[name] for name in agreeing(care))
    return for_it + len(nearly(care)) - sum(WEIGHTS[name] for name in differing(care))


def _total(visit: Visit) -> str:
    return max(visit.amounts, key=lambda amount: (len(amount), amount))


def _nearly(ours: Set[str], theirs: Set[str]) -> bool:
    return any(Levenshtein.distance(one, two) == 1 for one in ours for two in theirs)


def _by_test(results: frozenset[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for result in results:
        test, _, value = result.rpartition("=")
        found[test].add(value)
    return found
