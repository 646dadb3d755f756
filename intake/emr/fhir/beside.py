"""Files of one FHIR export beside each other: a bulk export has a file a type of resource.

A condition stands in one file, its patient and visit in others. Of those only what is named across
files is kept: the patients, visits, doctors, places and medicines that records need around them.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from intake.emr.fhir.elements import said
from intake.emr.fhir.grouping import SUPPORTING, links, plain_reference
from intake.emr.fhir.resource import Wrong, full_url, read_resource
from intake.emr.fhir.spans import Span, find_resources
from intake.emr.fhir.utf8 import in_utf8

CARRIED = SUPPORTING | {"Patient", "Encounter"}
_MOST_STEPS = 3  # a visit's doctor's organization


@dataclass(frozen=True, slots=True)
class Outside:
    """A resource of another file: where it stands, the SHA-256 of its bytes, its text."""

    path: str
    sha256: str
    text: str


@dataclass(frozen=True, slots=True)
class Beside:
    """What the other files have to do with one.

    `named`: references by which they name resources of this file. `resources`: what references of
    this file's lead to, there.
    """

    named: tuple[str, ...] = ()
    resources: Mapping[str, Outside] = field(default_factory=dict)


def find_beside(files: Mapping[str, tuple[str, Callable[[], bytes]]]) -> dict[str, Beside]:
    """Look through FHIR files (id → path and how to read it) for what leads from one to another.

    One file is in memory at a time, and of the others what is named across files.
    """
    wanted = {id_: _leaving(in_utf8(read())[0]) for id_, (_, read) in files.items()}
    sought: set[str] = set().union(*wanted.values())
    found: dict[str, Outside] = {}
    leads: dict[str, frozenset[str]] = {}
    home: dict[str, str] = {}
    for _ in range(_MOST_STEPS):
        if not sought:
            break
        for id_, (path, read) in files.items():
            for name, outside, refs in _carried(in_utf8(read())[0], path, sought):
                if name not in found:
                    found[name], leads[name], home[name] = outside, refs, id_
        sought = set().union(*leads.values()) - found.keys() - sought
    return {
        id_: Beside(
            named=tuple(sorted(
                name for name, where in home.items()
                if where == id_ and any(name in wanted[other] for other in files if other != id_)
            )),
            resources={name: found[name] for name in _closure(wanted[id_], found, leads)},
        )
        for id_ in files
    }  # fmt: skip


def _closure(
    names: Iterable[str], found: Mapping[str, Outside], leads: Mapping[str, frozenset[str]]
) -> list[str]:
    reached: dict[str, None] = {}
    waiting = sorted(names)
    while waiting:
        name = waiting.pop()
        if name in found and name not in reached:
            reached[name] = None
            waiting += sorted(leads[name])
    return list(reached)


def _leaving(data: bytes) -> set[str]:
    """The references of a file that lead to none of its own resources."""
    refs: set[str] = set()
    own: set[str] = set()
    for span in find_resources(data):
        resource = read_resource(data, span)
        if not isinstance(resource, Wrong):
            refs |= {plain_reference(ref) for ref in links(resource) if not ref.startswith("#")}
            own |= set(_names(data, span, resource))
    return refs - own


def _carried(
    data: bytes, path: str, sought: Iterable[str]
) -> Iterator[tuple[str, Outside, frozenset[str]]]:
    for span in find_resources(data):
        resource = read_resource(data, span)
        if isinstance(resource, Wrong) or said(resource.get("resourceType")) not in CARRIED:
            continue
        for name in _names(data, span, resource):
            if name in sought:
                raw = data[span.start : span.end]
                at = f"{span.path}.{said(resource.get('resourceType'))}".lstrip(".")
                outside = Outside(f"{path}#{at}", hashlib.sha256(raw).hexdigest(), raw.decode())
                yield name, outside, frozenset(map(plain_reference, links(resource)))


def _names(data: bytes, span: Span, resource: Mapping[str, object]) -> Iterator[str]:
    for own in (full_url(data, span), f"{resource.get('resourceType')}/{said(resource.get('id'))}"):
        if own and not own.endswith("/"):
            yield plain_reference(own)
