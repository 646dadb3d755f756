"""Opening a delivery: its declaration, its files, what is wrong with them, its id."""

import os
import shutil
import unicodedata
from pathlib import Path

import pytest

from intake.delivery import WARNINGS, open_delivery, readable_files
from intake.limits import Limits
from records.errors import IntegrityError, RejectedInput, SetupError
from records.settings import Settings
from records.values import Batch
from tests.unit.intake.samples import DECLARATION, LIMITS, deliver, received, triaged, zipped


def failures(batch: Batch) -> set[tuple[str, str | None]]:
    return {(failure.code, failure.path) for failure in batch.failures}


def test_a_delivery_is_declared_listed_and_hashed(tmp_path: Path) -> None:
    """What delivery.yaml and the manifest say is in the batch, and every file has its digest."""
    one = received(b"one", "scans/p1.tif")
    manifest = (
        f"file,sha256,pages,box,chart_no,note\nscans/p1.tif,{one.sha256.upper()},2,B-1,77,메모\n"
    )

    delivery = open_delivery(str(deliver(tmp_path, {"scans/p1.tif": b"one"}, manifest)), LIMITS)

    batch = delivery.batch
    institution = batch.delivery.institution
    file = batch.files[0]
    assert (institution.code, institution.name) == ("01234567", "가나의원")
    assert str(institution.closed) == "2025-06-30"
    assert batch.delivery.scanned["at"] == "2026-11-20T09:00+09:00"
    assert batch.delivery.declared_sheets == 3
    assert batch.delivery.declared_documents == {"prescription": 2}
    assert (file.sha256, file.size, file.listed, file.declared_pages) == (one.sha256, 3, True, 2)
    assert (file.box, file.chart_no, file.note) == ("B-1", "77", "메모")
    assert (batch.failures, batch.undeclared) == ((), False)
    assert delivery.read(file) == b"one"


def test_the_id_does_not_depend_on_the_place(tmp_path: Path) -> None:
    """The same names and bytes have the same batch id in any folder, by path or by URL."""
    files = {"scans/a.tif": b"a", "scans/진료/b.tif": b"b"}
    here = deliver(tmp_path / "here", files, "file\nscans/a.tif\nscans/진료/b.tif\n")
    there = deliver(tmp_path / "그 곳 %", files, "file\nscans/a.tif\nscans/진료/b.tif\n")
    (there / "Thumbs.db").write_bytes(b"left behind")

    first = open_delivery(str(here), LIMITS).batch
    second = open_delivery(there.as_uri(), LIMITS).batch

    assert first.id == second.id
    assert [file.id for file in first.files] == [file.id for file in second.files]


@pytest.mark.parametrize(
    "change", ["scans/a.tif", "delivery.yaml", "manifest.csv", "scans/new.tif"]
)
def test_the_id_depends_on_every_byte(tmp_path: Path, change: str) -> None:
    """One more byte anywhere, or one more file, is another batch."""
    folder = deliver(tmp_path, {"scans/a.tif": b"a"}, "file\nscans/a.tif\n")
    before = open_delivery(str(folder), LIMITS).batch.id

    with (folder / change).open("ab") as stream:
        stream.write(b"\n")

    assert open_delivery(str(folder), LIMITS).batch.id != before


def test_files_stand_in_natural_order(tmp_path: Path) -> None:
    """Page 2 comes before page 10, and a folder's files stay together."""
    names = ["scans/p10.png", "scans/p2.png", "scans/b2/x.png", "scans/B10/x.png", "scans/p02a.png"]

    batch = open_delivery(str(deliver(tmp_path, dict.fromkeys(names, b"x"))), LIMITS).batch

    assert [(file.order, file.path) for file in batch.files] == [
        (0, "scans/b2/x.png"),
        (1, "scans/B10/x.png"),
        (2, "scans/p2.png"),
        (3, "scans/p02a.png"),
        (4, "scans/p10.png"),
    ]


