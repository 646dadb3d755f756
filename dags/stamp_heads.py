"""# 원장 시점확인 · Time stamps of the ledger.

매시간 아직 시점확인을 받지 못한 원장의 머리에 시점확인을 받고,
인증서가 끝나기 전에 새것으로 덮습니다.
기관이 답하지 않거나 답이 틀리면 실행이 실패하고, 다음 실행이 채웁니다.
설정에 기관이 없으면 아무것도 하지 않습니다.
Every hour has the ledger's head stamped where leaves wait for it, and lays a new stamp over the old
ones before their certificate ends.
Where the authority does not answer, or wrongly, the run fails and a later one makes it up.
Where none is configured (`timestamp_url`), nothing is done.
"""

from typing import Any

from airflow.sdk import DAG, CronTriggerTimetable, task

from giroksil_dags.every_task import every_task


@task
def stamp() -> dict[str, Any]:
    """시점확인 · Make up missing stamps, renew, check all; fail where one does not hold."""
    from pipeline.assembly import open_workshop
    from pipeline.stamping import stamp_heads

    return stamp_heads(open_workshop()).as_xcom()


with DAG(
    dag_id="stamp_heads",
    doc_md=__doc__,
    schedule=CronTriggerTimetable("20 * * * *", timezone="Asia/Seoul"),
    catchup=False,
    max_active_runs=1,
    default_args=every_task(hours=1),
    tags=["giroksil", "관리", "upkeep"],
):
    stamp()
