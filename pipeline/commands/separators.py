"""`giroksil separators --for DELIVERY`: separator sheets to print before a delivery is scanned."""

import argparse
from pathlib import Path

from intake.boxes import declared_boxes
from ocr.separator_sheets import separator_pdf
from pipeline.assembly import open_workshop
from pipeline.commands import file_to_write, print_json, say, with_json
from pipeline.separators import sheets_for

_OUT = Path("separators.pdf")


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    parser = commands.add_parser("separators", help="구분지 PDF 만들기 / separator sheets as PDF")
    parser.add_argument(
        "--for",
        dest="delivery",
        metavar="DELIVERY",
        required=True,
        help="delivery.yaml이 있는 폴더 또는 s3:// / folder or s3:// prefix with delivery.yaml",
    )
    parser.add_argument("--out", type=Path, default=_OUT, metavar="FILE.pdf")
    parser.add_argument(
        "--documents",
        type=int,
        default=1,
        metavar="N",
        help="문서 사이에 둘 구분지 / sheets that separate any documents",
    )
    with_json(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Write the PDF and say what is in it."""
    settings = open_workshop().settings
    out = file_to_write(options.out)
    delivery, boxes = declared_boxes(options.delivery, settings.s3_endpoint)
    sheets = list(sheets_for(delivery, boxes, options.documents))
    out.write_bytes(separator_pdf(sheets))
    counts = {
        kind: sum(sheet.kind == kind for sheet in sheets) for kind in ("box", "chart", "document")
    }
    if options.json:
        print_json({"pdf": str(out), "sheets": counts})
    else:
        say(str(out))
        say(
            f"상자 boxes {counts['box']}  차트 charts {counts['chart']}  "
            f"문서 documents {counts['document']}"
        )
        say("단면으로 인쇄하세요. / Print it on one side.")
    return 0
