"""The line of a batch as Airflow's tasks: from the delivery taken in to the seal.

`digitize_batch` and `import_emr` differ in how a delivery is taken in, and in nothing after it.
"""

import datetime as dt
from typing import Any

from airflow.providers.standard.operators.hitl import HITLOperator
from airflow.sdk import Param, TriggerRule, task

from giroksil_dags.asking import PATIENCE, answered_by, reason
from giroksil_dags.every_task import every_task

RELEASE = "저장 승인 / Release"
SEND_BACK = "되돌림 / Send back"
CHUNK = "{{ task.op_kwargs['chunk'] }}"
REPORT = (
    "[보고서 / report]({{ served_at() }}/giroksil/batches/"
    "{{ ti.xcom_pull(task_ids='check')['batch'] }}/report.html)"
)

# 128 pages, the largest chunk, at the default limit of 120 s a page take 4.3 h. The delay between
# tries is doubled at every further one.
EVERY_TASK = every_task(
    hours=6,
    retries=5,
    retry_exponential_backoff=2.0,
    max_retry_delay=dt.timedelta(minutes=10),
)

SETTINGS = {
    "chunk_pages": Param(
        None,
        type=["null", "integer"],
        minimum=1,
        maximum=128,
        title="한 작업의 쪽수 / Pages a task",
        description_md=(
            "한 작업이 한 번에 읽는 쪽수(EMR의 행은 4,000개씩). 비우면 설정값.\n\n"
            "How many pages one task reads (of an EMR's rows 4,000). Empty: as in the settings."
        ),
    ),
    "languages": Param(
        None,
        type=["null", "string"],
        pattern="^[A-Za-z_/]+([+][A-Za-z_/]+)*$",
        title="문자 인식 언어 / Languages",
        description_md=(
            "Tesseract 언어를 `+`로 잇습니다 (예: `Hangul+eng`). 비우면 설정값.\n\n"
            "Tesseract's languages joined by `+`, such as `Hangul+eng`. Empty: as in the settings."
        ),
    ),
    "release": Param(
        None,
        type=["null", "string"],
        enum=[None, "automatic", "steward"],
        values_display={
            "automatic": "자동 / automatic",
            "steward": "담당자 승인 / steward",
        },
        title="저장 승인 / Release",
        description_md=(
            "`steward`: 보류 문서가 있으면 담당자가 승인할 때까지 저장하지 않습니다. "
            "비우면 설정값.\n\n"
            "`steward`: where documents are held, nothing is stored until a data steward agrees. "
            "Empty: as in the settings."
        ),
    ),
}


def workshop(params: dict[str, Any]) -> Any:
    """The parts this run works with: the deployment's settings, overridden by the form."""
    from pipeline.assembly import open_workshop

    return open_workshop(
        chunk_pages=params["chunk_pages"],
        ocr_languages=params["languages"],
        release=params["release"],
    )


@task
def triage(batch: str, params: dict[str, Any] | None = None) -> dict[str, Any]:
    """분류 준비 · See what is in each file, refuse what is hostile, cut the work into chunks."""
    from pipeline import stages

    return stages.triage(workshop(params), batch).as_xcom()


@task
def chunks(receipt: dict[str, Any], of: str) -> list[str]:
    """작업 나누기 · The ids to map over: Airflow maps over a task's whole return value only."""
    return receipt[of]


@task(pool="ocr", multiple_outputs=False, map_index_template=CHUNK)
def read(batch: str, chunk: str, params: dict[str, Any] | None = None) -> dict[str, Any]:
    """읽기 · Read one chunk: the text of pages, or documents of rows and records."""
    from pipeline import stages

    return stages.read(workshop(params), batch, chunk).as_xcom()


@task(trigger_rule=TriggerRule.NONE_FAILED, multiple_outputs=False, map_index_template=CHUNK)
def assemble(batch: str, chunk: str, params: dict[str, Any] | None = None) -> dict[str, Any]:
    """문서 나누기 · Take stacks of pages apart into typed documents with fields.

    견주기: 내보낸 행과 기록은 무엇이 새것이고 바뀌었는지. Of an export, what is new or has changed.
    """
    from pipeline import stages

    return stages.assemble(workshop(params), batch, chunk).as_xcom()


