"""Facts of many subjects, kept column by column: eight bytes a number, one a flag."""

import math
from array import array
from collections.abc import Iterator, Mapping
from typing import Any

from quality.page_facts import Fact

_UNKNOWN = -1


class FactTable:
    """Rows of facts by subject, in the order they were added."""

    def __init__(self, columns: Mapping[str, str]) -> None:
        """`columns`: column → `float64` | `boolean`."""
        self.ids: list[str] = []
        self._columns: dict[str, array[Any]] = {
            name: array("d" if kind == "float64" else "b") for name, kind in columns.items()
        }

    def __len__(self) -> int:
        return len(self.ids)

    def add(self, subject: str, row: Mapping[str, Fact]) -> None:
        """Add a subject's row; every column has a fact or None."""
        self.ids.append(subject)
        for name, column in self._columns.items():
            fact = row[name]
            if column.typecode == "d":
                column.append(math.nan if fact is None else float(fact))
            else:
                column.append(_UNKNOWN if fact is None else bool(fact))

    def column(self, name: str) -> Iterator[Fact]:
        """A column's facts, in order."""
        column = self._columns[name]
        if column.typecode == "d":
            return (None if math.isnan(fact) else fact for fact in column)
        return (None if fact == _UNKNOWN else bool(fact) for fact in column)

    def frame(self) -> Any:
        """The table as a pandas data frame with the column `id`."""
        import numpy as np  # noqa: PLC0415  (as pandas: only where the suites run)
        import pandas as pd  # noqa: PLC0415

        columns: dict[str, Any] = {"id": pd.Series(self.ids, dtype="object")}
        for name, column in self._columns.items():
            values = np.array(column)
            flags = column.typecode == "b"
            columns[name] = (
                pd.arrays.BooleanArray(values == 1, values == _UNKNOWN) if flags else values
            )
        return pd.DataFrame(columns)
