"""Divide a grid of patches into parts that are compact on the map: pure arithmetic.

The patches are placed along a Hilbert curve, whose runs are compact: neighboring patches share
most of their pixels, and the fewer neighbors lie in other parts, the less is read twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from geosam_processing.contract import Shard
from geosam_processing.engine.encoding.grid import PatchGrid
from geosam_processing.engine.features.manifest import Chip

Indices = NDArray[np.int64]


def curve_order(rows: Indices, columns: Indices) -> Indices:
    """Return the positions of patches in the order in which a Hilbert curve visits them.

    Args:
        rows, columns: the places of n patches in the grid, 0 or more, in any order.

    Returns:
        A permutation of 0 .. n - 1. Patches in the same place keep their order.
    """
    return np.argsort(_curve_positions(rows, columns), kind="stable")


def part(order: Indices, shard: Shard) -> Indices:
    """Return the run of ``order`` that is the shard's; the lengths differ by at most one."""
    begin = (shard.number - 1) * len(order) // shard.count
    return order[begin : shard.number * len(order) // shard.count]


def grid_order(grid: PatchGrid, kept: Indices | None = None) -> Indices:
    """Return the indices of the grid's patches along the curve, or of the ``kept`` ones only."""
    indices = np.arange(len(grid), dtype=np.int64) if kept is None else np.unique(kept)
    rows, columns = np.divmod(indices, grid.column_count)
    return indices[curve_order(rows, columns)]


def shard_patches(grid: PatchGrid, shard: Shard, kept: Indices | None = None) -> Indices:
    """Return the indices of the shard's patches in the grid, rising.

    The shards of one count contain every patch of the grid, or of ``kept``, exactly once.
    """
    return np.sort(part(grid_order(grid, kept), shard))


def shard_of_chips(chips: Sequence[Chip], shard: Shard) -> frozenset[int]:
    """Return the positions of the chips of a feature folder that are a shard's.

    The existing chips are divided evenly, without the patches that have none.
    """
    places = np.array([(chip.transform.f, chip.transform.c) for chip in chips], dtype=np.float64)
    # Their ranks are rows and columns, also in folders that state neither.
    (_, rows), (_, columns) = (np.unique(each, return_inverse=True) for each in places.T)
    return frozenset(part(curve_order(rows, columns), shard).tolist())


def blocks(order: Indices, size: int) -> Iterator[Indices]:
    """Divide an order into the fewest runs of at most ``size`` patches, of nearly equal lengths.

    The indices in each run rise. Raises ValueError if ``size`` is below 1.
    """
    if size < 1:
        raise ValueError(f"Invalid size of a block ({size}): give 1 or more patches")
    count = -(-len(order) // size)
    for number in range(count):
        begin, end = number * len(order) // count, (number + 1) * len(order) // count
        yield np.sort(order[begin:end])


def _curve_positions(rows: Indices, columns: Indices) -> Indices:
    """Return how far along the Hilbert curve through the enclosing square each place lies."""
    x, y = columns.astype(np.int64), rows.astype(np.int64)
    largest = max(int(x.max(initial=0)), int(y.max(initial=0)))
    half = 1 << max(largest.bit_length() - 1, 0)
    last = 2 * half - 1
    positions = np.zeros(len(x), dtype=np.int64)
    while half:
        right, upper = (x & half) > 0, (y & half) > 0
        # The curve visits the quarters in the shape of a U.
        quarter = np.where(right, np.where(upper, 2, 3), np.where(upper, 1, 0))
        positions += half * half * quarter
        # In the first and the last quarter it is mirrored, so that its ends meet.
        mirrored = right & ~upper
        x, y = np.where(mirrored, last - x, x), np.where(mirrored, last - y, y)
        x, y = np.where(upper, x, y), np.where(upper, y, x)
        half >>= 1
    return positions
