"""# 배치 검토 · Review a batch.

보류 문서와 표본의 쪽을 **하나씩** 사람에게 묻습니다. 답하는 사람은 작업대에서 그 쪽을 보고
여기서 답합니다. 터미널의 `giroksil review`와 같은 결정이며, 어느 쪽에서 해도 됩니다.
Asks people about held documents and sampled pages, **one by one**. Whoever answers looks at the
page on the workbench and answers here. The decisions are those of `giroksil review` in the
terminal; either way will do.

- 스캔한 사람은 결정도 검사도 못 합니다. 그런 답은 작업을 실패시키고, 다시 돌리면 다시 묻습니다.
  Who scanned may neither decide nor inspect: such an answer fails its task, and clearing it asks
  again.
- 표본의 일부는 두 사람에게 따로 묻습니다. 서로의 답은 보이지 않습니다.
  Some pages are asked of two persons apart; neither sees the other's answer.
- 이곳을 지나는 것은 식별자와 답뿐입니다. 이유에 환자 이름을 쓰지 마세요.
  Only ids and answers pass through here: put no patient's name into a reason.
"""

from typing import Any

from airflow.providers.standard.operators.hitl import HITLOperator
from airflow.sdk import DAG, Param, TriggerRule, task, task_group

from giroksil_dags.asking import PATIENCE, answered_by, reason, served_at
from giroksil_dags.every_task import every_task
from records.errors import RejectedInput

ACCEPT = "승인 / Accept"
OTHER_KIND = "종류를 고쳐 승인 / Accept as the kind given below"
REJECT = "반려(다시 스캔) / Reject, scan again"
GOOD = "이상 없음 / Good"
# In the order of quality/rules/inspection.yaml, which a test compares.
DEFECTS = {
    "defect_wrong_patient": "다른 환자 / Another patient",
    "defect_page_lost": "빠진 쪽 / A page is missing",
    "defect_content_cut": "잘린 내용 / Content is cut off",
    "defect_set_aside_wrongly": "잘못 제외됨 / Set aside wrongly",
    "defect_unreadable": "읽기 어려움 / Hard to read",
    "defect_wrong_kind": "다른 종류 / Another kind",
    "defect_wrong_order": "순서가 틀림 / Wrong order",
    "defect_wrong_field": "항목이 틀림 / A field is wrong",
    "defect_turned": "돌아감 / Turned",
    "defect_border": "테두리·기울기 / Border or skew",
    "defect_duplicate": "두 번 있음 / There twice",
}

FORM = {
    "batch": Param(
        type="string",
        pattern="^b-[a-z2-7]{26}$",
        title="배치 / Batch",
        description_md="검토할 배치의 식별자.\n\nId of the batch to review.",
    ),
    "sample": Param(
        True,
        type="boolean",
        title="표본도 / The sample too",
        description_md=(
            "표본을 뽑아(이미 뽑았으면 그대로) 쪽마다 묻습니다.\n\n"
            "Draw the sample, or find it drawn, and ask about each of its pages."
        ),
    ),
}
KIND = {
    # With a default: Airflow validates a task's parameters before anybody was asked.
    "kind": Param(
        "",
        type="string",
        pattern="^[a-z_]*$",
        title="올바른 종류 / Right kind",
        description_md=(
            "종류가 틀렸을 때만: 작업대에 적힌 코드.\n\n"
            "Only where the kind is wrong: its code, as listed on the workbench."
        ),
    ),
} | reason()
PAGE = "{{ served_at() }}/giroksil/batches/{{ params.batch }}"
HELD = "ti.xcom_pull(task_ids='held')[ti.map_index]"
ITEM = "ti.xcom_pull(task_ids='%s')[ti.map_index]"
LINKS = f"[보고서 / report]({PAGE}/report.html)"


def heard(answer: dict[str, Any]) -> dict[str, Any]:
    """Who answered, why, and the kind that was named."""
    given = answer["params_input"] or {}
    return {
        "by": answered_by(answer),
        "why": given.get("reason") or "airflow",
        "kind": given.get("kind") or "",
    }


@task
def questions(params: dict[str, Any] | None = None) -> dict[str, Any]:
    """물을 것 · What waits for a person in this batch."""
    from pipeline.assembly import open_workshop
    from pipeline.questions import open_questions

    params = params or {}
    return open_questions(open_workshop(), params["batch"], sample=params["sample"]).as_xcom()


