"""What an outline of one date says about the next: prompts, and whether two outlines agree."""

from __future__ import annotations

import numpy as np
import shapely

from geosam_processing.contract import Prompt

# Points in the parts of an object, at most, and the share of the largest part that a part needs.
_POINTS = 3
_LEAST_PART = 0.2
# Precision of a point's place, in shares of a part's size.
_PRECISION = 0.02
# A prompt without a box is where its object is seen, within so many pixels.
_REACH = 8.0


def prompt_of(key: int, shape: shapely.Geometry) -> Prompt:
    """The bounding box of an outline, and points that lie deep in its parts."""
    parts = shapely.get_parts(shape)
    areas = shapely.area(parts)
    order = np.argsort(-areas, kind="stable")[:_POINTS]
    chosen = parts[order][areas[order] >= _LEAST_PART * areas.max()]
    points = tuple(deep_point(part) for part in chosen)
    left, bottom, right, top = shape.bounds
    return Prompt(key, points, (1,) * len(points), (left, bottom, right, top))


def deep_point(part: shapely.Polygon) -> tuple[float, float]:
    """The point in a polygon that is farthest from its outline, up to 2 % of its size."""
    left, bottom, right, top = part.bounds
    tolerance = _PRECISION * max(right - left, top - bottom)
    radius = shapely.maximum_inscribed_circle(part, tolerance=tolerance)
    x, y = shapely.get_coordinates(radius)[0].tolist()
    return x, y


def overlap(one: shapely.Geometry, other: shapely.Geometry) -> float:
    """The share of the smaller of two outlines that both have in common."""
    smaller = min(one.area, other.area)
    return float(shapely.intersection(one, other).area / smaller) if smaller > 0 else 0.0


def place_of(prompt: Prompt, pixel: float) -> shapely.Geometry:
    """The ground that a prompt points at.

    Args:
        pixel: size of a pixel in units of the CRS.
    """
    if prompt.box is not None:
        return shapely.box(*prompt.box)
    return targets_of(prompt).buffer(_REACH * pixel)


def targets_of(prompt: Prompt) -> shapely.MultiPoint:
    """The points of a prompt that are on its object; all of them if none is."""
    inside = [point for point, label in zip(prompt.points, prompt.labels, strict=True) if label]
    return shapely.multipoints(inside or list(prompt.points))


def joined(prompts: list[Prompt]) -> Prompt:
    """One prompt with the points and boxes of all, to find a patch that shows them."""
    boxes = np.array([prompt.box for prompt in prompts if prompt.box is not None])
    points = [point for prompt in prompts for point in prompt.points]
    labels = [label for prompt in prompts for label in prompt.labels]
    box = None
    if len(boxes):
        low, high = boxes[:, :2].min(0), boxes[:, 2:].max(0)
        box = (float(low[0]), float(low[1]), float(high[0]), float(high[1]))
    return Prompt(prompts[0].key, tuple(points), tuple(labels), box)
