"""Promises of time stamps: asked of a real authority, checked, made up for, renewed, provable."""

import datetime as dt
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.ledger.audit import audit
from archive.ledger.check_proof import ProofRefused, check_proof, read_proof
from archive.ledger.ledger import Ledger
from archive.ledger.stamping import Stamping
from archive.ledger.stamps import stamp_key
from archive.opening import Archive, open_archive
from archive.timestamp_authority import TimestampAuthority, open_authority
from records.errors import IntegrityError, SetupError, TransientError

from .authority import DAY, Authority, serving
from .conftest import ONE, killed_at, open_at
from .test_proofs import DOCUMENT, ID, proof_of

FAULTS = {
    "hangs up": TransientError,
    "503": TransientError,
    "garbage": IntegrityError,
    "large": IntegrityError,
    "refuses": IntegrityError,
    "other message": IntegrityError,
    "other nonce": IntegrityError,
    "forged": IntegrityError,
    "replays": IntegrityError,
}


@pytest.fixture
def authority() -> Iterator[Authority]:
    with serving(Authority()) as running:
        yield running


def stamping(archive: Archive, authority: Authority, ahead: dt.timedelta | None = None) -> Stamping:
    """The archive's stamps by this authority; `ahead`: as if it were that much later."""
    asks = TimestampAuthority(authority.url, authority.certificates)
    now = dt.datetime.now(dt.UTC) + (ahead or dt.timedelta())
    return Stamping(archive.ledger, asks, lambda: now)


def faults(archive: Archive) -> list[tuple[str, str]]:
    """What the audit of the ledger's files finds."""
    return [(found.subject, found.code) for found in audit(archive.store, None).problems]


def test_a_head_is_stamped(opened: Archive, authority: Authority, tmp_path: Path) -> None:
    """The stamp lies beside its head, has a leaf, and is asked for once however often one looks."""
    proof_of(opened)
    stamps = stamping(opened, authority)
    assert stamps.waiting() == 10

    first, second = stamps.make_up(), stamps.make_up()

    assert (first.heads, first.waiting, first.problems) == (1, 0, ())
    assert second == first
    assert authority.asked == 1
    assert list(opened.ledger.leaves())[-1].kind == "stamp"
    again = open_at(tmp_path)
    assert again.ledger.stamp_sizes() == [10]
    assert stamping(again, authority).state() == first
    assert faults(opened) == []
    assert audit(opened.store, None).unsigned == 0


def test_a_proof_carries_the_stamp(opened: Archive, authority: Authority) -> None:
    """An outsider with the authority's certificate learns since when the document was there."""
    proof_of(opened)
    stamping(opened, authority).make_up()
    proof = opened.ledger.prove("document", ONE, ID)
    stamp = opened.ledger.stamp(10)

    assert check_proof(proof, DOCUMENT).stamped == "unchecked"
    checked = check_proof(proof, DOCUMENT, certificates=authority.certificates)
    assert checked.stamped == "holds"
    at = dt.datetime.fromisoformat(checked.stamped_at)
    assert abs(dt.datetime.now(dt.UTC) - at) < dt.timedelta(minutes=1)
    assert stamp
    assert read_proof(proof).stamp == stamp.response
    with pytest.raises(ProofRefused, match="proof_stamp"):
        check_proof(proof, DOCUMENT, certificates=Authority().certificates)


