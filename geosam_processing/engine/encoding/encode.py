"""Encode a raster once into a feature folder that answers prompts ever after."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

from shapely import to_wkb

from geosam_processing.contract import (
    EncodeRequest,
    EncodeResult,
    PatchRecord,
    ProgressEvent,
)
from geosam_processing.contract.redaction import without_secrets
from geosam_processing.contract.texts import Text
from geosam_processing.engine import errors
from geosam_processing.engine.compute.device import (
    choose_device,
    release_memory,
)
from geosam_processing.engine.encoding.blocks import BlockEncoder
from geosam_processing.engine.encoding.foreword import say_what_happens
from geosam_processing.engine.encoding.grid import PatchWindow
from geosam_processing.engine.encoding.on_workers import (
    RemoteModel,
    encode_on_workers,
    remote_model,
)
from geosam_processing.engine.encoding.patch_encoder import (
    PatchProgress,
    require_reusable_features,
)
from geosam_processing.engine.encoding.plan import (
    EncodePlan,
    continued_precision,
    of_scales,
    plan_of,
    settings_of,
    settled,
)
from geosam_processing.engine.encoding.selection import chosen_patches
from geosam_processing.engine.features.chip_file import estimated_bytes
from geosam_processing.engine.features.folder_lock import FolderLock
from geosam_processing.engine.features.manifest import Chip
from geosam_processing.engine.features.writer import FeatureWriter
from geosam_processing.engine.models import registry
from geosam_processing.engine.raster.view import open_source
from geosam_processing.engine.run import SILENT, RunContext

if TYPE_CHECKING:
    from distributed import Client

    from geosam_processing.engine.models.adapter import ModelAdapter
    from geosam_processing.engine.raster.view import RasterView

_CHECKSUM_THREADS = 4
# Left free on the disk for the manifest and for others.
_DISK_RESERVE = 64 << 20


def plan(request: EncodeRequest) -> EncodePlan:
    """What ``encode`` would make of ``request``, without encoding or writing.

    Raises:
        ModelError: the model cannot be used, or the stride is larger than its patches.
        RasterError: the raster cannot be used.
    """
    entry = registry.resolve(request.model).entry
    request = settled(request, entry.id, entry.patch_size)
    with open_source(request.raster, request.target_crs, request.target_resolution) as view:
        return plan_of(request, view, entry.id, entry.patch_size)


def encode(
    request: EncodeRequest,
    context: RunContext = SILENT,
    cluster: str | Client = "",
) -> EncodeResult:
    """Encode a raster into ``request.output``, or go on where an earlier run stopped.

    Each of its scales is a separate feature folder, the coarser ones inside the finest one. However
    it ends, the patches that were done are kept and used by the next run with the
    same settings.

    Args:
        context: its progress counts patches; it is asked before every patch whether to stop.
        cluster: whose workers encode, see ``contract.cluster``, or a client of Dask. If empty,
            that of the request.

    Raises:
        Cancelled: the caller asked to stop.
        ClusterError: the cluster cannot be used, or failed at some patches; all others are done.
        ModelError: the model cannot be used, has no reusable features, or has patches smaller
            than the stride.
        DeviceError: the device cannot be used, cannot compute in the precision asked for, or
            has too little memory.
        RasterError: the raster cannot be used, or all of it is nodata.
        FeaturesError: the output folder was made with other settings or by others.
        OutputError: the output folder cannot be written to, its disk is full, or another run
            encodes into it.
    """
    resolved = registry.resolve(request.model)
    request = settled(request, resolved.entry.id, resolved.entry.patch_size)
    # Before the model, so that a second run is refused at once.
    with (
        FolderLock(request.output, request.shard) as lock,
        _opened_model(request, resolved, lock, cluster or request.cluster, context) as model,
    ):
        return _encode_scales(request, resolved, model, lock, context)


@contextlib.contextmanager
def _opened_model(
    request: EncodeRequest,
    resolved: registry.ResolvedModel,
    lock: FolderLock,
    cluster: str | Client,
    context: RunContext,
) -> Iterator[ModelAdapter | RemoteModel]:
    """Give the model in this process, or on the workers of a cluster."""
    if cluster:
        with remote_model(request, resolved, lock.folder, cluster, context) as remote:
            yield remote
        return
    device = choose_device(request.device)
    precision = continued_precision(request.compute_precision, lock.folder, device)
    adapter = registry.load(resolved, request.device, context.log, precision)
    require_reusable_features(adapter)
    yield adapter


def _encode_scales(
    request: EncodeRequest,
    resolved: registry.ResolvedModel,
    model: ModelAdapter | RemoteModel,
    lock: FolderLock,
    context: RunContext,
) -> EncodeResult:
    """Encode all scales of a settled request, whose output is locked by ``lock``."""
    requests = of_scales(request)
    counts = {scale: _patch_count(each, model) for scale, each in requests.items()}
    if request.shard is not None:
        context.say(Text("Shard {}: {} patches", request.shard, sum(counts.values())))
    results: list[EncodeResult] = []
    for scale, each in requests.items():
        if results:
            context.say(Text("Scale {}: pixels {} times as wide", scale, scale))
            # Alike in all scales, so that an object looks the same.
            each = replace(each, value_range=results[0].value_range)
        before = sum(count for other, count in counts.items() if other < scale)
        shifted = _shifted(context, before, sum(counts.values()))
        with contextlib.ExitStack() as stack:
            held = lock
            if scale != 1:
                held = stack.enter_context(FolderLock(each.output, each.shard))
            results.append(_encode_scale(each, scale, resolved, model, held, shifted))
    return _joined(results)


def _patch_count(request: EncodeRequest, model: ModelAdapter | RemoteModel) -> int:
    with open_source(request.raster, request.target_crs, request.target_resolution) as view:
        plan = plan_of(request, view, model.model_id, model.patch_size)
        return len(chosen_patches(request, plan))


def _shifted(context: RunContext, before: int, total: int) -> RunContext:
    """The context of one scale, which count its patches among those of all scales."""

    def progress(event: ProgressEvent) -> None:
        context.progress(ProgressEvent(before + event.done, total, event.text))

    return replace(context, progress=progress)


def _encode_scale(
    request: EncodeRequest,
    scale: int,
    resolved: registry.ResolvedModel,
    model: ModelAdapter | RemoteModel,
    lock: FolderLock,
    context: RunContext,
) -> EncodeResult:
    with open_source(request.raster, request.target_crs, request.target_resolution) as view:
        encode_plan = plan_of(request, view, model.model_id, model.patch_size)
        chosen = chosen_patches(request, encode_plan)
        value_range = _value_range(request, view, context)
        settings = settings_of(
            request,
            encode_plan,
            model.family,
            model.compute_precision,
            value_range,
            resolved.sha256,
        )
        source_path = _source_path(request.raster.source)
        checkpoint = str(resolved.path)
        with FeatureWriter(
            request.output, settings, source_path, checkpoint, lock, chosen.kept
        ) as writer:
            windows = chosen.windows()
            writer.keep_others({window.chip_id for window in windows})
            reused = _reused(encode_plan, windows, writer, context)
            if scale == 1:
                say_what_happens(
                    request, encode_plan, len(windows), model, value_range, len(reused), context
                )
            made = _encode_missing(
                request, encode_plan, windows, view, model, writer, reused, context
            )
            if not writer.chip_count and request.shard is None:
                raise errors.RasterError(
                    "{} has no data in any of its "
                    "{} patches: choose another extent or raster, or "
                    "encode nodata patches as well",
                    request.raster.source,
                    len(windows),
                )
            return _result(encode_plan, scale, writer, reused, *made)


def _value_range(
    request: EncodeRequest, view: RasterView, context: RunContext
) -> tuple[float, float]:
    if request.value_range is None:
        value_range = view.statistics(request.percentile_cut, context.cancelled)
    else:
        value_range = request.value_range
        view.check_range(value_range, context.cancelled)
    context.warn(view.all_remarks())
    return value_range


def _joined(results: Sequence[EncodeResult]) -> EncodeResult:
    """The finest scale's result with the patches of all."""
    return replace(
        results[0],
        patch_count=sum(each.patch_count for each in results),
        reused_count=sum(each.reused_count for each in results),
        skipped_count=sum(each.skipped_count for each in results),
        patches=tuple(patch for each in results for patch in each.patches),
    )


