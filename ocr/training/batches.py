"""Batches of training lines, of like widths together."""

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
import torch
from torch import Tensor
from torch.utils.data import IterableDataset, get_worker_info

from ocr.training.line_images import LineMaker, TrainingLine
from ocr.training.network import STRIDE

POOL = 512
"""Lines counted together: a pool's seeds follow each other."""

_WIDTH_STEP = 32  # batches of few different widths: each new shape is slow once
Batch = tuple[Tensor, Tensor, Tensor, Tensor]
"""Images (lines, 1, height, width) of 0 to 255, steps of each, all their classes in a row,
classes of each."""


@dataclass(frozen=True, slots=True)
class BatchSize:
    """How much is learned from at a time.

    `pools`: made together, then sorted by width. `columns`: of one batch, its padding counted.
    `filled`: a batch that falls short takes its own lines again, so that all batches of one width
    are alike: an accelerator is slow once at each new shape.
    """

    pools: int
    columns: int
    filled: bool


SIZES = {"cpu": BatchSize(1, 14_000, filled=False), "cuda": BatchSize(8, 84_000, filled=True)}


class Lines(IterableDataset[Batch]):
    """Batches of lines without end, from pool number `start` on."""

    def __init__(self, start: int, signs: tuple[str, ...], size: BatchSize) -> None:
        self._start, self._signs, self._size = start, signs, size

    def __iter__(self) -> Iterator[Batch]:
        """Yield batches; each worker makes every n-th pool."""
        cv2.setNumThreads(1)
        torch.set_num_threads(1)
        worker = get_worker_info()
        number, step = (worker.id, worker.num_workers) if worker else (0, 1)
        maker, place = LineMaker(), {sign: n for n, sign in enumerate(self._signs)}
        together = self._size.pools
        pool = self._start + number * together
        while True:
            made = [maker.make(seed) for seed in range(pool * POOL, (pool + together) * POOL)]
            batches = list(batched(made, self._size))
            np.random.default_rng(pool).shuffle(batches)
            for batch in batches:
                yield collated(batch, place)
            pool += step * together


def batched(lines: list[TrainingLine], size: BatchSize) -> Iterator[list[TrainingLine]]:
    """Yield lines of like widths together, the widest first, as many as their width allows."""
    left = sorted(lines, key=lambda line: line.image.shape[1], reverse=True)
    while left:
        count = max(1, size.columns // _padded(left[0]))
        batch, left = left[:count], left[count:]
        again = itertools.cycle(batch)
        yield batch + [next(again) for _ in range((count - len(batch)) * size.filled)]


def _padded(line: TrainingLine) -> int:
    return math.ceil(int(line.image.shape[1]) / _WIDTH_STEP) * _WIDTH_STEP


def collated(lines: list[TrainingLine], place: dict[str, int]) -> Batch:
    """Return images on one width, how many steps each has, all classes in a row, their counts."""
    width = max(map(_padded, lines))
    images = np.zeros((len(lines), 1, lines[0].image.shape[0], width), np.uint8)
    for row, line in zip(images, lines, strict=True):
        row[0, :, : line.image.shape[1]] = line.image
    steps = [math.ceil(line.image.shape[1] / STRIDE) for line in lines]
    classes = [place[sign] for line in lines for sign in line.text]
    counts = [len(line.text) for line in lines]
    return (
        torch.from_numpy(images),
        torch.tensor(steps),
        torch.tensor(classes),
        torch.tensor(counts),
    )
