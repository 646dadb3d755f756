"""Whose letter it is: one that another institution wrote to ours is that one's document."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from rapidfuzz import fuzz

from classifiers.kind import KindGuess
from classifiers.kind_decision import UNSURE
from classifiers.letters import compact
from classifiers.page_facts import PageFacts
from records.values import Field, Institution

_REFERRAL = "referral_letter"
_LETTERS = frozenset({_REFERRAL, "referral_reply"})
_EXTERNAL = "external_document"
_UNSURE = 0.6
# Least likeness (0..100) of two prints of one institution's name, and the most of two names that no
# misreading makes of each other.
_SAME_NAME = 70
_OTHER_NAME = 50
_READ = 0.8
_ADDRESSED = re.compile(r"(?:귀하|귀중|선생님|원장님)$")


def from_elsewhere(
    guess: KindGuess, fields: Mapping[str, Field], pages: Sequence[PageFacts], ours: Institution
) -> KindGuess:
    """Return a letter that another institution wrote to ours as another's document.

    A person confirms it, unless three signs agree: its writer was read surely and is like ours in
    no way, ours stands in the line that it is addressed to and nowhere else, and no code is ours.
    """
    if guess.kind not in _LETTERS:
        return guess
    name, writer = compact(ours.name), fields.get("institution_name")
    code = fields.get("institution_code")
    likeness = 0.0 if writer is None else fuzz.ratio(compact(str(writer.value)), name)
    # Only who refers prints a code on a referral (요양급여 기준 규칙 별지 제4호서식).
    our_code = bool(ours.code) and code is not None and code.value == ours.code
    is_ours = likeness >= _SAME_NAME or (our_code and guess.kind == _REFERRAL)
    other_code = bool(ours.code) and code is not None and code.value != ours.code
    to_us = bool(name) and any(name in page.form.letters for page in pages)
    if (writer is not None and not is_ours and to_us) or other_code:
        surely_read = writer is not None and (writer.confidence or 0.0) >= _READ
        sure = surely_read and likeness < _OTHER_NAME and not our_code and _is_to(pages, name)
        confidence = guess.confidence if sure else min(guess.confidence, _UNSURE)
        return KindGuess(_EXTERNAL, confidence, (*guess.evidence, "institution.other"))
    if name and not is_ours and code is None:
        evidence = (*guess.evidence, "institution.unknown")
        return replace(guess, confidence=min(guess.confidence, UNSURE), evidence=evidence)
    return guess


def _is_to(pages: Sequence[PageFacts], name: str) -> bool:
    """Whether every line that bears a name addresses it, and there is one."""
    lines = [
        line.letters for page in pages for line in page.form.lines if name and name in line.letters
    ]
    return bool(lines) and all(_ADDRESSED.search(line) for line in lines)
