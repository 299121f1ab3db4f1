"""How much an object stands out from its surroundings in the image.

Score and contrast together reveal prompts on nothing better than the score alone: a
model outlines something at every prompt, but what it outlines on bare ground looks like the ground
around it.
"""

from __future__ import annotations

import contextlib
import math
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely
from affine import Affine
from numpy.typing import NDArray
from pyproj import CRS, Transformer

from geosam_processing.contract import Raster
from geosam_processing.contract.texts import Text
from geosam_processing.engine.errors import RasterError
from geosam_processing.engine.features.folder import FeatureFolder
from geosam_processing.engine.raster.burning import burnt
from geosam_processing.engine.raster.letterbox import to_model_pixels
from geosam_processing.engine.raster.view import RasterView, open_source
from geosam_processing.engine.run import RunContext

# The contrast of an outline in its CRS in gray levels, None where it is unknown.
Contrast = Callable[[shapely.Geometry], float | None]

# Width of the bands on both sides of an outline, in pixels that the model saw.
BAND = 8
# Objects that are wider than this are looked at in coarser pixels.
_SIDE = 512
# A picture of a patch is kept in pixels this many times coarser than those of the model's input.
_SHRINK = 2
# Width of the bands in coarser pixels, at least.
_LEAST_BAND = 2
# Least share of a coarse pixel that has data.
_VALID = 250


def rim_difference(
    shape: shapely.Geometry,
    values: NDArray[Any],
    valid: NDArray[np.bool_],
    band: float = BAND,
) -> NDArray[np.float64] | None:
    """How different a band inside an outline is from one outside, in each band of an image.

    Args:
        shape: polygon or multipolygon in pixels of ``values``.
        values: [B, h, w]; gray levels, for contrasts that can be compared.
        valid: [h, w], where there is data.
        band: width of both bands in pixels. What is thinner is inside as a whole.

    Returns:
        [B] mean inside minus mean outside; None if one of them has no data.
    """
    if shape.is_empty or not valid.size:
        return None
    inside = burnt(shape, valid.shape)
    reach = max(round(band), 1)
    # Beyond the window the object goes on as it ends.
    wide, shallow = _widened(inside, reach), _widened(~inside, reach)
    ring, rim = wide & ~inside & valid, inside & shallow & valid
    if not ring.any() or not rim.any():
        return None
    within, around = (_mean_of(values, where) for where in (rim, ring))
    return within - around


def _mean_of(values: NDArray[Any], where: NDArray[np.bool_]) -> NDArray[np.float64]:
    """[B] the mean of each band at some pixels."""
    # By their numbers, which is faster than by a mask.
    chosen = values.reshape(len(values), -1)[:, np.flatnonzero(where)]
    return np.asarray(chosen.mean(axis=1, dtype=float))


def rim_contrast(
    shape: shapely.Geometry,
    values: NDArray[Any],
    valid: NDArray[np.bool_],
    band: float = BAND,
) -> float | None:
    """The ``rim_difference`` in the band in which it is largest, 0 or more."""
    return _largest(rim_difference(shape, values, valid, band))


def _largest(difference: NDArray[np.float64] | None) -> float | None:
    return None if difference is None else float(np.abs(difference).max())


def _widened(mask: NDArray[np.bool_], reach: int) -> NDArray[np.bool_]:
    """``mask`` and all within ``reach`` rows and columns of it.

    SciPy's filters would add an eighth of a second to the engine's start.
    """
    for turned in (False, True):
        reached = 0
        while reached < reach:
            # Moved by more than this, what begins at an edge would leave a gap.
            step = min(reached + 1, reach - reached)
            wider = mask.copy()
            into, lines = (wider.T, mask.T) if turned else (wider, mask)
            into[step:] |= lines[:-step]
            into[:-step] |= lines[step:]
            mask, reached = wider, reached + step
    return mask


@dataclass(frozen=True)
class PatchPicture:
    """What a model saw of a patch, small enough to be kept.

    Attributes:
        levels: uint8 [4, h, w], three bands and where they have data (255), of the complete input
            with its padding.
    """

    levels: NDArray[np.uint8]

    @classmethod
    def of(
        cls,
        values: NDArray[np.floating[Any]],
        valid: NDArray[np.bool_],
        value_range: tuple[float, float],
        patch_size: int,
    ) -> PatchPicture:
        """From values [B, H, W] of a patch and where they are valid [H, W]."""
        pixels = to_model_pixels(values, valid, value_range, patch_size, (0.0, 0.0, 0.0))
        data = to_model_pixels(
            valid[None].astype(np.float32),
            np.ones_like(valid),
            (0.0, 1.0),
            patch_size,
            (0.0, 0.0, 0.0),
        )
        full = np.concatenate([pixels, data[:1]])
        side = patch_size // _SHRINK
        parts = full[:, : side * _SHRINK, : side * _SHRINK]
        parts = parts.reshape(4, side, _SHRINK, side, _SHRINK).mean(axis=(2, 4))
        return cls(np.round(parts).astype(np.uint8))

    def contrast(self, transform: Affine, shape: tuple[int, int]) -> Contrast:
        """The contrast of outlines on the patch.

        Args:
            transform: pixels of the patch to the CRS of the outlines.
            shape: rows and columns of the patch in its own pixels.
        """
        scale = self.levels.shape[-1] / max(shape)
        to_picture = Affine.scale(scale) * ~transform

        def measured(outline: shapely.Geometry) -> float | None:
            place = _moved(outline, to_picture)
            return rim_contrast(place, self.levels[:3], self.levels[3] >= _VALID, BAND / _SHRINK)

        return measured


