"""What a steward can see in the workbench, and what nobody can."""

import html
import re
from pathlib import Path
from urllib.parse import quote, urljoin

import pytest
from fastapi.routing import APIRoute

from pipeline.assembly import Workshop
from pipeline.outcomes import Outcomes
from pipeline.running import digitize_here
from pipeline.sampling import draw_sample
from pipeline.stages import register
from records.ids import derive_id
from records.reasons import load_reasons
from records.settings import Settings
from tests.unit.workbench.conftest import RUN, House, TestClient, make_delivery, steward, workbench
from workbench.app import make_app
from workbench.headers import HEADERS

UNKNOWN_BATCH = derive_id("b", "nowhere")
UNKNOWN_PAGE = derive_id("p", "nowhere")
TD = r"<td.*?</td>"
RUN_ADDRESS = "/runs/" + "/".join(quote(part, safe="") for part in RUN)


@pytest.fixture
def browser(house: House) -> TestClient:
    """A steward at the workbench."""
    return steward(workbench(house))


def thumbnails(house: House) -> list[str]:
    """Ids of the pages that have a picture."""
    return list(house.workshop.vault("31234567").ids("thumbnail"))


def says(body: str, code: str) -> bool:
    """Whether a page gives a reason in both languages."""
    reason = load_reasons()[code]
    return all(str(html.escape(reason.text(language))) in body for language in ("ko", "en"))


def test_every_route_is_closed_to_strangers(house: House, tmp_path: Path) -> None:
    """Whoever is not logged in gets 401 and a page that says so, on every route there is."""
    house = house.copy(tmp_path / "home")
    app = workbench(house)
    stranger = TestClient(app, follow_redirects=False)
    values = {
        "batch": house.batch,
        "page": thumbnails(house)[0],
        "path": "index.html",
        "dag_id": RUN[0],
        "run_id": RUN[1],
        "document": held(house),
        "item": draw_sample(house.workshop, house.batch).sample.items[0].id,
    }
    before = list(house.workshop.archive.access.entries("31234567"))

    # A mounted app or a static folder would not have the dependency that asks who it is.
    routes = [route for route in app.routes if isinstance(route, APIRoute)]
    assert routes == app.routes
    for route in routes:
        assert route.methods == {"GET"}
        answer = stranger.get(route.path_format.format(**values))
        assert answer.status_code == 401, route.path
        assert answer.headers["www-authenticate"] == "Bearer"
        assert says(answer.text, "log_in_first")
        assert steward(app).get(route.path_format.format(**values)).status_code in (200, 307)
    known = {entry.id for entry in before}
    new = [x for x in house.workshop.archive.access.entries("31234567") if x.id not in known]
    assert [entry.who for entry in new] == ["kim"] * 3


def held(house: House) -> str:
    """The one document that is held."""
    return Outcomes(house.workshop.work(house.batch)).by_outcome()["held"][0]


def test_a_look_before_deciding_shows_all_and_is_logged(house: House, tmp_path: Path) -> None:
    """Kind, reasons, values, text and picture stand on one page; who looked is kept."""
    house = house.copy(tmp_path / "home")
    items = draw_sample(house.workshop, house.batch).sample.items
    browser = steward(workbench(house))

    document = browser.get(f"/batches/{house.batch}/held/{held(house)}").text
    pages = [browser.get(f"/batches/{house.batch}/sample/{item.id}").text for item in items]

    assert says(document, "document_no_record")
    assert "fee_receipt" in document, "codes of kinds, to answer with"
    assert any(house.patient in page for page in pages), "opened by an authorized person"
    address = f"/batches/{house.batch}/held/{held(house)}"
    (picture, *_) = re.findall(r'<img src="([^"]+)"', document)
    assert browser.get(urljoin(address, picture)).headers["content-type"] == "image/webp"
    looks = [entry.what for entry in house.workshop.archive.access.entries("31234567")]
    assert looks.count("review") == 1
    assert looks.count("sample") == len(items)


def test_who_scanned_is_shown_nothing_to_decide(tmp_path: Path) -> None:
    """The person whom the delivery names as its scanner gets a reason, and no page."""
    delivery = Path(make_delivery(tmp_path / "own", "brochure"))
    with (delivery / "delivery.yaml").open("a", encoding="utf-8") as file:
        file.write("scanned: {by: kim}\n")
    workshop = Workshop(Settings(home=str(tmp_path / "home")))
    batch = digitize_here(workshop, str(delivery), lambda *_: None, 1).batch
    own = House(workshop, batch, "")
    item = draw_sample(workshop, batch).sample.items[0].id
    browser = steward(workbench(own))

    for address in (f"held/{held(own)}", f"sample/{item}"):
        answer = browser.get(f"/batches/{batch}/{address}")
        assert answer.status_code == 404
        assert says(answer.text, "inspector_scanned_it")
    assert list(workshop.archive.access.entries("31234567")) == []


def test_nothing_describes_the_workbench_to_strangers(house: House) -> None:
    """No schema and no documentation pages are served."""
    stranger = TestClient(workbench(house))

    assert [stranger.get(x).status_code for x in ("/docs", "/redoc", "/openapi.json")] == [404] * 3


