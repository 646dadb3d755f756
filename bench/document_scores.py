"""How well a stack was cut: which boundaries were found, which patient changes, which stacks whole.

A boundary stands before each page that begins a document, the stack's first page left out. A page
that should be set aside and was not, or was and should not be, is an error of its own; a second
scan that stays with its sheet is none.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from bench.document_readings import ReadStack
from bench.text_measures import Count
from classifiers.form import read_form
from classifiers.letters import compact
from classifiers.ruleset import load_kinds
from classifiers.stack import assemble
from records.values import PageText

_TOP = 0.35
HOLD_BELOW = 0.7
"""Documents whose boundary is less sure are held (`quality/rules/document.yaml`)."""


@dataclass(frozen=True, slots=True)
class Cut:
    """What was made of a stack: pages that begin a document, set aside, and unsure documents."""

    begins: frozenset[str]
    aside: frozenset[str]
    unsure: frozenset[str] = frozenset()
    why: tuple[tuple[str, str], ...] = ()
    documents: int = 0
    held: int = 0


@dataclass(frozen=True, slots=True)
class Mistake:
    """One error: where, what (`missed`, `false cut`, `set aside`, `not set aside`), and on what."""

    seed: int
    page: int
    what: str
    kinds: str
    why: str
    new_patient: bool
    held: bool


@dataclass(frozen=True, slots=True)
class Score:
    """One way of cutting over stacks."""

    found: int
    missed: int
    false: int
    patients: Count
    whole: Count
    whole_or_held: Count
    mistakes: tuple[Mistake, ...]
    documents: int = 0
    held: int = 0

    @property
    def f1(self) -> float | None:
        """The harmonic mean of precision and recall of boundaries."""
        of = 2 * self.found + self.missed + self.false
        return 2 * self.found / of if of else None


def our_cut(stack: ReadStack) -> Cut:
    """Cut a stack as the line does."""
    texts = [page.text for page in stack.pages]
    made = assemble("b-bench", "t-bench", texts, stack.institution)
    unsure = [d for d in made.documents if (d.boundary_confidence or 0.0) < HOLD_BELOW]
    why = (
        (page, _reason(document.evidence, first=page == document.pages[0]))
        for document in made.documents
        for page in document.pages
    )
    return Cut(
        frozenset(document.pages[0] for document in made.documents),
        frozenset(made.set_aside),
        frozenset(page for document in unsure for page in document.pages),
        tuple(why),
        len(made.documents),
        len(unsure),
    )


def keyword_cut(stack: ReadStack) -> Cut:
    """Cut where a title stands in the upper third, letter by letter: what common systems do."""
    titles = [t.letters for rules in load_kinds().values() for t in rules.titles]
    names = tuple(title for title in titles if len(compact(title)) >= 3)
    begins: set[str] = set()
    aside = frozenset(p.text.page_id for p in stack.pages if "blank" in p.text.flags)
    for page in stack.pages:
        id_ = page.text.page_id
        if id_ not in aside and (not begins or _names(page.text, names)):
            begins.add(id_)
    return Cut(frozenset(begins), aside)


def _names(text: PageText, titles: Sequence[str]) -> bool:
    lines = [line.letters for line in read_form(text).lines if line.depth <= _TOP]
    return any(title in line for line in lines for title in titles)


def _reason(evidence: Collection[str], *, first: bool) -> str:
    wanted = "cut." if first else "join."
    return " ".join(code for code in evidence if code.startswith(wanted))


def score(stacks: Sequence[ReadStack], cuts: Sequence[Cut]) -> Score:
    """Compare what was made of stacks with what is true of them."""
    found = missed = false = whole = covered = changes = seen = 0
    mistakes: list[Mistake] = []
    for stack, cut in zip(stacks, cuts, strict=True):
        mine = list(_mistakes(stack, cut))
        mistakes += mine
        true = _boundaries(stack)
        made = {page.text.page_id for page in stack.pages[1:]} & cut.begins
        found += len(true & made)
        missed += len(true - made)
        false += len(made - true)
        changed = _patient_changes(stack)
        changes += len(changed)
        seen += len(changed & made)
        whole += not mine
        covered += all(mistake.held for mistake in mine)
    return Score(
        found,
        missed,
        false,
        Count(seen, changes),
        Count(whole, len(stacks)),
        Count(covered, len(stacks)),
        tuple(mistakes),
        sum(cut.documents for cut in cuts),
        sum(cut.held for cut in cuts),
    )


def _boundaries(stack: ReadStack) -> set[str]:
    return {page.text.page_id for page in stack.pages[1:] if page.begins}


def _patient_changes(stack: ReadStack) -> set[str]:
    """Pages that begin the papers of another patient than the last one named before."""
    changed: set[str] = set()
    last = stack.pages[0].truth.patient
    for page in stack.pages[1:]:
        patient = page.truth.patient
        if page.begins and patient is not None and last is not None and patient != last:
            changed.add(page.text.page_id)
        last = patient or last
    return changed


def _mistakes(stack: ReadStack, cut: Cut) -> Iterator[Mistake]:
    changed, why = _patient_changes(stack), dict(cut.why)
    kind = ""
    for number, page in enumerate(stack.pages):
        id_ = page.text.page_id
        truth = page.truth
        what = ""
        if id_ in cut.aside and not page.aside:
            what = "set aside"
        elif id_ in cut.begins and page.aside:
            what = "not set aside"
        elif number and page.begins and id_ not in cut.begins:
            what = "missed"
        elif number and not page.begins and id_ in cut.begins:
            what = "false cut"
        if what:
            yield Mistake(
                stack.seed,
                number + 1,
                what,
                f"{kind or '-'} / {truth.kind} {truth.page} of {truth.pages}, {truth.layout}, "
                f"{truth.level}",
                why.get(id_, ""),
                id_ in changed,
                id_ in cut.unsure,
            )
        if not page.aside:
            kind = truth.kind
