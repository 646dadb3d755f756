"""The forms of the kinds, as data (`forms.yaml`)."""

import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

import yaml


@dataclass(frozen=True, slots=True)
class FormCell:
    """What may stand in a form: its words, and how a record's lines may announce it."""

    name: str
    korean: str
    english: str
    lines: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table of rows: key of the row's value, words, share of the width.

    `strong_if`: the key whose value, where there is one, makes this one stand out.
    """

    key: str
    korean: str
    english: str
    share: float = 1.0
    align: str = "left"
    strong_if: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a form: `kind` is grid, box, table or rest.

    `rows` are those of a grid; `cell` is a box's, a table's or a rest's.
    """

    kind: str
    cell: FormCell
    rows: tuple[tuple[FormCell, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Forms:
    """All forms; `version` is printed on every page."""

    version: int
    cells: Mapping[str, FormCell]
    tables: Mapping[str, tuple[Column, ...]]
    by_kind: Mapping[str, tuple[Part, ...]]
    otherwise: tuple[Part, ...]
    landscape: frozenset[str]

    def of(self, kind: str) -> tuple[Part, ...]:
        """The parts of a kind's form."""
        return self.by_kind.get(kind, self.otherwise)


def letters(label: str) -> str:
    """A label as it is compared: letters and figures only."""
    return "".join(filter(str.isalnum, label)).casefold()


@functools.cache
def load_forms() -> Forms:
    """Read `forms.yaml` once."""
    raw = yaml.safe_load(resources.files(__package__).joinpath("forms.yaml").read_text("utf-8"))
    cells = {
        name: FormCell(name, cell["ko"], cell["en"], frozenset(map(letters, cell.get("lines", ()))))
        for name, cell in raw["cells"].items()
    }
    return Forms(
        version=int(raw["version"]),
        cells=cells,
        tables={
            key: tuple(
                Column(
                    c["key"],
                    c["ko"],
                    c["en"],
                    c["share"],
                    c.get("align", "left"),
                    c.get("strong_if", ""),
                )
                for c in columns
            )
            for key, columns in raw["tables"].items()
        },
        by_kind={kind: _parts(parts, cells) for kind, parts in raw["forms"].items()},
        otherwise=_parts(raw["otherwise"], cells),
        landscape=frozenset(raw["landscape"]),
    )


def _parts(raw: Iterable[Mapping[str, Any]], cells: Mapping[str, FormCell]) -> tuple[Part, ...]:
    return tuple(_part(kind, said, cells) for part in raw for kind, said in part.items())


def _part(kind: str, said: Any, cells: Mapping[str, FormCell]) -> Part:
    if kind == "grid":
        rows = tuple(tuple(cells[name] for name in row.split()) for row in said)
        return Part(kind, rows[0][0], rows)
    if kind == "rest":
        return Part(kind, FormCell("rest", said["ko"], said["en"]))
    return Part(kind, cells[said])
