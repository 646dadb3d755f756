"""`make demo`: a sample batch digitized, searched and proven, step by step, with the real parts.

Makes a fictional clinic's delivery, starts Airflow where it does not run, digitizes the delivery,
searches it, proves a document and checks the proof; 0 only if all of it is well.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from records.settings import load_settings

CHECKOUT = Path(__file__).resolve().parents[1]
AIRFLOW = [sys.executable, str(CHECKOUT / "infra" / "airflow" / "local.py")]
GIROKSIL = [sys.executable, "-m", "pipeline"]
SEED = "7"
PATIENT = "이하늘"  # made up, like everything else in the sample


def main() -> int:
    """Run the demo; what it started is stopped again."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--port", default="8080", help="first port to try for Airflow")
    port = parser.parse_args().port
    os.umask(0o077)
    os.chdir(CHECKOUT)
    folder = load_settings().home_path / "demo"
    try:
        headline("1", "예제 이관 자료 만들기", "make a sample delivery")
        delivery = sample(folder)
        print(f"  {delivery}", flush=True)
        status = subprocess.run([*AIRFLOW, "status"], check=False, stdout=subprocess.DEVNULL)
        runs_already = status.returncode == 0
        headline("2", "Airflow", "Airflow")
        run([*AIRFLOW, "start", "--port", port])
        try:
            headline("3", "전자화: giroksil digitize", "digitize")
            run([*GIROKSIL, "digitize", str(delivery)])
        finally:
            if not runs_already:
                run([*AIRFLOW, "stop"])
        headline("4", "찾기: giroksil search", "search")
        document = search_thrice()
        headline("5", "증명: giroksil prove · check-proof", "prove")
        proof = folder / "document.proof"
        run([*GIROKSIL, "prove", document, "--to", str(proof)])
        run([*GIROKSIL, "check-proof", str(proof)])
    except subprocess.CalledProcessError as error:
        sys.stderr.write(f"\n데모가 멈췄습니다 / the demo stopped: {words(error.cmd)}\n")
        return 1
    print("\n모두 정상입니다. 웹 화면은 make up / All is well. For the web pages: make up")
    return 0


def sample(folder: Path) -> Path:
    """Make the sample delivery, or find the one that is there."""
    delivery = folder / "delivery"
    if not delivery.exists():
        half = folder / "delivery.unfinished"
        shutil.rmtree(half, ignore_errors=True)
        folder.mkdir(parents=True, exist_ok=True)
        maker = [sys.executable, "-m", "tests.makers.demo"]
        run([*maker, "--to", str(half), "--seed", SEED, "--patient-name", PATIENT])
        half.rename(delivery)
    return delivery


def search_thrice() -> str:
    """Search by words, by kind and for a person; return a document that was found."""
    search("진료")
    search("--type", "prescription")
    found: str = search("--patient", PATIENT)[0]["document"]
    return found


def search(*query: str) -> list[dict[str, Any]]:
    """Show one search as a person sees it; it must find something."""
    command = [*GIROKSIL, "search", *query, "--limit", "3"]
    print(f"$ giroksil search {' '.join(query)}", flush=True)
    run(command, show=False)
    lines = subprocess.run(
        [*command, "--json"], check=True, stdout=subprocess.PIPE, text=True
    ).stdout
    hits = [json.loads(line) for line in lines.splitlines()]
    if not hits:
        raise subprocess.CalledProcessError(1, command)
    return hits


def run(command: list[str], *, show: bool = True) -> None:
    """Run a command of ours; its output is the demo's."""
    if show:
        print(f"$ {words(command)}", flush=True)
    subprocess.run(command, check=True)


def words(command: list[str]) -> str:
    """Return a command as a person would type it."""
    if command[: len(GIROKSIL)] == GIROKSIL:
        command = ["giroksil", *command[len(GIROKSIL) :]]
    return " ".join(command).replace(f"{CHECKOUT}/", "").replace(sys.executable, "python")


def headline(number: str, korean: str, english: str) -> None:
    """Say which step begins."""
    print(f"\n── {number}. {korean} / {english}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
