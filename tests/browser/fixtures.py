"""A browser and its accessibility check, for the tests of every room."""

import os
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest

from tests.browser.chromium import Chromium, chromium, find_chromium


def _absent(what: str) -> None:
    """Skip where a part is missing; where CI is set it must be had."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what} is not installed: infra/setup.sh test")
    pytest.skip(f"{what} is not installed here: infra/setup.sh test")


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    """Headless Chromium of the system packages."""
    program = find_chromium()
    if program is None:
        _absent("Chromium")
    assert program
    with chromium(program, tmp_path_factory.mktemp("chromium")) as running:
        yield running


@pytest.fixture(scope="session")
def axe() -> str:
    """The script of axe-core."""
    try:
        found = distribution("axe-playwright-python")
    except PackageNotFoundError:
        _absent("axe-core")
    return Path(str(found.locate_file("axe_playwright_python/axe.min.js"))).read_text("utf-8")
