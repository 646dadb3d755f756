"""A request's head goes to the socket together with the first piece of its body."""

from collections.abc import Iterable

import pytest

from archive.vault.s3_connections import JoiningHTTP

HEAD = b"PUT /k HTTP/1.1\r\nHost: s\r\nAccept-Encoding: identity\r\nUser-Agent: t\r\n"


class Socket:
    """Notes what it is given at once."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []

    def settimeout(self, _: float | None) -> None:
        """Nothing."""

    def sendall(self, data: bytes) -> None:
        """Note."""
        self.sent.append(bytes(data))


@pytest.mark.parametrize(
    ("body", "rest"),
    [
        (None, [b""]),
        (b"", [b""]),
        (memoryview(b"abc"), [b"abc"]),
        ([b"abc", memoryview(b"de"), b"f"], [b"abc", b"de", b"f"]),
    ],
)
def test_head_and_first_piece_are_one(
    body: bytes | memoryview | Iterable[bytes] | None, rest: list[bytes]
) -> None:
    """Also of a second request on the same connection, and where there is no body."""
    connection, socket = JoiningHTTP("s"), Socket()
    connection.sock = socket
    headers = {"User-Agent": "t", "Content-Length": str(sum(map(len, rest)))}
    length = f"Content-Length: {headers['Content-Length']}\r\n\r\n".encode()

    for _ in range(2):
        connection.request("PUT", "/k", body=body, headers=headers)
        connection._HTTPConnection__state = "Idle"  # type: ignore[attr-defined]

    assert socket.sent == [HEAD + length + rest[0], *rest[1:]] * 2
