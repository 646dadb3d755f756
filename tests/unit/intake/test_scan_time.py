"""When a page was scanned: what the scanner wrote into the file, or nothing at all."""

import io

import pytest
from PIL import Image

from intake.limits import Limits
from intake.pages import render
from intake.scan_time import _moment
from records.settings import Settings
from records.values import Scan

DATE_TIME = 306


def page(media: str, told: str, **options: object) -> str:
    """Render a small sheet whose file says `told`, and return when it was scanned."""
    sheet = Image.new("L", (200, 280), 255)
    exif = Image.Exif()
    exif[DATE_TIME] = told
    raw = io.BytesIO()
    sheet.save(raw, {"tiff": "TIFF", "jpeg": "JPEG", "png": "PNG"}[media], exif=exif)
    scan = Scan("s-1", "f-1", "t-1", f"1.{media}", media, 1)
    return render(scan, raw.getvalue(), 0, Limits.from_settings(Settings())).scanned_at


@pytest.mark.parametrize("media", ["tiff", "jpeg", "png"])
def test_the_scanners_clock_is_heeded(media: str) -> None:
    """The moment in a page's own tag comes back as ISO, by the scanner's clock."""
    assert page(media, "2026:11:20 09:31:07") == "2026-11-20T09:31:07"


def test_a_spoilt_clock_says_nothing() -> None:
    """Neither nonsense nor a clock that was never set is believed; a PDF's date is."""
    assert page("tiff", "환자 이름") == ""
    assert [_moment(told) for told in (None, "", "2026:13:40 09:00:00", "1970:01:01 00:00:00")] == [
        ""
    ] * 4
    assert _moment("D:20261120093107+09'00'") == "2026-11-20T09:31:07"
