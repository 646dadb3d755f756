"""Lines in the order a person reads them."""

from records.values import Line


def in_reading_order(lines: list[Line]) -> tuple[Line, ...]:
    """Return lines top to bottom, pieces of one printed row joined left to right."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=_middle):
        if rows and _same_row(rows[-1], line):
            rows[-1].append(line)
        else:
            rows.append([line])
    return tuple(_joined(row) for row in rows)


def _top(line: Line) -> float:
    return sum(word.box.y0 for word in line.words) / len(line.words)


def _bottom(line: Line) -> float:
    return sum(word.box.y1 for word in line.words) / len(line.words)


def _middle(line: Line) -> float:
    return (_top(line) + _bottom(line)) / 2


def _same_row(row: list[Line], line: Line) -> bool:
    """Tell whether a line stands beside the pieces of a row, at their height."""
    height = _bottom(line) - _top(line)
    for piece in row:
        shared = min(_bottom(piece), _bottom(line)) - max(_top(piece), _top(line))
        if shared < 0.5 * min(height, _bottom(piece) - _top(piece)):
            return False
        left, right = _sides(piece)
        own_left, own_right = _sides(line)
        if min(right, own_right) > max(left, own_left):
            return False
    return True


def _sides(line: Line) -> tuple[int, int]:
    return min(word.box.x0 for word in line.words), max(word.box.x1 for word in line.words)


def _joined(row: list[Line]) -> Line:
    words = [word for line in sorted(row, key=_sides) for word in line.words]
    return Line(tuple(words))
