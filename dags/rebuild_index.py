"""# 색인 다시 만들기 · Rebuild the index.

매주 보관소의 모든 문서를 색인에 새로 쓰고, 보관소에 없는 항목을 지우고,
끝맺지 못한 쓰기의 찌꺼기를 치웁니다.
참은 보관소 하나뿐이고, 색인은 언제든 버리고 다시 만들 수 있습니다.
Each week writes every document of the vault into the index anew, removes entries the vault does
not know, and sweeps what unfinished writes left behind.
The vault is the only truth; the index may be thrown away and rebuilt at any time.
"""

import datetime as dt
from typing import Any

from airflow.sdk import (
    DAG,
    CronTriggerTimetable,
    ExceptionRetryPolicy,
    RetryAction,
    RetryRule,
    task,
)

from records.errors import IntegrityError, RejectedInput, SetupError, TransientError

EVERY_TASK = {
    "owner": "giroksil",
    "retries": 3,
    "retry_policy": ExceptionRetryPolicy(
        [
            RetryRule(TransientError, RetryAction.RETRY),
            RetryRule([RejectedInput, IntegrityError, SetupError], RetryAction.FAIL),
        ]
    ),
    "execution_timeout": dt.timedelta(hours=12),
    "show_return_value_in_logs": False,
}


@task
def rebuild() -> dict[str, Any]:
    """다시 만들기 · Make the index say what the vault holds."""
    from pipeline.assembly import open_workshop
    from pipeline.upkeep import rebuild_index

    return rebuild_index(open_workshop()).as_xcom()


with DAG(
    dag_id="rebuild_index",
    doc_md=__doc__,
    schedule=CronTriggerTimetable("0 4 * * 0", timezone="Asia/Seoul"),
    catchup=False,
    max_active_runs=1,
    default_args=EVERY_TASK,
    tags=["giroksil", "관리", "upkeep"],
):
    rebuild()
