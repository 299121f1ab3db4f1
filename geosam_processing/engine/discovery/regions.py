"""The connected regions of a raster's pixels, and its local maxima, block by block."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from affine import Affine
from numpy.typing import NDArray
from rasterio.features import shapes
from scipy import ndimage
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import KDTree

from geosam_processing.engine.raster.view import RasterView

Geometries = NDArray[np.object_]
Reals = NDArray[np.float64]
Flags = NDArray[np.bool_]

BLOCK_SIDE = 2048  # pixels


@dataclass(frozen=True)
class Scanned:
    """What was found, in pixels of the view (x right, y down).

    Attributes:
        regions: [R] polygons of pixels that share edges, from top to bottom.
        tops: [T, 2] centers of the pixels with local maxima.
        heights: [T] their values.
    """

    regions: Geometries
    tops: Reals
    heights: Reals


def scan(
    view: RasterView,
    select: Callable[[NDArray[Any]], Flags],
    wanted: Callable[[Geometries], Flags],
    reach: tuple[int, int] | None = None,
    lowest: bool = False,
    progress: Callable[[float], None] = lambda share: None,
    side: int = BLOCK_SIDE,
) -> Scanned:
    """Find the regions of selected pixels, and the maxima in them.

    The memory holds a block, the regions that are wanted, and those that a border of a block
    cuts.

    Args:
        view: with one band.
        select: whether each value is one of an object; those without data never are.
        wanted: which complete regions to keep.
        reach: columns and rows around a maximum in which nothing is higher. If None, no maxima.
        lowest: minima instead, whose ``heights`` are the negative values.
        progress: receives the share that is done. It may raise.
    """
    complete: list[Geometries] = []
    cut: list[Geometries] = []
    tops, heights = [np.empty((0, 2))], [np.empty(0)]
    blocks = list(_blocks(view, side))
    for number, (x, y, width, height) in enumerate(blocks):
        progress(number / len(blocks))
        across, down = reach or (0, 0)
        left, top = max(x - across, 0), max(y - down, 0)
        right = min(x + width + across, view.width)
        bottom = min(y + height + down, view.height)
        values, valid = view.read(left, top, right - left, bottom - top)
        chosen = valid & select(values[0])
        core = np.s_[y - top : y - top + height, x - left : x - left + width]
        found = _polygons(chosen[core], x, y)
        at_border = _touch_border(found, (x, y, x + width, y + height), view)
        cut.append(found[at_border])
        inner = found[~at_border]
        complete.append(inner[wanted(inner)])
        if reach is not None:
            level = -values[0] if lowest else values[0]
            places, values_there = _maxima(level, chosen, reach, core)
            tops.append(places + (x, y))
            heights.append(values_there)
    joined = _joined(np.concatenate([*cut, np.empty(0, dtype=object)]))
    complete.append(joined[wanted(joined)])
    regions = np.concatenate(complete)
    bounds = shapely.bounds(regions)
    order = np.lexsort(bounds.T[:2]) if len(regions) else np.empty(0, np.intp)
    progress(1.0)
    return Scanned(regions[order], np.concatenate(tops), np.concatenate(heights))


def highest_apart(tops: Reals, heights: Reals, distance: float) -> NDArray[np.intp]:
    """Indices of the points that no higher one of them is nearer to than ``distance``."""
    order = np.lexsort((tops[:, 0], tops[:, 1], -heights))
    tree = KDTree(tops[order]) if len(order) else None
    free = np.ones(len(order), dtype=bool)
    for place in range(len(order)):
        if free[place] and tree is not None:
            near = np.array(tree.query_ball_point(tops[order[place]], distance))
            free[near[near > place]] = False
    return np.sort(order[free])


def _blocks(view: RasterView, side: int) -> Iterator[tuple[int, int, int, int]]:
    for y in range(0, view.height, side):
        for x in range(0, view.width, side):
            yield x, y, min(side, view.width - x), min(side, view.height - y)


def _polygons(chosen: Flags, x: int, y: int) -> Geometries:
    found = shapes(
        chosen.astype(np.uint8), mask=chosen, connectivity=4, transform=Affine.translation(x, y)
    )
    rings = [shape["coordinates"] for shape, _ in found]
    result = np.empty(len(rings), dtype=object)
    result[:] = [shapely.Polygon(outer, holes) for outer, *holes in rings]
    # A ring may touch itself where pixels meet at a corner.
    invalid = ~shapely.is_valid(result)
    result[invalid] = shapely.make_valid(result[invalid], method="structure", keep_collapsed=False)
    return result


def _touch_border(
    polygons: Geometries, block: tuple[int, int, int, int], view: RasterView
) -> Flags:
    """Which polygons reach a border of their block inside the view."""
    bounds = shapely.bounds(polygons).reshape(-1, 4)
    ends = (0, 0, view.width, view.height)
    inner = np.array([mine != end for mine, end in zip(block, ends, strict=True)])
    return np.asarray(((bounds == np.array(block)) & inner).any(axis=1))


def _joined(pieces: Geometries) -> Geometries:
    """The unions of pieces that share more than a corner."""
    if not len(pieces):
        return pieces
    one, other = shapely.STRtree(pieces).query(pieces, predicate="touches")
    once = one < other
    one, other = one[once], other[once]
    along = shapely.length(shapely.intersection(pieces[one], pieces[other])) > 0
    links = coo_array(
        (np.ones(int(along.sum())), (one[along], other[along])), shape=(len(pieces),) * 2
    )
    count, group = connected_components(links, directed=False)
    order = np.argsort(group, kind="stable")
    parts = np.split(pieces[order], np.cumsum(np.bincount(group, minlength=count))[:-1])
    result = np.empty(count, dtype=object)
    result[:] = [part[0] if len(part) == 1 else shapely.union_all(part) for part in parts]
    return result


def _maxima(
    values: NDArray[Any], chosen: Flags, reach: tuple[int, int], core: tuple[slice, slice]
) -> tuple[Reals, Reals]:
    """Centers and values of the core's maxima; of a plateau, its pixel nearest to its middle."""
    # A square that fits in the circle; what is still too near is told by the distances.
    across, down = (2 * math.floor(pixels / math.sqrt(2)) + 1 for pixels in reach)
    low = np.where(chosen, values, -np.inf)
    highest = ndimage.maximum_filter(low, size=(down, across), mode="constant", cval=-np.inf)
    inside = low[core]
    labels, count = ndimage.label(chosen[core] & (inside == highest[core]))
    rows, columns = np.nonzero(labels)
    plateau = labels[rows, columns] - 1
    sizes = np.maximum(np.bincount(plateau, minlength=count), 1)
    places = np.column_stack([columns, rows]).astype(float)
    sums = np.column_stack([np.bincount(plateau, axis, count) for axis in places.T])
    middle = sums / sizes[:, None]
    away = np.hypot(*(places - middle[plateau]).T)
    order = np.lexsort((away, plateau))
    first = order[np.unique(plateau[order], return_index=True)[1]]
    return places[first] + 0.5, inside[rows[first], columns[first]].astype(float)
