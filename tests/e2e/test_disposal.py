"""Two persons dispose of records through a real Airflow, each signed in as who they are."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.house import House
from tests.e2e.person import Person, airflow
from tests.makers.delivery import make_delivery

pytestmark = [pytest.mark.airflow, pytest.mark.e2e]

AGREE = "폐기 동의 / Agree"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house with two sites that holds a clinic closed long ago, and its own Airflow."""
    folder = tmp_path_factory.mktemp("disposal")
    house = House(folder / "home", {"GIROKSIL_REPLICA_URL": (folder / "second").as_uri()})
    status, out, err = house.run("digitize", "--here", str(_long_ago(folder)))
    assert status == 0, (out, err)
    assert house.run("replicate")[0] == 0
    airflow(house, "start", "--port", "18481")
    try:
        yield house
    finally:
        airflow(house, "stop")


def _long_ago(folder: Path) -> Path:
    """The tables of a made-up delivery, every day of them in 2009, the clinic closed in 2010."""
    make_delivery(folder / "made", seed=11, size="small")
    box = folder / "box"
    (box / "emr").mkdir(parents=True)
    about = (folder / "made" / "delivery.yaml").read_text("utf-8")
    for new, old in (("2001-", "2009-"), ("2010-", "2025-"), ("owner", "health_centre")):
        assert old in about
        about = about.replace(old, new)
    (box / "delivery.yaml").write_text(about, "utf-8")
    for table in (folder / "made" / "emr").iterdir():
        (box / "emr" / table.name).write_bytes(table.read_bytes().replace(b",2019-", b",2009-"))
    return box


def test_one_person_is_not_two(house: House) -> None:
    """Answered twice from one account, the run fails and everything still opens."""
    operator = Person(house, "operator")
    assert _agree(house, first=operator, second=operator) == "failed"
    assert _documents(house)
    assert house.run("verify")[0] == 0


def test_two_persons_dispose(house: House) -> None:
    """Answered from two accounts: gone from both sites, certified, and the archive is true."""
    operator, steward = Person(house, "operator"), Person(house, "steward")
    documents = _documents(house)
    assert _agree(house, first=operator, second=steward) == "success"
    assert documents
    assert _documents(house) == []
    for command in ("verify", "replicate"):
        status, out, err = house.run(command)
        assert status == 0, (out, err)
    second = Path(house.settings["GIROKSIL_REPLICA_URL"].removeprefix("file://"))
    left = [path for path in (*house.home.rglob("*"), *second.rglob("*")) if path.is_file()]
    for document in documents:
        named = [path for path in left if path.name.startswith(document)]
        assert {path.parent.parent.name for path in named} == {"records", "disposed"}
        assert not any(b"wrapped_key" in path.read_bytes() for path in named)


def _agree(house: House, *, first: Person, second: Person) -> str:
    """Start a disposal, let two persons agree to it when asked, and return how the run ended."""
    who = {"ask_first": first, "ask_second": second}

    def heed(asked: dict[str, Any]) -> None:
        who[asked["task_id"]].answer(asked, AGREE, reason="만료")

    run = first.start("dispose_records", {"institution": _institution(house)})
    return first.wait("dispose_records", run, heed)


def _institution(house: House) -> str:
    return next(path.name for path in (house.home / "store").iterdir() if path.name.isdigit())


def _documents(house: House) -> list[str]:
    line = ("retention", "list", "--all", "--json", "--institution", _institution(house))
    status, out, err = house.run(*line)
    assert status == 0, (out, err)
    return [json.loads(line)["document"]["id"] for line in out.splitlines()]
