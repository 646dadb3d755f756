"""What a delivery may hold; beyond a limit a file or page is refused with a reason."""

import dataclasses
from dataclasses import dataclass
from typing import Self

from records.settings import Settings


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on hostile or mistaken input.

    Attributes:
        max_pixels: pixels of one page, checked before anything of that size is allocated.
        max_file_bytes: size of one file, and of one member of a zip.
        max_pages_per_file, max_files, max_rows: counts.
        max_zip_members: entries of one zip. max_zip_depth: 1 = a zip, but no zip within it.
        max_zip_ratio: how many times larger than its packed form a member may be.
        max_page_seconds: wall and processor time that decoding one page may take.
        max_field_chars: characters of one field of a table.
        max_record_chars: characters of one record of a table, with its line breaks.
    """

    max_pixels: int = 120_000_000
    max_file_bytes: int = 1_073_741_824
    max_pages_per_file: int = 2_000
    max_files: int = 200_000
    max_zip_members: int = 10_000
    max_zip_ratio: int = 200
    max_zip_depth: int = 1
    max_page_seconds: int = 120
    max_rows: int = 2_000_000
    max_field_chars: int = 131_072  # more would need csv's process-wide limit changed
    max_record_chars: int = 1_048_576

    @classmethod
    def from_settings(cls, settings: Settings) -> Self:
        """Take the limits an operator may set from the settings, the others as they are here."""
        own = {field.name for field in dataclasses.fields(cls)}
        return cls(
            **{
                field.name: getattr(settings, field.name)
                for field in dataclasses.fields(settings)
                if field.name in own
            }
        )
