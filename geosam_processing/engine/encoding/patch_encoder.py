"""The loop of an encoding: read ahead in one thread, encode, write behind in another."""

from __future__ import annotations

import gc
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from geosam_processing.contract import LogEvent, ProgressEvent
from geosam_processing.contract.texts import Text
from geosam_processing.engine import errors
from geosam_processing.engine.compute.device import (
    is_out_of_memory,
    memory_too_small,
    release_memory,
)
from geosam_processing.engine.compute.machine import give_back_heap
from geosam_processing.engine.encoding.grid import PatchWindow
from geosam_processing.engine.features.chip_file import stored
from geosam_processing.engine.features.empty_cells import empty_cells
from geosam_processing.engine.features.manifest import Chip
from geosam_processing.engine.features.writer import ChipWriter
from geosam_processing.engine.models.adapter import ModelAdapter, PatchFeatures
from geosam_processing.engine.raster.letterbox import to_model_pixels
from geosam_processing.engine.run import RunContext

if TYPE_CHECKING:
    import torch

    from geosam_processing.engine.raster.view import RasterView

# What one patch of 1024 x 1024 pixels takes on a GPU with the largest encoder, generously:
# too small a batch costs little, too large a one is halved.
_GPU_BYTES_PER_PATCH = 4 << 30
_MAXIMUM_BATCH = 8
# The manifest is not written for less than such a part of the chips that it names.
_FLUSH_PARTS = 20
# Patches after which the balanced memory strategy gives memory back.
_RELEASE_EVERY = 16


