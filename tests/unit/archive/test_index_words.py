"""Promises of how words are matched: other writings, misread syllables, spacing, morphemes."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.index.aliases import hangul, others, spelled
from archive.index.index import Index
from archive.index.jamo import neighbours
from archive.index.morphemes import KiwiMorphemes, make_morphemes
from archive.index.snippets import snippet
from archive.index.tokens import tokens
from archive.opening import Archive
from records.errors import SetupError
from tests.makers.layouts.hanja import _LABELS

from .conftest import ONE, entry

# Labels that old forms word otherwise, not only write otherwise.
OTHER_WORDS = {"성별/나이", "차트번호", "상병코드", "주증상", "과거력"}


def found(index: Index, query: str) -> list[str]:
    return [hit.document_id for hit in index.search(query)]


@pytest.mark.parametrize(
    ("page", "query"),
    [
        ("診斷書 患者姓名 金", "진단서"),
        ("진단서 환자성명", "診斷書"),
        ("診 斷 書", "진 단 서"),
        ("療養機關名", "요양기관"),
        ("發病年月日", "발병연월일"),
        ("생년월일", "生年月日"),
    ],
)
def test_hanja_and_hangul_find_each_other(opened: Archive, page: str, query: str) -> None:
    """A word in Hanja is the word it is read as, whichever of the two stands on the page."""
    opened.index.add([entry("d-1", ONE, page), entry("d-2", ONE, "처방전 내과")])

    assert found(opened.index, query) == ["d-1"]


def test_every_hanja_label_of_old_forms_is_read() -> None:
    """The preprinted labels of the makers' old forms read as the Hangul labels of later ones."""
    wrong = {label for label, hanja in _LABELS.items() if hangul(hanja) != label}

    assert wrong == OTHER_WORDS


def test_hanja_are_read_character_for_character() -> None:
    """Positions in a text stay where they were; what is not known stays itself."""
    assert hangul("男女 女子 老人 年齡 龘 Dx.") == "남녀 여자 노인 연령 龘 Dx."


@pytest.mark.parametrize(
    ("page", "query"),
    [
        ("일반혈액검사(CBC) 시행", "전혈구검사"),
        ("lab f/u CBC LFT", "일반 혈액 검사"),
        ("일반혈액검사 시행", "cbc"),
        ("Imp) HTN, DM", "고혈압"),
        ("본태성 고혈압", "hypertension"),
        ("chest x-ray 정상", "흉부 엑스선"),
        ("타이레놀정500밀리그람", "아세트아미노펜"),
        ("Acetaminophen 500mg", "타이레놀"),
        ("암로디핀정 5mg", "amlodipine"),
    ],
)
def test_abbreviations_and_drugs_find_each_other(opened: Archive, page: str, query: str) -> None:
    """English, Korean, product and ingredient are writings of one thing."""
    opened.index.add([entry("d-1", ONE, page), entry("d-2", ONE, "처방전 내과 HTNX")])

    assert found(opened.index, query) == ["d-1"]


def test_an_abbreviation_is_a_whole_word_where_it_stands_for_another(opened: Archive) -> None:
    """Who asks for high blood pressure is not given every word that begins with HTN."""
    opened.index.add([entry("d-1", ONE, "HTNX 10"), entry("d-2", ONE, "HTN 10")])

    assert found(opened.index, "고혈압") == ["d-2"]
    assert sorted(found(opened.index, "HTN")) == ["d-1", "d-2"]


def test_an_alias_stands_in_one_group_only() -> None:
    """Nothing is its own other writing, and being another writing goes both ways."""
    for word in ("cbc", "고혈압", "타이레놀", "과거력"):
        assert word not in others(word)
        assert all(word in others(other) for other in others(word))


def test_units_are_spelled_one_way() -> None:
    """밀리그람, 밀리그램 and mg are one unit, spaced or not."""
    assert spelled("500밀리그람") == "500mg"
    assert tokens("500 밀리 그램") == tokens("500 mg")


