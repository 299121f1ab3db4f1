"""Where to look for the range of a raster's values, and what is odd about that range."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from geosam_processing.contract.texts import Text
from geosam_processing.engine.raster.target_grid import PixelWindow

# Pixels up to which all of a raster without overviews is read.
READABLE_PIXELS = 8192 * 8192
_WINDOWS = 16  # a side
_WINDOW_SIDE = 128  # pixels that are taken of each
_STRIP_LINES = 64
_STRIP_COLUMNS = 2048
# A range this many times as wide as that of most values is due to a few that are no data.
_ODD = 1000
# Share of the pixels at one end of a range that says that it was not meant for them.
_CLIPPED = 0.95
_BELOW = Text(
    "{} of the pixels are at or below the lower end of the range {} to {}: the values reach from "
    "{} to {}. Give the range in the values that QGIS shows"
)
_ABOVE = Text(
    "{} of the pixels are at or above the upper end of the range {} to {}: the values reach from "
    "{} to {}. Give the range in the values that QGIS shows"
)


def sample_windows(
    view: PixelWindow, block: tuple[int, int], whole_width: int
) -> list[tuple[PixelWindow, tuple[int, int]]]:
    """Windows spread over a part of a raster that is too large to be read, in its own pixels.

    Args:
        view: the part, in pixels of the file.
        block: rows and columns that the file keeps together; each is read at most once.
        whole_width: columns of the file.

    Returns:
        Windows in pixels of the part, each with the rows and columns to thin it to.
    """
    rows, columns = block
    if 2 * columns > whole_width:
        lines = max(min(_STRIP_LINES, view.height // _WINDOWS), 1)
        starts = [_middle(i, view.height, lines) for i in range(_WINDOWS)]
        shape = (lines, min(view.width, _STRIP_COLUMNS))
        return [(PixelWindow(0, y, view.width, lines), shape) for y in dict.fromkeys(starts)]
    found: dict[PixelWindow, tuple[int, int]] = {}
    for i in range(_WINDOWS):
        y, height = _block(i, view.y, view.height, rows)
        for j in range(_WINDOWS):
            x, width = _block(j, view.x, view.width, columns)
            shape = (min(height, _WINDOW_SIDE), min(width, _WINDOW_SIDE))
            found[PixelWindow(x, y, width, height)] = shape
    return list(found.items())


def _middle(index: int, size: int, length: int) -> int:
    centre = (2 * index + 1) * size // (2 * _WINDOWS)
    return max(min(centre - length // 2, size - length), 0)


def _block(index: int, offset: int, size: int, length: int) -> tuple[int, int]:
    """Start and length, within a part, of the file's block in the middle of a cell of it."""
    centre = offset + (2 * index + 1) * size // (2 * _WINDOWS)
    start = max(centre // length * length, offset)
    stop = min(centre // length * length + length, offset + size)
    return start - offset, stop - start


def odd_range(sample: NDArray[np.floating[Any]], minimum: float, maximum: float) -> str:
    """What is odd about the range of a sample; empty if nothing is."""
    low, high = np.percentile(sample, (1, 99))
    if not low < high or maximum - minimum <= _ODD * (high - low):
        return ""
    return Text(
        "The values reach from {} to {}, but 98 % of them lie between {} "
        "and {}. Declare the others as nodata, or cut percentiles off",
        f"{minimum:g}",
        f"{maximum:g}",
        f"{low:g}",
        f"{high:g}",
    )


def clipped_range(sample: NDArray[np.floating[Any]], value_range: tuple[float, float]) -> str:
    """What a range that was given leaves of a sample, if that is next to nothing; else empty."""
    minimum, maximum = value_range
    for share, template in (
        (float(np.mean(sample <= minimum)), _BELOW),
        (float(np.mean(sample >= maximum)), _ABOVE),
    ):
        if share > _CLIPPED:
            return Text(
                template,
                f"{share:.0%}",
                f"{minimum:g}",
                f"{maximum:g}",
                f"{sample.min():g}",
                f"{sample.max():g}",
            )
    return ""
