"""The wrapped keys on a second site: without them nothing there would open."""

from collections.abc import Collection
from dataclasses import dataclass

from archive.opening import Archive
from archive.problem import Problem
from archive.vault.institution_keys import parse_institution_keys
from archive.vault.keyset import key_id_of
from archive.vault.names import HOUSE_SECRETS, institution_keys, institution_of_keys
from archive.vault.store import ObjectStore
from archive.vault.wrapped_secrets import WrappedSecrets
from records.errors import IntegrityError


@dataclass(frozen=True, slots=True)
class CopiedSecrets:
    """`shut`: institutions that must be left alone, each with its problem."""

    renewed: int
    mended: int
    shut: frozenset[str]
    problems: tuple[Problem, ...]


def copy_secrets(archive: Archive, second: ObjectStore, codes: Collection[str]) -> CopiedSecrets:
    """Copy the house's and these institutions' wrapped secrets.

    A secret of the second site that opens and is another one stays, and so does one that was
    wrapped by a master key we do not have: it may be the good one, and ours made anew.
    """
    renewed = mended = 0
    shut: set[str] = set()
    problems: list[Problem] = []
    for key in (*HOUSE_SECRETS, *map(institution_keys, codes)):
        here = archive.store.get(key)
        if here is None and key in HOUSE_SECRETS and not second.exists(key):
            continue
        try:
            what = _copy(archive, second, key, here)
            renewed += what == "renewed"
            mended += what == "mended"
        except IntegrityError as error:
            problems.append(Problem("secret", key, error.code))
            if code := institution_of_keys(key):
                shut.add(code)
    return CopiedSecrets(renewed, mended, frozenset(shut), tuple(problems))


def _copy(archive: Archive, second: ObjectStore, key: str, here: bytes | None) -> str:
    secret = archive.secrets.read(key)
    if here is None or secret is None:
        raise IntegrityError("secret_missing", key)
    if second.put_if_absent(key, here):
        return "copied"
    there = second.get(key) or b""
    if there == here:
        return "same"
    what = "renewed"
    try:
        other = WrappedSecrets(second, archive.master).read(key) or b""
        if not _are_one(key, secret, other):
            raise IntegrityError("replica_secret_differs", key)
    except IntegrityError as error:
        if error.code == "replica_secret_differs":
            raise
        if key_id_of(there) not in archive.master.key_ids():
            raise IntegrityError("replica_secret_shut", key) from error
        what = "mended"
    second.replace_all([(key, there, here)])
    return what


def _are_one(key: str, secret: bytes, other: bytes) -> bool:
    """Whether two secrets lock the same things: keysets are renewed, salts never are."""
    if institution_of_keys(key) is None:
        return secret == other
    one, two = parse_institution_keys(secret, key), parse_institution_keys(other, key)
    return one.salt("any", "any") == two.salt("any", "any")
