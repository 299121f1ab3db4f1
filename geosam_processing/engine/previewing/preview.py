"""Show what an encoding would make and cost, by the code that encodes, without encoding."""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from shapely import to_wkb

from geosam_processing.contract import (
    Comparison,
    EncodeRequest,
    LogEvent,
    Model,
    PatchesEvent,
    PatchPreview,
    PreviewRequest,
    PreviewResult,
    ProgressEvent,
)
from geosam_processing.contract.catalogue import ModelEntry, find_entry
from geosam_processing.contract.texts import Text
from geosam_processing.engine import errors
from geosam_processing.engine.compute.machine import give_back_heap
from geosam_processing.engine.encoding.costs import CachedChips, estimated_memory, seconds_per_patch
from geosam_processing.engine.encoding.grid import PatchWindow, patch_windows
from geosam_processing.engine.encoding.plan import (
    EncodePlan,
    of_scales,
    plan_of,
    require_no_gaps,
    resolution_of,
    settled,
)
from geosam_processing.engine.features.chip_file import estimated_bytes
from geosam_processing.engine.features.scales import scale_folder
from geosam_processing.engine.models import registry
from geosam_processing.engine.models.families import family_of
from geosam_processing.engine.previewing.counts import Counts, points_of_everything
from geosam_processing.engine.previewing.objects import ObjectPreview
from geosam_processing.engine.previewing.overview import Coverage, overview_of, shrunk
from geosam_processing.engine.previewing.picture import SIDE, write_picture
from geosam_processing.engine.previewing.recommend import ObjectsOnGrid
from geosam_processing.engine.raster.view import RasterView, open_source
from geosam_processing.engine.run import SILENT, RunContext

_PATCHES_IN_EVENT = 500


def preview(
    request: PreviewRequest,
    context: RunContext = SILENT,
) -> PreviewResult:
    """What ``encode`` would make of ``request.encode``.

    Args:
        context: its results are the first ``request.patch_limit`` patches, in their order; it
            is asked every few hundred patches, and between the other steps, whether to stop.

    Raises:
        Cancelled: the caller asked to stop.
        ModelError: the model is unknown, or has patches smaller than the stride.
        RasterError: the raster cannot be used.
        FeaturesError: the feature folder cannot be read.
        OutputError: the picture cannot be written.
    """
    return _Preview(request, context).run()


