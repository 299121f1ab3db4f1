"""The parts of a patch without data, on a coarse grid, for prompts that lie on nothing."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

# Cells a side.
SIDE = 32
_DIGITS = SIDE * SIDE // 4


def empty_cells(valid: NDArray[np.bool_]) -> str:
    """The cells of a patch without any data, row by row, each a bit of a hexadecimal number.

    Args:
        valid: [height, width], False where there is no data.

    Returns:
        256 digits; empty if no cell is empty, or all are.
    """
    height, width = valid.shape
    if valid.all() or not valid.any():
        return ""
    rows, columns = (np.arange(size) * SIDE // size for size in (height, width))
    filled = np.zeros((SIDE, SIDE), dtype=bool)
    ys, xs = np.nonzero(valid)
    filled[rows[ys], columns[xs]] = True
    # Cells that no pixel falls into, of a patch that is narrower than that.
    seen = np.zeros_like(filled)
    seen[np.ix_(rows, columns)] = True
    empty = seen & ~filled
    return np.packbits(empty).tobytes().hex() if empty.any() else ""


def is_empty(cells: str, x: float, y: float) -> bool:
    """Whether a place is in an empty cell; x and y go from 0 to 1 across the patch."""
    if not cells:
        return False
    column, row = (min(max(int(each * SIDE), 0), SIDE - 1) for each in (x, y))
    number = row * SIDE + column
    return bool(int(cells[number // 4], 16) >> (3 - number % 4) & 1)


def are_cells(text: str) -> bool:
    """Whether ``empty_cells`` may have returned this."""
    return not text or (len(text) == _DIGITS and set(text) <= set("0123456789abcdef"))
