"""DICOM files, their headers and reports told as text by pydicom. Runs in the decoding child only.

Pixels are never decoded: the file is kept as received, and what it says of itself is indexed.
"""

import io
import json
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from records.errors import RejectedInput

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

_DIRECTORY = "1.2.840.10008.1.3.10"
_DEFLATED = "1.2.840.10008.1.2.1.99"
_EXPLICIT = b"1.2.840.10008.1.2.1\0"
_META_AT = 132
_MOST_ELEMENTS = 5_000
_MOST_CONTENT = 20_000
_MOST_CHARS = 8 * 1024 * 1024
_MOST_INFLATED = 128 * 1024 * 1024
_DEEPEST = 32
_NO_TEXT = frozenset({"OB", "OD", "OF", "OL", "OV", "OW", "UN", "SQ"})
_TOLD_SEQUENCES = ("RequestAttributesSequence", "ProcedureCodeSequence", "AnatomicRegionSequence")
_PIXELS = frozenset({0x7FE00008, 0x7FE00009, 0x7FE00010})
_LATIN = frozenset({"", "ISO_IR 6", "ISO 2022 IR 6", "ISO_IR 100", "ISO 2022 IR 100"})
_TEXT_VR = frozenset({"PN", "LO", "SH", "ST", "LT", "UT", "UC"})
_UNDEFINED = 0xFFFFFFFF
_SEQUENCE_END = (b"\xfe\xff\xdd\xe0", b"\xff\xfe\xe0\xdd")


@dataclass
class Told:
    """What a file says of itself.

    `elements`: (keyword, name, text); `content`: (depth, name, text) of a structured report, in
    order. `cut`: the file ends before it should. `differs`: its text is in another encoding than
    it declares. `document`: the media type of a document inside.
    """

    sop_class: str = ""
    title: str = ""
    elements: list[tuple[str, str, str]] = field(default_factory=list)
    content: list[tuple[int, str, str]] = field(default_factory=list)
    cut: bool = False
    differs: bool = False
    document: str = ""


def header(data: bytes, *, max_pixels: int) -> tuple[dict[str, Any], bytes]:
    """Tell a file's header and report as JSON of `Told`.

    Raises:
        RejectedInput: `dicom_damaged`, `dicom_too_large`, `dicom_directory`.
    """
    del max_pixels
    dataset, cut = _read(data)
    told = Told(cut=cut)
    try:
        told.differs = _believe_bytes(dataset)
        told.sop_class = str(dataset.get("SOPClassUID", ""))
        told.document = str(dataset.get("MIMETypeOfEncapsulatedDocument", ""))
        told.title = _meaning(dataset.get("ConceptNameCodeSequence"))
        told.elements = _bounded(_elements(dataset), _MOST_ELEMENTS)
        told.content = _bounded(_content(dataset, 0), _MOST_CONTENT)
    except RejectedInput:
        raise
    except Exception as error:
        raise RejectedInput("dicom_damaged") from error
    return {}, json.dumps(asdict(told)).encode()


def document(data: bytes, *, max_pixels: int) -> tuple[dict[str, Any], bytes]:
    """Return the document that lies inside (a PDF, mostly), without the byte that fills it up.

    Raises:
        RejectedInput: `attachment_damaged`, `dicom_…`.
    """
    dataset, _ = _read(data)
    inside = bytes(dataset.get("EncapsulatedDocument", b"") or b"")
    length = int(dataset.get("EncapsulatedDocumentLength", 0) or 0)
    if length in (len(inside), len(inside) - 1):
        inside = inside[:length]
    if not inside or len(inside) > 4 * max_pixels:
        raise RejectedInput("attachment_damaged")
    return {}, inside


def _read(data: bytes) -> tuple["Dataset", bool]:
    """The header up to the pixels, and whether the file is cut."""
    from pydicom import dcmread  # noqa: PLC0415  (loads in a third of a second)

    stream = io.BytesIO(_inflated(data))
    try:
        dataset = dcmread(stream, stop_before_pixels=True)
        directory = str(dataset.file_meta.get("MediaStorageSOPClassUID", "")) == _DIRECTORY
        cut = _is_cut(dataset, stream.getvalue(), stream.tell())
    except Exception as error:  # hostile bytes raise anything
        raise RejectedInput("dicom_damaged") from error
    if directory or "DirectoryRecordSequence" in dataset:
        raise RejectedInput("dicom_directory")
    if not len(dataset):
        raise RejectedInput("dicom_damaged")
    return dataset, cut


def _inflated(data: bytes) -> bytes:
    """The file; where all behind its first part is deflated, inflated within bounds."""
    if _DEFLATED.encode() not in data[_META_AT : _META_AT + 1024]:
        return data
    if data[_META_AT : _META_AT + 8] != b"\x02\0\0\0UL\x04\0":
        raise RejectedInput("dicom_damaged")
    end = _META_AT + 12 + int.from_bytes(data[_META_AT + 8 : _META_AT + 12], "little")
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        plain = inflater.decompress(data[end:], _MOST_INFLATED)
    except zlib.error as error:
        raise RejectedInput("dicom_damaged") from error
    if inflater.unconsumed_tail:
        raise RejectedInput("dicom_too_large")
    # The name of the plain syntax in the place of this one, of the same length by zeros.
    name = _EXPLICIT.ljust(len(_DEFLATED), b"\0")
    return data[:end].replace(_DEFLATED.encode(), name, 1) + plain


