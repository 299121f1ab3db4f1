"""From the walls of rings to their vertices."""

from __future__ import annotations

import numpy as np

from geosam_processing.engine.outlines.corners import Corners
from geosam_processing.engine.outlines.rings import Reals, Rings
from geosam_processing.engine.outlines.walls import FREE, TURNS, Walls

# Lines that cross at less than this angle cross anywhere; sine of 15 degrees.
_LEAST_SINE = 0.26


def ring_of_walls(corners: Corners, walls: Walls, direction: Reals, tolerance: float) -> Rings:
    """Rings whose walls lie so that each has as much of the ring on its left as on its right.

    Args:
        direction: [R] radians, of the main walls of each ring.
        tolerance: how far a vertex may be from the corner that it is made of, if the walls
            that meet there have no direction in common with the main ones.

    Returns:
        About the same centers; a ring without walls has no points.
    """
    ring = walls.ring
    angle = _angles(walls, direction)
    normal = np.column_stack([-np.sin(angle), np.cos(angle)])
    position = _positions(corners, walls, angle)
    # The wall before each wall, the last one before the first.
    before = np.arange(len(ring)) - 1
    first = np.cumsum(walls.sizes) - walls.sizes
    there = walls.sizes > 0
    before[first[there]] = (first + walls.sizes - 1)[there]
    corner = corners.rings.points[corners.index[walls.begin]]
    points = _crossings(normal[before], position[before], normal, position)
    soft = (walls.label == FREE) | (walls.label[before] == FREE)
    far = np.hypot(*(points - corner).T) > tolerance
    flat = np.abs(_cross(normal[before], normal)) < _LEAST_SINE
    loose = (soft & (far | flat)) | ~np.isfinite(points).all(axis=1)
    onto = np.where(
        (walls.label == FREE) & (walls.label[before] != FREE), before, np.arange(len(ring))
    )
    shift = position[onto] - (normal[onto] * corner).sum(axis=1)
    points[loose] = (corner + shift[:, None] * normal[onto])[loose]
    return Rings(points, walls.sizes, corners.rings.polygons, corners.rings.owners)


def refined(corners: Corners, walls: Walls, direction: Reals) -> tuple[Reals, Reals]:
    """[N] the direction that fits the walls of each object best, all of its rings together.

    Args:
        direction: [N] radians, that the walls were found with.

    Returns:
        The direction, and by how much the cost of the walls falls with it.
    """
    fixed = walls.label != FREE
    owner = corners.rings.owners[walls.ring[fixed]]
    length, x, y, xx, xy, yy = walls.sums[fixed, :6].T
    xx, xy, yy = xx - x * x / length, xy - x * y / length, yy - y * y / length
    angle = 2 * (direction[owner] + TURNS[walls.label[fixed]])
    count = len(direction)
    along = (xx - yy) * np.cos(angle) + 2 * xy * np.sin(angle)
    across = 2 * xy * np.cos(angle) - (xx - yy) * np.sin(angle)
    along = np.bincount(owner, along, count)
    across = np.bincount(owner, across, count)
    return direction + np.arctan2(across, along) / 2, (np.hypot(along, across) - along) / 2


def _angles(walls: Walls, direction: Reals) -> Reals:
    """[W] the direction of each wall."""
    length, x, y, xx, xy, yy = walls.sums[:, :6].T
    xx, xy, yy = xx - x * x / length, xy - x * y / length, yy - y * y / length
    own = np.arctan2(2 * xy, xx - yy) / 2
    turns = np.append(TURNS, 0)[walls.label]
    return np.where(walls.label == FREE, own, direction[walls.ring] + turns)


def _positions(corners: Corners, walls: Walls, angle: Reals) -> Reals:
    """[W] where each wall is across its direction: the area between it and its ring is 0."""
    index = corners.index
    end = np.append(walls.begin[1:], 0)[: len(walls.begin)]
    first = np.cumsum(walls.sizes) - walls.sizes
    there = walls.sizes > 0
    end[(first + walls.sizes - 1)[there]] = walls.begin[first[there]]
    begin_x, begin_y = corners.rings.points[index[walls.begin]].T
    end_x, end_y = corners.rings.points[index[end]].T
    cosine, sine = np.cos(angle), np.sin(angle)
    x_dy, y_dx = walls.sums[:, 6:].T
    x_dx, y_dy = (end_x**2 - begin_x**2) / 2, (end_y**2 - begin_y**2) / 2
    area = cosine**2 * y_dx - sine**2 * x_dy + cosine * sine * (y_dy - x_dx)
    along = cosine * (end_x - begin_x) + sine * (end_y - begin_y)
    length, x, y = walls.sums[:, :3].T
    mean = (cosine * y - sine * x) / length
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(np.abs(along) > 0.2 * length, area / along, mean)


def _cross(one: Reals, other: Reals) -> Reals:
    return np.asarray(one[:, 0] * other[:, 1] - one[:, 1] * other[:, 0])


def _crossings(one: Reals, at_one: Reals, other: Reals, at_other: Reals) -> Reals:
    """[W, 2] where pairs of lines cross, each given by its normal and its distance from 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        x = at_one * other[:, 1] - at_other * one[:, 1]
        y = at_other * one[:, 0] - at_one * other[:, 0]
        return np.asarray(np.column_stack([x, y]) / _cross(one, other)[:, None])
