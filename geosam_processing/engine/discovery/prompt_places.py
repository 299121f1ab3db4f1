"""Where the points and the box of an object are, in meters."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from geosam_processing.engine.merging.pieces import Surface

Reals = NDArray[np.float64]

_LATTICE = 24  # candidates in each direction
# Points on the object keep this share of its largest circle's radius away from its border.
_INSIDE = 1 / 3
# Points beside it are this far away, in sides of a square of its area, at most ...
RING = 1 / 2
# ... and this far where there is no other object.
_MIDDLE_OF_RING = 3 / 8
_AROUND = 64  # candidates


def positive_points(surface: Surface, count: int, first: Reals | None = None) -> Reals:
    """Points on an object, [up to ``count``, 2].

    The first one is the farthest from the border (pole of inaccessibility), if none is given;
    each further one is the farthest from those before it.
    """
    circle = shapely.maximum_inscribed_circle(surface)
    pole = shapely.get_coordinates(circle)[:1]
    chosen = pole if first is None else first[None]
    if count == 1:
        return chosen
    inside = shapely.buffer(surface, -_INSIDE * shapely.length(circle))
    inside = surface if inside.is_empty else inside
    left, bottom, right, top = inside.bounds
    steps = (np.arange(_LATTICE) + 0.5) / _LATTICE
    x, y = np.meshgrid(left + steps * (right - left), bottom + steps * (top - bottom))
    candidates = np.column_stack([x.ravel(), y.ravel()])
    shapely.prepare(inside)
    candidates = candidates[shapely.contains_xy(inside, candidates)]
    return _farthest_first(candidates, chosen, count)


def negative_points(
    surface: Surface, others: Sequence[Surface], limit: Surface | None, count: int
) -> Reals:
    """Points beside an object, [up to ``count``, 2].

    First on other objects around it, then in its holes, then in a ring around it.

    Args:
        limit: no point is outside of it. None: no limit.
    """
    none = np.empty((0, 2))
    side = np.sqrt(surface.area)
    around = shapely.buffer(surface, RING * side)
    if limit is not None:
        around = shapely.intersection(around, limit)
    on_others = shapely.intersection(np.array([*others], dtype=object), around)
    on_others = shapely.difference(on_others, surface)
    chosen = _farthest_first(_poles(on_others), none, count)
    rings = shapely.get_rings(surface)
    holes = shapely.difference(shapely.polygons(rings), surface)
    everything = shapely.union_all([surface, *others])
    chosen = _farthest_first(_poles(shapely.difference(holes, everything)), chosen, count)
    if len(chosen) == count:
        return chosen
    ring = shapely.buffer(surface, _MIDDLE_OF_RING * side).boundary
    shares = (np.arange(_AROUND) + 0.5) / _AROUND
    places = shapely.get_coordinates(shapely.line_interpolate_point(ring, shares, normalized=True))
    free = shapely.difference(around, everything)
    shapely.prepare(free)
    return _farthest_first(places[shapely.contains_xy(free, places)], chosen, count)


def _poles(surfaces: NDArray[np.object_]) -> Reals:
    """[P, 2] the points of surfaces, the empty ones left out, that are farthest from borders."""
    with_area = surfaces[shapely.area(surfaces) > 0]
    circles = [shapely.maximum_inscribed_circle(_surface(each)) for each in with_area]
    return np.array([shapely.get_coordinates(each)[0] for each in circles]).reshape(-1, 2)


def _surface(geometry: shapely.Geometry) -> shapely.Geometry:
    parts = shapely.get_parts(geometry)
    return shapely.union_all(parts[shapely.get_dimensions(parts) == 2])


def _farthest_first(candidates: Reals, chosen: Reals, count: int) -> Reals:
    """``chosen`` and, until they are ``count``, the candidate farthest from all before it."""
    found = list(chosen)
    away = np.full(len(candidates), np.inf)
    for point in found:
        away = np.minimum(away, np.hypot(*(candidates - point).T))
    while len(found) < count and len(candidates) and away.max() > 0:
        point = candidates[int(np.argmax(away))]
        found.append(point)
        away = np.minimum(away, np.hypot(*(candidates - point).T))
    return np.array(found).reshape(-1, 2)
