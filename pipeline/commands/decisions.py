"""What is said of pages taken apart: each decision with its evidence, in both languages."""

from collections.abc import Mapping
from typing import Any

from classifiers.evidence import evidence_lines, rule_text
from pipeline.commands import flag_words, say
from records.field_names import field_name, field_text
from records.reasons import explain
from records.taxonomy import load_taxonomy

_VERDICTS = {"accept": "수락 accepted", "hold": "보류 held", "reject": "반려 rejected"}


def say_decisions(view: Mapping[str, Any]) -> None:
    """Say what `pipeline.trial` found: documents, their patients, pages of note, failures."""
    say(f"■ {view['file']}")
    if not view["documents"]:
        say("  문서 없음 no documents")
    for number, document in enumerate(view["documents"], 1):
        _say_document(number, document)
    for number, patient in enumerate(view["patients"], 1):
        if len(patient["documents"]) > 1:
            _say_patient(number, patient)
    for conflict in view["conflicts"]:
        others = ", ".join(map(str, conflict["others"]))
        say(f"  ✗ 문서 document {conflict['document']} ↔ {others}: {_both('patient.conflict')}")
    for page in view["pages"]:
        if remarks := _remarks(page):
            say(f"  {page['page']}쪽 p.{page['page']}: {remarks}")
    for failure in view.get("failures", ()):
        where = " ".join(str(failure.get(key) or "") for key in ("file", "page", "column")).strip()
        say(f"  ✗ {where} {explain(failure['code'])}")
        say(f"    {explain(failure['code'], 'en')}")


def _say_document(number: int, document: Mapping[str, Any]) -> None:
    kinds = load_taxonomy()
    kind = f"{kinds.name(document['type'])} {kinds.name(document['type'], 'en')}"
    pages = ",".join(str(page) for page in document["pages"])
    patient = document["patient"]
    say(
        f"  {number}. {kind} ({_sure(document['type_confidence'])})  쪽 pages {pages} "
        f"(경계 boundary {_sure(document['boundary_confidence'])})  "
        f"{'누구 것인지 모름 of nobody' if patient is None else f'환자 patient {patient}'}  "
        f"{_VERDICTS[document['verdict']]}"
    )
    for reason in document["reasons"]:
        say(f"     · {_both(reason)}")
    languages = (evidence_lines(document["evidence"], language) for language in ("ko", "en"))
    for korean, english in zip(*languages, strict=True):
        say(f"     ─ {korean} / {english}")
    for key, field in document["fields"].items():
        say(f"       {field_name(key)}: {field_text(field['value'])}  ({_how(field)})")


def _how(field: Mapping[str, Any]) -> str:
    """How sure a field is, where it stands and how it was found."""
    page, box = field["page"], field["box"]
    where = f"{page}쪽 p.{page}" if page else ""
    if box and box["x1"]:
        where += f" {box['x0']},{box['y0']}–{box['x1']},{box['y1']}"
    rule = f"{rule_text(field['rule'])} / {rule_text(field['rule'], 'en')}"
    return " · ".join(part for part in (_sure(field["confidence"]), where, rule) if part)


def _say_patient(number: int, patient: Mapping[str, Any]) -> None:
    """Say which documents are one patient's, how surely, and what joins them."""
    documents = ", ".join(map(str, patient["documents"]))
    sure = _sure(patient["confidence"])
    say(f"  환자 patient {number}: 문서 documents {documents}  신뢰도 confidence {sure}")
    for code in patient["evidence"]:
        say(f"     ─ {_both(code)}")


def _remarks(page: Mapping[str, Any]) -> str:
    """What is noteworthy about a page, in both languages."""
    aside, said = page.get("set_aside", ""), []
    if aside:
        said.append(f"문서에서 제외 set aside: {flag_words((aside,))}")
    if flags := [flag for flag in page["flags"] if flag != aside]:
        said.append(flag_words(flags))
    if "duplicate_of" in page:
        said.append(f"= {page['duplicate_of']}쪽 p.{page['duplicate_of']}")
    if "maybe_duplicate_of" in page:
        twin = page["maybe_duplicate_of"]
        said.append(f"{twin}쪽과 같은 장인 듯 perhaps p.{twin} again")
    if sheet := page.get("separator"):
        said.append(_sheet(sheet))
    return "  ".join(said)


def _sheet(sheet: Mapping[str, str]) -> str:
    """What a separator sheet of ours says."""
    if refused := sheet.get("refused"):
        return _both(refused)
    parts = (("상자 box", sheet["box"]), ("차트 chart", sheet["chart_no"]))
    return "  ".join(f"{name} {value}" for name, value in parts if value)


def _both(code: str) -> str:
    return f"{explain(code)} / {explain(code, 'en')}"


def _sure(confidence: float | None) -> str:
    return "—" if confidence is None else f"{confidence:.3g}"
