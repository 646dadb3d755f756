"""Data Docs that can be opened in a closed network.

Great Expectations' pages load scripts, styles and a logo from a dozen hosts, and their index is
drawn by a script. Here they lose all of that and keep what they say: rules and counts.
"""

import contextlib
import errno
import html
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

# Scripts, styles, the logo's bar, and a footer that asks to subscribe.
_DROP = re.compile(
    r"<script\b.*?</script>|<style\b.*?</style>|<link\b[^>]*>|<img\b[^>]*>|<footer\b.*?</footer>"
    r"|<nav class=\"navbar.*?</nav>\s*</div>\s*</nav>",
    re.DOTALL,
)
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


@contextlib.contextmanager
def publish(folder: Path | None) -> Iterator[Path | None]:
    """Give a fresh place to build the site in; when done, make it offline and put it at `folder`.

    What was at `folder` is replaced; nothing stays behind where building fails.
    """
    if folder is None:
        yield None
        return
    folder = folder.absolute()
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".data_docs-") as temporary:
        built = Path(temporary) / "site"
        yield built
        make_offline(built)
        with contextlib.suppress(FileNotFoundError):
            folder.rename(Path(temporary) / "before")
        try:
            built.rename(folder)
        except OSError as error:
            # Another attempt of the same check was quicker; its pages say the same.
            if error.errno not in {errno.ENOTEMPTY, errno.EEXIST}:
                raise


def make_offline(site: Path) -> None:
    """Strip a built site of everything that loads or runs, and write a plain index."""
    shutil.rmtree(site / "static", ignore_errors=True)
    style = (Path(__file__).parent / "templates" / "data_docs.css").read_text("utf-8")
    for page in site.rglob("*.html"):
        page.write_text(_offline(page.read_text("utf-8"), style), "utf-8")
    pages = sorted(site.joinpath("validations").rglob("*.html"))
    links = "".join(
        f'<li><a href="{html.escape(page.relative_to(site).as_posix())}">'
        f"{html.escape(page.relative_to(site).parts[1])}</a></li>"
        for page in pages
    )
    site.joinpath("index.html").write_text(
        '<!doctype html><html lang="ko"><head><meta charset="utf-8"><title>Data Docs</title>'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}"><style>{style}</style>'
        '</head><body><h1>검사 결과 <span lang="en">Validation results</span></h1>'
        f"<ul>{links}</ul></body></html>",
        "utf-8",
    )


def _offline(page: str, style: str) -> str:
    head = (
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}"><style>{style}</style>'
        "</head>"
    )
    return _DROP.sub("", page).replace("</head>", head, 1)
