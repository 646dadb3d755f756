"""An engine that reads nothing: for pages whose text is not wanted, and for fast dry runs."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from records.values import Word


class NullEngine:
    """Finds no word on any line."""

    name = "null"
    version = "null 1"

    def __init__(self, languages: str) -> None:
        self.languages = languages

    def recognise(self, lines: Sequence[npt.NDArray[np.uint8]], dpi: int) -> list[tuple[Word, ...]]:
        """Return no words for each line."""
        return [() for _ in lines]
