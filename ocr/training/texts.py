"""What a training line says: one of many registers, drawn at random."""

import random
import re
import string
from collections.abc import Callable
from pathlib import Path

from ocr.training import figures
from ocr.training.alphabet import BEYOND_KS, HANJA, SIGNS, ks_syllables, plain
from ocr.training.words import WORDS

_DICTIONARY = Path("/usr/share/hunspell/ko.dic")
_LABELLED = 0.7  # of values; a needle printer's stand far from their label, after its colon
_HEADED = 0.15  # of notes: with the letter of their part before them
_PARTS_OF_NOTES = tuple(f"{part}{end}" for part in "SOAP" for end in (") ", ")", ": ", ". "))
_TAKEN = 0.3  # of drugs: with how often and how long
Rng = random.Random


class Texts:
    """Draws texts of one line each, from one to about 40 signs."""

    def __init__(self) -> None:
        self._dictionary = _dictionary()
        self._syllables = ks_syllables()

    def draw(self, rng: Rng) -> str:
        """Return the text of one line; see the registers below."""
        register = rng.choices(self._registers, self._weights)[0]
        text = plain(register(self, rng))
        return text or "-"

    def _words(self, rng: Rng) -> str:
        count = rng.choices((1, 2, 3, 4, 5, 6), (5, 4, 3, 3, 2, 1))[0]
        said = []
        for _ in range(count):
            word = rng.choice(self._dictionary)
            if rng.random() < 0.4:
                word += rng.choice(WORDS.particles)
            said.append(word)
        end = rng.choices(("", ".", ",", " 함.", "음"), (6, 2, 1, 1, 1))[0]
        between = rng.choices((" ", "-", "·", "/", ""), (90, 4, 3, 2, 1))[0]
        return between.join(said) + end

    def _random_syllables(self, rng: Rng) -> str:
        pool = self._syllables if rng.random() < 0.97 else BEYOND_KS
        text = "".join(rng.choice(pool) for _ in range(rng.randint(1, 12)))
        return _spaced(text, rng, 0.2)

    def _label(self, rng: Rng) -> str:
        text = rng.choice(WORDS.labels)
        if rng.random() < 0.3:
            text += rng.choice(("(", "/", "·", " ", "및 ", "- ")) + rng.choice(WORDS.labels)
            text += ")" if "(" in text else ""
        if rng.random() < 0.12:
            text = " ".join(text)
        if rng.random() < 0.15:
            text = (
                rng.choice(("1. ", "2.", "① ", "② ", "③", "■ ", "□ ", "○ ", "※ ", "가. ", "(1)"))
                + text
            )
        return text + rng.choices(("", ":", " :", " : ", "()"), (6, 2, 1, 1, 0.3))[0]

    def _label_and_value(self, rng: Rng) -> str:
        value = rng.choice(
            (
                figures.date,
                figures.number,
                figures.name,
                figures.resident_number,
                figures.code,
                figures.address,
                figures.telephone,
                figures.amount,
            )
        )
        return f"{self._label(rng) if rng.random() < _LABELLED else ':'} {value(rng)}"

    def _note(self, rng: Rng) -> str:
        parts = []
        for _ in range(rng.randint(2, 6)):
            pick = rng.random()
            if pick < 0.3:
                parts.append(rng.choice(WORDS.advice))
            elif pick < 0.5:
                parts.append(rng.choice(WORDS.english))
            elif pick < 0.65:
                parts.append(rng.choice(WORDS.diseases) + rng.choice(("", "", *WORDS.particles)))
            elif pick < 0.85:
                parts.append(rng.choice(self._dictionary) + rng.choice(("", *WORDS.particles)))
            elif pick < 0.93:
                parts.append(figures.measure(rng))
            else:
                parts.append(
                    rng.choice(
                        (
                            "(+)",
                            "(-)",
                            "(±)",
                            "(++)",
                            "→",
                            "↑",
                            "↓",
                            "+/-",
                            "w/",
                            "&",
                            ">",
                            "<",
                            "=",
                        )
                    )
                )
        note = " ".join(parts) + rng.choice(("", "", ".", ","))
        return rng.choice(_PARTS_OF_NOTES) + note if rng.random() < _HEADED else note

    def _disease(self, rng: Rng) -> str:
        name = " ".join(rng.choice(WORDS.diseases) for _ in range(rng.randint(1, 3)))
        if rng.random() < 0.3:
            name += f"[{rng.choice(WORDS.diseases)}]"
        return f"{figures.code(rng)} {name}" if rng.random() < 0.4 else name

    def _drug(self, rng: Rng) -> str:
        name = rng.choice(WORDS.drugs) + rng.choice(
            ("", "", "나트륨", "염산염", "칼슘", "말레산염", "인산염")
        )
        name += rng.choice(WORDS.drug_forms) + rng.choice(("", " ")) + rng.choice(WORDS.doses)
        if rng.random() < 0.25:
            name += f"({rng.choice(WORDS.drugs)})"
        if rng.random() < 0.3:
            name += (
                f" {rng.choice(('1', '2', '0.5', '1.5'))} {rng.randint(1, 4)} {rng.randint(1, 90)}"
            )
        if rng.random() < _TAKEN:
            name += f" {figures.regimen(rng)}"
        if rng.random() < 0.7:
            return name
        code = f"{rng.randrange(10**9):09d}"
        return f"{rng.choice(('{}', '[{}]', '[{}]', '({})')).format(code)} {name}"

    def _lab(self, rng: Rng) -> str:
        parts = [rng.choice(WORDS.labs)]
        if rng.random() < 0.5:
            parts += [
                figures.value(rng),
                rng.choice(WORDS.units),
                f"{figures.value(rng)}{rng.choice('~-')}{figures.value(rng)}",
            ]
        elif rng.random() < 0.3:
            parts = [f"{figures.value(rng)} {rng.choice('~-')} {figures.value(rng)}"]
        elif rng.random() < 0.3:
            parts = [
                rng.choice(
                    (
                        "Negative",
                        "Positive",
                        "음성",
                        "양성",
                        "Trace",
                        "Normal",
                        "H",
                        "L",
                        "▲",
                        "▼",
                        "+1",
                        "정상",
                    )
                )
            ]
        return " ".join(parts)

    def _english(self, rng: Rng) -> str:
        said = [_cased(rng.choice(WORDS.english), rng) for _ in range(rng.randint(1, 6))]
        return " ".join(said) + rng.choice(("", "", ".", ",", ":"))

    def _latin_guess(self, rng: Rng) -> str:
        letters = string.ascii_letters + string.digits
        made = [
            "".join(rng.choice(letters) for _ in range(rng.randint(1, 9)))
            for _ in range(rng.randint(1, 3))
        ]
        return " ".join(_cased(part, rng) for part in made)

    def _signs(self, rng: Rng) -> str:
        pool = string.punctuation + SIGNS
        text = "".join(
            rng.choice(pool)
            if rng.random() < 0.4
            else rng.choice(string.digits + string.ascii_letters + self._syllables[:300])
            for _ in range(rng.randint(1, 10))
        )
        return _spaced(text, rng, 0.15)

    def _hanja(self, rng: Rng) -> str:
        if rng.random() < 0.3:
            inside = "".join(rng.choice(HANJA) for _ in range(rng.randint(2, 4)))
            return f"{rng.choice(WORDS.labels)}({inside})"
        text = "".join(rng.choice(HANJA) for _ in range(rng.randint(1, 8)))
        return _spaced(text, rng, 0.3)

    def _form_line(self, rng: Rng) -> str:
        parts = rng.choice(WORDS.form_lines).split()
        start = rng.randrange(len(parts))
        return " ".join(parts[start : start + rng.randint(2, 8)])

    def _figure(self, rng: Rng) -> str:
        return rng.choice(
            (
                figures.date,
                figures.number,
                figures.resident_number,
                figures.resident_number,
                figures.code,
                figures.code,
                figures.code,
                figures.code,
                figures.code,
                figures.telephone,
                figures.amount,
                figures.measure,
                figures.business_number,
                figures.amount,
                figures.digits,
            )
        )(rng)

    def _person(self, rng: Rng) -> str:
        return rng.choice((figures.name, figures.address, figures.clinic))(rng)

    _registers: tuple[Callable[["Texts", Rng], str], ...] = (
        _words,
        _random_syllables,
        _label,
        _label_and_value,
        _note,
        _disease,
        _drug,
        _lab,
        _english,
        _latin_guess,
        _signs,
        _hanja,
        _form_line,
        _figure,
        _person,
    )
    _weights = (16, 10, 10, 7, 12, 6, 6, 6, 6, 4, 3, 3, 3, 22, 5)


def _dictionary() -> list[str]:
    """Return the Hangul words of the system's dictionary.

    Raises:
        FileNotFoundError: the dictionary is not installed.
    """
    lines = _DICTIONARY.read_text("utf-8").splitlines()[1:]
    known = {plain(line.partition("/")[0]) for line in lines}
    return sorted(word for word in known if re.fullmatch(r"[가-힣]{1,7}", word))


def _spaced(text: str, rng: Rng, share: float) -> str:
    return "".join(sign + " " * (rng.random() < share) for sign in text)


def _cased(word: str, rng: Rng) -> str:
    return rng.choice((word, word, word, word.upper(), word.capitalize()))
