"""Evidence and the rules of fields in words, for people; codes are what is kept."""

import functools
from collections.abc import Iterator, Mapping, Sequence

from classifiers.ruleset import load_kinds
from records.reasons import explain, load_reasons
from records.taxonomy import load_taxonomy

_SIGN = "sign"
_OF_A_KIND = ("title", "labels", _SIGN, "text")


def evidence_lines(codes: Sequence[str], language: str = "ko") -> Iterator[str]:
    """Yield what each code says, in their order; the signs of one kind are one line."""
    said: dict[tuple[str, str], list[str]] = {}
    for code in codes:
        family, _, rest = code.partition(".")
        if family in _OF_A_KIND:
            kind = rest.partition(".")[0]
            said.setdefault((family, kind), []).append(_phrases().get(code, ""))
        else:
            said.setdefault((code, ""), [])
    for (code, kind), phrases in said.items():
        yield _of_kind(code, kind, phrases, language) if kind else explain(code, language)


def rule_text(rule: str, language: str = "ko") -> str:
    """How a field was found, and what was made of it: `key.way+notes` in words."""
    way, *notes = rule.partition(".")[2].split("+")
    known = load_reasons()
    found = f"way.{way}" if f"way.{way}" in known else "way.element"
    told = [explain(found, language).format(element=way) if way else rule]
    return ", ".join((*told, *(explain(f"note.{note}", language) for note in notes)))


def _of_kind(family: str, kind: str, phrases: Sequence[str], language: str) -> str:
    """The words of a family of codes, of this kind; papers that are no record have their own."""
    code = f"{family}.{kind}" if f"{family}.{kind}" in load_reasons() else family
    quoted = ", ".join(f"‘{phrase}’" for phrase in phrases)
    return explain(code, language).format(kind=load_taxonomy().name(kind, language), phrases=quoted)


@functools.cache
def _phrases() -> Mapping[str, str]:
    """What a form that bears a sign prints, by the sign's code."""
    return {sign.id: sign.phrase for kind in load_kinds().values() for sign in kind.signs}
