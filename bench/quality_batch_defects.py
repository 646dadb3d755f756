"""The kinds of defects of deliveries and of the line itself; each spoils a batch of its own."""

import random
from dataclasses import replace
from typing import Any

from bench.quality_batches import Made
from bench.quality_defects import BatchDefect
from quality.balance import Counted
from records.values import Institution


def _counted(made: Made, **changes: Any) -> Made:
    return replace(made, counted=replace(made.counted, **changes))


def _delivery(made: Made, **changes: Any) -> Made:
    return replace(
        made, batch=replace(made.batch, delivery=replace(made.batch.delivery, **changes))
    )


def _file(counted: Counted) -> str:
    return next(iter(counted.files_received))


def _lost(made: Made, rng: random.Random) -> Made:
    """A sheet fell out of the stack before it was scanned: the manifest counted it."""
    counted = made.counted
    return _counted(
        made,
        declared_sheets=(counted.declared_sheets or 0) + 1,
        declared_pages={_file(counted): len(counted.pages) + 1},
    )


def _lost_between(made: Made, rng: random.Random) -> Made:
    """The line itself loses a page: received, and then in no document."""
    document = rng.choice([d for d, pages in made.counted.documents.items() if len(pages) > 1])
    owned = dict(made.counted.documents)
    owned[document] = owned[document][:-1]
    return _counted(made, documents=owned)


def _twice(made: Made, rng: random.Random) -> Made:
    """The line puts a page into two documents, and loses another: the sums are equal."""
    first, second = rng.sample([d for d, p in made.counted.documents.items() if len(p) > 1], 2)
    owned = dict(made.counted.documents)
    owned[first] = (*owned[first][:-1], owned[second][0])
    return _counted(made, documents=owned)


def _without(made: Made, rng: random.Random, of: str) -> Made:
    ids = getattr(made.counted, of)
    return _counted(made, **{of: ids - {rng.choice(sorted(ids))}})


def _swapped_objects(made: Made, rng: random.Random) -> Made:
    objects = made.counted.objects - {rng.choice(sorted(made.counted.objects))}
    return _counted(made, objects=objects | {"d-of-nobody"})


def _missing_file(made: Made, rng: random.Random) -> Made:
    """A listed file did not come, and nothing says so."""
    listed = made.counted.files_listed | {"f-missing"}
    return _counted(made, files_listed=listed)


def _extra_file(made: Made, rng: random.Random) -> Made:
    """A file that the manifest does not list came, with a page."""
    pages = {**made.counted.pages, "p-extra": "f-extra"}
    received = made.counted.files_received | {"f-extra"}
    return _counted(made, pages=pages, files_received=received)


def _silent_file(made: Made, rng: random.Random) -> Made:
    """A received file left neither a page nor a reason."""
    file = made.counted.files_received | {"f-silent"}
    return _counted(made, files_received=file, files_listed=file, original_objects=file,
                    original_leaves=file)  # fmt: skip


def _foreign(made: Made, rng: random.Random) -> Made:
    other = Institution("39999999", "새벽하늘이비인후과의원", None, None)
    own = made.batch.delivery.institution
    other = replace(other, opened=own.opened, closed=own.closed)
    return _delivery(made, institution=other)


def _unreadable(made: Made, rng: random.Random) -> Made:
    pages = tuple(replace(page, lines=()) if rng.random() < 0.2 else page for page in made.pages)
    return replace(made, pages=pages)


def _blanks(made: Made, rng: random.Random) -> Made:
    blank = made.pages[-1]
    more = tuple(replace(blank, page_id=f"p-blank{n}") for n in range(2 * len(made.pages)))
    return replace(made, pages=(*made.pages, *more))


def _other_counts(made: Made, rng: random.Random) -> Made:
    declared = dict(made.batch.delivery.declared_documents)
    kind = rng.choice(sorted(declared))
    return _delivery(made, declared_documents={**declared, kind: declared[kind] + 1})


BATCH_DEFECTS = (
    BatchDefect("a sheet lost before the scanner", "critical", _lost),
    BatchDefect("a page lost inside the line", "critical", _lost_between),
    BatchDefect("a page in two documents, another in none", "critical", _twice),
    BatchDefect("an accepted document not in the vault", "critical",
                lambda m, r: _without(m, r, "objects")),
    BatchDefect("an accepted document not in the index", "critical",
                lambda m, r: _without(m, r, "entries")),
    BatchDefect("an accepted document not in the ledger", "critical",
                lambda m, r: _without(m, r, "leaves")),
    BatchDefect("an original not in the vault", "critical",
                lambda m, r: _without(m, r, "original_objects")),
    BatchDefect("one document's object in place of another's", "critical", _swapped_objects),
    BatchDefect("a document without a verdict", "critical",
                lambda m, r: _without(m, r, "accepted")),
    BatchDefect("a file missing", "critical", _missing_file),
    BatchDefect("a file that left nothing behind", "critical", _silent_file),
    BatchDefect("a file too many", "critical", _extra_file),
    BatchDefect("a delivery under another institution", "critical", _foreign),
    BatchDefect("a fifth of the pages without words", "major", _unreadable),
    BatchDefect("kinds counted otherwise than declared", "minor", _other_counts),
    BatchDefect("no manifest", "minor",
                lambda m, r: replace(m, batch=replace(m.batch, undeclared=True))),
    BatchDefect("nobody named who scanned", "minor", lambda m, r: _delivery(m, scanned={})),
    BatchDefect("opening and closing not stated", "minor", lambda m, r: _delivery(
        m, institution=replace(m.batch.delivery.institution, opened=None, closed=None))),
    BatchDefect("two thirds blank", "minor", _blanks),
)  # fmt: skip
