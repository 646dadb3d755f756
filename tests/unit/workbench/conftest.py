"""One real batch, digitized once, and the workbench over it."""

import shutil
import warnings
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from fastapi import FastAPI, HTTPException, Request

from pipeline.assembly import Workshop
from pipeline.running import digitize_here
from records.settings import Settings
from tests.makers.pages import make_page
from workbench.app import make_app

with warnings.catch_warnings():
    # Starlette would have its test client use httpx2; the house has httpx.
    warnings.filterwarnings("ignore", message="Using `httpx`")
    from fastapi.testclient import TestClient

RUN = ("digitize_batch", "manual__2026-11-20T09:00:00+00:00")


@dataclass(frozen=True)
class House:
    """A workshop that holds one batch, and the patient whose pages are in it."""

    workshop: Workshop
    batch: str
    patient: str

    def copy(self, home: Path) -> "House":
        """The same house elsewhere, free to be damaged."""
        shutil.copytree(self.workshop.settings.home, home, symlinks=True)
        return replace(self, workshop=Workshop(replace(self.workshop.settings, home=str(home))))


def make_delivery(folder: Path, *kinds: str) -> str:
    """A delivery of single-page documents, in a folder of the given name."""
    scans = folder / "scans"
    scans.mkdir(parents=True)
    (folder / "delivery.yaml").write_text(
        'institution: {code: "31234567", name: 한빛의원}\ndeclared: {sheets: 4}\n', "utf-8"
    )
    for number, kind in enumerate(kinds):
        (page,) = make_page(kind, None, 3, "clean", 200)
        page.image.save(scans / f"{folder.name}{number}.png", dpi=(200, 200))
    return str(folder)


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    """A prescription, a blank sheet and a brochure, digitized by the real line and sealed."""
    delivery = make_delivery(tmp_path_factory.mktemp("d"), "prescription", "blank", "brochure")
    patient = make_page("prescription", None, 3, "clean", 200)[0].truth.patient
    assert patient
    workshop = Workshop(Settings(home=str(tmp_path_factory.mktemp("house"))))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OMP_THREAD_LIMIT", "1")
        sealed = digitize_here(workshop, delivery, lambda *_: None, 1)
    return House(workshop, sealed.batch, patient)


def signed_in(request: Request) -> str:
    """Who is asking: the name after `Bearer`; nobody else gets in."""
    scheme, _, name = request.headers.get("authorization", "").partition(" ")
    if scheme != "Bearer":
        raise HTTPException(401, headers={"WWW-Authenticate": "Bearer"})
    return name


def workbench(house: House) -> FastAPI:
    """The workbench over a house, which knows one run."""
    return make_app(lambda: house.workshop, signed_in, lambda *run: {RUN: house.batch}.get(run))


def steward(app: FastAPI) -> TestClient:
    """A browser of somebody who is logged in; it shows where it is sent, and does not follow."""
    return TestClient(app, headers={"Authorization": "Bearer kim"}, follow_redirects=False)
