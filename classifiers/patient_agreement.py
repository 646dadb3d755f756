"""What several documents of one patient in a stack say of them, and what of it is believed.

A particular that was read with doubt is believed where another document of the same patient says
the same surely; one that is a stroke apart from what the others say is doubted; a name whose label
was not read is found where it stands on the page. Two documents are one patient's by another
particular than the one in question: the whole resident number, the chart number, the day of birth.
A doubted name is believed, too, where a document close by has the very same one surely.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from rapidfuzz.distance import Levenshtein

from classifiers.field_doubts import doubts_again
from classifiers.fields.said_again import confirmed
from classifiers.letters import compact
from classifiers.placeholders import is_placeholder_number
from classifiers.ruleset import load_field_doubts
from records.values import Document, Field, PageText

_NAME = "patient_name"
_ASKED = (_NAME, "birth_date", "resident_number", "disease_codes")
_JOINING = ("resident_number", "chart_no", "birth_date")
_BELIEVED = 0.8  # of another document: its reading
_JOINED = 0.6  # of a particular that makes two documents one patient's
_DOUBTED = 0.5
_CLOSE_BY = 3  # documents before and behind


def agreed(documents: Sequence[Document], pages: Mapping[str, PageText]) -> tuple[Document, ...]:
    """Return the documents with their patients' particulars compared, and their doubts anew."""
    return tuple(_compared(document, documents, pages) for document in documents)


def _compared(
    document: Document, documents: Sequence[Document], pages: Mapping[str, PageText]
) -> Document:
    changed: dict[str, Field] = {}
    for key in _ASKED:
        peers = [
            other.fields[key]
            for other in documents
            if other is not document
            and key in other.fields
            and (other.fields[key].confidence or 0.0) >= _BELIEVED
            and _one_patient(document, other, key)
        ]
        field = document.fields.get(key)
        judged = _found(document, peers, pages) if field is None else _judged(key, field, peers)
        if judged is None and key == _NAME and field is not None:
            judged = _judged(key, field, [*_namesakes(document, field, documents)])
        if judged is not None and (field is not None or key == _NAME):
            changed[key] = judged
    if not changed:
        return document
    fields = {**document.fields, **changed}
    doubts = doubts_again(document.type, fields, document.evidence)
    return replace(document, fields=fields, evidence=doubts)


def _namesakes(document: Document, name: Field, documents: Sequence[Document]) -> Iterator[Field]:
    """The same name where a document close by has it surely, and no particular tells them apart.

    A patient's papers lie together, and a wrong reading is hardly ever a neighbour's very name.
    """
    place = next(at for at, other in enumerate(documents) if other is document)
    for other in documents[max(place - _CLOSE_BY, 0) : place + _CLOSE_BY + 1]:
        theirs = other.fields.get(_NAME)
        if other is document or theirs is None or theirs.value != name.value:
            continue
        if (theirs.confidence or 0.0) >= _BELIEVED and not _tell_apart(document, other):
            yield theirs


def _tell_apart(ours: Document, theirs: Document) -> bool:
    """Whether a particular that both have, read surely enough, is another."""
    pairs = [(ours.fields.get(key), theirs.fields.get(key)) for key in _JOINING]
    return any(
        mine is not None
        and other is not None
        and _read(mine)
        and _read(other)
        and mine.value != other.value
        for mine, other in pairs
    )


def _one_patient(ours: Document, theirs: Document, key: str) -> bool:
    """Whether a particular other than `key` is surely the same, and none surely another."""
    same = 0
    for joining in _JOINING:
        mine, other = ours.fields.get(joining), theirs.fields.get(joining)
        if joining == key or mine is None or other is None or not (_read(mine) and _read(other)):
            continue
        if "from_resident" in mine.rule and key == "resident_number":
            continue
        if mine.value != other.value:
            return False
        number = str(mine.value)
        same += "*" not in number and not is_placeholder_number(number)
    return same > 0


def _read(field: Field) -> bool:
    return (field.confidence or 0.0) >= _JOINED


def _judged(key: str, field: Field, peers: Sequence[Field]) -> Field | None:
    """A field as the others' readings leave it; None where they change nothing."""
    least = load_field_doubts().least
    sure = field.confidence or 0.0
    if isinstance(field.value, list):
        said = {code for peer in peers if isinstance(peer.value, list) for code in peer.value}
        if sure >= least or not field.value or not said.issuperset(field.value):
            return None
        return confirmed(field, _BELIEVED, "agrees")
    alike = [peer.confidence or 0.0 for peer in peers if peer.value == field.value]
    if alike:
        return confirmed(field, max(alike), "agrees") if sure < least else None
    if key == _NAME and sum(peer.confidence or 0.0 for peer in _near(field, peers)) > sure >= least:
        return replace(field, confidence=_DOUBTED, rule=f"{field.rule}+differs")
    return None


def _near(field: Field, peers: Sequence[Field]) -> Iterator[Field]:
    """The peers' names that are one syllable apart, as a misread one is."""
    for peer in peers:
        if Levenshtein.distance(str(field.value), str(peer.value), score_cutoff=1) == 1:
            yield peer


def _found(
    document: Document, peers: Sequence[Field], pages: Mapping[str, PageText]
) -> Field | None:
    """The name that the patient's other documents bear, where a word of this one is it."""
    names = {str(peer.value) for peer in peers}
    if len(names) != 1:
        return None
    known = max(peers, key=lambda peer: peer.confidence or 0.0)
    letters = compact(str(known.value))
    for page_id in document.pages:
        for line in pages[page_id].lines:
            for word in line.words:
                if compact(word.text) == letters:
                    sure = round(min(word.confidence or 0.0, known.confidence or 0.0), 3)
                    return Field(
                        value=known.value,
                        printed=word.text,
                        confidence=sure,
                        page_id=page_id,
                        box=word.box,
                        rule="patient_name.known+agrees",
                    )
    return None
