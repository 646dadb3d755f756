"""Questions that several commands ask at the terminal."""

import sys

from pipeline.commands import say
from records.taxonomy import load_taxonomy


def ask_kind() -> str:
    """List the kinds by number and read one; empty where the answer is none of them."""
    kinds = [kind for kind in load_taxonomy().kinds.values() if kind.code != "blank"]
    for number, kind in enumerate(kinds, 1):
        say(f"  {number:2}  {kind.korean}  {kind.english}")
    answer = sys.stdin.readline().strip()
    known = answer.isdigit() and 0 < int(answer) <= len(kinds)
    return kinds[int(answer) - 1].code if known else ""
