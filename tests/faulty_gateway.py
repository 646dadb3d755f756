"""A proxy before a real gateway that spoils what passes through it, as networks and servers do.

Bytes go to the real gateway and its own answers come back, unless a fault is ordered. It speaks
only what boto3 and ours say: one request after the other on a connection, bodies of a length.
"""

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from tests.damage import flipped

_LINE_END = b"\r\n\r\n"
_WAIT = 20  # seconds; nothing here waits longer


@dataclass(frozen=True)
class Message:
    """A request or an answer: its head, with the empty line, and its body."""

    head: bytes
    body: bytes

    @property
    def method(self) -> str:
        return self.head.split(b" ", 1)[0].decode()

    @property
    def path(self) -> str:
        return self.head.split(b" ", 2)[1].decode()

    def has(self, header: str) -> bool:
        return f"\r\n{header.lower()}:".encode() in self.head.lower()


class Dropped(Exception):  # noqa: N818  (what the proxy does, not what went wrong with it)
    """The connection is closed without another byte."""


class Exchange:
    """One request on its way: what a fault can do with it."""

    def __init__(self, request: Message, send: Callable[[bytes], None], target: tuple[str, int]):
        self.request = request
        self._send = send
        self._target = target
        self.closed = threading.Event()

    def carried_out(self, request: Message | None = None) -> Message:
        """The real gateway's answer to it, or to another request in its place."""
        request = request or self.request
        with socket.create_connection(self._target, timeout=_WAIT) as upstream:
            upstream.sendall(request.head + request.body)
            return _read_message(upstream.recv, request.method == "HEAD")

    def answer(self, answer: Message) -> None:
        self._send(answer.head + answer.body)

    def send(self, raw: bytes) -> None:
        self._send(raw)


Fault = Callable[[Exchange], None]


def pass_on(exchange: Exchange) -> None:
    """No fault."""
    exchange.answer(exchange.carried_out())


def says(status: str) -> Fault:
    """Answer with an empty body and never ask the gateway."""

    def answer(exchange: Exchange) -> None:
        exchange.send(f"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n".encode())

    return answer


def dropped(_: Exchange) -> None:
    """Close the connection on the request."""
    raise Dropped


def answer_lost(exchange: Exchange) -> None:
    """Carry the request out and close the connection."""
    exchange.carried_out()
    raise Dropped


def failed_afterwards(exchange: Exchange) -> None:
    """Carry the request out and say that it failed."""
    exchange.carried_out()
    says("500 Internal Server Error")(exchange)


def cut_short(exchange: Exchange) -> None:
    """Send half of the answer."""
    answer = exchange.carried_out()
    raw = answer.head + answer.body
    exchange.send(raw[: len(raw) - len(answer.body) // 2 - 1])
    raise Dropped


def not_http(exchange: Exchange) -> None:
    """Answer with what is no HTTP."""
    exchange.send(b"\x00\xff<html>no gateway</html>\r\n\r\n")
    raise Dropped


def changed_there(exchange: Exchange) -> None:
    """Change a bit of the request on its way."""
    exchange.answer(exchange.carried_out(_flipped(exchange.request)))


def changed_back(exchange: Exchange) -> None:
    """Change a bit of the answer on its way."""
    exchange.answer(_flipped(exchange.carried_out()))


def _flipped(message: Message) -> Message:
    return Message(message.head, flipped(message.body) if message.body else b"")


class FaultyGateway:
    """The proxy. `faults` are used up, one by each request that `meant` holds for.

    Attributes:
        narrow: seconds that each 64 KiB of a request take on their way here.
    """

    def __init__(self, gateway: str) -> None:
        parts = urlsplit(gateway)
        self._target = (parts.hostname or "", parts.port or 80)
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.address = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.narrow = 0.0
        self._lock = threading.Lock()
        self._faults: list[Fault] = []
        self._meant: Callable[[Message], bool] = lambda _: True
        self._stopped = threading.Event()
        self.seen: list[Message] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def order(self, meant: Callable[[Message], bool], *faults: Fault) -> None:
        """Spoil the next requests that `meant` holds for, each by one of the faults in turn."""
        with self._lock:
            self._meant, self._faults, self.seen = meant, list(faults), []

    @property
    def left(self) -> int:
        """How many ordered faults have not happened yet."""
        return len(self._faults)

    def close(self) -> None:
        self._stopped.set()
        self._listener.close()

    def _accept(self) -> None:
        while not self._stopped.is_set():
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        client.settimeout(_WAIT)

        def receive(size: int) -> bytes:
            if not self.narrow:
                return client.recv(size)
            time.sleep(self.narrow)
            return client.recv(min(size, 1 << 16))

        with contextlib.suppress(OSError, Dropped), client:
            while not self._stopped.is_set():
                request = _read_message(receive, False, client.sendall)
                self._next_fault(request)(Exchange(request, client.sendall, self._target))

    def _next_fault(self, request: Message) -> Fault:
        with self._lock:
            self.seen.append(request)
            return self._faults.pop(0) if self._faults and self._meant(request) else pass_on


_EXPECT = b"\r\nexpect: 100-continue"


def _read_message(
    receive: Callable[[int], bytes],
    nothing_after: bool,
    go_on: Callable[[bytes], None] | None = None,
) -> Message:
    """Read a request or an answer; who waits to be told to send a body is told to `go_on`."""
    raw = b""
    while _LINE_END not in raw:
        if not (part := receive(65536)):
            raise Dropped
        raw += part
    head, _, body = raw.partition(_LINE_END)
    if go_on and (at := head.lower().find(_EXPECT)) >= 0:
        head = head[:at] + head[at + len(_EXPECT) :]  # not covered by the signature
        go_on(b"HTTP/1.1 100 Continue\r\n\r\n")
    lengths = [
        int(line.split(b":")[1])
        for line in head.lower().split(b"\r\n")
        if line.startswith(b"content-length:")
    ]
    if b"\r\ntransfer-encoding: chunked" in head.lower():
        while not body.endswith(b"0\r\n\r\n"):
            body += receive(65536)
    size = 0 if nothing_after or not lengths else lengths[0]
    while len(body) < size:
        if not (part := receive(1 << 20)):
            raise Dropped
        body += part
    return Message(head + _LINE_END, body)


@contextlib.contextmanager
def faulty_gateway(gateway: str) -> Iterator[FaultyGateway]:
    """A proxy before this gateway, closed afterwards."""
    proxy = FaultyGateway(gateway)
    try:
        yield proxy
    finally:
        proxy.close()