def test_faults_are_named_and_stop_nobody(tmp_path: Path) -> None:
    """Wrong checksum, missing, unlisted, empty and junk files are named; the good one is read."""
    good = received(b"good").sha256
    manifest = f"file,sha256\nscans/good.tif,{good}\nscans/wrong.tif,{good}\nscans/gone.tif,\n"
    files = {
        "scans/good.tif": b"good",
        "scans/wrong.tif": b"not what was declared",
        "scans/extra.tif": b"extra",
        "scans/empty.tif": b"",
        "scans/Thumbs.db": b"junk",
        "__MACOSX/scans/._good.tif": b"junk",
    }

    batch = open_delivery(str(deliver(tmp_path, files, manifest)), LIMITS).batch

    assert failures(batch) == {
        ("checksum_mismatch", "scans/wrong.tif"),
        ("file_missing", "scans/gone.tif"),
        ("file_unlisted", "scans/extra.tif"),
        ("file_unlisted", "scans/empty.tif"),
        ("file_empty", "scans/empty.tif"),
        ("junk_ignored", "scans/Thumbs.db"),
        ("junk_ignored", "__MACOSX/scans/._good.tif"),
    }
    assert [file.path for file in batch.files] == [
        "scans/empty.tif", "scans/extra.tif", "scans/good.tif", "scans/wrong.tif",
    ]  # fmt: skip
    assert [file.path for file in readable_files(batch)] == ["scans/extra.tif", "scans/good.tif"]
    assert {"file_unlisted", "junk_ignored"} <= WARNINGS
    assert not {"checksum_mismatch", "file_missing", "file_empty"} & WARNINGS


@pytest.mark.parametrize(
    "path",
    [
        "AUTORUN.INF", "emr/desktop.ini", "emr/.DS_Store", "emr/~$진료.xlsx", "emr/._a.csv",
        "System Volume Information/IndexerVolumeGuid", "$RECYCLE.BIN/S-1-5/$R1.csv", ".Trashes",
        ".Trashes/501/a.csv", ".Trash-1000/files/a.csv", ".fseventsd/no_log",
        ".Spotlight-V100/x", "emr/.~lock.진료.csv#", "emr/ehthumbs.db",
    ],
)  # fmt: skip
def test_what_a_disc_carries_along_is_counted_and_not_kept(tmp_path: Path, path: str) -> None:
    """Each kind of junk is named, in a folder and in a zip, and its neighbour is received."""
    batch = open_delivery(str(deliver(tmp_path, {"emr/a.csv": b"a,b", path: b""})), LIMITS).batch

    assert failures(batch) == {("junk_ignored", path)}
    assert (batch.found, [file.path for file in batch.files]) == (2, ["emr/a.csv"])
    found = triaged(zipped({path: b"x", "a.csv": b"a,b\n1,2\n"}))
    assert [(one.code, one.path) for one in found.failures] == [
        ("junk_ignored", f"scans/x!/{path}")
    ]
    assert [scan.member for scan in found.scans] == ["a.csv"]


@pytest.mark.parametrize("path", ["재활용/a.csv", "emr/autorun.csv", "trash/a.csv", "~환자.csv"])
def test_records_with_odd_names_are_no_junk(tmp_path: Path, path: str) -> None:
    """A name that only resembles one of junk is received."""
    batch = open_delivery(str(deliver(tmp_path, {path: b"a,b"})), LIMITS).batch

    assert [file.path for file in batch.files] == [path]


def test_no_manifest_is_allowed(tmp_path: Path) -> None:
    """Without a manifest the batch is undeclared, and no file is called unlisted."""
    batch = open_delivery(str(deliver(tmp_path, {"scans/a.tif": b"a"})), LIMITS).batch

    assert (batch.undeclared, batch.failures) == (True, ())


def test_names_from_a_mac_match_the_manifest(tmp_path: Path) -> None:
    """A decomposed (NFD) file name is the composed name of the manifest."""
    name = "scans/처방전.tif"
    folder = deliver(tmp_path, {unicodedata.normalize("NFD", name): b"a"}, f"file\n{name}\n")

    batch = open_delivery(str(folder), LIMITS).batch

    assert [(file.path, file.listed) for file in batch.files] == [(name, True)]
    assert batch.failures == ()


def test_two_spellings_of_one_name_are_two_files(tmp_path: Path) -> None:
    """Files whose names differ only in Unicode form are both received, and the clash is named."""
    name = "scans/처방전.tif"
    decomposed = unicodedata.normalize("NFD", name)
    folder = deliver(tmp_path, {name: b"one", decomposed: b"two"})

    delivery = open_delivery(str(folder), LIMITS)

    assert {delivery.read(file) for file in delivery.batch.files} == {b"one", b"two"}
    assert len({file.path for file in delivery.batch.files}) == 2
    assert [failure.code for failure in delivery.batch.failures] == ["name_collision"]


