"""Scan faults do what they say, the same way each time, and truth follows them."""

import random
from collections import Counter
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from tests.makers.documents import layouts_of
from tests.makers.faults import FAULTS, TWO_TONES
from tests.makers.files import jpeg_bytes, png_bytes, write, write_tiff
from tests.makers.layouts.styles import LAYOUTS, is_needled, make_layout
from tests.makers.pages import MadePage, make_both_sides, make_page
from tests.makers.parts import Part
from tests.makers.scans import choose_faults, choose_test_faults
from tests.makers.sheet import Level
from tests.unit.made_truth import date_is_printed, ink_in_boxes

LEVELS: tuple[Level, ...] = ("mild", "medium", "severe")
GEOMETRIC = ("skew", "wave", "perspective", "cut_off", "coarse", "fax")


def made(level: Level, *faults: str, dpi: int = 200, layout: str = "statutory") -> MadePage:
    part: Part = "tuning" if layout in layouts_of("medical_opinion", "tuning") else "test"
    (page,) = make_page("medical_opinion", layout, 1, level, dpi, faults=faults, part=part)
    return page


def grey(image: Image.Image) -> npt.NDArray[np.float64]:
    return np.asarray(image.convert("L"), np.float64)


@pytest.mark.parametrize("fault", sorted(set(FAULTS) - {"wrong_dpi"}))
def test_each_fault_does_something_and_the_same_again(fault: str) -> None:
    """A fault changes the picture, and twice in the same way."""
    dpi = 300 if fault == "low_resolution" else 200
    clean = made("clean", dpi=dpi)
    one, again = (made("medium", fault, dpi=dpi) for _ in range(2))

    assert one.image.tobytes() != clean.image.tobytes()
    assert one.image.tobytes() == again.image.tobytes()
    assert one.truth == again.truth
    assert one.truth.faults == (fault,)


@pytest.mark.parametrize(
    "fault",
    [
        "gaussian_noise",
        "blur",
        "speckle",
        "uneven_light",
        "jpeg",
        "dot_matrix",
        "thermal_fade",
        "toner_streaks",
        "bleed_through",
        "stain",
        "out_of_focus",
        "pen_marks",
        "highlighter",
        "halftone",
    ],
)
def test_levels_grow(fault: str) -> None:
    """Severe damage is more than medium, medium more than mild."""
    clean = grey(made("clean").image)
    damage = [np.abs(grey(made(level, fault).image) - clean).mean() for level in LEVELS]

    assert damage == sorted(damage)
    assert damage[0] < damage[2]


@pytest.mark.parametrize("fault", sorted(FAULTS))
def test_each_fault_goes_with_colour_and_with_others(fault: str) -> None:
    """Every fault can follow a seal's red and a skew, and comes before the file's own faults."""
    others = tuple(name for name in ("red_seal", "skew", "gaussian_noise") if name != fault)
    page = made("severe", fault, *others, dpi=200)
    width, height = page.image.size
    turned = page.truth.rotation in {90, 270}

    assert set(page.truth.faults) == {fault, *others}
    assert (page.truth.width, page.truth.height) == ((height, width) if turned else (width, height))


@pytest.mark.parametrize("layout", layouts_of("medical_opinion", "test"))
@pytest.mark.parametrize("fault", GEOMETRIC)
def test_boxes_follow_the_geometry(layout: str, fault: str) -> None:
    """After each severe bend, turn, shift or scaling every word still lies in its box."""
    page = made("severe", fault, layout=layout)
    plain = made("clean", layout=layout)

    assert ink_in_boxes(page, 190) == []
    if fault not in {"cut_off", "skew"}:
        assert page.truth.lines != plain.truth.lines
        assert page.truth.text == plain.truth.text


def test_boxes_follow_all_of_it_together() -> None:
    """A crooked photograph of a bent page at 150 dpi: each word still lies in its box."""
    page = made("severe", "wave", "skew", "perspective", "coarse", layout="letter", dpi=200)
    moved = made("severe", "wave", "skew", "perspective", layout="letter", dpi=200)

    assert page.truth.dpi == 96
    assert page.truth.text == moved.truth.text
    assert ink_in_boxes(page, 190) == []


