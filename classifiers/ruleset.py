"""The rules of this room, as data: `rules/*.yaml`, read once a process."""

import datetime as dt
import functools
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

import yaml

from classifiers.letters import compact


@dataclass(frozen=True, slots=True)
class Title:
    """A title as letters only, and the kind it names."""

    kind: str
    letters: str


@dataclass(frozen=True, slots=True)
class Sign:
    """Something besides the title that speaks for a kind.

    `weight` is in log-odds; `likeness` is the least share of letters (0..100) that must agree.
    `phrase` is the first of its variants as written.
    """

    id: str
    variants: tuple[str, ...]
    weight: float
    likeness: float
    phrase: str = ""


@dataclass(frozen=True, slots=True)
class KindRules:
    """What a kind looks like.

    `pages` is one | many; `labels` are words its form prints; `printed` is all of it as written.
    """

    kind: str
    pages: str
    titles: tuple[Title, ...]
    signs: tuple[Sign, ...]
    labels: tuple[str, ...]
    printed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Headers:
    """Column names of EMR tables: field key by header letters, headers that name kind or files."""

    fields: Mapping[str, str]
    kind: frozenset[str]
    file: frozenset[str]


@dataclass(frozen=True, slots=True)
class FormVersion:
    """What forms show from a day on, and what they showed until then.

    `kinds`: of which kinds this is said, empty: of all; `signs`: ids of signs that came with it;
    `words`, `former`: letters that are printed since and until that day; `holds`: what is there
    before its day holds the document.
    """

    since: dt.date
    kinds: frozenset[str]
    signs: frozenset[str]
    words: tuple[str, ...]
    former: tuple[str, ...]
    holds: bool


@dataclass(frozen=True, slots=True)
class Printed:
    """Fields of which a form always prints one, and the first day of the rule that says so."""

    fields: tuple[str, ...]
    since: dt.date = dt.date.min


@dataclass(frozen=True, slots=True)
class FieldDoubts:
    """When a field is too unsure: see `rules/field_doubts.yaml`.

    `printed`: by kind, what its form always prints; `papers`: kinds that are no record, of which
    only the fields `asked` must be sure.
    """

    statutory: tuple[str, ...]
    least: float
    printed: Mapping[str, tuple[Printed, ...]]
    papers: frozenset[str]
    asked: tuple[str, ...]

    def needed(self, kind: str) -> tuple[str, ...]:
        """The fields that must be sure on a document of this kind."""
        return self.asked if kind in self.papers else self.statutory


@functools.cache
def load_kinds() -> Mapping[str, KindRules]:
    """Rules by kind code."""
    raw = _read("kinds.yaml")
    return {code: _kind_rules(code, row) for code, row in raw.items()}


@functools.cache
def load_labels() -> Mapping[str, tuple[str, ...]]:
    """Label phrases by the key they announce; keys that are no field only end a value.

    A day's label in Hanja stands there as it is misread besides: 診療目 for 診療日.
    """
    return {
        key: (*phrases, *(f"{phrase[:-1]}目" for phrase in phrases if phrase.endswith("日")))
        for key, phrases in _read("labels.yaml").items()
    }


@functools.cache
def load_headers() -> Headers:
    """Column names of EMR tables."""
    raw = _read("headers.yaml")
    return Headers(
        fields={compact(name): key for key, names in raw["fields"].items() for name in names},
        kind=frozenset(compact(name) for name in raw["kind"]),
        file=frozenset(compact(name) for name in raw["file"]),
    )


@functools.cache
def load_page_marks() -> Mapping[str, tuple[str, ...]]:
    """Phrases about the page itself (separator, continued), as letters only."""
    return {
        key: tuple(compact(phrase) for phrase in phrases)
        for key, phrases in _read("page_marks.yaml").items()
    }


@functools.cache
def load_boundary_weights() -> Mapping[str, float]:
    """Log-odds that a page begins a document, by sign (`boundary_signs`), and their `bias`."""
    return {sign: float(weight) for sign, weight in _read("boundaries.yaml").items()}


@functools.cache
def load_form_versions() -> tuple[FormVersion, ...]:
    """What the forms show from some days on, and until then."""
    return tuple(
        FormVersion(
            since=row["since"],
            kinds=frozenset(row.get("kinds", ())),
            signs=frozenset(row.get("signs", ())),
            words=tuple(map(compact, row.get("words", ()))),
            former=tuple(map(compact, row.get("former", ()))),
            holds=not row.get("note", False),
        )
        for row in _read("form_versions.yaml")
    )


@functools.cache
def load_field_doubts() -> FieldDoubts:
    """When a field is too unsure for its document to be accepted."""
    raw = _read("field_doubts.yaml")
    printed = {kind: tuple(map(_printed, choices)) for kind, choices in raw["printed"].items()}
    return FieldDoubts(
        statutory=tuple(raw["statutory"]),
        least=float(raw["least"]),
        printed=printed,
        papers=frozenset(raw["papers"]),
        asked=tuple(raw["asked"]),
    )


@functools.cache
def load_lab_tests() -> Mapping[str, tuple[str, ...]]:
    """Names of laboratory tests by the unit they are given in."""
    return {unit: tuple(tests) for unit, tests in _read("lab_tests.yaml").items()}


@functools.cache
def load_drug_names() -> frozenset[str]:
    """Names of active substances."""
    return frozenset(name for row in _read("drug_names.yaml") for name in row)


def _printed(choice: str) -> Printed:
    """Read `KEY|KEY`, or `KEY since DAY`."""
    fields, _, since = choice.partition(" since ")
    first = dt.date.fromisoformat(since) if since else dt.date.min
    return Printed(tuple(fields.split("|")), first)


def _kind_rules(code: str, row: Mapping[str, Any]) -> KindRules:
    return KindRules(
        kind=code,
        pages=row.get("pages", "one"),
        titles=tuple(Title(code, compact(title)) for title in row.get("titles", ())),
        signs=tuple(
            Sign(
                id=f"sign.{code}.{sign['id']}",
                variants=_variants(sign["text"]),
                weight=float(sign.get("weight", 2.0)),
                likeness=float(sign.get("likeness", 85)),
                phrase=_listed(sign["text"])[0],
            )
            for sign in row.get("signs", ())
        ),
        labels=tuple(compact(label) for label in row.get("labels", ())),
        printed=tuple(
            str(phrase)
            for phrases in (
                row.get("titles", ()),
                row.get("labels", ()),
                *(_listed(sign["text"]) for sign in row.get("signs", ())),
            )
            for phrase in phrases
        ),
    )


def _variants(text: str | list[str]) -> tuple[str, ...]:
    return tuple(compact(variant) for variant in _listed(text))


def _listed(text: str | list[str]) -> list[str]:
    return [text] if isinstance(text, str) else text


def _read(name: str) -> Any:
    return yaml.safe_load(resources.files("classifiers").joinpath("rules", name).read_text("utf-8"))
