"""By what a record of HL7 v2 is known again: an order's or document's number, else a message's."""

import hashlib
from collections.abc import Sequence

from intake.emr.hl7v2.segments import Segment
from records.emr_identity import EmrIdentity

SOURCE = "hl7v2"
# Who sent it to whom, and when it was sent: another copy says it otherwise.
_ENVELOPE = frozenset({"MSH", "SFT", "FHS", "BHS"})
_NUMBERS = {"OBR": (3, 2), "ORC": (3, 2), "TXA": (12,)}


def identity_of(header: Segment, segments: Sequence[Segment]) -> EmrIdentity:
    """The identity of a record: an order's number with what was ordered, or the message's own.

    Results that come twice, first preliminary and then final, are two versions of one record.
    """
    said = repr([(one.name, one.fields) for one in segments if one.name not in _ENVELOPE])
    digest = hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()
    type_ = header.at(9).upper()
    for one in segments if type_ in {"ORU", "OUL", "MDM"} else ():
        for field in _NUMBERS.get(one.name, ()):
            if number := one.words(field):
                what = one.at(4) if one.name == "OBR" else ""
                return EmrIdentity(SOURCE, f"{type_}|{one.name}|{number}|{what}", digest)
    number = header.at(10)
    sender = f"{header.words(3)}|{header.words(4)}"
    return EmrIdentity(SOURCE, f"{type_}|{sender}|{number}" if number else "", digest)
