"""Makes a whole delivery (design 5.1) of a fictional closed clinic, with its truth beside it."""

import csv
import datetime as dt
import hashlib
import io
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from records.taxonomy import load_taxonomy
from tests.makers.canvas import PdfBook
from tests.makers.case import Case, make_case
from tests.makers.delivery_plan import PLANS, Paper, Plan
from tests.makers.emr_rows import make_rows
from tests.makers.files import (
    jpeg_bytes,
    png_bytes,
    write,
    write_scanned_pdf,
    write_tiff,
    zip_bytes,
)
from tests.makers.pages import MadePage, make_page, make_pdf_pages
from tests.makers.parts import Part, seeded
from tests.makers.people import Clinic, Patient, make_clinic, make_patient
from tests.makers.truth import DeliveryTruth, DocumentTruth, PageTruth, RowTruth, SheetTruth

Encoding = Literal["utf-8", "cp949"]
_ASIDE = frozenset({"blank", "cover_or_separator"})
_HEADERS = {
    "utf-8": ("file", "sha256", "pages", "box", "chart_no", "note"),
    "cp949": ("파일명", "sha256", "쪽수", "상자번호", "차트번호", "비고"),
}


def make_delivery(
    to: Path,
    *,
    seed: int,
    size: Literal["demo", "small"],
    patient_name: str | None = None,
    encoding: Encoding = "cp949",
    part: Part = "tuning",
) -> DeliveryTruth:
    """Make a delivery in the folder `to` and return everything that is true of it.

    The truth is returned, never written into the folder.
    Same arguments, same bytes, whatever the day.

    How sheets are counted: `declared.sheets` is every page that was physically scanned. That is
    the pages of all scans, blank backs and covers included; the one page of the truncated file
    and the one page of the file that never came (`lost_sheets`); and the page of the file that
    the manifest forgot. Rows of the EMR table are no sheets. So a correct line receives
    `declared_sheets` less the missing file's page, and rejects the truncated file's page.

    Args:
        to: a folder that is empty or does not exist.
        seed: decides clinic, patients, pages and scan faults.
        size: `demo` has at least 60 sheets of six patients and all 17 kinds; `small` ten sheets
            of three patients. Both have a blank back, an upside-down page, a truncated, a missing
            and an unlisted file, and an EMR table.
        patient_name: a name to print for the first patient: on pages of the TIFF, of the
            scanned PDF and of the JPEG folder, and in the EMR table.
        encoding: of `manifest.csv` and the EMR table; the manifest's header follows it.
        part: see `parts.Part`; in the test part every layout is the seed's choice.

    Raises:
        FileExistsError: `to` holds something.
    """
    if to.is_dir() and any(to.iterdir()):
        raise FileExistsError("the delivery's folder is not empty")
    plan = PLANS[size]
    rng = random.Random(seeded(part, f"delivery/{size}/{seed}"))
    clinic = make_clinic(rng)
    day = dt.date(clinic.closed.year - 6, 3, 4)
    patients = tuple(
        make_patient(rng, name=patient_name if number == 0 else None, day=day)
        for number in range(plan.patients)
    )
    maker = _Maker(to, seed, clinic, patients, day, part)
    for box in plan.boxes:
        maker.make_box(box.path, box.form, box.papers)
    maker.make_faulty(plan)
    table = f"emr/{'진료내역' if encoding == 'cp949' else 'records'}.csv"
    data, rows = make_rows(clinic, patients, seed, plan.rows, encoding, table, day, part)
    write(to / table, data)
    maker.list_file(table, None)
    declared = len(maker.sheets) + maker.lost
    kinds = [document.kind for document in maker.documents] + [row.kind for row in rows]
    _write_declaration(to, clinic, declared, kinds)
    _write_manifest(to, maker.listed, encoding)
    return maker.truth(declared, rows, encoding)


@dataclass(frozen=True, slots=True)
class _Listed:
    """One row of the manifest."""

    file: str
    sha256: str
    pages: int | None
    note: str = ""


