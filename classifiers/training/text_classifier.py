"""Trains the text classifier and packs it into one file."""

import gzip
import random
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from classifiers.kind_text import blank_text_classifier, textcat_of

if TYPE_CHECKING:
    from spacy.language import Language

_SEED = 20261126
_ROUNDS = 8
# Of Adam. A long document has thousands of runs: with steps five times as long its first one
# already made a kind certain, and a softmax that is certain passes nothing back to learn from: no
# nursing record was ever told as one.
_STEP = 0.0002
_BATCH = 32


def train_text_classifier(taught: Iterable[tuple[str, Sequence[str]]]) -> "Language":
    """Return a classifier that has seen every document, its kind and pieces, `_ROUNDS` times."""
    from spacy.tokens import Doc  # noqa: PLC0415
    from spacy.training import Example  # noqa: PLC0415
    from thinc.api import fix_random_seed  # noqa: PLC0415

    fix_random_seed(_SEED)
    seen = [(kind, list(pieces)) for kind, pieces in taught]
    kinds = sorted({kind for kind, _ in seen})
    language = blank_text_classifier(kinds)
    examples = [
        Example.from_dict(
            Doc(language.vocab, words=words), {"cats": {one: float(one == kind) for one in kinds}}
        )
        for kind, words in seen
    ]
    optimizer = language.initialize(lambda: examples[:200])
    optimizer.learn_rate = _STEP
    rng = random.Random(_SEED)
    for _ in range(_ROUNDS):
        rng.shuffle(examples)
        for start in range(0, len(examples), _BATCH):
            language.update(examples[start : start + _BATCH], sgd=optimizer)
    return language


def pack(language: "Language") -> bytes:
    """Return the classifier as the bytes that are shipped: weights without a bit nobody needs."""
    textcat = textcat_of(language)
    for node in textcat.model.walk():
        for name in node.param_names:
            if node.has_param(name):
                given: Any = node.get_param(name)
                node.set_param(name, given.astype("float16").astype("float32"))
    return gzip.compress(textcat.to_bytes(exclude=["vocab"]), mtime=0)
