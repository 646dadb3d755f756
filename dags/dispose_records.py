"""# 기록 폐기 · Dispose of records.

한 기관에서 보존기간이 끝난 문서를 찾아 제안하고, **서로 다른 두 사람**에게 차례로 묻고,
둘 다 동의하면 두 보관소에서 데이터 키를 없애고 원장에 증명서를 남깁니다.
폐기한 내용은 어느 사본에서도 다시 열리지 않습니다. 스스로 시작되는 일은 없습니다.
Proposes what is due in one institution, asks **two different persons** one after the other, and
where both agree destroys the data keys on both sites and leaves a certificate in the ledger.
What was disposed of opens from no copy again. Nothing of this ever starts by itself.

- 무엇이 폐기되는지는 `reports/disposals/<제안>.md`에 있습니다(식별자, 종류, 날짜).
  What is to go is listed in `reports/disposals/<proposal>.md`: ids, kinds and days.
- 한 사람이 두 번 답하거나 한 사람이라도 거절하면 실행이 실패하고 아무것도 없어지지 않습니다.
  Where one person answers twice or one refuses, the run fails and nothing is destroyed.
"""

from typing import Any

from airflow.providers.standard.operators.hitl import HITLOperator
from airflow.sdk import DAG, Param, task

from giroksil_dags.asking import PATIENCE, answered_by, reason
from giroksil_dags.every_task import every_task

AGREE = "폐기 동의 / Agree"
REFUSE = "거절 / Refuse"

FORM = {
    "institution": Param(
        type="string",
        pattern="^[0-9A-Za-z]{4,16}$",
        title="기관 / Institution",
        description_md=(
            "폐기할 기관의 요양기관기호.\n\nCode of the institution whose records are due."
        ),
    ),
}
REASON = reason("보존기간 만료 / period is over", minLength=1)
BODY = (
    "기관 `{{ params.institution }}`, "
    "제안 `{{ ti.xcom_pull(task_ids='propose')['batch'] }}`: 문서 "
    "{{ ti.xcom_pull(task_ids='propose')['counts']['documents'] }}건. "
    "목록은 보고서 폴더의 disposals에 있습니다. 두 사람이 동의하면 되돌릴 수 없습니다.\n\n"
    "Institution `{{ params.institution }}`, "
    "proposal `{{ ti.xcom_pull(task_ids='propose')['batch'] }}`: "
    "{{ ti.xcom_pull(task_ids='propose')['counts']['documents'] }} documents, listed in the folder "
    "disposals of the reports. When two persons agree it cannot be undone."
)


@task
def propose(params: dict[str, Any] | None = None) -> dict[str, Any]:
    """제안 · Write down what is due; nothing is destroyed by it."""
    from pipeline.assembly import open_workshop
    from pipeline.disposing import propose_disposal

    return propose_disposal(open_workshop(), (params or {})["institution"]).as_xcom()


@task.short_circuit
def something_is_due(proposed: dict[str, Any]) -> bool:
    """폐기할 것이 있는가 · Whether anything is due."""
    return proposed["counts"]["documents"] > 0


@task
def dispose(
    proposed: dict[str, Any],
    first: dict[str, Any],
    second: dict[str, Any],
    params: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """폐기 · Keep both answers; destroy on every site where two different persons agree."""
    from pipeline.assembly import open_workshop
    from pipeline.disposing import heed_answers

    given = [
        {
            "by": answered_by(answer),
            "agrees": answer["chosen_options"] == [AGREE],
            "why": answer["params_input"].get("reason") or "",
        }
        for answer in (first, second)
    ]
    workshop, institution = open_workshop(), (params or {})["institution"]
    return heed_answers(workshop, institution, proposed["batch"], given).as_xcom()


def ask(who: str) -> HITLOperator:
    """Ask one person."""
    return HITLOperator(
        task_id=f"ask_{who}",
        subject="기록 폐기 동의 / Agreement to a disposal",
        body=BODY,
        options=[AGREE, REFUSE],
        params=REASON,
        response_timeout=PATIENCE,
    )


with DAG(
    dag_id="dispose_records",
    doc_md=__doc__,
    schedule=None,
    catchup=False,
    max_active_runs=1,
    params=FORM,
    default_args=every_task(hours=12),
    tags=["giroksil", "관리", "upkeep"],
):
    proposed = propose()
    ask_first, ask_second = ask("first"), ask("second")
    something_is_due(proposed) >> ask_first >> ask_second
    dispose(proposed, ask_first.output, ask_second.output)
