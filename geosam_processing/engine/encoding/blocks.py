"""Encoding by blocks of patches, in this process or on the workers of a cluster."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from geosam_processing.contract import EncodeRequest
from geosam_processing.engine import errors
from geosam_processing.engine.compute.device import release_memory
from geosam_processing.engine.encoding.patch_encoder import (
    PatchEncoder,
    PatchProgress,
    require_reusable_features,
    suitable_batch_size,
)
from geosam_processing.engine.encoding.plan import EncodePlan, plan_of, settings_of
from geosam_processing.engine.execution.blocks import Work
from geosam_processing.engine.features.manifest import Chip, Settings
from geosam_processing.engine.features.writer import ChipWriter
from geosam_processing.engine.models import registry
from geosam_processing.engine.raster.view import open_source
from geosam_processing.engine.run import RunContext

if TYPE_CHECKING:
    from geosam_processing.engine.models.adapter import ModelAdapter
    from geosam_processing.engine.raster.view import RasterView

PatchBlock = Sequence[int]
"""The indices of patches in their grid, rising."""


@dataclass(frozen=True)
class EncodedPatch:
    """A patch of a block: its chip's checksum, or none if it is wholly nodata and left out."""

    index: int
    checksum: str
    nodata_share: float
    empty_cells: str

    @property
    def skipped(self) -> bool:
        return not self.checksum

    def chip(self, plan: EncodePlan, writer: ChipWriter) -> Chip:
        """Return the chip in the folder of ``writer``; without a path if there is no file."""
        chip = plan.chip(plan.patches[self.index])
        return replace(
            chip,
            path=Path() if self.skipped else writer.path_of(chip.chip_id),
            checksum=self.checksum,
            nodata_share=self.nodata_share,
            empty_cells=self.empty_cells,
        )


Encoded = tuple[EncodedPatch, ...]


@dataclass(frozen=True)
class BlockEncoder:
    """Encodes blocks of one raster with one model into one folder."""

    request: EncodeRequest
    plan: EncodePlan
    view: RasterView
    adapter: ModelAdapter
    writer: ChipWriter

    def encode(self, block: PatchBlock, context: RunContext) -> Encoded:
        """Encode the patches of a block; ``PatchEncoder.run`` has the errors."""
        encoder = self._encoder(len(block), context)
        self._run(encoder, block)
        return self._encoded(encoder, {})

    def complete(
        self, block: PatchBlock, context: RunContext, damaged: frozenset[int] = frozenset()
    ) -> Encoded:
        """Encode the patches of a block that nobody encoded yet; all that is done if cancelled.

        Args:
            damaged: patches to encode again although they have a chip.
        """
        done: dict[str, Chip] = {}
        encoder = self._encoder(len(block), context)
        for index in block:
            # Of a worker that died after it had encoded a part of the block.
            chip = self.plan.chip(self.plan.patches[index])
            found = None if index in damaged else self.writer.found(chip)
            if found is not None:
                done[chip.chip_id] = found
                encoder.patch_progress.step()
        with contextlib.suppress(errors.Cancelled):
            missing = [i for i in block if self.plan.patches[i].chip_id not in done]
            self._run(encoder, missing)
        return self._encoded(encoder, done)

    def _encoder(self, count: int, context: RunContext) -> PatchEncoder:
        request, adapter = self.request, self.adapter
        low_memory = request.memory_strategy == "low_memory"
        suitable = request.batch_size or suitable_batch_size(adapter.device, adapter.embedding_size)
        return PatchEncoder(
            view=self.view,
            adapter=adapter,
            writer=self.writer,
            value_range=self.writer.settings.value_range,
            precision=request.precision,
            batch_size=1 if low_memory else suitable,
            flush_every=request.flush_every,
            low_memory=low_memory,
            include_nodata=request.include_nodata,
            context=context,
            patch_progress=PatchProgress(count, 0, context.progress),
        )

    def _run(self, encoder: PatchEncoder, block: PatchBlock) -> None:
        windows = (self.plan.patches[index] for index in block)
        encoder.run((window, self.plan.chip(window)) for window in windows)

    def _encoded(self, encoder: PatchEncoder, done: dict[str, Chip]) -> Encoded:
        chips = {**done, **encoder.written, **encoder.skipped}
        columns = self.plan.patches.column_count
        return tuple(
            EncodedPatch(
                chip.row * columns + chip.column,
                chip.checksum,
                chip.nodata_share,
                chip.empty_cells,
            )
            for chip in chips.values()
        )


@dataclass(frozen=True)
class EncodeJob:
    """The encoding of a raster as a job for workers, which write chips into the same folder.

    Attributes:
        request: of one scale, settled, with absolute paths.
        settings: of the folder; they include the value range.
        source_path, checkpoint_path: as chips and manifest name them.
        damaged: patches to encode again although they have a chip.
    """

    request: EncodeRequest
    settings: Settings
    source_path: str
    checkpoint_path: str
    damaged: frozenset[int] = frozenset()

    @contextlib.contextmanager
    def open(self, context: RunContext) -> Iterator[Work[PatchBlock, Encoded]]:
        """Load the model and open the raster.

        Raises:
            ModelError, DeviceError, RasterError: see ``encode``; or what this process sees of the
                checkpoint or the raster differs from what the caller sees.
        """
        request, settings = self.request, self.settings
        resolved = registry.resolve(request.model)
        if resolved.sha256 != settings.checkpoint_sha256:
            raise errors.ModelError(
                "{} is not the checkpoint of this run (SHA-256 {}..., not {}...)",
                resolved.path,
                resolved.sha256[:8],
                settings.checkpoint_sha256[:8],
            )
        adapter = registry.load(
            resolved, request.device, context.log, self.settings.compute_precision
        )
        require_reusable_features(adapter)
        with open_source(request.raster, request.target_crs, request.target_resolution) as view:
            plan = plan_of(request, view, adapter.model_id, adapter.patch_size)
            seen = settings_of(
                request,
                plan,
                adapter.family,
                settings.compute_precision,
                settings.value_range,
                resolved.sha256,
            )
            if seen != settings:
                raise errors.RasterError(
                    "The worker sees another {} than this computer, such as an older copy: give "
                    "one file that all can read",
                    request.raster.source,
                )
            writer = ChipWriter(
                Path(request.output), settings, self.source_path, self.checkpoint_path
            )
            encoder = BlockEncoder(request, plan, view, adapter, writer)
            try:
                yield functools.partial(encoder.complete, damaged=self.damaged)
            finally:
                release_memory(adapter.device)
