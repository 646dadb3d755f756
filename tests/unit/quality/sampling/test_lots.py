"""A sample drawn, judged and decided; inspectors measured by defects that were put there."""

import dataclasses

import pytest

from quality.sampling.bounds import share_within
from quality.sampling.inspection_rules import InspectionRules, load_inspection_rules
from quality.sampling.inspectors import agreements, inspectors, kappa, kappa_within
from quality.sampling.lot_result import Judgement, lot_result
from quality.sampling.plans import plan_for
from quality.sampling.sample import Lot, Sample, draw
from records.codec import decode, encode

SEED = b"seed of the batch"
PAGES = {f"p-{number}": f"d-{number // 2}" for number in range(900)}
DOCUMENTS = {f"d-{number}": (f"p-{2 * number}", f"p-{2 * number + 1}") for number in range(450)}
LOT = Lot(
    "b-1",
    PAGES,
    {
        "prescription": dict(list(DOCUMENTS.items())[:400]),
        "lab_result": dict(list(DOCUMENTS.items())[400:448]),
        "death_certificate": dict(list(DOCUMENTS.items())[448:]),
    },
    ("prescription", "lab_result", "death_certificate"),
)


@pytest.fixture(scope="module")
def rules() -> InspectionRules:
    """The rules as they are shipped."""
    return load_inspection_rules()


@pytest.fixture(scope="module")
def sample(rules: InspectionRules) -> Sample:
    """A sample of a lot of 900 pages."""
    return draw(LOT, "team", {}, SEED, rules)


def judged(sample: Sample, bad: dict[str, tuple[str, ...]], by: str = "kim") -> list[Judgement]:
    """Everything judged by one person; `bad` by item."""
    return [Judgement(item.id, by, bad.get(item.id, ())) for item in sample.items]


def of_lot(sample: Sample) -> list[str]:
    """Items of the lot's own sample, by rank."""
    ranked = sorted((item.rank, item.id) for item in sample.items if item.why == "lot")
    return [id for _, id in ranked]


def test_a_sample_has_its_three_parts(sample: Sample) -> None:
    """The lot's sample is as large as the largest plan; every kind is there; defects are known."""
    by_why = {w: [i for i in sample.items if i.why == w] for w in ("lot", "accepted", "known")}
    kinds_seen = {i.document for i in sample.items if i.why in {"lot", "accepted"}}

    assert len(by_why["lot"]) == max(plan.plan.size for plan in sample.plans) == 80
    assert all(kinds_seen & documents.keys() for documents in LOT.accepted.values())
    assert len(by_why["known"]) >= 2
    assert {i.known for i in by_why["known"]} == {"defect_wrong_kind", "defect_wrong_patient"}
    assert len({i.id for i in sample.items}) == len(sample.items)
    assert sum(i.second for i in sample.items) == round(0.1 * len(sample.items))


def test_known_defects_are_not_recognised_by_their_place(sample: Sample) -> None:
    """Known defects lie among the others, and their documents are shown only once."""
    places = [n for n, item in enumerate(sample.items) if item.known]
    documents = [item.document for item in sample.items if item.known]

    assert min(places) < len(sample.items) / 2
    assert len(set(documents)) == len(documents)
    assert not set(documents) & {item.document for item in sample.items if not item.known}


def test_a_sample_survives_its_codec(sample: Sample) -> None:
    """A sample read back from its canonical bytes is the same one."""
    assert decode(Sample, encode(sample)) == sample


def test_a_clean_lot_passes(sample: Sample, rules: InspectionRules) -> None:
    """A lot without a defect is open until its last item is judged, then accepted."""
    everything = judged(sample, {})

    assert lot_result(sample, everything[:-1], rules).outcome == "open"
    assert lot_result(sample, everything, rules).outcome == "accepted"


@pytest.mark.parametrize(
    ("defect", "passes"),
    [("defect_wrong_patient", 0), ("defect_wrong_kind", 2), ("defect_turned", 7)],
)
def test_acceptance_numbers_decide(
    sample: Sample, rules: InspectionRules, defect: str, passes: int
) -> None:
    """As many bad pages as the acceptance number pass, one more does not, in each class."""
    lot = of_lot(sample)
    just = dict.fromkeys(lot[:passes], (defect,))
    over = dict.fromkeys(lot[: passes + 1], (defect,))

    assert lot_result(sample, judged(sample, just), rules).outcome == "accepted"
    rejected = lot_result(sample, judged(sample, over), rules)
    assert rejected.outcome == "rejected"
    assert [c.outcome for c in rejected.classes].count("rejected") == 1


def test_rejection_does_not_wait(sample: Sample, rules: InspectionRules) -> None:
    """A lot is rejected as soon as its rejection number is reached."""
    first = of_lot(sample)[0]

    result = lot_result(sample, [Judgement(first, "kim", ("defect_page_lost",))], rules)

    assert (result.outcome, result.judged) == ("rejected", 1)
    assert result.decided_lot("major") is None


def test_known_and_extra_items_do_not_count(sample: Sample, rules: InspectionRules) -> None:
    """Defects on items beside the lot's sample change nothing about the lot."""
    beside = {i.id: ("defect_wrong_patient",) for i in sample.items if i.why != "lot"}

    assert lot_result(sample, judged(sample, beside), rules).outcome == "accepted"


def test_either_of_two_people_is_heard(sample: Sample, rules: InspectionRules) -> None:
    """Where two people judged an item, a defect that one of them found counts."""
    second = Judgement(of_lot(sample)[5], "lee", ("defect_wrong_patient",))

    assert lot_result(sample, [*judged(sample, {}), second], rules).outcome == "rejected"


