"""Writes trained weights as the model that ships: `python -m ocr.training.export RUN… MODEL.onnx`.

Of several runs, one gone on from the other, the mean of the weights is written: it often errs
less than each. Weights keep their names, so that training can go on from the model:
`train --from MODEL.onnx`.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor

from ocr.training.alphabet import alphabet
from ocr.training.network import Recognizer

_OPSET = 17


def export(runs: Sequence[Path], model: Path) -> None:
    """Write the mean network of training runs' folders as ONNX, its signs in the metadata.

    What is told of the training is the last run's.
    """
    signs = alphabet()
    network = Recognizer(signs)
    kept = [torch.load(run / "checkpoint.pt", map_location="cpu") for run in runs]
    network.load_state_dict(_mean([run["network"] for run in kept]))
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
    told = {"signs": json.dumps(signs, ensure_ascii=False), "trained": json.dumps(kept[-1]["done"])}
    onnx.helper.set_model_props(written, told)
    onnx.save(written, str(model))


def _mean(weights: Sequence[dict[str, Tensor]]) -> dict[str, Tensor]:
    """Return the mean of weights; of counts, the last ones'."""
    mean = dict(weights[-1])
    for name, last in weights[-1].items():
        if last.is_floating_point():
            mean[name] = torch.stack([own[name] for own in weights]).mean(dim=0)
    return mean


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
    """Export runs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("runs", type=Path, nargs="+", help="folders of training runs")
    parser.add_argument("model", type=Path, help="the file to write")
    asked = parser.parse_args()
    export(asked.runs, asked.model)


if __name__ == "__main__":
    main()