def _is_cut(dataset: "Dataset", data: bytes, at: int) -> bool:
    """Whether an element, or the picture, has fewer bytes than it says, or is not there."""
    from pydicom.dataelem import RawDataElement  # noqa: PLC0415

    for tag in list(dataset.keys()):
        raw: Any = dataset.get_item(tag)
        if (
            isinstance(raw, RawDataElement)
            and raw.value is not None
            and raw.length != _UNDEFINED
            and len(raw.value) < raw.length
        ):
            return True
    if at >= len(data):
        return "Rows" in dataset and "Columns" in dataset
    little = int.from_bytes(data[at : at + 2], "little") == 0x7FE0
    order = "little" if little else "big"
    long = data[at + 4 : at + 6] in (b"OB", b"OW", b"OF", b"OD")
    size_at = at + 8 if long else at + 4
    size = int.from_bytes(data[size_at : size_at + 4], order)  # type: ignore[arg-type]
    if size == _UNDEFINED:
        return max(data.rfind(end) for end in _SEQUENCE_END) < at
    return len(data) - size_at - 4 < size


def _believe_bytes(dataset: "Dataset") -> bool:
    """Set the encoding to UTF-8 or Korean where the bytes are that, and no Korean is declared."""
    declared = dataset.get("SpecificCharacterSet") or ""
    names = [declared] if isinstance(declared, str) else list(declared)
    if not all(str(name) in _LATIN for name in names):
        return False
    texts = [
        raw.value
        for tag in list(dataset.keys())
        if getattr(raw := dataset.get_item(tag), "VR", "") in _TEXT_VR
        and isinstance(raw.value, bytes)
        and not raw.value.isascii()
    ]
    for encoding in ("utf-8", "euc_kr"):
        try:
            if texts and all(text.decode(encoding) for text in texts):
                implicit, little = dataset.original_encoding
                dataset.set_original_encoding(implicit, little, [encoding])
                return True
        except UnicodeDecodeError:
            continue
    return False


def _elements(dataset: "Dataset", above: str = "") -> Iterator[tuple[str, str, str]]:
    for element in dataset:
        if element.tag.is_private or element.tag in _PIXELS or element.tag.group == 0x6000:
            continue
        keyword = element.keyword
        if element.VR == "SQ" and keyword in _TOLD_SEQUENCES and not above:
            for item in element.value:
                yield from _elements(item, f"{keyword}.")
        elif element.VR not in _NO_TEXT and (text := _text(element.value)):
            yield f"{above}{keyword}", str(element.name), text


def _content(dataset: "Dataset", depth: int) -> Iterator[tuple[int, str, str]]:
    """A structured report's items, each under what it is said to be."""
    if depth > _DEEPEST:
        raise RejectedInput("dicom_too_large")
    for item in dataset.get("ContentSequence") or ():
        name = _meaning(item.get("ConceptNameCodeSequence"))
        text = _said(item)
        if name or text:
            yield depth, name, text
        yield from _content(item, depth + 1)


def _said(item: "Dataset") -> str:
    match str(item.get("ValueType", "")):
        case "CODE":
            return _meaning(item.get("ConceptCodeSequence"))
        case "NUM":
            measured = (item.get("MeasuredValueSequence") or [None])[0]
            if measured is None:
                return ""
            unit = measured.get("MeasurementUnitsCodeSequence")
            code = _text(unit[0].get("CodeValue")) if unit else ""
            return f"{_text(measured.get('NumericValue'))} {code}".strip()
        case "IMAGE" | "COMPOSITE" | "WAVEFORM":
            named = item.get("ReferencedSOPSequence") or ()
            return " ".join(_text(one.get("ReferencedSOPInstanceUID")) for one in named)
        case _:
            for key in ("TextValue", "PersonName", "DateTime", "Date", "Time", "UID"):
                if text := _text(item.get(key)):
                    return text
            return ""


def _meaning(sequence: Any) -> str:
    """The words of a code, else the code."""
    if not sequence:
        return ""
    return _text(sequence[0].get("CodeMeaning")) or _text(sequence[0].get("CodeValue"))


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list | tuple) or type(value).__name__ == "MultiValue":
        return ", ".join(filter(None, map(_text, value)))
    return str(value).replace("\r\n", "\n").replace("\r", "\n").strip("\0 \n")


def _bounded(found: Iterator[tuple[Any, ...]], most: int) -> list[Any]:
    kept: list[Any] = []
    size = 0
    for one in found:
        size += len(str(one[-1]))
        if len(kept) >= most or size > _MOST_CHARS:
            raise RejectedInput("dicom_too_large")
        kept.append(one)
    return kept
