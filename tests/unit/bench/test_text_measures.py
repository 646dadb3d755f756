"""The arithmetic of `make bench-reading` on texts small enough to count by hand."""

import pytest

from bench.text_measures import Count, f1, printed_values, score_text, total


def test_same_text_has_no_errors() -> None:
    """A text read as printed has no error of any sort and every word."""
    score = score_text("성명 홍길동\n나이 35", "성명 홍길동\n나이 35\n\f")

    assert (score.errors, score.errors_spaced, score.bag_errors) == (
        Count(0, 9),
        Count(0, 12),
        Count(0, 9),
    )
    assert (score.words_found, score.words_right) == (Count(4, 4), Count(4, 4))


def test_spaces_count_only_where_they_are_kept() -> None:
    """A word torn apart is an error with spaces, none without, and a word not found."""
    score = score_text("감사하다 병원", "감사 하다 병원")

    assert score.errors.hits == 0
    assert score.errors_spaced == Count(1, 7)
    assert score.words_found == Count(1, 2)
    assert score.words_right == Count(1, 3)


def test_each_edit_counts_once() -> None:
    """A letter put in, one left out and one misread are three errors, of the printed letters."""
    assert score_text("abcdefgh", "xabdefgy").errors == Count(3, 8)


def test_order_is_an_error_but_not_in_the_bag() -> None:
    """Two columns read in the other order are errors; regardless of order nothing is wrong."""
    score = score_text("가나다 라마바", "라마바 가나다")

    assert score.errors.hits > 0
    assert score.bag_errors.hits == 0
    assert score.words_found == Count(2, 2)


@pytest.mark.parametrize(
    ("truth", "read"),
    [("aabbc", "abcd"), ("abc", ""), ("", "abc"), ("ab", "babab"), ("진단", "전딘")],
)
def test_bag_is_a_lower_bound(truth: str, read: str) -> None:
    """No order could save more: errors regardless of order are never above errors in order."""
    score = score_text(truth, read)

    assert 0 < score.bag_errors.hits <= score.errors.hits


def test_letters_are_compared_as_they_are() -> None:
    """Case, full-width signs and composed letters count: nothing is normalised."""
    assert score_text("HbA1c (가)", "Hba1C \uff08가\uff09").errors.hits == 4
    assert score_text("가", "\u1100\u1161").errors.hits == 2


def test_values_are_known_by_their_print() -> None:
    """Each class of value is found in each of its printed forms, and look-alikes are not."""
    truth = "\n".join(
        (
            "주민등록번호 910118-2760515 교부번호 20191016-00045",
            "2019-03-05 2019.03.05 2019. 3. 5. 2019/03/05 2019년 3월 5일",
            "M54.5 I10 J209 HbA1c AA156 T3 1101234",
            "12,330 1,234,567 500 2024-0335",
        )
    )
    values = printed_values(truth, "홍 길동")

    assert values["resident_number"] == {"910118-2760515": 1}
    assert values["date"] == {
        "2019-03-05": 1,
        "2019.03.05": 1,
        "2019.3.5": 1,
        "2019/03/05": 1,
        "2019년3월5일": 1,
    }
    assert values["disease_code"] == {"M54.5": 1, "I10": 1, "J209": 1}
    assert values["amount"] == {"12,330": 1, "1,234,567": 1}
    assert values["patient_name"] == {"홍길동": 0}


def test_exact_values_are_counted_as_multisets() -> None:
    """A value printed twice and read once is half found; spaces within it do no harm."""
    score = score_text(
        "홍길동 20,000 20,000 M54.5\n홍길동", "홍 길 동 20,0 00 M54 .6 홍길동 홍길동", "홍길동"
    )

    assert score.exact["amount"] == Count(1, 2)
    assert score.exact["disease_code"] == Count(0, 1)
    assert score.exact["patient_name"] == Count(2, 2)
    assert score.exact["resident_number"] == Count(0, 0)


def test_shares_of_pages_add_up_before_they_are_divided() -> None:
    """A page of one letter weighs as one letter of a longer page; nothing has no share."""
    assert total((Count(1, 1), Count(0, 99))).share == 0.01
    assert total(()).share is None
    assert f1(0.5, 1.0) == pytest.approx(2 / 3)
    assert f1(None, 1.0) is None
