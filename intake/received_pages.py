"""A received page as a PDF of one page, for the searchable PDF of its document."""

from dataclasses import dataclass

from intake.archives import bytes_of
from intake.limits import Limits
from intake.sandbox import Answer, ask
from records.errors import RejectedInput
from records.ids import page_id
from records.values import PageText, Scan


@dataclass(frozen=True, slots=True)
class ReceivedPage:
    """One page as received, in a PDF of its own.

    Attributes:
        pdf: written by the decoding child; one page, with /CropBox and /Rotate.
        how: image = an image file on a sheet; page = taken over from a PDF; cleared = taken over
            without its words, which were not believed and not seen; drawn = a PDF's page as
            pixels, because its copy would have looked or read otherwise.
        own_text: the page's own text is in it, and was believed.
        conforming: it may stand in a PDF/A-2.
    """

    pdf: bytes
    how: str
    own_text: bool
    conforming: bool


def received_page(
    scan: Scan, data: bytes, index: int, text: PageText, limits: Limits
) -> ReceivedPage:
    """Have the decoding child put page `index` (0-based) of a scan on a sheet; nothing is turned.

    Args:
        scan: where the page is.
        data: the bytes of the received file: the zip, for a member.
        index: its place in the scan.
        text: what was read from it, for its size and for whether its own text was believed.
        limits: of decoding.

    Raises:
        RejectedInput: why this page cannot be had; the subject is its id.
        SetupError: the decoder does not start.
    """
    believed = text.source == "text_layer"
    try:
        own = bytes_of(scan, data, limits)
        answer = _asked(scan.media, own, index, text, believed, limits)
    except RejectedInput as error:
        raise RejectedInput(error.code, page_id(scan.id, index)) from error
    how = str(answer.facts["how"])
    return ReceivedPage(
        answer.pixels, how, believed and how == "page", bool(answer.facts["conforming"])
    )


def _asked(
    media: str, data: bytes, index: int, text: PageText, believed: bool, limits: Limits
) -> Answer:
    lying = text.rotation in (90, 270)
    width, height = (text.height, text.width) if lying else (text.width, text.height)
    size = {"index": index, "width": width, "height": height, "dpi": text.dpi or 200}
    if media == "pdf":
        return ask("pdf_sheet", data, limits, own_text=int(believed), **size)
    return ask("image_sheet", data, limits, media=media, **size)
