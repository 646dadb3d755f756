"""A small archive of two fictional institutions, everything in it."""

import itertools
import os
import secrets
import signal
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from archive.opening import Archive, open_archive
from archive.vault.names import LEDGER_KINDS
from records.archived import IndexEntry, LedgerLeaf
from records.ids import derive_id
from records.values import Field

from .kms import kms_or_skip

ONE, TWO = "31234567", "9876ABCD"

TEXTS = (
    "진료 확인서\n환자 김가상 생년월일 1971-02-03\n상병명 본태성 고혈압 I10.9",
    "처방전\n아목시실린 500mg 1일 3회\n위암 의증, MRCP로 확인",
    "검사 결과지\n혈색소 13.2 g/dL 당뇨병 의심\nHbA1c 7.9",
)


def open_at(folder: Path) -> Archive:
    """Open (or begin) the archive in a folder, with nothing remembered from before."""
    url = (folder / "store").as_uri()
    return open_archive(url, folder / "keys" / "master.key", folder / "index" / "search.db")


def an_id(prefix: str, *parts: str | int) -> str:
    return derive_id(prefix, "test", *parts)


def entry(document: str, institution: str, text: str, **fields: str) -> IndexEntry:
    """What the index is told of a one-page document."""
    return IndexEntry(
        document_id=document,
        institution=institution,
        batch=an_id("b", institution),
        type="certificate",
        page_ids=(an_id("p", document),),
        texts=(text,),
        fields={name: Field(value, value, 0.9) for name, value in fields.items()},
    )


def fill(archive: Archive) -> None:
    """Every kind of object, leaves, a signed head, index entries and an access, twice over."""
    for institution in (ONE, TWO):
        vault = archive.vault(institution)
        leaves: list[LedgerLeaf] = []
        entries: list[IndexEntry] = []
        for number, text in enumerate(TEXTS):
            document = an_id("d", institution, number)
            names = [
                ("original", an_id("f", institution, number)),
                ("document", document),
                ("work/read", an_id("p", institution, number)),
            ]
            names += [("seal", an_id("b", institution)), ("thumbnail", "t")] if not number else []
            for kind, id in names:
                stored = vault.put(kind, id, f"{kind} {number} {text}".encode(), same=True)
                if kind in LEDGER_KINDS:
                    batch = an_id("b", institution)
                    leaves.append(LedgerLeaf(kind, institution, batch, id, stored.commitment))
            entries.append(entry(document, institution, text, patient_name="김가상"))
        archive.ledger.append(leaves)
        archive.index.add(entries)
        if not list(vault.ids("access")):
            archive.access.record(institution, "auditor", "127.0.0.1", "view", "시험")
    archive.ledger.sign_head()


@pytest.fixture
def tmp_path(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory where there is such a thing: these tests fsync many thousand times."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else tmp_path) as folder:
        yield Path(folder)


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Archive]:
    archive = open_at(tmp_path)
    yield archive
    archive.index.close()


@pytest.fixture
def filled(opened: Archive) -> Archive:
    fill(opened)
    return opened


@pytest.fixture(scope="session")
def kms_server() -> Iterator[str]:
    """The address of a running KMS that lets anybody in."""
    with kms_or_skip() as endpoint:
        yield endpoint


@pytest.fixture
def kms(kms_server: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of a key that is not in the KMS yet; who asks is in the environment.

    For one test only: the gateway's user stands there for others.
    """
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "nobody")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "nothing")
    return f"kms:key-{secrets.token_hex(4)}?endpoint={kms_server}"


def in_processes(count: int, work: Callable[[int], str]) -> list[str]:
    """Run `work(i)` in that many forked processes, begun at one signal; what each answered."""
    gate, opener = os.pipe()
    pipes: list[int] = []
    pids: list[int] = []
    for number in range(count):
        answer, speak = os.pipe()
        pid = os.fork()
        if not pid:
            try:
                os.close(opener)
                os.read(gate, 1)  # until the parent closes its end
                os.write(speak, work(number).encode())
                os._exit(0)
            finally:
                os._exit(1)
        os.close(speak)
        pipes.append(answer)
        pids.append(pid)
    os.close(gate)
    os.close(opener)
    answers = []
    for answer, pid in zip(pipes, pids, strict=True):
        with os.fdopen(answer) as file:
            answers.append(file.read())
        assert os.waitpid(pid, 0)[1] == 0
    return answers


_STEPS = ("open", "write", "fsync", "link", "unlink", "replace", "mkdir", "close")


def killed_at(step: int, work: Callable[[], object]) -> bool:
    """Work in a process that kills itself at that system call; False: it got through."""
    pid = os.fork()
    if pid == 0:
        try:
            calls = itertools.count(1)

            def counted(real: Callable[..., object]) -> Callable[..., object]:
                def call(*args: object, **named: object) -> object:
                    if next(calls) == step:
                        os.kill(os.getpid(), signal.SIGKILL)
                    return real(*args, **named)

                return call

            for name in _STEPS:
                setattr(os, name, counted(getattr(os, name)))
            work()
            os._exit(0)
        finally:
            os._exit(1)
    status = os.waitpid(pid, 0)[1]
    assert status in {0, signal.SIGKILL}
    return status == signal.SIGKILL
