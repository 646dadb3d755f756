"""Guess what each column of an EMR table means, from its name and its values, with reasons.

Nothing is random and nothing is learnt: the same sample gives the same guesses. A guess below
`LEAST` is told and not taken.
"""

import dataclasses
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from classifiers import grammar
from classifiers.column_shapes import date_forms, fit
from classifiers.letters import compact
from classifiers.ruleset import load_headers, load_labels
from records.date_form import date_form
from records.emr_mapping import FILE, KIND, LISTS

LEAST = 0.6
_FITS = 0.9
_HARDLY = 0.5
_AGREE = 0.95
_SHORTEST_ALIAS = 2
_FEW_CODES = 12
# Fields that values alone give away, and how sure that is.
_SPEAKING = (("resident_number", 0.95), ("disease_codes", 0.85), (KIND, 0.8), ("sex", 0.8))
# Column names that end like a patient's and are somebody else's.
_OTHERS = ("_guardian", "_addressee")
# Aliases that alone name a field, and as a part of another name say nothing.
_GENERAL = frozenset({"date", "name", "patient", "total", "visit", "type", "clinic", "hospital"})
_WORDS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class ColumnGuess:
    """What a column may mean: a field, `kind` or "", how sure (0..1), and codes of the reasons.

    `date` and `codes` are as in a mapping.
    """

    column: str
    field: str = ""
    confidence: float = 0.0
    reasons: tuple[str, ...] = ()
    date: str = ""
    codes: Mapping[str, str] = dataclasses.field(default_factory=dict)

    @property
    def taken(self) -> bool:
        """Whether it is sure enough to stand in a mapping."""
        return bool(self.field) and self.confidence >= LEAST


@dataclass(frozen=True, slots=True)
class TableGuess:
    """Guesses in the table's order; `latest_year` where a date has a two-digit year."""

    columns: tuple[ColumnGuess, ...]
    latest_year: int | None = None


def guess_columns(names: Sequence[str], rows: Sequence[Mapping[str, str]]) -> TableGuess:
    """Guess every column of a table from a sample of its rows."""
    values = {name: [text for row in rows if (text := row[name].strip())] for name in names}
    guesses = {name: _guess(name, values[name]) for name in names}
    guesses = _by_resident_number(guesses, rows)
    guesses = _names_and_days(guesses, values)
    guesses = {name: _with_date(guess, values[name]) for name, guess in guesses.items()}
    latest = _latest_year(guesses, values)
    guesses = {name: _with_century(guess, latest) for name, guess in guesses.items()}
    guesses = _one_each(guesses)
    short = any(guess.taken and _is_short(guess.date) for guess in guesses.values())
    return TableGuess(tuple(guesses.values()), latest if short else None)


def _guess(name: str, values: Sequence[str]) -> ColumnGuess:
    field, way = _of_header(name)
    if not field:
        return ColumnGuess(name, reasons=(way,)) if way else _of_values(name, values)
    share = fit(field, values)
    near = way == "guess.header_near"
    if share is None:
        return ColumnGuess(name, field, 0.6 if near else 0.9, (way,))
    if share >= _FITS:
        return ColumnGuess(name, field, 0.85 if near else 0.98, (way, "guess.values"))
    if share >= _HARDLY:
        return ColumnGuess(name, field, 0.5 if near else 0.75, (way, "guess.values_partly"))
    return ColumnGuess(name, field, 0.2 if near else 0.3, (way, "guess.values_differ"))


def _of_header(name: str) -> tuple[str, str]:
    headers = load_headers()
    letters = compact(name)
    known = dict.fromkeys(headers.file, FILE) | dict.fromkeys(headers.kind, KIND)
    known |= dict(headers.fields)
    if letters in known:
        return known[letters], "guess.header"
    others = {compact(label) for key in _OTHERS for label in load_labels()[key]}
    if any(other in letters for other in others if len(other) >= _SHORTEST_ALIAS):
        return "", "guess.somebody_else"
    bare = letters.rstrip("0123456789")
    words = {compact(word) for word in _WORDS.split(name)}
    found = [alias for alias in headers.fields if alias in words or _is_part(alias, bare)]
    found = [alias for alias in found if alias not in _GENERAL]
    if not found:
        return "", ""
    return known[max(found, key=lambda alias: (len(alias), alias))], "guess.header_near"


def _is_part(alias: str, letters: str) -> bool:
    least = 4 if alias.isascii() else _SHORTEST_ALIAS
    return len(alias) >= least and (letters.startswith(alias) or letters.endswith(alias))


def _of_values(name: str, values: Sequence[str]) -> ColumnGuess:
    if not values:
        return ColumnGuess(name, reasons=("guess.empty",))
    for field, sure in _SPEAKING:
        if (fit(field, values) or 0.0) >= _FITS:
            return ColumnGuess(name, field, sure, ("guess.values",))
    return ColumnGuess(name, reasons=("guess.unknown",))


def _by_resident_number(
    guesses: Mapping[str, ColumnGuess], rows: Sequence[Mapping[str, str]]
) -> dict[str, ColumnGuess]:
    """Codes of sex, and a day of birth, are told by the resident numbers beside them."""
    known = next(
        (g.column for g in guesses.values() if g.field == "resident_number" and g.taken), ""
    )
    found = dict(guesses)
    for name, guess in guesses.items():
        if guess.field == "sex" and not guess.taken:
            codes = _sex_codes(name, known, rows) if known else {}
            reason = "guess.codes_by_resident" if codes else "guess.codes_unknown"
            found[name] = dataclasses.replace(
                guess,
                confidence=0.95 if codes else guess.confidence,
                reasons=(*guess.reasons[:1], reason),
                codes=codes,
            )
        elif known and not guess.field and _is_birth(name, known, rows):
            found[name] = ColumnGuess(name, "birth_date", 0.95, ("guess.birth_by_resident",))
    return found


