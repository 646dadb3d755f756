"""What labels teach: a clinic whose papers look like none that the classifier learned from.

`python -m bench.retraining`: papers of the makers' test part (their layouts, fonts and wording are
in no training), misread as really read pages were. One half is labelled and learned from as
`giroksil retrain` does; the other half is asked of the shipped classifier and of the new one.
Fewer rounds than the shipped classifier's prove no band, so that all is held: only with the full
ones do the accepted shares say anything.
"""

import argparse
import random
import sys
from dataclasses import replace

from bench.kind_documents import orders, printed_document
from classifiers.kind_classifier import shipped_classifier
from classifiers.training.fitting import Rounds
from classifiers.training.reading_errors import load_errors, misread
from classifiers.training.retraining import Example, retrain
from records.ids import derive_id

_FIRST_SEED = 990_001
# Told from a referral by its writer, after its kind: `giroksil retrain` leaves it out as well.
_BY_WRITER = "letter_to_us"


def main() -> int:
    """Learn, ask, print one table."""
    options = _options()
    examples = _examples(options.documents, tuple(options.read))
    rounds = Rounds(*options.rounds)
    made = retrain(
        examples, shipped_classifier(), rounds, lambda part: print(part, file=sys.stderr)
    )
    sys.stdout.write(
        f"learned from {made.taught} labelled documents beside {rounds.text} of each maker, "
        f"thresholds {made.risk}, held out {made.held_out}\n\n"
        "| | shipped, labelled papers | new | shipped, made papers | new |\n"
        "| --- | --- | --- | --- | --- |\n"
    )
    four = (made.now, made.new, made.now_made, made.new_made)
    for name, row in {
        "documents": [str(one.documents) for one in four],
        "right": [str(one.right) for one in four],
        "macro-F1": [f"{one.macro_f1:.4f}" for one in four],
        "accepted": [str(one.accepted) for one in four],
        "accepted and wrong": [str(one.wrong) for one in four],
        "calibration error": [f"{one.calibration_error:.4f}" for one in four],
    }.items():
        sys.stdout.write(f"| {name} | {' | '.join(row)} |\n")
    return 0


def _examples(count: int, read: tuple[float, float]) -> list[Example]:
    """So many papers, each of a patient of its own, the halves in two batches."""
    errors = load_errors()
    given = [x for x in orders("test", _FIRST_SEED, 1 + count // 40) if x.maker != _BY_WRITER]
    random.Random(1).shuffle(given)
    found = []
    for number, order in enumerate(given[:count]):
        stack = printed_document(order)
        rng = random.Random(order.name)
        texts = [misread(page.text, errors, rng, read) for page in stack.pages]
        found.append(
            Example(
                document=derive_id("d", order.name),
                batch=f"b-{number % 2}",
                kind=stack.pages[0].truth.kind,
                patient=order.name,
                institution=stack.institution,
                pages=tuple(replace(text, page_id=derive_id("p", order.name, n))
                            for n, text in enumerate(texts)),
                held_out=number % 2 == 1,
            )
        )  # fmt: skip
    return found


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.retraining")
    parser.add_argument("--documents", type=int, default=400, help="labelled papers; %(default)s")
    parser.add_argument(
        "--rounds", type=int, nargs=4, default=(70, 14, 50, 215), metavar="N",
        help="made documents of each maker: text join risk proof",
    )  # fmt: skip
    parser.add_argument(
        "--read", type=float, nargs=2, default=(0.65, 1.0), metavar="C",
        help="misread as pages of such a mean word confidence were; %(default)s",
    )  # fmt: skip
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
