"""Every field a page offers, with its candidates in the order of the page."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice

from classifiers import grammar
from classifiers.fields.place import BELOW, Places
from classifiers.fields.readers import (
    READERS,
    Found,
    Setting,
    piece_text,
    read_dates,
    read_grant_date,
    read_our_institution,
    shapes,
    span,
)
from classifiers.form import Form, Piece
from classifiers.letters import compact
from records.values import Field

_RIGHT_STRENGTH = 0.96
_BELOW_STRENGTH = 0.88
_ALONE_STRENGTH = 0.8
_UNLABELLED_STRENGTH = 0.75
_BARE_NAMES = frozenset({"성명", "姓名", "이름", "name"})
_CODE_LINES = 8
_DISEASE_KEYS = frozenset({"disease_codes", "_diagnosis"})


@dataclass(slots=True)
class _Collected:
    fields: dict[str, list[Field]] = field(default_factory=dict)

    def add(self, key: str, found: Field) -> None:
        self.fields.setdefault(key, []).append(found)


def page_fields(form: Form, setting: Setting) -> Mapping[str, tuple[Field, ...]]:
    """Read every field that this page offers; a blank form offers none."""
    places = Places(form)
    collected = _Collected()
    for label in form.labels:
        for key, found in _read_label(form, places, label, setting):
            collected.add(key, found)
    for key, found in _unlabelled(form, places, setting, collected.fields):
        collected.add(key, found)
    if codes := _disease_codes(form, places):
        collected.add("disease_codes", codes)
    for key, found in derived_fields(collected.fields):
        collected.add(key, found)
    return {key: tuple(found) for key, found in collected.fields.items()}


def make_field(form: Form, key: str, way: str, strength: float, found: Found) -> Field:
    """Turn what was found into a field, with the confidence of its words and of its rule."""
    read = form.confidence(found.tokens)
    sure = 1.0 if read is None else max(read, found.vouched)
    return Field(
        value=found.value,
        printed=form.text(found.tokens),
        confidence=round(strength * found.fit * sure, 3),
        page_id=form.page.page_id,
        box=form.box(found.tokens),
        rule="+".join((f"{key}.{way}", *found.notes)),
    )


def _read_label(
    form: Form, places: Places, label: Piece, setting: Setting
) -> Iterator[tuple[str, Field]]:
    key = _meant(form, places, label)
    for region in places.regions(label):
        strength = _BELOW_STRENGTH if region.way == BELOW else _RIGHT_STRENGTH
        found = list(_values(form, key, region.tokens, setting))
        if found:
            for field_key, value in found:
                yield field_key, make_field(form, field_key, region.way, strength, value)
            return


def _values(
    form: Form, key: str, tokens: tuple[int, ...], setting: Setting
) -> Iterator[tuple[str, Found]]:
    if key in READERS:
        if (found := READERS[key](form, tokens, setting)) is not None:
            yield key, found
    elif key == "_care_period":
        for found in islice(read_dates(form, tokens, setting), 1):
            yield "visit_date", replace(found, fit=found.fit * 0.9)
    elif key == "_stay_period":
        yield from zip(
            ("admission_date", "discharge_date"), read_dates(form, tokens, setting), strict=False
        )
    elif key == "_grant_number" and (found := read_grant_date(form, tokens, setting)) is not None:
        yield "issue_date", replace(found, fit=found.fit * 0.95)


def _meant(form: Form, places: Places, label: Piece) -> str:
    """Whose name a bare "성명" announces: the patient's, unless a signer is named beside it."""
    if label.key != "patient_name":
        return label.key
    line = places.line(form.line_of[label.start])
    before = [
        other
        for other in form.labels
        if other.end <= label.start and form.line_of[other.start] == form.line_of[label.start]
    ]
    if before and before[-1].end == label.start and before[-1].key in {"_guardian", "doctor"}:
        return before[-1].key
    if compact(form.text(range(label.start, label.end))) not in _BARE_NAMES:
        return label.key
    if any(other.key in {"licence_no", "doctor"} for other in before):
        return "doctor"
    tail = [form.tokens[token] for token in line if token >= label.end]
    signed = "(인)" in "".join(tail) or "".join(tail).endswith(("인", "서명"))
    return "doctor" if signed and form.lines[form.line_of[label.start]].depth > 0.5 else label.key


