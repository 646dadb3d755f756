"""The inbox: a delivery is taken when it is complete, and not before."""

import os
from pathlib import Path

from intake.inbox import MARKER, SETTLED_SECONDS, complete_deliveries

NOW = 1_800_000_000.0


def _deliver(inbox: Path, name: str, *, age: float, marker: bool = False) -> Path:
    folder = inbox / name
    (folder / "scans").mkdir(parents=True)
    files = [folder / "delivery.yaml", folder / "scans" / "a.jpg"]
    if marker:
        files.append(folder / MARKER)
    for file in files:
        file.write_bytes(b"x")
        os.utime(file, (NOW - age, NOW - age))
    return folder


def _names(inbox: Path) -> list[str]:
    return [Path(found.url).name for found in complete_deliveries(str(inbox), "", NOW)]


def test_settled_or_marked_is_complete(tmp_path: Path) -> None:
    """A delivery is complete when nothing changed for ten minutes, or when it is marked."""
    _deliver(tmp_path, "settled", age=SETTLED_SECONDS)
    _deliver(tmp_path, "arriving", age=SETTLED_SECONDS - 1)
    _deliver(tmp_path, "marked", age=1, marker=True)
    (tmp_path / "undeclared").mkdir()
    (tmp_path / "undeclared" / "a.jpg").write_bytes(b"x")
    assert _names(tmp_path) == ["marked", "settled"]


def test_key_follows_content(tmp_path: Path) -> None:
    """Looked at twice a delivery has one key; with a file more it has another."""
    folder = _deliver(tmp_path, "box", age=9999)
    first = [found.key for found in complete_deliveries(str(tmp_path), "", NOW)]
    assert first == [found.key for found in complete_deliveries(str(tmp_path), "", NOW)]
    (folder / "scans" / "b.jpg").write_bytes(b"y")
    os.utime(folder / "scans" / "b.jpg", (NOW - 9999, NOW - 9999))
    assert first != [found.key for found in complete_deliveries(str(tmp_path), "", NOW)]


def test_no_inbox_yet(tmp_path: Path) -> None:
    """Where nobody has made the inbox, nothing has arrived."""
    assert not _names(tmp_path / "nowhere")
