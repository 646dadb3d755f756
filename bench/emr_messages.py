"""Messages of `make bench-emr`: resources a second, memory, and what of the expected FHIR arrives.

The expected output is that of Microsoft's FHIR-Converter for its HL7 v2 and C-CDA samples (shared
material A11 and A10). A leaf of it counts where its value stands in the sample too; the converter
adds others of its own. It has arrived where our documents of that sample say it.
"""

import functools
import json
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.readers import ROOT
from classifiers.messages import document_of_record
from intake.emr.messages import open_message
from intake.formats import sniff
from intake.limits import Limits
from records.emr_record import EmrRecord
from records.ids import page_id
from records.values import Document, PageText
from tests.makers.messages import cda, fhir, hl7v2
from tests.makers.messages.visits import make_visits

MATERIAL = ROOT.parent / "shared" / "material"
LEAST_SHARE = 0.95
LEAST_RESOURCES = 200
HELD = (
    "Patient", "Encounter", "Condition", "Procedure", "Observation", "DiagnosticReport",
    "MedicationRequest", "MedicationStatement", "MedicationAdministration", "MedicationDispense",
    "Immunization", "AllergyIntolerance", "DocumentReference", "Composition", "Coverage",
    "FamilyMemberHistory",
)  # fmt: skip
_BATCH = "b-bench"
_LOOK_EVERY = 200
# What the converter writes about its own output: addresses, keys, roles, words of FHIR itself.
_SILENT = frozenset({
    "resourceType", "id", "meta", "system", "reference", "url", "fullUrl", "div", "use", "status",
    "contentType", "data", "hash", "mode", "version", "versionId", "language", "relationship",
})  # fmt: skip
_DAY = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})(?=$|[T\s:\d.+-])")
_SIGNS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Rate:
    """Documents of one message file: how fast, and the memory beside the file's bytes."""

    way: str
    things: int
    documents: int
    seconds: float
    besides: int


MESSAGE_WAYS = ("FHIR bundle", "HL7 v2 batch", "CDA")


def documents_of(
    data: bytes, look: Callable[[], int] | None = None, scan: str = "s-bench"
) -> Iterator[tuple[Document, PageText]]:
    """Every document of a message file."""
    media = sniff(data) or ""
    message = open_message(media, data, Limits())
    for index in range(message.count):
        record = message.record(index)
        if look is not None and index % _LOOK_EVERY == 0:
            look()
        if isinstance(record, EmrRecord):
            yield document_of_record(_BATCH, "t-bench", page_id(scan, index), record)


def write_messages(way: str, visits: int, path: Path) -> int:
    """Write a file of so many visits; return how many resources, messages or documents it has."""
    made = make_visits(20261126, visits)
    if way == "FHIR bundle":
        path.write_bytes(fhir.bundle(made))
        return sum(1 for _ in fhir.resources(made))
    if way == "HL7 v2 batch":
        path.write_bytes(hl7v2.batch(made))
        return sum(1 for visit in made for _ in hl7v2.messages(visit))
    path.write_bytes(cda.document(made[0]))
    return 1


def measure(way: str, path: Path, things: int, memory: Callable[[], int]) -> Rate:
    """Read a file to its documents, counting included; a CDA document again and again."""
    data = path.read_bytes()
    times = 200 if way == "CDA" else 1
    next(documents_of(fhir.bundle(make_visits(1, 2))), None)  # models are built at first use
    peak = documents = 0

    def look() -> int:
        nonlocal peak
        peak = max(peak, memory())
        return peak

    begun = time.process_time()
    for _ in range(times):
        documents += sum(1 for _ in documents_of(data, look))
    taken = time.process_time() - begun
    return Rate(way, things * times, documents, taken, peak - len(data))


@dataclass(frozen=True, slots=True)
class Arrived:
    """Leaves of one resource type: expected of those the sample has, arrived, not in the sample."""

    type: str
    expected: int
    arrived: int
    added: int


