"""# 키 교체 · Rotate the keys.

석 달마다 기관마다 새 키를 만들어 모든 데이터 키를 다시 감싸고, 모두 새 키로 열리는지 봅니다.
내용은 다시 쓰지 않습니다. 멈추었다 다시 돌리면 이어서 합니다.
마스터 키는 바꾸지 않습니다: 바꾸면 나누어 맡긴 조각이 쓸모없어지므로 사람이 합니다.
Every three months gives each institution a new key, wraps every data key anew, and proves that
everything opens with the new ones.
No content is rewritten. Stopped and run again, it goes on.
The master key stays: a new one makes the shares in people's hands worthless, so people renew it.
"""

from typing import Any

from airflow.sdk import DAG, CronTriggerTimetable, task

from giroksil_dags.every_task import every_task


@task
def rotate() -> dict[str, Any]:
    """교체 · Renew institutions' keys, wrap everything anew, prove it; fail where one differs."""
    from pipeline.assembly import open_workshop
    from pipeline.upkeep import rotate_keys

    return rotate_keys(open_workshop()).as_xcom()


with DAG(
    dag_id="rotate_keys",
    doc_md=__doc__,
    schedule=CronTriggerTimetable("0 1 1 1,4,7,10 *", timezone="Asia/Seoul"),
    catchup=False,
    max_active_runs=1,
    default_args=every_task(hours=24),
    tags=["giroksil", "관리", "upkeep"],
):
    rotate()
