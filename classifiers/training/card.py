"""The card of the kind classifier: what it is, what it learned from, how it was proved."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from classifiers.kind_decision import UNSURE
from classifiers.kind_model import KindModel
from classifiers.training.joining import MOST_WRONG, Answer, most_errors
from classifiers.training.measures import calibration_error

_STEPS = (0.0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999)


@dataclass(frozen=True, slots=True)
class Figures:
    """What a training run has to tell; `answers` are those of the part `proof`."""

    command: str
    digest: str
    size: int
    kinds: Sequence[str]
    taught: int
    answers: Sequence[Answer]
    bands: Sequence[str]
    profiles: int


def render_card(about: Figures, model: KindModel) -> str:
    """Return the card as Markdown."""
    return "\n".join(_lines(about, model)) + "\n"


def _lines(about: Figures, model: KindModel) -> Iterator[str]:
    yield "# kind-classifier"
    yield ""
    yield f"`kind-classifier.bin.gz`, {about.size:,} bytes, SHA-256 `{about.digest}`."
    yield (
        "A spaCy text classifier (bag of runs of one to three pieces, linear, "
        f"{len(about.kinds)} kinds), and in `kind-classifier.yaml` the figures that join it with "
        "the rules."
    )
    yield "Licence: Apache-2.0, as the project. Learned from made pages only; no patient's."
    yield ""
    yield f'Written by `make train-kinds ARGS="{about.command}"`.'
    yield (
        f"Learned from {about.taught} documents of every maker of the tuning part, misread as "
        f"{about.profiles} really read pages were; no test layout, font, seed or wording."
    )
    yield ""
    yield "Kinds: " + ", ".join(about.kinds) + "."
    yield ""
    yield "## Proof"
    yield ""
    yield (
        f"{len(about.answers)} documents on which nothing was set. Accepted = not doubted and not "
        "below the kind's threshold. The bound is Clopper-Pearson's, one-sided, 95 %; a band whose "
        f"bound is above {100 * MOST_WRONG:g} % has no thresholds: all of it is held."
    )
    yield ""
    yield "| read | documents | right | accepted | of these wrong | wrong at most |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for band in (*about.bands, ""):
        yield _row(band or "all", [a for a in about.answers if not band or a.band == band])
    yield ""
    yield "## By kind"
    yield ""
    yield "| kind | documents | right | accepted | of these wrong | wrong at most |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for kind in about.kinds:
        yield _row(kind, [a for a in about.answers if a.true_kind == kind])
    yield ""
    yield "## Coverage against error"
    yield ""
    yield (
        "Accepted by the calibrated probability alone; the last line is what is shipped: "
        "thresholds by kind and band, and reasons to hold. "
        f"Held answers are given at most {UNSURE}."
    )
    yield ""
    yield "| confidence from | accepted | wrong | wrong at most |"
    yield "| --- | --- | --- | --- |"
    of = len(about.answers)
    for least in _STEPS:
        yield _step(str(least), [a for a in about.answers if a.likely >= least], of)
    yield _step("thresholds and doubts", [a for a in about.answers if not a.doubted], of)
    yield ""
    error = calibration_error(about.answers)
    yield f"Expected calibration error of the probability, ten bins: {error:.4f}."
    yield f"Calibration: slope {model.slope}, shift {model.shift}."


def _row(name: str, answers: Sequence[Answer]) -> str:
    taken = [one for one in answers if not one.doubted]
    wrong = sum(not one.right for one in taken)
    right = sum(one.right for one in answers)
    return (
        f"| {name} | {len(answers)} | {right} | {len(taken)} | {wrong} "
        f"| {100 * most_errors(wrong, len(taken)):.2f} % |"
    )


def _step(name: str, taken: Sequence[Answer], of: int) -> str:
    wrong = sum(not one.right for one in taken)
    return (
        f"| {name} | {100 * len(taken) / max(of, 1):.1f} % | {wrong} "
        f"| {100 * most_errors(wrong, len(taken)):.2f} % |"
    )
