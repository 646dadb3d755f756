"""What the two sides of one visit say alike, and where they differ; neither side is preferred."""

from collections.abc import Callable, Iterator, Sequence

from rapidfuzz.distance import Levenshtein

from classifiers.reconciling.drug_names import Prescribed, drugs_of
from classifiers.reconciling.persons import plain_chart, plain_name
from classifiers.reconciling.reconciliation import Conflict, Told
from classifiers.reconciling.results import results_of
from classifiers.reconciling.visits import AMOUNTS, Visit, codes_of, told
from records.values import Document

# Name and day: a patient has one of each. Doctors and codes: one side may know more than the other.
_ONE: tuple[tuple[str, str, Callable[[str], str]], ...] = (
    ("name", "patient_name", plain_name),
    ("resident_number", "resident_number", str),
    ("birth_date", "birth_date", str),
    ("sex", "sex", str),
    ("chart_no", "chart_no", plain_chart),
)
_SEVERAL: tuple[tuple[str, str, Callable[[str], str]], ...] = (
    ("doctor", "doctor", plain_name),
    ("department", "department", plain_name),
)
_LIKE_NAMES = 0.75  # of a drug's letters; all its figures must be the same


def compare_visits(paper: Visit, emr: Visit) -> tuple[tuple[str, ...], tuple[Conflict, ...]]:
    """Return the codes of what both sides tell alike, and the conflicts with both values."""
    agreements: list[str] = []
    conflicts: list[Conflict] = []
    for what, found in _compared(paper, emr):
        if found:
            conflicts += found
        elif what not in agreements:
            agreements.append(what)
    differing = {conflict.what for conflict in conflicts}
    return tuple(what for what in agreements if what not in differing), tuple(conflicts)


def _compared(paper: Visit, emr: Visit) -> Iterator[tuple[str, list[Conflict]]]:
    if paper.day == emr.day:
        yield "date", []
    else:
        days = Told(paper.day, paper.ids[0]), Told(emr.day, emr.ids[0])
        yield "date", [Conflict("date", *days)]
    for what, key, plain in _ONE:
        ours, theirs = _values(paper.documents, key, plain), _values(emr.documents, key, plain)
        if key == "resident_number":
            ours, theirs = _unmasked(ours, theirs)
        if ours and theirs:
            yield what, _differ(what, ours, theirs, ours.keys() != theirs.keys())
    for what, key, plain in _SEVERAL:
        ours, theirs = _values(paper.documents, key, plain), _values(emr.documents, key, plain)
        if ours and theirs:
            yield what, _differ(what, ours, theirs, _both_have_more(ours, theirs))
    ours, theirs = _codes(paper.documents), _codes(emr.documents)
    if ours and theirs:
        yield "code", _differ("code", ours, theirs, _both_have_more(ours, theirs))
    yield from _amounts(paper.documents, emr.documents)
    yield from _drugs(paper.documents, emr.documents)
    yield from _results(paper.documents, emr.documents)


def _values(
    documents: Sequence[Document], key: str, plain: Callable[[str], str] = str
) -> dict[str, Told]:
    """Plain value → who tells it first, and as it stands there."""
    found: dict[str, Told] = {}
    for document in documents:
        if value := told(document, key):
            found.setdefault(plain(value), Told(value, document.id))
    return found


def _codes(documents: Sequence[Document]) -> dict[str, Told]:
    return {
        code: Told(code, document.id)
        for document in documents
        for code in sorted(codes_of(document))
    }


def _differ(
    what: str, ours: dict[str, Told], theirs: dict[str, Told], different: bool, item: str = ""
) -> list[Conflict]:
    """The conflict of two sets of values: on each side what the other one does not have."""
    if not different:
        return []
    return [Conflict(what, _apart(ours, theirs), _apart(theirs, ours), item)]


def _apart(ours: dict[str, Told], theirs: dict[str, Told]) -> Told:
    return next((told for plain, told in ours.items() if plain not in theirs),
                next(iter(ours.values())))  # fmt: skip


def _both_have_more(ours: dict[str, Told], theirs: dict[str, Told]) -> bool:
    return bool(ours.keys() - theirs.keys()) and bool(theirs.keys() - ours.keys())


def _unmasked(
    ours: dict[str, Told], theirs: dict[str, Told]
) -> tuple[dict[str, Told], dict[str, Told]]:
    """Masked numbers that a whole one of the other side completes say the same as that one."""

    def completed(numbers: dict[str, Told], others: dict[str, Told]) -> dict[str, Told]:
        found: dict[str, Told] = {}
        for number, who in numbers.items():
            shown = number.rstrip("*")
            like = next((o for o in others if "*" in number and o.startswith(shown)), number)
            found.setdefault(like, who)
        return found

    return completed(ours, theirs), completed(theirs, ours)


