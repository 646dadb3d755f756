"""The decoding child: it may hang, swell or die, and the next page is decoded all the same."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from intake import sandbox
from intake.limits import Limits
from intake.pages import render
from records.errors import RejectedInput, SetupError
from tests.unit.intake.samples import LIMITS, encoded, page, triaged

PNG = encoded(page(), "PNG")
ROOT = Path(__file__).parents[3]


def child() -> int:
    """Return the process id of the running child."""
    decoder = sandbox._DECODER
    assert decoder._child is not None
    return decoder._child.process.pid


def decode(limits: Limits = LIMITS) -> bytes:
    return render(triaged(PNG).scans[0], PNG, 0, limits).pixels


def test_one_child_serves_many_pages() -> None:
    """The child is started once, not for every page."""
    decode()
    first = child()

    decode()

    assert child() == first


def test_a_page_that_hangs_is_ended() -> None:
    """A child that does not answer in time is killed; the page is refused, the next one read."""
    decode()
    hung = child()
    os.kill(hung, signal.SIGSTOP)

    with pytest.raises(RejectedInput, match="decoding_too_slow"):
        decode(Limits(max_page_seconds=1))

    assert decode() == page().tobytes()
    assert child() != hung


def test_a_child_that_was_killed_is_replaced() -> None:
    """A child lost to the machine costs no page: the call is made once more."""
    decode()
    os.kill(child(), signal.SIGKILL)

    assert decode() == page().tobytes()


def test_a_page_that_kills_every_child_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the second child dies too, it is the page: refused, and the next one read."""
    before = sandbox._Child.__init__

    def doomed(self: sandbox._Child) -> None:
        before(self)
        # The child is stopped once it is ready, so that it dies within the call.
        assert self.connection.poll(60)
        os.kill(self.process.pid, signal.SIGSTOP)
        threading.Timer(0.3, self.process.kill).start()

    sandbox._DECODER._drop()
    with monkeypatch.context() as patch:
        patch.setattr(sandbox._Child, "__init__", doomed)
        with pytest.raises(RejectedInput, match="decoder_crashed"):
            decode()

    assert decode() == page().tobytes()


def test_memory_is_bounded() -> None:
    """The child may not take more than its page's share of memory."""
    decode(Limits(max_pixels=1_000_000))
    limits = Path(f"/proc/{child()}/limits").read_text("ascii")
    space = next(line for line in limits.splitlines() if line.startswith("Max address space"))

    assert int(space.split()[3]) < 2 << 30


def test_the_child_holds_no_secret_and_writes_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """Our environment does not reach the child; it can write neither files nor core dumps."""
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "canary-value")
    sandbox._DECODER._drop()
    decode()

    environment = Path(f"/proc/{child()}/environ").read_bytes()
    limits = Path(f"/proc/{child()}/limits").read_text("ascii")

    assert b"canary" not in environment
    for name in ("Max file size", "Max core file size"):
        line = next(line for line in limits.splitlines() if line.startswith(name))
        assert line.removeprefix(name).split()[:2] == ["0", "0"]


def test_threads_share_the_child() -> None:
    """Two threads that ask at once get each their own page."""
    pages = [page(n * 20) for n in range(6)]
    results: dict[int, bytes] = {}

    def work(n: int) -> None:
        data = encoded(pages[n], "PNG")
        results[n] = render(triaged(data).scans[0], data, 0, LIMITS).pixels

    threads = [threading.Thread(target=work, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert results == {n: image.tobytes() for n, image in enumerate(pages)}


def in_a_new_process(code: str) -> subprocess.CompletedProcess[str]:
    program = textwrap.dedent(code)
    return subprocess.run(
        [sys.executable, "-W", "ignore::DeprecationWarning", "-c", program],
        cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def test_a_forked_process_has_a_child_of_its_own() -> None:
    """After a fork both processes decode, each with its own child, and both end cleanly."""
    done = in_a_new_process("""
        import os, sys
        from tests.unit.intake.test_sandbox import child, decode
        first = decode()
        mine = child()
        pid = os.fork()
        if pid == 0:
            same = decode() == first and child() != mine
            sys.stdout.flush()
            os._exit(0 if same else 1)
        status = os.waitpid(pid, 0)[1]
        assert status == 0
        assert decode() == first and child() == mine
    """)

    assert (done.returncode, done.stderr) == (0, "")


def gone(pid: int) -> Callable[[], bool]:
    def ended() -> bool:
        try:
            state = Path(f"/proc/{pid}/stat").read_text("ascii").rsplit(")", 1)[1].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return True
        return state == "Z"

    return ended


@pytest.mark.parametrize("end", ["pass", "os._exit(3)", "os.kill(os.getpid(), 9)"])
def test_the_child_goes_with_its_parent(end: str) -> None:
    """However the parent ends, no decoder is left behind."""
    done = in_a_new_process(f"""
        import os
        from tests.unit.intake.test_sandbox import child, decode
        decode()
        print(child(), flush=True)
        {end}
    """)

    ended = gone(int(done.stdout))
    waiter = threading.Event()
    assert any(ended() or waiter.wait(0.1) for _ in range(100))


def test_a_decoder_that_cannot_start_is_the_operators_affair(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where the child does not come up, no page is blamed."""
    sandbox._DECODER._drop()
    with monkeypatch.context() as patch:
        patch.setattr(sys, "executable", "/bin/false")
        with pytest.raises(SetupError, match="decoder_not_starting"):
            decode()

    assert decode() == page().tobytes()