def test_a_name_in_cp949_bytes_is_readable(tmp_path: Path) -> None:
    """A file whose name is raw CP949 (an old unzip) is received under its Korean name."""
    folder = deliver(tmp_path, {"scans/a.tif": b"a"})
    raw = os.fsencode(folder / "scans") + b"/" + "진단서.tif".encode("cp949")
    Path(os.fsdecode(raw)).write_bytes(b"korean")

    delivery = open_delivery(str(folder), LIMITS)

    assert {file.path: delivery.read(file) for file in delivery.batch.files} == {
        "scans/a.tif": b"a",
        "scans/진단서.tif": b"korean",
    }


def test_links_are_never_followed(tmp_path: Path) -> None:
    """Links to a file, to a folder and to nowhere are named; what they point at is not read."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.tif").write_bytes(b"secret")
    folder = deliver(tmp_path / "delivery", {"scans/a.tif": b"a"})
    (folder / "scans" / "file.tif").symlink_to(outside / "secret.tif")
    (folder / "scans" / "folder").symlink_to(outside)
    (folder / "scans" / "nowhere").symlink_to(outside / "none")

    batch = open_delivery(str(folder), LIMITS).batch

    assert [file.path for file in batch.files] == ["scans/a.tif"]
    assert failures(batch) == {
        ("link_refused", "scans/file.tif"),
        ("link_refused", "scans/folder"),
        ("link_refused", "scans/nowhere"),
    }


def test_a_link_put_in_place_later_is_not_followed(tmp_path: Path) -> None:
    """A file, or its folder, that becomes a link after it was listed is refused."""
    outside = deliver(tmp_path / "outside", {"b/b.tif": b"secret"})
    folder = deliver(tmp_path / "delivery", {"a/a.tif": b"a", "b/b.tif": b"b"})
    delivery = open_delivery(str(folder), LIMITS)
    (folder / "a" / "a.tif").unlink()
    (folder / "a" / "a.tif").symlink_to(outside / "b" / "b.tif")
    shutil.rmtree(folder / "b")
    (folder / "b").symlink_to(outside / "b")

    for file in delivery.batch.files:
        with pytest.raises(RejectedInput):
            delivery.read(file)


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    """A named pipe among the scans is refused, not read for ever."""
    folder = deliver(tmp_path, {"scans/a.tif": b"a"})
    os.mkfifo(folder / "scans" / "pipe.tif")

    batch = open_delivery(str(folder), LIMITS).batch

    assert failures(batch) == {("not_a_file", "scans/pipe.tif")}


def test_a_file_that_changes_is_noticed(tmp_path: Path) -> None:
    """Bytes that are not those that were hashed are never handed on."""
    folder = deliver(tmp_path, {"scans/a.tif": b"before"})
    delivery = open_delivery(str(folder), LIMITS)
    (folder / "scans" / "a.tif").write_bytes(b"after.")

    with pytest.raises(IntegrityError, match="file_changed"):
        delivery.read(delivery.batch.files[0])


def test_a_file_over_the_limit_is_named_only(tmp_path: Path) -> None:
    """A file larger than the limit is refused, its neighbour received."""
    folder = deliver(tmp_path, {"scans/big.tif": b"x" * 101, "scans/small.tif": b"x" * 100})

    batch = open_delivery(str(folder), Limits(max_file_bytes=100)).batch

    assert [file.path for file in batch.files] == ["scans/small.tif"]
    assert failures(batch) == {("file_too_large", "scans/big.tif")}


def test_a_name_that_could_lead_outside_is_refused(tmp_path: Path) -> None:
    """A Windows-style path that climbs out is named and not received."""
    folder = deliver(tmp_path, {"scans/a.tif": b"a", "..\\..\\evil.tif": b"x"})

    batch = open_delivery(str(folder), LIMITS).batch

    assert [file.path for file in batch.files] == ["scans/a.tif"]
    assert failures(batch) == {("path_unsafe", "../../evil.tif")}


def test_too_many_files_are_refused(tmp_path: Path) -> None:
    """A delivery with more files than allowed is refused as a whole."""
    folder = deliver(tmp_path, {f"scans/{n}.tif": b"x" for n in range(4)})

    with pytest.raises(RejectedInput, match="too_many_files"):
        open_delivery(str(folder), Limits(max_files=3))


@pytest.mark.parametrize(
    ("key", "old", "new"),
    [
        ("institution.code", '"01234567"', '"1234567"'),
        ("institution.code", 'code: "01234567", ', ""),
        ("institution.name", "name: 가나의원", "name:"),
        ("institution.closed", "closed: 2025-06-30", "closed: 1990-01-01"),
        ("institution.opened", "opened: 1998-03-02", "opened: 1998-13-02"),
        ("institution", "institution: {", "institutions: {"),
        ("source", "source: paper", "source: film"),
        ("holder", "holder: owner", "holder: nobody"),
        ("declared.sheets", "sheets: 3", "sheets: three"),
        ("declared.documents", "prescription: 2", "prescription: [2]"),
        ("scanned", "device: 가상 스캐너", "device: [가상]"),
    ],
)
def test_a_wrong_declaration_names_its_key(tmp_path: Path, key: str, old: str, new: str) -> None:
    """The key that is missing or wrong is the error's subject; its value is not told."""
    folder = deliver(tmp_path, {"scans/a.tif": b"a"})
    (folder / "delivery.yaml").write_text(DECLARATION.replace(old, new), "utf-8")

    with pytest.raises(RejectedInput) as caught:
        open_delivery(str(folder), LIMITS)

    assert (caught.value.code, caught.value.subject) == ("declaration_wrong", key)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"- a\n- list\n",
        b"institution: [unclosed",
        b"\x00\x01\x02\x03",
        b"a: &a [x]\n" * 20_000,
        b"[" * 20_000,
        b"!!python/object/apply:os.system [true]",
    ],
)
def test_an_unreadable_declaration_is_refused(tmp_path: Path, raw: bytes) -> None:
    """What is no YAML mapping, too large, or built to hurt, is refused with one code."""
    folder = deliver(tmp_path, {"scans/a.tif": b"a"})
    (folder / "delivery.yaml").write_bytes(raw)

    with pytest.raises(RejectedInput, match=r"^declaration_unreadable$"):
        open_delivery(str(folder), LIMITS)


