"""Read one value of a field's kind out of a region of tokens."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from classifiers import grammar
from classifiers.fields.doubted import is_settled, only_one
from classifiers.fields.names import read_institution, read_name
from classifiers.form import Form, Piece
from records.values import Institution

# A number whose check digit fails was given so, or misread: more likely the second.
_CHECK_FAILED = 0.6
_CHECK_PASSED = 1.0
_UNCHECKED = 0.93
_MASKED = 0.9
_IMPOSSIBLE = 0.3
_CUT = 0.5  # figures are missing where no sign hides them
_REPAIRED = 0.9
# A checked number is right even where the reader doubted a letter; so is a value that no doubted
# letter touches.
_VOUCHED = 0.8


@dataclass(frozen=True, slots=True)
class Found:
    """A value, its tokens, how well it fits the grammar (0..1), and what was done to read it.

    `vouched` lifts the reader's own confidence: 1 = the grammar proves the value.
    """

    value: str | int | list[object]
    tokens: tuple[int, ...]
    fit: float
    notes: tuple[str, ...] = ()
    vouched: float = 0.0


@dataclass(frozen=True, slots=True)
class Setting:
    """What is known before reading: the institution, and the last year that two digits may mean.

    `diseases`: names by code, as the operator's list has them.
    """

    institution: Institution
    latest_year: int
    diseases: Mapping[str, str] = field(default_factory=dict)


Reader = Callable[[Form, Sequence[int], Setting], Found | None]


def shapes(form: Form, tokens: Sequence[int], *kinds: str) -> Iterator[Piece]:
    """Yield the value shapes that lie wholly within a region, in its order."""
    inside = set(tokens)
    order = {token: place for place, token in enumerate(tokens)}
    pieces = [
        piece
        for piece in form.values
        if piece.key in kinds and inside.issuperset(range(piece.start, piece.end))
    ]
    return iter(sorted(pieces, key=lambda piece: order[piece.start]))


def piece_text(form: Form, piece: Piece) -> str:
    """The letters of a value shape, without spaces."""
    return "".join(form.tokens[piece.start : piece.end])


def span(piece: Piece) -> tuple[int, ...]:
    """The tokens of a value shape."""
    return tuple(range(piece.start, piece.end))


def read_resident(form: Form, tokens: Sequence[int], setting: Setting) -> Found | None:
    """The first resident number, whole or masked."""
    del setting
    for piece in shapes(form, tokens, "resident"):
        number = grammar.parse_resident(piece_text(form, piece))
        if number is None or _is_refused(number):
            chosen = only_one(form, piece, _checked)
            if chosen is not None:
                return Found(chosen, span(piece), _REPAIRED, ("doubt", "check"), _VOUCHED)
        if number is not None:
            return _resident(number, span(piece))
    return None


def _resident(number: grammar.ResidentNumber, tokens: tuple[int, ...]) -> Found:
    notes = ("repair",) if number.repaired else ()
    if number.cut:
        return Found(number.text, tokens, _CUT, (*notes, "cut"))
    if number.masked:
        return Found(number.text, tokens, _MASKED, (*notes, "masked"))
    if number.birth is None:
        return Found(number.text, tokens, _IMPOSSIBLE, (*notes, "impossible_date"))
    if number.check == "passed":
        return Found(number.text, tokens, _CHECK_PASSED, (*notes, "check"), _VOUCHED)
    if number.check == "failed":
        return Found(number.text, tokens, _CHECK_FAILED, (*notes, "check_failed"))
    return Found(number.text, tokens, _UNCHECKED, notes)


def _is_refused(number: grammar.ResidentNumber) -> bool:
    return number.check == "failed" or (number.birth is None and not number.masked)


def _checked(text: str) -> str | None:
    """Return a number whose check digit is right."""
    number = grammar.parse_resident(text)
    return number.text if number is not None and number.check == "passed" else None


def read_date(form: Form, tokens: Sequence[int], setting: Setting) -> Found | None:
    """The first date that exists."""
    return next(read_dates(form, tokens, setting), None)


def read_dates(form: Form, tokens: Sequence[int], setting: Setting) -> Iterator[Found]:
    """Yield every date that exists, in order."""
    parse = partial(grammar.parse_date, latest_year=setting.latest_year)
    for piece in shapes(form, tokens, "date"):
        date = parse(piece_text(form, piece))
        if date is not None:
            fit = _REPAIRED if date.repaired else 1.0
            notes = ("repair",) if date.repaired else ()
            settled = is_settled(form, piece, lambda text: _iso(parse(text)), date.iso)
            vouched = _VOUCHED if settled else 0.0
            yield Found(date.iso, span(piece), fit, notes, vouched)
            continue
        chosen = only_one(form, piece, parse)
        if chosen is not None:
            yield Found(chosen.iso, span(piece), _REPAIRED, ("doubt",))


def _iso(date: grammar.PrintedDate | None) -> str | None:
    return None if date is None else date.iso


def read_grant_date(form: Form, tokens: Sequence[int], setting: Setting) -> Found | None:
    """The date that begins a prescription's grant number (YYYYMMDD and a serial)."""
    if (found := read_date(form, tokens, setting)) is not None:
        return found
    text = "".join(form.tokens[token] for token in tokens)
    match = re.match(r"\D{0,2}((?:19|20)\d{6})\D{0,3}\d{3,6}", text)
    date = grammar.parse_date(match[1], setting.latest_year) if match else None
    return None if date is None else Found(date.iso, tuple(tokens), 0.9)


