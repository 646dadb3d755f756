"""`make train-kinds`: learns the kind classifier from made pages and writes `classifiers/models/`.

Writes the text classifier, the figures beside it with its digest, and its card. Everything is
drawn from seeds: run again with the same arguments, the same files come out.
"""

import argparse
import dataclasses
import hashlib
import sys
from collections.abc import Sequence
from importlib import resources
from pathlib import Path

from classifiers.kind_model import CARD
from classifiers.kind_text import MODEL
from classifiers.training.card import Figures, render_card
from classifiers.training.fitting import Rounds, fit
from classifiers.training.reading_errors import load_errors


def main() -> int:
    """Train, fit, set thresholds, prove, write."""
    options = _options()
    errors = load_errors()
    folder = Path(str(resources.files("classifiers").joinpath("models")))
    kept = (folder / MODEL).read_bytes() if options.keep_text else None
    rounds = Rounds(options.text, options.join, options.risk, options.proof)
    fitted = fit(rounds, errors, packed=kept, tell=lambda part: print(part, file=sys.stderr))
    (folder / MODEL).write_bytes(fitted.packed)
    (folder / CARD).write_bytes(fitted.figures)
    about = Figures(
        command=" ".join(sys.argv[1:]),
        digest=hashlib.sha256(fitted.packed).hexdigest(),
        size=len(fitted.packed),
        kinds=fitted.kinds,
        taught=options.text,
        answers=fitted.proved,
        bands=fitted.bands,
        profiles=len(errors.profiles),
    )
    card = render_card(about, fitted.classifier().model)
    (folder / CARD.replace(".yaml", ".md")).write_text(card, "utf-8")
    return 0


def _options(given: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m classifiers.training.train")
    for part in dataclasses.fields(Rounds):
        parser.add_argument(
            f"--{part.name}",
            type=int,
            default=part.default,
            help="documents of each maker; %(default)s",
        )
    parser.add_argument(
        "--keep-text", action="store_true", help="keep the text classifier, fit the rest anew"
    )
    return parser.parse_args(given)


if __name__ == "__main__":
    sys.exit(main())
