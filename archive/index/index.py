"""The search index: which page holds these words, which document is this person's."""

import hashlib
import hmac
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive.index.database import open_database, translated
from archive.index.hashes import FIELDS, PersonHashes
from archive.index.tokens import expression, tokens
from records.errors import IntegrityError
from records.values import IndexEntry

# Ranking costs more than matching: of 56,000 pages, 87 ms against 21.
_RANKED = 5_000


@dataclass(frozen=True, slots=True)
class Hit:
    """A document that answers a search, by its best page.

    `score`: between 1 and 2 where all words stand on the page; between 0 and 1 where one
    character of a word had to be forgiven; 0 where no words were asked for.
    """

    document_id: str
    institution: str
    batch: str
    type: str
    page_id: str
    score: float


class Index:
    """The index in one encrypted file; derived, so it may be removed and filled again.

    Opened when first used. Every call may raise IntegrityError `index_damaged`, TransientError
    `index_busy` or `index_full`, SetupError `index_forbidden`. Safe from threads and processes.
    """

    def __init__(self, file: Path, secret: Callable[[], bytes]) -> None:
        self._file = file
        self._secret = secret
        self._lock = threading.RLock()
        self._open: tuple[Any, PersonHashes] | None = None

    def add(self, entries: Sequence[IndexEntry]) -> int:
        """Add documents, all or none; one that is there is replaced. Return how many were new."""
        with self._write() as (database, hashes):
            there = _numbers(database, [entry.document_id for entry in entries])
            _remove(database, there.values())
            for entry in entries:
                _insert(database, hashes, entry)
        return len({entry.document_id for entry in entries} - there.keys())

    def remove(self, document_ids: Iterable[str]) -> None:
        """Remove documents; nothing happens for those that are not there."""
        with self._write() as (database, _):
            _remove(database, _numbers(database, document_ids).values())

    def search(
        self,
        query: str = "",
        institution: str | None = None,
        patient_name: str | None = None,
        birth_date: str | None = None,
        resident_number: str | None = None,
        type: str | None = None,
        batch: str | None = None,
        limit: int = 20,
    ) -> list[Hit]:
        """Documents that hold all the query's words on one page and fit every filter, best first.

        Where fewer than `limit` are found, those with one misread character a word follow.
        A query without a word in it, beside a filter, lists what the filter gives.
        Where more than 5,000 pages match, the 5,000 indexed last are ranked.
        """
        person = {
            "patient_name": patient_name,
            "birth_date": birth_date,
            "resident_number": resident_number,
        }
        asked = {field: value for field, value in person.items() if value}
        plain = {"institution": institution, "type": type, "batch": batch}
        with self._read() as (database, hashes):
            where, values = _filters(database, hashes, asked, plain)
            exact = expression(query)
            if not exact:
                return _listed(database, where, values, limit) if where and not query else []
            hits = _matched(database, exact, 1.0, where, values, limit)
            forgiving = expression(query, one_wrong=True)
            if len(hits) < limit and forgiving != exact:
                seen = {hit.document_id for hit in hits}
                more = _matched(database, forgiving, 0.0, where, values, limit)
                hits += [hit for hit in more if hit.document_id not in seen]
        return hits[:limit]

    def document_ids(self, institution: str, batch: str | None = None) -> set[str]:
        """Ids of an institution's (or one batch's) documents."""
        sql = "SELECT document_id FROM documents WHERE institution = ?"
        with self._read() as (database, _):
            if batch is None:
                return {row[0] for row in database.execute(sql, (institution,))}
            return {
                row[0] for row in database.execute(sql + " AND batch = ?", (institution, batch))
            }

    def institutions(self) -> set[str]:
        """Codes of the institutions that have documents here."""
        with self._read() as (database, _):
            return {row[0] for row in database.execute("SELECT institution FROM documents")}

    def is_there(self) -> bool:
        """Whether the file exists; unlike every other call, this one does not make it."""
        return self._file.exists()

    def count(self) -> int:
        """How many documents there are."""
        with self._read() as (database, _):
            return int(database.execute("SELECT count(*) FROM documents").fetchone()[0])

    def person_hash(self, institution: str, field: str, value: str) -> str:
        """The keyed hash of a person's `patient_name`, `resident_number` or such, in hex.

        For the access log. Empty where nothing is left of the value.
        """
        with self._read() as (_, hashes):
            return (hashes.of(institution, field, value) or b"").hex()

    def check(self) -> list[str]:
        """What is wrong with the file, as codes: every encrypted page, tables and words."""
        problems: list[str] = []
        self.close()  # what this process has in memory is not what lies on the disk
        try:
            with self._read() as (database, _):
                if database.execute("PRAGMA cipher_integrity_check").fetchall():
                    problems.append("index_page_damaged")
                if database.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
                    problems.append("index_damaged")
                database.execute("INSERT INTO words (words) VALUES ('integrity-check')")
        except IntegrityError as error:
            problems.append(error.code)
        return problems

    def close(self) -> None:
        """Close the file; the next call opens it again."""
        with self._lock:
            if self._open:
                self._open[0].close()
            self._open = None

    @contextmanager
    def _read(self) -> Iterator[tuple[Any, PersonHashes]]:
        with self._lock, translated():
            if self._open is None:
                secret = self._secret()
                database = open_database(self._file, _derived(secret, b"file"))
                self._open = database, PersonHashes(_derived(secret, b"persons"))
            yield self._open

    @contextmanager
    def _write(self) -> Iterator[tuple[Any, PersonHashes]]:
        with self._read() as (database, hashes):
            database.execute("BEGIN IMMEDIATE")
            try:
                yield database, hashes
                database.execute("COMMIT")
            except BaseException:
                if database.in_transaction:
                    database.execute("ROLLBACK")
                raise


