"""Connections to a bucket that send a request's head together with the first of its body.

Sent apart, as urllib3 does, they cost both sides a call of the system more, and the gateway a wake.
"""

from typing import Any

from urllib3.connection import HTTPConnection, HTTPSConnection


class JoiningHTTP(HTTPConnection):
    """Keeps the first piece of a request back until the second goes with it."""

    _keeps_back = False
    _kept = b""

    def request(self, *args: Any, **named: Any) -> None:
        """Send a request, as urllib3's own."""
        self._keeps_back, self._kept = True, b""
        try:
            super().request(*args, **named)
            if self._kept:
                self.send(b"")
        finally:
            self._keeps_back, self._kept = False, b""

    def send(self, data: Any) -> None:
        """Send, with what was kept back; or keep back."""
        if self._keeps_back:
            self._keeps_back, self._kept = False, bytes(data)
            return
        kept, self._kept = self._kept, b""
        super().send(b"".join((kept, data)) if kept else data)


class JoiningHTTPS(JoiningHTTP, HTTPSConnection):
    """The same over TLS."""