class _Maker:
    """Makes files one by one and remembers what is true of them."""

    def __init__(
        self,
        to: Path,
        seed: int,
        clinic: Clinic,
        patients: Sequence[Patient],
        day: dt.date,
        part: Part,
    ) -> None:
        self._to, self._seed, self._clinic = to, seed, clinic
        self._patients, self._day, self._part = patients, day, part
        self._made = 0
        self.sheets: list[SheetTruth] = []
        self.documents: list[DocumentTruth] = []
        self.listed: list[_Listed] = []
        self.faulty: dict[str, str] = {}
        self.lost = 0

    def make_box(self, path: str, form: str, papers: Sequence[Paper]) -> None:
        """Make one stack as a file or a folder of the given form."""
        if form == "born_digital":
            self._born_digital(path, papers)
            return
        made = [self._paper(paper, bilevel=form == "tiff") for paper in papers]
        pages = [page for document in made for page in document]
        if form == "tiff":
            write_tiff(self._to / path, pages)
            places = [(path, number) for number in range(len(pages))]
        elif form == "scanned_pdf":
            write_scanned_pdf(self._to / path, pages)
            places = [(path, number) for number in range(len(pages))]
        elif form == "jpegs":
            names = [f"{path}/page{number}.jpg" for number in range(1, len(pages) + 1)]
            for name, page in zip(names, pages, strict=True):
                write(self._to / name, jpeg_bytes(page))
                self.list_file(name, 1)
            places = [(name, 0) for name in names]
        else:
            names = [f"scan{number}.png" for number in range(1, len(pages) + 1)]
            members = [(name, png_bytes(page)) for name, page in zip(names, pages, strict=True)]
            write(self._to / path, zip_bytes(members))
            places = [(f"{path}!/{name}", 0) for name in names]
        if form != "jpegs":
            self.list_file(path, len(pages))
        self._remember(path, [[page.truth for page in document] for document in made], places)

    def make_faulty(self, plan: Plan) -> None:
        """Make the truncated file, list the one that never comes, hide one from the manifest."""
        truncated, missing, unlisted = plan.faulty
        page = self._paper(Paper("treatment_confirmation", 1))[0]
        whole = jpeg_bytes(page)
        write(self._to / truncated, whole[: len(whole) * 45 // 100])
        self.list_file(truncated, 1)
        self._remember(str(Path(truncated).parent), [[page.truth]], [(truncated, 0)])
        self.faulty[truncated] = "truncated"
        self.listed.append(_Listed(missing, hashlib.sha256(b"lost").hexdigest(), 1))
        self.faulty[missing] = "missing"
        self.lost = 1
        page = self._paper(Paper("medical_opinion", 0))[0]
        write(self._to / unlisted, jpeg_bytes(page))
        self._remember(str(Path(unlisted).parent), [[page.truth]], [(unlisted, 0)])
        self.faulty[unlisted] = "unlisted"

    def list_file(self, path: str, pages: int | None, note: str = "") -> None:
        """Put a file that exists into the manifest."""
        digest = hashlib.sha256((self._to / path).read_bytes()).hexdigest()
        self.listed.append(_Listed(path, digest, pages, note))

    def truth(self, declared: int, rows: tuple[RowTruth, ...], encoding: str) -> DeliveryTruth:
        """Everything made so far."""
        return DeliveryTruth(
            institution_code=self._clinic.code,
            institution_name=self._clinic.name,
            declared_sheets=declared,
            sheets=tuple(self.sheets),
            documents=tuple(self.documents),
            rows=rows,
            faulty=dict(self.faulty),
            lost_sheets=self.lost,
            encoding=encoding,
        )

    def _case(self, paper: Paper) -> tuple[int, Case | None]:
        """The next seed, and the visit that the paper speaks of, a week after the last one."""
        self._made += 1
        seed = self._seed * 1000 + self._made
        if paper.kind == "blank":
            return seed, None
        case = make_case(
            paper.kind,
            seed,
            clinic=self._clinic,
            patient=self._patients[paper.patient],
            day=self._day + dt.timedelta(days=7 * self._made),
            long=paper.long,
            part=self._part,
        )
        return seed, case

    def _layout(self, paper: Paper) -> str | None:
        return paper.layout if self._part == "tuning" else None

    def _paper(self, paper: Paper, *, bilevel: bool = False) -> list[MadePage]:
        seed, case = self._case(paper)
        return make_page(
            paper.kind,
            self._layout(paper),
            seed,
            paper.level,
            200 if self._made % 4 == 0 else 300,
            case=case,
            also=("bilevel",) if bilevel and self._made % 3 else (),
            rotation=paper.rotation,
            part=self._part,
        )

    def _born_digital(self, path: str, papers: Sequence[Paper]) -> None:
        book = PdfBook()
        made = []
        for paper in papers:
            seed, case = self._case(paper)
            layout, part = self._layout(paper), self._part
            made.append(make_pdf_pages(book, paper.kind, layout, seed, case=case, part=part))
        write(self._to / path, book.close())
        count = sum(map(len, made))
        self.list_file(path, count)
        self._remember(path, made, [(path, number) for number in range(count)])

    def _remember(
        self,
        stack: str,
        made: Sequence[Sequence[PageTruth]],
        places: Sequence[tuple[str, int]],
    ) -> None:
        left = list(places)
        for truths in made:
            own, left = left[: len(truths)], left[len(truths) :]
            self.sheets += [
                SheetTruth(file, index, truth, stack)
                for (file, index), truth in zip(own, truths, strict=True)
            ]
            first = truths[0]
            if first.kind not in _ASIDE:
                self.documents.append(
                    DocumentTruth(first.document, first.kind, first.patient, tuple(own), stack)
                )


def _write_declaration(to: Path, clinic: Clinic, sheets: int, kinds: Sequence[str]) -> None:
    issuable = [kind.code for kind in load_taxonomy().issuable if kind.code in kinds]
    counts = ", ".join(f"{kind}: {kinds.count(kind)}" for kind in issuable)
    text = (
        f'institution: {{code: "{clinic.code}", name: {clinic.name},'
        f" opened: {clinic.opened}, closed: {clinic.closed}}}\n"
        "source: paper\n"
        "holder: health_centre\n"
        "scanned: {by: 전자화 담당, at: 2026-11-20T09:00+09:00, device: 양면 스캐너, dpi: 300}\n"
        f"declared: {{sheets: {sheets}, documents: {{{counts}}}}}\n"
    )
    write(to / "delivery.yaml", text.encode())


def _write_manifest(to: Path, listed: Sequence[_Listed], encoding: Encoding) -> None:
    held = io.StringIO(newline="")
    writer = csv.writer(held, lineterminator="\r\n")
    writer.writerow(_HEADERS[encoding])
    for row in listed:
        parts = Path(row.file).parts
        box = parts[1] if row.file.startswith("scans/") and len(parts) > 2 else ""
        writer.writerow((row.file, row.sha256, row.pages or "", box, "", row.note))
    write(to / "manifest.csv", held.getvalue().encode(encoding))
