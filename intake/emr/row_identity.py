"""By what a row of a table is known again: its mapping's key, else what it says."""

import hashlib
from collections.abc import Callable, Mapping

from records.codec import canonical, to_plain
from records.emr_identity import EmrIdentity
from records.emr_mapping import TableMapping

_BETWEEN, _WITHIN = "\x1e", "\x1f"
# Where a column stands is how the table is written, not what it says.
_PLACE = ("start", "length", "type")


def row_identifier(mapping: TableMapping | None) -> Callable[[Mapping[str, str]], EmrIdentity]:
    """Return the function that tells the identity of a row (column name → value as written).

    The order of columns, empty ones, and blanks around a value do not count. The mapping's
    meanings do: a row that is read otherwise is another version of itself.
    """
    meaning = _meaning(mapping) if mapping else b""
    columns = mapping.key_columns if mapping else ()
    table = mapping.key_table if mapping else ""

    def identify(row: Mapping[str, str]) -> EmrIdentity:
        said = {name: text for name, value in row.items() if (text := value.strip())}
        pairs = _BETWEEN.join(f"{name}{_WITHIN}{said[name]}" for name in sorted(said))
        digest = hashlib.sha256(meaning + pairs.encode("utf-8", "surrogatepass")).hexdigest()
        if columns and all(name in said for name in columns):
            return EmrIdentity(table, _BETWEEN.join(said[name] for name in columns), digest)
        return EmrIdentity("", "", digest)

    return identify


def _meaning(mapping: TableMapping) -> bytes:
    columns = [
        {key: value for key, value in to_plain(column).items() if key not in _PLACE}
        for column in sorted(mapping.columns, key=lambda column: column.name)
        if column.field
    ]
    said = {"kind": mapping.kind, "latest_year": mapping.latest_year, "columns": columns}
    return hashlib.sha256(canonical(said)).digest()
