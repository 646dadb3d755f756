"""# 복구 훈련 · Restore drill.

매주 토요일 둘째 보관소에서 무작위로 고른 기록을 빈 자리에 복구해, 지금의 키로 열고,
원장과 다시 만든 색인에 대어 봅니다. 매달 처음에는 한 기관을 통째로 합니다(달마다 다음 기관).
실패하거나 빠뜨린 달에는 다음 토요일에 다시 합니다.
보고서는 한국어와 영어로 `reports/drills`에 남고, 복구한 것은 지웁니다.
Each Saturday restores records chosen at random from the second site to an empty place, opens them
with the current keys, and holds them against the ledger and an index rebuilt from them. The
first time in a month it is a whole institution, the next one each month; where that failed or was
missed, the next Saturday does it.
The report, in Korean and English, is in `reports/drills`; what was restored is removed.

둘째 보관소가 설정되지 않았으면 건너뜁니다. Skipped where no second site is set.
"""

from typing import Any

from airflow.sdk import DAG, CronTriggerTimetable, Param, task

from giroksil_dags.every_task import every_task

FORM = {
    "whole": Param(
        None,
        type=["null", "boolean"],
        title="한 기관 전체 / A whole institution",
        description_md=(
            "비우면 이달에 아직 하지 않았을 때만 기관 전체.\n\n"
            "Empty: a whole institution, unless one has come back whole this month."
        ),
    ),
}


@task.short_circuit
def has_second_site() -> bool:
    """둘째 보관소가 있는가 · Whether a second site is set."""
    from pipeline.assembly import open_workshop

    return bool(open_workshop().settings.replica_url)


@task
def drill(params: dict[str, Any] | None = None) -> dict[str, Any]:
    """복구해 보기 · Restore, open, compare; fail where one thing does not come back."""
    from pipeline.assembly import open_workshop
    from pipeline.recovery import restore_drill

    return restore_drill(open_workshop(), (params or {}).get("whole")).as_xcom()


with DAG(
    dag_id="restore_drill",
    doc_md=__doc__,
    schedule=CronTriggerTimetable("0 5 * * 6", timezone="Asia/Seoul"),
    catchup=False,
    max_active_runs=1,
    params=FORM,
    default_args=every_task(hours=12),
    tags=["giroksil", "관리", "upkeep"],
):
    has_second_site() >> drill()
