"""The balance of a batch: what was declared, what came, and where every page and document is now.

It is computed from sets of ids read back from the stores, so that one page missing and another
counted twice cannot cancel out, and every difference has a name.

Lines are of two sorts. *Binding* lines speak of what happened in our hands: one gap there and the
batch cannot be sealed. The others compare with what the deliverer declared: a sheet that never came
is a fact to be shown, and no work of ours can mend it.
"""

import collections
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field

from quality.balance_words import LINES, PARTS
from records.id_set import IdSet, once_and_more

STORING = frozenset({"accepted_object", "accepted_entry", "accepted_leaf"})
_NONE: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Counted:
    """Sets of ids as the stores hold them; nothing here is taken from another stage's count.

    Those that hold an id of every page or document may be of `records.id_set`.

    Attributes:
        batch: the batch's id, the subject of gaps that have no id of their own.
        declared_sheets: `declared.sheets` of `delivery.yaml`.
        declared_pages: pages of single files by the manifest, file id → pages. A listed file that
            never came has an id too (any that is its own, such as one derived from its place).
        files_listed, files_received, files_missing: the manifest's files, those that came, and
            the listed ones that a failure names as missing. Without a manifest nothing is listed.
        files_failed: files named by any failure.
        files_found: files that lay in the delivery, None where nobody counted them. files_junk,
            files_not_kept: those of them that an operating system left, and that could not be had.
        pages: every page that has an id → its file, pages that could not be had included.
        rows: those of `pages` that are rows of a table, not sheets.
        documents: document id → its pages.
        declared_rows: `declared.rows` of `delivery.yaml`.
        known: rows that another batch of the institution, or another file of this one, has
            already → the document that they are. known_documents: those of these that are there.
        blank, separator, duplicate: pages set aside. rejected: pages that could not be had.
        accepted, held, rejected_documents: documents by where they stand now.
        attachments: rows that name files → a reason's code for each file named, "" where it is
            among those received.
        objects, entries, leaves: ids of documents in the vault, the index and the ledger.
        original_objects, original_leaves: ids of files in the vault and the ledger.
    """

    batch: str
    declared_sheets: int | None = None
    declared_rows: int | None = None
    declared_pages: Mapping[str, int] = field(default_factory=dict)
    files_listed: Set[str] = _NONE
    files_received: Set[str] = _NONE
    files_missing: Set[str] = _NONE
    files_failed: Set[str] = _NONE
    files_found: int | None = None
    files_junk: Set[str] = _NONE
    files_not_kept: Set[str] = _NONE
    pages: Mapping[str, str] = field(default_factory=dict)
    rows: Set[str] = _NONE
    documents: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    blank: Set[str] = _NONE
    separator: Set[str] = _NONE
    duplicate: Set[str] = _NONE
    known: Mapping[str, str] = field(default_factory=dict)
    known_documents: Set[str] = _NONE
    rejected: Set[str] = _NONE
    accepted: Set[str] = _NONE
    held: Set[str] = _NONE
    rejected_documents: Set[str] = _NONE
    attachments: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    objects: Set[str] = _NONE
    entries: Set[str] = _NONE
    leaves: Set[str] = _NONE
    original_objects: Set[str] = _NONE
    original_leaves: Set[str] = _NONE

    def totals(self) -> dict[str, int]:
        """Counts for receipts and progress."""
        return {
            "files": len(self.files_received),
            "files_missing": len(self.files_missing),
            "files_junk": len(self.files_junk),
            "pages": len(self.pages) - len(self.rows),
            "rows": len(self.rows),
            "blank": len(self.blank),
            "separator": len(self.separator),
            "duplicate": len(self.duplicate),
            "known": len(self.known),
            "rejected_pages": len(self.rejected),
            "documents": len(self.documents),
            "accepted": len(self.accepted),
            "held": len(self.held),
            "rejected": len(self.rejected_documents),
        }


@dataclass(frozen=True, slots=True)
class Gap:
    """One difference: its code (`records.reasons`), the id it is about, and the line it breaks.

    `file`, `pages`: where that is on paper, as received and from 1; empty where it is not known.
    """

    code: str
    subject: str
    line: str
    file: str = ""
    pages: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """One summand of a line's right side."""

    code: str
    korean: str
    english: str
    count: int


