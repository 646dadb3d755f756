"""Promises of retention: the table of the law, a list that does nothing, an extension, holds."""

import dataclasses
import datetime as dt
from pathlib import Path

import pytest

from archive.opening import Archive
from archive.retention.expiry import Kept, expiries
from archive.retention.orders import Standing, give_order, standing
from archive.retention.periods import load_table, years_after
from archive.verify import verify
from records.errors import RejectedInput, SetupError
from records.taxonomy import load_taxonomy

from .conftest import ONE, TWO, an_id, open_at

TABLE = load_table()
TODAY = dt.date(2026, 11, 26)
DOCUMENT = an_id("d", ONE, 0)
NONE = Standing((), ())


def kept(document: str = DOCUMENT, kind: str = "prescription", **other: object) -> Kept:
    old = Kept(document, ONE, kind, "owner", dt.date(2020, 1, 1))
    return dataclasses.replace(old, **other)  # type: ignore[arg-type]


def test_the_table_is_that_of_the_law() -> None:
    """Years by class as in 의료법 시행규칙 15조① and its neighbours, each with its article."""
    wanted = {
        "register": 5, "chart": 10, "prescription": 2, "surgery": 10, "test": 5, "imaging": 5,
        "nursing": 5, "midwifery": 5, "certificate_copy": 3, "receipt_copy": 5, "claim": 5,
        "claim_prescription": 3, "home_nursing": 5, "unlisted": 10,
    }  # fmt: skip

    assert {code: period.years for code, period in TABLE.classes.items()} == wanted
    assert all(
        period.basis and period.korean and period.english for period in TABLE.classes.values()
    )
    classes = {kind.retention for kind in load_taxonomy().kinds.values() if kind.retention}
    assert classes <= TABLE.classes.keys()
    assert TABLE.years("medical_record", "owner", ONE) == 10
    assert TABLE.years("diagnosis_certificate", "owner", ONE) == 3
    assert TABLE.years("consent_form", "owner", ONE) == 10
    assert TABLE.years("medical_record", "health_centre", ONE) is None


def test_a_policy_may_only_keep_longer(tmp_path: Path) -> None:
    """By holder and by institution; shorter than the law, unknown or unreadable is refused."""
    policy = tmp_path / "policy.yaml"
    policy.write_text(
        f'holders: {{owner: {{test: 7}}}}\ninstitutions: {{"{ONE}": {{test: permanent}}}}\n'
    )
    table = load_table(policy)

    assert table.years("lab_result", "owner", TWO) == 7
    assert table.years("lab_result", "owner", ONE) is None
    assert table.years("medical_record", "health_centre", TWO) is None
    for text, code in (
        ("holders: {owner: {chart: 9}}", "retention_policy_short"),
        ("holders: {owner: {charts: 19}}", "retention_policy_unreadable"),
        ("holders: [", "retention_policy_unreadable"),
        ("", "retention_policy_unreadable"),
    ):
        policy.write_text(text)
        with pytest.raises(SetupError, match=code):
            load_table(policy)


@pytest.mark.parametrize(
    ("document", "today", "state"),
    [
        (kept(), dt.date(2022, 1, 1), "kept"),
        (kept(), dt.date(2022, 1, 2), "due"),
        (kept(kind="medical_record"), dt.date(2030, 1, 1), "kept"),
        (kept(kind="medical_record"), dt.date(2030, 1, 2), "due"),
        (kept(kind="medical_record", holder="health_centre"), dt.date(2999, 1, 1), "permanent"),
        (kept(started=None), dt.date(2999, 1, 1), "undated"),
        (kept(started=dt.date(2020, 2, 29)), dt.date(2022, 3, 1), "kept"),
    ],
)
def test_a_period_ends_with_its_last_day(document: Kept, today: dt.date, state: str) -> None:
    """On the last day a document is still kept; what has no day or no end is never due."""
    assert [one.state for one in expiries(TABLE, [document], NONE, today)] == [state]


def test_a_leap_day_never_shortens_a_period() -> None:
    """29 February and two years is 1 March."""
    assert years_after(dt.date(2020, 2, 29), 2) == dt.date(2022, 3, 1)
    assert years_after(dt.date(2020, 2, 29), 4) == dt.date(2024, 2, 29)


def test_holds_and_one_extension_keep_longer(filled: Archive, tmp_path: Path) -> None:
    """A hold until it is released, an extension once and by no more than the period; all proven."""
    hold = give_order(filled, ONE, "hold", "kim", "here", "소송", [DOCUMENT])
    held = expiries(TABLE, [kept(), kept("d-other")], standing(filled, ONE), TODAY)
    give_order(filled, ONE, "release", "lee", "here", "종결", releases=hold.id)
    give_order(filled, ONE, "extend", "lee", "here", "계속 진료", [DOCUMENT], years=9)
    after = expiries(TABLE, [kept()], standing(filled, ONE), dt.date(2024, 1, 1))

    assert [one.state for one in held] == ["held", "due"]
    assert after[0].due == dt.date(2024, 1, 1)  # twice its two years
    assert standing(open_at(tmp_path), ONE).holds == ()
    assert standing(filled, TWO) == NONE
    assert verify(filled).ok
    for wrong, code in (
        ({"action": "extend", "years": 1}, "extended_before"),
        ({"action": "release", "releases": hold.id}, "hold_unknown"),
        ({"action": "extend"}, "retention_order_invalid"),
        ({"action": "keep"}, "retention_order_invalid"),
        ({"action": "hold", "why": " "}, "retention_order_invalid"),
    ):
        order = {"by": "kim", "where": "here", "why": "why"} | wrong
        with pytest.raises(RejectedInput, match=code):
            give_order(filled, ONE, documents=[DOCUMENT], **order)  # type: ignore[arg-type]
