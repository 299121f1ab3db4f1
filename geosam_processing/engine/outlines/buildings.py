"""Outlines of buildings: straight walls, right angles, circles."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from geosam_processing.engine.outlines import directions
from geosam_processing.engine.outlines.corners import Corners
from geosam_processing.engine.outlines.rings import Geometries, Reals, Rings, numbered
from geosam_processing.engine.outlines.vertices import refined, ring_of_walls
from geosam_processing.engine.outlines.walls import FREE, fit_walls, price_of_wall

RIGHT_ANGLES, STRAIGHT, CIRCLE = "right angles", "straight walls", "circle"

# Of the tolerance: how far Douglas-Peucker may go for the corners that walls begin at.
_CORNERS = 0.5
# Directions that differ by less than this lead to the same walls.
_APART = np.radians(2.0)
# A circle costs as much as this many walls: a square of a few pixels stays one.
_CIRCLE_PRICE = 5
# How far a circle's edges are inside of it at most, in tolerances.
_SAGITTA = 0.1


@dataclass(frozen=True)
class Fitted:
    """Outlines of straight walls and circles.

    Attributes:
        geometries: [N] not checked.
        methods: [N] RIGHT_ANGLES, STRAIGHT or CIRCLE.
    """

    geometries: Geometries
    methods: Geometries


class BuildingFit:
    """Fits walls to the outlines of objects.

    Args:
        geometries: [N] valid polygons or multipolygons, in meters.
        tolerance: in meters.
    """

    def __init__(self, geometries: Geometries, tolerance: float) -> None:
        self._geometries, self._tolerance = geometries, tolerance
        self._count = len(geometries)
        rings = Rings.of(geometries)
        self._centers = rings.centers
        self._corners = Corners.of(rings.shifted(-self._centers), _CORNERS * tolerance)
        self._circles, self._circle_cost = _circles(rings.shifted(-self._centers), tolerance)

    def directions(self) -> Reals:
        """[N] the main directions that cost least.

        They begin with those of the edges; where the smallest rectangle around an object has
        another one, that is tried as well.
        """
        direction, cost = self._improved(directions.of_edges(self._corners, self._count))
        other = directions.of_rectangles(self._geometries)
        (apart,) = np.nonzero(directions.difference(direction, other) > _APART)
        if len(apart):
            some = BuildingFit(self._geometries[apart], self._tolerance)
            tried, tried_cost = some._improved(other[apart])
            better = tried_cost < cost[apart]
            direction[apart[better]] = tried[better]
        return direction

    def along(self, direction: Reals) -> Fitted:
        """The outlines with main directions that are given [N]."""
        owners = self._corners.rings.owners
        walls = fit_walls(self._corners, direction[owners], self._tolerance)
        price = price_of_wall(self._corners.perimeter, self._tolerance)
        # A ring that no walls fit keeps its corners.
        loose = ~np.isfinite(walls.cost)
        cost = np.where(loose, self._corners.sizes * price, walls.cost)
        rings = ring_of_walls(self._corners, walls, direction[owners], self._tolerance)
        rings = rings.mixed(self._corners.as_rings(), loose)
        round_ = self._circle_cost + _CIRCLE_PRICE * price < cost
        # A courtyard is round in a round building only.
        round_ &= np.isin(owners, owners[round_ & ~self._corners.rings.holes])
        rings = rings.mixed(self._circles, round_).shifted(self._centers)
        loose[walls.ring[walls.label == FREE]] = True
        methods = np.full(self._count, RIGHT_ANGLES, dtype=object)
        methods[owners[loose & ~round_]] = STRAIGHT
        # Outer rings come first of all rings of their objects.
        methods[owners[round_ & ~self._corners.rings.holes]] = CIRCLE
        return Fitted(
            rings.geometries(self._count),
            methods,
        )

    def _improved(self, direction: Reals) -> tuple[Reals, Reals]:
        """Directions [N] that fit the walls better that are found with ``direction``; cost."""
        owners = self._corners.rings.owners
        walls = fit_walls(self._corners, direction[owners], self._tolerance)
        improved, gain = refined(self._corners, walls, direction)
        return improved, np.bincount(owners, walls.cost, self._count) - gain


def _circles(rings: Rings, tolerance: float) -> tuple[Rings, Reals]:
    """The circle of the same area and center as each ring, and its cost, as that of walls."""
    x, y = rings.points.T
    end_x, end_y = rings.points[rings.following].T
    cross = (x * end_y - y * end_x) / 2
    first, ring = rings.first, rings.ring
    area = np.add.reduceat(cross, first)
    with np.errstate(divide="ignore", invalid="ignore"):
        center_x = np.add.reduceat(cross * (x + end_x), first) / (3 * area)
        center_y = np.add.reduceat(cross * (y + end_y), first) / (3 * area)
    radius = np.sqrt(np.abs(area) / np.pi)
    off, end_off, middle_off = (
        np.hypot(at_x - center_x[ring], at_y - center_y[ring]) - radius[ring]
        for at_x, at_y in ((x, y), (end_x, end_y), ((x + end_x) / 2, (y + end_y) / 2))
    )
    # Simpson's rule is exact for the squares of what is linear along an edge.
    squares = np.hypot(end_x - x, end_y - y) * (off**2 + 4 * middle_off**2 + end_off**2) / 6
    cost = np.add.reduceat(squares, first)
    worst = np.maximum.reduceat(np.maximum(np.abs(off), np.abs(middle_off)), first)
    cost[~(worst <= tolerance)] = np.inf
    with np.errstate(divide="ignore", invalid="ignore"):
        steps = np.pi / np.arccos(1 - np.minimum(_SAGITTA * tolerance / radius, 0.5))
    sizes = np.where(np.isfinite(cost), 4 * np.ceil(np.clip(steps / 4, 2, 64)), 0).astype(np.intp)
    each, number = numbered(sizes)
    angle = 2 * np.pi * number / sizes[each]
    # The polygon of this radius, not the circle, has the area.
    outer = np.sqrt(2 * np.abs(area[each]) / (sizes[each] * np.sin(2 * np.pi / sizes[each])))
    points = np.column_stack(
        [center_x[each] + outer * np.cos(angle), center_y[each] + outer * np.sin(angle)]
    )
    return Rings(points, sizes, rings.polygons, rings.owners), cost