def _reused(
    encode_plan: EncodePlan,
    windows: Sequence[PatchWindow],
    writer: FeatureWriter,
    context: RunContext,
) -> dict[str, Chip]:
    """The chips of an earlier run that are whole, by their ids.

    All are looked for before one is made: a manifest that is written later names them.
    """
    if not writer.features_folder.is_dir():
        return {}

    def reuse(window: PatchWindow) -> Chip | None:
        context.require_not_cancelled()
        return writer.reuse(encode_plan.chip(window))

    with ThreadPoolExecutor(_CHECKSUM_THREADS, "geosam-check") as pool:
        found = [chip for chip in pool.map(reuse, windows) if chip is not None]
    return {chip.chip_id: chip for chip in found}


def _encode_missing(
    request: EncodeRequest,
    encode_plan: EncodePlan,
    windows: Sequence[PatchWindow],
    view: RasterView,
    model: ModelAdapter | RemoteModel,
    writer: FeatureWriter,
    reused: dict[str, Chip],
    context: RunContext,
) -> tuple[dict[str, Chip], dict[str, Chip]]:
    """Encode the patches that are not reused; return them, and those without data."""
    missing = [window.index for window in windows if window.chip_id not in reused]
    _require_disk_space(request, model, writer, len(missing))
    steps = PatchProgress(len(windows), len(reused), context.progress)
    counted = replace(context, progress=lambda event: steps.at(event.done))
    if isinstance(model, RemoteModel):
        return encode_on_workers(model, request, encode_plan, writer, missing, counted)
    encoder = BlockEncoder(request, encode_plan, view, model, writer)
    try:
        encoded = encoder.encode(missing, counted)
    finally:
        release_memory(model.device)
    chips = {False: dict[str, Chip](), True: dict[str, Chip]()}
    for patch in encoded:
        chip = patch.chip(encode_plan, writer)
        chips[patch.skipped][chip.chip_id] = chip
    return chips[False], chips[True]


