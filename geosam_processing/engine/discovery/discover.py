"""Segment everything on the patches of a feature folder.

Each patch is asked a lattice of points. What several patches saw of an object becomes one
object, and objects that patches cut are followed into the neighboring ones.
"""

from __future__ import annotations

import functools
import os
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geosam_processing.contract import (
    MAXIMUM_SPACING,
    MINIMUM_SPACING,
    DiscoverRequest,
    DiscoverResult,
    EncodeRequest,
    LogEvent,
    SegmentRequest,
)
from geosam_processing.contract.texts import Text
from geosam_processing.engine import errors
from geosam_processing.engine.compute.device import release_memory
from geosam_processing.engine.discovery.asking import Filters, PatchAsker, factor_of
from geosam_processing.engine.discovery.encoded_patches import open_patches
from geosam_processing.engine.discovery.found_objects import FoundObjects
from geosam_processing.engine.discovery.lattice import Lattice
from geosam_processing.engine.discovery.record import Record, open_record
from geosam_processing.engine.encoding.patch_encoder import PatchProgress
from geosam_processing.engine.features.folder import FeatureFolder
from geosam_processing.engine.merging import Merged, Merger, MergeRules, Piece
from geosam_processing.engine.merging.duplicates import without_duplicates
from geosam_processing.engine.models import registry
from geosam_processing.engine.models.families import family_of
from geosam_processing.engine.raster.area import AreaMeter
from geosam_processing.engine.run import SILENT, RunContext
from geosam_processing.engine.segmentation.batch_decoder import BatchDecoder
from geosam_processing.engine.segmentation.contrast import Contrast, folder_contrast
from geosam_processing.engine.segmentation.fine_outlines import FineOutlines
from geosam_processing.engine.segmentation.following import Follower, PartAsker
from geosam_processing.engine.segmentation.segment import load_model
from geosam_processing.engine.segmentation.shaping import shape_of
from geosam_processing.engine.segmentation.sources.folder_patches import (
    FolderPatches,
    Patches,
    folders_by_scale,
    seen_patches,
)

if TYPE_CHECKING:
    from geosam_processing.engine.models.adapter import ModelAdapter


DEFAULT_SPACING = 16
# The side of the smallest object, as a share of the spacing, that its points find reliably.
_SMALLEST = 0.75
_SPECK_SIDE = 12  # masks of fewer pixels are specks
# Coarser scales look for what the finer ones do not show whole: with fewer points, and only
# objects of at least this share of a patch.
_COARSE_POINTS = 16
_COARSE_SIDE = 1 / 4
_NOTHING = shapely.MultiPolygon()
_SAMPLE = 50  # patches whose points are counted
# Parts of a redrawn object below this share of its largest one are specks.
_SPECK = 0.05
# Raised when other answers come of the same settings, so that older records are not used.
_RECORD_VERSION = 3


def discover(
    request: DiscoverRequest,
    context: RunContext = SILENT,
) -> DiscoverResult:
    """Find all objects on a feature folder or a raster.

    Args:
        context: its results are ``FoundEvent``; its progress counts patches; it is asked before
            each patch whether to stop.

    Raises:
        Cancelled: the caller asked to stop; with ``resume`` the answers by then are kept.
        FeaturesError: the folder cannot be read, or does not fit the model.
        ModelError: the model is missing, or its checkpoint not the one that encoded.
        DeviceError: the device cannot be used.
        RasterError: the raster cannot be used.
    """
    if request.encode is not None:
        return _on_raster(request, request.encode, context)
    folder = FeatureFolder.open(request.features)
    adapter = load_model(
        SegmentRequest(request.features, (), request.model, request.device), folder, context
    )
    patches = FolderPatches(folders_by_scale(folder))
    with folder_contrast(folder, context) as contrast:
        return _run(request, patches, adapter, (folder.path, True), contrast, context)


def _on_raster(
    request: DiscoverRequest, encode: EncodeRequest, context: RunContext
) -> DiscoverResult:
    resolved = registry.resolve(encode.model)
    adapter = registry.load(resolved, encode.device, context.log, encode.compute_precision)
    with open_patches(encode, adapter, resolved.sha256, context) as patches:
        context.say(Text("Model: {}; device: {}", adapter.model_id, adapter.device))
        record = (Path(os.path.expanduser(encode.output)), False)
        return _run(request, patches, adapter, record, patches.contrast(), context)


