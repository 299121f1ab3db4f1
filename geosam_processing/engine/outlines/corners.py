"""The places of a ring where one wall may end and the next begin, and sums between them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from geosam_processing.engine.outlines.rings import Indices, Reals, Rings

# More corners than that are thinned: the fit looks at all pairs of them.
MOST_CORNERS = 160


@dataclass(frozen=True)
class Corners:
    """Corners of rings, which begin with one, and what lies between two consecutive ones.

    Attributes:
        rings: about their own centers, in meters.
        sizes: [R] corners of each ring.
        index: [C] the point of each corner.
        sums: [C, 8] integrals from a corner to the next one: ds, x ds, y ds, x2 ds, xy ds,
            y2 ds, x dy, y dx.
    """

    rings: Rings
    sizes: Indices
    index: Indices
    sums: Reals

    @property
    def first(self) -> Indices:
        """[R] the first corner of each ring."""
        return np.cumsum(self.sizes) - self.sizes

    @property
    def perimeter(self) -> Reals:
        """[R] the length of each ring."""
        return np.asarray(np.add.reduceat(self.sums[:, 0], self.first))

    @property
    def ring(self) -> Indices:
        """[C] the ring of each corner."""
        return np.repeat(np.arange(len(self.sizes)), self.sizes)

    @classmethod
    def of(cls, rings: Rings, tolerance: float) -> Corners:
        """The vertices that Douglas-Peucker leaves.

        Args:
            rings: about their own centers, of three points or more.
            tolerance: in meters.
        """
        rings = rings.rolled(_farthest(rings))
        lines = rings.lines()
        simplified = shapely.simplify(lines, tolerance, preserve_topology=False)
        while (many := shapely.get_num_coordinates(simplified) > MOST_CORNERS + 1).any():
            tolerance *= 2
            simplified[many] = shapely.simplify(lines[many], tolerance, preserve_topology=False)
        points, ring = shapely.get_coordinates(simplified, include_z=True, return_index=True)
        last = np.append(ring[1:] != ring[:-1], True)[: len(ring)]
        index = points[~last, 2].astype(np.intp) + rings.first[ring[~last]]
        sizes = np.bincount(ring[~last], minlength=len(rings.sizes))
        return cls(rings, sizes, index, np.add.reduceat(_edge_sums(rings), index))

    def extremes(self, across: Reals) -> tuple[Reals, Reals]:
        """Least and greatest of a value from each corner to the next one, both included.

        Args:
            across: [P] the value at each point.
        """
        end = across[self.index[self._following]]
        low = np.minimum(np.minimum.reduceat(across, self.index), end)
        high = np.maximum(np.maximum.reduceat(across, self.index), end)
        return low, high

    def as_rings(self) -> Rings:
        """The corners alone."""
        points = self.rings.points[self.index]
        return Rings(points, self.sizes, self.rings.polygons, self.rings.owners)

    @property
    def _following(self) -> Indices:
        following = np.arange(1, len(self.index) + 1)
        following[self.first + self.sizes - 1] = self.first
        return following


def _farthest(rings: Rings) -> Indices:
    """The point of each ring that is farthest from its center: a corner, mostly."""
    distance = np.hypot(*rings.points.T)
    greatest = np.maximum.reduceat(distance, rings.first)
    at = np.flatnonzero(distance == greatest[rings.ring])
    _, once = np.unique(rings.ring[at], return_index=True)
    return at[once] - rings.first


def _edge_sums(rings: Rings) -> Reals:
    """[P, 8] the integrals of ``Corners.sums`` along the edge that begins at each point."""
    x, y = rings.points.T
    end_x, end_y = rings.points[rings.following].T
    length = np.hypot(end_x - x, end_y - y)
    middle_x, middle_y = (x + end_x) / 2, (y + end_y) / 2
    columns = (
        length,
        length * middle_x,
        length * middle_y,
        length * (x * x + x * end_x + end_x * end_x) / 3,
        length * (2 * x * y + x * end_y + end_x * y + 2 * end_x * end_y) / 6,
        length * (y * y + y * end_y + end_y * end_y) / 3,
        middle_x * (end_y - y),
        middle_y * (end_x - x),
    )
    return np.column_stack(columns)
