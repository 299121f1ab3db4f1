"""Rasters of several dates on the pixels of the first one, encoded where objects are."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import shapely
from pyproj import CRS

from geosam_processing.contract import (
    DEFAULT_ATTEMPTS,
    LivePatch,
    LivePrompt,
    MaskOptions,
    Prompt,
    Raster,
)
from geosam_processing.engine import errors
from geosam_processing.engine.raster.burning import burnt
from geosam_processing.engine.raster.target_grid import PixelGrid
from geosam_processing.engine.raster.view import RasterView, open_source
from geosam_processing.engine.run import RunContext
from geosam_processing.engine.segmentation.contrast import RasterContrast
from geosam_processing.engine.segmentation.placing import PlacedPrompt
from geosam_processing.engine.segmentation.run import LoadedPatch
from geosam_processing.engine.segmentation.segmenter import Answer
from geosam_processing.engine.segmentation.sources.live_cache import FeatureCache
from geosam_processing.engine.segmentation.sources.live_features import LiveFeatures
from geosam_processing.engine.segmentation.sources.live_grid import LiveGrid
from geosam_processing.engine.segmentation.sources.live_source import RasterPatches
from geosam_processing.engine.segmentation.sources.on_demand import OnDemandSource
from geosam_processing.engine.tracking.dates import AskedDate, DatedAnswer, Difference

if TYPE_CHECKING:
    from geosam_processing.engine.models.adapter import ModelAdapter

ValueRange = tuple[float, float]
# Pixels a side at which the data in an area is looked at.
_LOOKS = 128
# Share of a patch's side that lies around a prompt on it.
_MARGIN = 1 / 16


class RasterDates:
    """See ``Dates``."""

    def __init__(
        self,
        rasters: Sequence[Raster],
        adapter: ModelAdapter,
        checkpoint_sha256: str,
        cache: FeatureCache,
        masks: MaskOptions,
        resolution: float | None,
        whole: bool,
        value_range: ValueRange | None,
    ) -> None:
        """Open the first raster.

        Args:
            resolution: that of the common pixels in meters; None is that of the first raster.
            value_range: what becomes 0 and 255 on all dates; None takes it from the rasters.

        Raises:
            RasterError: the first raster cannot be opened.
        """
        self.encoded_count = self.cached_count = 0
        self._given = value_range
        self._ranges: dict[int, ValueRange] = {}
        self._wide: list[int] = []
        self._rasters = [replace(raster, extent=None) for raster in rasters]
        self._adapter = adapter
        self._sha256 = checkpoint_sha256
        self._cache = cache
        self._masks = masks
        self._attempts = DEFAULT_ATTEMPTS if whole else 1
        self._grid = common_grid(self._rasters[0], resolution)
        self._patches = LiveGrid(
            self._grid.transform, self._grid.width, self._grid.height, adapter.patch_size
        )
        with self._view(0) as view:
            self.crs_text = view.crs_text
        self.crs = CRS.from_user_input(self.crs_text)
        self.pixel = math.sqrt(abs(self._grid.transform.determinant))

    @contextlib.contextmanager
    def open(self, index: int) -> Iterator[RasterDate]:
        """See ``Dates.open``."""
        with self._view(index) as view:
            patches = self._raster_patches(index, view)
            value_range = self._given or self._ranges.get(index) or patches.value_range()
            features = LiveFeatures(patches, self._adapter, self._cache, self._sha256, value_range)
            try:
                yield RasterDate(
                    view,
                    patches,
                    OnDemandSource(
                        patches, features, self._attempts, self._adapter.patch_size, self._masks
                    ),
                    RasterContrast(view, value_range, self.crs),
                    self._adapter,
                    self._masks,
                )
            finally:
                self.encoded_count += len(features.encoded)
                self.cached_count += len(features.cached)

    def plan(self, prompts: Sequence[Prompt]) -> list[LivePatch | None]:
        """See ``Dates.plan``."""
        planned, _ = self._patches.plan(prompts)
        places: list[LivePatch | None] = [None] * len(prompts)
        for patch, indices in planned.items():
            for index in indices:
                places[index] = patch
        return places

    def better(self, prompt: Prompt, place: LivePatch, answer: Answer) -> LivePatch | None:
        """See ``Dates.better``."""
        if self._attempts == 1 or not self._patches.cuts(place, answer.pixel_bounds):
            return None
        return self._patches.better(prompt, place, answer.pixel_bounds)

    def look_at(self, index: int) -> None:
        """Open a raster once, to learn whether that can be done, and its range of values.

        Raises:
            RasterError: it cannot be read, or has no range.
        """
        with self._view(index) as view:
            if self._given is None:
                self._ranges[index] = self._raster_patches(index, view).value_range()
                if not view.holds_bytes:
                    self._wide.append(index)

    def share_range(self) -> None:
        """Give the rasters that were looked at one range of values, but for those of bytes."""
        if self._wide:
            lows, highs = zip(*(self._ranges[index] for index in self._wide), strict=True)
            self._ranges.update(dict.fromkeys(self._wide, (min(lows), max(highs))))

    @contextlib.contextmanager
    def _view(self, index: int) -> Iterator[RasterView]:
        with open_source(self._rasters[index], onto=self._grid) as view:
            yield view

    def _raster_patches(self, index: int, view: RasterView) -> RasterPatches:
        return RasterPatches(self._rasters[index], view, self._adapter.patch_size, self._cache)


class RasterDate:
    """See ``OpenDate``."""

    def __init__(
        self,
        view: RasterView,
        patches: RasterPatches,
        source: OnDemandSource,
        contrast: RasterContrast,
        adapter: ModelAdapter,
        masks: MaskOptions,
    ) -> None:
        self._view = view
        self._patches = patches
        self._source = source
        self._contrast = contrast
        self._asked = AskedDate(source, adapter, masks)

    def answers(
        self, prompts: Sequence[tuple[Prompt, LivePatch | None]], context: RunContext
    ) -> dict[int, DatedAnswer]:
        """See ``OpenDate.answers``; a place that a prompt has left is not asked first."""
        asked = [
            LivePrompt(prompt, place if place is not None and _shows(place, prompt) else None)
            for prompt, place in prompts
        ]
        return self._asked.ask(asked, context)

    def data_share(self, shape: shapely.Geometry) -> float:
        """See ``OpenDate.data_share``; 0 where an area lies outside the pixels of all dates."""
        to_pixels = ~self._view.transform
        place = shapely.transform(shape, lambda x, y: to_pixels * (x, y), interleaved=False)
        left, top, right, bottom = place.bounds
        x0, y0 = max(math.floor(left), 0), max(math.floor(top), 0)
        x1 = min(math.ceil(right) + 1, self._view.width)
        y1 = min(math.ceil(bottom) + 1, self._view.height)
        if x1 <= x0 or y1 <= y0:
            return 0.0
        rows, columns = min(y1 - y0, _LOOKS), min(x1 - x0, _LOOKS)
        try:
            _, valid = self._view.read(x0, y0, x1 - x0, y1 - y0, (rows, columns))
        except errors.RasterError:
            return 0.0
        scale = np.array([columns / (x1 - x0), rows / (y1 - y0)])
        seen = shapely.transform(place, lambda points: (points - (x0, y0)) * scale)
        touched = burnt(seen, (rows, columns), all_touched=True)
        return float(valid[touched].mean()) if touched.any() else 0.0

    def difference(self, shape: shapely.Geometry) -> Difference | None:
        """See ``OpenDate.difference``."""
        return self._contrast.difference(shape)

    def has_data(self, place: LivePatch) -> bool:
        """See ``OpenDate.has_data``."""
        if self._view.holds_data_everywhere:
            return True
        _, valid = self._patches.read(place)
        return bool(valid.any())

    def load(self, place: LivePatch) -> LoadedPatch:
        """See ``OpenDate.load``."""
        loaded = self._source.load(place)
        if loaded is None:
            raise RuntimeError("a raster's patches need not be fetched")
        return loaded

    def placed(self, place: LivePatch, prompt: Prompt) -> PlacedPrompt:
        """See ``OpenDate.placed``; of the patch that was loaded last."""
        return self._source.placed(place, prompt)

    def completed(self, answer: Answer, place: LivePatch) -> Answer:
        """See ``OpenDate.completed``: larger patches are asked instead."""
        return answer


def _shows(place: LivePatch, prompt: Prompt) -> bool:
    """Whether all of a prompt lies well inside a patch, so that its object can be larger."""
    left, bottom, right, top = place.bounds
    margin = _MARGIN * max(right - left, top - bottom)
    inner = shapely.box(left + margin, bottom + margin, right - margin, top - margin)
    where = list(prompt.points)
    if prompt.box is not None:
        where += [prompt.box[:2], prompt.box[2:]]
    return bool(shapely.contains(inner, shapely.multipoints(where)))


def common_grid(raster: Raster, resolution: float | None) -> PixelGrid:
    """The pixels of a raster, or of ``resolution`` meters in its CRS.

    Raises:
        RasterError: it cannot be opened.
    """
    with open_source(raster) as own:
        view, crs = own, own.crs_text
    if resolution is not None:
        with open_source(raster, crs, resolution) as view:
            pass
    return PixelGrid(view.crs, view.transform, view.width, view.height)
