"""Every field a page offers, with its candidates in the order of the page."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from rapidfuzz import fuzz

from classifiers import grammar
from classifiers.fields.disease_codes import all_codes, assessments, found_codes, mended_codes
from classifiers.fields.place import BELOW, RIGHT, Places
from classifiers.fields.readers import (
    READERS,
    Found,
    Setting,
    read_dates,
    read_grant_date,
    read_our_institution,
    read_resident,
)
from classifiers.fields.short_labels import DAYS_OF_CARE, days_behind_short_labels
from classifiers.fields.worn_dates import worn_date
from classifiers.form import Form, Piece
from classifiers.letters import compact, strokes
from classifiers.near_labels import near_label
from records.values import Field

_RIGHT_STRENGTH = 0.96
_BELOW_STRENGTH = 0.88
_LINES_STRENGTH = 0.93
_ALONE_STRENGTH = 0.8
_SIGNED_STRENGTH = 0.93
_SIGNED_LINES = 5
_SIGNED_BY = frozenset({"institution_name", "institution_code", "doctor", "licence_no"})
_UNLABELLED_STRENGTH = 0.75
_IN_WORDS_STRENGTH = 0.7
_IN_WORDS = re.compile(r"[년年].*[월月].*[일日]")
_LICENCE = re.compile(r"[제第]\s*\d{4,6}\s*[호號]")
_LICENCE_DIGITS = re.compile(r"\d{4,6}")
_BARE_NAMES = frozenset({"성명", "姓名", "이름", "name"})
_YEAR = re.compile(r"(?:19|20)\d{2}")
_OWNER = re.compile(r"([가-힣]{2,})의$")
_SIGNERS = frozenset({"_guardian", "doctor"})
# Headings of a form's parts: whom the lines below are about, and how many lines that is.
_ABOUT_OTHERS = frozenset({"수임인", "수임자", "대리인", "법정대리인", "신청인", "보호자"})
_ABOUT_PATIENT = frozenset({"위임인", "위임자", "환자", "환자정보", "환자인적사항"})
_THEMSELVES = re.compile(r"^[가-힣]{2,4}환자와의관계본인")
_PART_LINES = 4
_LATE_ON_PAGE = 0.5
_CLOSE = 1.5  # heights between two words of one label
_CODE_LINES = 8
_SHORT_PAGE = 8
_NEAR_OURS = 75.0  # likeness 0..100 of the jamo of a name read and of ours
_ADDRESSED = re.compile(r"(?:귀하|귀중|선생님|원장님)$")
_DISEASE_KEYS = frozenset({"disease_codes", "_diagnosis"})


@dataclass(frozen=True, slots=True)
class PageFields:
    """What a page offers: candidates by key.

    `unread`: keys whose label stands on the page with something beside it that is no value.
    """

    fields: Mapping[str, tuple[Field, ...]]
    unread: frozenset[str]


def page_fields(form: Form, setting: Setting) -> PageFields:
    """Read every field that this page offers; a blank form offers none."""
    page = _Page(form, setting)
    for label in form.labels:
        page.read_label(label)
    page.read_unlabelled()
    page.read_disease_codes()
    for key, derived in list(derived_fields(page.fields)):
        page.fields[key] = [derived]
    return PageFields(
        {key: tuple(found) for key, found in page.fields.items()},
        frozenset(page.unread - page.fields.keys()),
    )


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


def derived_fields(fields: Mapping[str, Sequence[Field]]) -> Iterator[tuple[str, Field]]:
    """Yield birth date and sex as the resident number tells them, where nothing else does."""
    for printed in fields.get("resident_number", ())[:1]:
        number = grammar.parse_resident(str(printed.value))
        if number is None:
            continue
        if number.birth is not None and "birth_date" not in fields:
            rule = "birth_date.from_resident_number"
            yield "birth_date", replace(printed, value=number.birth.isoformat(), rule=rule)
        if number.sex is not None and "sex" not in fields:
            yield "sex", replace(printed, value=number.sex, rule="sex.from_resident_number")


class _Page:
    """One page while it is read: the fields so far, and the tokens they were read from."""

    def __init__(self, form: Form, setting: Setting) -> None:
        self.fields: dict[str, list[Field]] = {}
        self.unread: set[str] = set()
        self._form = form
        self._setting = setting
        self._places = Places(form)
        self._used: set[int] = set()

    def read_label(self, label: Piece) -> None:
        key = "_other" if self._is_named_thing(label) else self._meant(label)
        for region in self._places.regions(label):
            found = list(self._values(key, region.tokens))
            if found:
                strength = _BELOW_STRENGTH if region.way == BELOW else _RIGHT_STRENGTH
                for field_key, value in found:
                    self._add(field_key, region.way, strength, value)
                return
            if region.way == RIGHT:
                self.unread.add(key)
                if key == "_care_period" and _YEAR.search(self._form.text(region.tokens)):
                    self.unread.add("visit_date")

    def read_unlabelled(self) -> None:
        if "resident_number" not in self.fields:
            everything = range(len(self._form.tokens))
            number = read_resident(self._form, everything, self._setting)
            if number is not None and "check" in number.notes:
                self._add("resident_number", "shape", _UNLABELLED_STRENGTH, number)
        missing = DAYS_OF_CARE - self.fields.keys()
        for key, day in days_behind_short_labels(self._form, self._setting, missing):
            if self._used.isdisjoint(day.tokens):
                self._add(key, RIGHT, _BELOW_STRENGTH, day)
        if "issue_date" not in self.fields and (date := self._date_alone()) is not None:
            self._add("issue_date", "alone", self._alone_strength(date), date)
        worn = worn_date(self._form, self._places, self._setting)
        if worn is not None and self._is_last_day(worn):
            self.fields.pop("issue_date", None)
            self._add("issue_date", "alone", self._alone_strength(worn), worn)
        if "issue_date" not in self.fields and (date := self._date_in_words()) is not None:
            self._add("issue_date", "words", _IN_WORDS_STRENGTH, date)
        if "licence_no" not in self.fields and (licence := self._licence_alone()) is not None:
            self._add("licence_no", "shape", _UNLABELLED_STRENGTH, licence)
        head = self._letterhead()
        if head is not None and "known" in head.notes and self._misspells_ours():
            self.fields.pop("institution_name")
        if head is not None and "institution_name" not in self.fields:
            known = "known" in head.notes
            strength = _RIGHT_STRENGTH if known else _UNLABELLED_STRENGTH
            self._add("institution_name", "line", strength, head)

    def read_disease_codes(self) -> None:
        """Read every code on the lines of a disease label, the few below it, and beside it."""
        found = found_codes(self._form, self._disease_regions())
        found += mended_codes(self._form, self._places)
        if found:
            self._add("disease_codes", "lines", _LINES_STRENGTH, all_codes(self._form, found))

    def _add(self, key: str, way: str, strength: float, found: Found) -> None:
        self._used.update(found.tokens)
        made = make_field(self._form, key, way, strength, found)
        self.fields.setdefault(key, []).append(made)

    def _values(self, key: str, tokens: tuple[int, ...]) -> Iterator[tuple[str, Found]]:
        form, setting = self._form, self._setting
        if key in READERS:
            if (found := READERS[key](form, tokens, setting)) is not None:
                yield key, found
        elif key == "_care_period":
            for found in islice(read_dates(form, tokens, setting), 1):
                yield "visit_date", replace(found, fit=found.fit * 0.9)
        elif key == "_stay_period":
            yield from zip(
                ("admission_date", "discharge_date"),
                read_dates(form, tokens, setting),
                strict=False,
            )
        elif key == "_grant_number" and (found := read_grant_date(form, tokens, setting)):
            yield "issue_date", replace(found, fit=found.fit * 0.95)

    def _meant(self, label: Piece) -> str:
        """Whose name a bare "성명" announces: the patient's, unless a signer is named beside it.

        Who asks for a bill and is "환자와의 관계: 본인" is the patient too.
        """
        if label.key != "patient_name":
            themselves = label.key == "_guardian" and self._asks_for_themselves(label)
            return "patient_name" if themselves else label.key
        line = self._form.line_of[label.start]
        before = [
            other
            for other in self._form.labels
            if other.end <= label.start and self._form.line_of[other.start] == line
        ]
        if before and before[-1].end == label.start and before[-1].key in _SIGNERS:
            return before[-1].key
        said = compact(self._form.text(range(label.start, label.end)))
        named = self._belongs_to(label) if said in _BARE_NAMES else label.key
        if named is not None:
            return named
        if self._is_about_others(line):
            return "_guardian"
        ahead = (token for token in self._places.line(line) if token < label.start)
        licensed = _LICENCE.search(self._form.text(ahead))
        if licensed or any(other.key in {"licence_no", "doctor"} for other in before):
            return "doctor"
        tail = "".join(
            self._form.tokens[token] for token in self._places.line(line) if token >= label.end
        )
        signed = "(인)" in tail or tail.rstrip(")]").endswith(("인", "서명"))
        return "doctor" if signed and self._form.lines[line].depth > _LATE_ON_PAGE else label.key

    def _asks_for_themselves(self, label: Piece) -> bool:
        line = self._places.line(self._form.line_of[label.start])
        behind = self._form.text(token for token in line if token >= label.end)
        return _THEMSELVES.match(compact(behind)) is not None

    def _belongs_to(self, label: Piece) -> str | None:
        """The key of a bare "성명" that words before it make another's: "처빙 의료인의 성명".

        Words that no label is near make it nobody's, where they say whose it is ("…의").
        """
        form, first = self._form, self._form.word_of[label.start]
        line = [form.word_of[token] for token in self._places.line(form.line_of[label.start])]
        said = compact(form.text(range(label.start, label.end)))
        before = [compact(form.words[one].text) for one in (first - 2, first - 1) if one in line]
        for count in range(len(before), 0, -1):
            near = near_label(("".join((*before[-count:], said)),))
            if near is not None:
                return near[0]
        owner = _OWNER.search(before[-1]) if before else None
        return "_other" if owner and owner[1] not in _ABOUT_PATIENT else None

    def _is_named_thing(self, label: Piece) -> bool:
        """Whether a word stands close before a bare "name": "Op. name" is nobody's."""
        form, before = self._form, label.start - 1
        said = form.text(range(label.start, label.end)).lower()
        if said != "name" or before < 0 or form.line_of[before] != form.line_of[label.start]:
            return False
        word, name = (form.words[form.word_of[token]] for token in (before, label.start))
        height = name.box.y1 - name.box.y0
        close = not form.placed or name.box.x0 - word.box.x1 <= _CLOSE * height
        return close and any(sign.isascii() and sign.isalpha() for sign in word.text)

    def _is_about_others(self, line: int) -> bool:
        """Whether the nearest heading above a line names somebody who acts for the patient."""
        for above in self._form.lines[max(line - _PART_LINES, 0) : line][::-1]:
            if above.letters in _ABOUT_PATIENT | _ABOUT_OTHERS:
                return above.letters in _ABOUT_OTHERS
        return False

    def _is_last_day(self, worn: Found) -> bool:
        """Whether no day of issue was read, or only one that stands alone above this one."""
        known = self.fields.get("issue_date")
        if known is None:
            return True
        box, place = known[0].box, self._form.box(worn.tokens)
        alone = known[0].rule.startswith("issue_date.alone")
        return alone and box is not None and place is not None and box.y1 <= place.y0

    def _date_alone(self) -> Found | None:
        """The last line of the lower half that is a date and nothing else: the day of issue."""
        form = self._form
        head = len(form.lines) // 2 if len(form.lines) > _SHORT_PAGE else -1
        for index in range(len(form.lines) - 1, head, -1):
            tokens = self._places.line(index)
            for found in read_dates(form, tokens, self._setting):
                rest = set(tokens) - set(found.tokens)
                alone = not any(form.tokens[token].isalnum() for token in rest)
                if alone and self._used.isdisjoint(found.tokens):
                    return found
        return None

    def _alone_strength(self, date: Found) -> float:
        """How surely a day that stands alone is that of issue: who signs it stands close below."""
        line = self._form.line_of[date.tokens[-1]]
        below = range(line + 1, line + 1 + _SIGNED_LINES)
        signed = any(
            label.key in _SIGNED_BY and self._form.line_of[label.start] in below
            for label in self._form.labels
        )
        return _SIGNED_STRENGTH if signed else _ALONE_STRENGTH

    def _date_in_words(self) -> Found | None:
        """The last unused date of the lower half in words (년 월 일), with others on its line."""
        for index in range(len(self._form.lines) - 1, 0, -1):
            if self._form.lines[index].depth <= _LATE_ON_PAGE:
                break
            for found in read_dates(self._form, self._places.line(index), self._setting):
                text = self._form.text(found.tokens)
                if _IN_WORDS.search(text) and self._used.isdisjoint(found.tokens):
                    return found
        return None

    def _licence_alone(self) -> Found | None:
        """A number of the lower half printed as licences are, "제 12345 호", whatever its label."""
        for index, line in enumerate(self._form.lines):
            if line.depth <= _LATE_ON_PAGE or not _LICENCE.search(line.text):
                continue
            tokens = self._places.line(index)
            for start in range(len(tokens) - 2):
                run = tokens[start : start + 3]
                first, number, last = (self._form.tokens[one] for one in run)
                if first in "제第" and last in "호號" and _LICENCE_DIGITS.fullmatch(number):
                    return Found(number, run, 0.95)
        return None

    def _misspells_ours(self) -> bool:
        """Whether the names read behind labels are near ours, and none of them is ours."""
        ours = self._setting.institution.name
        read = [str(field.value) for field in self.fields.get("institution_name", ())]
        near = [fuzz.ratio(strokes(one), strokes(ours)) >= _NEAR_OURS for one in read]
        return bool(read) and ours not in read and all(near)

    def _letterhead(self) -> Found | None:
        """A line at the head or foot that begins with an institution's name."""
        form = self._form
        announcing = {form.line_of[label.start] for label in form.labels if label.key != "_other"}
        for index, line in enumerate(form.lines):
            addressed = _ADDRESSED.search(line.letters)
            if 0.2 < line.depth < 0.6 or index in announcing or addressed:
                continue
            found = read_our_institution(form, self._places.line(index), self._setting)
            if found is not None and ("known" in found.notes or len(line.letters) <= 40):
                return found
        return None

    def _disease_regions(self) -> Iterator[tuple[int, ...]]:
        for line in self._disease_lines():
            yield self._places.line(line)
        yield from assessments(self._form, self._places)
        for label in self._form.labels:
            if label.key == "disease_codes":
                yield from (region.tokens for region in self._places.regions(label))

    def _disease_lines(self) -> list[int]:
        lines: set[int] = set()
        for label in self._form.labels:
            if label.key not in _DISEASE_KEYS:
                continue
            start = self._form.line_of[label.start]
            lines.add(start)
            for line in range(start + 1, start + _CODE_LINES):
                if self._opens_other(line):
                    break
                lines.add(line)
        return sorted(lines)

    def _opens_other(self, line: int) -> bool:
        return any(
            self._form.line_of[label.start] == line and label.key not in _DISEASE_KEYS
            for label in self._form.labels
        )
