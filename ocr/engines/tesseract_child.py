"""Tesseract's library in a process of its own: `python -m ocr.engines.tesseract_child FD FOLDER`.

It may crash or hang without harm to the worker, keeps its models between pages, and ends when the
worker does. A request is one JSON message and one message of pixels; an answer is one JSON message.
Nothing is written anywhere.
"""

import functools
import json
import sys
from multiprocessing.connection import Connection
from typing import Any

import tesserocr
from PIL import Image

Symbol = tuple[str, int, int, int, int, float]
"""A letter, its box (left, top, right, bottom) in its image, and the engine's certainty, 0..100."""


def main() -> None:
    """Answer requests until the worker is gone."""
    connection: Connection[Any, Any] = Connection(int(sys.argv[1]))
    model = functools.cache(functools.partial(_model, sys.argv[2]))
    try:
        while True:
            request = json.loads(connection.recv_bytes())
            pixels = connection.recv_bytes()
            api = model(request["languages"], request["segmentation"])
            answer = list(_read(api, request["shapes"], pixels, request["dpi"]))
            connection.send_bytes(json.dumps(answer).encode())
    except (EOFError, BrokenPipeError):
        return


def _model(folder: str, languages: str, segmentation: int) -> Any:
    return tesserocr.PyTessBaseAPI(path=folder, lang=languages, psm=segmentation)


def _read(api: Any, shapes: list[tuple[int, int]], pixels: bytes, dpi: int) -> Any:
    """Yield the symbols of each image, left to right."""
    start = 0
    for height, width in shapes:
        image = Image.frombytes("L", (width, height), pixels[start : start + height * width])
        start += height * width
        api.SetImage(image)
        api.SetSourceResolution(dpi)
        api.Recognize()
        yield list(_symbols(api.GetIterator()))
        # Without this, what was learnt from one line would change how the next one is read.
        api.ClearAdaptiveClassifier()


def _symbols(found: Any) -> Any:
    level = tesserocr.RIL.SYMBOL
    if found is None:
        return
    for symbol in tesserocr.iterate_level(found, level):
        try:
            text = symbol.GetUTF8Text(level)
        except RuntimeError:  # it has no text
            continue
        box = symbol.BoundingBox(level)
        if text and text.strip() and box:
            yield (text.strip(), *box, symbol.Confidence(level))


if __name__ == "__main__":
    main()
