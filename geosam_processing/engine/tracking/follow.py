"""Follow objects through dates: the verb of the engine."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from geosam_processing.contract import (
    GONE,
    NOT_SEEN,
    SEEN,
    MaskOptions,
    Prompt,
    SegmentRequest,
    SeriesRequest,
    SeriesResult,
)
from geosam_processing.contract.texts import Text
from geosam_processing.engine import errors
from geosam_processing.engine.compute.device import release_memory
from geosam_processing.engine.encoding.patch_encoder import require_reusable_features
from geosam_processing.engine.features.folder import FeatureFolder
from geosam_processing.engine.models import registry
from geosam_processing.engine.models.families import family_of
from geosam_processing.engine.raster.area import AreaMeter
from geosam_processing.engine.run import SILENT, RunContext
from geosam_processing.engine.segmentation.folder_run import load_model
from geosam_processing.engine.segmentation.sources.live_cache import FeatureCache
from geosam_processing.engine.tracking.by_memory import follow_by_memory
from geosam_processing.engine.tracking.by_prompts import PromptFollower, start_where_best
from geosam_processing.engine.tracking.costs import seconds_of_memory
from geosam_processing.engine.tracking.dates import Dates
from geosam_processing.engine.tracking.folder_dates import FolderDates
from geosam_processing.engine.tracking.journal import Journal, open_journal
from geosam_processing.engine.tracking.masks import MaskReader
from geosam_processing.engine.tracking.memory_pass import MemoryRun
from geosam_processing.engine.tracking.objects import (
    Followed,
    Moment,
    moments_of,
    objects_of,
    span_of,
)
from geosam_processing.engine.tracking.outlines import joined
from geosam_processing.engine.tracking.progress import Delivery
from geosam_processing.engine.tracking.raster_dates import RasterDates
from geosam_processing.engine.tracking.unread import UnreadDates
from geosam_processing.engine.tracking.verdicts import Rules

if TYPE_CHECKING:
    from geosam_processing.engine.models.adapter import ModelAdapter

MEMORY, PROMPTS = "memory", "prompts"


def segment_series(request: SeriesRequest, context: RunContext = SILENT) -> SeriesResult:
    """Outline objects on all dates, or report why they are not seen or gone.

    Args:
        context: its results are ``SeriesEvent``: with prompts date by date, with the memory
            object by object. Its progress counts rows.

    Raises:
        Cancelled: the caller asked to stop; rows that were sent stand.
        FeaturesError: folders cannot be read, or have other patches than the first one.
        RasterError: the first raster cannot be read, or no raster has a range of values.
        ModelError: the model cannot be used, or has no memory.
        DeviceError: the device cannot be used or has too little memory.
        OutputError: the journal cannot be written.
    """
    import torch

    begin = time.perf_counter()
    unread = UnreadDates(context)
    moments = moments_of(request)
    with torch.inference_mode():
        adapter, dates = _opened(request, moments, unread, context)
        try:
            method, seconds = _method(request, adapter, moments, context)
            delivery = _followed(request, method, adapter, dates, moments, unread, context)
        finally:
            release_memory(adapter.device)
    keys = dict.fromkeys(each.prompt.key for each in request.prompts)
    return SeriesResult(
        dates=tuple(moment.date for moment in moments),
        crs=dates.crs_text,
        method=method,
        model=adapter.model_id,
        object_count=len(delivery.seen),
        seen_count=delivery.states[SEEN],
        not_seen_count=delivery.states[NOT_SEEN],
        gone_count=delivery.states[GONE],
        unread=tuple(unread.reasons.items()),
        unanswered=tuple(key for key in keys if key not in delivery.seen),
        resumed_count=delivery.resumed_count,
        encoded_count=dates.encoded_count,
        cached_count=dates.cached_count,
        expected_seconds=seconds,
        seconds=time.perf_counter() - begin,
    )


def _followed(
    request: SeriesRequest,
    method: str,
    adapter: ModelAdapter,
    dates: Dates,
    moments: Sequence[Moment],
    unread: UnreadDates,
    context: RunContext,
) -> Delivery:
    objects = objects_of(request, moments)
    whose = [_all_prompts(each) if method == MEMORY else each.first for each in objects]
    for each, place in zip(objects, dates.plan(whose), strict=True):
        each.home = place
    journal = open_journal(request, method)
    rules = Rules.of(request)
    if request.start == "best":
        undated = {each.prompt.key for each in request.prompts if not each.date}
        silent = Delivery(Journal(), 0, context)
        asking = PromptFollower(dates, moments, rules, unread, silent)
        start_where_best(asking, [o for o in objects if o.key in undated], len(moments))
    total = sum(len(span_of(each, len(moments), request.direction)) for each in objects)
    delivery = Delivery(journal, total, context)
    if method == MEMORY:
        reader = MaskReader(adapter, _shaping(request.masks), AreaMeter.of(dates.crs))
        run = MemoryRun(
            dates,
            moments,
            request.direction,
            request.memories,
            rules,
            adapter,
            reader,
            unread,
            context,
        )
        follow_by_memory(run, objects, delivery)
    else:
        follower = PromptFollower(dates, moments, rules, unread, delivery)
        follower.follow(objects, request.direction)
    journal.close()
    return delivery


def _opened(
    request: SeriesRequest, moments: Sequence[Moment], unread: UnreadDates, context: RunContext
) -> tuple[ModelAdapter, Dates]:
    """The model and the readable dates, the others reported; the first input must be readable.

    Raises:
        GeoSamError: see ``segment_series``.
    """
    masks = _shaping(request.masks)
    if request.inputs[0].raster is None:
        return _folders(request, moments, masks, unread, context)
    if request.model is None or request.cache is None:
        raise ValueError("rasters need a model and a cache")
    resolved = registry.resolve(request.model)
    adapter = registry.load(resolved, request.device, context.log, "auto")
    require_reusable_features(adapter)
    cache = FeatureCache(request.cache.folder, request.cache.megabytes, context.log)
    rasters = [each.raster for each in request.inputs if each.raster is not None]
    dates = RasterDates(
        rasters,
        adapter,
        resolved.sha256,
        cache,
        masks,
        request.resolution,
        request.whole,
        request.value_range,
    )
    for moment in moments:
        context.require_not_cancelled()
        try:
            dates.look_at(moment.index)
        except errors.RasterError as error:
            unread.add(moment, error)
    if request.ranges == "all":
        dates.share_range()
    return adapter, dates


def _folders(
    request: SeriesRequest,
    moments: Sequence[Moment],
    masks: MaskOptions,
    unread: UnreadDates,
    context: RunContext,
) -> tuple[ModelAdapter, Dates]:
    folders: dict[int, FeatureFolder] = {0: FeatureFolder.open(request.inputs[0].features)}
    for moment in moments:
        if moment.index:
            try:
                path = request.inputs[moment.index].features
                folders[moment.index] = FeatureFolder.open(path)
            except errors.FeaturesError as error:
                unread.add(moment, error)
    asked = SegmentRequest(request.inputs[0].features, (), request.model, request.device)
    adapter = load_model(asked, folders[0], context)
    return adapter, FolderDates(folders, adapter, masks, request.whole, context)


def _method(
    request: SeriesRequest, adapter: ModelAdapter, moments: Sequence[Moment], context: RunContext
) -> tuple[str, float]:
    """How to follow objects, and about how many seconds that takes without encoding; 0: unknown.

    Raises:
        ModelError: a memory was asked for, but the model has none.
    """
    has_memory = family_of(adapter.family).has_memory(adapter.model_id)
    if request.method == MEMORY and not has_memory:
        raise errors.ModelError(
            "{} has no memory of other dates: follow objects by prompts, or take a model of SAM2 "
            "or SAM2.1",
            adapter.model_id,
        )
    if request.method == PROMPTS or not has_memory:
        return PROMPTS, 0.0
    objects = objects_of(request, moments)
    rows = sum(len(span_of(each, len(moments), request.direction)) for each in objects)
    each_row = seconds_of_memory(adapter, request.memories)
    seconds, acceptable = each_row * rows, 60 * request.acceptable_minutes
    method = PROMPTS if request.method == "auto" and seconds > acceptable else MEMORY
    context.say(
        Text(
            "The memory takes about {} s for each object and date, {} min for {} objects",
            f"{each_row:.2g}",
            f"{seconds / 60:.1f}",
            len(objects),
        )
    )
    if method == PROMPTS:
        context.say(Text("That is more than {} min", f"{request.acceptable_minutes:g}"))
    context.say(Text("Objects are followed by {}", method))
    return method, seconds if method == MEMORY else 0.0


def _shaping(masks: MaskOptions) -> MaskOptions:
    """Mask options without what refuses objects: that is decided date by date."""
    return replace(masks, minimum_score=0.0, minimum_contrast=0.0, minimum_area=0.0)


def _all_prompts(followed: Followed) -> Prompt:
    own = [each.prompt for each in followed.corrections.values()]
    return joined([followed.first, *own])
