"""From the logits of a mask to a polygon in the CRS of the feature folder.

A mask is up-sampled and polygonized in its bounding box only, which gives the very
polygons of the whole patch at a fraction of the time.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import MultiPolygon, Polygon

from geosam_processing.contract import Bounds, MaskOptions
from geosam_processing.engine.features.manifest import Chip
from geosam_processing.engine.raster.area import AreaMeter
from geosam_processing.engine.raster.letterbox import letterbox_shape
from geosam_processing.engine.segmentation.mask_contours import mask_contours
from geosam_processing.engine.segmentation.mask_polygons import mask_polygons

if TYPE_CHECKING:
    import torch

# Around the bounding box of the positive logits, in their own pixels: bilinear
# interpolation reaches one pixel far.
_MARGIN = 2
# What ends nearer than this to the edge of a patch, in pixels, reaches it.
_NEAR = 1e-6


@dataclass(frozen=True)
class Outline:
    """A mask as a polygon.

    Attributes:
        geometry: valid, in the CRS of the feature folder.
        area: square meters on the ellipsoid.
        touches_edge: the mask reaches the edge of its patch, so the object may go on.
        pixel_bounds: x0, y0, x1, y1 of the largest part in pixels of the chip.
    """

    geometry: MultiPolygon
    area: float
    touches_edge: bool
    pixel_bounds: Bounds


@dataclass(frozen=True)
class MaskCrop:
    """A mask on the pixel grid of its chip, cut to a window.

    Attributes:
        mask: bool [H, W].
        row, column: of the window's first pixel in the chip.
    """

    mask: NDArray[np.bool_]
    row: int
    column: int

    def parts(self, largest_only: bool = False) -> NDArray[np.object_]:
        """The parts of the mask along its pixels, in pixels of the chip."""
        parts = mask_polygons(self.mask, largest_only)
        return np.asarray(shapely.transform(parts, lambda points: points + (self.column, self.row)))


def choose_mask(
    logits: NDArray[np.float32], scores: NDArray[np.float32], choice: str
) -> int | None:
    """Which of a prompt's masks to keep, None if all are empty.

    Args:
        logits: [M, h, w] without padding.
        scores: [M].
        choice: one of ``contract.MASK_CHOICES``.
    """
    areas = np.array([np.count_nonzero(mask) for mask in logits > 0])
    (filled,) = np.nonzero(areas)
    if not len(filled):
        return None
    ranks = {"smallest": -areas, "largest": areas}.get(choice, scores)
    return int(filled[np.argmax(ranks[filled])])


def stability(logits: NDArray[np.float32]) -> float:
    """IoU of the masks at logits +1 and -1 (``calculate_stability_score`` of SAM)."""
    outer = np.count_nonzero(logits > -1.0)
    return float(np.count_nonzero(logits > 1.0) / outer) if outer else 0.0


def without_padding(logits: torch.Tensor, chip: Chip, patch_size: int) -> torch.Tensor:
    """Logits [..., h, w] without what lies wholly in the letterbox's padding."""
    height, width = letterbox_shape(*chip.shape, patch_size)
    side = logits.shape[-1]
    return logits[..., : -(-height * side // patch_size), : -(-width * side // patch_size)]


def mask_on_chip(logits: torch.Tensor, chip: Chip, patch_size: int) -> MaskCrop | None:
    """The mask on the pixels of its chip, as by SAM's ``postprocess_masks``.

    Args:
        logits: float32 [h, w] of the whole input.

    Returns:
        None if the mask is empty.
    """
    import torch
    from torch.nn.functional import interpolate

    shown = letterbox_shape(*chip.shape, patch_size)
    if shown != chip.shape:
        full = interpolate(logits[None, None], (patch_size, patch_size), mode="bilinear")
        full = interpolate(full[..., : shown[0], : shown[1]], chip.shape, mode="bilinear")
        return _filled(full[0, 0].numpy() > 0, 0, 0)
    positive = logits > 0
    (rows,) = torch.nonzero(positive.any(1), as_tuple=True)
    (columns,) = torch.nonzero(positive.any(0), as_tuple=True)
    if not len(rows):
        return None
    # SAM3's logits are 3.5 pixels wide, so its crops begin and end at every other one.
    enlarged = Fraction(patch_size, logits.shape[-1])
    step = enlarged.denominator
    top, left = (max(int(first[0]) - _MARGIN, 0) // step * step for first in (rows, columns))
    bottom, right = (-(-(int(last[-1]) + 1 + _MARGIN) // step) * step for last in (rows, columns))
    crop = logits[top:bottom, left:right]
    upsampled = interpolate(
        crop[None, None],
        size=tuple(int(side * enlarged) for side in crop.shape),
        mode="bilinear",
        align_corners=False,
    )[0, 0].numpy()
    row, column = int(top * enlarged), int(left * enlarged)
    height, width = max(shown[0] - row, 0), max(shown[1] - column, 0)
    return _filled(upsampled[:height, :width] > 0, row, column)


def mask_parts(
    logits: torch.Tensor,
    chip: Chip,
    patch_size: int,
    outline: str,
    largest_only: bool = False,
) -> NDArray[np.object_]:
    """The parts of a mask in pixels of its chip: valid polygons, none if it is empty.

    Args:
        logits: float32 [h, w] of the complete input.
        outline: one of ``contract.OUTLINES``.
        largest_only: only the part with the largest area.
    """
    if outline == "smooth":
        factor = patch_size / logits.shape[-1]
        height, width = (side / factor for side in letterbox_shape(*chip.shape, patch_size))
        parts = mask_contours(logits.numpy(), height, width, largest_only)
        scale = np.array([chip.shape[1] / width, chip.shape[0] / height])
        return np.asarray(shapely.transform(parts, lambda points: points * scale))
    crop = mask_on_chip(logits, chip, patch_size)
    return np.empty(0, dtype=object) if crop is None else crop.parts(largest_only)


def outline(
    parts: NDArray[np.object_], chip: Chip, options: MaskOptions, meter: AreaMeter
) -> Outline | None:
    """The polygon of a mask's parts in pixels of its chip, None if nothing of it is left."""
    if not len(parts):
        return None
    height, width = chip.shape
    left, top, right, bottom = shapely.total_bounds(parts)
    touches_edge = bool(min(left, top) < _NEAR or right > width - _NEAR or bottom > height - _NEAR)
    pixel_bounds = parts[np.argmax(shapely.area(parts))].bounds
    if options.simplify > 0:
        parts = shapely.simplify(parts, options.simplify)
        parts = parts[~shapely.is_empty(parts)]
    transform = chip.transform
    parts = shapely.transform(parts, lambda x, y: transform * (x, y), interleaved=False)
    if options.fill_holes_up_to > 0:
        parts = _fill_holes(parts, options.fill_holes_up_to, meter)
    geometry = MultiPolygon(shapely.multipolygons(parts))
    if (options.simplify > 0 or options.fill_holes_up_to > 0) and not geometry.is_valid:
        geometry = _valid(parts)
    if geometry.is_empty:
        return None
    return Outline(geometry, meter.area(geometry), touches_edge, pixel_bounds)


def _filled(mask: NDArray[np.bool_], row: int, column: int) -> MaskCrop | None:
    return MaskCrop(mask, row, column) if mask.any() else None


def _fill_holes(
    parts: NDArray[np.object_], largest: float, meter: AreaMeter
) -> NDArray[np.object_]:
    rings, part = shapely.get_rings(parts, return_index=True)
    outer = np.diff(part, prepend=-1) > 0
    kept = outer | (meter.ring_areas(rings) > largest)
    return np.asarray(shapely.polygons(rings[kept], indices=part[kept]))


def _valid(parts: NDArray[np.object_]) -> MultiPolygon:
    """One multipolygon of parts that overlap, or that simplifying made invalid."""
    merged = shapely.union_all(shapely.make_valid(parts))
    surfaces = [part for part in shapely.get_parts(merged) if isinstance(part, Polygon)]
    return MultiPolygon(surfaces)
