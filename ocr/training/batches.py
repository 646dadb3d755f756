"""Batches of training lines, of like widths together."""

import math
from collections.abc import Iterator

import cv2
import numpy as np
import torch
from torch import Tensor
from torch.utils.data import IterableDataset, get_worker_info

from ocr.training.line_images import LineMaker, TrainingLine
from ocr.training.network import STRIDE

POOL = 512
"""Lines made at a time, then sorted by width."""

_COLUMNS = 14000  # of one batch, its padding counted
_WIDTH_STEP = 32  # batches of few different widths: each new shape is slow once
Batch = tuple[Tensor, Tensor, Tensor, Tensor]
"""Images (lines, 1, height, width), steps of each, all their classes in a row, classes of each."""


class Lines(IterableDataset[Batch]):
    """Batches of lines without end, from pool number `start` on."""

    def __init__(self, start: int, signs: tuple[str, ...]) -> None:
        self._start, self._signs = start, signs

    def __iter__(self) -> Iterator[Batch]:
        """Yield batches; each worker makes every n-th pool."""
        cv2.setNumThreads(1)
        torch.set_num_threads(1)
        worker = get_worker_info()
        number, step = (worker.id, worker.num_workers) if worker else (0, 1)
        maker, place = LineMaker(), {sign: n for n, sign in enumerate(self._signs)}
        pool = self._start + number
        while True:
            made = [maker.make(seed) for seed in range(pool * POOL, (pool + 1) * POOL)]
            batches = list(batched(made))
            np.random.default_rng(pool).shuffle(batches)
            for batch in batches:
                yield collated(batch, place)
            pool += step


def batched(lines: list[TrainingLine]) -> Iterator[list[TrainingLine]]:
    """Yield lines of like widths together, up to so many columns."""
    batch: list[TrainingLine] = []
    for line in sorted(lines, key=lambda line: line.image.shape[1]):
        if batch and (len(batch) + 1) * line.image.shape[1] > _COLUMNS:
            yield batch
            batch = []
        batch.append(line)
    yield batch


def collated(lines: list[TrainingLine], place: dict[str, int]) -> Batch:
    """Return images on one width, how many steps each has, all classes in a row, their counts."""
    width = math.ceil(max(line.image.shape[1] for line in lines) / _WIDTH_STEP) * _WIDTH_STEP
    images = np.zeros((len(lines), 1, lines[0].image.shape[0], width), np.float32)
    for row, line in zip(images, lines, strict=True):
        row[0, :, : line.image.shape[1]] = line.image / 255
    steps = [math.ceil(line.image.shape[1] / STRIDE) for line in lines]
    classes = [place[sign] for line in lines for sign in line.text]
    counts = [len(line.text) for line in lines]
    return (
        torch.from_numpy(images),
        torch.tensor(steps),
        torch.tensor(classes),
        torch.tensor(counts),
    )
