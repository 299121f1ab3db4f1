"""Main directions of objects: radians, of right angles, so modulo a quarter turn."""

from __future__ import annotations

import numpy as np
import shapely

from geosam_processing.engine.outlines.corners import Corners
from geosam_processing.engine.outlines.rings import Geometries, Indices, Reals

QUARTER = np.pi / 2
# How far apart the boxes of neighbors are, in meters.
_REACH = 30.0
# The direction of an object may be off by this many tolerances across its diameter.
_OFF, _OFF_RANGE = 0.6, tuple(np.radians([1.0, 8.0]))


def of_edges(corners: Corners, count: int) -> Reals:
    """[count] the mean direction of the edges between the corners of each object; 0 without any.

    Longer edges count more, by the square of their length.
    """
    index = corners.index
    ring = corners.ring
    following = np.append(index[1:], 0)[: len(index)]
    following[corners.first + corners.sizes - 1] = index[corners.first]
    x, y = (corners.rings.points[following] - corners.rings.points[index]).T
    weights = x * x + y * y
    angle = 4 * np.arctan2(y, x)
    owner = corners.rings.owners[ring]
    across = np.bincount(owner, weights * np.sin(angle), count)
    along = np.bincount(owner, weights * np.cos(angle), count)
    return np.asarray(np.arctan2(across, along) / 4)


def of_rectangles(geometries: Geometries) -> Reals:
    """[N] the direction of the smallest rectangle around each object; 0 where there is none."""
    rectangles = shapely.oriented_envelope(geometries)
    directions = np.zeros(len(geometries))
    good = shapely.get_type_id(rectangles) == shapely.GeometryType.POLYGON
    good &= ~shapely.is_empty(rectangles)
    if good.any():
        points = shapely.get_coordinates(rectangles[good]).reshape(-1, 5, 2)
        x, y = (points[:, 1] - points[:, 0]).T
        directions[good] = np.arctan2(y, x)
    return directions


def difference(one: Reals, other: Reals) -> Reals:
    """The angle between directions, from 0 to an eighth of a turn."""
    turn = (one - other) % QUARTER
    return np.asarray(np.minimum(turn, QUARTER - turn))


def uncertainty(geometries: Geometries, tolerance: float) -> Reals:
    """[N] by how much the direction of an object may be off: less for larger ones."""
    left, bottom, right, top = shapely.bounds(geometries).T
    with np.errstate(divide="ignore"):
        return np.clip(_OFF * tolerance / np.hypot(right - left, top - bottom), *_OFF_RANGE)


def shared(
    geometries: Geometries, direction: Reals, spread: Reals, groups: Indices | None
) -> Reals:
    """[N] directions that objects of about the same direction have in common.

    From the largest object on, each takes along what is alike near it, or in its group. What
    is near those only does not go with it: along a bend, others begin.

    Args:
        geometries: [N] not empty.
        spread: [N] by how much the directions may be off, in radians.
        groups: [N] numbers from 0; objects of one group are neighbors. If None, all near ones are.
    """
    bounds = shapely.bounds(geometries)
    sizes = np.hypot(bounds[:, 2] - bounds[:, 0], bounds[:, 3] - bounds[:, 1])
    order = np.argsort(-sizes, kind="stable")
    if groups is None:
        near = _near(bounds)
    else:
        members = np.argsort(groups, kind="stable")
        by_group = np.split(members, np.cumsum(np.bincount(groups))[:-1])
        near = [by_group[group] for group in groups.tolist()]
    leader = np.full(len(geometries), -1, dtype=np.intp)
    for each in order.tolist():
        if leader[each] < 0:
            others = near[each]
            others = others[leader[others] < 0]
            apart = difference(direction[others], direction[each])
            leader[others[apart <= np.maximum(spread[others], spread[each])]] = each
            leader[each] = each
    weights = sizes**2
    return _means(leader, direction, weights)


def _near(bounds: Reals) -> list[Indices]:
    """For each box, those whose boxes are within reach."""
    tree = shapely.STRtree(shapely.box(*bounds.T))
    one, other = tree.query(shapely.box(*(bounds + _REACH * np.array([-1, -1, 1, 1])).T))
    order = np.argsort(one, kind="stable")
    return np.split(other[order], np.searchsorted(one[order], np.arange(1, len(bounds))))


def _means(leader: Indices, direction: Reals, weights: Reals) -> Reals:
    count = len(leader)
    across = np.bincount(leader, weights * np.sin(4 * direction), count)
    along = np.bincount(leader, weights * np.cos(4 * direction), count)
    return np.asarray((np.arctan2(across, along) / 4)[leader])
