"""# 보관소 확인 · Verify the archive.

매일 원장과 색인과 이름을 대어 보고, 차례가 된 보관물을 열어 봅니다.
모든 보관물이 `verify_period_days`일 안에 한 번 차례가 됩니다(기본값 1: 매일 모두).
하나라도 다르면 실행이 실패합니다: 바로 사람이 보아야 합니다.
무엇인지는 `reports/upkeep`에 있습니다.
Compares ledger, index and names each night, and opens the objects whose turn it is: each has its
turn once in `verify_period_days` days (1, the default: all of them each night).
The run fails where a single one differs: a person must look at once. What it is stands in
`reports/upkeep`.
"""

from typing import Any

from airflow.sdk import DAG, CronTriggerTimetable, task

from giroksil_dags.every_task import every_task


@task
def verify() -> dict[str, Any]:
    """확인 · Open every object and compare it with the ledger; fail where one differs."""
    from pipeline.assembly import open_workshop
    from pipeline.upkeep import verify_archive

    return verify_archive(open_workshop()).as_xcom()


with DAG(
    dag_id="verify_archive",
    doc_md=__doc__,
    schedule=CronTriggerTimetable("0 2 * * *", timezone="Asia/Seoul"),
    catchup=False,
    max_active_runs=1,
    default_args=every_task(hours=12),
    tags=["giroksil", "관리", "upkeep"],
):
    verify()