def _require_disk_space(
    request: EncodeRequest, model: ModelAdapter | RemoteModel, writer: FeatureWriter, count: int
) -> None:
    chip_bytes = estimated_bytes(
        model.family, model.embedding_size, request.precision, writer.settings.concepts
    )
    needed = count * chip_bytes
    free = shutil.disk_usage(writer.folder).free
    if count and needed + _DISK_RESERVE > free:
        raise errors.OutputError(
            "The {} patches to encode take up to {}, but the disk of "
            "{} has {} free: free some space, choose another output "
            "folder, or take a larger stride or a smaller extent",
            count,
            _size(needed),
            writer.folder,
            _size(free),
        )


def _result(
    encode_plan: EncodePlan,
    scale: int,
    writer: FeatureWriter,
    reused: dict[str, Chip],
    written: dict[str, Chip],
    skipped: dict[str, Chip],
) -> EncodeResult:
    chips = {**reused, **written, **skipped}
    records = tuple(
        PatchRecord(
            chip_id=chip.chip_id,
            row=chip.row,
            column=chip.column,
            nodata_share=chip.nodata_share,
            reused=chip.chip_id in reused,
            skipped=chip.chip_id in skipped,
            wkb=to_wkb(chip.polygon, hex=True),
            scale=scale,
        )
        for chip in sorted(chips.values(), key=lambda chip: (chip.row, chip.column))
    )
    return EncodeResult(
        output=str(writer.folder),
        manifest=str(writer.flush()),
        patch_count=writer.chip_count,
        reused_count=len(reused),
        skipped_count=len(skipped),
        value_range=writer.settings.value_range,
        model=encode_plan.model_id,
        crs=encode_plan.crs,
        patches=records,
    )


def _source_path(source: str) -> str:
    """``source`` as the manifest names it: an absolute file, or GDAL's text without secrets."""
    if os.path.exists(source):
        return os.path.abspath(source)
    return without_secrets(source)


def _size(number: float) -> str:
    """A number of bytes for people."""
    for unit in ("bytes", "kB", "MB"):
        if number < 1000:
            return f"{number:.0f} {unit}"
        number /= 1000
    return f"{number:.1f} GB"