def _unlabelled(
    form: Form, places: Places, setting: Setting, labelled: Mapping[str, list[Field]]
) -> Iterator[tuple[str, Field]]:
    everything = range(len(form.tokens))
    if "resident_number" not in labelled:
        found = READERS["resident_number"](form, everything, setting)
        if found is not None and "check" in found.notes:
            strength = _UNLABELLED_STRENGTH
            yield (
                "resident_number",
                make_field(form, "resident_number", "shape", strength, found),
            )
    if "issue_date" not in labelled:
        alone = _date_alone(form, places, setting)
        if alone is not None:
            yield "issue_date", make_field(form, "issue_date", "alone", _ALONE_STRENGTH, alone)
    if "institution_name" not in labelled:
        head = _letterhead(form, places, setting)
        if head is not None:
            strength = _RIGHT_STRENGTH if "known" in head.notes else _UNLABELLED_STRENGTH
            yield (
                "institution_name",
                make_field(form, "institution_name", "line", strength, head),
            )


def _date_alone(form: Form, places: Places, setting: Setting) -> Found | None:
    """The last line of the lower half that is a date and nothing else: the day of issue."""
    last: Found | None = None
    for index, line in enumerate(form.lines):
        if line.depth < 0.5 and form.placed:
            continue
        tokens = places.line(index)
        for found in read_dates(form, tokens, setting):
            rest = set(tokens) - set(found.tokens)
            if not any(form.tokens[token].isalnum() for token in rest):
                last = found
    return last


def _letterhead(form: Form, places: Places, setting: Setting) -> Found | None:
    for index, line in enumerate(form.lines):
        if 0.2 < line.depth < 0.6 or len(line.letters) > 40:
            continue
        found = read_our_institution(form, places.line(index), setting)
        if found is not None and len(compact(form.text(found.tokens))) >= 4:
            return found
    return None


def _disease_codes(form: Form, places: Places) -> Field | None:
    """Every code on the lines of a disease label and the few below it, up to another label."""
    lines: dict[int, None] = {}
    for label in form.labels:
        if label.key in _DISEASE_KEYS:
            start = form.line_of[label.start]
            lines[start] = None
            for line in range(start + 1, start + _CODE_LINES):
                if _opens_other(form, line):
                    break
                lines[line] = None
    codes: list[object] = []
    tokens: list[int] = []
    for line in sorted(lines):
        for piece in shapes(form, places.line(line), "kcd"):
            text = piece_text(form, piece)
            code = grammar.parse_kcd(text)
            # V and three digits without a point is a cost-share code (산정특례), not a disease.
            special = code is not None and code[0] == "V" and "." not in text and len(text) == 4
            if code is not None and not special and code not in codes:
                codes.append(code)
                tokens.extend(span(piece))
    if not codes:
        return None
    return make_field(form, "disease_codes", "lines", 0.93, Found(codes, tuple(tokens), 1.0))


def _opens_other(form: Form, line: int) -> bool:
    return any(
        form.line_of[label.start] == line and label.key not in _DISEASE_KEYS
        for label in form.labels
    )


def derived_fields(fields: Mapping[str, list[Field]]) -> Iterator[tuple[str, Field]]:
    """Yield birth date and sex as the resident number tells them, where nothing else does."""
    for printed in fields.get("resident_number", [])[:1]:
        number = grammar.parse_resident(str(printed.value))
        if number is None:
            continue
        if number.birth is not None and "birth_date" not in fields:
            rule = "birth_date.from_resident_number"
            yield "birth_date", replace(printed, value=number.birth.isoformat(), rule=rule)
        if number.sex is not None and "sex" not in fields:
            yield "sex", replace(printed, value=number.sex, rule="sex.from_resident_number")
