"""What has arrived in the inbox in full, and is to be digitized."""

import time

from intake.inbox import complete_deliveries
from pipeline.assembly import Workshop
from pipeline.importing import dag_for
from pipeline.telling import tells_ids_only


@tells_ids_only
def finished_deliveries(workshop: Workshop) -> list[dict[str, str]]:
    """Every complete delivery: its URL, an id that follows its content, and the DAG it is for."""
    settings = workshop.settings
    found = complete_deliveries(settings.inbox_url, settings.s3_endpoint, time.time())
    return [
        {"delivery": one.url, "key": one.key, "dag": dag_for(workshop, one.url)} for one in found
    ]
