#!/usr/bin/env bash
# Trains the line recognizer: infra/train.sh FOLDER [--minutes N] [--from MODEL.onnx] …
# PyTorch's threads wait without spinning, so that the lines' maker gets its share of two cores.
set -euo pipefail
cd "$(dirname "$0")/.."
memory=$(ldconfig -p | awk '/libtcmalloc_minimal.so.4 / {print $NF; exit}')
exec env OMP_WAIT_POLICY=PASSIVE GOMP_SPINCOUNT=0 TCMALLOC_RELEASE_RATE=0 LD_PRELOAD="$memory" \
    .venv-training/bin/python -m ocr.training.train "$@"
