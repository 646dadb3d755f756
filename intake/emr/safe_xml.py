"""XML from strangers: no DTD, so no entity of theirs; nothing is ever fetched.

A DTD may stand only before the root element: expat looks there first and stops at the root, so
that libxml2 never sees one.
"""

import re
from dataclasses import dataclass
from typing import Any
from xml.parsers import expat

from lxml import etree

from intake import encodings
from intake.emr.message import MOST_BYTES
from records.errors import RejectedInput

_DECLARATION = re.compile(r"\s*<\?xml\b[^>]{0,200}\?>")
_DECLARED = re.compile(rb"<\?xml\b[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_LATIN = frozenset({"iso-8859-1", "latin-1", "windows-1252", "us-ascii"})
_KOREAN = {"euc-kr": "cp949", "ks_c_5601-1987": "cp949", "ms949": "cp949", "cp949": "cp949"}


class _RootReachedError(Exception):
    """The root element begins; no DTD came before it."""


@dataclass(frozen=True, slots=True)
class Xml:
    """The root element, names without their name spaces; `warnings` are codes."""

    root: Any
    warnings: tuple[str, ...] = ()


def parse_xml(data: bytes) -> Xml:
    """Read a document.

    Raises:
        RejectedInput: `xml_dtd`, `xml_damaged`, `message_too_large`.
    """
    if len(data) > MOST_BYTES:
        raise RejectedInput("message_too_large")
    text, warnings = _text(data)
    raw = _DECLARATION.sub("", text, count=1).encode("utf-8", "replace")
    del text
    _refuse_dtd(raw)
    # huge_tree lifts the bound of 10 MB a text, which scans inside reach; depth stays bounded.
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False,
        huge_tree=True, remove_comments=True, remove_pis=True, recover=False,
    )  # fmt: skip
    try:
        root = etree.fromstring(raw, parser)
    except etree.XMLSyntaxError as error:
        raise RejectedInput("xml_damaged") from error
    for element in root.iter():
        if isinstance(element.tag, str) and element.tag.startswith("{"):
            element.tag = element.tag.rpartition("}")[2]
    return Xml(root, warnings)


def _refuse_dtd(raw: bytes) -> None:
    parser = expat.ParserCreate()

    def doctype(*_: object) -> None:
        raise RejectedInput("xml_dtd")

    def element(*_: object) -> None:
        raise _RootReachedError

    parser.StartDoctypeDeclHandler = doctype
    parser.StartElementHandler = element
    try:
        parser.Parse(raw[: 1 << 20], False)
    except _RootReachedError:
        return
    except expat.ExpatError as error:
        raise RejectedInput("xml_damaged") from error
    raise RejectedInput("xml_damaged")  # a megabyte, and no element yet


def _text(data: bytes) -> tuple[str, tuple[str, ...]]:
    """Decode by what the bytes are, not by what they say they are."""
    match = _DECLARED.search(data[:1024])
    declared = match[1].decode().lower() if match else ""
    found = encodings.detect(data)
    if found is None:
        raise RejectedInput("xml_damaged")
    if declared in _LATIN and (found.damaged or found.name == "cp949"):
        return data.decode("latin-1"), ()
    warnings = ["text_damaged"] if found.damaged else []
    plain = found.name.removesuffix("-sig").removesuffix("-le").removesuffix("-be")
    said = _KOREAN.get(declared, declared.removesuffix("le").removesuffix("be").removesuffix("-"))
    if said and not data.isascii() and said not in {plain, plain.replace("-", "")}:
        warnings.append("encoding_declared_wrong")
    return data.decode(found.name, "replace").lstrip("\ufeff"), tuple(warnings)
