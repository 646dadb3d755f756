"""The pixels of one page."""

from intake.archives import bytes_of
from intake.limits import Limits
from intake.sandbox import ask
from records.errors import RejectedInput
from records.ids import page_id
from records.values import PageImage, Scan

_CHANNELS = {"L": 1, "RGB": 3}


def render(scan: Scan, data: bytes, index: int, limits: Limits) -> PageImage:
    """Decode page `index` (0-based) of a scan to 8-bit grey (dark = 0) or RGB.

    `data` are the bytes of the received file: the zip, for a member. The orientation that a camera
    noted is applied. `dpi` is None where the file says nothing that a sheet could have.

    Raises:
        RejectedInput: why this page cannot be had; the subject is its id.
        SetupError: the decoder does not start.
    """
    page = page_id(scan.id, index)
    try:
        own = bytes_of(scan, data, limits)
        if scan.media == "pdf":
            answer = ask("pdf", own, limits, index=index)
        else:
            answer = ask("image", own, limits, media=scan.media, index=index)
    except RejectedInput as error:
        raise RejectedInput(error.code, page) from error
    width, height = int(answer.facts["width"]), int(answer.facts["height"])
    mode = str(answer.facts["mode"])
    if len(answer.pixels) != width * height * _CHANNELS[mode]:
        raise RejectedInput("decoder_crashed", page)
    is_pdf = scan.media == "pdf"
    return PageImage(
        page_id=page,
        width=width,
        height=height,
        mode=mode,
        dpi=answer.facts["dpi"],
        pixels=answer.pixels,
        pdf=own if is_pdf else None,
        pdf_index=index if is_pdf else 0,
        scanned_at=str(answer.facts["scanned_at"]),
    )