def _run(
    request: DiscoverRequest,
    patches: Patches,
    adapter: ModelAdapter,
    record_place: tuple[Path, bool],
    contrast: Contrast,
    context: RunContext,
) -> DiscoverResult:
    """``record_place``: where answers are kept, and whether they stay after the run."""
    import torch

    folder, keep = record_place

    with torch.inference_mode():
        try:
            run = Discovery(request, patches, adapter, contrast, context)
            with open_record(folder if request.resume else None, run.settings, keep) as record:
                return run.run(record)
        finally:
            release_memory(adapter.device)


class Discovery:
    """One run over patches of one or more scales."""

    def __init__(
        self,
        request: DiscoverRequest,
        patches: Patches,
        adapter: ModelAdapter,
        contrast: Contrast,
        context: RunContext,
    ) -> None:
        self._request = request
        self._patches = patches
        self._adapter = adapter
        self._context = context
        self._meter = AreaMeter.of(patches.crs)
        self._decoder = BatchDecoder(adapter, request.batch_size)
        self._seen = seen_patches(patches, max(2.0, factor_of(adapter)))
        self._found = FoundObjects(
            request, patches, self._seen, adapter.model_id, contrast, context
        )
        self._spacing = request.spacing or self._suitable_spacing()
        score, stability = family_of(adapter.family).thresholds_of(adapter.model_id)
        if request.minimum_score is not None:
            score = request.minimum_score
        if request.minimum_stability is not None:
            stability = request.minimum_stability
        least = min(_SMALLEST * self._spacing, _SPECK_SIDE) ** 2
        coarse = adapter.patch_size * _COARSE_SIDE
        self._askers = {
            scale: PatchAsker(
                adapter,
                self._decoder,
                Filters(score, stability, least, 0.0 if scale == patches.scales[0] else coarse),
            )
            for scale in set(patches.scales)
        }
        self._rules = MergeRules()
        self._area = self._area_of(request)
        self.settings: dict[str, Any] = {
            "version": _RECORD_VERSION,
            "features": patches.fingerprint,
            "model": adapter.model_id,
            "spacing": self._spacing,
            "score": score,
            "stability": stability,
            "area": request.area,
            "outline": request.masks.outline,
        }
        context.log(
            LogEvent(
                Text(
                    "Points every {} pixels; masks of a score of {} and a "
                    "stability of {} or more are kept",
                    self._spacing,
                    f"{score:g}",
                    f"{stability:g}",
                )
            )
        )

    def run(self, record: Record) -> DiscoverResult:
        start = time.monotonic()
        asker = PartAsker(
            self._patches,
            self._adapter,
            self._decoder,
            self._rules.agreement,
            self._request.masks.outline,
        )
        merger = Merger(self._seen, self._rules, Follower(self._seen, asker))
        asked = self._patches_in_area()
        resumed = sum(record.load(index) is not None for index in asked)
        if resumed:
            self._context.say(
                Text("{} of {} patches were asked by an earlier run", resumed, len(asked))
            )
        self._say_amount([index for index in asked if record.load(index) is None])
        objects: list[Merged] = []
        for index in sorted(set(range(len(self._patches.chips))) - set(asked)):
            objects += merger.add(index, ())
        lost: list[str] = []
        steps = PatchProgress(len(asked), resumed, self._context.progress)
        for index in asked:
            self._context.require_not_cancelled()
            pieces = record.load(index)
            known = pieces is not None
            if pieces is None:
                try:
                    pieces = self._pieces(index)
                    record.store(index, pieces)
                except errors.ChipError as error:
                    self._context.log(LogEvent(error.text, "warning"))
                    lost.append(self._patches.chips[index].chip_id)
                    pieces = []
            objects += map(_without_removed_shapes, merger.add(index, pieces))
            if not known:
                steps.step()
        fine = FineOutlines(self._patches, self._seen, asker)
        objects = without_duplicates(objects, self._rules.duplicate)
        count = 0
        refined = [self._refined(each, fine) for each in objects]
        for event in self._found.events(refined):
            count += len(event.objects)
            self._context.results(event)
        return DiscoverResult(
            count,
            len(asked),
            resumed,
            asker.calls + sum(each.calls for each in self._askers.values()),
            time.monotonic() - start,
            tuple(lost),
        )

    def _say_amount(self, patches: Sequence[int]) -> None:
        """Log how many points there are on the patches, going by some of them."""
        sample = patches[:: -(-len(patches) // _SAMPLE)] if patches else ()
        points = sum(len(self._points(index)[0]) for index in sample)
        if points:
            points = round(points * len(patches) / len(sample))
            self._context.say(Text("Up to about {} points on {} patches", points, len(patches)))

    def _suitable_spacing(self) -> int:
        """The spacing that finds objects of the smallest area wanted."""
        if not self._request.minimum_area:
            return DEFAULT_SPACING
        chip = self._patches.chips[0]
        pixel = self._meter.area(chip.polygon) / (chip.shape[0] * chip.shape[1])
        side = float(np.sqrt(self._request.minimum_area / pixel))
        return int(np.clip(round(side / _SMALLEST), MINIMUM_SPACING, MAXIMUM_SPACING))

    @staticmethod
    def _area_of(request: DiscoverRequest) -> shapely.Geometry | None:
        return shapely.from_wkb(request.area) if request.area else None

    def _patches_in_area(self) -> list[int]:
        """The patches to ask, from the top of the raster to its bottom.

        A patch comes after all that begin above its lower edge, whatever their scale, so that
        objects are released early.
        """
        indices: Sequence[int] = range(len(self._patches.chips))
        if self._area is not None:
            _, inside = self._seen.meeting(np.array([self._area], dtype=object))
            indices = inside.tolist()
            if not indices:
                raise errors.FeaturesError(
                    "The area lies outside every patch: choose one that overlaps the features"
                )
        inverse = ~self._patches.chips[0].transform

        def place(index: int) -> tuple[float, float, int]:
            chip = self._patches.chips[index]
            column, row = inverse * (chip.transform * (chip.shape[1], chip.shape[0]))
            return round(row, 3), round(column, 3), index

        return sorted(indices, key=place)

    def _pieces(self, index: int) -> list[Piece]:
        """What a patch sees.

        Raises:
            ChipError: its features are missing or damaged.
        """
        chip, scale = self._patches.chips[index], self._patches.scales[index]
        points, steps = self._points(index)
        if not len(points):
            return []
        features = self._patches.load(index)
        if features is None:
            return []
        masks = self._askers[scale].masks(chip, features, points, steps)
        pieces = []
        for number, mask in enumerate(masks):
            shape = shape_of(
                mask.logits, chip, self._adapter.patch_size, self._request.masks.outline
            )
            if shape is not None:
                content = {"stability": round(mask.stability, 4)}
                pieces.append(Piece(shape, index, number, round(mask.score, 4), content=content))
        return pieces

    def _points(self, index: int) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
        """The points of a patch and their steps, see ``Lattice.points``."""
        lattice, first = self._lattices[self._patches.scales[index]]
        return lattice.points(index - first)

    def _refined(self, merged: Merged, fine: FineOutlines) -> Merged:
        """An object of a coarse scale with the outline that fine patches show."""
        if merged.level == self._patches.scales[0]:
            return merged
        self._context.require_not_cancelled()
        patch = max(merged.members, key=lambda piece: piece.geometry.area).patch
        shape, drew = fine.drawn(merged.geometry, patch)
        if drew is None:
            return merged
        parts = shapely.get_parts(shape)
        areas = shapely.area(parts)
        parts = parts[areas >= _SPECK * areas.max()]
        return replace(
            merged, geometry=shapely.multipolygons(parts), level=self._patches.scales[drew]
        )

    @functools.cached_property
    def _lattices(self) -> dict[int, tuple[Lattice, int]]:
        """The lattice of each scale, and the index of the scale's first patch."""
        scales = np.asarray(self._patches.scales)
        coarse = max(self._spacing, self._adapter.patch_size // _COARSE_POINTS)
        made = {}
        for scale in sorted(set(scales.tolist())):
            own = np.flatnonzero(scales == scale).tolist()
            chips = [self._patches.chips[index] for index in own]
            spacing = self._spacing if scale == scales[0] else coarse
            made[scale] = Lattice(chips, spacing, self._area), own[0]
        return made


def _without_removed_shapes(merged: Merged) -> Merged:
    """An object that takes less memory; which patches saw it is still known."""
    removed = tuple((replace(piece, geometry=_NOTHING), why) for piece, why in merged.removed)
    return replace(merged, removed=removed)