def arrivals() -> list[Arrived]:
    """Count, by resource type, what of the expected FHIR output reaches our documents."""
    expected: Counter[str] = Counter()
    arrived: Counter[str] = Counter()
    added: Counter[str] = Counter()
    for wanted in sorted((MATERIAL / "A11").rglob("*-expected.json")):
        name = wanted.name.removesuffix("-expected.json")
        source = next(
            (file for file in sorted((MATERIAL / "A10").rglob("*"))
             if file.name in {f"{name}.hl7", f"{name}.ccda"}), None,
        )  # fmt: skip
        if source is None:
            continue
        raw = source.read_bytes()
        theirs = _Words(raw.decode("utf-8-sig", "replace"))
        ours = _Words("\n".join(_said(raw)))
        for entry in json.loads(wanted.read_text("utf-8-sig"))["entry"]:
            resource = entry["resource"]
            type_ = resource["resourceType"]
            if type_ not in HELD:
                continue
            for leaf in _leaves(resource):
                if leaf not in theirs:
                    added[type_] += 1
                    continue
                expected[type_] += 1
                arrived[type_] += leaf in ours
    return [
        Arrived(type_, expected[type_], arrived[type_], added[type_])
        for type_ in HELD
        if expected[type_]
    ]


def rates_section(rates: list[Rate]) -> tuple[list[str], bool]:
    """The page's lines on speed and memory, and whether every aim is met."""
    lines = [
        "",
        "## Messages",
        "",
        "Visits of a fictional clinic as FHIR (a bundle), HL7 v2 (a batch) and CDA; seconds of one "
        "core's CPU from the bytes to documents with fields, every resource checked by "
        "fhir.resources.",
        "",
        "| messages | aim, a second | a second | read | documents | MiB beside the file |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    met = True
    for rate in rates:
        aim = LEAST_RESOURCES if rate.way == "FHIR bundle" else None
        speed = rate.things / rate.seconds
        met = met and (aim is None or speed >= aim)
        lines.append(
            f"| {rate.way} | {f'≥ {aim}' if aim else ''} | {speed:,.0f} | {rate.things:,} "
            f"| {rate.documents:,} | {rate.besides / 2**20:.1f} |"
        )
    return lines, met


def arrivals_section(found: list[Arrived]) -> tuple[list[str], bool]:
    """The page's lines on what arrives, and whether the aim is met."""
    if not found:
        return ["", "The outside samples are not here; what arrives was not measured."], True
    lines = [
        "",
        "What of the FHIR output that is expected of the outside HL7 v2 and C-CDA samples (37 "
        "files) our documents say, by resource type; a leaf whose value does not stand in the "
        "sample is the converter's own.",
        "",
        "| resource | leaves | in our documents | share | the converter's own |",
        "| --- | --- | --- | --- | --- |",
    ]
    for row in found:
        lines.append(
            f"| {row.type} | {row.expected:,} | {row.arrived:,} | {row.arrived / row.expected:.3f} "
            f"| {row.added:,} |"
        )
    expected = sum(row.expected for row in found)
    arrived = sum(row.arrived for row in found)
    share = arrived / expected
    lines.append(f"| all (aim ≥ {LEAST_SHARE}) | {expected:,} | {arrived:,} | {share:.3f} | |")
    return lines, share >= LEAST_SHARE


def _said(raw: bytes) -> Iterator[str]:
    for document, page in documents_of(raw):
        yield page.text
        for field in document.fields.values():
            yield str(field.value)


class _Words:
    """A text in which values are looked up, as whole words, and days in any form."""

    def __init__(self, text: str) -> None:
        self._text = f" {_plain(text)} "
        self._days = {"".join(match.groups()) for match in _DAY.finditer(text)}

    def __contains__(self, leaf: str) -> bool:
        day = re.match(r"(\d{4})-(\d{2})-(\d{2})(?:T|$)", leaf)
        if day is not None:
            return "".join(day.groups()) in self._days
        return f" {_plain(leaf)} " in self._text


@functools.lru_cache(maxsize=100_000)
def _plain(text: str) -> str:
    return _SIGNS.sub(" ", text.lower()).strip()


def _leaves(value: Any, key: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for name, item in value.items():
            if name not in _SILENT:
                yield from _leaves(item, name)
    elif isinstance(value, list):
        for item in value:
            yield from _leaves(item, key)
    elif isinstance(value, float | int) and not isinstance(value, bool):
        yield f"{value:g}" if isinstance(value, float) else str(value)
    elif isinstance(value, str) and _plain(value) and not value.startswith(("urn:", "http")):
        yield {"male": "M", "female": "F"}.get(value, value) if key == "gender" else value
