"""# 이관 자료 지켜보기 · Watch for deliveries.

1분마다 받은 편지함을 보고, 다 도착한 이관 자료마다 `digitize_batch`를, 전자의무기록이면
`import_emr`를 한 번만 시작합니다.
Looks into the inbox every minute and starts `digitize_batch`, or `import_emr` for an EMR, once for
every delivery that has arrived in full.

- 같은 이관 자료는 몇 번을 보아도 한 번만 처리됩니다: 실행 이름이 이관 자료 내용에서 정해집니다.
  A delivery is taken once, however often it is seen: its content names the run.
- 내용을 고쳐 다시 두면 새 이관 자료입니다.
  A delivery that was mended and put back is a new one.
- 폴더 이름은 실행 기록에 남습니다. 환자의 이름을 쓰지 마세요.
  The folder's name stays in the run's record: put no patient's name in it.
"""

import datetime as dt

from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sdk import DAG, task

from giroksil_dags.every_task import every_task


@task
def find_finished() -> list[dict[str, object]]:
    """다 온 이관 자료 · Deliveries that have arrived in full, each with the name of its run."""
    from pipeline.assembly import open_workshop
    from pipeline.watching import finished_deliveries

    return [
        {
            "trigger_dag_id": found["dag"],
            "trigger_run_id": f"delivery__{found['key']}",
            "conf": {"delivery": found["delivery"]},
        }
        for found in finished_deliveries(open_workshop())
    ]


with DAG(
    dag_id="watch_deliveries",
    doc_md=__doc__,
    schedule=dt.timedelta(minutes=1),
    start_date=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
    catchup=False,
    max_active_runs=1,
    default_args=every_task(hours=1, retries=1),
    tags=["giroksil", "접수", "intake"],
):
    # Without `logical_date=None` two deliveries found together could collide on the date
    # they were triggered at, and one of them be passed over as already there.
    TriggerDagRunOperator.partial(
        task_id="digitize",
        logical_date=None,
        skip_when_already_exists=True,
    ).expand_kwargs(find_finished())