def test_another_program_believes_the_stamp(
    opened: Archive, authority: Authority, tmp_path: Path
) -> None:
    """OpenSSL checks the stored answer against the stored head, byte for byte as they lie."""
    proof_of(opened)
    stamping(opened, authority).make_up()
    stamp, head = opened.ledger.stamp(10), opened.ledger.head(10)
    assert stamp
    assert head
    for name, raw in (
        ("answer", stamp.response),
        ("head", head.to_bytes()),
        ("ca", authority.certificates),
    ):
        (tmp_path / name).write_bytes(raw)

    done = subprocess.run(
        ["openssl", "ts", "-verify", "-in", "answer", "-data", "head", "-CAfile", "ca"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, "Verification: OK" in done.stdout + done.stderr) == (0, True)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_wrong_answer_is_no_stamp_and_is_made_up(
    opened: Archive, authority: Authority, fault: str
) -> None:
    """Whatever the authority does, nothing false is kept; what waits is stamped when it answers."""
    proof_of(opened)
    asks = TimestampAuthority(authority.url, authority.certificates)
    asks.stamp(b"a question before, whose answer can be replayed")
    stamps = Stamping(opened.ledger, asks)
    authority.fault = fault

    with pytest.raises(FAULTS[fault], match="timestamp_"):
        stamps.make_up()
    assert (stamps.waiting(), opened.ledger.stamp_sizes()) == (10, [])

    authority.fault = ""
    assert (stamps.make_up().waiting, opened.ledger.stamp_sizes()) == (0, [10])


def test_an_authority_that_is_not_there_is_named(opened: Archive) -> None:
    """Where nobody listens, and where it is not one we believe, it is said so."""
    proof_of(opened)
    ours = Authority()
    nobody = TimestampAuthority("http://127.0.0.1:9/", ours.certificates)

    with pytest.raises(TransientError, match="timestamp_unreachable"):
        Stamping(opened.ledger, nobody).make_up()
    with serving(Authority()) as stranger:
        asks = TimestampAuthority(stranger.url, ours.certificates)
        with pytest.raises(IntegrityError, match="timestamp_wrong"):
            Stamping(opened.ledger, asks).make_up()


def test_a_stamp_that_ends_soon_is_renewed(opened: Archive, authority: Authority) -> None:
    """Before a certificate ends a new stamp covers the old one; the proof holds long after."""
    ending = Authority(ends=dt.datetime.now(dt.UTC) + 200 * DAY)
    both = ending.certificates + authority.certificates
    proof_of(opened)
    with serving(ending) as running:
        stamping(opened, running).make_up()
    later = Stamping(
        opened.ledger,
        TimestampAuthority(authority.url, both),
        lambda: dt.datetime.now(dt.UTC) + 30 * DAY,
    )

    state = later.make_up()
    assert (state.heads, authority.asked) == (2, 1)
    assert later.make_up().heads == 2

    proof = opened.ledger.prove("document", ONE, ID)
    in_two_years = dt.datetime.now(dt.UTC) + 700 * DAY
    checked = check_proof(proof, DOCUMENT, certificates=both, at=in_two_years)
    assert checked.stamped == "holds"
    assert check_proof(proof, certificates=both).stamped_at == checked.stamped_at
    alone = opened.ledger.stamp(10)
    assert alone
    assert checked.stamped_at.startswith(f"{dt.datetime.now(dt.UTC):%Y-%m-%d}")
    with pytest.raises(ProofRefused, match="proof_stamp"):
        check_proof(proof, certificates=authority.certificates, at=in_two_years)


def test_a_stamp_that_was_not_renewed_has_ended(opened: Archive, authority: Authority) -> None:
    """A certificate that has ended without a stamp over it is told, by check and by state."""
    proof_of(opened)
    stamping(opened, authority).make_up()
    much_later = 4000 * DAY

    proof = opened.ledger.prove("document", ONE, ID)
    at = dt.datetime.now(dt.UTC) + much_later
    assert check_proof(proof, certificates=authority.certificates, at=at).stamped == "expired"
    state = stamping(opened, authority, much_later).state()
    assert [problem.code for problem in state.problems] == ["stamp_expired"]


def test_a_forged_renewal_is_refused(opened: Archive, authority: Authority) -> None:
    """A renewal that does not lead from the first stamp's leaf to its own head does not count."""
    ending = Authority(ends=dt.datetime.now(dt.UTC) + 200 * DAY)
    both = ending.certificates + authority.certificates
    proof_of(opened)
    with serving(ending) as running:
        stamping(opened, running).make_up()
    Stamping(
        opened.ledger,
        TimestampAuthority(authority.url, both),
        lambda: dt.datetime.now(dt.UTC) + 30 * DAY,
    ).make_up()
    proof = bytearray(opened.ledger.prove("document", ONE, ID))
    (renewal,) = read_proof(bytes(proof)).renewals
    place = bytes(proof).rindex(renewal.path[0])
    proof[place] ^= 1

    with pytest.raises(ProofRefused):
        check_proof(bytes(proof), DOCUMENT, certificates=both)


def test_clocks_that_differ_are_told(opened: Archive, authority: Authority) -> None:
    """The machine's clock against the authority's: the stamp is kept, the difference named."""
    proof_of(opened)
    authority.offset = dt.timedelta(minutes=20)

    state = stamping(opened, authority).make_up()

    assert [problem.code for problem in state.problems] == ["clock_differs"]
    assert opened.ledger.stamp_sizes() == [10]


def test_a_stamper_killed_anywhere_leaves_nothing_half(
    authority: Authority, tmp_path: Path
) -> None:
    """Killed at each system call while a stamp is kept: the next stamping ends in good order."""
    begun = open_at(tmp_path / "begun")
    proof_of(begun)
    head = begun.ledger.sign_head()
    asks = TimestampAuthority(authority.url, authority.certificates)
    response, _ = asks.stamp(head.to_bytes())
    step = 1
    while True:
        folder = tmp_path / str(step)
        shutil.copytree(tmp_path / "begun", folder)
        ledger = open_at(folder).ledger

        def keep(ledger: Ledger = ledger) -> None:
            ledger.keep_stamp(head.size, response)
            ledger.commit_stamp(head.size)

        killed = killed_at(step, keep)

        again = open_at(folder)
        state = Stamping(again.ledger, asks).make_up()
        assert (state.waiting, state.problems) == (0, ())
        assert len([x for x in again.ledger.leaves() if x.kind == "stamp"]) == state.heads
        assert faults(again) == []
        if not killed:
            break
        step += 1
    assert step > 10


def test_a_changed_stamp_is_named(opened: Archive, authority: Authority) -> None:
    """Every changed byte of a stamp, a stamp removed, and one without a head are found."""
    proof_of(opened)
    stamping(opened, authority).make_up()
    key = stamp_key(10)
    raw = opened.store.get(key) or b""
    missed = []
    for place in range(0, len(raw), 5):
        opened.store.put(key, raw[:place] + bytes([raw[place] ^ 4]) + raw[place + 1 :])
        if faults(opened) != [(key, "stamp_damaged")]:
            missed.append(place)
    opened.store.delete(key)
    assert faults(opened) == [(key, "stamp_missing")]
    opened.store.put(key, raw)
    opened.store.put(stamp_key(3), raw.replace(b'"size":10', b'"size":3'))

    assert missed == []
    assert faults(opened) == [(stamp_key(3), "stamp_without_head")]
    state = stamping(opened, authority).state()
    assert [(p.subject, p.code) for p in state.problems] == [("3", "stamp_without_head")]


def test_a_strange_stamp_is_named_and_not_used(opened: Archive, authority: Authority) -> None:
    """Laid where ours would lie, it gets no leaf and is in no proof; removed, all goes on."""
    proof_of(opened)
    with serving(Authority()) as other:
        asks = TimestampAuthority(other.url, other.certificates)
        response, _ = asks.stamp(opened.ledger.sign_head().to_bytes())
    opened.ledger.keep_stamp(10, response)
    stamps = stamping(opened, authority)

    state = stamps.make_up()

    assert [(p.subject, p.code) for p in state.problems] == [("10", "timestamp_wrong")]
    assert (state.heads, state.waiting) == (0, 10)
    assert read_proof(opened.ledger.prove("document", ONE, ID)).stamp == b""
    opened.store.delete(stamp_key(10))
    assert (stamps.make_up().problems, stamps.waiting()) == ((), 0)


@pytest.mark.parametrize(
    ("url", "file", "code"),
    [
        ("ftp://tsa", "ca.pem", "timestamp_url"),
        ("https://tsa", "none.pem", "timestamp_certificates"),
        ("https://tsa", "empty.pem", "timestamp_certificates"),
    ],
)
def test_a_wrong_setting_stops_before_work_starts(
    tmp_path: Path, url: str, file: str, code: str
) -> None:
    """No address of HTTP, no file, or a file without a certificate: the operator is told."""
    (tmp_path / "ca.pem").write_bytes(Authority().certificates)
    (tmp_path / "empty.pem").write_bytes(b"")

    with pytest.raises(SetupError, match=f"^{code}$"):
        open_archive(
            (tmp_path / "store").as_uri(),
            tmp_path / "keys" / "master.key",
            tmp_path / "search.db",
            timestamp_url=url,
            timestamp_certificates=str(tmp_path / file),
        )
    assert open_authority("", "") is None


def test_without_an_authority_nothing_is_asked(opened: Archive) -> None:
    """Where none is configured the ledger goes on without stamps, and says so."""
    proof_of(opened)

    state = opened.stamps.make_up()

    assert (state.configured, state.heads, state.waiting) == (False, 0, 10)
