"""FHIR is UTF-8; what some program wrote otherwise is brought there, and said."""

from intake import encodings
from records.errors import RejectedInput


def in_utf8(data: bytes) -> tuple[bytes, tuple[str, ...]]:
    """A FHIR file's bytes as UTF-8, and the warnings.

    Raises:
        RejectedInput: `fhir_damaged`: it is no text.
    """
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        data.decode()
    except UnicodeDecodeError:
        found = encodings.detect(data)
        if found is None:
            raise RejectedInput("fhir_damaged") from None
        warning = "text_damaged" if found.damaged else "encoding_declared_wrong"
        return data.decode(found.name, "replace").lstrip("\ufeff").encode(), (warning,)
    return data, ()
