"""One kind classifier, whole: text classifier and figures, named by the digest of both.

The shipped one stands in `models/`; an operator's own ones are made by `classifiers.training` and
lie wherever the house keeps them.
"""

import functools
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING

import yaml

from classifiers.form import Form
from classifiers.kind_model import CARD, KindModel, kind_model
from classifiers.kind_text import MODEL, text_probabilities, unpack
from records.errors import IntegrityError

if TYPE_CHECKING:
    from spacy.language import Language


@dataclass(frozen=True, slots=True)
class KindClassifier:
    """A text classifier and the figures that were fitted to it.

    `digest`: SHA-256 of the figures' file, in which the text classifier's own digest stands.
    """

    digest: str
    model: KindModel
    language: "Language"

    def likely_kinds(self, forms: Sequence[Form]) -> Mapping[str, float]:
        """The probability of each trained kind, by the text and shape of a document's pages."""
        return text_probabilities(self.language, forms)


def kind_classifier(packed: bytes, figures: bytes) -> KindClassifier:
    """Put a classifier together from the two files it consists of.

    Raises:
        IntegrityError: they do not belong together (`kind_model_differs`).
    """
    model = kind_model(yaml.safe_load(figures))
    if hashlib.sha256(packed).hexdigest() != model.digest:
        raise IntegrityError("kind_model_differs", "models/" + MODEL)
    return KindClassifier(figures_digest(figures), model, unpack(packed))


def figures_digest(figures: bytes) -> str:
    """The name of a classifier: the SHA-256 of its figures."""
    return hashlib.sha256(figures).hexdigest()


@functools.cache
def shipped_digest() -> str:
    """The name of the shipped classifier, without loading it."""
    return figures_digest(_shipped(CARD))


@functools.cache
def shipped_classifier() -> KindClassifier:
    """Load the shipped classifier, once a process."""
    return kind_classifier(_shipped(MODEL), _shipped(CARD))


def _shipped(name: str) -> bytes:
    return resources.files("classifiers").joinpath("models", name).read_bytes()
