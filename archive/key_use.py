"""Which keys there are, and what still depends on each of them."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from archive.opening import Archive
from archive.vault.envelope import parse_record
from archive.vault.institution_keys import (
    READ_ANEW_SECONDS,
    parse_institution_keys,
    read_institution_keys,
)
from archive.vault.names import institution_keys, parse_record_key
from archive.vault.tombstone import read_tombstone
from records.errors import IntegrityError, SetupError

DROP_AFTER_SECONDS = 24 * READ_ANEW_SECONDS
"""How long a former key is kept at least: a process that has not read it anew may use it."""

MASTER = "master"


@dataclass(frozen=True, slots=True)
class Key:
    """A key: `of` is `master` or an institution's code; one key of each place `wraps`."""

    of: str
    key_id: str
    wraps: bool


@dataclass(frozen=True, slots=True)
class Dependent:
    """What opens only with a certain key: an object, or (kind `secret`) a secret of the store."""

    institution: str
    kind: str
    id: str


def keys(archive: Archive) -> Iterator[Key]:
    """The master keys, then every institution's; an institution whose keys are lost has none."""
    for key_id in archive.master.key_ids():
        yield Key(MASTER, key_id, key_id == archive.master.key_ids()[0])
    for code in archive.institutions():
        try:
            found = read_institution_keys(archive.secrets, code)
        except IntegrityError:
            continue  # `verify` and `rotate_keys` name it
        if found:
            for key_id in found.wrapping.key_ids:
                yield Key(code, key_id, key_id == found.wrapping.key_id)


def dependents(archive: Archive, key_id: str) -> Iterator[Dependent]:
    """What opens only with this key, as records and secrets say themselves.

    A record that is too damaged to say it may depend on any key, so it is named for each.
    """
    return (found for found, needed in _needs(archive) if needed in {key_id, None})


def count_dependents(archive: Archive) -> Counter[str]:
    """How much depends on each key, seen in one look at the store; damaged records left out."""
    return Counter(needed for _, needed in _needs(archive) if needed is not None)


def _needs(archive: Archive) -> Iterator[tuple[Dependent, str | None]]:
    """Everything that is under a key, and that key's id; None where a record cannot say it."""
    for key in archive.secrets.places():
        yield Dependent("", "secret", key), archive.secrets.key_id(key)
    for code in archive.institutions():
        for key in archive.store.list(f"{code}/records/"):
            name = parse_record_key(key)
            raw = archive.store.get(key) if name else None
            if name is None or raw is None or read_tombstone(name, raw):
                continue
            try:
                needed = parse_record(name, raw).key_id
            except IntegrityError:
                needed = None
            yield Dependent(code, name.kind, name.id), needed


def drop_key(archive: Archive, key_id: str) -> None:
    """Destroy a former key on which nothing in this store depends any more.

    Copies of the store that were made before the rotation, backups and replicas, open only with
    the former key: drop it when they are gone.

    Raises:
        SetupError: no key of this id (`key_unknown`), it wraps or something depends on it
            (`key_in_use`), or a day has not passed since it last did (`key_too_young`).
    """
    found = [key for key in keys(archive) if key.key_id == key_id]
    if not found:
        raise SetupError("key_unknown", key_id)
    if any(key.wraps for key in found) or next(dependents(archive, key_id), None):
        raise SetupError("key_in_use", key_id)
    for key in found:
        if key.of == MASTER:
            archive.master.drop(key_id)
        else:
            _drop_of_institution(archive, key.of, key_id)


def _drop_of_institution(archive: Archive, institution: str, key_id: str) -> None:
    place = institution_keys(institution)
    age = archive.store.age(place)
    if age is None or age < DROP_AFTER_SECONDS:
        raise SetupError("key_too_young", key_id)

    def dropped(raw: bytes) -> bytes:
        held = parse_institution_keys(raw, place)
        return held.with_wrapping(held.wrapping.without(key_id)).to_bytes()

    archive.secrets.change(place, dropped)
