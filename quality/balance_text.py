"""The balance sheet as aligned text for a terminal, Hangul counted as two columns wide."""

import unicodedata

from quality.balance import STORING, BalanceSheet, Gap, Line
from quality.display_names import display_path
from records.reasons import explain

_TITLE = {"ko": "대차표", "en": "Balance sheet"}
_CLOSE = {
    ("ko", True): "대차가 맞습니다. 봉인할 수 있습니다.",
    ("ko", False): "대차가 맞지 않습니다. 봉인할 수 없습니다.",
    ("en", True): "The batch balances. It can be sealed.",
    ("en", False): "The batch does not balance. It cannot be sealed.",
}
_WAITS = {
    "ko": "검사를 마쳤고 아직 보관하지 않았습니다. 승인을 기다립니다.",
    "en": "Judged and not stored yet: it waits for its release.",
}
_UNDECLARED = {"ko": "신고 없음", "en": "not declared"}
GAPS_SHOWN = 20


def as_text(sheet: BalanceSheet, language: str = "ko", *, waits: bool = False) -> str:
    """Return the sheet as lines of text: label, left side, sum, and ✓, ! (a warning) or ✗.

    `waits`: nothing is stored yet, so that what is not in the stores is no gap.
    """
    labels = [line.korean if language == "ko" else line.english for line in sheet.lines]
    lefts = [
        _UNDECLARED[language] if line.left is None else f"{line.left:,}" for line in sheet.lines
    ]
    label_width = max(map(width, labels))
    left_width = max(map(width, lefts))
    marks = ["…" if waits and line.code in STORING else mark(line) for line in sheet.lines]
    rows = [
        f"{sign} {padded(label, label_width)}  {' ' * (left_width - width(left))}{left} = "
        f"{sum_text(line, language)}"
        for sign, line, label, left in zip(marks, sheet.lines, labels, lefts, strict=True)
    ]
    open_ = [gap for gap in sheet.gaps if not (waits and gap.line in STORING)]
    gaps = [
        f"  {gap.subject}{place_text(gap)}  {explain(gap.code, language)} ({gap.code})"
        for gap in open_[:GAPS_SHOWN]
    ]
    if len(open_) > GAPS_SHOWN:
        gaps.append(f"  … +{len(open_) - GAPS_SHOWN:,}")
    head = f"{_TITLE[language]}  {sheet.batch}"
    close = _WAITS[language] if waits else _CLOSE[language, sheet.balanced]
    return "\n".join([head, *rows, *gaps, close])


def sum_text(line: Line, language: str = "ko") -> str:
    """Return the right side in words: `문서 9 + 백지 1`; summands of zero are left out."""
    text = ""
    for part in [part for part in line.parts if part.count] or line.parts[:1]:
        sign = "−" if part.count < 0 else "+"
        text += f" {sign} " if text else "− " * (part.count < 0)
        count = f"{abs(part.count):,}"
        text += f"{part.korean} {count}" if language == "ko" else f"{count} {part.english}"
    return text


def place_text(gap: Gap) -> str:
    """A gap's file, personal data painted over, and its pages; empty where they are not known."""
    if not gap.file:
        return ""
    numbers = ", ".join(str(number) for number in gap.pages)
    return f"  {display_path(gap.file)}" + (f"  {numbers}쪽 p." if numbers else "")


def mark(line: Line) -> str:
    """Return ✓ where a line holds, ! where only the declaration differs, ✗ where it is broken."""
    return "✓" if line.ok else "✗" if line.binding else "!"


def width(text: str) -> int:
    """Columns that a text takes in a terminal."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def padded(text: str, columns: int) -> str:
    """A text filled up with blanks to so many columns."""
    return text + " " * (columns - width(text))
