"""The batch report and the management page as people meet them: in a browser, and on paper."""

import io
from pathlib import Path

import pdfplumber
import pytest

from tests.browser.chromium import Chromium, Tab
from tests.browser.measures import (
    A4,
    AXE,
    CUT,
    LAPTOP,
    LEAST_PIXELS,
    LEAST_POINTS,
    OUTSIDE,
    SMALLEST,
)
from tests.browser.sample_pages import PATIENT

PAGES = ("report", "overview")


@pytest.fixture(scope="module", params=PAGES)
def opened(request: pytest.FixtureRequest, browser: Chromium, site: str) -> tuple[Tab, str]:
    """A tab, and the address of a page."""
    return browser.tab(), f"{site}/{request.param}.html"


def test_it_renders_without_a_complaint(opened: tuple[Tab, str]) -> None:
    """Nothing is complained of in the console, and nothing is asked of any other host."""
    tab, address = opened
    tab.load(address, LAPTOP)
    tab.evaluate("scrollTo(0, document.body.scrollHeight)")
    drawn = tab.evaluate("[...document.querySelectorAll('svg')].every(svg => svg.clientWidth > 0)")

    assert drawn
    assert tab.evaluate("document.querySelectorAll('main section').length") >= 5
    assert tab.complaints == []
    assert {asked.rsplit(":", 1)[0] for asked in tab.requests} == {"http://127.0.0.1"}


def test_it_is_readable_on_a_laptop(opened: tuple[Tab, str]) -> None:
    """At 1366 pixels nothing leaves the window or its box, and no letter is tiny."""
    tab, address = opened
    tab.load(address, LAPTOP)

    assert tab.evaluate(OUTSIDE) == []
    assert tab.evaluate(CUT) == []
    assert tab.evaluate(SMALLEST) >= LEAST_PIXELS


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_everybody_can_use_it(opened: tuple[Tab, str], axe: str, dark: bool) -> None:
    """Axe finds no violation, in light or in dark; contrast, names and languages were judged."""
    tab, address = opened
    tab.load(address, LAPTOP, dark=dark)
    tab.evaluate(f"{axe}; true")
    found = tab.evaluate(AXE)

    assert found["violations"] == []
    assert {"color-contrast", "html-has-lang", "svg-img-alt", "valid-lang"} <= {*found["passes"]}


def test_it_prints_on_a4(opened: tuple[Tab, str], tmp_path: Path) -> None:
    """On paper each sheet is A4, every letter has 9 points or more and stands inside the sheet."""
    tab, address = opened
    tab.load(address, LAPTOP)

    with pdfplumber.open(io.BytesIO(tab.pdf())) as printed:
        sheets = {tuple(sorted((round(p.width), round(p.height)))) for p in printed.pages}
        letters = [(letter, page.width) for page in printed.pages for letter in page.chars]

    assert sheets == {A4}
    assert min(letter["size"] for letter, _ in letters) >= LEAST_POINTS - 0.05
    assert all(letter["x0"] >= 0 and letter["x1"] <= width for letter, width in letters)
    assert len(letters) > 1000


def test_no_patient_is_on_it(opened: tuple[Tab, str]) -> None:
    """The patient who is on every page of the batch is nowhere in what is shown or behind it."""
    tab, address = opened
    tab.load(address, LAPTOP)
    shown = tab.evaluate("document.documentElement.outerHTML + document.body.innerText")

    assert "한빛내과의원" in shown
    assert [word for word in PATIENT if word in shown] == []


def test_it_needs_no_network(browser: Chromium, pages: dict[str, str], tmp_path: Path) -> None:
    """Saved as a file the pages look the same: only pictures, which the vault keeps, are absent."""
    tab = browser.tab()
    for name in PAGES:
        file = tmp_path / f"{name}.html"
        file.write_text(pages[name], "utf-8")
        tab.load(file.as_uri(), LAPTOP)
        assert tab.evaluate("document.querySelector('h1').clientHeight") > 20

    assert {asked.split(":", 1)[0] for asked in tab.requests} == {"file"}
    assert [said for said in tab.complaints if "/thumbnails/" not in said] == []
