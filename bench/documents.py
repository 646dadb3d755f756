"""`make bench-documents`: stacks taken apart, kinds told and fields read, by us and by others.

The stacks are of the makers' test part; see `bench/document_stacks.py` for what lies in them and
`bench/document_scores.py` for what is compared. Kinds and fields are asked of the stacks' documents
and of single ones (`bench/kind_documents.py`).
"""

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.document_readings import ReadStack, clean_stack, read_stack, true_stack
from bench.document_scores import Cut, Score, keyword_cut, our_cut, score
from bench.document_tables import Run, judge_aims, render_page
from bench.kind_run import read_documents, run_kinds
from bench.kind_tables import judge_kinds
from bench.readers import ROOT, teller
from ocr.engine import make_engine
from records.settings import Settings

PAGE = ROOT / "docs" / "benchmarks" / "documents.md"
FIRST_SEED = 754_001
UNREAD_SEED = 774_001
STACKS = 6
UNREAD = 40
SINGLES = 196  # every maker in every layout twice


@dataclass(frozen=True, slots=True)
class _Timed:
    score: Score
    cpu_seconds: float


def main() -> int:
    """Measure, write the page, print it; 1 where an aim is missed."""
    options = _options()
    settings = Settings()
    engine = make_engine(options.engine, settings.ocr_languages)
    told = teller("묶음 읽는 중 / stacks being read", options.stacks)
    read = []
    for seed in range(FIRST_SEED, FIRST_SEED + options.stacks):
        read.append(read_stack(seed, "test", engine, options.keep))
        told(len(read))
    unread = [clean_stack(UNREAD_SEED + number, "test") for number in range(options.unread)]
    singles = read_documents(options.singles, engine, options.keep)
    kinds = run_kinds([*read, *singles]) if read or singles else None
    ours = _timed(our_cut, read)
    run = Run(
        read=read,
        unread=unread,
        ours=ours.score,
        keywords=_timed(keyword_cut, read).score,
        ours_on_truth=_timed(our_cut, [true_stack(stack) for stack in read]).score,
        ours_unread=_timed(our_cut, unread).score,
        keywords_unread=_timed(keyword_cut, unread).score,
        cpu_seconds_a_page=ours.cpu_seconds / max(sum(len(s.pages) for s in read), 1),
        engine=f"{engine.name}: {engine.version}",
        kinds=kinds,
        singles=singles,
    )
    aims = [*judge_aims(run), *(judge_kinds(kinds) if kinds else ())]
    page = render_page(run, aims)
    if options.to:
        options.to.parent.mkdir(parents=True, exist_ok=True)
        options.to.write_text(page, "utf-8")
    sys.stdout.write(page)
    return 1 if any(aim.met is False for aim in aims) else 0


def _timed(cut: Callable[[ReadStack], Cut], stacks: Sequence[ReadStack]) -> _Timed:
    for stack in stacks[:1]:
        cut(stack)  # loads the rules
    begun = time.process_time()
    cuts = [cut(stack) for stack in stacks]
    taken = time.process_time() - begun
    return _Timed(score(stacks, cuts), taken)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench.documents", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--stacks", type=int, default=STACKS, help="to be read; %(default)s")
    parser.add_argument("--unread", type=int, default=UNREAD, help="of true text; %(default)s")
    parser.add_argument(
        "--singles", type=int, default=SINGLES, help="documents to be read; %(default)s"
    )
    parser.add_argument("--engine", default=Settings().ocr_engine, help="%(default)s")
    parser.add_argument(
        "--to", type=Path, help=f"default: {PAGE.relative_to(ROOT)}; a part is only printed"
    )
    parser.add_argument("--keep", type=Path, help="keep readings here, and take them from here")
    options = parser.parse_args()
    whole = (STACKS, UNREAD, SINGLES)
    if options.to is None and (options.stacks, options.unread, options.singles) == whole:
        options.to = PAGE
    return options


if __name__ == "__main__":
    sys.exit(main())
