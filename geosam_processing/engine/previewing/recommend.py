"""Which patches hold which objects, and which resolution and stride hold enough: pure arithmetic.

Windows of objects are [N, 4] arrays of left, top, right, bottom in pixels of a grid.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geosam_processing.contract import Recommendation
from geosam_processing.engine.encoding.grid import PatchGrid

Reals = NDArray[np.float64]
Integers = NDArray[np.int64]

# Pixels; coordinates that went through a transform and back are that inexact.
_TOLERANCE = 1e-6
# Resolutions are tried in such steps, and then in between.
_STEP = 2**0.25
_REFINEMENTS = 3
_LONGEST_LADDER = 120
# Strides are tried from a whole patch down to an eighth of one, in 32nds.
_STRIDE_PARTS = 32
_SMALLEST_STRIDE_PARTS = 4


@dataclass(frozen=True)
class ObjectsOnGrid:
    """Objects on the pixels of a grid of ``width`` x ``height``.

    ``windows`` are cut with the grid; objects outside it are left out.
    """

    windows: Reals
    width: int
    height: int

    @classmethod
    def cut(
        cls, windows: Reals, width: int, height: int
    ) -> tuple[ObjectsOnGrid, NDArray[np.bool_]]:
        """The objects that touch the grid, and which of ``windows`` those are."""
        limits = np.array([width, height, width, height], dtype=float)
        inside: NDArray[np.bool_] = np.logical_and.reduce(
            [
                np.isfinite(windows).all(axis=1),
                (windows[:, :2] < limits[:2]).all(axis=1),
                (windows[:, 2:] > 0).all(axis=1),
            ]
        )
        return cls(np.clip(windows[inside], 0, limits), width, height), inside

    def with_margin(self, margin: float) -> ObjectsOnGrid:
        """The objects with ``margin`` pixels around them, as far as the grid has pixels."""
        limits = (self.width, self.height, self.width, self.height)
        grown = self.windows + np.array([-margin, -margin, margin, margin], dtype=float)
        return ObjectsOnGrid(np.clip(grown, 0, limits), self.width, self.height)

    def containing_counts(self, patch_size: int, stride: int) -> Integers:
        """[N]: how many patches contain each object whole."""
        grid = PatchGrid(self.width, self.height, patch_size, stride)
        counts = [
            _Line(grid, axis, stride).containing(self.windows[:, axis], self.windows[:, axis + 2])[
                2
            ]
            for axis in (0, 1)
        ]
        product: Integers = counts[0] * counts[1]
        return product

    def best_patches(self, patch_size: int, stride: int) -> Integers:
        """[N]: the index of the patch whose center is nearest, of those that contain the object
        whole; of all patches if none does."""
        grid = PatchGrid(self.width, self.height, patch_size, stride)
        column, row = (
            _Line(grid, axis, stride).nearest(self.windows[:, axis], self.windows[:, axis + 2])
            for axis in (0, 1)
        )
        indices: Integers = row * grid.column_count + column
        return indices

    def covered_share(self, patch_size: int, stride: int, margin: float) -> float:
        """Share of the objects that lie whole in some patch, ``margin`` pixels from its edge."""
        if not len(self.windows):
            return 0.0
        return float(np.mean(self.with_margin(margin).containing_counts(patch_size, stride) > 0))


class _Line:
    """The patches of a grid along one axis (0: x, 1: y)."""

    def __init__(self, grid: PatchGrid, axis: int, stride: int) -> None:
        self.stride = stride
        self.length = grid.window_size[axis]
        self.count = (grid.column_count, grid.row_count)[axis]
        self.last_start = (grid.column_start, grid.row_start)[axis](self.count - 1)
        # All but the last start at a multiple of the stride, and perhaps the last as well.
        self.regular = self.last_start // stride

    def containing(self, low: Reals, high: Reals) -> tuple[Integers, Integers, Integers]:
        """First and last of the regular patches that contain low..high, and how many all are."""
        low, high = low + _TOLERANCE, high - _TOLERANCE
        first = np.maximum(np.ceil((high - self.length) / self.stride), 0).astype(np.int64)
        last = np.minimum(np.floor(low / self.stride), self.regular).astype(np.int64)
        counts = np.maximum(last - first + 1, 0)
        return first, last, counts + (self._in_shifted(low, high) & self._is_shifted)

    def nearest(self, low: Reals, high: Reals) -> Integers:
        first, last, counts = self.containing(low, high)
        nowhere = counts == 0
        regular = last >= first
        first = np.where(regular, first, 0)
        last = np.where(regular, last, self.regular)
        centre = (low + high) / 2
        wanted = (centre - self.length / 2) / self.stride
        found = np.clip(np.ceil(wanted - 0.5).astype(np.int64), first, last)
        if self._is_shifted:
            distance = np.abs(found * self.stride + self.length / 2 - centre)
            shifted = np.abs(self.last_start + self.length / 2 - centre)
            allowed = nowhere | self._in_shifted(low + _TOLERANCE, high - _TOLERANCE)
            better = allowed & ((shifted < distance) | (~regular & ~nowhere))
            found = np.where(better, self.count - 1, found)
        return found

    @property
    def _is_shifted(self) -> bool:
        """Whether the last patch was shifted inward, off the multiples of the stride."""
        return self.last_start % self.stride > 0

    def _in_shifted(self, low: Reals, high: Reals) -> NDArray[np.bool_]:
        inside: NDArray[np.bool_] = (low >= self.last_start) & (
            high <= self.last_start + self.length
        )
        return inside


def recommend(
    objects_at: Callable[[float], ObjectsOnGrid],
    finest: float,
    patch_size: int,
    share: float,
    margin: float,
) -> Recommendation | None:
    """The finest resolution, and there the largest stride, at which ``share`` is covered.

    Args:
        objects_at: the objects on the grid of a resolution in meters.
        finest: the resolution to begin with, in meters; finer ones are not tried.
        share: of the objects, 0 to 1.
        margin: in pixels.

    Returns:
        None if no resolution covers enough, as when the margin fills a patch.
    """
    previous = None
    for step in range(_LONGEST_LADDER):
        resolution = finest if step == 0 else _rounded_up(finest * _STEP**step)
        found = _largest_stride(objects_at(resolution), resolution, patch_size, share, margin)
        if found is not None:
            break
        previous = resolution
    else:
        return None
    if previous is not None:
        found = _between(objects_at, previous, found, patch_size, share, margin)
    return found


def _between(
    objects_at: Callable[[float], ObjectsOnGrid],
    too_fine: float,
    found: Recommendation,
    patch_size: int,
    share: float,
    margin: float,
) -> Recommendation:
    """A finer resolution than ``found``'s that still covers enough, by bisection."""
    for _ in range(_REFINEMENTS):
        middle = _rounded_up((too_fine + found.resolution) / 2)
        if not too_fine < middle < found.resolution:
            break
        finer = _largest_stride(objects_at(middle), middle, patch_size, share, margin)
        if finer is None:
            too_fine = middle
        else:
            found = finer
    return found


def _largest_stride(
    objects: ObjectsOnGrid, resolution: float, patch_size: int, share: float, margin: float
) -> Recommendation | None:
    strides = (
        max(patch_size * parts // _STRIDE_PARTS, 1)
        for parts in range(_STRIDE_PARTS, _SMALLEST_STRIDE_PARTS - 1, -1)
    )
    for stride in strides:
        covered = objects.covered_share(patch_size, stride, margin)
        if covered >= share:
            return Recommendation(resolution, stride, covered)
    return None


def _rounded_up(value: float) -> float:
    """``value`` with three digits, no smaller."""
    digits = 2 - math.floor(math.log10(value))
    factor = 10.0**digits
    return math.ceil(value * factor - 1e-9) / factor
