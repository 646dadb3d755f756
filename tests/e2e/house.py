"""A house of one's own for a test: a home folder, the command line in it, what it then holds."""

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.assembly import Workshop
from records.codec import to_plain
from records.settings import load_settings

ROOT = Path(__file__).parents[2]
KINDS = (
    "original",
    "batch",
    "document",
    "thumbnail",
    "decision",
    "seal",
    "work/triage",
    "work/chunk",
    "work/page",
    "work/stack",
    "work/check",
)


@dataclass(frozen=True)
class House:
    """One home folder and the commands run in it."""

    home: Path
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """What commands are told; temp files lie beside the house, so that they can be searched."""
        temp = self.home.parent / f"{self.home.name}-tmp"
        temp.mkdir(exist_ok=True)
        told = {"GIROKSIL_HOME": str(self.home), "OMP_THREAD_LIMIT": "1", "TMPDIR": str(temp)}
        return os.environ | told | self.settings

    def copied_to(self, home: Path) -> "House":
        """A copy of the house in another place."""
        shutil.copytree(self.home, home)
        return House(home)

    def start(self, *arguments: str) -> "subprocess.Popen[bytes]":
        """Start a command in a process group of its own."""
        return subprocess.Popen(
            [sys.executable, "-m", "pipeline", *arguments],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )

    def run(self, *arguments: str) -> tuple[int, str, str]:
        """Run a command to its end: exit status, stdout, stderr."""
        process = self.start(*arguments)
        out, err = process.communicate(timeout=900)
        return process.returncode, out.decode(), err.decode()

    def digitize(self, delivery: Path | str) -> dict[str, Any]:
        """Digitize without Airflow; the command must succeed."""
        status, out, err = self.run("digitize", "--here", "--json", str(delivery))
        assert status == 0, (out, err)
        return dict(json.loads(out))

    def workshop(self) -> Workshop:
        """The parts, for looking into what is stored."""
        return Workshop(load_settings(environment=self.environment))

    def contents(self) -> dict[str, Any]:
        """Everything that is stored, opened: digests of plaintexts, leaves, entries."""
        archive = self.workshop().archive
        objects = {
            (institution, kind, id_): hashlib.sha256(vault.get(kind, id_)).hexdigest()
            for institution in archive.institutions()
            for vault in [archive.vault(institution)]
            for kind in KINDS
            for id_ in vault.ids(kind)
        }
        leaves = sorted(tuple(to_plain(leaf).values()) for leaf in archive.ledger.leaves())
        entries = {code: archive.index.document_ids(code) for code in archive.institutions()}
        return {"objects": objects, "leaves": leaves, "entries": entries}

    def files(self) -> dict[str, str]:
        """Digest of every file of the store and of the index, byte for byte."""
        folders = (self.home / "store", self.home / "index")
        return {
            str(file.relative_to(self.home)): hashlib.sha256(file.read_bytes()).hexdigest()
            for folder in folders
            for file in sorted(folder.rglob("*"))
            if file.is_file()
        }


def kill_group(process: "subprocess.Popen[bytes]") -> None:
    """Kill -9 a command and everything it started."""
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
