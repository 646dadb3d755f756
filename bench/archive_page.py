"""The page `docs/benchmarks/archive.md`: one section a measurement, the others left as they are."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
_TITLE = "# The archive\n"


def put_section(page: Path, name: str, text: str) -> None:
    """Write one section of the page anew, at its place or at the end."""
    old = page.read_text("utf-8") if page.exists() else _TITLE
    section = f"\n## {name}\n\n{text}"
    there = re.compile(rf"\n## {re.escape(name)}\n.*?(?=\n## |\Z)", re.DOTALL)
    new, count = there.subn(lambda _: section, old)
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(new if count else old.rstrip("\n") + "\n" + section, "utf-8")
