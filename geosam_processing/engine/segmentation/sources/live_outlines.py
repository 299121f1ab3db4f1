"""Fine outlines of objects that a coarse patch shows, from patches that are encoded for them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import shapely
from pyproj import CRS

from geosam_processing.contract import LivePatch, MaskOptions, Prompt
from geosam_processing.engine.features.manifest import Chip
from geosam_processing.engine.merging import MergeRules
from geosam_processing.engine.segmentation.batch_decoder import BatchDecoder
from geosam_processing.engine.segmentation.fine_outlines import OFF, FineOutlines
from geosam_processing.engine.segmentation.following import PartAsker
from geosam_processing.engine.segmentation.shaping import part_of
from geosam_processing.engine.segmentation.sources.folder_patches import seen_patches

if TYPE_CHECKING:
    from geosam_processing.engine.models.adapter import ModelAdapter, PatchFeatures
    from geosam_processing.engine.segmentation.sources.live_features import LiveFeatures
    from geosam_processing.engine.segmentation.sources.live_grid import LiveGrid

# Patches that are encoded at most for one outline; of larger objects it is drawn more coarsely.
_MOST = 64


class _PatchesOfOutline:
    """The fine patches that an outline crosses, and the coarse one that shows it, the last."""

    def __init__(
        self,
        chips: Sequence[Chip],
        places: Sequence[LivePatch],
        crs: CRS,
        load: Callable[[LivePatch], PatchFeatures | None],
    ) -> None:
        self.chips: Sequence[Chip] = chips
        self.scales: Sequence[int] = [1] * (len(chips) - 1) + [2]
        self.crs = crs
        self.fingerprint = ""
        self._places = places
        self._load = load

    def load(self, index: int) -> PatchFeatures | None:
        return self._load(self._places[index])


class LiveOutlines:
    """Draws objects of coarse patches on finer ones.

    Args:
        require_not_cancelled: called before each patch that is encoded; it may raise.
    """

    def __init__(
        self,
        grid: LiveGrid,
        features: LiveFeatures,
        adapter: ModelAdapter,
        masks: MaskOptions,
        crs: CRS,
        require_not_cancelled: Callable[[], None],
    ) -> None:
        self._grid = grid
        self._features = features
        self._adapter = adapter
        self._masks = masks
        self._crs = crs
        self._require_not_cancelled = require_not_cancelled

    def patches(self, shape: shapely.Geometry, coarse: LivePatch) -> list[LivePatch]:
        """The patches on which to draw an object: of the finest level that needs few enough."""
        band = shapely.buffer(shape.boundary, OFF * self.chip(coarse).pixel_size)
        for level in range(coarse.level):
            found = [
                patch
                for patch in self._grid.covering(level, band.bounds)
                if band.intersects(self.chip(patch).polygon)
            ]
            if len(found) <= _MOST:
                return found
        return []

    def missing(self, patches: Sequence[LivePatch]) -> list[LivePatch]:
        """Those that have to be fetched first."""
        return [patch for patch in patches if not self._features.has(patch)]

    def drawn(
        self, shape: shapely.Geometry, coarse: LivePatch, fine: Sequence[LivePatch], prompt: Prompt
    ) -> tuple[shapely.Geometry, LivePatch | None]:
        """An object with the outline that fine patches show, and one of these that drew it.

        Args:
            coarse: the patch that ``shape`` comes from.
            fine: what ``patches`` returned, of which nothing is missing.

        Raises:
            RasterError, DeviceError: see ``LiveFeatures.find``.
            Cancelled: the caller asked to stop.
        """
        places = [*fine, coarse]
        patches = self._patches(places)
        margin = max(2.0, self._adapter.patch_size / (4 * self._adapter.embedding_size))
        seen = seen_patches(patches, margin)
        result, drew = FineOutlines(patches, seen, self._asker(patches)).drawn(shape, len(fine))
        return part_of(result, prompt), None if drew is None else places[drew]

    def clear_part(
        self, place: LivePatch, prompt: Prompt, least_share: float
    ) -> shapely.MultiPolygon | None:
        """As ``PartAsker.clear_part``, of a patch that was just asked.

        Raises:
            RasterError, DeviceError, Cancelled: see ``drawn``.
        """
        return self._asker(self._patches([place])).clear_part(0, prompt, least_share)

    def chip(self, patch: LivePatch) -> Chip:
        """A patch as a chip without a file."""
        return Chip(
            chip_id=patch.name,
            path=Path(),
            transform=self._grid.patch_transform(patch),
            shape=(patch.rows, patch.columns),
            dst_shape=(self._adapter.patch_size,) * 2,
        )

    def _patches(self, places: Sequence[LivePatch]) -> _PatchesOfOutline:
        return _PatchesOfOutline(
            [self.chip(place) for place in places], places, self._crs, self._load
        )

    def _asker(self, patches: _PatchesOfOutline) -> PartAsker:
        return PartAsker(
            patches,
            self._adapter,
            BatchDecoder(self._adapter),
            MergeRules().agreement,
            self._masks.outline,
        )

    def _load(self, patch: LivePatch) -> PatchFeatures | None:
        self._require_not_cancelled()
        known = self._features.find(patch)
        return None if known is None else known.features
