"""# 색인 다시 만들기 · Rebuild the index.

매주 보관소의 모든 문서를 넷으로 나누어 색인에 쓰고, 보관소에 없는 항목을 지우고,
끝맺지 못한 쓰기의 찌꺼기를 치웁니다. 이미 맞는 항목은 그대로 두므로, 끊긴 실행은 이어집니다.
참은 보관소 하나뿐이고, 색인은 언제든 버리고 다시 만들 수 있습니다.
Each week brings the index to what the vault holds, in four parts side by side, removes entries the
vault does not know, and sweeps what unfinished writes left behind. An entry that is right stays, so
a run that was cut off goes on.
The vault is the only truth; the index may be thrown away and rebuilt at any time.
"""

from typing import Any

from airflow.sdk import DAG, CronTriggerTimetable, task

from giroksil_dags.every_task import every_task

PARTS = 4
"""Four processes cut up text side by side; with Kiwi each needs some 550 MB."""


@task
def rebuild(part: int) -> dict[str, Any]:
    """다시 만들기 · Make the index say what the vault holds, of one part of the documents."""
    from pipeline.assembly import open_workshop
    from pipeline.upkeep import rebuild_part

    return rebuild_part(open_workshop(), part, PARTS).as_xcom()


@task
def sweep() -> dict[str, Any]:
    """치우기 · Sweep what unfinished writes left behind."""
    from pipeline.assembly import open_workshop
    from pipeline.upkeep import sweep_archive

    return sweep_archive(open_workshop()).as_xcom()


with DAG(
    dag_id="rebuild_index",
    doc_md=__doc__,
    schedule=CronTriggerTimetable("0 4 * * 0", timezone="Asia/Seoul"),
    catchup=False,
    max_active_runs=1,
    default_args=every_task(hours=12),
    tags=["giroksil", "관리", "upkeep"],
):
    rebuild.expand(part=list(range(PARTS))) >> sweep()