@dataclass(frozen=True, slots=True)
class Line:
    """One equation: left = the sum of its parts. `ok`: the sets agree, not only their sizes.

    `left` is None where nothing was declared; `binding` lines decide whether a batch can be sealed.
    """

    code: str
    korean: str
    english: str
    left: int | None
    parts: tuple[Part, ...]
    ok: bool
    binding: bool

    @property
    def right(self) -> int:
        """Sum of the parts."""
        return sum(part.count for part in self.parts)


@dataclass(frozen=True, slots=True)
class BalanceSheet:
    """All lines of a batch, and every gap by name."""

    batch: str
    lines: tuple[Line, ...]
    gaps: tuple[Gap, ...]

    @property
    def balanced(self) -> bool:
        """Whether every binding line holds."""
        return all(line.ok for line in self.lines if line.binding)

    @property
    def waits_for_store(self) -> bool:
        """Whether only the lines of storing are open and nothing is stored: before a release."""
        open_ = [line for line in self.lines if line.binding and not line.ok]
        unstored = all(line.code in STORING and not line.right for line in open_)
        return bool(open_) and unstored

    def line(self, code: str) -> Line:
        """The line of this code."""
        return next(line for line in self.lines if line.code == code)


@dataclass(frozen=True, slots=True)
class _Equation:
    code: str
    left: int | None
    parts: Mapping[str, int]
    gaps: tuple[tuple[str, Iterable[str]], ...]
    binding: bool = True


def balance(counted: Counted) -> BalanceSheet:
    """Return the balance sheet of a batch.

    Lines, in order: files_found (where they were counted), files, sheets (where declared or
    received; not binding), rows_declared (where declared; not binding), original_object,
    original_leaf, pages, rows (where there are some), known_documents (where there are some),
    attachments (where rows name files; not binding), documents, accepted_object, accepted_entry,
    accepted_leaf.
    """
    lines: list[Line] = []
    gaps: list[Gap] = []
    for equation in _equations(counted):
        named = sorted({(code, subject) for code, ids in equation.gaps for subject in ids})
        gaps += [Gap(code, subject, equation.code) for code, subject in named]
        korean, english = LINES[equation.code]
        parts = tuple(Part(part, *PARTS[part], count) for part, count in equation.parts.items())
        lines.append(
            Line(equation.code, korean, english, equation.left, parts, not named, equation.binding)
        )
    return BalanceSheet(counted.batch, tuple(lines), tuple(gaps))


def _equations(c: Counted) -> Iterable[_Equation]:
    sheets = c.pages.keys() - c.rows
    if c.files_found is not None:
        yield _files_found(c, c.files_found)
    yield _files(c)
    if c.declared_sheets is not None or sheets or c.declared_pages:
        yield _sheets(c, sheets)
    if c.declared_rows is not None:
        yield _rows_declared(c, c.declared_rows)
    for code, stored in (("object", c.original_objects), ("leaf", c.original_leaves)):
        yield _same(f"original_{code}", c.files_received, stored)
    yield _pages(c, "pages", sheets)
    if c.rows:
        yield _pages(c, "rows", c.rows)
    if c.known:
        yield _same("known_documents", _distinct(c.known), c.known_documents)
    if c.attachments:
        yield _attachments(c)
    yield _documents(c)
    for code, stored in (("object", c.objects), ("entry", c.entries), ("leaf", c.leaves)):
        yield _same(f"accepted_{code}", c.accepted, stored)


def _files_found(c: Counted, found: int) -> _Equation:
    parts = {
        "received": len(c.files_received),
        "junk": len(c.files_junk),
        "not_kept": len(c.files_not_kept),
    }
    differs = found != sum(parts.values())
    return _Equation(
        "files_found", found, parts, (("files_unexplained", {c.batch} if differs else ()),)
    )


def _files(c: Counted) -> _Equation:
    with_pages = _distinct(c.pages)
    return _Equation(
        "files",
        len(c.files_listed) if c.files_listed else None,
        {
            "received": len(c.files_received),
            "missing": len(c.files_missing),
            "unlisted": -len(_unlisted(c)),
        },
        (
            ("file_unaccounted", c.files_listed - c.files_received - c.files_missing),
            ("file_contradictory", c.files_missing & c.files_received),
            ("file_contradictory", c.files_missing - c.files_listed),
            ("file_silent", c.files_received - c.files_failed - with_pages),
            ("file_unknown", with_pages - c.files_received),
        ),
    )


