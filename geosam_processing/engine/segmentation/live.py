"""Segment prompts straight on a raster or tile layer, encoding what they need.

Patches are placed around the prompts; their features come from the cache or are encoded and
kept there. An object that its patch cuts is asked again on a patch around it, then on coarser
ones.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pyproj import CRS

from geosam_processing.contract import (
    CacheContents,
    CacheRequest,
    SegmentLiveRequest,
    SegmentLiveResult,
)
from geosam_processing.engine.compute.device import release_memory
from geosam_processing.engine.encoding.patch_encoder import require_reusable_features
from geosam_processing.engine.models import registry
from geosam_processing.engine.run import SILENT, RunContext
from geosam_processing.engine.segmentation.run import Run
from geosam_processing.engine.segmentation.sources import live_cache
from geosam_processing.engine.segmentation.sources.live_cache import FeatureCache
from geosam_processing.engine.segmentation.sources.live_features import LiveFeatures
from geosam_processing.engine.segmentation.sources.live_outlines import LiveOutlines
from geosam_processing.engine.segmentation.sources.live_source import PatchSource, open_patches
from geosam_processing.engine.segmentation.sources.on_demand import OnDemandSource

if TYPE_CHECKING:
    from geosam_processing.engine.models.adapter import ModelAdapter


def segment_live(
    request: SegmentLiveRequest,
    context: RunContext = SILENT,
) -> SegmentLiveResult:
    """Answer every prompt with a polygon or a reason, or name the patch to fetch.

    Args:
        context: its results are ``ObjectsEvent``: patch by patch as the prompts
            need them, and on a patch those of prompts with equally many points in their order. Its
            progress counts prompts; it is asked before each patch and batch whether to stop.

    Raises:
        Cancelled: the caller asked to stop; what was answered and encoded by then is kept.
        RasterError: the raster cannot be opened, or has no range of values.
        ModelError: the model cannot be used, or has no reusable features.
        DeviceError: the device cannot be used or has too little memory.
    """
    import torch

    resolved = registry.resolve(request.model)
    adapter = registry.load(resolved, request.device, context.log, "auto")
    require_reusable_features(adapter)
    cache = FeatureCache(request.cache.folder, request.cache.megabytes, context.log)
    with open_patches(request, adapter.patch_size, cache) as patches, torch.inference_mode():
        features = LiveFeatures(
            patches,
            adapter,
            cache,
            resolved.sha256,
            request.value_range,
            context.cancelled,
        )
        context.warn(patches.remarks())
        source = OnDemandSource(
            patches,
            features,
            request.attempts,
            adapter.patch_size,
            request.masks,
            _outlines(request, patches, features, adapter, context),
        )
        run = Run(source, adapter, request.masks, request.batch_size, context)
        try:
            run.answer(request.prompts)
            return SegmentLiveResult(
                run.object_count,
                run.unanswered_count,
                tuple(features.encoded),
                tuple(features.cached),
                tuple(replace(asked, patch=patch) for asked, patch in run.waiting),
            )
        finally:
            release_memory(adapter.device)


def _outlines(
    request: SegmentLiveRequest,
    patches: PatchSource,
    features: LiveFeatures,
    adapter: ModelAdapter,
    context: RunContext,
) -> LiveOutlines | None:
    """What draws fine outlines, None if the request does not ask for complete objects."""
    if not request.whole:
        return None
    crs = CRS.from_user_input(patches.crs_text)
    return LiveOutlines(
        patches.grid, features, adapter, request.masks, crs, context.require_not_cancelled
    )


def describe_cache(request: CacheRequest, context: RunContext = SILENT) -> CacheContents:
    """How many patches the live cache holds, and how large they are."""
    return live_cache.describe(request.folder)


def clear_cache(request: CacheRequest, context: RunContext = SILENT) -> CacheContents:
    """Remove only the files that caches wrote into the folder; return their number and size."""
    return live_cache.clear(request.folder)
