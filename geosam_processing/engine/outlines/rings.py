"""Rings of many polygons in flat arrays, so that all of them are treated at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

Reals = NDArray[np.float64]
Indices = NDArray[np.intp]
Flags = NDArray[np.bool_]
Geometries = NDArray[np.object_]


def numbered(sizes: Indices) -> tuple[Indices, Indices]:
    """Return, for the members of runs of ``sizes``, the run of each and its number in it from 0."""
    run = np.repeat(np.arange(len(sizes)), sizes)
    return run, np.arange(len(run)) - (np.cumsum(sizes) - sizes)[run]


@dataclass(frozen=True)
class Rings:
    """Rings one after the other.

    Attributes:
        points: [P, 2]; a ring does not repeat its first point.
        sizes: [R] points of each ring.
        polygons: [R] the polygon of each ring; ascending, its outer ring first.
        owners: [R] the object of each ring; ascending.
    """

    points: Reals
    sizes: Indices
    polygons: Indices
    owners: Indices

    @classmethod
    def of(cls, geometries: Geometries) -> Rings:
        """The rings of polygons and multipolygons, without repeated points."""
        parts, part_owner = shapely.get_parts(geometries, return_index=True)
        rings, polygon = shapely.get_rings(parts, return_index=True)
        points, ring = shapely.get_coordinates(rings, return_index=True)
        after = np.roll(points, -1, axis=0)
        last = np.append(ring[1:] != ring[:-1], True)[: len(ring)]
        kept = ~last & (points != after).any(axis=1)
        sizes = np.bincount(ring[kept], minlength=len(rings))
        return cls(points[kept], sizes, polygon, part_owner[polygon])

    @property
    def first(self) -> Indices:
        """[R] the index of each ring's first point."""
        return np.cumsum(self.sizes) - self.sizes

    @property
    def ring(self) -> Indices:
        """[P] the ring of each point."""
        return np.repeat(np.arange(len(self.sizes)), self.sizes)

    @property
    def holes(self) -> Flags:
        """[R] whether a ring is a hole."""
        return np.append(False, self.polygons[1:] == self.polygons[:-1])[: len(self.sizes)]

    @property
    def following(self) -> Indices:
        """[P] the index of the point after each point, the first one after the last."""
        following = np.arange(1, len(self.points) + 1)
        first = self.first
        following[first + self.sizes - 1] = first
        return following

    def subset(self, chosen: Flags) -> Rings:
        """Only some of the rings."""
        points = self.points[np.repeat(chosen, self.sizes)]
        return Rings(points, self.sizes[chosen], self.polygons[chosen], self.owners[chosen])

    @property
    def centers(self) -> Reals:
        """[R, 2] the mean of each ring's points."""
        sums = np.add.reduceat(self.points, self.first) if len(self.sizes) else self.points
        return np.asarray(sums / self.sizes[:, None])

    def shifted(self, steps: Reals) -> Rings:
        """The rings, each moved by its step of [R, 2]."""
        points = self.points + np.repeat(steps, self.sizes, axis=0)
        return Rings(points, self.sizes, self.polygons, self.owners)

    def mixed(self, other: Rings, taken: Flags) -> Rings:
        """The same rings, but those flagged in ``taken`` [R] with the points of ``other``."""
        sizes = np.where(taken, other.sizes, self.sizes)
        points = np.empty((int(sizes.sum()), 2))
        new = np.repeat(taken, sizes)
        points[new] = other.points[np.repeat(taken, other.sizes)]
        points[~new] = self.points[np.repeat(~taken, self.sizes)]
        return Rings(points, sizes, self.polygons, self.owners)

    def rolled(self, shifts: Indices) -> Rings:
        """The same rings, each beginning with its point number ``shifts``."""
        first = np.repeat(self.first, self.sizes)
        place = np.arange(len(self.points)) - first
        order = first + (place + np.repeat(shifts, self.sizes)) % np.repeat(self.sizes, self.sizes)
        return Rings(self.points[order], self.sizes, self.polygons, self.owners)

    def lines(self) -> Geometries:
        """[R] closed line strings, with the number of a point in its ring as Z."""
        first = self.first
        order = np.insert(np.arange(len(self.points)), first + self.sizes, first)
        sizes = self.sizes + 1
        ring, number = numbered(sizes)
        points = np.column_stack([self.points[order], number])
        return np.asarray(shapely.linestrings(points, indices=ring))

    def geometries(self, count: int) -> Geometries:
        """[count] the multipolygons of the objects; a ring with fewer than three points is lost.

        The multipolygon of an object without rings is empty.
        """
        first_of_polygon = np.append(True, self.polygons[1:] != self.polygons[:-1])
        whole = self.sizes >= 3
        # With its outer ring a polygon loses its holes.
        outer_whole = whole[first_of_polygon][np.cumsum(first_of_polygon[: len(whole)]) - 1]
        left = self.subset(whole & outer_whole)
        made = np.full(count, shapely.MultiPolygon(), dtype=object)
        if not len(left.sizes):
            return made
        rings = shapely.linearrings(left.points, indices=left.ring)
        number = np.cumsum(np.append(True, left.polygons[1:] != left.polygons[:-1])) - 1
        polygons = shapely.polygons(rings, indices=number)
        owner = left.owners[np.flatnonzero(np.append(True, np.diff(number) > 0))]
        return np.asarray(shapely.multipolygons(polygons, indices=owner, out=made))
