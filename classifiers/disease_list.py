"""An operator's list of disease codes, as KCD's tables are: a code's name on the page confirms it.

A code that was read with doubt is believed where its own name stands on the document and the name
of no code a sign apart stands there as well: then two prints say the same in two ways. Figures that
lost their letter, or have another sign in its place ("743.9" for G43.9), are the one code that has
them and whose name is there.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from classifiers.fields.place import Places
from classifiers.fields.said_again import confirmed
from classifiers.form import Form
from classifiers.grammar import parse_kcd
from classifiers.letters import compact, strokes
from records.errors import SetupError
from records.values import Field

_SHORTEST_NAME = 3
_NAMED = 92.0  # likeness 0..100 of the jamo of a name and of the like stretch of a page
_KNOWN = 75.0  # the same, of a name behind a code that is known
_SURE = 0.85
_LETTERLESS = re.compile(r"^.|[.]")
EACH_NAMED = "each_named"
"""Said in the rule of a list whose every code stands beside its own name."""
_FIGURES = re.compile(r"(?P<lost>\d{2}(?:[.,·]\d{1,2})?)|\S(?P<misread>\d{2}(?:[.,·]?\d{1,2})?)")
_ASSESSMENT = re.compile(r"(?:\S{1,2}\s)?A[.)]?\s?\S?(\d{2})[.,·](\d{1,2})(?=\s)")
_DOUBTED = 0.5
_LOOKALIKE = str.maketrans("IlOoSBZ", "1100582")
_OPENING = re.compile(
    r"(?:.{0,3}[\s)\]|])?(?P<code>[A-Z]\d{2}\.?\d{0,2}|[a-z]\d{2}\.\d{1,2})(?=\s)"
    r"|(?:.{0,3}[\s)\]|])?\S{0,2}?(?P<figures>\d{2})(?=\s)"
)
_IN_ITS_PLACE = re.compile(r"\S\d{2}$")  # a sign where a code's letter is lost: "110" for I10
# A code whose first sign was misread ("743.9"), or lost with nothing in its place ("61.0").
_MISREAD = re.compile(r"(?<![^\s(\[|/])(\S?)(\d{2})[.,·](\d{1,2})(?!\d)")


def parse_disease_list(data: bytes) -> Mapping[str, str]:
    """Read lines of `code,name` (UTF-8); a first line that is no code is a heading.

    Raises:
        SetupError: it is no such list (`disease_list_invalid`).
    """
    try:
        rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    except (UnicodeDecodeError, csv.Error) as error:
        raise SetupError("disease_list_invalid") from error
    found = {
        code: row[1].strip()
        for row in rows
        if len(row) > 1 and (code := parse_kcd(row[0].strip())) is not None
    }
    if not found:
        raise SetupError("disease_list_invalid")
    return found


def named_codes(
    codes: Field | None, forms: Sequence[Form], names: Mapping[str, str], least: float
) -> dict[str, Field]:
    """Return the doubted codes of a document as surer, where each one's name is on it.

    Where no code was read, but its figures were ("00" or "300" beside the name of J00), it is that
    code.
    """
    said = strokes("\n".join(form.letters for form in forms)) if names else ""
    if codes is None:
        return _by_figures(forms, said, names)
    if not isinstance(codes.value, list):
        return {}
    found = codes
    if (codes.confidence or 0.0) < least and all(
        _is_named(str(code), said, names) or (_is_mended(codes) and _has_its_figures(code, names))
        for code in map(str, codes.value)
    ):
        found = confirmed(codes, _SURE, "named")
    more = _misread(codes.value, forms, said, names)
    beside = _beside_names(codes.value, forms, names)
    more |= {
        code: read
        for code, (_, read) in beside.items()
        if code not in codes.value and (len(codes.value) > 1 or _IN_ITS_PLACE.search(read))
    }
    found = _with_more(found, more, {code: at for code, (at, _) in beside.items()}, forms)
    if _each_has_its_line(found.value, forms, names):
        found = replace(found, rule=f"{found.rule}+{EACH_NAMED}")
    if _is_unlisted(found.value, names) or _is_incomplete(found.value, forms):
        found = replace(found, confidence=min(found.confidence or 0.0, _DOUBTED))
    return {} if found is codes else {"disease_codes": found}


def _is_mended(codes: Field) -> bool:
    """Whether the letter of a document's only code was guessed by its figures."""
    alone = isinstance(codes.value, list) and len(codes.value) == 1
    return alone and codes.rule.endswith("+repair")


