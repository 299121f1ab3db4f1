"""The engine as a Python library: what the algorithms do, without QGIS.

    import geosam_processing.engine as geosam

    ortho = geosam.encode("ortho.tif", model="sam2.1_hiera_tiny")
    roofs = ortho.segment("points.gpkg")

Files, tables and names in, GeoDataFrames out. Keywords are the keys of the Processing algorithms
in lower case, and columns are the fields of their layers. Errors that a user can solve are
``GeoSamError``; an argument that is invalid is a ``ContractError``.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from geosam_processing.contract import (
    ContractError,
    Device,
    LogEvent,
    Model,
    ProgressEvent,
    methods,
)
from geosam_processing.engine.errors import Cancelled, GeoSamError
from geosam_processing.engine.run import RunContext

if TYPE_CHECKING:
    from geosam_processing.engine.notebook.accuracy import Accuracy, assess
    from geosam_processing.engine.notebook.downloading import download_model
    from geosam_processing.engine.notebook.encoding import Features, encode
    from geosam_processing.engine.notebook.finding import segment_concepts, segment_everything
    from geosam_processing.engine.notebook.layers import (
        clean_outlines,
        merge_objects,
        rank_by_similarity,
    )
    from geosam_processing.engine.notebook.making_prompts import PointsAndBoxes, prompts_from_raster
    from geosam_processing.engine.notebook.previews import Preview, preview
    from geosam_processing.engine.notebook.segmenting import segment
    from geosam_processing.engine.notebook.series import segment_series
    from geosam_processing.engine.notebook.shards import encode_shard, merge_features, merge_shards

__version__ = methods.VERSION

__all__ = [
    "Accuracy",
    "Cancelled",
    "ContractError",
    "Device",
    "Features",
    "GeoSamError",
    "LogEvent",
    "Model",
    "PointsAndBoxes",
    "Preview",
    "ProgressEvent",
    "RunContext",
    "__version__",
    "assess",
    "clean_outlines",
    "download_model",
    "encode",
    "encode_shard",
    "merge_features",
    "merge_objects",
    "merge_shards",
    "preview",
    "prompts_from_raster",
    "rank_by_similarity",
    "segment",
    "segment_concepts",
    "segment_everything",
    "segment_series",
]

_MODULES = {
    "Accuracy": "accuracy",
    "Features": "encoding",
    "PointsAndBoxes": "making_prompts",
    "Preview": "previews",
    "assess": "accuracy",
    "clean_outlines": "layers",
    "download_model": "downloading",
    "encode": "encoding",
    "encode_shard": "shards",
    "merge_features": "shards",
    "merge_shards": "shards",
    "merge_objects": "layers",
    "preview": "previews",
    "prompts_from_raster": "making_prompts",
    "rank_by_similarity": "layers",
    "segment": "segmenting",
    "segment_concepts": "finding",
    "segment_everything": "finding",
    "segment_series": "series",
}


def __getattr__(name: str) -> Any:
    # On first use: they load rasterio and geopandas, which not every part of the engine needs.
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.notebook.{_MODULES[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
