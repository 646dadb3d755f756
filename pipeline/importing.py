"""Taking in an export of an EMR: a delivery that says that it is one."""

from intake.delivery import declared_delivery
from pipeline.assembly import Workshop
from pipeline.stages import register
from pipeline.telling import tells_ids_only
from records.errors import RejectedInput, SetupError
from records.values import StageReceipt


@tells_ids_only
def register_export(workshop: Workshop, delivery_url: str) -> StageReceipt:
    """Register a delivery of `source: emr`.

    Raises:
        RejectedInput: it says that it is paper (`delivery_not_emr`); and as `register`.
    """
    if _source(workshop, delivery_url) != "emr":
        raise RejectedInput("delivery_not_emr")
    return register(workshop, delivery_url)


def dag_for(workshop: Workshop, delivery_url: str) -> str:
    """Which DAG a delivery is for; where it cannot be told, the one that says what is wrong."""
    try:
        emr = _source(workshop, delivery_url) == "emr"
    except (RejectedInput, SetupError):
        emr = False
    return "import_emr" if emr else "digitize_batch"


def _source(workshop: Workshop, delivery_url: str) -> str:
    return declared_delivery(delivery_url, workshop.settings.s3_endpoint).source
