"""The network: a stack of convolutions over a line, one guess every four columns.

A syllable's weights in the last layer are the sum of its letters' (first, middle, last) and a
small part of its own: what is learned of ㄱ in 가 is known of ㄱ in 갉, so that rare syllables are
read after few lines. Exported, that is one plain matrix.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

from ocr.training.alphabet import letters_of

STRIDE = 4
"""Columns of the line's image to one guess."""

_REACHES = (9, 9, 11, 11, 13, 13)  # steps that each block looks along the line


class Recognizer(nn.Module):
    """From (lines, 1, 32, width) with ink towards 1 to (lines, width / 4, classes): log odds."""

    def __init__(self, signs: tuple[str, ...], width: int = 1) -> None:
        super().__init__()
        b, c, hidden = 48 * width, 96 * width, 192 * width
        deep = 160 * width
        self.look = nn.Sequential(
            _conv(1, b, 5, stride=2),
            _Separable(b),
            _Separable(b),
            _conv(b, c, 3, stride=2),
            _Dense(c),
            _Dense(c),
            _conv(c, deep, 3, stride=(2, 1)),
            _Separable(deep),
            _Separable(deep),
        )
        self.column = nn.Sequential(
            nn.Conv2d(deep, hidden, (4, 1), bias=False), nn.BatchNorm2d(hidden), nn.ReLU()
        )
        self.along = nn.Sequential(*(_Along(hidden, reach) for reach in _REACHES))
        self.dropout = nn.Dropout(0.1)
        self.signs = _SignLayer(signs, hidden)

    def forward(self, lines: Tensor) -> Tensor:
        """Return log odds of every class at every step."""
        seen = self.column(self.look(lines)).squeeze(2)
        return self.signs(self.dropout(self.along(seen).transpose(1, 2)))


def _conv(before: int, after: int, size: int, stride: int | tuple[int, int] = 1) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(before, after, size, stride, size // 2, bias=False),
        nn.BatchNorm2d(after),
        nn.ReLU(),
    )


class _Dense(nn.Module):
    def __init__(self, channels: int) -> None:
        super().__init__()
        self.body = _conv(channels, channels, 3)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.body(x)


class _Separable(nn.Module):
    """A depthwise and a pointwise convolution, added to what was there."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(channels, channels, 3, padding=1, groups=channels, bias=False),
            nn.BatchNorm2d(channels),
            nn.Conv2d(channels, channels, 1, bias=False),
            nn.BatchNorm2d(channels),
            nn.ReLU(),
        )

    def forward(self, x: Tensor) -> Tensor:
        return x + self.body(x)


class _Along(nn.Module):
    """Looks `reach` steps around along the line."""

    def __init__(self, channels: int, reach: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv1d(channels, channels, reach, padding=reach // 2, groups=channels, bias=False),
            nn.BatchNorm1d(channels),
            nn.Conv1d(channels, 2 * channels, 1),
            nn.ReLU(),
            nn.Conv1d(2 * channels, channels, 1),
        )

    def forward(self, x: Tensor) -> Tensor:
        return x + self.body(x)


class _SignLayer(nn.Module):
    def __init__(self, signs: tuple[str, ...], channels: int) -> None:
        super().__init__()
        letters = [letters_of(sign) for sign in signs]
        self.own = nn.Parameter(torch.zeros(len(signs), channels))
        self.first = nn.Parameter(torch.zeros(20, channels))
        self.middle = nn.Parameter(torch.zeros(22, channels))
        self.last = nn.Parameter(torch.zeros(29, channels))
        self.bias = nn.Parameter(torch.zeros(len(signs)))
        for place, own in enumerate(letters):
            if own is None:
                nn.init.normal_(self.own.data[place], std=0.05)
        for part in (self.first, self.middle, self.last):
            nn.init.normal_(part.data[:-1], std=0.05)
        numbers = torch.tensor([own or (19, 21, 28) for own in letters])
        self.register_buffer("letters", numbers, persistent=False)
        known = torch.tensor([[float(own is not None)] for own in letters])
        self.register_buffer("is_syllable", known, persistent=False)

    def weight(self) -> Tensor:
        """Return the layer's plain matrix, classes x channels."""
        first, middle, last = self.letters.unbind(1)
        shared = self.first[first] + self.middle[middle] + self.last[last]
        return self.own + shared * self.is_syllable

    def forward(self, x: Tensor) -> Tensor:
        with torch.autocast(x.device.type, torch.bfloat16, self.training and _multiplies_bf16(x)):
            return functional.linear(x, self.weight(), self.bias).float()


def _multiplies_bf16(x: Tensor) -> bool:
    """Whether 16-bit products are the faster ones here: a third of a step's time on a processor."""
    return x.is_cuda or bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())
