"""Headless Chromium, spoken to by its DevTools protocol over a pipe: no port, no driver."""

import base64
import contextlib
import json
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
_FLAGS = (
    "--headless=new",
    "--remote-debugging-pipe",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--disable-extensions",
    "--disable-gpu",
    "--disable-sync",
    "--hide-scrollbars",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
)
_LOUD = ("error", "warning")


def find_chromium() -> str | None:
    """Path of the browser; None where there is none."""
    return next((path for name in PROGRAMS if (path := shutil.which(name))), None)


class Tab:
    """One page of the browser.

    Attributes:
        complaints: what the console said loudly, exceptions, and what could not be loaded.
        requests: every address that was asked for.
    """

    def __init__(self, browser: "Chromium", session: str) -> None:
        self._browser, self._session = browser, session
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self._loaded = False

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Call a method of the protocol in this page."""
        return self._browser.call(method, self._session, parameters)

    def load(self, address: str, width: int, height: int = 900, *, dark: bool = False) -> None:
        """Open an address at a window's width, and wait until everything of it is there."""
        self._loaded = False
        self.media("screen", dark=dark)
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )
        self.call("Page.navigate", url=address)
        while not self._loaded:
            self._browser.wait()
        self.evaluate("document.fonts.ready.then(() => true)")

    def media(self, media: str, *, dark: bool = False) -> None:
        """Show the page as on `screen` or on paper (`print`), in light or dark."""
        features = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        self.call("Emulation.setEmulatedMedia", media=media, features=features)

    def evaluate(self, script: str) -> Any:
        """Value of an expression in the page, awaited; the page's own policy is set aside."""
        answer = self.call(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True
        )
        if "exceptionDetails" in answer:
            raise AssertionError(answer["exceptionDetails"]["exception"].get("description"))
        return answer["result"].get("value")

    def pdf(self) -> bytes:
        """The page as it is printed, on the paper that its style asks for."""
        self.media("print")
        answer = self.call("Page.printToPDF", preferCSSPageSize=True, printBackground=True)
        return base64.b64decode(answer["data"])

    def picture(self) -> bytes:
        """The whole page as PNG."""
        answer = self.call("Page.captureScreenshot", captureBeyondViewport=True)
        return base64.b64decode(answer["data"])

    def told(self, method: str, about: dict[str, Any]) -> None:
        """Heed an event."""
        match method:
            case "Page.loadEventFired":
                self._loaded = True
            case "Network.requestWillBeSent":
                self.requests.append(about["request"]["url"])
            case "Log.entryAdded" if about["entry"]["level"] in _LOUD:
                self.complaints.append(f"{about['entry']['text']} {about['entry'].get('url', '')}")
            case "Runtime.consoleAPICalled" if about["type"] in _LOUD:
                self.complaints.append(str(about["args"]))
            case "Runtime.exceptionThrown":
                self.complaints.append(str(about["exceptionDetails"]))


class Chromium:
    """The running browser; calls are answered one after the other."""

    def __init__(self, program: str, profile: Path) -> None:
        told, tell = os.pipe()
        hear, heard = os.pipe()
        # As root, inside a container, there is no other sandbox to be had.
        flags = [*_FLAGS, f"--user-data-dir={profile}", *(["--no-sandbox"] * (os.geteuid() == 0))]
        self._process = subprocess.Popen(
            ["bash", "-c", f'exec "$@" 3<&{told} 4>&{heard}', "bash", program, *flags],
            pass_fds=(told, heard),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=os.environ | {"HOME": str(profile)},
            start_new_session=True,
        )
        os.close(told)
        os.close(heard)
        self._out, self._in = os.fdopen(tell, "wb"), os.fdopen(hear, "rb")
        self._rest, self._number = b"", 0
        self._tabs: dict[str, Tab] = {}
        self._answers: dict[int, dict[str, Any]] = {}

    def tab(self) -> Tab:
        """A new page."""
        target = self.call("Target.createTarget", "", {"url": "about:blank"})["targetId"]
        attached = self.call("Target.attachToTarget", "", {"targetId": target, "flatten": True})
        tab = self._tabs[attached["sessionId"]] = Tab(self, attached["sessionId"])
        for domain in ("Page", "Runtime", "Log", "Network"):
            tab.call(f"{domain}.enable")
        return tab

    def call(self, method: str, session: str, parameters: dict[str, Any]) -> dict[str, Any]:
        """Call a method and wait for its answer."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        self._out.write(json.dumps(message).encode() + b"\0")
        self._out.flush()
        while self._number not in self._answers:
            self.wait()
        answer = self._answers.pop(self._number)
        if "error" in answer:
            raise AssertionError(f"{method}: {answer['error']}")
        return dict(answer["result"])

    def wait(self) -> None:
        """Wait for something to be said, and heed it."""
        while b"\0" not in self._rest:
            more = os.read(self._in.fileno(), 1 << 20)
            if not more:
                raise AssertionError("the browser went away")
            self._rest += more
        raw, self._rest = self._rest.split(b"\0", 1)
        message = json.loads(raw)
        if "id" in message:
            self._answers[message["id"]] = message
        elif tab := self._tabs.get(message.get("sessionId", "")):
            tab.told(message["method"], message["params"])

    def stop(self) -> None:
        """End the browser and all of its processes."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._out.close()
        self._in.close()


@contextlib.contextmanager
def chromium(program: str, profile: Path) -> Iterator[Chromium]:
    """A running browser with an empty profile."""
    browser = Chromium(program, profile)
    try:
        yield browser
    finally:
        browser.stop()