@pytest.mark.parametrize("encoding", ["cp949", "utf-8-sig", "utf-16"])
def test_a_declaration_from_windows_is_read(tmp_path: Path, encoding: str) -> None:
    """Notepad's encodings are understood."""
    folder = deliver(tmp_path, {"scans/a.tif": b"a"})
    (folder / "delivery.yaml").write_bytes(DECLARATION.encode(encoding))

    assert open_delivery(str(folder), LIMITS).batch.delivery.institution.name == "가나의원"


def test_places_that_are_none_are_told_apart(tmp_path: Path) -> None:
    """No folder, an unknown scheme, no declaration and no files have each their code."""
    (tmp_path / "bare").mkdir()
    deliver(tmp_path / "empty", {})

    with pytest.raises(SetupError, match="delivery_not_found"):
        open_delivery(str(tmp_path / "none"), LIMITS)
    with pytest.raises(SetupError, match="delivery_url_unknown"):
        open_delivery("ftp://127.0.0.1/x", LIMITS)
    with pytest.raises(RejectedInput, match="declaration_missing"):
        open_delivery(str(tmp_path / "bare"), LIMITS)
    with pytest.raises(RejectedInput, match="delivery_empty"):
        open_delivery(str(tmp_path / "empty"), LIMITS)


def test_errors_tell_no_names(tmp_path: Path) -> None:
    """An error's text holds codes and keys, never a path or a value."""
    folder = deliver(tmp_path / "홍길동", {"scans/홍길동.tif": b"a"})
    delivery = open_delivery(str(folder), LIMITS)
    (folder / "scans" / "홍길동.tif").unlink()

    with pytest.raises(RejectedInput) as caught:
        delivery.read(delivery.batch.files[0])

    assert str(caught.value) == "file_unreadable"


def test_limits_come_from_the_settings() -> None:
    """Every limit an operator sets is the one that holds."""
    limits = Limits.from_settings(Settings(max_pixels=7, max_rows=8, max_zip_depth=2))

    assert (limits.max_pixels, limits.max_rows, limits.max_zip_depth) == (7, 8, 2)
    assert limits.max_files == Settings().max_files
