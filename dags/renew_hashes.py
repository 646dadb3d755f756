"""# 해시 갱신 · Hash renewal.

석 달마다 원장의 새 잎을 그 내용과 지금까지의 증거와 함께 SHA-512로 다시 해시해
시점확인을 받습니다.
SHA-256이 약해지는 날에도 그 전의 기록은 이것으로 증명됩니다(RFC 4998, 5.3).
보관물을 모두 열어 보므로 온전한지도 함께 확인됩니다. 열리지 않는 것이 있으면 실행이 실패합니다.
멈추었다 다시 돌리면 이어서 합니다. 설정에 시점확인기관이 없으면 아무것도 하지 않습니다.
Every three months hashes the ledger's new leaves anew by SHA-512, with their contents and the
evidence so far, and has that stamped: on the day SHA-256 weakens, it proves what was before.
Every object is opened for it, so it is a check of all contents too; the run fails where one does
not open. Stopped and run again, it goes on. Where no authority is configured (`timestamp_url`),
nothing is done.
"""

from typing import Any

from airflow.sdk import DAG, CronTriggerTimetable, task

from giroksil_dags.every_task import every_task


@task
def renew() -> dict[str, Any]:
    """갱신 · Hash anew what is new, have it stamped; fail where something does not open."""
    from pipeline.assembly import open_workshop
    from pipeline.stamping import renew_hashes

    return renew_hashes(open_workshop()).as_xcom()


with DAG(
    dag_id="renew_hashes",
    doc_md=__doc__,
    schedule=CronTriggerTimetable("0 3 1 2,5,8,11 *", timezone="Asia/Seoul"),
    catchup=False,
    max_active_runs=1,
    default_args=every_task(hours=72),
    tags=["giroksil", "관리", "upkeep"],
):
    renew()
