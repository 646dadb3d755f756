"""Promises of the Merkle tree: RFC 6962 to the byte, and no path that leads elsewhere."""

import hashlib

import pytest

from archive.ledger.check_proof import leaf_hash, node_hash, roots_of_extension
from archive.ledger.check_proof import root_of_path as root_of_hash
from archive.ledger.merkle import MerkleTree

# The leaves, roots and paths that Certificate Transparency's reference implementation tests with
# (google/certificate-transparency, cpp/merkletree/merkle_tree_test.cc).
LEAVES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
PATHS = {
    (0, 1): [],
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
    (1, 5): [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}


# (first, second): the consistency proof, same source.
EXTENSIONS = {
    (1, 1): [],
    (1, 8): PATHS[0, 8],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
    (6, 7): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
}


def root_of_path(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes | None:
    return root_of_hash(leaf_hash(leaf), index, size, path)


def tree_of(leaves: list[bytes]) -> MerkleTree:
    tree = MerkleTree()
    for leaf in leaves:
        tree.append(leaf)
    return tree


def by_definition(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962, section 2.1, as it is written there."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaf_hash(leaves[0])
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return node_hash(by_definition(leaves[:split]), by_definition(leaves[split:]))


def test_roots_are_the_published_ones() -> None:
    """Every size from none to eight leaves has the reference's root."""
    tree = tree_of(LEAVES)

    assert [tree.root(size).hex() for size in range(9)] == ROOTS


@pytest.mark.parametrize(("index", "size"), PATHS)
def test_paths_are_the_published_ones(index: int, size: int) -> None:
    """Inclusion paths are the reference's."""
    path = tree_of(LEAVES).path(index, size)

    assert [node.hex() for node in path] == PATHS[index, size]


def test_every_path_leads_to_its_root_and_no_other() -> None:
    """All leaves of all trees up to 40: a path proves its leaf, at its place, nothing else."""
    leaves = [bytes([number]) for number in range(40)]
    tree = tree_of(leaves)
    for size in range(1, 41):
        root = tree.root(size)
        assert root == by_definition(leaves[:size])
        for index in range(size):
            path = tree.path(index, size)

            assert root_of_path(leaves[index], index, size, path) == root
            assert root_of_path(b"other", index, size, path) != root
            assert root_of_path(leaves[index], index, size, [*path, root]) is None
            assert not path or root_of_path(leaves[index], index, size, path[:-1]) is None
            for elsewhere in {index - 1, index + 1, size}:
                assert root_of_path(leaves[index], elsewhere, size, path) != root


def test_shrinking_is_never_having_appended() -> None:
    """A tree cut back to any size grows on as if the rest had never been."""
    leaves = [bytes([number]) for number in range(21)]
    for size in range(21):
        tree = tree_of(leaves)
        tree.shrink(size)
        for leaf in leaves[:9]:
            tree.append(leaf)

        assert len(tree) == size + 9
        assert tree.root(size + 9) == by_definition(leaves[:size] + leaves[:9])


@pytest.mark.parametrize(("index", "size"), [(0, 0), (3, 3), (-1, 2), (0, 9)])
def test_no_path_where_there_is_no_leaf(index: int, size: int) -> None:
    """Asking beyond the tree is an error, not an empty proof."""
    with pytest.raises(IndexError):
        tree_of(LEAVES).path(index, size)


@pytest.mark.parametrize(("first", "second"), EXTENSIONS)
def test_consistency_proofs_are_the_published_ones(first: int, second: int) -> None:
    """Consistency proofs are the reference's, and lead to both roots."""
    path = tree_of(LEAVES).extension(first, second)
    old, new = (bytes.fromhex(ROOTS[size]) for size in (first, second))

    assert [node.hex() for node in path] == EXTENSIONS[first, second]
    assert roots_of_extension(first, second, path, old) == (old, new)


def test_every_consistency_proof_leads_to_its_roots_and_no_others() -> None:
    """All pairs of sizes up to 40; with a node changed, dropped or added, or sizes moved, none."""
    tree = tree_of([bytes([number]) for number in range(40)])
    for second in range(1, 41):
        for first in range(1, second + 1):
            old, new = tree.root(first), tree.root(second)
            path = tree.extension(first, second)

            assert roots_of_extension(first, second, path, old) == (old, new)
            assert roots_of_extension(first, second, [*path, old], old) != (old, new)
            assert not path or roots_of_extension(first, second, path[:-1], old) != (old, new)
            for place in range(len(path)):
                forged = [*path[:place], new[::-1], *path[place + 1 :]]
                assert roots_of_extension(first, second, forged, old) != (old, new)
            if first < second:
                assert roots_of_extension(first, second, path, new) != (new, new)
                assert roots_of_extension(second, first, path, new) is None


@pytest.mark.parametrize(("first", "second"), [(0, 4), (4, 3), (-1, 2), (2, 9)])
def test_no_consistency_proof_where_there_is_no_smaller_tree(first: int, second: int) -> None:
    """Nothing grows out of an empty tree, out of a larger one or beyond what is there."""
    with pytest.raises(IndexError):
        tree_of(LEAVES).extension(first, second)