def rows(body: str) -> list[list[str]]:
    """The cells of the list of batches, as text."""
    return [
        [" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in re.findall(TD, row, re.DOTALL)]
        for row in re.findall(r"<tr>(.*?)</tr>", body, re.DOTALL)[1:]
    ]


def test_the_list_shows_each_batch_with_its_counts(house: House, browser: TestClient) -> None:
    """A row tells id, institution, counts and seal in both languages, and leads to the report."""
    body = browser.get("/").text

    counts = ["3", "4", "3", "2", "1", "0"]
    assert rows(body) == [[house.batch, "31234567", *counts, "봉인됨 Sealed"]]
    links = [urljoin("/", link) for link in re.findall(r'href="([^"]+)"', body)]
    assert links == ["/overview", f"/batches/{house.batch}/report.html"]


def test_the_newest_batch_stands_first(house: House, tmp_path: Path) -> None:
    """A batch that was only just registered is on top; what is not known of it is not counted."""
    copy = house.copy(tmp_path / "home")
    newer = [
        register(copy.workshop, make_delivery(tmp_path / name, "blank")).batch for name in "ab"
    ]

    body = steward(workbench(copy)).get("/").text

    assert [row[0] for row in rows(body)] == [*reversed(newer), house.batch]
    assert rows(body)[0][2:] == ["1", "4", "–", "–", "–", "–", "봉인 전 Not sealed yet"]


def test_an_empty_house_says_so(tmp_path: Path) -> None:
    """Without batches the page says what to do, in both languages."""
    empty = House(Workshop(Settings(home=str(tmp_path))), "", "")

    body = steward(workbench(empty)).get("/").text

    assert "<table" not in body
    assert "아직 배치가 없습니다" in body
    assert "There are no batches yet" in body


def test_a_batch_without_a_report_has_no_link(house: House, tmp_path: Path) -> None:
    """Before the report is written its row is no link, and its address says to come back."""
    copy = house.copy(tmp_path / "home")
    (copy.workshop.settings.reports / house.batch / "report.html").unlink()
    browser = steward(workbench(copy))

    assert f"{house.batch}/report.html" not in browser.get("/").text
    answer = browser.get(f"/batches/{house.batch}/report.html")
    assert answer.status_code == 404
    assert says(answer.text, "report_not_written")


def test_the_report_is_what_is_on_disk_and_its_pictures_resolve(
    house: House, browser: TestClient
) -> None:
    """The report comes byte for byte, and every link and image in it leads to something."""
    address = f"/batches/{house.batch}/report.html"

    answer = browser.get(address)

    file = house.workshop.settings.reports / house.batch / "report.html"
    assert answer.content == file.read_bytes()
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    named = re.findall(r'(?:src|href)="(?!#)([^"]+)"', answer.text)
    assert any(name.startswith("thumbnails/") for name in named)
    assert {browser.get(urljoin(address, name)).status_code for name in named} == {200}


def test_data_docs_lead_on(house: House, browser: TestClient) -> None:
    """The Data Docs open, and so does every page they link to."""
    address = f"/batches/{house.batch}/data_docs/index.html"
    named = re.findall(r'href="([^"#]+)"', browser.get(address).text)

    assert named
    assert {browser.get(urljoin(address, name)).status_code for name in named} == {200}


def test_a_thumbnail_is_the_vaults_and_is_logged(house: House, browser: TestClient) -> None:
    """A picture comes out of the vault unchanged; who saw it, from where and why is kept."""
    page = thumbnails(house)[0]
    known = {entry.id for entry in house.workshop.archive.access.entries("31234567")}

    answer = browser.get(f"/batches/{house.batch}/thumbnails/{page}.webp")

    assert answer.headers["content-type"] == "image/webp"
    assert answer.content == house.workshop.vault("31234567").get("thumbnail", page)
    entries = house.workshop.archive.access.entries("31234567")
    (entry,) = (entry for entry in entries if entry.id not in known)
    assert (entry.who, entry.where, entry.why) == ("kim", "testclient", "workbench")
    leaves = {leaf.id for leaf in house.workshop.archive.ledger.leaves() if leaf.kind == "access"}
    assert entry.id in leaves


def test_a_thumbnail_is_logged_before_it_is_opened(
    house: House, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A picture that turns out damaged was logged all the same; the reader is told, in words."""
    copy = house.copy(tmp_path / "home")
    page = thumbnails(copy)[0]
    (blob,) = (tmp_path / "home" / "store").rglob(f"objects/thumbnail/*/{page}.*")
    blob.write_bytes(bytes(len(blob.read_bytes())))
    known = {entry.id for entry in copy.workshop.archive.access.entries("31234567")}

    answer = steward(workbench(copy)).get(f"/batches/{copy.batch}/thumbnails/{page}.webp")

    assert answer.status_code == 500
    assert not answer.content.startswith(b"RIFF")
    entries = copy.workshop.archive.access.entries("31234567")
    assert [entry.who for entry in entries if entry.id not in known] == ["kim"]
    assert f"subject={page}" in caplog.text


@pytest.mark.parametrize(
    "path",
    [
        "%2e%2e/report.html",
        "..%2freport.html",
        "validations/%2e%2e/%2e%2e/report.html",
        "%2e%2e/%2e%2e/%2e%2e/keys/master.key",
        "%2fetc/passwd",
        "/etc/passwd",
        "way-out/master.key",
        "index.html%00",
        "validations",
        "",
        "missing.html",
    ],
)
def test_data_docs_lead_nowhere_else(house: House, tmp_path: Path, path: str) -> None:
    """No path below the Data Docs, however written, reaches a file outside of them."""
    copy = house.copy(tmp_path / "home")
    docs = copy.workshop.settings.reports / copy.batch / "data_docs"
    (docs / "way-out").symlink_to(tmp_path / "home" / "keys")
    assert (docs / "way-out" / "master.key").is_file()

    answer = steward(workbench(copy)).get(f"/batches/{copy.batch}/data_docs/{path}")

    assert answer.status_code == 404
    assert says(answer.text, "page_not_here")


@pytest.mark.parametrize(
    "address",
    [
        "/nothing",
        f"/batches/{UNKNOWN_BATCH}/report.html",
        "/batches/b-short/report.html",
        "/batches/%2e%2e/report.html",
        f"/batches/{UNKNOWN_BATCH}/data_docs/index.html",
        "/batches/%2e%2e/data_docs/index.html",
        f"/batches/{UNKNOWN_BATCH}/thumbnails/{UNKNOWN_PAGE}.webp",
        f"/batches/BATCH/thumbnails/{UNKNOWN_PAGE}.webp",
        "/batches/BATCH/thumbnails/%2e%2e.webp",
        "/batches/PAGE/thumbnails/BATCH.webp",
        "/runs/digitize_batch/unheard-of",
        f"/runs/verify_archive/{RUN[1]}",
    ],
)
def test_what_is_unknown_is_answered_in_both_languages(house: House, address: str) -> None:
    """An id that is unknown or of the wrong shape gives 404, words, and the way back."""
    address = address.replace("BATCH", house.batch).replace("PAGE", thumbnails(house)[0])

    answer = steward(workbench(house)).get(address)

    assert answer.status_code == 404
    told = [code for code in load_reasons() if says(answer.text, code)]
    assert len(told) == 1
    assert 'href="/"' in answer.text


def test_a_run_leads_to_its_report(house: House, browser: TestClient) -> None:
    """A run's address sends the reader to the report of the run's batch."""
    answer = browser.get(RUN_ADDRESS)

    assert answer.status_code == 307
    assert answer.headers["location"] == f"/batches/{house.batch}/report.html"


def test_a_run_leads_nowhere_but_to_a_report(house: House) -> None:
    """What a run claims as its batch is believed only if it is a batch's id."""
    app = make_app(lambda: house.workshop, lambda: "kim", lambda *_: "/elsewhere.example")

    answer = TestClient(app, follow_redirects=False).get(RUN_ADDRESS)

    assert answer.status_code == 404


def test_addresses_hold_where_the_workbench_is_mounted(house: House) -> None:
    """Below a prefix, redirects and the way back stay below it."""
    outer = TestClient(workbench(house), root_path="/airflow/giroksil", follow_redirects=False)
    outer.headers["Authorization"] = "Bearer kim"

    assert outer.get(RUN_ADDRESS).headers["location"].startswith("/airflow/giroksil/batches/")
    assert 'href="/airflow/giroksil/"' in outer.get("/nothing").text


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/overview",
        "/batches/BATCH/report.html",
        "/batches/BATCH/thumbnails/PAGE.webp",
        "/batches/BATCH/data_docs/index.html",
        RUN_ADDRESS,
        "/nothing",
    ],
)
@pytest.mark.parametrize("who", ["Bearer kim", ""])
def test_every_answer_is_kept_close(house: House, address: str, who: str) -> None:
    """Each answer, refusals too, forbids scripts, sniffing, caching, referrers and framing."""
    address = address.replace("BATCH", house.batch).replace("PAGE", thumbnails(house)[0])
    browser = TestClient(workbench(house), headers={"Authorization": who}, follow_redirects=False)

    answer = browser.get(address)

    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "frame-ancestors 'self'" in policy
    assert answer.headers["cache-control"] == "no-store"


def test_no_patient_is_named(house: House, browser: TestClient) -> None:
    """The patient whose pages are in the vault is on none of the pages about them."""
    store = house.workshop.archive.index.search(house.patient, institution="31234567")
    assert store, "the name was read, so it could have leaked"

    addresses = ("/", "/overview", f"/batches/{house.batch}/report.html")
    bodies = [browser.get(address).text for address in addresses]
    summary = house.workshop.settings.reports / house.batch / "summary.json"

    assert not [body for body in (*bodies, summary.read_text("utf-8")) if house.patient in body]
    assert all(house.batch in body for body in bodies)
