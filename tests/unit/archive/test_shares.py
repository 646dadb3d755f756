"""Promises of shares: enough restore the key, fewer tell nothing, what does not fit is refused."""

import dataclasses
import itertools
import os
from pathlib import Path

import pytest

from archive.escrow import recover_master_key, secrets_that_open, split_master_key
from archive.opening import Archive, open_archive
from archive.rotation import rotate_keys
from archive.vault.keyset import Keyset
from archive.vault.names import institution_keys
from archive.vault.shares import Share, read_share, restore, split
from archive.verify import verify
from records.errors import RejectedInput, SetupError

from .conftest import ONE, open_at

KEY = bytes(range(32))
GOLDEN = (
    "GRS1- AFDD XWKR 6XDP KFIC AMBC UNUQ YA4Z M5UF XU5Y RJM7 ZL6Z KVLL"
    " 6BFT 623V 7AK2 CERN 6F2U 2YAI WMZO G6LT R6H4 IR57 POBP 7VQ3",
    "GRS1- AFDD XWKR 6XDP KFIC AMBS UNUQ YA4Z M5UF MOTM 35WS FUAF Y662"
    " RVVS NWCI IALX SERS QPCW BW4A 4YTJ 6S6E Y5D6 WWJ3 LYQR NLLY",
)


def test_any_threshold_of_them_restores_the_key() -> None:
    """Every choice of three of five, in any order, gives the key and its id; so do four."""
    shares = split("4123456789", KEY, 5, 3)

    for chosen in itertools.permutations(shares, 3):
        assert restore(chosen) == ("4123456789", KEY)
    for chosen in itertools.combinations(shares, 4):
        assert restore(chosen) == ("4123456789", KEY)


@pytest.mark.parametrize("key", [bytes(32), b"\xff" * 32, b"\0" * 16 + b"\x01" * 16])
def test_every_key_is_restored(key: bytes) -> None:
    """Keys of zeros and ones, and plans from two of two to sixteen of sixteen."""
    for count, threshold in ((2, 2), (16, 2), (16, 16)):
        assert restore(split("1", key, count, threshold)[-threshold:]) == ("1", key)


def test_a_share_is_read_as_it_is_written_down() -> None:
    """From a page of text, in any case and spacing, with 0 for O and 1 for L."""
    for share in split("7", os.urandom(32), 3, 2):
        code = share.code()

        assert len(code.splitlines()) == 4
        for copied in (
            f"조각 share 1 of 5\n\n{code}\n",
            code.lower(),
            code.replace(" ", "").replace("\n", ""),
            code.replace(" ", " - "),
            "GRS1-" + code[5:].replace("O", "0").replace("L", "1"),
        ):
            assert read_share(copied) == share


def test_every_wrong_character_is_found() -> None:
    """Each of the 96 characters, exchanged for any other one or dropped, is noticed."""
    share = split("7", KEY, 3, 2)[0]
    code = share.code()

    for at in range(5, len(code)):
        if code[at].isspace():
            continue
        for wrong in "ABCDEFGHIJKMNPQRSTUVWXYZ234567":
            if wrong != code[at]:
                with pytest.raises(RejectedInput, match="share_damaged"):
                    read_share(code[:at] + wrong + code[at + 1 :])
        with pytest.raises(RejectedInput, match=r"share_unreadable"):
            read_share(code[:at] + code[at + 1 :])
    for none in ("", "GRS1-", code[5:], code.replace("GRS1", "GRS2")):
        with pytest.raises(RejectedInput, match="share_unreadable"):
            read_share(none)


def test_shares_that_do_not_fit_together_are_refused() -> None:
    """Of two splittings, one twice, too few: each has its reason and names sets and numbers."""
    ours, theirs = split("7", KEY, 5, 3), split("7", KEY, 5, 3)

    with pytest.raises(RejectedInput, match=rf"shares_mixed .*{theirs[0].set_id}"):
        restore([*ours[:2], theirs[2]])
    with pytest.raises(RejectedInput, match="share_twice 2"):
        restore([ours[1], ours[0], ours[1]])
    with pytest.raises(RejectedInput, match="shares_too_few 3"):
        restore(ours[:2])
    with pytest.raises(RejectedInput, match="shares_too_few"):
        restore([])


@pytest.mark.parametrize("change", ["part", "number"])
def test_a_forged_share_is_refused(change: str) -> None:
    """A share with a right checksum and a wrong content makes no key that is believed."""
    shares = split("7", KEY, 5, 3)
    forged: dict[str, Share] = {
        "part": dataclasses.replace(shares[0], part=os.urandom(32)),
        "number": dataclasses.replace(shares[0], number=4),
    }
    read = read_share(forged[change].code())

    with pytest.raises(RejectedInput, match="shares_wrong"):
        restore([read, shares[1], shares[2]])


@pytest.mark.parametrize(("count", "threshold"), [(5, 1), (5, 0), (2, 3), (17, 3), (1, 1), (0, 0)])
def test_a_plan_that_is_none_is_refused(count: int, threshold: int) -> None:
    """At least two are needed, at most all, no more than sixteen are made."""
    with pytest.raises(RejectedInput, match="shares_plan_invalid"):
        split("7", KEY, count, threshold)


def test_the_written_form_stays() -> None:
    """These two shares, written down once and for all, restore their key: paper outlives code."""
    assert restore([read_share(code) for code in GOLDEN]) == ("4123456789", KEY)


def test_a_recovered_key_opens_the_archive(filled: Archive, tmp_path: Path) -> None:
    """Split, lost, restored into a new place: every object opens, and the count says so."""
    shares = split_master_key(filled, 5, 3)
    place = tmp_path / "new" / "master.key"

    key_id = recover_master_key([read_share(share.code()) for share in shares[1:4]], str(place))

    url, index = (tmp_path / "store").as_uri(), tmp_path / "index" / "search.db"
    assert key_id == filled.master.key_ids()[0]
    assert verify(open_archive(url, place, index)).ok
    assert secrets_that_open(url, "", str(place)) == (4, 4)
    other = tmp_path / "other.key"
    stranger = Keyset()
    recover_master_key(split(stranger.key_id, stranger.raw_key(), 2, 2), str(other))
    assert secrets_that_open(url, "", str(other)) == (0, 4)


def test_only_a_key_that_opens_everything_is_split(filled: Archive, tmp_path: Path) -> None:
    """While a secret still needs a former key, shares of the new one would not save it."""
    kept = filled.store.get(institution_keys(ONE))
    rotate_keys(filled, "master")
    filled.store.put(institution_keys(ONE), kept or b"")

    with pytest.raises(SetupError, match=f"former_key_needed {institution_keys(ONE)}"):
        split_master_key(filled, 5, 3)
    rotate_keys(filled, "nothing")

    shares = split_master_key(filled, 5, 3)
    assert restore(shares[:3])[0] == open_at(tmp_path).master.key_ids()[0]
