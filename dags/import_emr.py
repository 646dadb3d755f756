"""# 전자의무기록 가져오기 · Import an EMR.

전자의무기록에서 내보낸 표와 메시지 한 묶음을 문서로 만들고, 검사하고, 암호화해 보관하고,
찾을 수 있게 하고, 봉인합니다.
Makes documents of one export of an EMR (tables, messages), checks them, keeps them encrypted,
makes them findable, and seals the batch.

- 행은 하나도 없어지지 않습니다: 받은 행 = 문서 + 이미 있던 행 + 제외한 행.
  No row is lost: rows received = documents + rows known already + rejected rows.
- 같은 자료를 다시 내보냈거나 더 온전히 내보냈으면 새로운 것만 더합니다.
  The same export again, or a later and fuller one, adds only what is new.
- 바뀐 기록은 먼저 받은 판 옆에 새 판으로 남습니다. 둘 다 보관합니다 (의료법 22조).
  A record that changed is a new version beside the old one; both are kept.
- 한 번에 한 묶음만 가져옵니다. 두 묶음에 같은 행이 있을 수 있기 때문입니다.
  One export is imported at a time, for two may hold the same rows.
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
            "`source: emr`인 `delivery.yaml`이 든 폴더의 경로 또는 `s3://` 주소. "
            "실행 기록에 남으니 환자 이름을 쓰지 마세요.\n\n"
            "Path of the folder whose `delivery.yaml` says `source: emr`, or an `s3://` address. "
            "It stays in the run's record: put no patient's name in it."
        ),
    ),
}


@task
def register(params: dict[str, Any] | None = None) -> dict[str, Any]:
    """접수 · Take the export in: every file hashed, listed, kept as received."""
    from pipeline import importing

    return importing.register_export(workshop(params), params["delivery"]).as_xcom()


with DAG(
    dag_id="import_emr",
    doc_md=__doc__,
    schedule=None,
    catchup=False,
    max_active_runs=1,
    params=FORM | SETTINGS,
    default_args=EVERY_TASK,
    user_defined_macros={"served_at": served_at},
    tags=["giroksil", "전자의무기록", "emr"],
):
    line(register())
