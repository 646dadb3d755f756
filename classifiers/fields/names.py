"""Names of persons and institutions: what may stand behind a label and be one."""

import functools
import re
from collections.abc import Sequence

from classifiers.form import Form
from classifiers.letters import compact
from classifiers.ruleset import load_kinds, load_labels

_SURNAMES = frozenset(
    "김이박최정강조윤장임한오서신권황안송류유전홍고문손양배백허남심노하곽성차주우구라민진지엄채원"
    "천방공현함변염여추도소석선설마길연위표명기반왕금옥육인맹제모탁국어은편용예경봉사부가복태목형계"
)
_HANJA_SURNAMES = frozenset(
    "金李朴崔鄭姜趙尹張林韓吳徐申權黃安宋柳全洪高文梁孫裵裴白許南沈盧河郭成車朱禹具羅閔兪劉陳池嚴蔡元"
    "千方孔玄咸卞廉呂秋都蘇石宣薛馬吉延魏表明奇潘王琴玉陸印孟諸任丁曺"
)
_LONG_SURNAMES = ("남궁", "황보", "제갈", "선우", "사공", "서문", "독고", "동방")
_HONORIFIC = re.compile(r"(?<=..)(?:님|귀하|귀중|씨)$")
_MASKS = "*●○"
_SEXES = "남여"
_NO_SURNAME = 0.6
_LONGEST = 4
_LONGEST_TAIL = 6
_NO_NAMES = frozenset(
    {
        "서명",
        "날인",
        "본인",
        "상기인",
        "한글",
        "한자",
        "여자",
        "남자",
        "여성",
        "남성",
        "귀하",
        "미상",
        "없음",
        "이상",
        "이하",
        "구분",
        "코드",
        "항목",
        "내용",
        "번호",
        "금액",
        "기간",
        "해당",
        "검사분류",
        "관할",
        "구청",
        "시청",
        "군청",
        "도청",
        "뢰서",  # the rest of a spaced title, 진료의 뢰서
    }
)
# Words of headings in English: "Clinical Info" is nobody.
_LATIN_FORM_WORDS = frozenset(
    {
        "clinical",
        "info",
        "information",
        "history",
        "note",
        "notes",
        "comment",
        "comments",
        "remarks",
        "result",
        "results",
        "report",
        "summary",
        "patient",
        "diagnosis",
        "findings",
        "impression",
    }
)
# A heading, not a name; after one syllable it may be a name all the same (이기관).
_HEADING = re.compile(r"^(?:..+)?(?:정보|사항|내역|기관|번호|일자|센터)$|사무소$")
# A word of a sentence, not a name.
_SENTENCE = re.compile(r"(?:니다|하여|에서|으로|까지|부터|하는|[를을의은는에])$")
_SYLLABLES = re.compile(r"[가-힣]{2,}|[一-鿿]{2,}")
_INSTITUTION = re.compile(
    r"^.*?(?:의원|병원|의료원|보건소|보건지소|보건진료소|클리닉|의료센터|요양원)(?![가-힣])"
)


def read_name(form: Form, tokens: Sequence[int]) -> tuple[str, tuple[int, ...], float] | None:
    """Read a person's name at the start of a region.

    Returns:
        The name without spaces, its tokens, and how much it looks like a name (0..1); else None.
    """
    taken = _leading_name(form, tokens)
    name = "".join(form.tokens[token] for token in taken)
    if bare := _HONORIFIC.sub("", name):
        taken = taken[: len(bare)]
        name = bare
    if not 2 <= len(name) <= _LONGEST or name in _NO_NAMES or name in _form_words():
        return _latin_name(form, tokens)
    if _is_cut(form, tokens, len(taken)):
        return None
    if _HEADING.search(name):
        return None
    if _is_surname(name):
        return name, tuple(taken), 1.0
    is_hanja = "一" <= name[0] <= "鿿"
    return None if is_hanja or _SENTENCE.search(name) else (name, tuple(taken), _NO_SURNAME)


