"""`giroksil read PATH…` and `giroksil classify FILE.txt…`: look without storing."""

import argparse
from pathlib import Path
from typing import Any

from classifiers.text import classify_text, page_numbers
from intake.delivery import JUNK
from pipeline.assembly import open_workshop
from pipeline.commands import flag_words, folder_to_write, print_json, say, with_json
from pipeline.commands.bound import bound_view, say_bound
from pipeline.trial import try_path
from pipeline.views import document_view
from records.errors import RejectedInput
from records.reasons import explain
from records.taxonomy import load_taxonomy


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the commands."""
    parser = commands.add_parser("read", help="저장하지 않고 읽기 / read without storing")
    parser.add_argument("paths", metavar="PATH", nargs="+", type=Path)
    parser.add_argument(
        "--pdf",
        type=Path,
        metavar="DIR",
        help="검색용 PDF 쓰기 / write searchable PDFs",
    )
    with_json(parser)
    parser.set_defaults(run=run_read)
    parser = commands.add_parser("classify", help="글의 종류와 항목 / kind and fields of text")
    parser.add_argument("files", metavar="FILE.txt", nargs="+", type=Path)
    with_json(parser)
    parser.set_defaults(run=run_classify)


def run_read(options: argparse.Namespace) -> int:
    """Read files (a folder = one stack); 1 if something could not be read, junk left out."""
    workshop = open_workshop()
    pdfs = options.pdf and folder_to_write(options.pdf)
    failed = False
    for path in options.paths:
        view, bound = try_path(workshop, path, pdfs)
        wrong = [failure for failure in view["failures"] if failure["code"] != JUNK]
        failed = failed or bool(wrong) or bool(bound and bound.failures)
        if options.json:
            print_json(view | ({"pdfs": bound_view(bound)} if bound else {}))
        else:
            _say_view(view)
            if bound:
                say_bound(bound)
    return 1 if failed else 0


def run_classify(options: argparse.Namespace) -> int:
    """Classify plain text, one page a form feed."""
    for file in options.files:
        try:
            text = file.read_text("utf-8")
        except IsADirectoryError as error:
            raise RejectedInput("path_is_folder") from error
        except (FileNotFoundError, NotADirectoryError) as error:
            raise RejectedInput("path_missing") from error
        except UnicodeDecodeError as error:
            raise RejectedInput("text_not_utf8") from error
        stack = classify_text(text)
        numbers = page_numbers(text)
        view = {
            "file": str(file),
            "documents": [document_view(document, numbers) for document in stack.documents],
        }
        if options.json:
            print_json(view)
        else:
            _say_view(view)
    return 0


def _say_view(view: dict[str, Any]) -> None:
    say(f"■ {view['file']}")
    for document in view["documents"]:
        kind = load_taxonomy().name(document["type"])
        confidence = document["type_confidence"]
        score = "—" if confidence is None else f"{confidence:.2f}"
        pages = ",".join(str(page) for page in document["pages"])
        say(f"  {kind} ({score})  쪽 pages {pages}  {document.get('verdict', '')}")
        for reason in document.get("reasons", ()):
            say(f"    · {explain(reason)} / {explain(reason, 'en')}")
        for code in document["evidence"]:
            if code.startswith(("cut.", "join.", "separator.", "field.")):
                say(f"    ─ {explain(code)} / {explain(code, 'en')}")
        for key, field in document["fields"].items():
            say(f"    {key:20} {field['value']}")
    for page in view.get("pages", ()):
        if page["flags"] or "maybe_duplicate_of" in page or "separator" in page:
            say(f"  {page['page']}쪽 p.{page['page']}: {_remarks(page)}")
    for failure in view.get("failures", ()):
        where = " ".join(str(failure.get(key) or "") for key in ("file", "page", "column")).strip()
        say(f"  ✗ {where} {explain(failure['code'])}")
        say(f"    {explain(failure['code'], 'en')}")


def _remarks(page: dict[str, Any]) -> str:
    """What is noteworthy about a page, in both languages."""
    said = flag_words(page["flags"])
    if "duplicate_of" in page:
        said += f" = {page['duplicate_of']}쪽 p.{page['duplicate_of']}"
    if "maybe_duplicate_of" in page:
        twin = page["maybe_duplicate_of"]
        said = f"{said} {twin}쪽과 같은 장인 듯 perhaps p.{twin} again".strip()
    if sheet := page.get("separator"):
        said = f"{said} {_sheet(sheet)}".strip()
    return said


def _sheet(sheet: dict[str, str]) -> str:
    """What a separator sheet of ours says."""
    if refused := sheet.get("refused"):
        return f"{explain(refused)} / {explain(refused, 'en')}"
    parts = (("상자 box", sheet["box"]), ("차트 chart", sheet["chart_no"]))
    return "  ".join(f"{name} {value}" for name, value in parts if value)
