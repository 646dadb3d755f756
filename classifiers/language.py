"""The spaCy pipeline that finds labels and value shapes in a form.

Korean tokenizers of spaCy need MeCab and expect prose; a form is labels and numbers, read with
unreliable spaces. So one Hangul syllable is one token, one run of Latin letters and digits is one
token, and white space is none: "환 자 성 명" and "환자성명:" match the same phrase.
"""

import functools
import re
from typing import TYPE_CHECKING, Any, cast

from classifiers.ruleset import load_labels

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.pipeline import SpanRuler
    from spacy.tokens import Doc
    from spacy.vocab import Vocab

LABELS = "labels"
VALUES = "values"

_TOKEN = re.compile(r"[A-Za-z0-9]+|\n|\S")
# Letters that readers put for digits are let in here; the grammar decides whether it may mend them.
_DIGITISH = "0-9OoQDIlSBZ"


def _digits(least: int, most: int) -> dict[str, Any]:
    return {"TEXT": {"REGEX": f"^[{_DIGITISH}]{{{least},{most}}}$"}}


def _one_of(signs: str, times: str = "1") -> dict[str, Any]:
    rule: dict[str, Any] = {"TEXT": {"IN": list(signs)}}
    return rule if times == "1" else rule | {"OP": times}


_MASKS = "*●○xX×"
_DASHES = "-–—~_·.=:"
_DAY_END = "일日."
_DATE_TAIL = [
    _one_of(".-/년年,·", "+"),
    _digits(1, 2),
    _one_of(".-/월月,·", "+"),
    _digits(1, 2),
    _one_of(_DAY_END, "?"),
]
# A wide gap inside a number, as between the digits of a grid, parts it in two.
_PARTED_RESIDENTS: tuple[tuple[str, list[dict[str, Any]]], ...] = (
    *(
        ("resident", [_digits(6, 6), _one_of(_DASHES), _digits(n, n), _digits(7 - n, 7 - n)])
        for n in range(1, 7)
    ),
    *(
        ("resident", [_digits(n, n), _digits(6 - n, 6 - n), _one_of(_DASHES), _digits(7, 7)])
        for n in range(1, 6)
    ),
)
_VALUE_PATTERNS: tuple[tuple[str, list[dict[str, Any]]], ...] = (
    *_PARTED_RESIDENTS,
    ("resident", [_digits(6, 6), _one_of(_DASHES), _digits(7, 7)]),
    ("resident", [_digits(6, 6), _one_of(_DASHES), _digits(1, 6), _one_of(_MASKS, "*")]),
    ("resident", [_digits(6, 6), _one_of(_DASHES), {"TEXT": {"REGEX": r"^[1-8][xX]{6}$"}}]),
    ("resident", [_digits(6, 6), _one_of(_DASHES), _one_of(_MASKS, "+")]),
    ("resident", [_digits(13, 13)]),
    ("date", [_digits(4, 4), *_DATE_TAIL]),
    ("date", [_one_of("'’`‘", "?"), _digits(2, 2), *_DATE_TAIL]),
    ("date", [{"TEXT": {"REGEX": r"^(18|19|20)[0-9]{6}$"}}]),
    # Its second point was lost: 2021.1015.
    (
        "date",
        [
            {"TEXT": {"REGEX": r"^(19|20)[0-9]{2}$"}},
            _one_of("."),
            {"TEXT": {"REGEX": r"^(0[1-9]|1[0-2])[0-3][0-9]$"}},
        ],
    ),
    # A day and an hour read without the space between them: 2021-07-2109:05.
    (
        "date",
        [
            _digits(4, 4),
            _one_of(".-/"),
            _digits(2, 2),
            _one_of(".-/"),
            {"TEXT": {"REGEX": r"^[0-3][0-9][0-2][0-9]$"}},
            _one_of(":"),
            {"TEXT": {"REGEX": r"^[0-5][0-9]$"}},
        ],
    ),
    (
        "kcd",
        [
            {"TEXT": {"REGEX": r"^[A-Z][0-9]{2}$"}},
            _one_of(".,·"),
            {"TEXT": {"REGEX": r"^[0-9]{1,3}$"}},
        ],
    ),
    ("kcd", [{"TEXT": {"REGEX": r"^[A-Z][0-9]{2,5}$"}}]),
    # A letter parted from its figures: I 10, M 54.5.
    ("kcd", [{"TEXT": {"REGEX": r"^[A-Z]$"}}, {"TEXT": {"REGEX": r"^[0-9]{2,3}$"}}]),
    (
        "kcd",
        [
            {"TEXT": {"REGEX": r"^[A-Z]$"}},
            {"TEXT": {"REGEX": r"^[0-9]{2}$"}},
            _one_of(".,·"),
            {"TEXT": {"REGEX": r"^[0-9]{1,3}$"}},
        ],
    ),
    (
        "money",
        [
            _one_of("₩￦\\-", "?"),
            _digits(1, 3),
            {"TEXT": {"REGEX": r"^[,.]$"}},
            _digits(3, 3),
            _one_of("원", "?"),
        ],
    ),
    (
        "money",
        [
            _one_of("₩￦\\-", "?"),
            _digits(1, 3),
            {"TEXT": {"REGEX": r"^[,.]$"}},
            _digits(3, 3),
            {"TEXT": {"REGEX": r"^[,.]$"}},
            _digits(3, 3),
            _one_of("원", "?"),
        ],
    ),
    ("money", [_one_of("₩￦\\-", "?"), {"TEXT": {"REGEX": r"^[0-9]{1,9}$"}}, _one_of("원", "?")]),
)


class FormTokenizer:
    """Cuts text into syllables, runs of letters and digits, signs, and line ends."""

    def __init__(self, vocab: "Vocab") -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> "Doc":
        """Tokenize text whose only white space is single spaces and line ends."""
        from spacy.tokens import Doc  # noqa: PLC0415

        words: list[str] = []
        spaces: list[bool] = []
        for match in _TOKEN.finditer(text):
            words.append(match.group())
            spaces.append(text[match.end() : match.end() + 1] == " ")
        return Doc(self.vocab, words=words, spaces=spaces)


@functools.cache
def load_language() -> "Language":
    """Build the pipeline once a process: half a second, nearly all of it the import of spaCy."""
    import spacy  # noqa: PLC0415

    language = spacy.blank("xx")
    language.tokenizer = FormTokenizer(language.vocab)
    _add_ruler(
        language,
        LABELS,
        [
            {"label": key, "pattern": phrase}
            for key, phrases in load_labels().items()
            for phrase in phrases
        ],
    )
    _add_ruler(
        language, VALUES, [{"label": kind, "pattern": pattern} for kind, pattern in _VALUE_PATTERNS]
    )
    return language


def _add_ruler(language: "Language", name: str, patterns: list[dict[str, Any]]) -> None:
    """Add a ruler that writes its spans under its own name; of overlapping ones the longest."""
    config = {
        "spans_key": name,
        "phrase_matcher_attr": "LOWER",
        "spans_filter": {"@misc": "spacy.first_longest_spans_filter.v1"},
    }
    ruler = cast("SpanRuler", language.add_pipe("span_ruler", name=name, config=config))
    ruler.add_patterns(patterns)
