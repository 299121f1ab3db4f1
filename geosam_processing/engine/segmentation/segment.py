"""Turn prompts into polygons with the features in a folder.

Prompts are grouped by patch, and each patch's features are loaded once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from geosam_processing.contract import (
    DescribeFeaturesRequest,
    FeaturesDescription,
    SegmentRequest,
    SegmentResult,
)
from geosam_processing.engine.features.folder import FeatureFolder
from geosam_processing.engine.run import SILENT, RunContext
from geosam_processing.engine.segmentation.folder_run import answering
from geosam_processing.engine.segmentation.on_workers import segment_on_workers

if TYPE_CHECKING:
    from distributed import Client


def describe(request: DescribeFeaturesRequest, context: RunContext = SILENT) -> FeaturesDescription:
    """What a feature folder contains, from its manifest alone.

    Raises:
        FeaturesError: there is no manifest, or it cannot be read or used.
    """
    folder = FeatureFolder.open(request.features)
    return FeaturesDescription(
        crs=folder.crs_text,
        model=folder.model_id or folder.model_type,
        patch_count=len(folder.chips),
        bounds=folder.bounds,
    )


def segment(
    request: SegmentRequest,
    context: RunContext = SILENT,
    cluster: str | Client = "",
) -> SegmentResult:
    """Answer every prompt with objects, or with the reason why there are none.

    Args:
        context: its results are ``ObjectsEvent``: patch by patch in the order of
            the grid, and on a patch those of prompts with equally many points in their order. Its
            progress counts prompts; it is asked before each batch whether to stop.
        cluster: whose workers answer, see ``contract.cluster``, or a client of Dask. If empty,
            that of the request.

    Raises:
        ClusterError: the cluster cannot be used.
        Cancelled: the caller asked to stop; what was answered by then stands.
        FeaturesError: the folder cannot be read, or does not fit the model.
        ModelError: the model is missing, or its checkpoint not the one that encoded.
        DeviceError: the device cannot be used.
    """
    cluster = cluster or request.cluster
    if cluster:
        return segment_on_workers(request, cluster, context)
    with answering(request, context) as answer:
        return answer(request.prompts, context)
