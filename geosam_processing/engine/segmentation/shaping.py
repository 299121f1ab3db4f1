"""From masks to polygons before the merging, and from merged polygons to objects after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import MultiPolygon, Polygon

from geosam_processing.contract import MaskOptions, Prompt
from geosam_processing.engine.features.manifest import Chip
from geosam_processing.engine.raster.area import AreaMeter
from geosam_processing.engine.segmentation.vectorize import mask_parts

if TYPE_CHECKING:
    import torch

# Parts below this share of a mask's largest one are specks.
_SPECK = 0.05


def ground_of(chip: Chip, points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Points [n, 2] in pixels of a patch, in its CRS."""
    a, b, c, d, e, f = tuple(chip.transform)[:6]
    return np.asarray(points @ np.array([[a, d], [b, e]]) + (c, f))


def shape_of(
    logits: torch.Tensor, chip: Chip, patch_size: int, outline: str
) -> MultiPolygon | None:
    """The outline of a mask in the CRS of its patch, without specks; None if it is empty.

    Args:
        logits: float32 [h, w] of the complete input.
        outline: one of ``contract.OUTLINES``.
    """
    parts = mask_parts(logits, chip, patch_size, outline)
    if not len(parts):
        return None
    areas = shapely.area(parts)
    parts = parts[areas >= _SPECK * areas.max()]
    parts = shapely.transform(parts, lambda points: ground_of(chip, points))
    return MultiPolygon(shapely.multipolygons(parts))


def finished(
    geometry: Polygon | MultiPolygon, options: MaskOptions, pixel: float, meter: AreaMeter
) -> MultiPolygon:
    """A merged object with holes filled, simplified and cut to its largest part, as asked.

    Args:
        pixel: size of a pixel in units of the CRS; ``options.simplify`` is in pixels.

    Returns:
        A valid multipolygon, empty if nothing is left.
    """
    parts = shapely.get_parts(geometry)
    if options.largest_part_only:
        parts = parts[[int(np.argmax(shapely.area(parts)))]]
    if options.simplify > 0:
        parts = shapely.simplify(parts, options.simplify * pixel)
        parts = parts[~shapely.is_empty(parts)]
    if options.fill_holes_up_to > 0 and len(parts):
        rings, part = shapely.get_rings(parts, return_index=True)
        kept = np.diff(part, prepend=-1) > 0
        kept |= meter.ring_areas(rings) > options.fill_holes_up_to
        parts = shapely.polygons(rings[kept], indices=part[kept])
    shape = MultiPolygon(list(parts))
    if shape.is_valid:
        return shape
    merged = shapely.union_all(shapely.make_valid(parts))
    return MultiPolygon([each for each in shapely.get_parts(merged) if isinstance(each, Polygon)])


def part_of(shape: shapely.Geometry, prompt: Prompt) -> shapely.Geometry:
    """The parts of an object that its prompt points at; all of them if it points at none."""
    parts = shapely.get_parts(shape)
    parts = parts[shapely.area(parts) > 0]
    inside = [point for point, label in zip(prompt.points, prompt.labels, strict=True) if label]
    if inside:
        aim = shapely.multipoints(inside)
    elif prompt.box is not None:
        aim = shapely.box(*prompt.box)
    else:
        return shape
    own = parts[shapely.intersects(parts, aim)]
    return shapely.multipolygons(own if len(own) else parts)
