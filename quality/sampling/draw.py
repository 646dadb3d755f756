"""Drawing a sample that nobody can guess before and anybody can check afterwards.

Every item gets the number HMAC-SHA-256(seed, item); the sample is the items with the lowest
numbers. Whoever is given the seed and the list of items gets the same sample, in any language.
The seed comes from the institution's secret and the batch's id, so nobody outside the house knows
it before the draw, and nobody can try seeds until one suits: there is one a batch and submission.
"""

import hashlib
import hmac
import math
from collections.abc import Iterable, Mapping, Sequence


def in_drawn_order(seed: bytes, items: Iterable[str], purpose: str = "") -> list[str]:
    """Items in the order that the seed gives them; `purpose` makes orders that are unrelated."""
    key = hmac.new(seed, purpose.encode(), hashlib.sha256).digest()
    return sorted(set(items), key=lambda item: hmac.digest(key, item.encode(), "sha256"))


def frame_digest(items: Iterable[str]) -> str:
    """SHA-256 over the sorted items, one a line: what the sample was drawn from."""
    return hashlib.sha256("\n".join(sorted(set(items))).encode()).hexdigest()


def from_each_stratum(
    seed: bytes, strata: Mapping[str, Sequence[str]], share: float, taken: Iterable[str] = ()
) -> list[str]:
    """Items so that of each stratum at least this share, and one, is taken; `taken` count too."""
    already = set(taken)
    found: list[str] = []
    for stratum in sorted(strata):
        members = in_drawn_order(seed, strata[stratum], f"stratum/{stratum}")
        wanted = max(1, math.ceil(share * len(members))) if members and share else 0
        wanted -= sum(member in already for member in members)
        found += [member for member in members if member not in already][: max(0, wanted)]
    return found
