"""The engine as a Python library: what the algorithms do, without QGIS.

    from geosam_processing.engine import EncodeRequest, Model, Raster, encode_raster

    encode_raster(EncodeRequest(Raster("ortho.tif"), Model("geosam_nano"), "features", "ortho"))

The functions are named like the algorithms and take a request that validates itself. Their
errors are ``GeoSamError``; a request that cannot be is a ``ContractError``.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from geosam_processing.contract import (
    Concept,
    ConceptExample,
    ConceptObject,
    ConceptObjectsEvent,
    ConceptsRequest,
    ConceptsResult,
    ContractError,
    DescribeFeaturesRequest,
    Device,
    DiscoverRequest,
    DiscoverResult,
    EncodeRequest,
    EncodeResult,
    FeaturesDescription,
    FoundEvent,
    FoundObject,
    LiveCache,
    LivePrompt,
    LiveSource,
    LogEvent,
    MaskOptions,
    Model,
    ObjectsEvent,
    ProgressEvent,
    Prompt,
    Raster,
    SegmentedObject,
    SegmentLiveRequest,
    SegmentLiveResult,
    SegmentRequest,
    SegmentResult,
    UnansweredPrompt,
)
from geosam_processing.engine.errors import Cancelled, GeoSamError
from geosam_processing.engine.run import RunContext

if TYPE_CHECKING:
    from geosam_processing.engine.concepts.run import segment_concepts
    from geosam_processing.engine.discovery.discover import discover as segment_everything
    from geosam_processing.engine.encoding.encode import encode as encode_raster
    from geosam_processing.engine.segmentation.live import segment_live
    from geosam_processing.engine.segmentation.segment import describe as describe_features
    from geosam_processing.engine.segmentation.segment import segment as segment_prompts

__all__ = [
    "Cancelled",
    "Concept",
    "ConceptExample",
    "ConceptObject",
    "ConceptObjectsEvent",
    "ConceptsRequest",
    "ConceptsResult",
    "ContractError",
    "DescribeFeaturesRequest",
    "Device",
    "DiscoverRequest",
    "DiscoverResult",
    "EncodeRequest",
    "EncodeResult",
    "FeaturesDescription",
    "FoundEvent",
    "FoundObject",
    "GeoSamError",
    "LiveCache",
    "LivePrompt",
    "LiveSource",
    "LogEvent",
    "MaskOptions",
    "Model",
    "ObjectsEvent",
    "ProgressEvent",
    "Prompt",
    "Raster",
    "RunContext",
    "SegmentLiveRequest",
    "SegmentLiveResult",
    "SegmentRequest",
    "SegmentResult",
    "SegmentedObject",
    "UnansweredPrompt",
    "describe_features",
    "encode_raster",
    "segment_concepts",
    "segment_everything",
    "segment_live",
    "segment_prompts",
]

_FUNCTIONS = {
    "describe_features": ("segmentation.segment", "describe"),
    "encode_raster": ("encoding.encode", "encode"),
    "segment_concepts": ("concepts.run", "segment_concepts"),
    "segment_everything": ("discovery.discover", "discover"),
    "segment_live": ("segmentation.live", "segment_live"),
    "segment_prompts": ("segmentation.segment", "segment"),
}


def __getattr__(name: str) -> Any:
    # On first use: they bring rasterio and geopandas, which not every part of the engine needs.
    if name not in _FUNCTIONS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, function = _FUNCTIONS[name]
    return getattr(importlib.import_module(f"{__name__}.{module}"), function)
