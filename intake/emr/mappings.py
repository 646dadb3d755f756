"""Which table of a delivery has which mapping, and what is wrong with the mapping files."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from intake.archives import INSIDE
from intake.delivery import readable_files
from intake.emr.mapping_file import MAX_BYTES, SUFFIX, read_mapping
from records.emr_mapping import TableMapping
from records.errors import RejectedInput
from records.ids import file_id
from records.values import Batch, Failure, ReceivedFile

_STAGE = "intake"


@dataclass(frozen=True, slots=True)
class Mappings:
    """Mappings of a delivery.

    `tables`: path of a table (`!/` before a zip's member) → its mapping, None where it is wrong.
    `files`: ids of the mapping files. `failures`: one a mapping file, what it is or its reason.
    """

    tables: Mapping[str, TableMapping | None] = field(default_factory=dict)
    files: frozenset[str] = frozenset()
    failures: tuple[Failure, ...] = ()


def read_mappings(batch: Batch, read: Callable[[ReceivedFile], bytes]) -> Mappings:
    """Read every mapping file of a batch, each once; `read` gives a file's bytes."""
    files = {file.path: file for file in readable_files(batch)}
    wanted = {
        path.removesuffix(SUFFIX): path for path in files if path.endswith(SUFFIX)
    } | dict(batch.delivery.mappings)  # fmt: skip
    read_once = {path: _read(files.get(path), read) for path in dict.fromkeys(wanted.values())}
    used = {path for table, path in wanted.items() if table.split(INSIDE, 1)[0] in files}
    failures = []
    for path, (_, code) in read_once.items():
        subject = files[path].id if path in files else file_id(batch.id, path, "")
        said = "mapping_unused" if code == "mapping_file" and path not in used else code
        failures.append(Failure(subject, said, _STAGE, path=path))
    return Mappings(
        tables={table: read_once[path][0] for table, path in wanted.items()},
        files=frozenset(files[path].id for path in read_once if path in files),
        failures=tuple(failures),
    )


def _read(
    file: ReceivedFile | None, read: Callable[[ReceivedFile], bytes]
) -> tuple[TableMapping | None, str]:
    if file is None:
        return None, "mapping_missing"
    if file.size > MAX_BYTES:
        return None, "mapping_unreadable"
    try:
        return read_mapping(read(file)), "mapping_file"
    except RejectedInput as error:
        return None, error.code
