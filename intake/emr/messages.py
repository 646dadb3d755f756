"""EMR messages: FHIR, CDA, HL7 v2 and DICOM, opened by one door; the bytes tell the standard."""

from intake.emr import dicom
from intake.emr.cda import document as cda
from intake.emr.fhir import records as fhir
from intake.emr.fhir.beside import Beside
from intake.emr.hl7v2 import attachments as hl7v2_attachments
from intake.emr.hl7v2 import records as hl7v2
from intake.emr.message import OpenMessage
from intake.formats import sniff
from intake.limits import Limits
from records.errors import RejectedInput

MESSAGES = frozenset({"fhir", "cda", "hl7", "dicom"})


def open_message(
    media: str, data: bytes, limits: Limits, beside: Beside | None = None
) -> OpenMessage:
    """Open a message file; `beside` is what other FHIR files of its export have to do with it.

    Raises:
        RejectedInput: why the file as a whole cannot be had.
    """
    match media:
        case "fhir":
            return fhir.open_fhir(data, limits, beside or Beside())
        case "hl7":
            return hl7v2.open_hl7v2(data, limits)
        case "dicom":
            return dicom.open_dicom(data, limits)
        case _:
            return cda.open_cda(data)


def attached(data: bytes, step: str) -> bytes:
    """The bytes of a file inside a message; `step` is one of `OpenMessage.attachments`.

    Raises:
        RejectedInput: `attachment_damaged`, or what is wrong with the message.
    """
    match sniff(data):
        case "fhir":
            return fhir.attached(data, step)
        case "hl7":
            return hl7v2_attachments.attached(data, step)
        case "cda":
            return cda.attached(data, step)
        case "dicom":
            return dicom.attached(data, step)
        case _:
            raise RejectedInput("attachment_damaged")