@pytest.mark.parametrize(
    ("page", "query"),
    [
        ("페렴 의증", "폐렴"),
        ("폐림 의증", "폐렴"),
        ("고헐압 의증", "고혈압"),
        ("진료확인셔 발급", "진료 확인서"),
    ],
)
def test_a_misread_letter_is_forgiven_in_short_words(
    opened: Archive, page: str, query: str
) -> None:
    """Of two syllables either, of three the middle one, may be misread by one letter."""
    opened.index.add([entry("d-1", ONE, page), entry("d-2", ONE, "처방전 내과")])

    assert found(opened.index, query) == ["d-1"]


def test_neighbours_differ_in_one_letter() -> None:
    """Each syllable has 65 neighbours, it is theirs, and a letter or a Latin sign has none."""
    assert len(set(neighbours("혈"))) == 18 + 20 + 27
    assert {"헐", "현", "결"} <= set(neighbours("혈"))
    assert all("혈" in neighbours(near) for near in neighbours("혈"))
    assert neighbours("A") == neighbours("ㄱ") == ()


def test_one_word_of_three_may_be_missing(opened: Archive) -> None:
    """Where no page has all the words, those without one are found; of two none may be missing."""
    opened.index.add([entry("d-two", ONE, "고혈압 내과")])

    (hit,) = opened.index.search("고혈압 내과 당뇨병")
    assert (hit.document_id, hit.score < 1) == ("d-two", True)
    assert found(opened.index, "내과 당뇨병") == []

    opened.index.add([entry("d-all", ONE, "내과 고혈압 당뇨병")])
    assert found(opened.index, "고혈압 내과 당뇨병") == ["d-all"]


def test_words_side_by_side_come_first(opened: Archive) -> None:
    """Of pages with all the words, the one that has them in the order asked for is first."""
    opened.index.add(
        [entry("d-beside", ONE, "내과 진료 확인서"), entry("d-apart", ONE, "확인서 내과 진료")]
    )

    assert found(opened.index, "진료 확인서") == ["d-beside", "d-apart"]


@pytest.fixture(scope="module")
def kiwi() -> KiwiMorphemes:
    return KiwiMorphemes()


@pytest.fixture
def split(tmp_path: Path, kiwi: KiwiMorphemes) -> Iterator[Index]:
    index = Index(tmp_path / "split.db", lambda: bytes(32), kiwi)
    yield index
    index.close()


def test_a_whole_word_comes_before_its_letters(split: Index) -> None:
    """With Kiwi, a page with the word goes before one where its letters only meet."""
    split.add(
        [
            entry("d-word", ONE, "위암 수술을 받은 환자입니다."),
            entry("d-letters", ONE, "단위 암페어를 표시한다."),
        ]
    )

    assert found(split, "위암") == ["d-word", "d-letters"]


def test_with_and_without_morphemes_the_same_is_found(
    split: Index, opened: Archive, tmp_path: Path
) -> None:
    """Kiwi changes the order only; a file is read with it and without it."""
    pages = ["본태성 고혈압 의증", "아목시실린캡슐 투약", "홍은경 님은 위암 수술", "단위 암페어"]
    entries = [entry(f"d-{n}", ONE, page) for n, page in enumerate(pages)]
    split.add(entries)
    opened.index.add(entries)
    without = Index(tmp_path / "split.db", lambda: bytes(32))

    for query in ("고혈압", "혈압", "시실", "은경", "홍은경", "위암", "투"):
        plain = sorted(found(opened.index, query))
        assert sorted(found(split, query)) == plain
        assert sorted(found(without, query)) == plain
    without.close()


def test_morphemes_are_chosen_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """An unknown name is refused; the name of what cuts up text changes with it."""
    assert make_morphemes("none").version != make_morphemes("kiwi").version
    with pytest.raises(SetupError, match="settings_value"):
        make_morphemes("other")


def test_a_snippet_shows_another_writing() -> None:
    """What was found by Hanja or by an alias is what is shown."""
    filler = "내과 외과 " * 50
    assert "診斷書" in snippet(f"{filler} 診斷書 {filler}", "진단서")
    assert "CBC" in snippet(f"{filler} CBC {filler}", "일반혈액검사")
    assert "고혈압" in snippet(f"{filler} 고혈압 {filler} 당뇨", "hypertension")
