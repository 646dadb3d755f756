"""Whether two identities of one institution are one patient, by the votes that pages have too."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from classifiers.identity import Identity, compare
from classifiers.placeholders import is_placeholder_name, is_placeholder_number

# An agreement that outweighs what speaks against it by as much as birth and half a name.
_SURE = 0.85
_JOINING = {
    "patient.resident_number": ("resident_number",),
    "patient.chart_no": ("chart_no",),
    "patient.name_birth": ("patient_name", "birth_date"),
}
_WHOLE = 14


@dataclass(frozen=True, slots=True)
class Likeness:
    """`same`: True, None = perhaps, False; `evidence` names what the two have in common.

    `contradicted`: something speaks against it, so that what they were treated for decides nothing.
    `confidence`: of what the two have in common, how surely the surest was read on both; not more
    than the votes give. 0.0 where they are not the same.
    """

    same: bool | None
    evidence: tuple[str, ...] = ()
    contradicted: bool = False
    confidence: float = 0.0


def is_placeholder(person: Identity) -> bool:
    """Whether a name or number says that nobody knew who this was.

    A whole number of somebody's own counts before the name: women born long ago are called 아기.
    """
    number = person.resident_number or ""
    if number and is_placeholder_number(number):
        return True
    known = number and "*" not in number
    return not known and bool(person.name) and is_placeholder_name(person.name or "")


def one_person(ours: Identity, theirs: Identity) -> Likeness:
    """Compare two identities; sure only where a number, or name and birth, agree.

    A placeholder is nobody's: it is never the same as anyone, itself included.
    """
    if is_placeholder(ours) or is_placeholder(theirs):
        return Likeness(False)
    found = compare(_plain(ours), _plain(theirs))
    evidence = tuple(_shared(ours, theirs))
    if found.same is None:
        return Likeness(False)
    if not found.same:
        return Likeness(False if found.clear or not evidence else None, evidence, True)
    sure = found.sure >= _SURE and evidence not in ((), ("patient.name",))
    if not sure:
        return Likeness(None, evidence, found.contradicts)
    read = max(_read(ours, theirs, _JOINING[code]) for code in evidence if code in _JOINING)
    return Likeness(True, evidence, found.contradicts, round(min(read, found.sure), 3))


def keys_of(person: Identity) -> Iterator[tuple[str, str]]:
    """What a patient is looked up by: number, chart, name; a pair that shares none is not one."""
    if is_placeholder(person):
        return
    if person.resident_number and "*" not in person.resident_number:
        yield "resident_number", person.resident_number
    if person.chart_no:
        yield "chart_no", plain_chart(person.chart_no)
    if person.name:
        yield "name", plain_name(person.name)


def plain_name(name: str) -> str:
    """A name without spaces, in one case."""
    return "".join(name.split()).casefold()


def plain_chart(number: str) -> str:
    """A chart number without the zeros that one system pads it with and another does not."""
    return number.lstrip("0") or number


def _read(ours: Identity, theirs: Identity, keys: tuple[str, ...]) -> float:
    """How surely all these keys were read on both; what no reader doubted is sure."""
    return min(one.trust.get(key, 1.0) for one in (ours, theirs) for key in keys)


def _plain(person: Identity) -> Identity:
    return replace(
        person,
        name=plain_name(person.name) if person.name else None,
        chart_no=plain_chart(person.chart_no) if person.chart_no else None,
    )


def _shared(ours: Identity, theirs: Identity) -> Iterator[str]:
    one, two = ours.resident_number or "", theirs.resident_number or ""
    whole = len(one) == len(two) == _WHOLE and "*" not in one + two
    if whole and one == two:
        yield "patient.resident_number"
    if plain_chart(ours.chart_no or "") == plain_chart(theirs.chart_no or "-"):
        yield "patient.chart_no"
    same_birth = bool(ours.birth_date) and ours.birth_date == theirs.birth_date
    if ours.name and theirs.name and plain_name(ours.name) == plain_name(theirs.name):
        yield "patient.name_birth" if same_birth else "patient.name"
