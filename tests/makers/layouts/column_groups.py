"""Column titles that stand under a title of their own, which spans several columns."""

from collections.abc import Mapping, Sequence

Group = tuple[str, int, int]  # its title or "", its first column, the column after its last


def grouped(
    titles: Sequence[str], known: Mapping[tuple[str, ...], str] | None = None
) -> list[Group]:
    """Groups from left to right: known runs of titles, then neighbours with the same first word."""
    heads = [title.partition(" ")[0] if " " in title else "" for title in titles]
    groups: list[Group] = []
    first = 0
    while first < len(titles):
        found = _known(titles, first, known or {})
        last = first + 1
        while not found and heads[first] and last < len(titles) and heads[last] == heads[first]:
            last += 1
        groups.append(found or (heads[first] if last - first > 1 else "", first, last))
        first = groups[-1][2]
    return groups


def _known(titles: Sequence[str], first: int, known: Mapping[tuple[str, ...], str]) -> Group | None:
    for run, title in known.items():
        if tuple(titles[first : first + len(run)]) == run:
            return title, first, first + len(run)
    return None
