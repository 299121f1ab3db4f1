"""Polygons of a binary mask, traced with arrays.

It gives the polygons of ``rasterio.features.shapes(..., connectivity=4)``: one a part, along
the edges of pixels. GDAL builds each ring coordinate by coordinate and rasterio each as a
list of Python's; on masks of many parts that takes ten times as long.

An outline along pixels turns by a right angle at each corner, so its horizontal edges are
the corners of a row taken in pairs, its vertical edges the corners of a column in pairs.
Following them in turn gives a ring. Where two pixels of a mask meet
diagonally, two corners share a place and there are two ways to pair them:

- Pixels of two parts: each corner stays with its pixel, so that the parts stay apart.
- Pixels of one part: the other way round, which cuts off as a hole what would make the
  outer ring touch itself. No ring is then invalid: a hole that touched itself so would
  separate the two pixels, which are connected.

Kept apart everywhere at first, the two corners are on one ring exactly if the pixels are of
one part: they border on the same background, and two connected regions share one ring.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

Indices = NDArray[np.intp]


def mask_polygons(mask: NDArray[np.bool_], largest_only: bool = False) -> NDArray[np.object_]:
    """The parts of a mask, in pixels: x is the column, y the row.

    Pixels that meet at a corner only are different parts: joined, they would make an
    outline that touches itself.

    Args:
        mask: [H, W] with something in it.
        largest_only: only the part with the largest area.

    Returns:
        Valid polygons, at least one.
    """
    corners = _Corners.of(mask)
    rings = corners.rings(corners.vertical_partners(np.zeros(len(corners.place), dtype=bool)))
    if len(corners.saddles):
        label = np.empty(len(rings.order), dtype=np.intp)
        label[rings.order] = np.repeat(np.arange(len(rings.sizes)), rings.sizes)
        # The first corner of a saddle ends one horizontal edge, the second begins the next.
        one_part = label[corners.saddles // 2] == label[corners.saddles // 2 + 1]
        if one_part.any():
            swapped = np.zeros(len(corners.place), dtype=bool)
            swapped[corners.saddles[one_part]] = True
            swapped[corners.saddles[one_part] + 1] = True
            rings = corners.rings(corners.vertical_partners(swapped))
    return _polygons(corners, rings, largest_only)


@dataclass(frozen=True)
class _Rings:
    """Horizontal edges in the order of the rings, and how many each ring has."""

    order: Indices
    sizes: Indices


@dataclass(frozen=True)
class _Corners:
    """Corners of the outline, by row and then by column; 2k and 2k + 1 bound an edge.

    Attributes:
        place: row * stride + column.
        stride: number of columns of pixel corners.
        saddles: the first of each two corners that share a place.
        first_up: for a corner of a saddle, whether it belongs to the edge above it if the
            mask's pixels are to stay apart; False elsewhere.
        tails: the corner at which each horizontal edge begins, the mask on its right.
    """

    place: Indices
    stride: int
    saddles: Indices
    first_up: NDArray[np.bool_]
    tails: Indices

    @classmethod
    def of(cls, mask: NDArray[np.bool_]) -> _Corners:
        padded = np.pad(mask, 1)
        steps = padded[:, 1:] != padded[:, :-1]
        odd = steps[1:] != steps[:-1]
        crossing = steps[1:] & steps[:-1] & (padded[1:, 1:] != padded[:-1, 1:])
        stride = odd.shape[1]
        places = np.flatnonzero(odd | crossing)
        twice = crossing.ravel()[places]
        place = np.repeat(places, 1 + twice)
        rows, columns = np.divmod(place, stride)
        saddles = np.flatnonzero(place[1:] == place[:-1])
        # Of the pixels that meet, is one upper left of the corner? Then the horizontal edge
        # that ends there goes up, else the one that begins there.
        upper_left = padded[rows[saddles], columns[saddles]]
        first_up = np.zeros(len(place), dtype=bool)
        first_up[saddles] = upper_left
        first_up[saddles + 1] = ~upper_left
        begins = np.arange(0, len(place), 2)
        below = padded[rows[begins] + 1, columns[begins] + 1]
        return cls(place, stride, saddles, first_up, begins + ~below)

    def vertical_partners(self, swapped: NDArray[np.bool_]) -> Indices:
        """The corner at the other end of each corner's vertical edge.

        Args:
            swapped: at which corners of saddles the mask's pixels are joined.
        """
        rows, columns = np.divmod(self.place, self.stride)
        height = rows[-1] + 1
        order = np.argsort(2 * (columns * height + rows) + (self.first_up == swapped))
        partners = np.empty_like(order)
        partners[order[0::2]] = order[1::2]
        partners[order[1::2]] = order[0::2]
        return partners

    def rings(self, vertical: Indices) -> _Rings:
        """Follow the edges until each is in a ring; a ring begins with one of its topmost."""
        following = (vertical[self.tails ^ 1] // 2).tolist()
        order: list[int] = []
        sizes: list[int] = []
        for edge in range(len(following)):
            begin = len(order)
            while (after := following[edge]) >= 0:
                following[edge] = -1
                order.append(edge)
                edge = after
            if len(order) > begin:
                sizes.append(len(order) - begin)
        return _Rings(np.array(order, dtype=np.intp), np.array(sizes, dtype=np.intp))


def _polygons(corners: _Corners, rings: _Rings, largest_only: bool) -> NDArray[np.object_]:
    tails = corners.tails[rings.order]
    rows, begin_columns = np.divmod(corners.place[tails], corners.stride)
    end_columns = corners.place[tails ^ 1] % corners.stride
    first_edges = np.cumsum(rings.sizes) - rings.sizes
    # Positive for an outer ring: the mask is on the right of its edges.
    areas = np.add.reduceat(rows * (begin_columns - end_columns), first_edges)
    part = _parts(rows, begin_columns, end_columns, rings.sizes, areas > 0)
    chosen = np.lexsort((areas < 0, part))
    if largest_only:
        largest = np.argmax(np.bincount(part, weights=areas))
        chosen = chosen[part[chosen] == largest]
        part = np.zeros_like(part)
    sizes = rings.sizes[chosen]
    edges = np.repeat(first_edges[chosen] - (np.cumsum(sizes) - sizes), sizes)
    edges += np.arange(len(edges))
    coordinates = np.empty((2 * len(edges), 2))
    coordinates[0::2, 0] = begin_columns[edges]
    coordinates[1::2, 0] = end_columns[edges]
    coordinates[:, 1] = np.repeat(rows[edges], 2)
    lines = shapely.linearrings(coordinates, indices=np.repeat(np.arange(len(sizes)), 2 * sizes))
    return np.asarray(shapely.polygons(lines, indices=part[chosen]))


def _parts(
    rows: Indices,
    begin_columns: Indices,
    end_columns: Indices,
    sizes: Indices,
    outer: NDArray[np.bool_],
) -> Indices:
    """Which part each ring belongs to; parts are numbered in the order of their outer rings.

    The edge that a ring begins with is one of its topmost. Above that of a hole is its part,
    so the next edge further up is of that part as well: on its outer ring, or on a hole that
    begins higher up.

    Args:
        rows, begin_columns, end_columns: of the horizontal edges, in the order of the rings.
        sizes: edges of each ring.
        outer: whether a ring is an outer one.
    """
    part: Indices = np.cumsum(outer) - 1
    if outer.all() or part[-1] == 0:
        return part
    lengths = np.abs(end_columns - begin_columns)
    left = np.minimum(begin_columns, end_columns)
    height = rows.max() + 1
    # Every pixel's edge, by column and then by row.
    columns = np.repeat(left - (np.cumsum(lengths) - lengths), lengths)
    columns += np.arange(len(columns))
    keys = columns * height + np.repeat(rows, lengths)
    by_column = np.argsort(keys)
    ring_of_key = np.repeat(np.repeat(np.arange(len(sizes)), sizes), lengths)[by_column]
    holes = np.flatnonzero(~outer)
    first_edges = (np.cumsum(sizes) - sizes)[holes]
    hole_keys = left[first_edges] * height + rows[first_edges]
    above = np.arange(len(sizes))
    above[holes] = ring_of_key[np.searchsorted(keys[by_column], hole_keys) - 1]
    while not outer[above].all():
        above = above[above]
    return part[above]
