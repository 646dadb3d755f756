"""Zip files: what is in them, and the bytes of one member, within bounds.

A member of a zip within a zip is named `inner.zip!/page.tif`.
"""

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from intake.emr.messages import MESSAGES, attached
from intake.formats import sniff
from intake.limits import Limits
from intake.names import comparable, from_cp437, is_junk, is_safe, natural_key
from records.errors import RejectedInput
from records.values import Scan

INSIDE = "!/"

_ENCRYPTED = 0x1
_UTF8_NAME = 0x800
_OFFICE = "[Content_Types].xml"
# A blank uncompressed page packs a thousandfold: a ratio alone is no proof of a bomb.
_FREE_BYTES = 64 * 1024 * 1024
DAMAGE = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, OverflowError,
    NotImplementedError, RuntimeError, ValueError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Member:
    """One member: its path, and its bytes or the code of the reason why it cannot be had."""

    path: str
    data: bytes = b""
    refused: str | None = None


def read_members(data: bytes, limits: Limits, depth: int = 1) -> Iterator[Member]:
    """Read a zip's members one at a time, in natural name order; those of inner zips in place.

    Raises:
        RejectedInput: `zip_damaged`, `zip_too_many_members`, `format_unsupported`
            (an office document), for the archive as a whole.
    """
    with _opened(data) as archive:
        seen: set[str] = set()
        # Members may overlap (one packed kernel, many names): only their sum tells.
        room = _FREE_BYTES + limits.max_zip_ratio * len(data)
        for path, info in _named(archive, limits):
            try:
                _check(path, info, limits)
                if path in seen:
                    raise RejectedInput("zip_name_twice")
                seen.add(path)
                if info.file_size > room:
                    raise RejectedInput("zip_bomb")
                room -= info.file_size
                content = _read(archive, info)
            except RejectedInput as error:
                yield Member(path, refused=error.code)
                continue
            if sniff(content) != "zip":  # a workbook is no zip to us
                yield Member(path, content)
            elif depth >= limits.max_zip_depth:
                yield Member(path, refused="zip_too_deep")
            else:
                yield from _inner(path, content, limits, depth + 1)


def bytes_of(scan: Scan, data: bytes, limits: Limits) -> bytes:
    """Return the bytes of a scan, given those of the received file.

    Raises:
        RejectedInput: the member cannot be had; the subject is the scan's id.
    """
    if scan.member is None:
        return data
    try:
        for step in scan.member.split(INSIDE):
            if sniff(data) in MESSAGES:
                data = attached(data, step)
                continue
            with _opened(data) as archive:
                infos = dict(reversed(_named(archive, limits)))
                if step not in infos:
                    raise RejectedInput("zip_damaged")
                data = _read(archive, infos[step])
    except RejectedInput as error:
        raise RejectedInput(error.code, scan.id) from error
    return data


def check_workbook(data: bytes, limits: Limits) -> None:
    """See that a workbook is a whole zip within bounds: one bad part refuses it all.

    Raises:
        RejectedInput: with the reason of the zip or of the part.
    """
    with _opened(data) as archive:
        infos = archive.infolist()
        if len(infos) > limits.max_zip_members:
            raise RejectedInput("zip_too_many_members")
        room = _FREE_BYTES + limits.max_zip_ratio * len(data)
        if len({info.filename for info in infos}) < len(infos):
            raise RejectedInput("zip_name_twice")
        for info in infos:
            if info.file_size:
                _check(comparable(info.filename), info, limits)
            room -= info.file_size
            if room < 0:
                raise RejectedInput("zip_bomb")


def _inner(path: str, data: bytes, limits: Limits, depth: int) -> Iterator[Member]:
    try:
        for member in read_members(data, limits, depth):
            yield Member(f"{path}{INSIDE}{member.path}", member.data, member.refused)
    except RejectedInput as error:
        yield Member(path, refused=error.code)


def _opened(data: bytes) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(io.BytesIO(data))
    except DAMAGE as error:
        raise RejectedInput("zip_damaged") from error


def _named(archive: zipfile.ZipFile, limits: Limits) -> list[tuple[str, zipfile.ZipInfo]]:
    infos = archive.infolist()
    if len(infos) > limits.max_zip_members:
        raise RejectedInput("zip_too_many_members")
    named = []
    for info in infos:
        name = info.orig_filename
        path = comparable(name if info.flag_bits & _UTF8_NAME else from_cp437(name))
        if path == _OFFICE:
            raise RejectedInput("format_unsupported")
        if not path.endswith("/"):
            named.append((path, info))
    return sorted(named, key=lambda pair: natural_key(pair[0]))


def _check(path: str, info: zipfile.ZipInfo, limits: Limits) -> None:
    """Refuse a member by its entry alone."""
    bomb = info.file_size > _FREE_BYTES and (
        info.file_size > limits.max_zip_ratio * max(info.compress_size, 1)
    )
    reasons = (
        ("zip_path_unsafe", not is_safe(path) or INSIDE in path),
        ("junk_ignored", is_junk(path)),
        ("link_refused", stat.S_ISLNK(info.external_attr >> 16)),
        ("zip_encrypted", bool(info.flag_bits & _ENCRYPTED)),
        # bzip2 and LZMA members are inflated by zipfile without a bound.
        ("zip_method_unsupported", info.compress_type not in (0, zipfile.ZIP_DEFLATED)),
        ("file_too_large", info.file_size > limits.max_file_bytes),
        ("zip_bomb", bomb),
        ("file_empty", info.file_size == 0),
    )
    for code, holds in reasons:
        if holds:
            raise RejectedInput(code)


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """Read one member; zipfile stops at the declared size and compares the checksum."""
    try:
        with archive.open(info) as stream:
            data = stream.read()
    except DAMAGE as error:
        raise RejectedInput("zip_member_damaged") from error
    if len(data) != info.file_size:
        raise RejectedInput("zip_member_damaged")
    return data
