"""The decoding child's program: bytes in, pixels or a reason out. Started by `intake.sandbox`."""

import json
import resource
import sys
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from intake import dicom, images, pdfs, sheets
from records.errors import RejectedInput

OPERATIONS: dict[str, Callable[..., tuple[dict[str, Any], bytes]]] = {
    "image_pages": images.count,
    "image": images.decode,
    "pdf_pages": pdfs.count,
    "pdf": pdfs.render,
    "image_sheet": sheets.of_image,
    "pdf_sheet": sheets.of_pdf_page,
    "dicom_header": dicom.header,
    "dicom_document": dicom.document,
}

_MEBIBYTE = 1 << 20
# Measured: Pillow keeps colour in 4 bytes a pixel, and holds three copies while it turns a page.
_BYTES_PER_PIXEL = 16
_ROOM = 512 * _MEBIBYTE
# After a page this large the child is replaced: its memory is not given back otherwise.
_LARGE = 64 * _MEBIBYTE


def serve(connection: "Connection[Any, Any]") -> None:
    """Answer calls until the other side goes away."""
    _forbid()
    connection.send_bytes(b"ready")
    while True:
        try:
            request = json.loads(connection.recv_bytes())
            data = connection.recv_bytes()
        except EOFError:
            return
        begun = time.process_time()
        facts, pixels = _answer(request, data)
        facts["cpu_seconds"] = time.process_time() - begun
        connection.send_bytes(json.dumps(facts).encode())
        connection.send_bytes(pixels)


def _answer(request: dict[str, Any], data: bytes) -> tuple[dict[str, Any], bytes]:
    _allow(request["max_seconds"], request["max_pixels"], len(data))
    operation = OPERATIONS[request["operation"]]
    try:
        facts, pixels = operation(data, max_pixels=request["max_pixels"], **request["arguments"])
    except RejectedInput as error:
        return {"refused": error.code}, b""
    except MemoryError:
        return {"refused": "image_too_large", "spent": True}, b""
    except Exception:  # noqa: BLE001  (hostile bytes raise anything; the answer is a reason)
        return {"refused": "image_damaged"}, b""
    return {**facts, "spent": len(pixels) > _LARGE}, pixels


def _forbid() -> None:
    """No core dumps (they would hold a page), no files written."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def _allow(seconds: int, max_pixels: int, size: int) -> None:
    """Set processor time and address space of one call, from what is used so far."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    _soft(resource.RLIMIT_CPU, int(usage.ru_utime + usage.ru_stime) + seconds + 1)
    mapped = int(Path("/proc/self/statm").read_text("ascii").split()[0]) * resource.getpagesize()
    _soft(resource.RLIMIT_AS, mapped + _ROOM + _BYTES_PER_PIXEL * max_pixels + 4 * size)


def _soft(kind: int, value: int) -> None:
    _, hard = resource.getrlimit(kind)
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    resource.setrlimit(kind, (value, hard))


if __name__ == "__main__":
    with Connection(int(sys.argv[1])) as pipe:
        serve(pipe)
