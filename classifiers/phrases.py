"""Signs besides the title: sentences, form numbers and the words a form prints."""

from collections.abc import Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz

from classifiers.form import Form
from classifiers.ruleset import KindRules, Sign, load_kinds

_LABEL_WEIGHT = 0.6
_LABELS_AT_MOST = 2.4
_LABELS_AT_LEAST = 2
# A short phrase has no letter to spare for a misreading.
_SHORTEST_FUZZY = 6


@dataclass(frozen=True, slots=True)
class SignHit:
    """A sign that was found, and its weight in log-odds."""

    id: str
    weight: float


def find_signs(form: Form) -> Mapping[str, tuple[SignHit, ...]]:
    """What speaks for each kind on this page, titles aside; kinds without a sign are absent."""
    found: dict[str, tuple[SignHit, ...]] = {}
    for code, rules in load_kinds().items():
        hits = [SignHit(sign.id, sign.weight) for sign in rules.signs if _is_on(sign, form.letters)]
        if labels := _labels(rules, form.letters):
            hits.append(labels)
        if hits:
            found[code] = tuple(hits)
    return found


def _is_on(sign: Sign, letters: str) -> bool:
    for variant in sign.variants:
        if variant in letters:
            return True
        if sign.likeness < 100 and len(variant) >= _SHORTEST_FUZZY <= len(letters):
            near = fuzz.partial_ratio(variant, letters, score_cutoff=sign.likeness)
            if near and len(letters) >= len(variant):
                return True
    return False


def _labels(rules: KindRules, letters: str) -> SignHit | None:
    count = sum(label in letters for label in rules.labels)
    if count < _LABELS_AT_LEAST:
        return None
    return SignHit(f"labels.{rules.kind}", min(count * _LABEL_WEIGHT, _LABELS_AT_MOST))
