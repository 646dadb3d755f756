"""Pages as sheets of a PDF, made in the decoding child; the libraries come when they are asked for.

Reading never needs them, and they cost half a second at the start of a child.
"""

from typing import Any


def of_image(data: bytes, **arguments: Any) -> tuple[dict[str, Any], bytes]:
    """See `intake.image_sheets.page`."""
    from intake import image_sheets  # noqa: PLC0415

    return image_sheets.page(data, **arguments)


def of_pdf_page(data: bytes, **arguments: Any) -> tuple[dict[str, Any], bytes]:
    """See `intake.pdf_sheets.page`."""
    from intake import pdf_sheets  # noqa: PLC0415

    return pdf_sheets.page(data, **arguments)
