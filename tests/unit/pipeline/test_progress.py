"""Progress tells what a person waits for."""

import io

from pipeline.progress import Progress


def test_a_log_gets_a_line_where_something_changed() -> None:
    """Not on a terminal, a line is written only when it says something new."""
    out = io.StringIO()
    progress = Progress(out)
    progress.show("register")
    progress.show("register")
    progress.show("read", files=2, pages=0, total=10)
    assert len(out.getvalue().splitlines()) == 2
    assert "0/10" in out.getvalue()


def test_rate_and_time_left_need_pages() -> None:
    """Pages a minute and time left appear with the first pages read, not before."""
    out = io.StringIO()
    progress = Progress(out)
    progress.show("read", pages=4, total=10)
    assert "pages/min" not in out.getvalue()
    progress.show("read", pages=5, total=10)
    assert "pages/min" in out.getvalue()
    assert "left" in out.getvalue()


def test_quiet_says_nothing() -> None:
    """With `--json` progress keeps out of the way."""
    out = io.StringIO()
    Progress(out, quiet=True).show("read", pages=1, total=2)
    assert not out.getvalue()
