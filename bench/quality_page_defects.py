"""The kinds of defects of pages and documents; each changes one untouched document."""

import dataclasses
import datetime as dt
import re

from bench.quality_defects import Defect, Seeding, Subjects, line_of
from quality.page_sequence import page_number
from records.values import Document, Field, Line, PageText


def _numbered(s: Seeding) -> Document:
    """A document of several pages, with their numbers printed at the foot."""
    document = s.take(pages=2)
    for number, id in enumerate(document.pages, 1):
        page = s.pages[id]
        lines = [line for line in page.lines if page_number(_only(page, line.text)) is None]
        foot = line_of(f"- {number} / {len(document.pages)} -")
        s.pages[id] = _with_lines(page, (*lines, foot))
    return document


def _only(page: PageText, text: str) -> PageText:
    return _with_lines(page, (line_of(text),))


def _with_lines(page: PageText, lines: tuple[Line, ...]) -> PageText:
    return dataclasses.replace(page, lines=lines)


def _lost_page(s: Seeding) -> Subjects:
    document = _numbered(s)
    del s.pages[document.pages[-1]]
    return s.put(document, pages=document.pages[:-1])


def _swapped(s: Seeding) -> Subjects:
    document = _numbered(s)
    return s.put(document, pages=(document.pages[1], document.pages[0], *document.pages[2:]))


def _doubled_number(s: Seeding) -> Subjects:
    document = _numbered(s)
    s.pages[document.pages[1]] = _with_lines(
        s.pages[document.pages[1]], s.pages[document.pages[0]].lines
    )
    return frozenset({document.id})


def _other_patient(s: Seeding) -> Subjects:
    document = s.take("resident_number", pages=2)
    page = s.pages[document.pages[-1]]
    own = line_of(f"주민등록번호 {document.fields['resident_number'].value}")
    other = line_of(f"성명 남궁하늘 주민등록번호 {_other_number(document)}")
    s.pages[page.page_id] = _with_lines(page, (own, *page.lines, other))
    return frozenset({document.id})


def _other_number(document: Document) -> str:
    """A number of nobody, unlike this one in more than half of its digits."""
    number = str(document.fields["resident_number"].value)
    return "".join(str((int(c) + 5) % 10) if c.isdigit() else c for c in number)


def _page_without_text(s: Seeding) -> Subjects:
    document = s.take()
    del s.pages[document.pages[0]]
    return frozenset({document.id})


def _content_set_aside(s: Seeding) -> Subjects:
    document = s.take(pages=2)
    s.put(document, pages=document.pages[:-1])
    page = s.pages[document.pages[-1]]
    filler = line_of("경과 기록 내용 " * 10)
    s.pages[page.page_id] = _with_lines(page, (*page.lines, filler))
    return frozenset({page.page_id})


def _nobody(s: Seeding) -> Subjects:
    document = s.take("patient_name")
    return s.put_fields(document, patient_name=None, resident_number=None, chart_no=None)


def _day(s: Seeding, days: int) -> Subjects:
    document = s.take("visit_date", "issue_date")
    visit = dt.date.fromisoformat(str(document.fields["visit_date"].value))
    return s.put_fields(document, issue_date=(visit + dt.timedelta(days=days)).isoformat())


def _weak_identity(s: Seeding) -> Subjects:
    document = s.take("patient_name")
    weak = {
        key: Field(one.value, one.printed, 0.3)
        for key, one in document.fields.items()
        if key in {"patient_name", "resident_number", "chart_no"}
    }
    return s.put(document, fields={**document.fields, **weak})


def _wrong_sex(s: Seeding) -> Subjects:
    document = s.take("resident_number")
    kind = int(str(document.fields["resident_number"].value)[7])
    return s.put_fields(document, sex="F" if kind % 2 else "M")


def _wrong_check_digit(s: Seeding) -> Subjects:
    def old(document: Document) -> bool:
        number = str(document.fields["resident_number"].value)
        return int(number[:2]) < 90 and number[7] in "12"

    document = s.take("resident_number", where=old)
    number = str(document.fields["resident_number"].value)
    return s.put_fields(document, resident_number=number[:-1] + str((int(number[-1]) + 1) % 10))


def _required(s: Seeding) -> Subjects:
    document = s.take("doctor", kind="diagnosis_certificate")
    return s.put_fields(document, doctor=None, licence_no=None)


def _false_row(s: Seeding) -> Subjects:
    row = r"(\d[\d,]{2,}) (\d{1,3}) (\d{1,3}) (\d[\d,]*)((?: \d[\d,]*){4})$"
    return s.replace_text(
        s.take(kind="fee_detail"),
        row,
        lambda m: f"{m[1]} {int(m[2]) + 1} {m[3]} {m[4]}{m[5]}",
    )


def _false_receipt(s: Seeding) -> Subjects:
    document = s.take(
        kind="fee_receipt",
        where=lambda d: (
            "공단부담 총액" in "\n".join(line.text for id in d.pages for line in s.pages[id].lines)
        ),
    )
    return s.replace_text(
        document,
        r"(공단부담 총액\D{0,6})([\d,]+)",
        lambda m: f"{m[1]}{int(re.sub(',', '', m[2])) + 1000:,}",
    )


