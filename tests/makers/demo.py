"""Makes a sample delivery: `python -m tests.makers.demo --to DIR [--seed 7] [--small] …`."""

import argparse
from pathlib import Path

import cv2

from records.codec import encode
from tests.makers.delivery import make_delivery


def main() -> None:
    """Make the delivery; write its truth only where asked."""
    parser = argparse.ArgumentParser(prog="python -m tests.makers.demo", description=__doc__)
    parser.add_argument("--to", type=Path, required=True, help="an empty folder, or none yet")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--small", action="store_true", help="ten sheets instead of sixty")
    parser.add_argument("--patient-name", help="a made-up name for the first patient")
    parser.add_argument("--truth", type=Path, help="where to write the truth, as JSON")
    parser.add_argument("--encoding", choices=("cp949", "utf-8"), default="cp949")
    chosen = parser.parse_args()
    if chosen.truth and chosen.truth.resolve().is_relative_to(chosen.to.resolve()):
        parser.error("--truth must lie outside the delivery's folder")
    cv2.setNumThreads(1)
    truth = make_delivery(
        chosen.to,
        seed=chosen.seed,
        size="small" if chosen.small else "demo",
        patient_name=chosen.patient_name,
        encoding=chosen.encoding,
    )
    if chosen.truth:
        chosen.truth.write_bytes(encode(truth))
    print(
        f"{truth.institution_name}: 스캔 {truth.declared_sheets}장, 문서 {len(truth.documents)}건,"
        f" EMR {len(truth.rows)}행 / {truth.declared_sheets} sheets,"
        f" {len(truth.documents)} documents, {len(truth.rows)} EMR rows"
    )


if __name__ == "__main__":
    main()
