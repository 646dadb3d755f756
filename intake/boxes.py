"""Which boxes and charts a delivery declares, before anything of it is scanned."""

from intake import manifest
from intake.delivery import declared_delivery
from intake.sources import open_source
from records.values import Delivery


def declared_boxes(url: str, s3_endpoint: str = "") -> tuple[Delivery, dict[str, tuple[str, ...]]]:
    """Return the declaration, and the chart numbers of each box in the order they are named.

    `declared.boxes` of `delivery.yaml` comes first, then the rows of `manifest.csv`; charts that
    name no box are under "". No scan has to be there yet.

    Raises:
        SetupError: the place is not there or not open to us.
        RejectedInput: `declaration_…` or `manifest_…`. TransientError: the store does not answer.
    """
    delivery = declared_delivery(url, s3_endpoint)
    source = open_source(url, s3_endpoint)
    boxes: dict[str, list[str]] = {
        box: list(charts) for box, charts in delivery.declared_boxes.items()
    }
    listed = source.small(manifest.NAME, manifest.MAX_BYTES)
    entries = manifest.read_manifest(listed).entries.values() if listed is not None else ()
    for entry in entries:
        if not entry.box and not entry.chart_no:
            continue
        charts = boxes.setdefault(entry.box or "", [])
        if entry.chart_no and entry.chart_no not in charts:
            charts.append(entry.chart_no)
    return delivery, {box: tuple(charts) for box, charts in boxes.items()}
