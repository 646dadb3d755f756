"""# 접속기록 월 점검 · The monthly review of the access log.

매달 2일에 지난달의 접속기록을 기관마다 한 장의 보고서로 씁니다(보고서 폴더의 `access/`).
보고서에는 식별자와 수만 있습니다. 담당자가 보고 서명합니다.
On the second of each month writes last month's review, a page for each institution, below
`access/` in the reports folder. It holds ids and counts; a person looks it over and signs.
"""

from typing import Any

from airflow.sdk import DAG, CronTriggerTimetable, task

from giroksil_dags.every_task import every_task


@task
def report() -> dict[str, Any]:
    """보고서 · Write last month's review of every institution."""
    from pipeline.access_reports import report_access
    from pipeline.assembly import open_workshop

    return report_access(open_workshop()).as_xcom()


with DAG(
    dag_id="report_access",
    doc_md=__doc__,
    schedule=CronTriggerTimetable("0 6 2 * *", timezone="Asia/Seoul"),
    catchup=False,
    max_active_runs=1,
    default_args=every_task(hours=1),
    tags=["giroksil", "관리", "upkeep"],
):
    report()
