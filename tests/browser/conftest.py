"""The two pages, served as the workbench serves them."""

import http.server
import io
import threading
from collections.abc import Iterator

import pytest
from PIL import Image

from quality.overview_page import render_overview
from quality.report import render
from tests.browser.sample_pages import sample_overview, sample_report
from workbench.headers import HEADERS


@pytest.fixture(scope="session")
def pages() -> dict[str, str]:
    """The pages by name, full of everything that they can show."""
    overview = render_overview(sample_overview(), links=True)
    return {"report": render(sample_report()), "overview": overview}


@pytest.fixture(scope="session")
def site(pages: dict[str, str]) -> Iterator[str]:
    """Address of both pages, with pictures, under the workbench's own headers."""
    picture = io.BytesIO()
    Image.new("L", (120, 168), 246).save(picture, "WEBP")

    class Pages(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = self.path.strip("/").removesuffix(".html")
            if name in pages:
                self._answer(pages[name].encode(), "text/html; charset=utf-8")
            elif name.startswith("thumbnails/"):
                self._answer(picture.getvalue(), "image/webp")
            else:
                self.send_error(204 if name == "favicon.ico" else 404)

        def _answer(self, body: bytes, media: str) -> None:
            self.send_response(200)
            for header, value in (HEADERS | {"Content-Type": media}).items():
                self.send_header(header, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pages) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()