def read_institution(
    form: Form, tokens: Sequence[int], known: str
) -> tuple[str, tuple[int, ...], float] | None:
    """Read an institution's name at the start of a region; `known` spells ours.

    Readers put spaces anywhere into long names, so the value has none.
    """
    if known and (ours := _spelled(form, tokens, compact(known))):
        return known, ours, 1.0
    text = form.text(tokens)
    match = _INSTITUTION.match(text)
    printed = match.group().strip() if match else ""
    if not 3 <= len(compact(printed)) <= 30:
        return None
    length = len(re.sub(r"\s", "", printed))
    taken: list[int] = []
    for token in tokens:
        if length <= 0:
            break
        taken.append(token)
        length -= len(form.tokens[token])
    return "".join(printed.split()), tuple(taken), 0.95


def _spelled(form: Form, tokens: Sequence[int], letters: str) -> tuple[int, ...]:
    """The tokens that spell these letters, wherever in the region, beginning a word; else none."""
    for start, token in enumerate(tokens):
        if start and form.word_of[token] == form.word_of[tokens[start - 1]]:
            continue
        spelled = ""
        for end in range(start, len(tokens)):
            spelled += compact(form.tokens[tokens[end]])
            if spelled == letters:
                return tuple(tokens[start : end + 1])
            if not letters.startswith(spelled):
                break
    return ()


def _leading_name(form: Form, tokens: Sequence[int]) -> list[int]:
    """The syllables at the start: one word of two or more, or single ones printed apart."""
    taken: list[int] = []
    for place, token in enumerate(tokens):
        text = form.tokens[token]
        if not ("가" <= text <= "힣" or "一" <= text <= "鿿" or (taken and text in _MASKS)):
            break
        starts_word = place == 0 or form.word_of[token] != form.word_of[tokens[place - 1]]
        if starts_word and len(taken) >= 2 and not _single(form, tokens, place, taken):
            break
        taken.append(token)
    if len(taken) == _LONGEST and form.tokens[taken[-1]] in _SEXES:
        taken.pop()
    return taken


def _is_cut(form: Form, tokens: Sequence[int], length: int) -> bool:
    """Whether a "name" is the start of a form's word set apart: 마 취 of 마 취 방 법."""
    spelled = "".join(form.tokens[token] for token in tokens[:length])
    for token in tokens[length : length + _LONGEST_TAIL]:
        if not "가" <= form.tokens[token][0] <= "힣":
            return False
        spelled += form.tokens[token]
        if spelled in _form_words():
            return True
    return False


def _single(form: Form, tokens: Sequence[int], place: int, taken: Sequence[int]) -> bool:
    """Whether the word that starts here is one more syllable of a name printed apart."""
    following = tokens[place + 1] if place + 1 < len(tokens) else None
    alone = following is None or form.word_of[following] != form.word_of[tokens[place]]
    apart = form.word_of[taken[0]] != form.word_of[taken[1]] or len(taken) == 2
    sex = form.tokens[tokens[place]] in _SEXES and len(taken) >= 3
    return alone and apart and not sex and len(taken) < _LONGEST


def _latin_name(form: Form, tokens: Sequence[int]) -> tuple[str, tuple[int, ...], float] | None:
    taken: list[int] = []
    for token in tokens:
        if not re.fullmatch(r"[A-Za-z]{1,20}", form.tokens[token]):
            break
        taken.append(token)
    words = [form.tokens[token] for token in taken]
    capital = all(word[0].isupper() for word in words)
    if not capital or not 2 <= len(words) <= 5 or sum(map(len, words)) < 5:
        return None
    if not _LATIN_FORM_WORDS.isdisjoint(word.lower() for word in words):
        return None
    return " ".join(words), tuple(taken), 0.7


def _is_surname(name: str) -> bool:
    return name[0] in _SURNAMES or name[0] in _HANJA_SURNAMES or name.startswith(_LONG_SURNAMES)


@functools.cache
def _form_words() -> frozenset[str]:
    """The words that forms print: labels and their parts, titles, sentences of the rules."""
    printed = [phrase for phrases in load_labels().values() for phrase in phrases]
    for rules in load_kinds().values():
        printed += rules.printed
    words = {word for phrase in printed for word in _SYLLABLES.findall(phrase)}
    return frozenset(words | {compact(phrase) for phrase in printed})