class PatchProgress:
    """Counts patches and says how fast they come and how long the rest will take."""

    def __init__(
        self,
        total: int,
        reused: int,
        report: Callable[[ProgressEvent], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.total = total
        self.reused = reused
        self.done = reused
        self._report = report
        self._clock = clock
        self._start = clock()
        if reused:
            report(ProgressEvent(reused, total, Text("patch {} of {}, reused", reused, total)))

    def step(self) -> None:
        """Report one more patch."""
        self.at(self.done - self.reused + 1)

    def at(self, count: int) -> None:
        """Report that ``count`` patches are done, those that were reused not counted."""
        self.done = self.reused + count
        elapsed = max(self._clock() - self._start, 1e-6)
        rate = (self.done - self.reused) / elapsed
        seconds = (self.total - self.done) / rate
        text = Text(
            "patch {} of {}, {} patches/s, {} left",
            self.done,
            self.total,
            f"{rate:.{1 if rate >= 1 else 2}f}",
            duration(seconds),
        )
        self._report(ProgressEvent(self.done, self.total, text))


@dataclass(frozen=True)
class _ReadPatch:
    """A patch as the model wants it; ``pixels`` is None if it is left out as wholly nodata."""

    index: int
    chip: Chip
    pixels: NDArray[np.float32] | None


@dataclass
class PatchEncoder:
    """Encodes patches of one raster into one folder.

    After ``run``, however it ends, ``written`` and ``skipped`` hold the patches that were
    done, and the manifest names all that are written.
    """

    view: RasterView
    adapter: ModelAdapter
    writer: ChipWriter
    value_range: tuple[float, float]
    precision: str
    batch_size: int
    flush_every: int
    low_memory: bool
    include_nodata: bool
    context: RunContext
    patch_progress: PatchProgress
    written: dict[str, Chip] = field(default_factory=dict)
    skipped: dict[str, Chip] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._storing: deque[Future[Chip]] = deque()
        self._unflushed = self._unreleased = 0

    def run(self, patches: Iterable[tuple[PatchWindow, Chip]]) -> None:
        """Encode ``patches``; stops within one batch after the caller cancels.

        Raises:
            Cancelled: the caller asked to stop.
            RasterError: a patch cannot be read.
            DeviceError: the device has not enough memory for one patch.
            OutputError: a chip or the manifest cannot be written.
        """
        storage = ThreadPoolExecutor(1, "geosam-store")
        try:
            with closing(self._read_ahead(patches)) as read:
                for batch in self._batches(read):
                    self.context.require_not_cancelled()
                    features = self._encode(batch)
                    for patch, patch_features in zip(batch, features, strict=True):
                        self._storing.append(
                            storage.submit(self._store, patch.chip, patch_features)
                        )
                    self._settle(0 if self.low_memory else len(batch))
                    self._release(len(batch))
            self._settle(0)
        except BaseException:
            storage.shutdown(wait=True)
            self._keep_what_is_done()
            raise
        storage.shutdown(wait=True)
        self.writer.flush()

    def _read_ahead(
        self, patches: Iterable[tuple[PatchWindow, Chip]]
    ) -> Generator[_ReadPatch, None, None]:
        """Patches in their order, a batch of them read while the one before is encoded."""
        reader = ThreadPoolExecutor(1, "geosam-read")
        waiting: deque[Future[_ReadPatch]] = deque()
        try:
            for window, chip in patches:
                waiting.append(reader.submit(self._read, window, chip))
                if len(waiting) > (0 if self.low_memory else self.batch_size):
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            # The raster is closed next, so nobody may be reading it any more.
            reader.shutdown(wait=True, cancel_futures=True)

    def _read(self, window: PatchWindow, chip: Chip) -> _ReadPatch:
        values, valid = self.view.read(window.x, window.y, window.width, window.height)
        share = 1.0 - float(np.count_nonzero(valid)) / valid.size
        chip = replace(chip, nodata_share=share, empty_cells=empty_cells(valid))
        if not valid.any() and not self.include_nodata:
            return _ReadPatch(window.index, chip, None)
        pixels = to_model_pixels(
            values, valid, self.value_range, self.adapter.patch_size, self.adapter.pixel_mean
        )
        return _ReadPatch(window.index, chip, pixels)

    def _batches(self, patches: Iterator[_ReadPatch]) -> Iterator[list[_ReadPatch]]:
        batch: list[_ReadPatch] = []
        try:
            for patch in patches:
                self.context.require_not_cancelled()
                if patch.pixels is None:
                    self.skipped[patch.chip.chip_id] = patch.chip
                    self.writer.skip(patch.index)
                    self.patch_progress.step()
                    continue
                batch.append(patch)
                if len(batch) >= self.batch_size:
                    yield batch
                    batch = []
        except (errors.GeoSamError, OSError):
            # A patch that cannot be read must not take along those before it.
            if batch:
                yield batch
            raise
        if batch:
            yield batch

    def _encode(self, batch: Sequence[_ReadPatch]) -> list[PatchFeatures]:
        """The features of a batch, on the device; in smaller batches from here if memory is short.

        Raises:
            DeviceError: the memory does not suffice for one patch.
        """
        features: list[PatchFeatures] = []
        while len(features) < len(batch):
            part = batch[len(features) : len(features) + self.batch_size]
            found = self._try(part)
            if found is not None:
                features += found
                continue
            # Only here has the traceback let go of what the failed batch held.
            release_memory(self.adapter.device)
            self.batch_size = len(part) // 2
            self.context.log(
                LogEvent(
                    Text(
                        "The memory of {} does not suffice for {} patches "
                        "at once, going on with {}",
                        self.adapter.device,
                        len(part),
                        self.batch_size,
                    ),
                    "warning",
                )
            )
        return features

    def _try(self, batch: Sequence[_ReadPatch]) -> list[PatchFeatures] | None:
        """None if the memory does not suffice."""
        each = [patch.pixels for patch in batch if patch.pixels is not None]
        try:
            return encode_pixels(self.adapter, np.stack(each) if len(each) > 1 else each[0][None])
        except RuntimeError as error:
            if not is_out_of_memory(error):
                raise
            if len(batch) == 1:
                raise patch_too_large(self.adapter) from error
            return None

    def _store(self, chip: Chip, features: PatchFeatures) -> Chip:
        # Here, and not where it was encoded: a GPU works on while this waits for the transfer.
        if not self.writer.settings.concepts:
            features = replace(features, trunk=None)
        kept = stored(features, self.precision)
        require_finite(kept, self.adapter, self.precision)
        chip = self.writer.save(chip, kept)
        self._unflushed += 1
        # The manifest is written as a whole, which would take longer and longer.
        if self._unflushed >= max(self.flush_every, self.writer.chip_count // _FLUSH_PARTS):
            self.writer.flush()
            self._unflushed = 0
        return chip

    def _release(self, count: int) -> None:
        """Give memory back, if enough patches were encoded since that was done last."""
        self._unreleased += count
        if self._unreleased >= (1 if self.low_memory else _RELEASE_EVERY):
            gc.collect()
            release_memory(self.adapter.device)
            if self.low_memory:
                give_back_heap()
            self._unreleased = 0

    def _settle(self, allowed: int) -> None:
        """Report chips that are written, waiting until at most ``allowed`` are not."""
        while self._storing and (len(self._storing) > allowed or self._storing[0].done()):
            chip = self._storing.popleft().result()
            self.written[chip.chip_id] = chip
            self.patch_progress.step()

    def _keep_what_is_done(self) -> None:
        try:
            self._settle(0)
        except errors.GeoSamError:
            # It is the error that ends the run, or comes from the same disk.
            self._storing.clear()
        try:
            self.writer.flush()
        except errors.OutputError as error:
            self.context.log(
                LogEvent(
                    Text(
                        "The manifest does not name the last patches ({}); they are in the "
                        "folder and are used when it is encoded again",
                        error,
                    ),
                    "warning",
                )
            )


def encode_pixels(adapter: ModelAdapter, pixels: NDArray[np.float32]) -> list[PatchFeatures]:
    """The features of patches, on the device; ``pixels`` is [B, 3, side, side]."""
    import torch

    images = torch.from_numpy(pixels)
    if adapter.device.type == "cuda":
        # From memory that stays in its place a GPU fetches for itself, twice as fast.
        images = images.pin_memory()
    with torch.inference_mode():
        return adapter.encode(images.to(adapter.device, non_blocking=True))


def require_reusable_features(adapter: ModelAdapter) -> None:
    """Raise ModelError if the model's features cannot answer prompts later."""
    if not adapter.reusable_features:
        raise errors.ModelError(
            "The features of {} cannot be stored and reused: choose a SAM or SAM2 model",
            adapter.model_id,
        )


def patch_too_large(adapter: ModelAdapter) -> errors.DeviceError:
    """The error for a device that cannot encode even one patch."""
    return memory_too_small(adapter.device, Text("one patch with {}", adapter.model_id))


def require_finite(features: PatchFeatures, adapter: ModelAdapter, precision: str) -> None:
    """Raise ModelError if numbers left the range of the type they were computed or kept in."""
    import torch

    # A NaN is both the smallest and the largest, and to ask them all takes ten times as long.
    kept = [features.image_embedding, *features.high_resolution, features.trunk]
    ends = [torch.aminmax(each) for each in kept if each is not None]
    if all(bool(torch.isfinite(end)) for pair in ends for end in pair):
        return
    raise errors.ModelError(
        "{} gives features that are no numbers, computed in "
        "{} and kept in {}: encode (Encode raster, Encode tile "
        "layer) computing and keeping float32; if it stays so, its "
        "checkpoint is broken",
        adapter.model_id,
        adapter.compute_precision,
        precision,
    )


def suitable_batch_size(device: torch.device, embedding_size: int) -> int:
    """How many patches to encode at once: one on a CPU, where more bring nothing."""
    import torch

    if device.type != "cuda":
        return 1
    free, _ = torch.cuda.mem_get_info(device)
    bytes_per_patch = _GPU_BYTES_PER_PATCH * (embedding_size / 64) ** 2
    return int(min(max(free // bytes_per_patch, 1), _MAXIMUM_BATCH))


def duration(seconds: float) -> str:
    """A time for people, in its one or two largest units."""
    whole = int(seconds + 0.5)
    if whole < 60:
        return f"{whole} s"
    minutes, remaining_seconds = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {remaining_seconds} s" if minutes < 5 else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min"