def _has_its_figures(code: str, names: Mapping[str, str]) -> bool:
    """Whether no other code of the operator's list has a code's figures."""
    return _with_figures(code[1:].replace(".", ""), names) == [code]


def _is_unlisted(codes: object, names: Mapping[str, str]) -> bool:
    """Whether one of the codes is none of the operator's list: N39, where that has N39.0."""
    return bool(names) and isinstance(codes, list) and any(code not in names for code in codes)


def _is_incomplete(codes: object, forms: Sequence[Form]) -> bool:
    """Whether an assessment of a chart has figures of a code that none of the known ones has.

    "A) 318.9 …" is a disease that was not read, however sure the others are.
    """
    known = {str(code)[1:].replace(".", "") for code in codes} if isinstance(codes, list) else set()
    return any(
        read[1] + read[2] not in known
        for form in forms
        for line in form.page.lines
        if (read := _ASSESSMENT.match(line.text))
    )


def _each_has_its_line(codes: object, forms: Sequence[Form], names: Mapping[str, str]) -> bool:
    """Whether each of several codes stands on a line beside its own name: all are right."""
    if not isinstance(codes, list) or len(codes) < 2:
        return False
    lines = [line.letters for form in forms for line in form.lines]
    return all(
        any(
            _LETTERLESS.sub("", str(code)) in letters
            and _is_named(str(code), strokes(letters), names)
            for letters in lines
        )
        for code in codes
    )


def _misread(
    known: Sequence[object], forms: Sequence[Form], said: str, names: Mapping[str, str]
) -> dict[str, str]:
    """The list's codes, with what was read for each, that stand there with a wrong first sign.

    One that lost it must have its own name on its line: figures alone may be a temperature.
    """
    found: dict[str, str] = {}
    for form in forms:
        for line in form.page.lines:
            for read in _MISREAD.finditer(line.text):
                alike = _with_figures(read[2] + read[3], names)
                beside = strokes(compact(line.text))
                meant = [code for code in alike if _is_named(code, beside, names)]
                if not meant and read[1] and not any(code in known for code in alike):
                    meant = [code for code in alike if _is_named(code, said, names)]
                if len(meant) == 1 and meant[0] not in known:
                    found.setdefault(meant[0], read[0])
    return found


def _beside_names(
    known: Sequence[object], forms: Sequence[Form], names: Mapping[str, str]
) -> dict[str, tuple[int, str]]:
    """The list's codes that begin a line, their own name behind them.

    Such a line of a chart says a disease whatever stands before it, or was lost there. A code that
    is known from elsewhere may have its name badly read.

    Returns:
        Where each stands first in the text, and what was read for it.
    """
    found: dict[str, tuple[int, str]] = {}
    place = 0
    for form in forms:
        for line in form.page.lines:
            if read := _OPENING.match(line.text):
                behind = strokes(compact(line.text[read.end() :]))
                for code in _meant(read, behind, known, names):
                    found.setdefault(code, (place + read.start(), read[0].strip()))
            place += len(line.text) + 1
    return found


def _meant(
    read: re.Match[str], behind: str, known: Sequence[object], names: Mapping[str, str]
) -> list[str]:
    """The code that opens a line; of figures without a letter the one whose name follows."""
    code = parse_kcd((read["code"] or "").upper())
    if code is not None and code in names:
        least = _NAMED if code not in known else _KNOWN
        return [code] if _likeness(names[code], behind) >= least else []
    figures = _with_figures(read["figures"] or "", names)
    named = [code for code in figures if _begins(behind, names[code])]
    return named if len(named) == 1 else []


def _begins(behind: str, name: str) -> bool:
    own = strokes(compact(name))
    return len(compact(name)) >= _SHORTEST_NAME and fuzz.ratio(own, behind[: len(own)]) >= _NAMED