def test_classes_count_their_own_ranks(rules: InspectionRules) -> None:
    """A class with a smaller sample does not count defects beyond it."""
    sample = draw(LOT, "team", {"minor": "reduced"}, SEED, rules)
    size, accept = sample.plan("minor").size, sample.plan("minor").accept
    beyond = dict.fromkeys(of_lot(sample)[size : size + accept + 3], ("defect_turned",))

    result = lot_result(sample, judged(sample, beyond), rules)

    assert (size, accept) == (32, 5)
    assert next(c.bad for c in result.classes if c.defect_class == "minor") == 0


def test_passing_tighter_is_told(sample: Sample, rules: InspectionRules) -> None:
    """One bad page of class major passes at AQL 0.65 too (1 of 80), two do not."""
    lot = of_lot(sample)
    told = []
    for count in (1, 2):
        bad = dict.fromkeys(lot[:count], ("defect_wrong_kind",))
        result = lot_result(sample, judged(sample, bad), rules)
        decided = result.decided_lot("major")
        assert decided
        told.append(decided.passes_tighter)

    assert told == [True, False]


def test_resubmission_is_marked(rules: InspectionRules) -> None:
    """A lot that comes again draws other pages and does not count in switching."""
    again = draw(LOT, "team", {}, b"another seed", rules, submission=2, resubmission_of="b-1")
    result = lot_result(again, judged(again, {}), rules)

    decided = result.decided_lot("major")
    assert result.resubmitted
    assert decided
    assert decided.resubmitted
    first = {item.page for item in draw(LOT, "team", {}, SEED, rules).items}
    assert {item.page for item in again.items} != first


def test_small_lots(rules: InspectionRules) -> None:
    """A lot of one page is looked at whole, and nothing is put among so few items."""
    small = draw(Lot("b-2", {"p-1": "d-1"}, {}, ()), "team", {}, SEED, rules)

    assert [(item.page, item.why) for item in small.items] == [("p-1", "lot")]
    assert lot_result(small, judged(small, {}), rules).outcome == "accepted"


def test_recall_of_each_inspector(sample: Sample, rules: InspectionRules) -> None:
    """Who names every known defect has a recall of 1; who finds nothing, of 0; few asked, None."""
    right = {item.id: (item.known,) for item in sample.items if item.known}
    lot = next(item.id for item in sample.items if item.why == "lot")
    judgements = [
        *judged(sample, right, "kim"),
        *judged(sample, {}, "lee"),
        Judgement(lot, "park", ()),
    ]

    rows = {row.who: row for row in inspectors(sample.items, judgements)}

    assert [rows[who].recall for who in ("kim", "lee", "park")] == [1.0, 0.0, None]
    assert rows["kim"].judged == len(sample.items)


def test_kappa_of_a_book() -> None:
    """50 grants by two readers, 20 + 15 equal: kappa 0.4 (the usual textbook table)."""
    pairs = [("y", "y")] * 20 + [("y", "n")] * 5 + [("n", "y")] * 10 + [("n", "n")] * 15

    assert kappa(pairs) == pytest.approx(0.4)
    assert kappa([("good", "good")] * 3) is None


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [(8, 8, 0.6306, 1.0), (0, 10, 0.0, 0.3085), (35, 50, 0.5539, 0.8214), (0, 0, 0.0, 1.0)],
)
def test_the_bounds_of_a_share_are_clopper_and_pearsons(
    hits: int, of: int, low: float, high: float
) -> None:
    """Published values of the exact two-sided interval of 95 %."""
    assert share_within(hits, of) == pytest.approx((low, high), abs=2e-4)


def test_kappa_has_an_interval_that_few_items_widen() -> None:
    """Two who always agree on eight items are not proven to; without a kappa there is no bound."""
    pairs = [("y", "y")] * 20 + [("y", "n")] * 5 + [("n", "y")] * 10 + [("n", "n")] * 15
    alike = [("good", "good")] * 6 + [("major", "major")] * 2

    assert kappa_within(pairs) == pytest.approx((0.108, 0.643), abs=1e-3)
    assert kappa(alike) == 1
    within = kappa_within(alike)
    assert within
    assert within[0] < 0.1
    assert within[1] == 1
    assert kappa_within([("good", "good")] * 3) is None
    nearly = kappa_within([("good", "good")] * 7 + [("good", "minor")])
    assert nearly
    assert nearly[0] == -1


def test_agreement_over_common_items(rules: InspectionRules) -> None:
    """Only items that both judged are compared, by the gravest class that each found."""
    judgements = [
        Judgement("i-1", "kim", ("defect_turned", "defect_wrong_kind")),
        Judgement("i-1", "lee", ("defect_wrong_field",)),
        Judgement("i-2", "kim", ()),
        Judgement("i-2", "lee", ("defect_border",)),
        Judgement("i-3", "kim", ()),
    ]

    (row,) = agreements(judgements, rules)

    assert (row.first, row.second, row.items, row.equal) == ("kim", "lee", 2, 0.5)
    assert row.kappa is not None


def test_tightened_plans_are_stricter(rules: InspectionRules) -> None:
    """The same lot under tightened inspection has a larger sample or fewer bad ones allowed."""
    normal, tightened = (
        draw(LOT, "team", {"major": stage}, SEED, rules).plan("major")
        for stage in ("normal", "tightened")
    )

    assert (normal.size, normal.accept) == (80, 2)
    assert (tightened.size, tightened.accept) == (80, 1)
    assert dataclasses.replace(plan_for(900, "II", "1.0")) == normal