def test_boxes_follow_the_skew_and_the_resolution() -> None:
    """After a severe skew at 200 dpi each word still lies in its box."""
    page = make_page(
        "diagnosis_certificate", "emr_print", 6, "severe", faults=["skew", "low_resolution"]
    )[0]

    assert abs(page.truth.skew) > 0.5
    assert page.truth.dpi == 200
    assert ink_in_boxes(page) == []


def test_a_photograph_leans_as_its_truth_says() -> None:
    """The skew of a photograph is that of its middle: lines there lean with it."""
    leanings = []
    for seed in (2, 4):
        (page,) = make_page(
            "lab_result", "line_print", seed, "severe", 200, faults=["perspective"]
        )[:1]
        truth = page.truth
        row = max(truth.lines, key=lambda line: line.words[-1].box.x1 - line.words[0].box.x0)
        first, last = (word.box for word in (row.words[0], row.words[-1]))
        drop = (last.y0 + last.y1 - first.y0 - first.y1) / 2
        leanings.append(float(np.degrees(np.arctan2(drop, last.x0 - first.x0))))

        assert leanings[-1] == pytest.approx(truth.skew, abs=1.5)
        assert truth.tagged_dpi in {None, 72}
    assert max(map(abs, leanings)) > 1


@pytest.mark.parametrize("seed", range(1, 7))
def test_what_is_cut_off_leaves_the_truth(seed: int) -> None:
    """Words beyond the edge are in no line, and fields that nobody can read are in no field."""
    whole, cut = (
        make_page("diagnosis_certificate", "letter", seed, "severe", faults=faults)[0]
        for faults in ((), ("cut_off",))
    )
    boxes = [word.box for line in cut.truth.lines for word in line.words]
    text = "".join(cut.truth.text.split())

    assert cut.truth.flags == ("cut_off",)
    assert len(boxes) < sum(len(line.words) for line in whole.truth.lines)
    assert all(0 <= b.x0 < b.x1 <= cut.image.width for b in boxes)
    assert all(0 <= b.y0 < b.y1 <= cut.image.height for b in boxes)
    assert set(cut.truth.fields) <= set(whole.truth.fields)
    for key in ("patient_name", "resident_number", "chart_no", "institution_name", "licence_no"):
        kept = "".join(str(cut.truth.fields.get(key, "")).split())
        assert kept in text
        assert bool(kept) == (str(whole.truth.fields[key]) in text)
    if "issue_date" in cut.truth.fields:
        assert date_is_printed(str(cut.truth.fields["issue_date"]), cut.truth.text)


def test_the_other_side_shows_mirrored() -> None:
    """What bleeds through is the other side's print, mirrored, and a test can have that print."""
    front, back = make_both_sides("prescription", "blank", 3, "severe", 200, faults=(), part="test")
    assert back.reverse is not None
    assert front.reverse is not None
    small = (206, 292)  # pixels of about a millimetre; the print may lie two beside its place
    mirrored = back.reverse.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    seen, ink = (255 - grey(side.resize(small)) for side in (back.image, mirrored))
    likeness = [
        np.corrcoef(seen.ravel(), np.roll(ink, (dy, dx), (0, 1)).ravel())[0, 1]
        for dy in range(-3, 4)
        for dx in range(-3, 4)
    ]

    assert back.truth.flags == ("blank",)
    assert max(likeness) > 0.6
    assert grey(back.image).min() > 150
    assert grey(front.reverse).min() == 255


@pytest.mark.parametrize("fault", sorted(TWO_TONES))
def test_two_tones_are_two_and_fit_g4(fault: str, tmp_path: Path) -> None:
    """Such a page is black and white only, and a TIFF holds exactly it."""
    page = made("medium", "stain", fault)
    write_tiff(tmp_path / "one.tif", [page])

    assert set(np.unique(np.asarray(page.image))) == {0, 255}
    with Image.open(tmp_path / "one.tif") as held:
        assert held.info["compression"] == "group4"
        assert held.convert("L").tobytes() == page.image.tobytes()


