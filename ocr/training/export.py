"""Writes trained weights as the model that ships: `python -m ocr.training.export RUN MODEL.onnx`.

Weights keep their names, so that training can go on from the model: `train --from MODEL.onnx`.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor

from ocr.training.alphabet import alphabet
from ocr.training.network import Recognizer

_OPSET = 17


def export(run: Path, model: Path) -> None:
    """Write the network of a training run's folder as ONNX, its signs in the metadata."""
    signs = alphabet()
    network = Recognizer(signs)
    kept = torch.load(run / "checkpoint.pt", map_location="cpu")
    network.load_state_dict(kept["network"])
    network.eval()
    torch.onnx.export(
        network,
        (torch.zeros(2, 1, 32, 320),),
        str(model),
        dynamo=False,
        input_names=["lines"],
        output_names=["odds"],
        dynamic_axes={"lines": {0: "lines", 3: "width"}, "odds": {0: "lines", 1: "steps"}},
        do_constant_folding=False,
        training=torch.onnx.TrainingMode.PRESERVE,
        opset_version=_OPSET,
    )
    written = onnx.load(str(model))
    told = {"signs": json.dumps(signs, ensure_ascii=False), "trained": json.dumps(kept["done"])}
    onnx.helper.set_model_props(written, told)
    onnx.save(written, str(model))


def weights_of(model: Path) -> dict[str, Tensor]:
    """Return a shipped model's weights under the network's names."""
    graph = onnx.load(str(model)).graph
    return {
        part.name: torch.from_numpy(np.array(numpy_helper.to_array(part)))
        for part in graph.initializer
    }


def progress_of(model: Path) -> dict[str, float]:
    """Return how much a shipped model was trained: pools, steps, lines, seconds."""
    told = {prop.key: prop.value for prop in onnx.load(str(model)).metadata_props}
    return dict(json.loads(told["trained"]))


def main() -> None:
    """Export a run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", type=Path, help="folder of a training run")
    parser.add_argument("model", type=Path, help="the file to write")
    asked = parser.parse_args()
    export(asked.run, asked.model)


if __name__ == "__main__":
    main()
