"""Files that rows of an EMR's tables name, found among those that were received.

An export's paths are those of a server that is gone, such as `D:/EMR/SCAN/2019/0001.tif`. A name
is found where a file's path ends as it does, in the folder of the table first. A name with folders
needs its last one: the same file name in another patient's folder is another file.
"""

import functools
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain, takewhile

from intake.archives import INSIDE
from intake.names import comparable, folder_of
from records.values import Attachment, Document, ReceivedFile, Scan

MISSING, AMBIGUOUS = "attachment_missing", "attachment_ambiguous"
_BETWEEN = (";", "|", "\n")


@dataclass(frozen=True, slots=True)
class Received:
    """A file, or a member of a zip, that a row may name."""

    path: str
    file_id: str
    sha256: str


class NamedFiles:
    """The received files by name; they are listed when a row first names one."""

    def __init__(self, received: Callable[[], Iterable[Received]]) -> None:
        self._received = received

    def join(self, document: Document, scan: Scan) -> Document:
        """The document of a row of a table, its attachments found or with the reason why not."""
        table = scan.path if scan.member is None else f"{scan.path}{INSIDE}{scan.member}"
        folder = folder_of(_plain(table))
        found = (self._found(one.named, folder) for one in document.attachments)
        return replace(document, attachments=tuple(chain.from_iterable(found)))

    @functools.cached_property
    def _by_name(self) -> Mapping[str, list[tuple[str, Received]]]:
        """Plain path and file, by the path's last part."""
        by_name: dict[str, list[tuple[str, Received]]] = defaultdict(list)
        for one in self._received():
            path = _plain(one.path)
            by_name[path.rpartition("/")[2]].append((path, one))
        return by_name

    def _found(self, named: str, folder: str) -> list[Attachment]:
        """One file; where a value is no file's name and holds several, each of them."""
        whole = self._find(named, folder)
        sign = next((sign for sign in _BETWEEN if sign in named), None)
        if not whole.reason or sign is None:
            return [whole]
        parts = (part.strip() for part in named.split(sign))
        return [self._find(part, folder) for part in parts if part]

    def _find(self, named: str, folder: str) -> Attachment:
        name = _plain(named).lstrip("/")
        candidates = self._by_name.get(name.rpartition("/")[2], ())
        for exact in (f"{folder}/{name}" if folder else name, name):
            if here := [one for path, one in candidates if path == exact]:
                return _joined(named, here)
        least = 2 if "/" in name else 1
        ends = [(_common_end(path, name), one) for path, one in candidates]
        most = max((length for length, _ in ends), default=0)
        if most < least:
            return Attachment(named, reason=MISSING)
        return _joined(named, [one for length, one in ends if length == most])


def received_things(files: Iterable[ReceivedFile], scans: Iterable[Scan]) -> Iterator[Received]:
    """What rows may name: every received file, and every member of a zip that is a scan."""
    for file in files:
        yield Received(file.path, file.id, file.sha256)
    for scan in scans:
        if scan.member is not None and not scan.sheet:
            yield Received(f"{scan.path}{INSIDE}{scan.member}", scan.file_id, scan.sha256)


def _joined(named: str, found: list[Received]) -> Attachment:
    """Several files of the same bytes are one; of different ones nobody can tell which is meant."""
    if len({one.sha256 for one in found}) > 1:
        return Attachment(named, reason=AMBIGUOUS)
    one = found[0]
    return Attachment(named, one.file_id, one.path, one.sha256)


def _plain(path: str) -> str:
    """A path as names are compared here: what `..` and a drive lead through is not known to us."""
    parts = comparable(path.strip().strip('"')).replace(INSIDE, "/").casefold().split("/")
    after = max((place for place, part in enumerate(parts) if part == ".."), default=-1)
    return "/".join(part for part in parts[after + 1 :] if part not in (".", ""))


def _common_end(path: str, name: str) -> int:
    """How many parts two paths have in common at their ends."""
    pairs = zip(reversed(path.split("/")), reversed(name.split("/")), strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
