"""What encoding costs: memory, time, and what of it an earlier run has paid already."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from geosam_processing.contract import EncodeRequest, PreviewRequest
from geosam_processing.contract.catalogue import ModelEntry
from geosam_processing.contract.texts import Text
from geosam_processing.engine import errors
from geosam_processing.engine.compute.device import Log, choose_compute_precision, choose_device
from geosam_processing.engine.compute.machine import give_back_heap
from geosam_processing.engine.encoding.patch_encoder import encode_pixels, suitable_batch_size
from geosam_processing.engine.encoding.plan import EncodePlan, continued_precision, settings_of
from geosam_processing.engine.features.chip_file import stored
from geosam_processing.engine.features.manifest import MANIFEST_NAME, stored_settings
from geosam_processing.engine.features.manifest_reader import read_manifest
from geosam_processing.engine.models import registry
from geosam_processing.engine.models.families import family_of
from geosam_processing.engine.run import RunContext

if TYPE_CHECKING:
    from geosam_processing.engine.models.adapter import ModelAdapter, PatchFeatures

# What the engine takes with torch and the libraries, and what a patch of 64 x 64 tokens takes on
# its way through an encoder on a GPU, generous: all tokens attend to all.
_ENGINE_BYTES = 550 << 20
_GPU_PATCH_BYTES = 1536 << 20
# Passes that are timed, the first of which warms up. None is begun after so many seconds of
# computing, or by the clock.
_PASSES = 6
_LONG, _TOO_LONG = 3.0, 10.0
# Points that are timed at once, after one that warms up.
_POINTS = 4
# The clock's time over that of computing from which others are said to compute as well.
_BUSY = 1.5


def estimated_memory(entry: ModelEntry, request: EncodeRequest, log: Log) -> int:
    """About how many bytes of memory encoding takes at most, on the device that computes."""
    device = choose_device(request.device, log)
    batch = request.batch_size or suitable_batch_size(device, entry.embedding_size)
    on_gpu = device.type != "cpu"
    if on_gpu:
        weights = 4 * entry.parameters
        patch = _GPU_PATCH_BYTES * (entry.embedding_size / 64) ** 2
    else:
        family = family_of(entry.family)
        weights = family.memory_of_weights(entry.parameters)
        patch = family.patch_bytes * (entry.patch_size / 1024) ** 2
    return _ENGINE_BYTES + weights + int(batch * patch)


@dataclass(frozen=True)
class Rate:
    """How long the image encoder takes for one patch here.

    Attributes:
        seconds: the median of the passes that were timed, without the time for which other
            programs had the processor.
        least, most: of the passes.
        wall: the median of the wall time, other programs included.
        passes: how many.
        point_seconds: how long a point on an encoded patch takes, three masks each.
    """

    seconds: float
    least: float
    most: float
    wall: float
    passes: int
    point_seconds: float = 0.0

    @classmethod
    def of(
        cls, seconds: Sequence[float], wall: Sequence[float], point_seconds: float = 0.0
    ) -> Rate:
        """The rate of passes that took so long."""
        middle = statistics.median(seconds)
        return cls(
            middle,
            min(seconds),
            max(seconds),
            statistics.median(wall),
            len(seconds),
            point_seconds,
        )

    def texts(self) -> Iterator[Text]:
        """Yield lines for the log."""
        seconds = f"{self.seconds:.2g}"
        if self.passes > 1:
            yield Text(
                "Measured: one patch takes {} s on this machine ({} to {} s in {} passes)",
                seconds,
                f"{self.least:.2g}",
                f"{self.most:.2g}",
                self.passes,
            )
        else:
            yield Text("Measured: one patch takes {} s on this machine", seconds)
        if self.wall > _BUSY * self.seconds:
            yield Text(
                "As other programs compute as well, a patch takes {} s now", f"{self.wall:.2g}"
            )


def seconds_per_patch(request: EncodeRequest, context: RunContext) -> Rate:
    """How long the image encoder takes for one patch here, by some passes that are timed.

    On a processor a pass counts with the time that this process computed if that is less than
    what the clock says: other programs can make a pass last several times as long.

    Raises:
        ModelError, DeviceError: as ``encode``.
        Cancelled: the caller asked to stop.
    """
    resolved = registry.resolve(request.model)
    adapter = registry.load(resolved, request.device, context.log, request.compute_precision)
    side = adapter.patch_size
    pixels = np.full((1, 3, side, side), 127.0, dtype=np.float32)
    seconds: list[float] = []
    wall: list[float] = []
    begin = time.perf_counter()
    while (
        len(seconds) < _PASSES and sum(seconds) < _LONG and time.perf_counter() - begin < _TOO_LONG
    ):
        context.require_not_cancelled()
        start, start_cpu = time.perf_counter(), time.process_time()
        (features,) = encode_pixels(adapter, pixels)
        # Only when they are back on the CPU is nothing still being computed.
        stored(features, request.precision)
        wall.append(time.perf_counter() - start)
        computed = time.process_time() - start_cpu
        seconds.append(min(computed, wall[-1]) if adapter.device.type == "cpu" else wall[-1])
        if len(seconds) == 1:
            # The first pass lays out the weights; what that leaves free is in small pieces.
            give_back_heap()
    points = _seconds_per_point(adapter, stored(features, "float32"), context)
    # The first pass also warms up.
    return Rate.of(seconds[1:] or seconds, wall[1:] or wall, points)


def _seconds_per_point(
    adapter: ModelAdapter, features: PatchFeatures, context: RunContext
) -> float:
    import torch

    from geosam_processing.engine.models.adapter import PromptBatch

    def seconds(count: int) -> float:
        context.require_not_cancelled()
        # What earlier work leaves free is in pieces too small for this.
        give_back_heap()
        points = torch.linspace(0, adapter.patch_size, 2 * count).reshape(count, 1, 2)
        batch = PromptBatch(points, torch.ones((count, 1), dtype=torch.int64))
        start, start_cpu = time.perf_counter(), time.process_time()
        logits, _ = adapter.decode(features, batch, True)
        logits.cpu()
        wall, computed = time.perf_counter() - start, time.process_time() - start_cpu
        return min(computed, wall) if adapter.device.type == "cpu" else wall

    with torch.inference_mode():
        seconds(1)
        return seconds(_POINTS) / _POINTS


@dataclass(frozen=True)
class CachedChips:
    """Patches whose chips a feature folder has.

    ``problem`` says why none of a folder that was given can be used.
    """

    chip_ids: frozenset[str] = frozenset()
    problem: str = ""

    @classmethod
    def find(
        cls,
        request: PreviewRequest,
        encode: EncodeRequest,
        plan: EncodePlan,
        family: str,
        checkpoint_sha256: str,
        value_range: tuple[float, float] | None,
    ) -> CachedChips:
        """What ``encode`` into ``request.features`` would reuse, going by the manifest.

        ``value_range`` None is taken for that of the folder.

        Raises:
            FeaturesError: the folder's manifest cannot be read.
        """
        if not request.features:
            return cls()
        folder = Path(os.path.expanduser(request.features)).absolute()
        if not os.path.isfile(folder / MANIFEST_NAME):
            return cls(problem=Text("{} has no {} yet", folder, MANIFEST_NAME))
        manifest = read_manifest(folder)
        if not manifest.format_version:
            return cls(
                problem=Text("{} is a feature folder of Geo-SAM and cannot be continued", folder)
            )
        device = choose_device(encode.device)
        settings = settings_of(
            encode,
            plan,
            family,
            choose_compute_precision(
                continued_precision(encode.compute_precision, folder, device), device, plan.model_id
            ),
            value_range or _stored_range(manifest.settings),
            checkpoint_sha256,
        )
        try:
            settings.require_same(manifest.settings, folder)
        except errors.FeaturesError as error:
            return cls(problem=error.text)
        return cls(frozenset(chip.chip_id for chip in manifest.chips if os.path.isfile(chip.path)))


def _stored_range(settings: str) -> tuple[float, float]:
    """The value range in a manifest's settings; any, if they hold none: then they differ."""
    try:
        minimum, maximum = stored_settings(settings)["value_range"]
        return float(minimum), float(maximum)
    except (ValueError, TypeError, KeyError):
        return 0.0, 255.0
