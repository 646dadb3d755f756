"""# 종류 분류기 다시 배우기 · Learn the kinds anew.

한 기관에서 담당자와 검사원이 정한 것을 모아, 만든 문서와 함께 종류 분류기를 훈련하고,
지금 쓰는 것과 떼어 둔 문서에서 견주어 제안합니다. **사람이 받아들여야** 쓰입니다.
Gathers what stewards and inspectors decided in one institution, trains the kind classifier on it
beside the made documents, measures it against the one in use on documents held out, and proposes
it. It is used **only when a person accepts it**.

- 견준 표는 `reports/models/<제안>.md`에 있습니다. 환자의 것은 없습니다.
  The table is in `reports/models/<proposal>.md`; it holds nothing of a patient.
- 다른 기관의 문서에서는 배우지 않습니다(설정 `learn_across`).
  Other institutions' documents are not learned from (setting `learn_across`).
- 거절하면 아무것도 바뀌지 않습니다. 등록된 배치는 등록할 때의 분류기를 씁니다.
  Refused, nothing changes. A registered batch keeps the classifier it was registered with.
"""

from typing import Any

from airflow.providers.standard.operators.hitl import HITLOperator
from airflow.sdk import DAG, Param, task

from giroksil_dags.asking import PATIENCE, answered_by, reason
from giroksil_dags.every_task import every_task

ACCEPT = "받아들임 / Accept"
REFUSE = "거절 / Refuse"

FORM = {
    "institution": Param(
        type="string",
        pattern="^[0-9A-Za-z]{4,16}$",
        title="기관 / Institution",
        description_md=(
            "결정에서 배울 기관의 요양기관기호.\n\n"
            "Code of the institution whose decisions are learned from."
        ),
    ),
}
REASON = reason("표를 보고 정함 / by the table", minLength=1)
COUNTS = "ti.xcom_pull(task_ids='train')['counts']"
BODY = (
    "기관 `{{ params.institution }}`, 제안 `{{ ti.xcom_pull(task_ids='train')['batch'] }}`. "
    f"떼어 둔 문서 {{{{ {COUNTS}['held_out_documents'] }}}}건에서 지금 → 새것:\n\n"
    f"- macro-F1 {{{{ {COUNTS}['macro_f1_now'] / 100 }}}} % → "
    f"{{{{ {COUNTS}['macro_f1_new'] / 100 }}}} %\n"
    f"- 사람 없이 수락 accepted {{{{ {COUNTS}['accepted_share_now'] / 100 }}}} % → "
    f"{{{{ {COUNTS}['accepted_share_new'] / 100 }}}} %\n"
    f"- 그 가운데 오류 errors {{{{ {COUNTS}['wrong_now'] }}}} → {{{{ {COUNTS}['wrong_new'] }}}}\n"
    f"- ECE {{{{ {COUNTS}['calibration_error_now'] / 100 }}}} % → "
    f"{{{{ {COUNTS}['calibration_error_new'] / 100 }}}} %\n"
    f"- 더 나은가 better: {{{{ '예 yes' if {COUNTS}['better'] else '아니요 no' }}}}\n\n"
    "종류별 표는 보고서 폴더의 models에 있습니다. 받아들이면 앞으로 등록하는 배치에 쓰이고, "
    "거절하면 아무것도 바뀌지 않습니다.\n\n"
    "Figures over documents held out, in use → new. The table by kind is in the folder models of "
    "the reports. Accepted, it is used for batches registered from now on; refused, nothing "
    "changes."
)


@task
def gather(params: dict[str, Any] | None = None) -> dict[str, Any]:
    """모으기 · Count what stewards and inspectors decided that can be learned from."""
    from pipeline.assembly import open_workshop
    from pipeline.retraining import count_labels

    return count_labels(open_workshop(), (params or {})["institution"]).as_xcom()


@task.short_circuit
def is_enough(gathered: dict[str, Any]) -> bool:
    """배울 것이 있는가 · Whether there is anything to learn from and to measure by."""
    return gathered["counts"]["learned"] > 0 and gathered["counts"]["held_out"] > 0


@task
def train(params: dict[str, Any] | None = None) -> dict[str, Any]:
    """훈련 · Train beside the made documents, measure against the one in use, propose."""
    from pipeline.assembly import open_workshop
    from pipeline.retraining import propose_retrained

    return propose_retrained(open_workshop(), (params or {})["institution"]).as_xcom()


@task.short_circuit
def is_new(trained: dict[str, Any]) -> bool:
    """새것인가 · Whether another classifier came out than the one in use."""
    return bool(trained["batch"])


@task
def heed_answer(
    trained: dict[str, Any], answer: dict[str, Any], params: dict[str, Any] | None = None
) -> dict[str, Any]:
    """결정 · Keep the answer; an accepted classifier is pinned by its digest in the ledger."""
    from pipeline.assembly import open_workshop
    from pipeline.retraining import heed_model_answer

    given = {
        "by": answered_by(answer),
        "accepts": answer["chosen_options"] == [ACCEPT],
        "why": answer["params_input"].get("reason") or "",
    }
    institution = (params or {})["institution"]
    return heed_model_answer(open_workshop(), institution, trained["batch"], given).as_xcom()


with DAG(
    dag_id="retrain_classifier",
    doc_md=__doc__,
    schedule=None,
    catchup=False,
    max_active_runs=1,
    params=FORM,
    default_args=every_task(hours=6),
    tags=["giroksil", "관리", "upkeep"],
):
    trained = train()
    ask_person = HITLOperator(
        task_id="ask_person",
        subject="종류 분류기를 바꿀지 / Whether to use another kind classifier",
        body=BODY,
        options=[ACCEPT, REFUSE],
        params=REASON,
        response_timeout=PATIENCE,
    )
    is_enough(gather()) >> trained
    is_new(trained) >> ask_person
    heed_answer(trained, ask_person.output)
