"""The draw: unguessable without the seed, the same for everybody with it, and fair."""

import hashlib
import hmac
from collections import Counter

from quality.sampling.draw import frame_digest, from_each_stratum, in_drawn_order

SEED = bytes(range(32))
PAGES = [f"p-{number}" for number in range(200)]


def test_the_seed_decides() -> None:
    """The same seed draws the same whatever the order of the list; another seed another sample."""
    first = in_drawn_order(SEED, PAGES)

    assert in_drawn_order(SEED, reversed(PAGES)) == first
    assert sorted(first) == sorted(PAGES)
    assert in_drawn_order(b"another", PAGES)[:20] != first[:20]
    assert in_drawn_order(SEED, PAGES, "show") != first


def test_anybody_can_check_it() -> None:
    """Two HMACs, as the docs describe them, give the drawn order."""
    key = hmac.new(SEED, b"lot", hashlib.sha256).digest()
    by_hand = sorted(PAGES, key=lambda p: hmac.new(key, p.encode(), hashlib.sha256).hexdigest())

    assert in_drawn_order(SEED, PAGES, "lot") == by_hand


def test_every_page_has_the_same_chance() -> None:
    """Over 2,000 seeds every page is drawn about as often as any other."""
    drawn = Counter(
        page
        for number in range(2_000)
        for page in in_drawn_order(number.to_bytes(4, "big"), PAGES)[:20]
    )
    expected = 2_000 * 20 / len(PAGES)
    chi_square = sum((drawn[page] - expected) ** 2 / expected for page in PAGES)

    # 199 degrees of freedom: 283 is exceeded once in 10,000 fair draws.
    assert chi_square < 283


def test_the_frame_is_fixed() -> None:
    """A page more or less, and the frame's digest is another; its order does not matter."""
    assert frame_digest(PAGES) == frame_digest(reversed(PAGES))
    assert frame_digest(PAGES) != frame_digest(PAGES[1:])


def test_each_stratum_has_its_share() -> None:
    """Of each stratum one at least and the share is taken; what is in the sample counts."""
    strata = {"a": PAGES[:150], "b": PAGES[150:152], "c": []}
    found = from_each_stratum(SEED, strata, 0.02)

    assert [sum(item in strata[name] for item in found) for name in "abc"] == [3, 1, 0]
    assert from_each_stratum(SEED, strata, 0.02, taken=[*PAGES[:3], PAGES[150]]) == []
    assert from_each_stratum(SEED, strata, 0.0) == []
