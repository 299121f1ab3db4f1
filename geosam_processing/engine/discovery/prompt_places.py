"""Where the points and the box of an object are, in meters."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from geosam_processing.engine.merging.pieces import Surface

Geometries = NDArray[np.object_]
Reals = NDArray[np.float64]

_LATTICE = 24  # candidates in each direction
# Points on the object keep this share of its largest circle's radius away from its border.
_INSIDE = 1 / 3
# Points beside it are this far away, in sides of a square of its area, at most ...
RING = 1 / 2
# ... and this far where there is no other object.
_MIDDLE_OF_RING = 3 / 8
_AROUND = 64  # candidates
_ROUGH = 1 / 50  # of a side


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
    left, bottom, right, top = surface.bounds
    steps = (np.arange(_LATTICE) + 0.5) / _LATTICE
    x, y = np.meshgrid(left + steps * (right - left), bottom + steps * (top - bottom))
    candidates = np.column_stack([x.ravel(), y.ravel()])
    shapely.prepare(surface)
    candidates = candidates[shapely.contains_xy(surface, candidates)]
    border = surface.boundary
    shapely.prepare(border)
    near = shapely.dwithin(border, shapely.points(candidates), _INSIDE * shapely.length(circle))
    return _farthest_first(candidates[~near], chosen, count)


def negative_points(
    surface: Surface, others: Sequence[Surface], limit: Surface | None, count: int
) -> Reals:
    """Points outside an object, [up to ``count``, 2].

    First on other objects around it, then in its holes, then in a ring around it.

    Args:
        limit: no point is outside of it. If None, there is no limit.
    """
    side = np.sqrt(surface.area)
    # A rough outline will do for what is away from it.
    parts = shapely.get_parts(surface)
    filled = shapely.simplify(shapely.polygons(shapely.get_exterior_ring(parts)), _ROUGH * side)
    filled = shapely.union_all(shapely.make_valid(filled))
    around = shapely.buffer(filled, RING * side)
    if limit is not None:
        around = shapely.intersection(around, limit)
    shapely.prepare(surface)
    chosen = np.empty((0, 2))
    on_others = _poles(shapely.intersection(_array(others), around))
    holes = shapely.polygons(_array([ring for part in parts for ring in part.interiors]))
    largest = holes[np.argsort(-shapely.area(holes), kind="stable")[:count]]
    for candidates in (on_others, _poles(largest)):
        free = candidates[~shapely.contains_xy(surface, candidates)]
        chosen = _farthest_first(free, chosen, count)
    if len(chosen) == count:
        return chosen
    ring = shapely.buffer(filled, _MIDDLE_OF_RING * side).boundary
    shares = (np.arange(_AROUND) + 0.5) / _AROUND
    places = shapely.get_coordinates(shapely.line_interpolate_point(ring, shares, normalized=True))
    for each in (surface, *others):
        places = places[~shapely.contains_xy(each, places)]
    return _farthest_first(places[shapely.contains_xy(around, places)], chosen, count)


def _poles(surfaces: Geometries) -> Reals:
    """[P, 2] the points of surfaces, the empty ones left out, that are farthest from borders."""
    with_area = surfaces[shapely.area(surfaces) > 0]
    circles = [shapely.maximum_inscribed_circle(_surface(each)) for each in with_area]
    return np.array([shapely.get_coordinates(each)[0] for each in circles]).reshape(-1, 2)


def _array(geometries: Sequence[shapely.Geometry]) -> Geometries:
    result = np.empty(len(geometries), dtype=object)
    result[:] = geometries
    return result


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
