"""What the index is asked in SQL: filters, ranked matches, lists."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from archive.index.hashes import PersonHashes


@dataclass(frozen=True, slots=True)
class Hit:
    """A document that answers a search, by its best page.

    `score`: between 2 and 3 where all words stand on the page; between 1 and 2 where one syllable
    of a word had to be forgiven; between 0 and 1 where a word is missing; 0 where no words were
    asked for.
    """

    document_id: str
    institution: str
    batch: str
    type: str
    page_id: str
    score: float


@dataclass(frozen=True, slots=True)
class Filters:
    """What a hit must fit; empty parts do not restrict. Dates ISO, both ends included."""

    institution: str | None = None
    type: str | None = None
    batch: str | None = None
    since: str | None = None
    until: str | None = None
    chart_no: str | None = None
    patient_name: str | None = None
    birth_date: str | None = None
    resident_number: str | None = None


Condition = tuple[str, list[object]]
Found = tuple[str, str, str, str, str]


def condition(database: Any, hashes: PersonHashes, filters: Filters) -> Condition:
    """The WHERE clause and its values; person hashes differ from institution to institution."""
    clauses: list[str] = []
    values: list[object] = []

    def add(clause: str, *more: object) -> None:
        clauses.append(clause)
        values.extend(more)

    for column in ("institution", "type", "batch"):
        if (wanted := getattr(filters, column)) is not None:
            add(f"d.{column} = ?", wanted)
    if filters.since:
        add("d.date >= ?", filters.since)
    if filters.until:
        add("d.date <= ?", filters.until)
    for field, value in _persons(filters).items():
        codes = [filters.institution] if filters.institution else sorted(institutions(database))
        some = [hashes.of(code, field, value) for code in codes]
        add(f"d.{field} IN ({', '.join('?' * len(some))})", *some)
    return " AND ".join(clauses), values


def _persons(filters: Filters) -> Mapping[str, str]:
    names = ("chart_no", "patient_name", "birth_date", "resident_number")
    return {name: value for name in names if (value := getattr(filters, name))}


def institutions(database: Any) -> set[str]:
    """Codes of the institutions that have documents; a batch stays known without its documents."""
    sql = (
        "SELECT institution FROM batches b "
        "WHERE EXISTS (SELECT 1 FROM documents d WHERE d.batch = b.number)"
    )
    return {row[0] for row in database.execute(sql)}


def matched(database: Any, match: str, where: Condition, limit: int) -> list[Found]:
    """Documents whose pages match an FTS5 expression, by the page indexed last, newest first."""
    sql = (
        "SELECT d.document_id, d.institution, d.batch, d.type, p.page_id "  # noqa: S608
        "FROM words w JOIN pages p ON p.number = w.rowid JOIN filed d ON d.number = p.document "
        f"WHERE w.words MATCH ? {'AND ' + where[0] if where[0] else ''} ORDER BY w.rowid DESC"
    )
    found: dict[str, Found] = {}
    # Rows come as they are found: what is not read is not looked for.
    for row in database.execute(sql, (match, *where[1])):
        found.setdefault(row[0], row)
        if len(found) == limit:
            break
    return list(found.values())


def listed(database: Any, where: Condition, limit: int) -> list[Hit]:
    """Documents that fit the filters, newest first, by their first page."""
    sql = (
        "SELECT d.document_id, d.institution, d.batch, d.type, p.page_id, min(p.number) "  # noqa: S608
        "FROM filed d JOIN pages p ON p.document = d.number "
        f"WHERE {where[0]} GROUP BY d.number ORDER BY d.date DESC, d.document_id LIMIT ?"
    )
    rows = database.execute(sql, (*where[1], limit))
    return [Hit(row[0], row[1], row[2], row[3], row[4], 0.0) for row in rows]
