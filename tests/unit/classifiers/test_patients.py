"""Documents joined to patients: how sure the join is."""

from classifiers.identity import Identity
from classifiers.patients import Patient, join_patients

NUMBER = "800101-1234560"


def person(sure: float, **said: str) -> Identity:
    """Whom a document names, all of it read equally surely."""
    keys = {"patient_name" if key == "name" else key for key in said}
    return Identity(**said, trust=dict.fromkeys(keys, sure))  # type: ignore[arg-type]


def joined(*documents: Identity) -> tuple[Patient, ...]:
    """The patients of documents that are called by their numbers."""
    return join_patients([(str(n), one) for n, one in enumerate(documents)]).patients


def test_a_join_is_as_sure_as_its_surest_particular_was_read_on_both() -> None:
    """Numbers read with 0.9 and 0.7 join with 0.7; a name and birth read better join better."""
    one, two = person(0.9, resident_number=NUMBER), person(0.7, resident_number=NUMBER)
    (by_number,) = joined(one, two)
    known = {"name": "홍길동", "birth_date": "1980-01-01"}
    (by_name,) = joined(person(0.9, **known), person(0.95, **known))

    assert (by_number.documents, by_number.confidence) == (("0", "1"), 0.7)
    assert (by_name.evidence, by_name.confidence) == (("patient.name_birth",), 0.9)


def test_a_patient_is_as_sure_as_the_least_sure_join() -> None:
    """The third document, read badly, makes the patient less sure; order says nothing."""
    sure, doubted = person(0.95, resident_number=NUMBER), person(0.6, resident_number=NUMBER)

    assert [one.confidence for one in joined(sure, sure, doubted)] == [0.6]
    assert [one.confidence for one in joined(doubted, sure, sure)] == [0.6]


def test_what_speaks_against_it_lessens_a_join() -> None:
    """A chart number alone counts 0.95 at most; beside a name one syllable off, less."""
    alone = person(0.99, chart_no="7")
    one, two = (person(0.99, chart_no="7", name=name) for name in ("홍길동", "홍길둥"))

    assert [found.confidence for found in (*joined(alone, alone), *joined(one, two))] == [
        0.95,
        0.89,
    ]


def test_a_document_of_its_own_is_joined_by_nothing() -> None:
    """There is no confidence where there is no join."""
    assert [one.confidence for one in joined(person(0.9, resident_number=NUMBER))] == [None]
