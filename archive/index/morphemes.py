"""Korean morphemes by Kiwi, for ranking only: whole words before letters that only meet.

Kiwi splits a word by what stands around it, so a query and a page need not agree (recall 0.92);
that a page is found at all rests on the pairs of characters in `tokens.py`.
"""

import importlib.metadata
import warnings
from typing import Any, Protocol

from archive.index.tokens import normalised_spaced
from records.errors import SetupError

# Nouns, roots, verbs, adjectives, foreign words: what a page is about.
_TELLING = frozenset({"NNG", "NNP", "XR", "VV", "VA", "SL", "SH"})


class Morphemes(Protocol):
    """Splits text into words of meaning. Safe from threads."""

    @property
    def version(self) -> str:
        """Changes when the same text may be split otherwise; empty where nothing is split."""

    def of(self, text: str) -> list[str]:
        """The telling morphemes of a text, in order."""


class NoMorphemes:
    """Splits nothing: ranking rests on pairs of characters alone."""

    version = ""

    def of(self, text: str) -> list[str]:
        """Nothing."""
        return []


class KiwiMorphemes:
    """Kiwi, loaded when first needed: 2 to 3 s, some 550 MB."""

    def __init__(self) -> None:
        try:
            model = importlib.metadata.version("kiwipiepy_model")
            self.version = f"kiwi-{importlib.metadata.version('kiwipiepy')}-{model}"
        except importlib.metadata.PackageNotFoundError as error:
            raise SetupError("morphemes_missing", "kiwipiepy") from error
        self._kiwi: Any = None

    def of(self, text: str) -> list[str]:
        """The telling morphemes of a text, lower case, in order."""
        if self._kiwi is None:
            from kiwipiepy import Kiwi  # noqa: PLC0415  (550 MB, for those who ask for it)

            with warnings.catch_warnings():
                # What 0 meant before 0.21: it warns of that, and now means no thread of its own.
                # With one, a call was seen to wait for it for ever on a busy machine.
                warnings.simplefilter("ignore", DeprecationWarning)
                self._kiwi = Kiwi(num_workers=0)
        found = self._kiwi.tokenize(normalised_spaced(text))
        return [token.form for token in found if token.tag.partition("-")[0] in _TELLING]


def make_morphemes(name: str) -> Morphemes:
    """Morphemes by the setting's name: `kiwi` or `none`.

    Raises:
        SetupError: another name, or Kiwi is not installed.
    """
    if name == "kiwi":
        return KiwiMorphemes()
    if name == "none":
        return NoMorphemes()
    raise SetupError("settings_value", "index_morphemes")
