"""# 배치 전자화 · Digitize a batch.

스캔한 종이 기록이나 EMR 내보내기 한 묶음을 읽고, 문서로 나누고, 검사하고, 암호화해 보관하고,
찾을 수 있게 하고, 봉인합니다.
Reads one delivery of scanned paper or an EMR export, takes it apart into documents, checks them,
keeps them encrypted, makes them findable, and seals the batch.

- 못 쓰는 쪽이나 파일은 배치를 멈추지 않고 다시 스캔할 목록에 오릅니다.
  A page or file that cannot be used does not stop the batch; it goes to the rescan list.
- 실행이 성공이면 대차가 맞고 배치가 봉인된 것입니다. 대차가 맞지 않으면 `seal`이 실패합니다.
  A run that succeeds has balanced and is sealed; where the balance does not hold, `seal` fails.
- 실패한 실행은 그대로 다시 돌리면 됩니다. 이미 한 일은 다시 하지 않습니다.
  A failed run may simply be cleared: work that is done is not done again.
- 이곳을 지나는 것은 식별자와 개수뿐입니다. 환자의 이름이나 번호는 지나지 않습니다.
  Only ids and counts pass through here, never a patient's name or number.
"""

import datetime as dt
from typing import Any

from airflow.providers.standard.exceptions import HITLTimeoutError
from airflow.providers.standard.operators.hitl import HITLOperator
from airflow.sdk import (
    DAG,
    ExceptionRetryPolicy,
    Param,
    RetryAction,
    RetryRule,
    TriggerRule,
    task,
)

from records.errors import IntegrityError, RejectedInput, SetupError, TransientError

RELEASE = "저장 승인 / Release"
SEND_BACK = "되돌림 / Send back"
CHUNK = "{{ task.op_kwargs['chunk'] }}"
REPORT = (
    "[보고서 / report]({{ served_at() }}/giroksil/batches/"
    "{{ ti.xcom_pull(task_ids='check')['batch'] }}/report.html)"
)

# The delay is the deployment's: [core] default_task_retry_delay, doubled at every further try.
EVERY_TASK = {
    "owner": "giroksil",
    "retries": 5,
    "retry_exponential_backoff": 2.0,
    "max_retry_delay": dt.timedelta(minutes=10),
    "retry_policy": ExceptionRetryPolicy(
        [
            RetryRule(TransientError, RetryAction.RETRY),
            RetryRule(
                [RejectedInput, IntegrityError, SetupError, HITLTimeoutError], RetryAction.FAIL
            ),
        ]
    ),
    # 128 pages, the largest chunk, at the default limit of 120 s a page take 4.3 h.
    "execution_timeout": dt.timedelta(hours=6),
    "show_return_value_in_logs": False,
}

FORM = {
    "delivery": Param(
        type="string",
        minLength=1,
        title="이관 자료 / Delivery",
        description_md=(
            "`delivery.yaml`이 든 폴더의 경로 또는 `s3://` 주소. "
            "실행 기록에 남으니 환자 이름을 쓰지 마세요.\n\n"
            "Path of the folder that holds `delivery.yaml`, or an `s3://` address. "
            "It stays in the run's record: put no patient's name in it."
        ),
    ),
    "chunk_pages": Param(
        None,
        type=["null", "integer"],
        minimum=1,
        maximum=128,
        title="한 작업의 쪽수 / Pages a task",
        description_md=(
            "한 작업이 한 번에 읽는 쪽수. 비우면 설정값.\n\n"
            "How many pages one task reads. Empty: as in the settings."
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

WHY = {
    # With a default: Airflow validates a task's parameters before anybody was asked.
    "reason": Param(
        "",
        type="string",
        title="이유 / Reason",
        description_md=(
            "왜 그렇게 답하는지. 환자 이름을 쓰지 마세요.\n\n"
            "Why you answer so. Put no patient's name here."
        ),
    ),
}


def served_at() -> str:
    """The path that Airflow's pages are served under."""
    from urllib.parse import urlsplit

    from airflow.sdk.configuration import conf

    return urlsplit(conf.get("api", "base_url", fallback="")).path.rstrip("/")


def workshop(params: dict[str, Any]) -> Any:
    """The parts this run works with: the deployment's settings, overridden by the form."""
    from pipeline.assembly import open_workshop

    return open_workshop(
        chunk_pages=params["chunk_pages"],
        ocr_languages=params["languages"],
        release=params["release"],
    )


@task
def register(params: dict[str, Any] | None = None) -> dict[str, Any]:
    """접수 · Take the delivery in: every file hashed, listed, kept as received."""
    from pipeline import stages

    return stages.register(workshop(params), params["delivery"]).as_xcom()


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
    """읽기 · Read the text of one chunk of pages."""
    from pipeline import stages

    return stages.read(workshop(params), batch, chunk).as_xcom()


@task(trigger_rule=TriggerRule.NONE_FAILED, multiple_outputs=False, map_index_template=CHUNK)
def assemble(batch: str, chunk: str, params: dict[str, Any] | None = None) -> dict[str, Any]:
    """문서 나누기 · Take stacks of pages apart into typed documents with fields."""
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
        "by": (answer["responded_by_user"] or {}).get("id") or "",
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


with DAG(
    dag_id="digitize_batch",
    doc_md=__doc__,
    schedule=None,
    catchup=False,
    max_active_runs=4,
    params=FORM,
    default_args=EVERY_TASK,
    user_defined_macros={"served_at": served_at},
    tags=["giroksil", "전자화", "digitize"],
):
    registered = register()
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
        params=WHY,
        response_timeout=dt.timedelta(days=30),
    )
    released = heed_steward(batch, ask_steward.output)
    storing = store.partial(batch=batch).expand(
        chunk=chunks.override(task_id="chunks_to_store")(checked, "store")
    )

    reading >> assembling >> checked
    needs_steward(checked) >> ask_steward
    released >> storing >> index(batch) >> seal(batch)