def test_a_wrong_resolution_is_in_the_file_and_the_right_one_in_the_truth(tmp_path: Path) -> None:
    """Files say 72 or 600 dpi or nothing, pixels and truth stay those of 200 dpi."""
    said = set()
    for seed in range(12):
        (page,) = make_page("medical_opinion", None, seed, "medium", 200, faults=["wrong_dpi"])
        for name, data in (("a.png", png_bytes(page)), ("a.jpg", jpeg_bytes(page))):
            write(tmp_path / name, data)
            with Image.open(tmp_path / name) as image:
                found = image.info.get("dpi")
            assert (found and round(found[0])) == page.truth.tagged_dpi
        assert page.truth.dpi == 200
        said.add(page.truth.tagged_dpi)

    assert said == {None, 72, 600}


def test_flags_are_what_the_faults_did() -> None:
    """A page is flagged for what a person would say of it, and for nothing else."""
    flags = {
        (fault, level): made(level, fault, dpi=200).truth.flags
        for fault in ("coarse", "fax", "out_of_focus", "thermal_fade", "pen_marks", "stain")
        for level in ("mild", "severe")
    }

    assert flags == {
        ("coarse", "mild"): (),
        ("coarse", "severe"): ("low_resolution",),
        ("fax", "mild"): (),
        ("fax", "severe"): ("low_resolution",),
        ("out_of_focus", "mild"): (),
        ("out_of_focus", "severe"): ("out_of_focus",),
        ("thermal_fade", "mild"): (),
        ("thermal_fade", "severe"): ("faded",),
        ("pen_marks", "mild"): ("handwriting",),
        ("pen_marks", "severe"): ("handwriting",),
        ("stain", "mild"): (),
        ("stain", "severe"): (),
    }


def test_faults_of_the_test_part_grow_with_the_level_and_cover_all() -> None:
    """Worse scans have more faults, each fault turns up, and excluding ones never meet."""
    counts: dict[str, Counter[str]] = {}
    for level in LEVELS:
        drawn = [choose_test_faults(level, seed, sealed=True, needled=True) for seed in range(600)]
        counts[level] = Counter(name for names in drawn for name in names)
        for names in drawn:
            assert len(set(names)) == len(names)
            assert len({"perspective", "wave", "borders"} & set(names)) <= 1
            assert len(TWO_TONES & set(names)) <= 1
            assert not {"coarse", "thermal_fade", "fax"} <= set(names)
    turns = {"turn_90", "turn_180", "turn_270"}
    totals = [counts[level].total() for level in LEVELS]

    assert totals == sorted(totals)
    assert set(counts["severe"]) == set(FAULTS) - turns
    assert counts["mild"]["cut_off"] == 0
    assert choose_test_faults("clean", 1, sealed=True) == ()


def test_only_letters_of_one_pitch_are_printed_by_needles_or_heat() -> None:
    """In both parts such pages are dotted in about three of five cases or fade, others never."""
    for choose in (choose_faults, choose_test_faults):
        plain = [choose("medium", seed, sealed=False) for seed in range(300)]
        needled = [choose("medium", seed, sealed=False, needled=True) for seed in range(300)]
        counts = Counter(name for names in needled for name in names)

        assert not {name for names in plain for name in names} & {"dot_matrix", "thermal_fade"}
        assert 90 < counts["dot_matrix"] < 210
        assert counts["thermal_fade"] > 0
        assert not any({"dot_matrix", "thermal_fade"} <= set(names) for names in needled)


def test_dots_are_for_forms_in_letters_of_one_pitch() -> None:
    """Old forms of the test part are dotted where their face has one pitch; others never are."""
    needled = set()
    for seed in range(30):
        for layout in LAYOUTS["test"]:
            setting = make_layout(layout, random.Random(seed))
            needled.add((layout, setting.style.body.family, is_needled(setting)))

    assert {(layout, family) for layout, family, dotted in needled if dotted} == {
        ("old_form", "un_taza"),
        ("old_form", "d2coding"),
    }
    faults = {
        name
        for seed in range(12)
        for name in make_page("prescription", "line_print", seed, "medium", 200)[0].truth.faults
    }
    assert "dot_matrix" in faults


def test_nobody_writes_on_a_blank_of_the_test_part() -> None:
    """Blank pages stay blank: no stamp, no pen, no highlighter, no other side."""
    drawn = {
        name
        for seed in range(300)
        for name in choose_test_faults("severe", seed, sealed=False, blank=True)
    }

    assert drawn & {"blue_stamp", "red_seal", "pen_marks", "highlighter", "bleed_through"} == set()
