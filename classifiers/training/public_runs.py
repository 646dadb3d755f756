"""What of an operator's document a text classifier may learn: only what many patients share.

The classifier sees runs of up to three pieces (`kind_text.py`), so a name is a run like any other.
A run is learned if it stands on made pages, or in the documents of at least `FEWEST_PATIENTS`
different patients; what it is read with does not matter. Everything else becomes a gap.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from classifiers.kind_text import pieces_of_text
from records.values import Field

FEWEST_PATIENTS = 5
GAP = "∅"
_RUN = 3
# Figures are seen by their length alone, so numbers and dates say nothing.
_OF_PERSONS = ("patient_name", "doctor", "institution_name")

Run = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """What a classifier would see of one document, and whose it is; "" where nobody knows."""

    patient: str
    pieces: tuple[str, ...]


def public_runs(made: Iterable[Sequence[str]], seen: Iterable[Seen]) -> set[Run]:
    """The runs of three pieces that may be learned.

    Documents of unknown patients count as one patient's: they may all be.
    """
    allowed = {run for pieces in made for run in _runs(pieces)}
    patients: dict[Run, set[str]] = defaultdict(set)
    for one in seen:
        for run in _runs(one.pieces):
            if run not in allowed and len(patients[run]) < FEWEST_PATIENTS:
                patients[run].add(one.patient)
    return allowed | {run for run, whose in patients.items() if len(whose) >= FEWEST_PATIENTS}


def without_persons(pieces: Sequence[str], fields: Iterable[Field | None]) -> tuple[str, ...]:
    """Pieces with a gap wherever a value stands that says who somebody is."""
    wanted = {
        run
        for field in fields
        if field is not None
        for text in (field.printed, str(field.value))
        if (run := tuple(pieces_of_text(text)))
    }
    kept = list(pieces)
    bare = [piece.removeprefix("^") for piece in pieces]
    for run in sorted(wanted, key=len, reverse=True):
        for start in range(len(bare) - len(run) + 1):
            if tuple(bare[start : start + len(run)]) == run:
                kept[start : start + len(run)] = [GAP] * len(run)
    return tuple(kept)


def fields_of_persons(fields: Mapping[str, Field]) -> list[Field]:
    """The fields that say who somebody is: patient, doctor, institution."""
    return [fields[key] for key in _OF_PERSONS if key in fields]


def learnable(pieces: Sequence[str], allowed: Collection[Run]) -> tuple[str, ...]:
    """Pieces cut so that no run of up to three of them is one that may not be learned.

    Two gaps stand between stretches: no run reaches from one into another.
    """
    return tuple(_stretches(pieces, allowed))


def _stretches(pieces: Sequence[str], allowed: Collection[Run]) -> Iterator[str]:
    place, last = 0, len(pieces) - _RUN
    begun = False
    while place <= last:
        if tuple(pieces[place : place + _RUN]) not in allowed:
            place += 1
            continue
        end = place + _RUN
        while end < len(pieces) and tuple(pieces[end - _RUN + 1 : end + 1]) in allowed:
            end += 1
        if begun:
            yield from (GAP, GAP)
        yield from pieces[place:end]
        begun, place = True, end


def _runs(pieces: Sequence[str]) -> Iterator[Run]:
    for place in range(len(pieces) - _RUN + 1):
        run = tuple(pieces[place : place + _RUN])
        if GAP not in run:
            yield run
