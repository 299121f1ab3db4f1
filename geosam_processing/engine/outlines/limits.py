"""How far an outline was moved, and whether that is allowed."""

from __future__ import annotations

import numpy as np
import shapely

from geosam_processing.engine.outlines.rings import Flags, Geometries, Reals

# Between points at which the distance is measured, in tolerances.
_SPACING = 0.5
# More points than that are too many to measure at.
_POINTS = 20_000
# Of rounding: a point that was moved by exactly the tolerance is within it.
_ROUNDING = 1e-9
# Pairs of points and edges above which an index of the edges pays.
_MANY_PAIRS = 100_000


def moved(before: Geometries, after: Geometries, tolerance: float) -> Reals:
    """[N] the greatest distance between the outlines, from whichever it is measured.

    It is measured at points that are half a tolerance apart at most, on very long outlines
    a 20,000th of their length; infinite if the polygon
    after is not valid, or empty.
    """
    distance = np.full(len(before), np.inf)
    good = np.flatnonzero(shapely.is_valid(after) & ~shapely.is_empty(after))
    lines, others = (
        shapely.segmentize(line, np.maximum(_SPACING * tolerance, shapely.length(line) / _POINTS))
        for line in (shapely.boundary(before[good]), shapely.boundary(after[good]))
    )
    pairs = shapely.get_num_coordinates(lines) * shapely.get_num_coordinates(others)
    many = pairs > _MANY_PAIRS
    distance[good[~many]] = shapely.hausdorff_distance(lines[~many], others[~many])
    for place in np.flatnonzero(many):
        pair = lines[place], others[place]
        distance[good[place]] = max(_farthest(*pair), _farthest(*reversed(pair)))
    return distance


def area_change(before: Geometries, after: Geometries) -> Reals:
    """[N] the change of the area as a share of what it was."""
    return np.asarray(shapely.area(after) / shapely.area(before) - 1)


def within_limits(
    before: Geometries, after: Geometries, distance: Reals, tolerance: float, most_area: float
) -> Flags:
    """[N] whether each outline was moved by no more than ``tolerance`` in meters.

    Args:
        distance: [N] as ``moved`` gives it.
        most_area: by which the area may change, as a share of what it was.
    """
    near = distance <= tolerance * (1 + _ROUNDING)
    return np.asarray(near & (np.abs(area_change(before, after)) <= most_area + _ROUNDING))


def _farthest(line: shapely.Geometry, other: shapely.Geometry) -> float:
    """The greatest distance of a vertex of a line from another line."""
    points, part = shapely.get_coordinates(shapely.get_parts(other), return_index=True)
    edges = np.stack([points[:-1], points[1:]], axis=1)[part[1:] == part[:-1]]
    tree = shapely.STRtree(shapely.linestrings(edges))
    vertices = shapely.points(shapely.get_coordinates(line))
    _, distances = tree.query_nearest(vertices, return_distance=True, all_matches=False)
    return float(distances.max())
