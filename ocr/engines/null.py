"""An engine that reads nothing: for pages whose text is not wanted, and for fast dry runs."""

import numpy as np
import numpy.typing as npt

from ocr.layout import Layout
from records.values import Line


class NullEngine:
    """Finds no line on any image."""

    name = "null"
    version = "null 1"

    def __init__(self, languages: str) -> None:
        self.languages = languages

    def recognise(
        self, image: npt.NDArray[np.uint8], dpi: int, layout: Layout = "page"
    ) -> list[Line]:
        """Return no lines."""
        return []