def read_person(form: Form, tokens: Sequence[int], setting: Setting) -> Found | None:
    """A person's name."""
    del setting
    named = read_name(form, tokens)
    return None if named is None else Found(*named)


def read_our_institution(form: Form, tokens: Sequence[int], setting: Setting) -> Found | None:
    """An institution's name; ours in the spelling of the delivery where every letter agrees."""
    named = read_institution(form, tokens, setting.institution.name)
    if named is None:
        return None
    value, taken, fit = named
    if value == setting.institution.name:
        return Found(value, taken, fit, ("known",), _VOUCHED)
    return Found(value, taken, fit)


def read_sex(form: Form, tokens: Sequence[int], setting: Setting) -> Found | None:
    """M or F, by word or by ticked box."""
    del setting
    near = tuple(tokens[:12])
    sex = grammar.parse_sex(form.text(near))
    if sex is None:
        return None
    ends = range(1, len(near) + 1)
    end = next(end for end in ends if grammar.parse_sex(form.text(near[:end])) == sex)
    return Found(sex, near[:end], 1.0)


def read_money(form: Form, tokens: Sequence[int], setting: Setting) -> Found | None:
    """The amount of a region: the largest, since footnote signs and shares stand beside totals."""
    del setting
    amounts = [
        (amount, piece)
        for piece in shapes(form, tokens, "money")
        if (amount := grammar.parse_money(piece_text(form, piece))) is not None
        and not 0 < abs(amount) < 10  # a row's number: bills are due in tens of won
        and not _is_item_number(form, piece)
    ]
    if not amounts:
        return None
    amount, piece = max(amounts, key=lambda pair: abs(pair[0]))
    written = any(sign in piece_text(form, piece) for sign in ",원₩") or amount == 0
    return Found(amount, span(piece), 0.95 if written else 0.7)


def _is_item_number(form: Form, piece: Piece) -> bool:
    """Whether a number counts an item of a form: "11." before its label."""
    after = span(piece)[-1] + 1
    marked = after < len(form.tokens) and form.tokens[after] in {".", ")"}
    return marked and piece_text(form, piece).isdigit() and len(piece_text(form, piece)) <= 2


def _code_reader(parse: Callable[[str], str | None], longest: int) -> Reader:
    """Make a reader of codes: the first run of tokens, without spaces, that parses."""

    def read(form: Form, tokens: Sequence[int], setting: Setting) -> Found | None:
        del setting
        for start, token in enumerate(tokens):
            if form.tokens[token] == "\n":
                return None
            for length in range(min(longest, len(tokens) - start), 0, -1):
                run = tuple(tokens[start : start + length])
                if any(form.spaced[inner] for inner in run[:-1]):
                    continue
                value = parse("".join(form.tokens[inner] for inner in run))
                if value is not None:
                    return Found(value, run, 0.95)
            if start > 4:
                return None
        return None

    return read


READERS: Mapping[str, Reader] = {
    "patient_name": read_person,
    "resident_number": read_resident,
    "birth_date": read_date,
    "sex": read_sex,
    "chart_no": _code_reader(grammar.parse_chart_no, 5),
    "institution_name": read_our_institution,
    "institution_code": _code_reader(grammar.parse_institution_code, 5),
    "doctor": read_person,
    "licence_no": _code_reader(grammar.parse_licence, 3),
    "visit_date": read_date,
    "issue_date": read_date,
    "admission_date": read_date,
    "discharge_date": read_date,
    "diagnosis_date": read_date,
    "surgery_date": read_date,
    "exam_date": read_date,
    "report_date": read_date,
    "total_amount": read_money,
    "patient_amount": read_money,
}
