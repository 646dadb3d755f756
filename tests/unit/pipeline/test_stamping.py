"""Promises of stamping in the line: a seal never waits, and never hides, a missing stamp."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.hash_renewal import HashRenewing
from archive.vault.names import ObjectName
from pipeline.assembly import Workshop
from pipeline.command_line import main
from pipeline.stamping import renew_hashes, stamp_heads, stamp_seal
from records.errors import IntegrityError, TransientError
from records.settings import Settings
from tests.unit.archive.authority import Authority, serving
from tests.unit.archive.conftest import tmp_path  # noqa: F401  (in memory)

from .test_rebuild import CODE

DOCUMENT = b"a document"


@pytest.fixture
def authority() -> Iterator[Authority]:
    with serving(Authority()) as running:
        yield running


@pytest.fixture
def workshop(tmp_path: Path, authority: Authority) -> Workshop:  # noqa: F811
    """A house with an authority, and one access in its ledger."""
    certificates = tmp_path / "authority.pem"
    certificates.write_bytes(authority.certificates)
    settings = Settings(
        home=str(tmp_path), timestamp_url=authority.url, timestamp_certificates=str(certificates)
    )
    workshop = Workshop(settings)
    workshop.archive.access.record(CODE, "auditor", "127.0.0.1", "view", "시험")
    return workshop


def test_a_seal_is_stamped(workshop: Workshop) -> None:
    """Nothing waits after a seal, and the same seal again asks for nothing more."""
    assert stamp_seal(workshop) == {"unstamped": 0}
    assert stamp_seal(workshop) == {"unstamped": 0}
    assert workshop.archive.ledger.stamp_sizes() == [1]


@pytest.mark.parametrize("fault", ["hangs up", "503", "garbage", "forged", "other nonce"])
def test_a_seal_goes_on_without_its_stamp_and_says_so(
    workshop: Workshop, authority: Authority, fault: str, caplog: pytest.LogCaptureFixture
) -> None:
    """The authority fails: the seal stands, the receipt counts what waits, the log names it."""
    authority.fault = fault
    with caplog.at_level(logging.WARNING):
        assert stamp_seal(workshop) == {"unstamped": 1}
    assert "stamp_missing code=timestamp_" in caplog.text
    with pytest.raises((TransientError, IntegrityError), match="timestamp_"):
        stamp_heads(workshop)

    authority.fault = ""
    assert stamp_heads(workshop).counts == {"stamped": 1, "unstamped": 0}


def test_a_damaged_ledger_is_not_taken_for_a_missing_stamp(workshop: Workshop) -> None:
    """What is wrong with the ledger itself stops the seal."""
    workshop.archive.store.put("ledger/segments/00000001", b"{}")

    with pytest.raises(IntegrityError, match="segment_damaged"):
        stamp_seal(workshop)


def test_where_no_authority_is_configured_nothing_is_said(tmp_path: Path) -> None:  # noqa: F811
    """A house without an authority seals as before; its DAG has nothing to do."""
    workshop = Workshop(Settings(home=str(tmp_path)))

    assert stamp_seal(workshop) == {}
    assert stamp_heads(workshop).counts == {"stamped": 0, "unstamped": 0}
    assert renew_hashes(workshop).counts == {"renewed": 0, "waiting": 0}


def test_stamps_that_do_not_hold_fail_the_run(workshop: Workshop) -> None:
    """A stamp that another authority's answer replaced is found by the next run."""
    stamp_seal(workshop)
    other = Workshop(workshop.settings).archive
    other.store.put("ledger/stamps/000000000001", b"{}")

    with pytest.raises(IntegrityError, match="stamp_damaged"):
        stamp_heads(Workshop(workshop.settings))


