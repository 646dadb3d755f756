"""Promises of tiles: the log opens by them as by its segments, and proves without the whole log."""

from pathlib import Path

import pytest

from archive.ledger.audit import audit
from archive.ledger.check_proof import leaf_hash, root_of_path, roots_of_extension
from archive.ledger.merkle import MerkleTree
from archive.ledger.segments import leaf_bytes
from archive.ledger.tiles import PREFIX, WIDTH, TileTree, hash_tile_key, hash_tiles, leaf_tile_key
from archive.opening import Archive
from records.errors import IntegrityError

from .conftest import killed_at, open_at
from .test_ledger import leaves

COUNT = 3 * WIDTH + 40


@pytest.fixture
def grown(opened: Archive) -> Archive:
    """A log of three tiles and some, of segments that end at no tile's edge."""
    for start in range(0, COUNT, 100):
        opened.ledger.append(leaves(start, min(start + 100, COUNT)))
    return opened


def test_tiles_are_written_as_they_fill(grown: Archive) -> None:
    """Three of leaves, three of hashes, and the audit finds nothing wrong with them."""
    assert list(grown.store.list(PREFIX)) == [
        *(hash_tile_key(0, number) for number in range(3)),
        *(leaf_tile_key(number) for number in range(3)),
    ]
    assert audit(grown.store, None).problems == ()
    assert set(grown.store.list(PREFIX)) <= audit(grown.store, None).known_keys


def test_a_log_opens_by_its_tiles(
    grown: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The segments before the last tile are not read, and everything is as it was."""
    again = open_at(tmp_path)
    read: list[str] = []
    get = again.store.get
    monkeypatch.setattr(again.store, "get", lambda key: read.append(key) or get(key))

    assert list(again.ledger.leaves()) == leaves(0, COUNT)
    assert again.ledger.root() == grown.ledger.root()
    assert min(key for key in read if "segments" in key) == "ledger/segments/00000007"
    again.ledger.append(leaves(COUNT, COUNT + 300))
    assert audit(again.store, None).problems == ()
    assert leaf_tile_key(3) in set(again.store.list(PREFIX))
    assert list(grown.ledger.leaves()) == leaves(0, COUNT + 300)


@pytest.mark.parametrize("change", [b"{}", b'"leaves":[]', None])
def test_damaged_tiles_do_no_harm_and_are_named(
    grown: Archive, tmp_path: Path, change: bytes | None
) -> None:
    """A tile that is not what the segments say is named, and the log opens without it."""
    key = leaf_tile_key(1)
    raw = grown.store.get(key) or b""
    grown.store.put(key, change or raw.replace(b'"document"', b'"original"', 1))

    again = open_at(tmp_path)

    assert list(again.ledger.leaves()) == leaves(0, COUNT)
    assert again.ledger.append(leaves(0, COUNT)) == 0
    problems = audit(grown.store, None).problems
    assert [(p.subject, p.code) for p in problems] == [(key, "tile_damaged")]


def test_tiles_do_not_hide_a_cut_log(grown: Archive, tmp_path: Path) -> None:
    """Segments are removed from the end: the log is shorter, whatever tiles lie there."""
    grown.ledger.sign_head()
    for number in (7, 8):
        grown.store.delete(f"ledger/segments/{number:08d}")

    again = open_at(tmp_path)

    assert list(again.ledger.leaves()) == leaves(0, 700)
    codes = {problem.code for problem in audit(again.store, None).problems}
    assert {"ledger_truncated", "tile_damaged"} <= codes


def test_a_tile_writer_killed_anywhere_is_made_up_for(tmp_path: Path) -> None:
    """Killed at each step of the append that fills a tile: the next append leaves all in order."""
    for step in range(1, 60, 3):
        folder = tmp_path / str(step)
        ledger = open_at(folder).ledger
        ledger.append(leaves(0, WIDTH - 1))
        killed = killed_at(step, lambda: ledger.append(leaves(0, WIDTH + 9)))  # noqa: B023

        again = open_at(folder)
        again.ledger.append(leaves(0, WIDTH + 10))
        assert list(again.ledger.leaves()) == leaves(0, WIDTH + 10)
        assert audit(again.store, None).problems == ()
        assert leaf_tile_key(0) in set(again.store.list(PREFIX))
    assert not killed


@pytest.mark.parametrize("size", [WIDTH, 5 * WIDTH + 3, WIDTH * WIDTH, WIDTH * WIDTH + 700])
def test_proofs_out_of_tiles_are_those_of_the_tree(size: int) -> None:
    """Root, paths and growth are the same, from tiles of two levels and what stands beyond."""
    tree, store = MerkleTree(), dict[str, bytes]()
    for number in range(size):
        tree.append(number.to_bytes(4, "big"))
    for number in range(size // WIDTH):
        store |= dict(hash_tiles(tree, number))
    beyond = [tree.node(0, n) for n in range(size // WIDTH * WIDTH, size)]
    tiles = TileTree(store.get, size // WIDTH, beyond)

    assert tiles.root(size) == tree.root(size)
    for index in {0, 1, WIDTH - 1, size // 3, size // 2, size - 1}:
        path = tiles.path(index, size)
        assert path == tree.path(index, size)
        leaf = leaf_hash(index.to_bytes(4, "big"))
        assert root_of_path(leaf, index, size, path) == tree.root(size)
        old = tree.root(index + 1)
        extension = tiles.extension(index + 1, size)
        assert roots_of_extension(index + 1, size, extension, old) == (old, tree.root(size))


def test_a_missing_tile_is_named() -> None:
    """A proof that needs a tile that is not there, or not whole, says which."""
    for lacking in (None, b"short"):
        with pytest.raises(IntegrityError, match="tile_damaged ledger/tiles/0/00000000"):
            TileTree(lambda _, lacking=lacking: lacking, 1).root(WIDTH)


def test_swapped_leaves_are_found(grown: Archive, tmp_path: Path) -> None:
    """Two leaves change places in a segment: it is no longer what its root says."""
    key = "ledger/segments/00000008"
    raw = (grown.store.get(key) or b"").decode()
    first, second = (leaf_bytes(leaf).decode() for leaf in leaves(800, 802))
    swapped = raw.replace(first, "?").replace(second, first).replace("?", second)
    assert swapped != raw
    grown.store.put(key, swapped.encode())

    with pytest.raises(IntegrityError, match="segment_damaged"):
        open_at(tmp_path).ledger.root()
    assert [p.code for p in audit(grown.store, None).problems] == ["segment_damaged"]