def _with_more(
    codes: Field, more: Mapping[str, str], beside: Mapping[str, int], forms: Sequence[Form]
) -> Field:
    """The list with these codes as well, all in the order of their first print.

    Args:
        codes: the list as it was read.
        more: further codes, each with what was read for it.
        beside: where codes stand beside their names, in the text of all pages.
        forms: the pages.
    """
    text = "\n".join(line.text for form in forms for line in form.page.lines)
    known = [str(code) for code in codes.value] if isinstance(codes.value, list) else []
    places: dict[str, int] = {}
    last = 0
    for code in known:  # one that was mended is not found, and stands behind the one before it
        spelled = {text.find(code), text.find(code.replace(".", ""))} - {-1}
        first = max(min(spelled, default=last), last)
        last = places[code] = min(first, beside.get(code, len(text)))
    places |= {code: beside.get(code, text.find(read)) for code, read in more.items()}
    ordered = replace(codes, value=[*sorted(places, key=places.__getitem__)])
    if not more:
        # A code that was mended stands elsewhere than where it is found.
        return codes if ordered.value == codes.value or "repair" in codes.rule else ordered
    return replace(
        ordered,
        printed=" ".join((codes.printed, *more.values())),
        confidence=min(codes.confidence or 0.0, _SURE),
        rule=f"{codes.rule}+completed+repair",
    )


def _by_figures(forms: Sequence[Form], said: str, names: Mapping[str, str]) -> dict[str, Field]:
    """The code whose letter was lost: a cell or line says its figures alone, the page its name."""
    for form in forms:
        places = Places(form)
        regions = [
            region.tokens
            for label in form.labels
            if label.key == "disease_codes"
            for region in places.regions(label)
        ]
        for tokens in (*regions, *map(places.line, range(len(form.lines)))):
            printed = form.text(tokens)
            code = _of_figures(printed, said, names)
            if code is not None:
                field = Field(
                    value=[code],
                    printed=printed,
                    confidence=_SURE,
                    page_id=form.page.page_id,
                    box=form.box(tokens),
                    rule="disease_codes.figures+named+repair",
                )
                return {"disease_codes": field}
    return _beside_its_name(forms, names)


def _beside_its_name(forms: Sequence[Form], names: Mapping[str, str]) -> dict[str, Field]:
    """The only code of the list that stands on a line beside its name with a wrong first sign."""
    found = _misread((), forms, "", names)
    if len(found) != 1:
        return {}
    ((code, printed),) = found.items()
    for form in forms:
        for line in form.page.lines:
            words = [word for word in line.words if printed in word.text]
            if words:
                return {
                    "disease_codes": Field(
                        value=[code],
                        printed=printed,
                        confidence=_SURE,
                        page_id=form.page.page_id,
                        box=words[0].box,
                        rule="disease_codes.beside_its_name+repair",
                    )
                }
    return {}


def _of_figures(printed: str, said: str, names: Mapping[str, str]) -> str | None:
    """The one code of the list with these figures whose name is on the page.

    Letters in the place of figures are the figures that they look like, where that is a code of the
    list: "JI8.9" is J18.9.
    """
    plain = printed.strip()
    if (code := parse_kcd(plain[:1] + plain[1:].translate(_LOOKALIKE))) in names and code:
        return code
    read = _FIGURES.fullmatch(plain)
    if read is None:
        return None
    figures = re.sub(r"\D", "", read["lost"] or read["misread"])
    meant = [code for code in _with_figures(figures, names) if _is_named(code, said, names)]
    return meant[0] if len(meant) == 1 else None


def _with_figures(figures: str, names: Mapping[str, str]) -> list[str]:
    return [code for code in names if code[1:].replace(".", "") == figures]


def _is_named(code: str, said: str, names: Mapping[str, str]) -> bool:
    own = _likeness(names.get(code, ""), said)
    if own < _NAMED:
        return False
    return all(_likeness(names[other], said) < own for other in _near(code, names))


def _near(code: str, names: Mapping[str, str]) -> Iterator[str]:
    """The list's codes that one misread sign makes of this one."""
    for other in names:
        if Levenshtein.distance(code, other, score_cutoff=1) == 1:
            yield other


def _likeness(name: str, said: str) -> float:
    letters = compact(name)
    if len(letters) < _SHORTEST_NAME or len(strokes(letters)) > len(said):
        return 0.0
    return fuzz.partial_ratio(strokes(letters), said)
