"""Promises of separation: with institution B's context nothing of institution A is to be had."""

import ast
import dataclasses
import importlib
import inspect
import json
import pkgutil
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import archive
from archive import key_use, rotation
from archive.opening import Archive
from archive.vault.names import ObjectName
from archive.vault.vault import Vault
from records.codec import canonical
from records.errors import GiroksilError, IntegrityError

from .attempts import ATTEMPTS, DOCUMENT, OPENERS, Scene
from .conftest import ONE, TEXTS, TWO, open_at


def _modules() -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(archive.__path__, "archive."):
        yield importlib.import_module(found.name)


def _imports(module: ModuleType) -> set[str]:
    tree = ast.parse(Path(module.__file__ or "").read_text("utf-8"))
    froms = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    plain = [node for node in ast.walk(tree) if isinstance(node, ast.Import)]
    return {node.module or "" for node in froms} | {n.name for one in plain for n in one.names}


def _public(module: ModuleType) -> Iterator[str]:
    """Public functions of a module, and public methods and properties of its public classes."""
    short = module.__name__.removeprefix("archive.")
    for name, value in vars(module).items():
        if name.startswith("_") or getattr(value, "__module__", None) != module.__name__:
            continue
        if inspect.isfunction(value):
            yield f"{short}.{name}"
        elif inspect.isclass(value):
            for attribute, member in vars(value).items():
                callable_ = inspect.isroutine(member) or isinstance(
                    member, property | classmethod | staticmethod
                )
                if callable_ and not attribute.startswith("_"):
                    yield f"{short}.{name}.{attribute}"


def test_every_public_function_is_tried() -> None:
    """A new public function that keys or objects pass through must be added to the attempts."""
    reach = [
        module for module in _modules() if module.__name__ in OPENERS or OPENERS & _imports(module)
    ]
    found = {name for module in reach for name in _public(module)}

    assert found == ATTEMPTS.keys()
    assert {module.__name__ for module in reach} >= OPENERS


@pytest.fixture
def scene(filled: Archive, tmp_path: Path) -> Iterator[Scene]:
    again = open_at(tmp_path)
    yield Scene(tmp_path, again, again.vault(TWO))
    again.index.close()


def _plain(value: Any) -> str:
    """Everything in a value, as one string in which content would be seen."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return " ".join(_plain(getattr(value, f.name)) for f in dataclasses.fields(value))
    if isinstance(value, dict):
        return " ".join(_plain(item) for pair in value.items() for item in pair)
    if isinstance(value, list | tuple | set | frozenset):
        return " ".join(map(_plain, value))
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


@pytest.mark.parametrize("name", ATTEMPTS)
def test_b_gets_nothing_of_a(scene: Scene, name: str) -> None:
    """Called with B's context for A's object, it refuses, finds nothing, or tells no content."""
    call, expected = ATTEMPTS[name]

    if isinstance(expected, str) and expected not in {TWO, DOCUMENT}:
        with pytest.raises(GiroksilError) as caught:
            call(scene)
        assert caught.value.code == expected
        assert not any(word in str(caught.value) for word in " ".join(TEXTS).split())
        return
    answer = call(scene)
    if callable(expected):
        assert expected(answer)
    else:
        assert answer == expected
    words = [word for text in TEXTS for word in text.split() if not word.isascii()]
    assert [word for word in words if word in _plain(answer)] == []
    assert scene.archive.vault(ONE).get("document", DOCUMENT)


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda v: v.get("document", DOCUMENT), "record_damaged"),
        (lambda v: v.stored("document", DOCUMENT), "record_damaged"),
        (lambda v: v.put("document", DOCUMENT, b"x"), "record_damaged"),
        (lambda v: v.put("document", DOCUMENT, b"x", same=True), "record_damaged"),
        (lambda v: v.put_all("document", [(DOCUMENT, b"x")]), "record_damaged"),
    ],
    ids=["get", "stored", "put", "put the same", "put all"],
)
@pytest.mark.parametrize("relabelled", [True, False])
def test_files_of_a_under_bs_prefix_stay_shut(
    scene: Scene, call: Callable[[Vault], Any], code: str, relabelled: bool
) -> None:
    """A's files, copied to B and relabelled by who can write to the disk, do not open as B's."""
    record = scene.record()
    fields = json.loads(scene.raw_record())
    if relabelled:
        fields |= {"institution": TWO, "key_id": scene.keys.wrapping.key_id}
    moved = ObjectName(TWO, "document", DOCUMENT)
    scene.store.put(moved.blob(record.ciphertext_sha256), scene.ciphertext())
    scene.store.put(moved.record, canonical(fields))

    with pytest.raises(IntegrityError) as caught:
        call(scene.vault)

    assert caught.value.code == code
    assert DOCUMENT in {p.subject for p in rotation.rotate_keys(scene.archive).problems}


def test_each_institution_has_one_key_and_one_prefix(scene: Scene) -> None:
    """Everything of an institution lies under its code and is wrapped by its key alone."""
    keys = {key.of: key.key_id for key in key_use.keys(scene.archive) if key.wraps}

    assert keys[ONE] != keys[TWO]
    for code in (ONE, TWO):
        names = list(scene.store.list(f"{code}/records/"))
        used = {json.loads(scene.store.get(key) or b"")["key_id"] for key in names}
        assert used == {keys[code]}
    roots = {ONE, TWO, "keys", "ledger"}
    assert {key.split("/")[0] for key in scene.store.list()} == roots
