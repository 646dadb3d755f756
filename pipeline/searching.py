"""Search: the index finds, the access log is told, then the vault gives the snippets."""

from dataclasses import dataclass

from archive.index.snippets import snippet
from archive.opening import Archive
from pipeline.assembly import Workshop
from pipeline.documents import load_document
from pipeline.reader import Reader
from records.errors import RejectedInput


@dataclass(frozen=True, slots=True)
class Found:
    """One hit as a person sees it: the document, its page (1-based) and the words around."""

    document: str
    institution: str
    batch: str
    type: str
    page: int
    page_id: str
    snippet: str
    score: float


@dataclass(frozen=True, slots=True)
class Query:
    """What to look for; empty parts do not restrict."""

    words: str = ""
    institution: str | None = None
    patient: str | None = None
    birth: str | None = None
    type: str | None = None
    limit: int = 20


def search(workshop: Workshop, query: Query, reader: Reader) -> list[Found]:
    """Find documents; every look is logged before anything is shown, even one that finds none.

    Raises:
        RejectedInput: `institution_unknown`.
    """
    archive = workshop.archive
    if query.institution and query.institution not in set(archive.institutions()):
        raise RejectedInput("institution_unknown", query.institution)
    hits = archive.index.search(
        query.words,
        institution=query.institution,
        patient_name=query.patient,
        birth_date=query.birth,
        type=query.type,
        limit=query.limit,
    )
    for institution in [query.institution] if query.institution else list(archive.institutions()):
        seen = [hit.document_id for hit in hits if hit.institution == institution]
        workshop.log_access(
            reader, "search", institution, seen, _whose(archive, institution, query)
        )
    found = []
    for hit in hits:
        record = load_document(archive.vault(hit.institution), hit.document_id)
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
            )
        )
    return found


def _whose(archive: Archive, institution: str, query: Query) -> str:
    """The keyed hash of the person asked for, by name or else by birth date; empty for nobody."""
    asked = {"patient_name": query.patient, "birth_date": query.birth}
    return next(
        (
            archive.index.person_hash(institution, key, value)
            for key, value in asked.items()
            if value
        ),
        "",
    )
