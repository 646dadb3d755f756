"""The two parts of the made pages: the one the line is tuned on, and the one it is measured on."""

from typing import Literal

Part = Literal["tuning", "test"]
"""Which part a made page belongs to.

`tuning`: for unit tests, demos, and for choosing thresholds and features; anybody may look at it.
`test`: for figures that are published; nothing is chosen by looking at it.

They are kept apart three times over, so that no seed of one part can make a page of the other:

- by seed: every random stream of the test part is seeded through `seeded`, with a prefix;
- by layout: `layouts.styles.LAYOUTS` gives each part layouts of its own (of the tuning part's,
  `documents.NAMED` only where they are named, so that its other pages stay);
- by font: `fonts.FAMILIES` gives each part families of its own.

Shared are the vocabulary (conditions, drugs, names, labels) and the kinds.
"""


def seeded(part: Part, stream: str) -> str:
    """The seed of a random stream in a part; in the tuning part the stream's own name."""
    return stream if part == "tuning" else f"{part}:{stream}"