@task(trigger_rule=TriggerRule.NONE_FAILED)
def check(batch: str, params: dict[str, Any] | None = None) -> dict[str, Any]:
    """검사 · Judge every document: accept, hold or reject."""
    from pipeline import stages

    return stages.check(workshop(params), batch).as_xcom()


@task.short_circuit(ignore_downstream_trigger_rules=False)
def needs_steward(checked: dict[str, Any], params: dict[str, Any] | None = None) -> bool:
    """승인 필요 여부 · Whether a data steward must agree before anything is stored."""
    from pipeline.releasing import prepare_release

    return prepare_release(workshop(params), checked["batch"], checked["counts"]["held"])


@task(multiple_outputs=False)
def heed_steward(
    batch: str, answer: dict[str, Any], params: dict[str, Any] | None = None
) -> dict[str, Any]:
    """담당자 결정 · Keep it; go on where the batch was released, end where it was sent back.

    표본 검사가 필수이면 합격해야 합니다. Where sampling is required, the sample must have passed.
    """
    from pipeline.releasing import heed_release

    given = {
        "by": answered_by(answer),
        "why": (answer["params_input"] or {}).get("reason") or "airflow",
        "outcome": "release" if answer["chosen_options"] == [RELEASE] else "send_back",
    }
    return heed_release(workshop(params), batch, given).as_xcom()


@task(trigger_rule=TriggerRule.NONE_FAILED, multiple_outputs=False, map_index_template=CHUNK)
def store(batch: str, chunk: str, params: dict[str, Any] | None = None) -> dict[str, Any]:
    """보관 · Encrypt accepted documents and put them into the vault and the ledger."""
    from pipeline import stages

    return stages.store(workshop(params), batch, chunk).as_xcom()


@task(trigger_rule=TriggerRule.NONE_FAILED)
def index(batch: str, params: dict[str, Any] | None = None) -> dict[str, Any]:
    """색인 · Make the stored documents findable."""
    from pipeline import stages

    return stages.index(workshop(params), batch).as_xcom()


@task(trigger_rule=TriggerRule.NONE_FAILED)
def seal(batch: str, params: dict[str, Any] | None = None) -> dict[str, Any]:
    """봉인 · Balance the batch from the stores and seal it; fail where it does not hold."""
    from pipeline import stages

    return stages.seal(workshop(params), batch).as_xcom()


def line(registered: Any) -> None:
    """Draw the line behind the task that takes the delivery in."""
    batch = registered["batch"]
    triaged = triage(batch)
    reading = read.partial(batch=batch).expand(
        chunk=chunks.override(task_id="chunks_to_read")(triaged, "read")
    )
    assembling = assemble.partial(batch=batch).expand(
        chunk=chunks.override(task_id="chunks_to_assemble")(triaged, "assemble")
    )
    checked = check(batch)
    ask_steward = HITLOperator(
        task_id="ask_steward",
        subject="보류 문서가 있는 배치의 저장 승인 / Release of a batch with held documents",
        body=(
            "배치 `{{ ti.xcom_pull(task_ids='check')['batch'] }}`: "
            "보류 문서 {{ ti.xcom_pull(task_ids='check')['counts']['held'] }}건. "
            "승인하면 수락된 문서만 저장되고 보류 문서는 계속 검토를 기다립니다. "
            "되돌리면 아무것도 저장하지 않습니다. "
            f"{REPORT}. 보류 문서와 표본은 `review_batch` 또는 `giroksil review`로 결정합니다.\n\n"
            "Batch `{{ ti.xcom_pull(task_ids='check')['batch'] }}`: "
            "{{ ti.xcom_pull(task_ids='check')['counts']['held'] }} documents are held. "
            "Release: the accepted documents are stored, the held ones go on waiting for review. "
            "Send back: nothing is stored. "
            "Held documents and samples are decided by `review_batch` or `giroksil review`."
        ),
        options=[RELEASE, SEND_BACK],
        params=reason(),
        response_timeout=PATIENCE,
    )
    released = heed_steward(batch, ask_steward.output)
    storing = store.partial(batch=batch).expand(
        chunk=chunks.override(task_id="chunks_to_store")(checked, "store")
    )

    reading >> assembling >> checked
    needs_steward(checked) >> ask_steward
    released >> storing >> index(batch) >> seal(batch)
