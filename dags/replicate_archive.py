"""# 둘째 보관소 · Replicate the archive.

매일 새로 보관된 것과 바뀐 키를 둘째 보관소로 복사하고, 두 곳이 같은지 봅니다.
첫째 보관소에서 손상된 것은 복사하지 않고 이름을 알리며, 둘째에서 손상된 것은 고칩니다.
하나라도 다르면 실행이 실패합니다: 바로 사람이 보아야 합니다.
무엇인지는 `reports/upkeep`에 있습니다.
Copies what is new, and keys that were rotated, to the second site each night, and sees that both
are equal.
What is damaged on the first site is named and not copied; what is damaged on the second is mended.
The run fails where one thing differs: a person must look at once. What it is stands in
`reports/upkeep`.

둘째 보관소가 설정되지 않았으면 건너뜁니다. Skipped where no second site is set.
"""

from typing import Any

from airflow.sdk import DAG, CronTriggerTimetable, task

from giroksil_dags.every_task import every_task


@task.short_circuit
def has_second_site() -> bool:
    """둘째 보관소가 있는가 · Whether a second site is set."""
    from pipeline.assembly import open_workshop

    return bool(open_workshop().settings.replica_url)


@task
def replicate() -> dict[str, Any]:
    """복사와 증명 · Copy what is missing, compare both sites; fail where they differ."""
    from pipeline.assembly import open_workshop
    from pipeline.recovery import replicate_archive

    return replicate_archive(open_workshop()).as_xcom()


with DAG(
    dag_id="replicate_archive",
    doc_md=__doc__,
    schedule=CronTriggerTimetable("0 23 * * *", timezone="Asia/Seoul"),
    catchup=False,
    max_active_runs=1,
    default_args=every_task(hours=12),
    tags=["giroksil", "관리", "upkeep"],
):
    has_second_site() >> replicate()
