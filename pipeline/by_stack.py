"""What is kept by stack, looked up by document: a few stacks are in memory, never all of them."""

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeVar

T = TypeVar("T")

KEPT = 2_000
"""Documents whose stacks are kept in memory for the next look; more where one stack holds more."""


class ByStack(Mapping[str, T]):
    """Documents, or what is said of each, by document id and in order."""

    def __init__(
        self, stack_of: Mapping[str, str], load: Callable[[str], Sequence[tuple[str, T]]]
    ) -> None:
        """`load` tells of a stack each document's id with what is looked for."""
        self._stack_of = stack_of
        self._load = load
        self._loaded: OrderedDict[str, dict[str, T]] = OrderedDict()

    def __getitem__(self, document: str) -> T:
        return self._stack(self._stack_of[document])[document]

    def __iter__(self) -> Iterator[str]:
        return iter(self._stack_of)

    def __len__(self) -> int:
        return len(self._stack_of)

    def __contains__(self, document: object) -> bool:
        return document in self._stack_of

    def _stack(self, stack: str) -> dict[str, T]:
        if stack not in self._loaded:
            self._loaded[stack] = dict(self._load(stack))
            while len(self._loaded) > 1 and sum(map(len, self._loaded.values())) > KEPT:
                self._loaded.popitem(last=False)
        self._loaded.move_to_end(stack)
        return self._loaded[stack]
