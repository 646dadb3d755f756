"""What reading does to print, measured on pages really read, and done to pages that were not.

Reading a page costs seconds, misreading its true text a millisecond. A page is misread as some
measured page was: with its share of wrong letters, of wrong letters in tall lines, of lost lines,
of spaces dropped and put in; which letter becomes which is drawn from the table of all pages.
"""

import json
import random
import statistics
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from importlib import resources

from rapidfuzz.distance import Levenshtein

from records.values import Box, Line, PageText, Word
from tests.makers.truth import PageTruth, TruthLine

_TALL = 1.4
_MOST_OUTCOMES = 8
_INSERT = ""  # what stands for "nothing was printed" in the table
_FEWEST_LETTERS = 40
_SPREAD = 0.12  # of words' confidences around their page's


@dataclass(frozen=True, slots=True)
class Profile:
    """How one page was read; shares are 0..1."""

    confidence: float
    wrong: float
    wrong_tall: float
    lost: float
    joined: float
    parted: float


@dataclass(frozen=True, slots=True)
class ReadingErrors:
    """Profiles of pages, and what each letter became (to its text: how often)."""

    profiles: tuple[Profile, ...]
    becomes: Mapping[str, Mapping[str, int]]


def measure(pages: Iterable[tuple[PageTruth, PageText]]) -> ReadingErrors:
    """Compare pages as read with what is printed on them, line by line."""
    becomes: dict[str, Counter[str]] = {}
    profiles = []
    for truth, text in pages:
        upright = truth.rotation == text.rotation
        if upright and sum(len(line.text) for line in truth.lines) >= _FEWEST_LETTERS:
            profiles.append(_profile(truth, text, becomes))
    table = {
        letter: dict(outcomes.most_common(_MOST_OUTCOMES)) for letter, outcomes in becomes.items()
    }
    return ReadingErrors(tuple(profiles), table)


def _profile(truth: PageTruth, text: PageText, becomes: dict[str, Counter[str]]) -> Profile:
    usual = statistics.median(_height(line) for line in truth.lines)
    letters, wrong = Counter[bool](), Counter[bool]()
    lost = joined = parted = spaces = 0
    words = [word for line in text.lines for word in line.words]
    for line in truth.lines:
        read = _read_of(line, words)
        if not read:
            lost += 1
            continue
        tall = _height(line) >= _TALL * usual
        printed = line.text
        spaces += printed.count(" ")
        letters[tall] += len(printed.replace(" ", ""))
        for step in Levenshtein.editops(printed, read):
            before = printed[step.src_pos : step.src_pos + 1] if step.tag != "insert" else _INSERT
            after = read[step.dest_pos : step.dest_pos + 1] if step.tag != "delete" else ""
            joined += before == " "
            parted += after == " "
            if " " not in {before, after}:
                wrong[tall] += 1
                becomes.setdefault(before, Counter())[after] += 1
    share = {tall: wrong[tall] / max(letters[tall], 1) for tall in (False, True)}
    return Profile(
        confidence=round(text.confidence or 0.0, 3),
        wrong=round(min(share[False], 0.9), 4),
        wrong_tall=round(min(share[True] if letters[True] else share[False], 0.9), 4),
        lost=round(lost / len(truth.lines), 4),
        joined=round(joined / max(spaces, 1), 4),
        parted=round(parted / max(sum(letters.values()), 1), 4),
    )


def _height(line: TruthLine) -> int:
    return max((word.box.y1 - word.box.y0 for word in line.words), default=0)


def _read_of(line: TruthLine, words: Sequence[Word]) -> str:
    """The words that were read where a line is printed, from left to right."""
    found: dict[int, Word] = {}
    for printed in line.words:
        box = printed.box
        slack = (box.y1 - box.y0) / 3
        for word in words:
            middle = (word.box.x0 + word.box.x1) / 2, (word.box.y0 + word.box.y1) / 2
            inside = box.x0 - slack <= middle[0] <= box.x1 + slack
            spans = word.box.x0 <= (box.x0 + box.x1) / 2 <= word.box.x1
            if (inside or spans) and box.y0 - slack <= middle[1] <= box.y1 + slack:
                found[id(word)] = word
    return " ".join(word.text for word in sorted(found.values(), key=lambda word: word.box.x0))


def misread(
    page: PageText,
    errors: ReadingErrors,
    rng: random.Random,
    confidence: tuple[float, float] = (0.0, 1.0),
) -> PageText:
    """Return a page as it may have been read, after a measured page of such a confidence."""
    low, high = confidence
    profile = rng.choice([p for p in errors.profiles if low <= p.confidence < high])
    heights = [_box_height(word) for line in page.lines for word in line.words]
    usual = statistics.median(heights or [0])
    lines = []
    for line in page.lines:
        if rng.random() < profile.lost:
            continue
        tall = max(map(_box_height, line.words), default=0) >= _TALL * usual
        rate = min((profile.wrong_tall if tall else profile.wrong) * rng.gammavariate(1, 1), 0.95)
        if words := tuple(_words(line.words, rate, profile, errors, rng)):
            lines.append(Line(words))
    return replace(page, lines=tuple(lines), confidence=profile.confidence)


def _words(
    words: Sequence[Word], rate: float, profile: Profile, errors: ReadingErrors, rng: random.Random
) -> Iterator[Word]:
    pending: Word | None = None
    for word in words:
        text = "".join(_letter(letter, rate, errors, rng) for letter in word.text)
        if not text:
            continue
        made = Word(text, word.box, _confidence(profile, rng))
        if pending is not None and rng.random() < profile.joined:
            box = Box(
                pending.box.x0,
                min(pending.box.y0, made.box.y0),
                made.box.x1,
                max(pending.box.y1, made.box.y1),
            )
            pending = Word(pending.text + made.text, box, made.confidence)
            continue
        if pending is not None:
            yield from _parted(pending, profile, rng)
        pending = made
    if pending is not None:
        yield from _parted(pending, profile, rng)


def _letter(letter: str, rate: float, errors: ReadingErrors, rng: random.Random) -> str:
    if rng.random() >= rate:
        return letter
    outcomes = errors.becomes.get(letter) or {"": 1}
    return rng.choices(tuple(outcomes), tuple(outcomes.values()))[0]


def _parted(word: Word, profile: Profile, rng: random.Random) -> Iterator[Word]:
    cuts = [n for n in range(1, len(word.text)) if rng.random() < profile.parted]
    wide = (word.box.x1 - word.box.x0) / len(word.text)
    for start, end in zip((0, *cuts), (*cuts, len(word.text)), strict=True):
        left, right = round(word.box.x0 + wide * start), round(word.box.x0 + wide * end)
        box = Box(left, word.box.y0, max(right, left + 1), word.box.y1)
        yield Word(word.text[start:end], box, word.confidence)


def _confidence(profile: Profile, rng: random.Random) -> float:
    return round(min(max(profile.confidence + rng.gauss(0, _SPREAD), 0.05), 0.99), 3)


def _box_height(word: Word) -> int:
    return word.box.y1 - word.box.y0


def write_errors(errors: ReadingErrors) -> str:
    """Return what `load_errors` reads."""
    return json.dumps(asdict(errors), ensure_ascii=False, indent=0, sort_keys=True) + "\n"


def load_errors() -> ReadingErrors:
    """Return the errors that were measured, from `reading_errors.json`."""
    file = resources.files("classifiers").joinpath("training", "reading_errors.json")
    given = json.loads(file.read_text("utf-8"))
    return ReadingErrors(tuple(Profile(**row) for row in given["profiles"]), given["becomes"])
