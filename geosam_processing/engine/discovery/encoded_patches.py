"""Patches of a raster that are encoded when they are asked, and whose features are not kept.

For rasters whose features would fill the disk.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from geosam_processing.contract import EncodeRequest
from geosam_processing.engine.compute.device import is_out_of_memory
from geosam_processing.engine.encoding.grid import PatchWindow
from geosam_processing.engine.encoding.patch_encoder import (
    encode_pixels,
    patch_too_large,
    require_finite,
    require_reusable_features,
)
from geosam_processing.engine.encoding.plan import of_scales, plan_of, settings_of, settled
from geosam_processing.engine.features.chip_file import stored
from geosam_processing.engine.features.manifest import Chip
from geosam_processing.engine.raster.letterbox import to_model_pixels
from geosam_processing.engine.raster.view import RasterView, open_source
from geosam_processing.engine.run import RunContext
from geosam_processing.engine.segmentation.contrast import Contrast, RasterContrast

if TYPE_CHECKING:
    from pyproj import CRS

    from geosam_processing.engine.models.adapter import ModelAdapter, PatchFeatures

# Patches whose features are kept in memory.
_KEPT = 8
_PRECISION = "float32"


class EncodedPatches:
    """The patches that an encoding would make, each encoded when it is loaded."""

    def __init__(
        self,
        adapter: ModelAdapter,
        crs: CRS,
        fingerprint: str,
        value_range: tuple[float, float],
        patches: list[tuple[int, Chip, PatchWindow, RasterView]],
    ) -> None:
        """``patches``: scale, chip, window and raster of each."""
        self.crs = crs
        self.fingerprint = fingerprint
        self.scales: Sequence[int] = [scale for scale, *_ in patches]
        self.chips: Sequence[Chip] = [chip for _, chip, *_ in patches]
        self._places = [(window, view) for *_, window, view in patches]
        self._adapter = adapter
        self.value_range = value_range
        self._loaded: dict[int, PatchFeatures | None] = {}

    def contrast(self) -> Contrast:
        """The contrast of outlines on the raster."""
        return RasterContrast(self._places[0][1], self.value_range, self.crs)

    def load(self, index: int) -> PatchFeatures | None:
        """The features of a patch, None if it has no data; those that were made last are kept.

        Raises:
            RasterError: the patch cannot be read.
            DeviceError: the memory does not suffice for a patch.
        """
        if index in self._loaded:
            features = self._loaded.pop(index)
        else:
            features = self._encode(index)
            if len(self._loaded) == _KEPT:
                del self._loaded[next(iter(self._loaded))]
        self._loaded[index] = features
        return features

    def _encode(self, index: int) -> PatchFeatures | None:
        window, view = self._places[index]
        values, valid = view.read(window.x, window.y, window.width, window.height)
        if not valid.any():
            return None
        adapter = self._adapter
        pixels = to_model_pixels(
            values, valid, self.value_range, adapter.patch_size, adapter.pixel_mean
        )
        try:
            (found,) = encode_pixels(adapter, pixels[None])
        except RuntimeError as error:
            if not is_out_of_memory(error):
                raise
            raise patch_too_large(adapter) from error
        features = stored(replace(found, trunk=None), _PRECISION)
        require_finite(features, adapter, _PRECISION)
        return features


@contextlib.contextmanager
def open_patches(
    request: EncodeRequest, adapter: ModelAdapter, checkpoint_sha256: str, context: RunContext
) -> Iterator[EncodedPatches]:
    """The patches of a raster as ``encode`` would make them; its folder is not touched.

    Raises:
        Cancelled: the caller asked to stop while the range of the values was looked for.
        ModelError: the model has no features for prompts, or patches smaller than the stride.
        RasterError: the raster cannot be used.
    """
    from pyproj import CRS

    require_reusable_features(adapter)
    request = settled(request, adapter.model_id, adapter.patch_size)
    digest = hashlib.sha256()
    patches: list[tuple[int, Chip, PatchWindow, RasterView]] = []
    value_range = request.value_range
    with contextlib.ExitStack() as opened:
        for scale, each in of_scales(request).items():
            view = opened.enter_context(
                open_source(each.raster, each.target_crs, each.target_resolution)
            )
            plan = plan_of(each, view, adapter.model_id, adapter.patch_size)
            value_range = value_range or view.statistics(request.percentile_cut, context.cancelled)
            if scale == 1:
                context.warn(view.all_remarks())
            settings = settings_of(
                each,
                plan,
                adapter.family,
                adapter.compute_precision,
                value_range,
                checkpoint_sha256,
            )
            digest.update(settings.to_text().encode())
            patches += [(scale, plan.chip(window), window, view) for window in plan.patches]
        if value_range is None:
            raise ValueError("The request has no scale")
        crs = CRS.from_user_input(patches[0][3].crs_text)
        yield EncodedPatches(adapter, crs, digest.hexdigest(), value_range, patches)