class RasterContrast:
    """The contrast of outlines on a raster. Several threads may ask it.

    Args:
        view: of the raster, on any grid.
        value_range: values of the raster that are the gray levels 0 and 255.
        crs: of the outlines.
        pixel: size of the pixels that the model saw, in pixels of the view.
    """

    def __init__(
        self, view: RasterView, value_range: tuple[float, float], crs: CRS, pixel: float = 1.0
    ) -> None:
        self._view = view
        self._range = value_range
        own = CRS.from_user_input(view.crs_text)
        self._project = (
            None if own == crs else Transformer.from_crs(crs, own, always_xy=True).transform
        )
        self._pixel = max(pixel, 1.0)
        self._lock = threading.Lock()

    def __call__(self, shape: shapely.Geometry) -> float | None:
        """The contrast of an outline, None where the raster has no data or cannot be read."""
        return _largest(self.difference(shape))

    def difference(self, shape: shapely.Geometry) -> NDArray[np.float64] | None:
        """The ``rim_difference`` of an outline, None as above."""
        if self._project is not None:
            project = self._project
            shape = shapely.transform(shape, lambda xy: np.stack(project(*xy.T), axis=1))
        place = _moved(shape, ~self._view.transform)
        if place.is_empty or not np.isfinite(place.bounds).all():
            return None
        reach = (BAND + 1) * self._pixel
        x0, y0 = (max(math.floor(value - reach), 0) for value in place.bounds[:2])
        x1 = min(math.ceil(place.bounds[2] + reach), self._view.width)
        y1 = min(math.ceil(place.bounds[3] + reach), self._view.height)
        if x1 <= x0 or y1 <= y0:
            return None
        thin = max(self._pixel, (x1 - x0) / _SIDE, (y1 - y0) / _SIDE)
        rows, columns = (max(round((b - a) / thin), 1) for a, b in ((y0, y1), (x0, x1)))
        size = None if (rows, columns) == (y1 - y0, x1 - x0) else (rows, columns)
        try:
            with self._lock:
                values, valid = self._view.read(x0, y0, x1 - x0, y1 - y0, size)
        except RasterError:
            return None
        low, high = self._range
        # Without data, values may be anything, and NaN would spread.
        levels = np.clip((np.where(valid, values, low) - low) * (255.0 / (high - low)), 0.0, 255.0)
        shrink = Affine.scale(columns / (x1 - x0), rows / (y1 - y0))
        place = _moved(place, shrink * Affine.translation(-x0, -y0))
        if size is not None:
            # Coarse pixels on the outline have something of both sides.
            valid = valid & ~burnt(place.boundary, valid.shape, all_touched=True)
        return rim_difference(place, levels, valid, max(BAND * self._pixel / thin, _LEAST_BAND))


def unknown_contrast(shape: shapely.Geometry) -> None:
    """Where no image is at hand."""


@contextlib.contextmanager
def folder_contrast(folder: FeatureFolder, context: RunContext) -> Iterator[Contrast]:
    """The contrast on the raster that a feature folder was made from.

    It is unknown where that cannot be opened, such as for tile layers; a line in the log says so.
    """
    with contextlib.ExitStack() as stack:
        try:
            contrast = _folder_raster(folder, stack, context)
        except RasterError as error:
            context.say(Text("The contrast of objects stays unknown ({})", error))
            contrast = unknown_contrast
        yield contrast


def _folder_raster(
    folder: FeatureFolder, stack: contextlib.ExitStack, context: RunContext
) -> Contrast:
    source, settings = folder.source_path, folder.settings
    if not source:
        raise RasterError("{} does not name its raster", folder.path)
    raster = Raster(source, bands=tuple(settings.get("bands", ())))
    try:
        view = stack.enter_context(open_source(raster))
    except RasterError:
        # One without a CRS of its own was encoded in the one that it was given.
        view = stack.enter_context(open_source(replace(raster, crs=folder.crs_text)))
    value_range = settings.get("value_range") or ((0.0, 255.0) if view.holds_bytes else None)
    if value_range is None:
        raise RasterError("{} does not record the range of values of its raster", folder.path)
    if settings.get("source_fingerprint", view.source_fingerprint) != view.source_fingerprint:
        context.say(
            Text(
                "{} was changed after {} was made, or was encoded with another "
                "nodata value: the contrast of objects may be wrong",
                source,
                folder.path,
            )
        )
    low, high = value_range
    pixel = _pixels_in_one(folder, view)
    return RasterContrast(view, (float(low), float(high)), folder.crs, pixel)


def _pixels_in_one(folder: FeatureFolder, view: RasterView) -> float:
    """The side of a pixel of a folder's first patch in pixels of the view."""
    chip = folder.chips[0]
    project = Transformer.from_crs(folder.crs, view.crs_text, always_xy=True).transform
    there = shapely.transform(chip.polygon, lambda xy: np.stack(project(*xy.T), axis=1))
    pixels = _moved(there, ~view.transform).area / (chip.shape[0] * chip.shape[1])
    return math.sqrt(pixels) if math.isfinite(pixels) and pixels > 0 else 1.0


def _moved(geometry: shapely.Geometry, transform: Affine) -> shapely.Geometry:
    a, b, c, d, e, f = transform[:6]

    def apply(points: NDArray[np.float64]) -> NDArray[np.float64]:
        x, y = points.T
        return np.stack([a * x + b * y + c, d * x + e * y + f], axis=1)

    return shapely.transform(geometry, apply)