def _amounts(
    paper: Sequence[Document], emr: Sequence[Document]
) -> Iterator[tuple[str, list[Conflict]]]:
    """Totals and the patient's share, each kind of bill with its own kind where both have one."""
    for key in AMOUNTS:
        ours, theirs = _by_kind(paper, key), _by_kind(emr, key)
        kinds = sorted(ours.keys() & theirs.keys())
        for kind in kinds:
            one, two = _values(ours[kind], key), _values(theirs[kind], key)
            yield key, _differ(key, one, two, one.keys() != two.keys())
        if not kinds and ours and theirs:
            one, two = _values(paper, key), _values(emr, key)
            yield key, _differ(key, one, two, not one.keys() & two.keys())


def _by_kind(documents: Sequence[Document], key: str) -> dict[str, list[Document]]:
    kinds: dict[str, list[Document]] = {}
    for document in documents:
        if told(document, key):
            kinds.setdefault(document.type, []).append(document)
    return kinds


def _drugs(
    paper: Sequence[Document], emr: Sequence[Document]
) -> Iterator[tuple[str, list[Conflict]]]:
    ours, theirs = _by_drug(paper), _by_drug(emr)
    if not ours or not theirs:
        return
    pairs = [(name, name) for name in ours if name in theirs]
    named = _like_names([n for n in ours if n not in theirs], [n for n in theirs if n not in ours])
    for one, two in (*pairs, *named):
        left, right = ours.pop(one), theirs.pop(two)
        said = Told(left[0].printed, left[0].document), Told(right[0].printed, right[0].document)
        yield "drug_name", [] if one == two else [Conflict("drug_name", *said)]
        for what in ("dose", "times", "days"):
            first, second = _told_of(left, what), _told_of(right, what)
            if first and second:
                different = first.keys() != second.keys()
                conflict = _differ(f"drug_{what}", first, second, different, left[0].printed)
                yield f"drug_{what}", conflict
    for rows in ours.values():
        row = Told(rows[0].printed, rows[0].document)
        yield "drug_absent", [Conflict("drug_absent", row, Told("", ""), row.value)]
    for rows in theirs.values():
        row = Told(rows[0].printed, rows[0].document)
        yield "drug_absent", [Conflict("drug_absent", Told("", ""), row, row.value)]


def _by_drug(documents: Sequence[Document]) -> dict[str, list[Prescribed]]:
    found: dict[str, list[Prescribed]] = {}
    for document in documents:
        for drug in drugs_of(document):
            found.setdefault(drug.name, []).append(drug)
    return found


def _told_of(rows: Sequence[Prescribed], what: str) -> dict[str, Told]:
    values = [(getattr(row, what), row.document) for row in rows]
    return {value: Told(value, document) for value, document in reversed(values) if value}


def _like_names(ours: Sequence[str], theirs: Sequence[str]) -> list[tuple[str, str]]:
    """Names that are each other's only likeness: one drug, spelled in two ways."""

    def like(one: str, two: str) -> bool:
        same_figures = [c for c in one if c.isdigit()] == [c for c in two if c.isdigit()]
        return same_figures and Levenshtein.normalized_similarity(one, two) >= _LIKE_NAMES

    pairs = [(one, two) for one in ours for two in theirs if like(one, two)]
    return [
        (one, two) for one, two in pairs
        if sum(p[0] == one for p in pairs) == 1 and sum(p[1] == two for p in pairs) == 1
    ]  # fmt: skip


def _results(
    paper: Sequence[Document], emr: Sequence[Document]
) -> Iterator[tuple[str, list[Conflict]]]:
    """Results of the tests that both sides have, by name."""
    ours, theirs = _by_test(paper), _by_test(emr)
    for test, (printed, one) in ours.items():
        if test in theirs:
            _, two = theirs[test]
            yield "result", _differ("result", one, two, one.keys() != two.keys(), printed)


def _by_test(documents: Sequence[Document]) -> dict[str, tuple[str, dict[str, Told]]]:
    """Plain name of a test → its name as first printed, and its results."""
    found: dict[str, tuple[str, dict[str, Told]]] = {}
    for document in documents:
        for one in results_of(document):
            _, results = found.setdefault(one.test, (one.printed, {}))
            results.setdefault(one.value, Told(one.told, document.id))
    return found
