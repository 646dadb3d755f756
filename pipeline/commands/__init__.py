"""The commands of `giroksil`: each module has `add(commands)`, and a `run` for each command."""

import argparse
import json
import sys
from collections.abc import Iterable
from pathlib import Path

from archive.problem import Problem
from records.errors import SetupError
from records.reasons import explain


def with_json(parser: argparse.ArgumentParser) -> None:
    """Give a command its `--json`."""
    parser.add_argument("--json", action="store_true", help="기계가 읽는 결과 / JSON lines")


def print_json(value: object) -> None:
    """Print one JSON object on a line of its own."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")


def say(text: str) -> None:
    """Print a line for a person."""
    sys.stdout.write(text + "\n")


def say_problems(mark: str, problems: Iterable[Problem]) -> None:
    """Print what an archive's upkeep found, one after the other, in both languages."""
    for problem in problems:
        say(f"{mark} {problem.kind} {problem.subject}  {explain(problem.code)}")
        say(f"  {explain(problem.code, 'en')}")


def flag_words(flags: Iterable[str]) -> str:
    """What a page's flags are called, in both languages."""
    return ", ".join(f"{explain(f'flag.{flag}')} {explain(f'flag.{flag}', 'en')}" for flag in flags)


def file_to_write(path: Path) -> Path:
    """Return where a command is to write a file, if one can be written there.

    Raises:
        SetupError: a folder is there (`target_is_folder`), or its own is not
            (`target_folder_missing`).
    """
    if path.is_dir():
        raise SetupError("target_is_folder")
    if not path.parent.is_dir():
        raise SetupError("target_folder_missing")
    return path


def folder_to_write(path: Path) -> Path:
    """Return where a command is to write files, there or not yet.

    Raises:
        SetupError: a file is there, or in the place of a folder above it (`target_is_file`).
    """
    if not next(place for place in (path, *path.parents) if place.exists()).is_dir():
        raise SetupError("target_is_file")
    return path
