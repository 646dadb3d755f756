"""Names of files in a delivery: how they are compared, sorted, and which are refused."""

import re
import unicodedata

_JUNK = frozenset({
    "thumbs.db", "ehthumbs.db", "ehthumbs_vista.db", "desktop.ini", "autorun.inf", ".ds_store",
    ".localized", ".apdisk", ".volumeicon.icns", ".metadata_never_index", ".directory",
})  # fmt: skip
# Some media have one of these as a file, to keep the folder from being made.
_JUNK_FOLDERS = frozenset({
    "system volume information", "$recycle.bin", "recycler", "recycled", "__macosx", ".trashes",
    ".trash", ".fseventsd", ".spotlight-v100", ".temporaryitems", ".documentrevisions-v100",
})  # fmt: skip
_JUNK_BEGINNINGS = ("~$", "._", ".~lock.")
_DIGITS = re.compile(r"([0-9]+)")
_DRIVE = re.compile(r"^[A-Za-z]:")
_MAX_NAME_CHARS = 1024


def comparable(path: str) -> str:
    """Return a path as names are compared: `/` between parts, NFC (macOS writes NFD)."""
    path = unicodedata.normalize("NFC", path.replace("\\", "/"))
    return path.removeprefix("./")


def is_safe(path: str) -> bool:
    """Tell whether a comparable path stays inside its delivery or archive."""
    parts = path.split("/")
    return (
        0 < len(path) <= _MAX_NAME_CHARS
        and not path.startswith("/")
        and not _DRIVE.match(path)
        and ".." not in parts
        and not any(ord(char) < 32 or char == "\x7f" for char in path)
    )


def is_junk(path: str) -> bool:
    """Tell whether a file is left behind by an operating system or an open editor."""
    parts = path.lower().split("/")
    return (
        parts[-1] in _JUNK
        or parts[-1].startswith(_JUNK_BEGINNINGS)
        or any(part in _JUNK_FOLDERS or part.startswith(".trash-") for part in parts)
    )


def natural_key(path: str) -> tuple[tuple[tuple[int, int, str], ...], ...]:
    """Sort key of natural name order: `p2` before `p10`, a folder's parts compared one by one."""
    return tuple(_part_key(part) for part in path.split("/"))


def _part_key(part: str) -> tuple[tuple[int, int, str], ...]:
    keys = []
    for token in _DIGITS.split(part.casefold()):
        if token.isdigit() and token.isascii():
            # Compared as text of equal length: a name of 5,000 digits must not become an int.
            digits = token.lstrip("0")
            keys.append((0, len(digits), digits))
        elif token:
            keys.append((1, 0, token))
    return (*keys, (-1, 0, part))


def folder_of(path: str) -> str:
    """Return the folder part of a comparable path, `` for the top."""
    return path.rpartition("/")[0]


def from_cp437(name: str) -> str:
    """Undo zipfile's cp437 guess: Korean Windows writes CP949 names without the UTF-8 flag."""
    try:
        raw = name.encode("cp437")
    except UnicodeEncodeError:
        return name
    return from_bytes(raw, otherwise=name)


def from_bytes(raw: bytes, otherwise: str = "") -> str:
    """Decode a name of unknown encoding: UTF-8, else CP949, else `otherwise` or an escaped form."""
    for encoding in ("utf-8", "cp949"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return otherwise or raw.decode("utf-8", "backslashreplace")