def _sex_codes(name: str, known: str, rows: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """Which code stands beside which sex; nothing where one code stands beside both."""
    beside: dict[str, Counter[str]] = {}
    for row in rows:
        number = grammar.parse_resident(row[known])
        if number is not None and number.sex and row[name].strip():
            beside.setdefault(row[name].strip(), Counter())[number.sex] += 1
    if not 1 <= len(beside) <= _FEW_CODES:
        return {}
    if any(max(seen.values()) < _AGREE * seen.total() for seen in beside.values()):
        return {}
    return {code: seen.most_common(1)[0][0] for code, seen in sorted(beside.items())}


def _is_birth(name: str, known: str, rows: Sequence[Mapping[str, str]]) -> bool:
    values = [row[name].strip() for row in rows if row[name].strip()]
    forms = date_forms(values)
    form = date_form(forms[0]) if forms else None
    if form is None:
        return False
    same = told = 0
    for row in rows:
        number = grammar.parse_resident(row[known])
        if number is not None and number.birth is not None and row[name].strip():
            told += 1
            same += form.read(row[name], number.birth.year + 99) == number.birth or (
                form.read(row[name]) == number.birth
            )
    return told > 0 and same >= _AGREE * told


def _names_and_days(
    guesses: Mapping[str, ColumnGuess], values: Mapping[str, Sequence[str]]
) -> dict[str, ColumnGuess]:
    """Columns whose name says nothing: the only names, the only days; amounts stay unknown."""
    found = dict(guesses)
    open_ = [name for name, guess in guesses.items() if guess.reasons == ("guess.unknown",)]
    taken = {guess.field for guess in guesses.values() if guess.taken}
    people = [name for name in open_ if (fit("patient_name", values[name]) or 0) >= _FITS]
    days = [name for name in open_ if date_forms(values[name])]
    if len(people) == 1 and "patient_name" not in taken:
        found[people[0]] = ColumnGuess(people[0], "patient_name", 0.65, ("guess.only_names",))
    elif people:
        found |= {name: ColumnGuess(name, reasons=("guess.names_unknown",)) for name in people}
    if len(days) == 1 and "visit_date" not in taken:
        found[days[0]] = ColumnGuess(days[0], "visit_date", LEAST, ("guess.only_day",))
    elif days:
        found |= {name: ColumnGuess(name, reasons=("guess.day_unknown",)) for name in days}
    for name in open_:
        texts = values[name]
        if name not in (*people, *days) and (fit("total_amount", texts) or 0) >= _FITS:
            comma = any("," in text for text in texts)
            reason = "guess.amount_unknown" if comma else "guess.number_unknown"
            found[name] = ColumnGuess(name, reasons=(reason,))
    return found


def _with_date(guess: ColumnGuess, values: Sequence[str]) -> ColumnGuess:
    if not guess.field.endswith("_date") or not values:
        return guess
    forms = date_forms(values)
    if not forms:
        return guess
    best = forms[0]
    if {f.replace("MM", "M").replace("DD", "D") for f in forms} >= {"M/D/YYYY", "D/M/YYYY"}:
        return dataclasses.replace(
            guess, confidence=0.4, reasons=(*guess.reasons, "guess.day_or_month")
        )
    return dataclasses.replace(guess, date=best)


def _latest_year(
    guesses: Mapping[str, ColumnGuess], values: Mapping[str, Sequence[str]]
) -> int | None:
    """The last year that a day with four digits of year says."""
    return max(_years(guesses, values), default=None)


def _years(
    guesses: Mapping[str, ColumnGuess], values: Mapping[str, Sequence[str]]
) -> Iterator[int]:
    for name, guess in guesses.items():
        form = date_form(guess.date) if guess.date else None
        if form is not None and not form.short:
            yield from (day.year for text in values[name] if (day := form.read(text)))


def _with_century(guess: ColumnGuess, latest: int | None) -> ColumnGuess:
    if latest is not None or not _is_short(guess.date):
        return guess
    return dataclasses.replace(guess, confidence=0.4, reasons=(*guess.reasons, "guess.century"))


def _is_short(date: str) -> bool:
    form = date_form(date) if date else None
    return form is not None and form.short


def _one_each(guesses: Mapping[str, ColumnGuess]) -> dict[str, ColumnGuess]:
    """Of columns that seem to give one field, the surest; of equally sure ones, the first."""
    found: dict[str, ColumnGuess] = {}
    best: dict[str, ColumnGuess] = {}
    for guess in guesses.values():
        rival = best.get(guess.field)
        if guess.taken and (rival is None or guess.confidence > rival.confidence):
            best[guess.field] = guess
    for name, guess in guesses.items():
        if guess.taken and guess.field not in LISTS and best[guess.field] is not guess:
            reasons = (*guess.reasons, "guess.another_column")
            found[name] = dataclasses.replace(guess, confidence=0.3, reasons=reasons)
        else:
            found[name] = guess
    return found