def _medicines(s: Seeding) -> Subjects:
    document = s.take("drugs", kind="prescription")
    rows = [{"name": "가정", "dose": "1", "times": 3, "days": 900}]
    return s.put_fields(document, drugs=rows)


DEFECTS = (
    Defect("a numbered page lost", "critical", _lost_page),
    Defect("two numbered pages swapped", "critical", _swapped),
    Defect("a numbered page twice in a document", "critical", _doubled_number),
    Defect("a page of another patient in a document", "critical", _other_patient),
    Defect("a page of a document without its text", "critical", _page_without_text),
    Defect("a written page set aside as blank", "critical", _content_set_aside),
    Defect("a second scan suspected in a document", "critical",
           lambda s: s.put(s.take(), evidence=("page.maybe_duplicate",))),
    Defect("a field that was not read for sure", "critical",
           lambda s: s.put(s.take(), evidence=("field.unsure.patient_name",))),
    Defect("nobody named", "critical", _nobody),
    Defect("kind undecided", "critical",
           lambda s: s.put(s.take(), type="none", type_confidence=0.55)),
    Defect("no record of any kind", "critical", lambda s: s.put(s.take(), type="none")),
    Defect("kind unknown to the taxonomy", "critical", lambda s: s.put(s.take(), type="no_kind")),
    Defect("kind unsure", "critical", lambda s: s.put(s.take(), type_confidence=0.55)),
    Defect("kind not scored", "critical", lambda s: s.put(s.take(), type_confidence=None)),
    Defect("cut between documents unsure", "critical",
           lambda s: s.put(s.take(), boundary_confidence=0.5)),
    Defect("out of focus, unreadable", "critical",
           lambda s: s.put_page(lines=(), flags=("out_of_focus",), sharpness=0.1)),
    Defect("too faint to read", "critical",
           lambda s: s.put_page(flags=("faded",), confidence=0.1)),
    Defect("cut off", "critical", lambda s: s.put_page(flags=("cut_off",))),
    Defect("too dark", "critical", lambda s: s.put_page(flags=("dark",))),
    Defect("a sheet without words", "critical", lambda s: s.put_page(lines=())),
    Defect("out of focus, readable", "major",
           lambda s: s.put_page(flags=("out_of_focus",), sharpness=0.2)),
    Defect("read with low confidence", "major", lambda s: s.put_page(confidence=0.4)),
    Defect("150 dpi", "major", lambda s: s.put_page(dpi=150)),
    Defect("a page out of order", "major", lambda s: s.put_page(flags=("out_of_order",))),
    Defect("identity hardly read", "major", _weak_identity),
    Defect("resident number with month 13", "major",
           lambda s: s.put_fields(s.take("resident_number"), resident_number="801301-1234567")),
    Defect("resident number a digit short", "major",
           lambda s: s.put_fields(s.take("resident_number"), resident_number="800101-12345")),
    Defect("sex against the resident number", "major", _wrong_sex),
    Defect("birth against the resident number", "major",
           lambda s: s.put_fields(s.take("resident_number"), birth_date="1903-02-04")),
    Defect("30 February", "major",
           lambda s: s.put_fields(s.take("issue_date"), issue_date="2019-02-30")),
    Defect("issued before the visit", "major", lambda s: _day(s, -2)),
    Defect("discharged before admission", "major", lambda s: s.put_fields(
        s.take(), admission_date="2019-03-05", discharge_date="2019-03-01")),
    Defect("care before the opening", "major",
           lambda s: s.put_fields(s.take("visit_date"), visit_date="1970-01-05", birth_date=None)),
    Defect("care after the closing", "major",
           lambda s: s.put_fields(s.take("visit_date"), visit_date="2026-11-01", issue_date=None)),
    Defect("a date after the scan", "major",
           lambda s: s.put_fields(s.take("issue_date"), issue_date="2027-01-02")),
    Defect("another institution's name", "major", lambda s: s.put_fields(
        s.take("institution_name", where=lambda d: d.type.endswith("certificate")),
        institution_name="새벽하늘이비인후과의원", institution_code=None)),
    Defect("wrong check digit", "minor", _wrong_check_digit),
    Defect("a required field lost", "minor", _required),
    Defect("disease code of no shape", "minor", lambda s: s.put_fields(
        s.take("disease_codes"), disease_codes=["7M9.1"])),
    Defect("disease code younger than the care", "minor", lambda s: s.put_fields(
        s.take("disease_codes", "visit_date"), disease_codes=["U07.1"], visit_date="2015-03-04",
        issue_date="2015-03-04")),
    Defect("itemised bill off in one row", "minor", _false_row),
    Defect("receipt's shares off", "minor", _false_receipt),
    Defect("900 days of medicine", "minor", _medicines),
    Defect("240 dpi where 300 are declared", "minor", lambda s: s.put_page(dpi=240)),
    Defect("skewed by 7°", "minor", lambda s: s.put_page(skew=7.0)),
    Defect("upside down", "minor", lambda s: s.put_page(rotation=180)),
)  # fmt: skip
