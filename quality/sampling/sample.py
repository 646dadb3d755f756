"""A sample as it was drawn: its plans, its items in the order they are shown, each with why."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from quality.sampling.draw import frame_digest, from_each_stratum, in_drawn_order
from quality.sampling.inspection_rules import InspectionRules
from quality.sampling.plans import Plan, plan_for
from records.ids import derive_id

FEWEST_FOR_KNOWN_DEFECTS = 20
FEWEST_KNOWN_DEFECTS = 2


@dataclass(frozen=True, slots=True)
class ClassPlan:
    """The plan by which one class of defects is counted."""

    defect_class: str
    plan: Plan


@dataclass(frozen=True, slots=True)
class SampleItem:
    """One page to look at.

    Attributes:
        document: the document the page is in; empty for a page set aside.
        why: lot | accepted (the share of accepted documents) | known (a known defect).
        rank: place in the lot's draw; a class counts the items of its first `size` ranks.
        known: the defect that is shown on purpose, or empty.
        shown: what is shown for it: a kind, or the document whose patient is shown.
        second: whether a second person is asked too.
    """

    id: str
    page: str
    document: str
    why: str
    rank: int = -1
    known: str = ""
    shown: str = ""
    second: bool = False


@dataclass(frozen=True, slots=True)
class Sample:
    """One submission of a lot: what it was drawn from, by which seed (hex), and what was drawn.

    `frame`: digest of the pages drawn from (`draw.frame_digest`). `team` scanned the lot.
    `resubmission_of`: the batch that had been sent back, or empty.
    """

    batch: str
    submission: int
    team: str
    lot: int
    frame: str
    seed: str
    plans: tuple[ClassPlan, ...]
    items: tuple[SampleItem, ...]
    resubmission_of: str = ""

    def plan(self, defect_class: str) -> Plan:
        """The plan of a class."""
        return next(one.plan for one in self.plans if one.defect_class == defect_class)


@dataclass(frozen=True, slots=True)
class Lot:
    """What a sample is drawn from.

    Attributes:
        pages: every page of the lot → its document; empty for a page set aside.
        accepted: accepted documents by kind, each with its pages.
        kinds: codes that a document can be shown under.
    """

    batch: str
    pages: Mapping[str, str]
    accepted: Mapping[str, Mapping[str, tuple[str, ...]]]
    kinds: tuple[str, ...]


def plans_for(lot: int, stages: Mapping[str, str], rules: InspectionRules) -> tuple[ClassPlan, ...]:
    """The plan of each class; `stages` by class, normal where nothing is said.

    A lot of one page, which the standard does not know, is looked at whole.
    """
    found = []
    for one in rules.classes:
        plan = plan_for(max(lot, 2), one.level, one.aql, stages.get(one.id, "normal"))
        found.append(ClassPlan(one.id, replace(plan, size=min(plan.size, lot))))
    return tuple(found)


def draw(
    lot: Lot,
    team: str,
    stages: Mapping[str, str],
    seed: bytes,
    rules: InspectionRules,
    submission: int = 1,
    resubmission_of: str = "",
) -> Sample:
    """Draw a sample: the lot's, the share of accepted documents, and known defects among them."""
    plans = plans_for(len(lot.pages), stages, rules)
    size = max((one.plan.size for one in plans), default=0)
    order = in_drawn_order(seed, lot.pages, "lot")
    items = [_item(lot, submission, page, "lot", rank) for rank, page in enumerate(order[:size])]
    items += _accepted(lot, submission, seed, rules.accepted_share, items)
    items += _known(lot, submission, seed, rules, items)
    asked = in_drawn_order(seed, (item.id for item in items), "second")
    second = set(asked[: round(len(asked) * rules.second_look_share)])
    shown = {id: place for place, id in enumerate(in_drawn_order(seed, asked, "show"))}
    items.sort(key=lambda item: shown[item.id])
    return Sample(
        batch=lot.batch,
        submission=submission,
        team=team,
        lot=len(lot.pages),
        frame=frame_digest(lot.pages),
        seed=seed.hex(),
        plans=plans,
        items=tuple(replace(item, second=item.id in second) for item in items),
        resubmission_of=resubmission_of,
    )


def _item(lot: Lot, submission: int, page: str, why: str, rank: int = -1) -> SampleItem:
    id = derive_id("i", lot.batch, submission, page)
    return SampleItem(id, page, lot.pages.get(page, ""), why, rank)


def _accepted(
    lot: Lot, submission: int, seed: bytes, share: float, items: Sequence[SampleItem]
) -> list[SampleItem]:
    strata = {kind: list(documents) for kind, documents in lot.accepted.items()}
    pages = {d: p for documents in lot.accepted.values() for d, p in documents.items()}
    taken = {item.document for item in items}
    return [
        _item(lot, submission, in_drawn_order(seed, pages[document], "page")[0], "accepted")
        for document in from_each_stratum(seed, strata, share, taken)
    ]


def _known(
    lot: Lot,
    submission: int,
    seed: bytes,
    rules: InspectionRules,
    items: Sequence[SampleItem],
) -> list[SampleItem]:
    if len(items) < FEWEST_FOR_KNOWN_DEFECTS or not rules.known or not rules.known_defects_share:
        return []
    taken = {item.document for item in items}
    kind_of = {d: kind for kind, documents in lot.accepted.items() for d in documents}
    pages = {d: p for documents in lot.accepted.values() for d, p in documents.items()}
    free = in_drawn_order(seed, (d for d in kind_of if d not in taken), "known")
    wanted = max(FEWEST_KNOWN_DEFECTS, math.ceil(rules.known_defects_share * len(items)))
    found = []
    for number, document in enumerate(free[:wanted]):
        defect = rules.known[number % len(rules.known)]
        others = {
            "defect_wrong_kind": [kind for kind in lot.kinds if kind != kind_of[document]],
            "defect_wrong_patient": [other for other in kind_of if other != document],
        }[defect]
        if others:
            shown = in_drawn_order(seed, others, f"instead/{document}")[0]
            item = _item(lot, submission, pages[document][0], "known")
            found.append(replace(item, known=defect, shown=shown))
    return found