def _derived(secret: bytes, purpose: bytes) -> bytes:
    return hmac.new(secret, b"giroksil index " + purpose, hashlib.sha256).digest()


def _insert(database: Any, hashes: PersonHashes, entry: IndexEntry) -> None:
    values = {key: str(field.value) for key, field in entry.fields.items()}
    persons = [hashes.of(entry.institution, name, values.get(name, "")) for name in FIELDS]
    date = values.get("visit_date") or values.get("issue_date")
    number = database.execute(
        "INSERT INTO documents (document_id, institution, batch, type, date, "
        "chart_no, patient_name, resident_number, birth_date) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (entry.document_id, entry.institution, entry.batch, entry.type, date, *persons),
    ).lastrowid
    for page_id, text in zip(entry.page_ids, entry.texts, strict=True):
        page = database.execute(
            "INSERT INTO pages (document, page_id) VALUES (?, ?)", (number, page_id)
        ).lastrowid
        database.execute("INSERT INTO words (rowid, tokens) VALUES (?, ?)", (page, tokens(text)))


def _numbers(database: Any, document_ids: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for document_id in document_ids:
        sql = "SELECT number FROM documents WHERE document_id = ?"
        if row := database.execute(sql, (document_id,)).fetchone():
            found[document_id] = row[0]
    return found


def _remove(database: Any, numbers: Iterable[int]) -> None:
    for number in numbers:
        pages = "SELECT number FROM pages WHERE document = ?"
        database.execute(f"DELETE FROM words WHERE rowid IN ({pages})", (number,))  # noqa: S608
        database.execute("DELETE FROM pages WHERE document = ?", (number,))
        database.execute("DELETE FROM documents WHERE number = ?", (number,))


def _filters(
    database: Any, hashes: PersonHashes, asked: dict[str, str], plain: dict[str, str | None]
) -> tuple[str, list[object]]:
    """The WHERE clause and its values; person hashes differ from institution to institution."""
    clauses: list[str] = []
    values: list[object] = []
    for column, wanted in plain.items():
        if wanted is not None:
            clauses.append(f"d.{column} = ?")
            values.append(wanted)
    if asked:
        institution = plain["institution"]
        sql = "SELECT DISTINCT institution FROM documents"
        codes = [institution] if institution else [row[0] for row in database.execute(sql)]
        for field, value in asked.items():
            some = [hashes.of(code, field, value) for code in codes]
            clauses.append(f"d.{field} IN ({', '.join('?' * len(some))})")
            values += some
    return " AND ".join(clauses), values


def _matched(
    database: Any, match: str, above: float, where: str, values: list[object], limit: int
) -> list[Hit]:
    sql = (
        "WITH found AS MATERIALIZED (SELECT d.document_id, d.institution, d.batch, d.type, "  # noqa: S608
        "p.page_id, -w.rank AS score "
        "FROM words w JOIN pages p ON p.number = w.rowid JOIN documents d ON d.number = p.document "
        f"WHERE w.words MATCH ? {'AND ' + where if where else ''} "
        f"ORDER BY w.rowid DESC LIMIT {_RANKED}) "
        "SELECT document_id, institution, batch, type, page_id, max(score) FROM found "
        "GROUP BY document_id ORDER BY max(score) DESC, document_id LIMIT ?"
    )
    rows = database.execute(sql, (match, *values, limit))
    return [_hit(row, above + row[5] / (1 + row[5])) for row in rows]


def _listed(database: Any, where: str, values: list[object], limit: int) -> list[Hit]:
    sql = (
        "SELECT d.document_id, d.institution, d.batch, d.type, p.page_id, min(p.number) "  # noqa: S608
        "FROM documents d JOIN pages p ON p.document = d.number "
        f"WHERE {where} GROUP BY d.number ORDER BY d.date DESC, d.document_id LIMIT ?"
    )
    return [_hit(row, 0.0) for row in database.execute(sql, (*values, limit))]


def _hit(row: Any, score: float) -> Hit:
    return Hit(row[0], row[1], row[2], row[3], row[4], score)