def _sheets(c: Counted, sheets: Set[str]) -> _Equation:
    """Compare with what was declared: a sheet that a failure names is explained, any other is open.

    The delivery's own total counts; without one, the manifest's pages where every file has some.
    Sheets of unlisted files make up for none that lacks, unless the total exceeds a complete
    manifest: then it counted them too.
    """
    given = collections.Counter(c.pages[page] for page in sheets)
    tables = _distinct(c.pages, c.rows)
    by_file = {file: n for file, n in c.declared_pages.items() if file not in tables}
    complete = bool(c.files_listed) and by_file.keys() >= c.files_listed - tables
    listed = sum(by_file.values()) if complete else None
    declared = listed if c.declared_sheets is None else c.declared_sheets
    unlisted = sum(given[file] for file in _unlisted(c))
    if declared is not None and listed is not None:
        unlisted -= min(unlisted, max(0, declared - listed))
    named = c.files_missing | c.files_failed
    short = {file: n - given[file] for file, n in by_file.items() if n != given[file]}
    explained = sum(n for file, n in short.items() if n > 0 and file in named)
    open_sheets = 0 if declared is None else declared - len(sheets) + unlisted - explained
    uncountable = named - tables - by_file.keys() - given.keys()
    why = "sheets_unproven" if open_sheets > 0 and uncountable else "sheets_unexplained"
    return _Equation(
        "sheets",
        declared,
        {
            "pages_received": len(sheets),
            "named_missing": explained,
            "from_unlisted": -unlisted,
            "unexplained": open_sheets,
        },
        (
            ("file_pages_differ", {f for f, n in short.items() if n < 0 or f not in named}),
            (why, {c.batch} if open_sheets else ()),
        ),
        binding=False,
    )


def _rows_declared(c: Counted, declared: int) -> _Equation:
    missing = declared - len(c.rows)
    return _Equation(
        "rows_declared",
        declared,
        {"rows_received": len(c.rows), "unexplained": missing},
        (("rows_unexplained", {c.batch} if missing else ()),),
        binding=False,
    )


def _pages(c: Counted, code: str, pages: Set[str]) -> _Equation:
    """Every page is in exactly one class; `pages` also names those that nobody received."""
    in_documents, twice = once_and_more(p for owned in c.documents.values() for p in owned)
    classes: Mapping[str, Set[str]] = {
        "in_documents": in_documents,
        "blank": c.blank,
        "separator": c.separator,
        "duplicate": c.duplicate,
        **({"known": c.known.keys()} if code == "rows" else {}),
        "rejected_pages": c.rejected,
    }
    classed: Set[str] = IdSet()
    for members in classes.values():
        twice |= classed & members
        classed |= members
    return _Equation(
        code,
        len(pages),
        {name: len(members & pages) for name, members in classes.items()},
        (
            ("page_unaccounted", pages - classed),
            ("page_twice", twice & pages),
            ("page_unknown", classed - c.pages.keys() if code == "pages" else ()),
        ),
    )


def _attachments(c: Counted) -> _Equation:
    """Files that rows name: one that nobody delivered is a named gap, and no fault of ours."""
    why = collections.Counter(code for codes in c.attachments.values() for code in codes)
    absent = {code: count for code, count in sorted(why.items()) if code}
    return _Equation(
        "attachments",
        why.total(),
        {"attachment_joined": why[""], **absent},
        tuple(
            (code, {row for row, codes in c.attachments.items() if code in codes})
            for code in absent
        ),
        binding=False,
    )


def _documents(c: Counted) -> _Equation:
    judged: Set[str] = IdSet()
    twice: Set[str] = IdSet()
    for members in (c.accepted, c.held, c.rejected_documents):
        twice |= judged & members
        judged |= members
    return _Equation(
        "documents",
        len(c.documents),
        {
            "accepted": len(c.accepted),
            "held": len(c.held),
            "rejected_documents": len(c.rejected_documents),
        },
        (
            ("document_unjudged", c.documents.keys() - judged),
            ("document_judged_twice", twice),
            ("verdict_without_document", judged - c.documents.keys()),
            ("document_empty", {document for document, owned in c.documents.items() if not owned}),
        ),
    )


def _same(code: str, wanted: Set[str], stored: Set[str]) -> _Equation:
    return _Equation(
        code,
        len(wanted),
        {code: len(stored)},
        ((f"{code}_missing", wanted - stored), (f"{code}_unexpected", stored - wanted)),
    )


def _distinct(ids: Mapping[str, str], of: Set[str] | None = None) -> Set[str]:
    """The values, or those of some keys, each once."""
    return {value for key, value in ids.items() if of is None or key in of}


def _unlisted(c: Counted) -> Set[str]:
    return c.files_received - c.files_listed if c.files_listed else _NONE
