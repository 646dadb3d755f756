"""FHIR files of one delivery beside each other: a bulk export has one a type of resource."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from intake.archives import INSIDE, bytes_of
from intake.emr.fhir.beside import Beside, find_beside
from intake.emr.messages import open_message
from intake.limits import Limits
from intake.triage import STAGE
from records.values import Failure, Scan


@dataclass(frozen=True, slots=True)
class Joined:
    """Scans with their records counted anew; failures; what stands beside each, by scan."""

    scans: tuple[Scan, ...]
    failures: tuple[Failure, ...] = ()
    beside: Mapping[str, Beside] = field(default_factory=dict)


def join_exports(
    scans: Sequence[Scan], original: Callable[[Scan], bytes], limits: Limits
) -> Joined:
    """Find what leads from one FHIR file to another, and count again what changes by it.

    `original` gives the bytes of the received file that a scan is in.
    """
    fhir = {scan.id: scan for scan in scans if scan.media == "fhir"}
    if len(fhir) < 2:
        return Joined(tuple(scans))
    read = {id_: _reader(scan, original, limits) for id_, scan in fhir.items()}
    found = find_beside({id_: (_path(scan), read[id_]) for id_, scan in fhir.items()})
    touched = {id_: one for id_, one in found.items() if one.named or one.resources}
    counted: dict[str, int] = {}
    failures = []
    for id_, beside in touched.items():
        message = open_message("fhir", read[id_](), limits, beside)
        counted[id_] = message.count
        if "fhir_parts_elsewhere" in message.warnings:
            path = _path(fhir[id_])
            failures.append(Failure(id_, "fhir_parts_elsewhere", STAGE, path=path))
    again = tuple(replace(scan, pages=counted.get(scan.id, scan.pages)) for scan in scans)
    return Joined(again, tuple(failures), touched)


def _reader(scan: Scan, original: Callable[[Scan], bytes], limits: Limits) -> Callable[[], bytes]:
    return lambda: bytes_of(scan, original(scan), limits)


def _path(scan: Scan) -> str:
    return scan.path if scan.member is None else f"{scan.path}{INSIDE}{scan.member}"
