"""# 이상 접속 살피기 · Watch for unusual access.

매시간 접속기록에서 많은 환자의 열람, 근무 시간 밖이나 다른 지역에서의 열람,
없는 기록의 거듭된 조회를 찾습니다.
답하지 않은 경보가 하나라도 있으면 실행이 실패합니다:
`giroksil access alarms`로 보고 `giroksil access answer`로 답하세요.
Looks through the access log every hour: many patients, off hours, other places, repeated misses.
The run fails while there is an alarm that nobody has answered for: see them by
`giroksil access alarms`, answer by `giroksil access answer`.
The rules are data: `archive/access_rules.yaml`.
"""

from typing import Any

from airflow.sdk import DAG, CronTriggerTimetable, task

from giroksil_dags.every_task import every_task


@task
def look() -> dict[str, Any]:
    """살피기 · Look for unusual access; fail while an alarm is not answered."""
    from pipeline.access_reports import review_access
    from pipeline.assembly import open_workshop

    return review_access(open_workshop()).as_xcom()


with DAG(
    dag_id="review_access",
    doc_md=__doc__,
    schedule=CronTriggerTimetable("5 * * * *", timezone="Asia/Seoul"),
    catchup=False,
    max_active_runs=1,
    default_args=every_task(hours=1),
    tags=["giroksil", "관리", "upkeep"],
):
    look()
