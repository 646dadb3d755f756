"""Ids are deterministic, unambiguous and printable."""

from records.ids import derive_id, is_id, page_id


def test_same_parts_same_id() -> None:
    """The same parts in the same order give the same id."""
    assert derive_id("p", "a", 1) == derive_id("p", "a", 1)


def test_parts_do_not_run_together() -> None:
    """Parts are told apart however they are cut."""
    assert derive_id("p", "ab", "c") != derive_id("p", "a", "bc")
    assert derive_id("p", "a", "") != derive_id("p", "a")


def test_shape() -> None:
    """An id is a prefix and 26 characters, and nothing else is an id."""
    assert is_id(page_id("s", 0))
    assert not is_id("홍길동")
    assert not is_id("p-ABC")
    assert not is_id(page_id("s", 0) + "\n")