@dataclass
class _Preview:
    request: PreviewRequest
    context: RunContext

    def __post_init__(self) -> None:
        self._entry, self._checkpoint_sha256 = _entry_of(
            self.request.encode.model, self.context.log
        )
        self._patch_size = self._entry.patch_size
        self._point_seconds: float | None = None
        for stride in self.request.compare_strides:
            require_no_gaps("stride to compare", stride, self._entry.id, self._patch_size)
        self._encode = settled(self.request.encode, self._entry.id, self._patch_size)
        # Of a settled request, which has one.
        self._stride = self._encode.stride or self._patch_size // 2
        self._objects = ObjectPreview(self.request, self._encode, self._patch_size, self.context)
        kind = family_of(self._entry.family)
        self._chip_bytes = estimated_bytes(
            self._entry.family,
            self._entry.embedding_size,
            self._encode.precision,
            self._encode.concepts and kind.finds_concepts(self._entry.id),
        )

    def run(self) -> PreviewResult:
        request, encode = self.request, self._encode
        with self._open(encode) as view:
            plan = plan_of(encode, view, self._entry.id, self._patch_size)
            self._overview = overview_of(view)
            value_range = self._value_range(view)
            self.context.warn(view.all_remarks())
            coverage = Coverage.of(view, self._overview)
            skipped = 0 if encode.include_nodata else coverage.empty_count(plan.patches)
            self._say_what_happens(plan, coverage, value_range, skipped)
            known = value_range if encode.value_range or self._overview.faithful else None
            cached = CachedChips.find(
                request, encode, plan, self._entry.family, self._checkpoint_sha256, known
            )
            if cached.problem:
                self.context.say(Text("No patch counts as cached: {}", cached.problem), "warning")
            limit = self._send(plan, coverage, cached, request.patch_limit)
            objects, inside = self._objects.on(view)
            if request.picture:
                self._draw(view, plan, value_range, objects)
            resolution = resolution_of(view)
        counts = Counts(len(plan.patches), skipped, len(cached.chip_ids))
        share = skipped / counts.patches
        for scale, coarser in list(of_scales(encode).items())[1:]:
            more, limit = self._coarser(scale, coarser, known, limit)
            counts = counts.plus(more)
        rate = self._rate()
        points = points_of_everything(plan, self._encode.scales, self.request.spacing, counts)
        self._say_points(points)
        covered = self._objects.covered_share(objects, plan.stride)
        self.context.require_not_cancelled()
        return PreviewResult(
            crs=plan.crs,
            width=plan.width,
            height=plan.height,
            resolution=resolution,
            model=plan.model_id,
            patch_size=plan.patch_size,
            stride=plan.stride,
            patch_count=counts.patches,
            skipped_count=counts.skipped,
            cached_count=counts.cached,
            patch_width=plan.patches.window_size[0]
            * math.hypot(plan.transform.a, plan.transform.d),
            overlap=100 * (1 - plan.stride / plan.patch_size),
            value_range=value_range,
            disk_bytes=(counts.patches - counts.skipped) * self._chip_bytes,
            memory_bytes=estimated_memory(self._entry, encode, self.context.log),
            seconds=None if rate is None else counts.remaining * rate,
            everything_points=points,
            everything_seconds=self._point_seconds and self._point_seconds * points,
            objects=self._objects.fits(objects, inside, plan),
            covered_share=covered,
            recommendation=self._objects.recommendation(covered),
            comparisons=self._comparisons(share, rate),
        )

    def _coarser(
        self,
        scale: int,
        encode: EncodeRequest,
        known: tuple[float, float] | None,
        limit: int,
    ) -> tuple[Counts, int]:
        """What a coarser scale adds, and how many more patches may be sent.

        Args:
            known: the range of values of the finest scale, which all share; None if not known.
        """
        with self._open(encode) as view:
            plan = plan_of(encode, view, self._entry.id, self._patch_size)
            coverage = Coverage.of(view, overview_of(view))
            skipped = 0 if encode.include_nodata else coverage.empty_count(plan.patches)
            cached = CachedChips()
            if self.request.features:
                folder = scale_folder(Path(self.request.features), scale)
                request = replace(self.request, features=str(folder))
                cached = CachedChips.find(
                    request, encode, plan, self._entry.family, self._checkpoint_sha256, known
                )
            self.context.say(Text("Scale {}: {} patches more", scale, len(plan.patches)))
            limit = self._send(plan, coverage, cached, limit, scale)
        return Counts(len(plan.patches), skipped, len(cached.chip_ids)), limit

    def _open(self, encode: EncodeRequest) -> AbstractContextManager[RasterView]:
        return open_source(encode.raster, encode.target_crs, encode.target_resolution)

    def _value_range(self, view: RasterView) -> tuple[float, float] | None:
        """The range that ``encode`` would take; that of a sample is only an estimate."""
        if self._encode.value_range is not None:
            view.check_range(self._encode.value_range, self.context.cancelled)
            return self._encode.value_range
        cut = self._encode.percentile_cut
        if self._overview.faithful:
            return view.statistics(cut, self.context.cancelled)
        sample = self._overview.values[:, self._overview.valid]
        if sample.size == 0 or sample.min() == sample.max():
            self.context.say(
                "The value range is not known: a sample of the raster has one value only, and all "
                "of it is too large to be read for a preview. Give a value range",
                "warning",
            )
            return None
        minimum, maximum = np.percentile(sample, (cut, 100 - cut))
        self.context.say(
            Text(
                "Value range: {} to {}, from a sample, as the raster is large and "
                "has no overviews; encoding reads more of it and may find a wider one. Build "
                "overviews (gdaladdo), or give a value range",
                f"{minimum:g}",
                f"{maximum:g}",
            ),
            "warning",
        )
        return float(minimum), float(maximum)

    def _say_what_happens(
        self,
        plan: EncodePlan,
        coverage: Coverage,
        value_range: tuple[float, float] | None,
        skipped: int,
    ) -> None:
        count, grid = len(plan.patches), plan.patches
        self.context.say(
            Text(
                "{} patches in {} rows and {} columns over "
                "{} x {} pixels ({}, patches of {} "
                "pixels, stride {})",
                count,
                grid.row_count,
                grid.column_count,
                plan.width,
                plan.height,
                plan.model_id,
                plan.patch_size,
                plan.stride,
            )
        )
        if value_range and (self._encode.value_range or self._overview.faithful):
            origin = (
                Text("as given")
                if self._encode.value_range
                else Text("from the statistics of the raster")
            )
            self.context.say(
                Text(
                    "Value range: {} to {}, {}",
                    f"{value_range[0]:g}",
                    f"{value_range[1]:g}",
                    origin,
                )
            )
        if not coverage.exact:
            self.context.say(
                "The shares of nodata, and which patches are skipped, are estimates: the raster "
                "is too large to look at each of its pixels"
            )
        if skipped == count:
            self.context.say(
                "All patches are without data, so encoding would fail: choose another extent or "
                "raster, or encode nodata patches as well"
                if coverage.exact
                else "No data was seen at all: look whether the extent has some",
                "warning",
            )

    def _send(
        self,
        plan: EncodePlan,
        coverage: Coverage,
        cached: CachedChips,
        limit: int,
        scale: int = 1,
    ) -> int:
        """Send up to ``limit`` patches; how many more of other scales may be sent."""
        total = min(len(plan.patches), limit)
        if self.request.patch_limit and total < len(plan.patches):
            self.context.say(
                Text(
                    "Only the first {} of {} patches are shown; the numbers are those of all",
                    total,
                    len(plan.patches),
                ),
                "warning",
            )
        for start in range(0, total, _PATCHES_IN_EVENT):
            self.context.require_not_cancelled()
            stop = min(start + _PATCHES_IN_EVENT, total)
            found = tuple(
                self._patch(plan, window, coverage.nodata_share(window), cached, scale)
                for window in plan.patches[start:stop]
            )
            self.context.results(PatchesEvent(found, plan.crs))
            self.context.progress(ProgressEvent(stop, total, Text("patch {} of {}", stop, total)))
        return limit - total

    def _patch(
        self, plan: EncodePlan, window: PatchWindow, share: float, cached: CachedChips, scale: int
    ) -> PatchPreview:
        chip = plan.chip(window)
        return PatchPreview(
            chip_id=chip.chip_id,
            row=chip.row,
            column=chip.column,
            x=window.x,
            y=window.y,
            width=window.width,
            height=window.height,
            nodata_share=share,
            skipped=share == 1.0 and not self._encode.include_nodata,
            cached=chip.chip_id in cached.chip_ids,
            wkb=to_wkb(chip.polygon, hex=True),
            scale=scale,
        )

    def _draw(
        self,
        view: RasterView,
        plan: EncodePlan,
        value_range: tuple[float, float] | None,
        objects: ObjectsOnGrid,
    ) -> None:
        seen = shrunk(view, self._overview, view.thinned_shape(SIDE))
        write_picture(
            Path(self.request.picture), seen, value_range or (0.0, 255.0), plan, objects.windows
        )

    def _rate(self) -> float | None:
        """Seconds a patch, as given or as measured; None if the model is not there."""
        if self.request.seconds_per_patch is not None:
            return self.request.seconds_per_patch
        if not self._checkpoint_sha256:
            return None
        self.context.require_not_cancelled()
        # What looking at the raster took, which the model would come on top of.
        give_back_heap()
        measured = seconds_per_patch(self._encode, self.context)
        for text in measured.texts():
            self.context.say(text)
        self._point_seconds = measured.point_seconds
        return measured.seconds

    def _say_points(self, points: int) -> None:
        text = "Segment everything asks up to about {} points, every {} pixels"
        self.context.say(Text(text, points, self.request.spacing))
        if self._point_seconds is not None:
            text = "One point takes {} s on this machine. Usually about half of them are asked"
            self.context.say(Text(text, f"{self._point_seconds:.2g}"))

    def _comparisons(self, skipped_share: float, rate: float | None) -> tuple[Comparison, ...]:
        request, found = self.request, []
        if not request.compare:
            return ()
        for resolution in request.compare_resolutions or (None,):
            encode = self._encode
            if resolution is not None:
                encode = replace(encode, target_resolution=resolution)
            with self._open(encode) as view:
                objects, _ = self._objects.on(view)
                metres = resolution_of(view) if resolution is None else resolution
                for stride in request.compare_strides or (self._stride,):
                    self.context.require_not_cancelled()
                    count = len(patch_windows(view.width, view.height, self._patch_size, stride))
                    encoded = count - round(count * skipped_share)
                    seconds = None if rate is None else encoded * rate
                    covered = self._objects.covered_share(objects, stride)
                    found.append(
                        Comparison(
                            metres, stride, count, encoded * self._chip_bytes, seconds, covered
                        )
                    )
        return tuple(found)


def _entry_of(model: Model, log: Callable[[LogEvent], None]) -> tuple[ModelEntry, str]:
    """The model and its checkpoint's SHA-256, empty for one whose file is still missing.

    Patches can be looked at before a model is downloaded: the catalogue knows their size.
    """
    try:
        resolved = registry.resolve(model)
    except errors.ModelError as error:
        entry = None if model.checkpoint else find_entry(model.model)
        if entry is None:
            raise
        log(LogEvent(Text("{}. Until then no time can be measured", error), "warning"))
        return entry, ""
    return resolved.entry, resolved.sha256
