"""Buildings of known corners, and the outlines of the masks that a model makes of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geosam_processing.engine.segmentation.mask_polygons import mask_polygons

# Corners in units of the building's size.
FORMS = {
    "rectangle": [(0, 0), (1, 0), (1, 0.6), (0, 0.6)],
    "L": [(0, 0), (1, 0), (1, 0.4), (0.45, 0.4), (0.45, 1), (0, 1)],
    "U": [(0, 0), (1, 0), (1, 1), (0.7, 1), (0.7, 0.4), (0.3, 0.4), (0.3, 1), (0, 1)],
    "T": [(0, 0), (1, 0), (1, 0.4), (0.7, 0.4), (0.7, 1), (0.3, 1), (0.3, 0.4), (0, 0.4)],
    "bay": [(0, 0), (1, 0), (1, 0.6), (0.8, 0.6), (0.6, 0.8), (0.4, 0.8), (0.2, 0.6), (0, 0.6)],
}
COURTYARD = "courtyard"
_SQUARE = np.array([(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)])


def building(form: str, size: float, degrees: float, offset: tuple[float, float]) -> Any:
    """A building of a size in pixels, rotated about its center."""
    hole = []
    if form == COURTYARD:
        unit = _SQUARE
        hole = [(_SQUARE - 0.5) * size / 3]
    else:
        unit = np.array(FORMS[form], dtype=float)
    polygon = shapely.Polygon((unit - 0.5) * size, hole)
    turned = shapely.affinity.rotate(polygon, degrees, origin=(0, 0))
    return shapely.affinity.translate(turned, *offset)


def mask_outline(polygon: Any, noise: float = 0.0, seed: int = 0) -> Any:
    """The outline along pixels of the largest part of a polygon's mask.

    Args:
        noise: by how many pixels the outline is displaced (standard deviation), together over
            two or three pixels; corners are rounded then, as masks of models have them.
    """
    reach = int(np.ceil(np.abs(polygon.bounds).max())) + 4
    axis = np.arange(-reach, reach) + 0.5
    x, y = (each.ravel() for each in np.meshgrid(axis, axis))
    inside = shapely.contains_xy(polygon, x, y)
    if noise:
        points = shapely.points(x, y)
        distance = shapely.distance(polygon.boundary, points) * np.where(inside, 1, -1)
        shape = (len(axis), len(axis))
        bumps = _blurred(np.random.default_rng(seed).normal(size=shape), 1.5)
        field = _blurred(distance.reshape(shape), 0.8) + noise * bumps / bumps.std()
        inside = (field > 0).ravel()
    mask: NDArray[np.bool_] = inside.reshape(len(axis), len(axis))
    (outline,) = mask_polygons(mask, largest_only=True)
    return shapely.affinity.translate(outline, -reach, -reach)


def iou(one: Any, other: Any) -> float:
    """Intersection over union."""
    return float(one.intersection(other).area / one.union(other).area)


def _blurred(values: NDArray[np.float64], width: float) -> NDArray[np.float64]:
    """Blurred by a Gaussian of a standard deviation in pixels."""
    steps = np.arange(-int(4 * width), int(4 * width) + 1)
    kernel = np.exp(-((steps / width) ** 2) / 2)
    kernel /= kernel.sum()
    for axis in (0, 1):
        values = np.apply_along_axis(np.convolve, axis, values, kernel, mode="same")
    return values