@task
def listed(asked: dict[str, Any], of: str) -> list[str]:
    """나누기 · The ids to map over: Airflow maps over a task's whole return value only."""
    return asked[of]


@task(multiple_outputs=False)
def heed_held(
    document: str, answer: dict[str, Any], params: dict[str, Any] | None = None
) -> dict[str, Any]:
    """결정 반영 · Keep the decision on one held document."""
    from pipeline.assembly import open_workshop
    from pipeline.questions import heed_decision

    chosen = answer["chosen_options"]
    given = heard(answer) | {"outcome": "reject" if chosen == [REJECT] else "accept"}
    if chosen != [OTHER_KIND]:
        given["kind"] = ""
    elif not given["kind"]:
        raise RejectedInput("kind_unknown")
    return heed_decision(open_workshop(), (params or {})["batch"], document, given).as_xcom()


@task(multiple_outputs=False)
def heed_page(
    item: str, answer: dict[str, Any], params: dict[str, Any] | None = None
) -> dict[str, Any]:
    """검사 반영 · Keep what was found on one sampled page."""
    from pipeline.assembly import open_workshop
    from pipeline.questions import heed_judgement

    codes = {words: code for code, words in DEFECTS.items()}
    chosen = answer["chosen_options"]
    if not chosen or (GOOD in chosen and len(chosen) > 1):
        raise RejectedInput("decision_unknown")
    given = heard(answer) | {"defects": [codes[one] for one in chosen if one != GOOD]}
    return heed_judgement(open_workshop(), (params or {})["batch"], item, given).as_xcom()


@task(trigger_rule=TriggerRule.NONE_FAILED)
def conclude(params: dict[str, Any] | None = None) -> dict[str, Any]:
    """마무리 · Store and seal what was decided, and write the report anew."""
    from pipeline.assembly import open_workshop
    from pipeline.questions import conclude_answers

    return conclude_answers(open_workshop(), (params or {})["batch"]).as_xcom()


@task_group(group_id="held_document")
def held_document(document: str) -> None:
    """One held document: a person is asked, the answer is kept."""
    ask = HITLOperator(
        task_id="ask",
        subject="보류 문서 결정 / Decide a held document",
        body=(
            f"문서 document `{{{{ {HELD} }}}}`: "
            f"[보기 / look]({PAGE}/held/{{{{ {HELD} }}}}) · {LINKS}\n\n"
            "작업대에서 쪽과 읽은 값을 보고 정하세요.\n\n"
            "Look at its pages and what was read on the workbench, then decide."
        ),
        options=[ACCEPT, OTHER_KIND, REJECT],
        params=KIND,
        response_timeout=PATIENCE,
    )
    heed_held(document, ask.output)


def ask_about_page(of: str) -> HITLOperator:
    """Ask one person about one sampled page of the list `of`."""
    item = ITEM % of
    return HITLOperator(
        task_id="ask",
        subject="표본의 쪽 검사 / Inspect a sampled page",
        body=(
            f"항목 item `{{{{ {item} }}}}`: "
            f"[보기 / look]({PAGE}/sample/{{{{ {item} }}}}) · {LINKS}\n\n"
            "작업대에서 쪽을 보고, 이상이 없거나 찾은 결함을 모두 고르세요.\n\n"
            "Look at the page on the workbench; choose good, or every defect you find."
        ),
        options=[GOOD, *DEFECTS.values()],
        multiple=True,
        params=KIND,
        response_timeout=PATIENCE,
    )


@task_group(group_id="sampled_page")
def sampled_page(item: str) -> None:
    """One sampled page: a person is asked, the answer is kept."""
    heed_page(item, ask_about_page("sample").output)


@task_group(group_id="second_look")
def second_look(item: str) -> None:
    """One sampled page, asked of another person."""
    heed_page(item, ask_about_page("second").output)


with DAG(
    dag_id="review_batch",
    doc_md=__doc__,
    schedule=None,
    catchup=False,
    max_active_runs=4,
    params=FORM,
    default_args=every_task(hours=1),
    user_defined_macros={"served_at": served_at},
    tags=["giroksil", "검토", "review"],
):
    asked = questions()
    groups = [
        held_document.expand(document=listed.override(task_id="held")(asked, "held")),
        sampled_page.expand(item=listed.override(task_id="sample")(asked, "sample")),
        second_look.expand(item=listed.override(task_id="second")(asked, "second")),
    ]
    groups >> conclude()
