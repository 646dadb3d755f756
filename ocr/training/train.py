"""Trains the recognizer: `make train ARGS="FOLDER --minutes 120"`.

Run again with the same folder it goes on from its checkpoint; `--from MODEL.onnx` starts from the
model that ships. The learning rate stays level and falls over the last part of the minutes given.
The seeds of lines count up from one run to the next, so no line comes twice.
"""

import argparse
import contextlib
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

import torch
from rapidfuzz.distance import Levenshtein
from torch import Tensor, nn
from torch.utils.data import DataLoader

from ocr.training.alphabet import BLANK, alphabet
from ocr.training.batches import POOL, SIZES, Batch, Lines, batched, collated
from ocr.training.export import progress_of, weights_of
from ocr.training.line_images import LineMaker
from ocr.training.network import Recognizer

_PEAK, _WARM_STEPS, _FALL_FROM, _LEAST = 1.5e-3, 200, 0.5, 0.02
_WEIGHT_DECAY, _MOST_GRADIENT = 1e-3, 5.0
_VALIDATION_SEED, _VALIDATION_LINES = 10**12, 600
_TELL_SECONDS, _SAVE_SECONDS = 60, 240
_MAKERS = {"cpu": 1, "cuda": max(1, (os.cpu_count() or 1) - 1)}  # of lines, processes
Progress: TypeAlias = dict[str, float]


class Training:
    """A network on its way: weights, optimizer, progress; all of it in one checkpoint."""

    def __init__(self, folder: Path, start: Path | None, peak: float) -> None:
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.signs = alphabet()
        self.network = Recognizer(self.signs).to(self.device, memory_format=torch.channels_last)
        self._peak = peak
        self._optimizer = torch.optim.AdamW(
            self.network.parameters(), lr=peak, weight_decay=_WEIGHT_DECAY
        )
        self._loss = nn.CTCLoss(blank=BLANK, zero_infinity=True)
        self._checkpoint = folder / "checkpoint.pt"
        self.done: Progress = {"pools": 0, "steps": 0, "lines": 0, "seconds": 0.0}
        if self._checkpoint.exists():
            kept = torch.load(self._checkpoint, map_location=self.device)
            self._take(kept["network"], kept["done"])
            with contextlib.suppress(ValueError):  # signs were added since
                self._optimizer.load_state_dict(kept["optimizer"])
        elif start:
            self._take(weights_of(start), progress_of(start))

    def _take(self, weights: dict[str, Tensor], done: Progress) -> None:
        self.network.load_state_dict(with_new_signs(weights, len(self.signs)))
        self.done = done

    def step(self, batch: Batch, rate: float) -> float:
        """Learn from one batch at a share of the highest learning rate; return its loss."""
        for group in self._optimizer.param_groups:
            group["lr"] = self._peak * rate
        images, steps, classes, counts = batch
        odds = self.network(seen(images, self.device)).log_softmax(2).transpose(0, 1)
        loss = self._loss(odds, classes.to(self.device), steps, counts)
        self._optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(self.network.parameters(), _MOST_GRADIENT)
        self._optimizer.step()
        self.done["steps"] += 1
        self.done["lines"] += len(steps)
        ahead = _MAKERS[self.device.type] * SIZES[self.device.type].pools
        self.done["pools"] = self.done["lines"] // POOL + ahead
        return float(loss.item())

    def save(self) -> None:
        """Write the checkpoint, whole or not at all."""
        new = self._checkpoint.with_suffix(".new")
        kept = {"network": self.network.state_dict(), "optimizer": self._optimizer.state_dict()}
        torch.save(kept | {"done": self.done}, new)
        new.replace(self._checkpoint)


class Validation:
    """Lines that are never learned from: faces and faults of training, seeds of their own."""

    def __init__(self, signs: tuple[str, ...]) -> None:
        maker, place = LineMaker(), {sign: n for n, sign in enumerate(signs)}
        lines = [maker.make(_VALIDATION_SEED + n) for n in range(_VALIDATION_LINES)]
        self._signs = signs
        self._batches = [
            (collated(batch, place), [line.text for line in batch])
            for batch in batched(lines, SIZES["cpu"])
        ]

    def character_errors(self, network: nn.Module, device: torch.device) -> float:
        """Return edits to a sign of the truth, spaces counted."""
        network.eval()
        edits = total = 0
        with torch.no_grad():
            for (images, steps, _, _), truths in self._batches:
                read = decoded(network(seen(images, device)), steps, self._signs)
                for said, true in zip(read, truths, strict=True):
                    edits += Levenshtein.distance(said.strip(), true)
                    total += len(true)
        network.train()
        return edits / total


