"""Values survive the way to canonical JSON and back."""

import datetime as dt

import pytest

from records.codec import canonical, decode, encode
from records.values import (
    Batch,
    Box,
    Delivery,
    Document,
    Failure,
    Field,
    Institution,
    Line,
    PageText,
    ReceivedFile,
    Word,
)


def test_batch_round_trip() -> None:
    """A batch with dates, optional parts and nested tuples comes back equal."""
    batch = Batch(
        id="b",
        delivery=Delivery(
            Institution("31234567", "가나의원", dt.date(1998, 3, 2), None),
            declared_documents={"prescription": 3},
        ),
        files=(ReceivedFile("f", "scans/가.tif", "00", 1, 0, listed=True, box="A"),),
        failures=(Failure("f2", "file_missing", "register", "scans/나.tif"),),
    )
    assert decode(Batch, encode(batch)) == batch


@pytest.mark.parametrize("value", ["19800131", 12330, [{"name": "약", "days": 3}], []])
def test_field_values_keep_their_type(value: object) -> None:
    """A field's value may be text, a number or a list, and stays what it was."""
    field = Field(value, "읽은 그대로", 0.5, "p", Box(1, 2, 3, 4), "rule")  # type: ignore[arg-type]
    document = Document("d", "b", "t", ("p",), "none", None, None, {"x": field})
    assert decode(Document, encode(document)) == document


def test_page_text_round_trip() -> None:
    """Lines and words come back with boxes and unscored confidences."""
    word = Word("처방전", Box(0, 0, 10, 10), None)
    page = PageText("p", 10, 10, None, 90, -0.5, (Line((word,)),), ("rotated",))
    assert decode(PageText, encode(page)) == page


def test_canonical_is_one_form() -> None:
    """Equal data give equal bytes, and what JSON cannot say is refused."""
    assert canonical({"b": 1, "a": "가"}) == '{"a":"가","b":1}'.encode()
    with pytest.raises(ValueError, match="JSON"):
        canonical({"a": float("nan")})


def test_records_of_another_version_can_be_read() -> None:
    """A field the class does not know is passed over; an absent one takes its default."""
    newer = canonical({"code": "31234567", "name": "가나의원", "colour": "green"})
    assert decode(Institution, newer) == Institution("31234567", "가나의원")
