"""Search: the index finds, the access log is told, then the vault gives the snippets."""

from dataclasses import dataclass

from archive.index.snippets import snippet
from pipeline.assembly import Workshop
from pipeline.documents import load_document
from pipeline.reader import Reader


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
    """Find documents; every look is logged before anything is shown, even one that finds none."""
    archive = workshop.archive
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
        whose = (
            archive.index.person_hash(institution, "patient_name", query.patient)
            if query.patient
            else ""
        )
        workshop.log_access(reader, "search", institution, seen, whose)
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
