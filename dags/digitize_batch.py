"""# 배치 전자화 · Digitize a batch.

스캔한 종이 기록이나 EMR 내보내기 한 묶음을 읽고, 문서로 나누고, 검사하고, 암호화해 보관하고,
찾을 수 있게 하고, 봉인합니다.
Reads one delivery of scanned paper or an EMR export, takes it apart into documents, checks them,
keeps them encrypted, makes them findable, and seals the batch.

- 못 쓰는 쪽이나 파일은 배치를 멈추지 않고 다시 스캔할 목록에 오릅니다.
  A page or file that cannot be used does not stop the batch; it goes to the rescan list.
- 실행이 성공이면 대차가 맞고 배치가 봉인된 것입니다. 대차가 맞지 않으면 `seal`이 실패합니다.
  A run that succeeds has balanced and is sealed; where the balance does not hold, `seal` fails.
- 실패한 실행은 그대로 다시 돌리면 됩니다. 이미 한 일은 다시 하지 않습니다.
  A failed run may simply be cleared: work that is done is not done again.
- 이곳을 지나는 것은 식별자와 개수뿐입니다. 환자의 이름이나 번호는 지나지 않습니다.
  Only ids and counts pass through here, never a patient's name or number.
"""

from typing import Any

from airflow.sdk import DAG, Param, task

from giroksil_dags.asking import served_at
from giroksil_dags.line import EVERY_TASK, SETTINGS, line, workshop

FORM = {
    "delivery": Param(
        type="string",
        minLength=1,
        title="이관 자료 / Delivery",
        description_md=(
            "`delivery.yaml`이 든 폴더의 경로 또는 `s3://` 주소. "
            "실행 기록에 남으니 환자 이름을 쓰지 마세요.\n\n"
            "Path of the folder that holds `delivery.yaml`, or an `s3://` address. "
            "It stays in the run's record: put no patient's name in it."
        ),
    ),
}


@task
def register(params: dict[str, Any] | None = None) -> dict[str, Any]:
    """접수 · Take the delivery in: every file hashed, listed, kept as received."""
    from pipeline import stages

    return stages.register(workshop(params), params["delivery"]).as_xcom()


with DAG(
    dag_id="digitize_batch",
    doc_md=__doc__,
    schedule=None,
    catchup=False,
    max_active_runs=4,
    params=FORM | SETTINGS,
    default_args=EVERY_TASK,
    user_defined_macros={"served_at": served_at},
    tags=["giroksil", "전자화", "digitize"],
):
    line(register())
