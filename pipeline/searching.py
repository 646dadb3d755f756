"""Search: the index finds, the access log is told, then the vault gives the snippets."""

from collections.abc import Sequence
from dataclasses import dataclass

from archive.index.matching import Hit
from archive.index.snippets import snippet
from archive.opening import Archive
from archive.vault.vault import Vault
from pipeline.assembly import Workshop
from pipeline.documents import load_document
from pipeline.reader import Reader
from pipeline.record_versions import current_version
from records.errors import IntegrityError, RejectedInput


@dataclass(frozen=True, slots=True)
class Found:
    """One hit as a person sees it: the document, its page (1-based) and the words around.

    `replaced_by`: the newest version of an EMR's record, where the document is an older one.
    """

    document: str
    institution: str
    batch: str
    type: str
    page: int
    page_id: str
    snippet: str
    score: float
    replaced_by: str = ""


@dataclass(frozen=True, slots=True)
class Query:
    """What to look for; empty parts do not restrict. `since`, `until`: ISO dates, included."""

    words: str = ""
    institution: str | None = None
    patient: str | None = None
    birth: str | None = None
    type: str | None = None
    resident: str | None = None
    chart: str | None = None
    batch: str | None = None
    since: str | None = None
    until: str | None = None
    limit: int = 20


def search(workshop: Workshop, query: Query, reader: Reader) -> list[Found]:
    """Find documents; every look is logged before anything is shown, even one that finds none.

    An institution whose keys do not open cannot be logged to, so nothing of it is shown.

    Raises:
        RejectedInput: `institution_unknown`.
        IntegrityError: the keys of the one institution asked for do not open.
    """
    archive = workshop.archive
    if query.institution and query.institution not in set(archive.institutions()):
        raise RejectedInput("institution_unknown", query.institution)
    shut: tuple[IntegrityError, ...] = ()
    if query.institution:
        vaults: tuple[Vault, ...] = (archive.vault(query.institution),)
    else:
        vaults, shut = archive.vaults()
    opened = {vault.institution: vault for vault in vaults}
    # Hits that cannot be shown must not take the places of those that can.
    hits = _hits(archive, query, [*opened] if shut else [query.institution])
    for institution in opened:
        seen = [hit.document_id for hit in hits if hit.institution == institution]
        workshop.log_access(
            reader,
            "search",
            institution,
            seen,
            _whose(archive, institution, query),
            found=bool(seen),
        )
    found = []
    for hit in hits:
        vault = opened[hit.institution]
        record = load_document(vault, hit.document_id)
        newest = current_version(vault, record.document)
        number, page = next(
            (n, p) for n, p in enumerate(record.pages, 1) if p.page_id == hit.page_id
        )
        found.append(
            Found(
                hit.document_id,
                hit.institution,
                hit.batch,
                hit.type,
                number,
                hit.page_id,
                snippet(page.text, query.words),
                hit.score,
                newest if newest != hit.document_id else "",
            )
        )
    return found


def _hits(archive: Archive, query: Query, institutions: Sequence[str | None]) -> list[Hit]:
    found = [
        hit
        for institution in institutions
        for hit in archive.index.search(
            query.words,
            institution=institution,
            patient_name=query.patient,
            birth_date=query.birth,
            resident_number=query.resident,
            chart_no=query.chart,
            type=query.type,
            batch=query.batch,
            since=query.since,
            until=query.until,
            limit=query.limit,
        )
    ]
    return sorted(found, key=lambda hit: -hit.score)[: query.limit]


def _whose(archive: Archive, institution: str, query: Query) -> str:
    """The keyed hash of the person asked for, by the first of these; empty for nobody."""
    asked = {
        "resident_number": query.resident,
        "patient_name": query.patient,
        "chart_no": query.chart,
        "birth_date": query.birth,
    }
    return next(
        (
            archive.index.person_hash(institution, key, value)
            for key, value in asked.items()
            if value
        ),
        "",
    )
