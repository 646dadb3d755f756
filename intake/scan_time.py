"""When a page was scanned, as its file says: by the scanner's clock, without a time zone.

Runs in the decoding child only.
"""

import datetime as dt
import re
from typing import Any

import pypdfium2 as pdfium
from PIL import Image

_EXIF, _ORIGINAL, _DATE_TIME = 0x8769, 36867, 306
# A clock that was never set says the year it was made in, or 1970.
_SENSIBLE = range(1995, 2100)
_MOMENT = re.compile(r"(?:D:)?(\d{4}):?(\d\d):?(\d\d)[ T]?(\d\d):?(\d\d):?(\d\d)?")


def of_image(image: Image.Image) -> str:
    """When the scanner or camera says that it took the image; "" where it says nothing."""
    try:
        tags = image.getexif()
        told = tags.get_ifd(_EXIF).get(_ORIGINAL) or tags.get(_DATE_TIME)
    except (SyntaxError, ValueError, OSError, TypeError, KeyError, IndexError, OverflowError):
        return ""  # a spoilt tag must not cost the page
    return _moment(told)


def of_pdf(document: pdfium.PdfDocument) -> str:
    """When the PDF says that it was made: scanners make it as they scan."""
    return _moment(document.get_metadata_dict().get("CreationDate"))


def _moment(told: Any) -> str:
    found = _MOMENT.match(str(told or "").strip())
    if not found:
        return ""
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
    try:
        moment = dt.datetime(year, month, day, hour, minute, second)  # noqa: DTZ001
    except ValueError:
        return ""
    return moment.isoformat() if moment.year in _SENSIBLE else ""
