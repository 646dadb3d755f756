"""Disease codes: those that stand there, and those whose letter was read as a figure."""

import re
from collections.abc import Iterable, Iterator

from classifiers.fields.doubted import is_settled, only_one
from classifiers.fields.place import Places
from classifiers.fields.readers import Found, piece_text, shapes, span
from classifiers.form import Form, Piece
from classifiers.grammar import mend_kcd, parse_kcd

_MENDED = 0.55  # of a code guessed by its figures: too little to be believed without a list
_DOUBTED = 0.9
_VOUCHED = 0.8  # of a code that no doubted letter touches
_FIGURES = re.compile(r"\d{3,5}")
_POINTS = frozenset(".,·")
_MONTHS = frozenset("AHR")  # what readers make of 月 and 월 (`worn_dates.py`)


def found_codes(form: Form, regions: Iterable[tuple[int, ...]]) -> list[Found]:
    """Every code in the regions, each place once, in the order of the page."""
    found: dict[tuple[int, ...], Found] = {}
    for region in regions:
        for piece in _shapes(form, region):
            text = piece_text(form, piece)
            code = parse_kcd(text)
            chosen = code or only_one(form, piece, parse_kcd)
            # V and three digits without a point is a cost-share code (산정특례), no disease.
            special = text.startswith("V") and text[1:].isdigit() and len(text) == 4
            if chosen is not None and not special and not _is_month(form, piece):
                settled = code is not None and is_settled(form, piece, parse_kcd, code)
                found[span(piece)] = Found(
                    chosen,
                    span(piece),
                    1.0 if code else _DOUBTED,
                    vouched=_VOUCHED if settled else 0.0,
                )
    return list(found.values())


def _is_month(form: Form, piece: Piece) -> bool:
    """Whether a code's letter is a month's sign misread: of "2022 年 3 A 10" A10 is none."""
    before = piece.start - 1
    return (
        form.tokens[piece.start] in _MONTHS
        and before >= 0
        and form.line_of[before] == form.line_of[piece.start]
        and form.tokens[before].isdigit()
    )


def assessments(form: Form, places: Places) -> Iterator[tuple[int, ...]]:
    """Yield what follows an "A" that a code follows at once: "A)" of a note, its sign lost."""
    codes = {piece.start for piece in form.values if piece.key == "kcd"}
    for line in range(len(form.lines)):
        tokens = places.line(line)
        for place, token in enumerate(tokens[:-1]):
            follows = tokens[place + 1]
            parted = form.word_of[token] != form.word_of[follows]
            if form.tokens[token] == "A" and parted and follows in codes:
                yield tokens[place + 1 :]


def all_codes(form: Form, found: Iterable[Found]) -> Found:
    """One list of codes in the order of the page, each by the print of it that is read best."""
    best: dict[str, Found] = {}
    for one in sorted(found, key=lambda one: one.tokens):
        code = str(one.value)
        if code not in best or _sure(form, one) > _sure(form, best[code]):
            best[code] = one
    notes = ("repair",) if any("repair" in one.notes for one in best.values()) else ()
    tokens = tuple(token for one in best.values() for token in one.tokens)
    least = min(one.fit for one in best.values())
    unread = [
        1.0 if (read := form.confidence(one.tokens)) is None else read for one in best.values()
    ]
    vouched = min(max(read, one.vouched) for read, one in zip(unread, best.values(), strict=True))
    return Found([*best], tokens, least, notes, vouched)


def _sure(form: Form, found: Found) -> float:
    read = form.confidence(found.tokens)
    return found.fit * (1.0 if read is None else max(read, found.vouched))


def _shapes(form: Form, tokens: tuple[int, ...]) -> Iterator[Piece]:
    """Codes, and figures whose first sign the reader doubted: 110 may be I10, <297 K297."""
    yield from shapes(form, tokens, "kcd")
    for piece in shapes(form, tokens, "money"):
        if not _FIGURES.fullmatch(piece_text(form, piece)):
            continue
        yield piece
        before = piece.start - 1
        joined = before in tokens and form.word_of[before] == form.word_of[piece.start]
        if joined and not form.tokens[before].isalnum():
            yield Piece(piece.key, before, piece.end)


def mended_codes(form: Form, places: Places) -> Iterator[Found]:
    """Yield a code for each disease label whose value begins with figures that are one misread.

    Behind the label of a code they must be all that its cell says; behind that of a diagnosis its
    name must follow them ("A) 110 고혈압").
    """
    for label in form.labels:
        if label.key not in {"disease_codes", "_diagnosis"}:
            continue
        for region in places.regions(label):
            found = _leading(form, region.tokens)
            if found is None:
                continue
            rest = [one for one in region.tokens if one > found.tokens[-1]]
            said = [one for one in rest if form.tokens[one].isalnum()]
            named = bool(said) and form.spaced[found.tokens[-1]] and _is_word(form, said[0])
            if named if label.key == "_diagnosis" else not said:
                yield found
                break


def _leading(form: Form, tokens: tuple[int, ...]) -> Found | None:
    """The code that the figures at the start of a region are, with its point where it has one."""
    for length in (3, 1):
        run = tokens[:length]
        closed = not any(form.spaced[one] for one in run[:-1])
        if (
            len(run) == length
            and closed
            and (code := mend_kcd("".join(map(form.tokens.__getitem__, run))))
        ):
            following = tokens[length] if length < len(tokens) else None
            if following is not None and form.tokens[following] in _POINTS:
                return None
            return Found(code, run, _MENDED, ("repair",))
    return None


def _is_word(form: Form, token: int) -> bool:
    return "가" <= form.tokens[token][0] <= "힣"
