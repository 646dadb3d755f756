"""Disease codes whose letter was read as a figure, where nothing else can stand."""

from collections.abc import Iterator

from classifiers.fields.place import Places
from classifiers.fields.readers import Found
from classifiers.form import Form
from classifiers.grammar import mend_kcd

_MENDED = 0.85
_POINTS = frozenset(".,·")


def mended_codes(form: Form, places: Places) -> Iterator[Found]:
    """Yield a code for each disease label whose value begins with figures that are one misread.

    Behind the label of a code they must be all that its cell says; behind that of a diagnosis its
    name must follow them ("A) 110 고혈압").
    """
    for label in form.labels:
        if label.key not in {"disease_codes", "_diagnosis"}:
            continue
        for region in places.regions(label):
            found = _leading(form, region.tokens)
            if found is None:
                continue
            rest = [one for one in region.tokens if one > found.tokens[-1]]
            said = [one for one in rest if form.tokens[one].isalnum()]
            named = bool(said) and form.spaced[found.tokens[-1]] and _is_word(form, said[0])
            if named if label.key == "_diagnosis" else not said:
                yield found
                break


def _leading(form: Form, tokens: tuple[int, ...]) -> Found | None:
    """The code that the figures at the start of a region are, with its point where it has one."""
    for length in (3, 1):
        run = tokens[:length]
        closed = not any(form.spaced[one] for one in run[:-1])
        if (
            len(run) == length
            and closed
            and (code := mend_kcd("".join(map(form.tokens.__getitem__, run))))
        ):
            following = tokens[length] if length < len(tokens) else None
            if following is not None and form.tokens[following] in _POINTS:
                return None
            return Found(code, run, _MENDED, ("repair",))
    return None


def _is_word(form: Form, token: int) -> bool:
    return "가" <= form.tokens[token][0] <= "힣"