def test_hashes_that_cannot_be_renewed_fail_the_run(workshop: Workshop) -> None:
    """What does not open is told in every run until it is mended and hashed anew."""
    assert renew_hashes(workshop).counts == {"renewed": 1, "waiting": 0}
    vault = workshop.vault(CODE)
    late = workshop.archive.access.record(CODE, "auditor", "127.0.0.1", "view", "시험")
    name = ObjectName(CODE, "access", late.id)
    blob = name.blob(vault.stored("access", late.id).ciphertext_sha256)
    good = workshop.archive.store.get(blob) or b""
    workshop.archive.store.delete(blob)
    for _ in range(2):
        with pytest.raises(IntegrityError, match="renewal_incomplete 1"):
            renew_hashes(workshop)

    workshop.archive.store.put(blob, good)
    HashRenewing(workshop.archive).renew(everything=True)
    assert renew_hashes(workshop).counts == {"renewed": 0, "waiting": 0}


def test_an_outsider_checks_with_the_commands(
    workshop: Workshop,
    tmp_path: Path,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Head, stamp, proof and proof of growth, from the archive's command line to the checker's."""
    settings = workshop.settings
    monkeypatch.setenv("GIROKSIL_HOME", settings.home)
    monkeypatch.setenv("GIROKSIL_TIMESTAMP_URL", settings.timestamp_url)
    monkeypatch.setenv("GIROKSIL_TIMESTAMP_CERTIFICATES", settings.timestamp_certificates)
    stored = workshop.vault(CODE).put("seal", "e-1", DOCUMENT)
    leaf = stored.kind, CODE, "", stored.id, stored.commitment
    archive = workshop.archive
    archive.ledger.append([type(next(iter(archive.ledger.leaves())))(*leaf)])
    proof, head, grown, file = (str(tmp_path / name) for name in "phgf")
    Path(file).write_bytes(DOCUMENT)

    assert main(["stamp"]) == 0
    assert main(["stamp", "--look", "--json"]) == 0
    assert main(["head", "--size", "2", "--to", head]) == 0
    assert main(["prove", "e-1", "--to", proof, "--head", head]) == 0
    archive.access.record(CODE, "auditor", "127.0.0.1", "view", "시험")
    assert main(["head"]) == 0
    assert main(["prove", "--extends", head, "--to", grown]) == 0
    capsys.readouterr()
    check = ["check-proof", proof, "--document", file, "--head", head, "--json"]
    assert main([*check, "--certificates", settings.timestamp_certificates]) == 0
    assert json.loads(capsys.readouterr().out)["stamped"] == "holds"
    assert main(["check-proof", grown, "--head", head]) == 0
    assert main(["check-proof", grown]) == 65
    assert main(["check-proof", proof, "--document", head]) == 66
    assert main(["check-proof", head]) == 66
    assert main(["prove", "e-1", "--to", proof, "--head", file]) == 65
    assert main(["head", "--size", "99"]) == 66

    beyond = ["check-proof", proof, "--document", file, "--sha256-broken"]
    beyond += ["--certificates", settings.timestamp_certificates]
    assert main(["prove", "e-1", "--to", proof]) == 0
    assert main(beyond) == 66
    assert main(["renew-hashes"]) == 0
    assert main(["renew-hashes", "--look", "--json"]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["state"]["waiting"] == 0
    assert main(["prove", "e-1", "--to", proof]) == 0
    assert main(beyond) == 0
    assert "holds sha512" in capsys.readouterr().out


def test_verify_finds_a_log_that_was_rolled_back(
    workshop: Workshop,
    tmp_path: Path,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The store of yesterday agrees with itself; held against a published head it is named."""
    monkeypatch.setenv("GIROKSIL_HOME", workshop.settings.home)
    workshop.archive.access.record(CODE, "auditor", "127.0.0.1", "view", "시험")
    head = tmp_path / "head"
    assert main(["head", "--to", str(head)]) == 0
    assert main(["verify", "--head", str(head)]) == 0
    store = workshop.archive.store
    last = list(workshop.archive.ledger.leaves())[-1]
    for key in ("ledger/segments/00000001", "ledger/heads/000000000002"):
        store.delete(key)
    for key in list(store.list(f"{CODE}/")):
        if last.id in key:
            store.delete(key)

    assert main(["verify"]) == 0
    assert main(["verify", "--head", str(head), "--json"]) == 1
    report = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert [problem["code"] for problem in report["problems"]] == ["ledger_truncated"]
