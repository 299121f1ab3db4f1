"""Intersection over union, the one of this project."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

Reals = NDArray[np.float64]


def intersection_over_union(left: Any, right: Any) -> Reals:
    """Return the IoU of polygons in the same CRS.

    ``left`` and ``right`` are geometries or arrays of them, which broadcast. Missing and empty
    geometries have an IoU of 0. Invalid ones are repaired.
    """
    left, right = _valid(left), _valid(right)
    intersections = shapely.area(shapely.intersection(left, right))
    return share_of_union(intersections, shapely.area(left), shapely.area(right))


def mask_intersection_over_union(left: Any, right: Any, empty: float = 0.0) -> Reals:
    """Return the IoU of boolean masks over the last two axes.

    ``left`` and ``right`` are arrays or tensors, which broadcast. ``empty`` is the IoU of two empty
    masks.
    """
    left, right = np.asarray(left, bool), np.asarray(right, bool)
    intersections = np.count_nonzero(left & right, (-2, -1))
    areas = np.count_nonzero(left, (-2, -1)), np.count_nonzero(right, (-2, -1))
    return np.where(areas[0] + areas[1] > 0, share_of_union(intersections, *areas), empty)


def share_of_union(intersections: Any, left: Any, right: Any) -> Reals:
    """Return the IoU of pairs by their shared areas and the areas of both; 0 without an area."""
    intersections = np.nan_to_num(np.asarray(intersections, np.float64))
    unions = np.nan_to_num(left) + np.nan_to_num(right) - intersections
    ratio = np.divide(intersections, unions, out=np.zeros_like(intersections), where=unions > 0)
    return np.minimum(ratio, 1.0)


def _valid(geometries: Any) -> Any:
    geometries = np.asarray(geometries, dtype=object)
    if shapely.is_valid(geometries).all():
        return geometries
    return shapely.make_valid(geometries, method="structure", keep_collapsed=False)
