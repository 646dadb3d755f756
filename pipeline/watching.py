"""What has arrived in the inbox in full, and is to be digitized."""

import time

from intake.inbox import complete_deliveries
from pipeline.assembly import Workshop
from pipeline.telling import tells_ids_only


@tells_ids_only
def finished_deliveries(workshop: Workshop) -> list[dict[str, str]]:
    """Every complete delivery: `delivery` (its URL) and `key` (an id that follows its content)."""
    settings = workshop.settings
    found = complete_deliveries(settings.inbox_url, settings.s3_endpoint, time.time())
    return [{"delivery": delivery.url, "key": delivery.key} for delivery in found]
