"""Names of institutions: tolerant of misreading, not of another clinic of the same trade."""

import pytest

from quality.institution_name import same_institution


@pytest.mark.parametrize(
    ("printed", "delivered", "same"),
    [
        ("한빛내과의원", "한빛내과의원", True),
        ("한 빛 내 과 의 원", "한빛내과의원", True),
        ("한빛내과의윈", "한빛내과의원", True),
        ("한밫내과의원", "한빛내과의원", True),
        ("의료법인 한빛의료재단 한빛내과", "한빛내과의원", True),
        ("새봄내과의원", "한빛내과의원", False),
        ("새봄정형외과의원", "한빛내과의원", False),
        ("새벽하늘이비인후과의원", "새솔외과의원", False),
        ("하늘내과의원", "새하늘이비인후과의원", False),
        ("새하늘의원", "하늘내과의원", True),
        ("가톨릭대학교부속병원", "한빛내과의원", False),
        ("내과의원", "내과의원", True),
        ("치과의원", "내과", False),
    ],
)
def test_same_institution(printed: str, delivered: str, same: bool) -> None:
    """What nearly every name shares (내과, 의원) does not count; a misread is forgiven."""
    assert same_institution(printed, delivered) is same