def seen(images: Tensor, device: torch.device) -> Tensor:
    """Return images of 0 to 255 as the network sees them, 0 to 1, where it is."""
    there = images.to(device, non_blocking=True).to(memory_format=torch.channels_last)
    return there.float() / 255


def decoded(odds: Tensor, steps: Tensor, signs: tuple[str, ...]) -> list[str]:
    """Return the likeliest text of each line."""
    best = odds.argmax(2).tolist()
    counts = steps.tolist()
    return ["".join(_collapsed(row[:n], signs)) for row, n in zip(best, counts, strict=True)]


def _collapsed(row: list[int], signs: tuple[str, ...]) -> Iterator[str]:
    before = BLANK
    for now in row:
        if now not in {before, BLANK}:
            yield signs[now]
        before = now


def with_new_signs(weights: dict[str, Tensor], signs: int) -> dict[str, Tensor]:
    """Return weights with rows of zeros for the signs at the alphabet's end that they lack."""
    grown = dict(weights)
    for name in ("signs.own", "signs.bias"):
        rows = weights[name]
        grown[name] = nn.functional.pad(rows, (0, 0) * (rows.ndim - 1) + (0, signs - len(rows)))
    return grown


def train(folder: Path, minutes: float, start: Path | None, threads: int, peak: float) -> None:
    """Train, writing `checkpoint.pt` and `log.jsonl` in the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(1)
    torch.set_num_threads(threads)
    training = Training(folder, start, peak)
    validation = Validation(training.signs)
    batches = _batches(training)
    first = dict(training.done)
    began = told = saved = time.monotonic()
    losses: list[float] = []
    share = 0.0
    with (folder / "log.jsonl").open("a") as log:
        while share < 1:
            share = (time.monotonic() - began) / (60 * minutes)
            rate = learning_rate(training.done["steps"] - first["steps"], share)
            losses.append(training.step(next(batches), rate))
            now = time.monotonic()
            if now - told < _TELL_SECONDS and share < 1:
                continue
            report: dict[str, float] = {
                "minutes": round((now - began) / 60, 1),
                "loss": round(sum(losses) / len(losses), 4),
                "rate": round(rate, 4),
                "lines_a_second": round(
                    (training.done["lines"] - first["lines"]) / (now - began), 1
                ),
            }
            if now - saved > _SAVE_SECONDS or share >= 1:
                training.done["seconds"] += now - saved
                training.save()
                errors = validation.character_errors(training.network, training.device)
                report["character_errors"] = round(errors, 4)
                saved = now
            line = json.dumps(training.done | report)
            log.write(line + "\n")
            log.flush()
            print(line, flush=True)
            told, losses = time.monotonic(), []


def _batches(training: Training) -> Iterator[Batch]:
    device = training.device.type
    lines = Lines(int(training.done["pools"]), training.signs, SIZES[device])
    return iter(
        DataLoader(
            lines,
            batch_size=None,
            num_workers=_MAKERS[device],
            pin_memory=device == "cuda",
            prefetch_factor=8,
            multiprocessing_context="spawn",
        )
    )


def learning_rate(step: float, share: float) -> float:
    """Return the share of the highest rate: a short rise, a level, a fall to nearly nothing."""
    rise = min(1.0, (step + 1) / _WARM_STEPS)
    fall = 1.0 if share < _FALL_FROM else max(_LEAST, (1 - share) / (1 - _FALL_FROM))
    return rise * fall


def main() -> None:
    """Train for some minutes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="where checkpoint and log are")
    parser.add_argument("--minutes", type=float, default=120)
    parser.add_argument("--from", dest="start", type=Path, help="model to start from")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--peak", type=float, default=_PEAK, help="highest learning rate")
    asked = parser.parse_args()
    train(asked.folder, asked.minutes, asked.start, asked.threads, asked.peak)


if __name__ == "__main__":
    main()
