"""Smooth outlines of masks: where the logits are zero, between their pixels.

The outline along the pixels of the logits crosses, at each of their edges, the line between
the center of a pixel inside and of one outside. Zero lies on that line where linear
interpolation puts it, so each edge gives one vertex (marching squares), in the same order and
with the same parts and holes. Where pixels of a mask meet diagonally both ways to pair the
vertices are sound, as no two of them share a place.
"""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from geosam_processing.engine.segmentation.mask_polygons import mask_polygons

Reals = NDArray[np.float64]

# Logits nearer to zero than this would put a vertex on a center, and let outlines touch there.
_LEAST = 1e-3


def mask_contours(
    logits: NDArray[np.float32], height: float, width: float, largest_only: bool = False
) -> NDArray[np.object_]:
    """The parts of a mask, in pixels of its logits: x from the left, y from the top.

    Args:
        logits: [h, w]; the mask is where they are above zero.
        height, width: in pixels of the logits; what lies beyond is cut off.
        largest_only: only the part with the largest area.

    Returns:
        Valid polygons, none if the mask is empty.
    """
    positive = logits > 0
    rows, columns = np.flatnonzero(positive.any(axis=1)), np.flatnonzero(positive.any(axis=0))
    if not len(rows):
        return np.empty(0, dtype=object)
    top, left = max(int(rows[0]) - 1, 0), max(int(columns[0]) - 1, 0)
    # Beyond the edge of a patch its logits go on; then comes the outside.
    crop = np.pad(logits[top : rows[-1] + 2, left : columns[-1] + 2], 1, mode="edge")
    crop = np.where(crop > 0, np.maximum(crop, _LEAST), np.minimum(crop, -_LEAST))
    crop = np.pad(crop, 1, constant_values=-1.0)
    parts = _at_zero(mask_polygons(crop > 0, largest_only), crop.astype(np.float64))
    parts = shapely.transform(parts, lambda points: points + (left - 2, top - 2))
    bounds = shapely.total_bounds(parts)
    if (bounds < 0).any() or bounds[2] > width or bounds[3] > height:
        cut = shapely.intersection(parts, shapely.box(0, 0, width, height))
        parts = shapely.get_parts(shapely.get_parts(cut))
        parts = parts[shapely.get_dimensions(parts) == 2]
    return np.asarray(parts)


def _at_zero(parts: NDArray[np.object_], logits: Reals) -> NDArray[np.object_]:
    """Polygons along pixels with a vertex at each pixel's edge, where the logits are zero."""
    rings, part = shapely.get_rings(parts, return_index=True)
    points, ring = shapely.get_coordinates(rings, return_index=True)
    inside = np.flatnonzero(ring[1:] == ring[:-1])
    begin, step = points[inside].astype(np.intp), np.diff(points, axis=0)[inside].astype(np.intp)
    lengths = np.abs(step).sum(axis=1)
    # The pixel edges of each side.
    side = np.repeat(np.arange(len(lengths)), lengths)
    number = np.arange(len(side)) - (np.cumsum(lengths) - lengths)[side]
    direction = np.sign(step)[side]
    middle = begin[side] + (number[:, None] + 0.5) * direction
    # Half a pixel to either side are the centers of two pixels.
    normal = np.abs(direction[:, ::-1])
    one = np.floor(middle - 0.5 * normal).astype(np.intp)
    other = np.floor(middle + 0.5 * normal).astype(np.intp)
    low, high = logits[one[:, 1], one[:, 0]], logits[other[:, 1], other[:, 0]]
    vertices = middle + (low / (low - high) - 0.5)[:, None] * normal
    ring_of_vertex = ring[inside][side]
    lines = shapely.linearrings(vertices, indices=ring_of_vertex)
    return np.asarray(shapely.polygons(lines, indices=part))
