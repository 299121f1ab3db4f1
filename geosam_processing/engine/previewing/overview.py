"""A large raster at a glance: what can be known of its pixels without reading all of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyproj import Transformer

from geosam_processing.engine.encoding.grid import PatchGrid, PatchWindow
from geosam_processing.engine.previewing.object_windows import applied
from geosam_processing.engine.raster.opening import small_block_cache
from geosam_processing.engine.raster.statistics import READABLE_PIXELS
from geosam_processing.engine.raster.view import STATISTICS_SIDE, RasterView

# Up to so many pixels a raster is read as a whole.
_EXACT_PIXELS = 4096 * 4096
_STRIP_PIXELS = 2048 * 2048
_STRIP_CELLS = 1 << 18
# Without overviews GDAL would read nearly all of a raster to thin it out; up to so many
# pixels that takes seconds.
# Beyond, one pixel is read in each cell of a lattice of so many cells a side.
_LATTICE_SIDE = 96
# Patches are counted one by one up to so many, and from every n-th row and column beyond.
_COUNTED_PATCHES = 2_000_000

Values = NDArray[np.floating[Any]]
Mask = NDArray[np.bool_]
Indices = NDArray[np.intp]


@dataclass(frozen=True)
class Overview:
    """Pixels of a view on a regular lattice: cell (i, j) shows the pixel in its middle.

    Attributes:
        values: [B, h, w].
        valid: [h, w], False where there is no data.
        faithful: whether the lattice is fine enough for statistics: those of the view are
            taken the same way.
    """

    values: Values
    valid: Mask
    faithful: bool


def overview_of(view: RasterView) -> Overview:
    """Look at a view; of a warped one at the raster's own pixels, which are cheaper.

    Raises:
        RasterError: the file cannot be read.
    """
    source = view.unwarped or view
    if source.has_overviews or source.width * source.height <= READABLE_PIXELS:
        values, valid = source.thinned(source.thinned_shape(STATISTICS_SIDE))
        return Overview(values, valid, faithful=True)
    rows, columns = source.thinned_shape(_LATTICE_SIDE)
    values = np.empty((source.band_count, rows, columns))
    valid = np.empty((rows, columns), dtype=bool)
    with small_block_cache():
        for row in range(rows):
            y = _middle(row, rows, source.height)
            for column in range(columns):
                pixel, pixel_valid = source.read(_middle(column, columns, source.width), y, 1, 1)
                values[:, row, column], valid[row, column] = pixel[:, 0, 0], pixel_valid[0, 0]
    return Overview(values, valid, faithful=False)


def shrunk(view: RasterView, overview: Overview, shape: tuple[int, int]) -> Overview:
    """``view`` on a lattice of ``shape``, by averages, or from its ``overview`` if that is large.

    Raises:
        RasterError: the file cannot be read.
    """
    if _is_small(view) or (view.unwarped is None and overview.faithful):
        return Overview(*view.read(0, 0, view.width, view.height, shape), faithful=True)
    return looked_up(view, overview, shape)


def looked_up(view: RasterView, overview: Overview, shape: tuple[int, int]) -> Overview:
    """``view`` on a lattice of ``shape``, from the ``overview`` of its unwarped source.

    Places outside the source are not valid.
    """
    values = np.empty((len(overview.values), *shape), dtype=overview.values.dtype)
    valid = np.empty(shape, dtype=bool)
    for strip, row, column, inside in _places(view, overview, shape):
        values[:, strip] = overview.values[:, row, column]
        valid[strip] = overview.valid[row, column] & inside
    return Overview(values, valid, overview.faithful)


def _valid_at(view: RasterView, overview: Overview, shape: tuple[int, int]) -> Mask:
    """Only where ``looked_up`` is valid."""
    valid = np.empty(shape, dtype=bool)
    for strip, row, column, inside in _places(view, overview, shape):
        valid[strip] = overview.valid[row, column] & inside
    return valid


def _places(
    view: RasterView, overview: Overview, shape: tuple[int, int]
) -> Iterator[tuple[slice, Indices, Indices, Mask]]:
    """Where in ``overview`` the cells of a lattice of ``shape`` over ``view`` lie.

    Yields:
        Rows of the lattice; for its cells there, rows and columns of ``overview``, and which lie
        inside.
    """
    rows, columns = shape
    source = view.unwarped
    transformer = None
    if source is not None and source.crs != view.crs:
        transformer = Transformer.from_crs(view.crs_text, source.crs_text, always_xy=True)
    whole = source or view
    height, width = overview.valid.shape
    # A strip at a time: the coordinates of all cells take hundreds of megabytes.
    step = max(_STRIP_CELLS // columns, 1)
    for start in range(0, rows, step):
        strip = slice(start, min(start + step, rows))
        x, y = np.meshgrid(
            (np.arange(columns) + 0.5) * view.width / columns,
            (np.arange(strip.start, strip.stop) + 0.5) * view.height / rows,
        )
        if source is not None:
            x, y = applied(view.transform, x, y)
            if transformer is not None:
                x, y = transformer.transform(x, y)
            x, y = applied(~source.transform, x, y)
        inside = np.isfinite(x) & np.isfinite(y)
        inside &= (x >= 0) & (y >= 0) & (x < whole.width) & (y < whole.height)
        column = (np.where(inside, x, 0) * width / whole.width).astype(np.intp)
        row = (np.where(inside, y, 0) * height / whole.height).astype(np.intp)
        yield strip, row, column, inside


class Coverage:
    """How much of each part of a view has data.

    Attributes:
        exact: whether each pixel was looked at; else the shares are those of a sample.
    """

    def __init__(self, valid: Mask, width: int, height: int, exact: bool) -> None:
        """``valid`` is a lattice over ``width`` x ``height`` pixels."""
        self.exact = exact
        self._scales = valid.shape[1] / width, valid.shape[0] / height
        sums = np.zeros((valid.shape[0] + 1, valid.shape[1] + 1), dtype=np.int32)
        np.cumsum(valid, axis=0, dtype=np.int32, out=sums[1:, 1:])
        np.cumsum(sums[1:, 1:], axis=1, out=sums[1:, 1:])
        self._sums = sums

    @classmethod
    def of(cls, view: RasterView, overview: Overview) -> Coverage:
        """The coverage of ``view``; small ones are read, else the ``overview`` is asked.

        Raises:
            RasterError: the file cannot be read.
        """
        if view.holds_data_everywhere:
            return cls(np.ones((1, 1), dtype=bool), view.width, view.height, exact=True)
        if _is_small(view):
            valid = np.empty((view.height, view.width), dtype=bool)
            step = max(_STRIP_PIXELS // view.width, 1)
            for y in range(0, view.height, step):
                height = min(step, view.height - y)
                valid[y : y + height] = view.read(0, y, view.width, height)[1]
            return cls(valid, view.width, view.height, exact=True)
        valid = _valid_at(view, overview, view.thinned_shape(STATISTICS_SIDE))
        return cls(valid, view.width, view.height, exact=False)

    def nodata_share(self, window: PatchWindow) -> float:
        """The share, 0 to 1, of a window without data."""
        shares = self._shares(
            np.array([window.x]), np.array([window.y]), (window.width, window.height)
        )
        return float(shares[0, 0])

    def empty_count(self, grid: PatchGrid) -> int:
        """How many windows of a grid have no data at all; of large grids an estimate."""
        total = len(grid)
        thinning = max(total / _COUNTED_PATCHES, 1.0) ** 0.5
        columns = _thinned_range(grid.column_count, thinning)
        rows = _thinned_range(grid.row_count, thinning)
        width, height = grid.window_size
        x = np.minimum(columns * grid.stride, grid.width - width)
        y = np.minimum(rows * grid.stride, grid.height - height)
        empty = np.count_nonzero(self._shares(x, y, (width, height)) == 1.0)
        return round(total * empty / (len(columns) * len(rows)))

    def _shares(
        self, x: NDArray[np.int64], y: NDArray[np.int64], size: tuple[int, int]
    ) -> NDArray[np.float64]:
        """[len(y), len(x)]: the shares of the windows that start at ``x``, ``y``."""
        (left, right), (top, bottom) = (
            self._cells(start, length, scale, limit)
            for start, length, scale, limit in zip(
                (x, y), size, self._scales, (self._sums.shape[1] - 1, self._sums.shape[0] - 1)
            )
        )
        sums = self._sums
        count = (
            sums[np.ix_(bottom, right)]
            - sums[np.ix_(top, right)]
            - sums[np.ix_(bottom, left)]
            + sums[np.ix_(top, left)]
        )
        cells = np.outer(bottom - top, right - left)
        shares: NDArray[np.float64] = 1.0 - count / cells
        return shares

    @staticmethod
    def _cells(
        start: NDArray[np.int64], length: int, scale: float, limit: int
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        # Rounding must not take in a cell that is only touched by an error of 1e-16.
        first = np.minimum(np.floor(start * scale + 1e-9).astype(np.int64), limit - 1)
        last = np.ceil((start + length) * scale - 1e-9).astype(np.int64)
        return first, np.clip(last, first + 1, limit)


def _is_small(view: RasterView) -> bool:
    """Whether a view can be read as a whole; to read a warped one is to read its source."""
    parts = (view, view.unwarped or view)
    return all(part.width * part.height <= _EXACT_PIXELS for part in parts)


def _middle(cell: int, cells: int, size: int) -> int:
    return min(int((cell + 0.5) * size / cells), size - 1)


def _thinned_range(count: int, thinning: float) -> NDArray[np.int64]:
    kept = max(int(count / thinning), 1)
    return np.floor((np.arange(kept) + 0.5) * count / kept).astype(np.int64)
