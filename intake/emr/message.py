"""What an opened EMR message file offers, whatever standard it is written in."""

from collections.abc import Callable
from dataclasses import dataclass

from intake.tables import Refused
from records.emr_record import EmrRecord


@dataclass(frozen=True, slots=True)
class OpenMessage:
    """Records by number from 0, each read when it is asked for; a refused one says where and why.

    `warnings` are codes that reject nothing. `attachments` name the files that lie inside, as
    steps of a scan's member (`intake.emr.messages.attached`).
    """

    count: int
    record: Callable[[int], EmrRecord | Refused]
    warnings: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()


MOST_BYTES = 64 * 1024 * 1024
"""Of one resource, document or message: what is parsed takes several times as much memory."""

SUFFIXES = {
    "application/pdf": "pdf",
    "image/jpeg": "jpg",
    "image/jpg": "jpg",
    "image/png": "png",
    "image/tiff": "tif",
    "image/webp": "webp",
    "image/heic": "heic",
}
"""Attachments that are pages; a text is read in place, of any other only the name is kept."""
