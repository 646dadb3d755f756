"""The records of an EMR message file, each what becomes one document."""

from collections.abc import Callable

from intake.archives import INSIDE, bytes_of
from intake.emr.fhir.beside import Beside
from intake.emr.messages import open_message
from intake.limits import Limits
from intake.tables import Refused
from records.emr_record import EmrRecord
from records.errors import RejectedInput
from records.ids import page_id
from records.values import Failure, Scan

_STAGE = "intake"


def record_reader(
    scan: Scan, data: bytes, limits: Limits, beside: Beside | None = None
) -> Callable[[int], EmrRecord | Failure]:
    """Open a message file once; the function returned reads its records, by number from 0.

    `data` are the bytes of the received file. A record that cannot be used is a failure with its
    number and the element that is at fault.

    Raises:
        RejectedInput: the file as a whole cannot be had; from the function, `row_missing`.
    """
    message = open_message(scan.media, bytes_of(scan, data, limits), limits, beside)
    path = scan.path if scan.member is None else f"{scan.path}{INSIDE}{scan.member}"

    def read(index: int) -> EmrRecord | Failure:
        if index >= message.count:
            raise RejectedInput("row_missing", scan.id)
        record = message.record(index)
        if isinstance(record, Refused):
            subject = page_id(scan.id, index)
            return Failure(subject, record.code, _STAGE, path, index + 1, record.column)
        return record

    return read
