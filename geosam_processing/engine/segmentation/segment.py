"""Turn prompts into polygons with the features in a folder.

Prompts are grouped by patch, and each patch's features are loaded once.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from geosam_processing.contract import (
    DescribeFeaturesRequest,
    FeaturesDescription,
    LogEvent,
    Model,
    SegmentRequest,
    SegmentResult,
)
from geosam_processing.contract.texts import Text
from geosam_processing.engine import errors
from geosam_processing.engine.compute.device import release_memory
from geosam_processing.engine.features.folder import FeatureFolder
from geosam_processing.engine.models import registry
from geosam_processing.engine.run import SILENT, RunContext
from geosam_processing.engine.segmentation.contrast import folder_contrast
from geosam_processing.engine.segmentation.run import Run
from geosam_processing.engine.segmentation.sources.feature_folder import FolderSource
from geosam_processing.engine.segmentation.whole import WholeSource

if TYPE_CHECKING:
    from geosam_processing.engine.models.adapter import ModelAdapter


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
) -> SegmentResult:
    """Answer every prompt with objects, or with the reason why there are none.

    Args:
        context: its results are ``ObjectsEvent``: patch by patch in the order of
            the grid, and on a patch those of prompts with equally many points in their order. Its
            progress counts prompts; it is asked before each batch whether to stop.

    Raises:
        Cancelled: the caller asked to stop; what was answered by then stands.
        FeaturesError: the folder cannot be read, or does not fit the model.
        ModelError: the model is missing, or its checkpoint not the one that encoded.
        DeviceError: the device cannot be used.
    """
    import torch

    folder = FeatureFolder.open(request.features)
    adapter = load_model(request, folder, context)
    with torch.inference_mode(), folder_contrast(folder, context) as contrast:
        try:
            source = (
                WholeSource(folder, adapter, request.masks, contrast, request.shard)
                if request.whole
                else FolderSource(folder, adapter.patch_size, contrast, request.shard)
            )
            run = Run(source, adapter, request.masks, request.batch_size, context)
            run.answer(source.prompts(request.prompts))
            return SegmentResult(
                run.object_count,
                run.unanswered_count,
                source.chips_loaded,
                run.elsewhere_count,
            )
        finally:
            release_memory(adapter.device)


def load_model(request: SegmentRequest, folder: FeatureFolder, context: RunContext) -> ModelAdapter:
    """The model of a request, which is the one that encoded the folder.

    Raises:
        ModelError, FeaturesError, DeviceError: see ``segment``.
    """
    model = request.model or _model_of(folder)
    resolved = registry.resolve(model)
    if folder.model_id and resolved.entry.id != folder.model_id:
        raise errors.ModelError(
            "{} holds features of {}, but {} is a checkpoint of {}: take a checkpoint of {}",
            folder.path,
            folder.model_id,
            resolved.path,
            resolved.entry.id,
            folder.model_id,
        )
    if not folder.checkpoint_sha256:
        context.log(
            LogEvent(
                Text(
                    "{} does not record which checkpoint encoded it, so that "
                    "{} is the same cannot be checked",
                    folder.path,
                    resolved.path,
                ),
                "warning",
            )
        )
    elif folder.checkpoint_sha256 != resolved.sha256:
        raise errors.ModelError(
            "{} (SHA-256 {}...) is not the checkpoint that "
            "encoded {} (SHA-256 {}...): name the file "
            "that did as the checkpoint, or encode again with this one",
            resolved.path,
            resolved.sha256[:8],
            folder.path,
            folder.checkpoint_sha256[:8],
        )
    adapter = registry.load(resolved, request.device, context.log)
    sizes = {chip.dst_shape for chip in folder.chips} - {(adapter.patch_size,) * 2}
    if sizes:
        raise errors.FeaturesError(
            "{} has features of {}-pixel patches, but those of "
            "{} are {} pixels wide: encode again with it",
            folder.path,
            max(sizes)[1],
            adapter.model_id,
            adapter.patch_size,
        )
    context.log(LogEvent(Text("Model: {}; device: {}", adapter.model_id, adapter.device)))
    return adapter


def _model_of(folder: FeatureFolder) -> Model:
    """The model that a folder names: the very file it was made with, if that is still there."""
    if not folder.model_id:
        raise errors.FeaturesError(
            "{} names no model of the catalogue ({}): give the checkpoint file that encoded it",
            folder.path,
            folder.checkpoint_path or "none",
        )
    recorded = folder.checkpoint_path
    if recorded and os.path.isfile(recorded):
        return Model(folder.model_id, recorded)
    return Model(folder.model_id)
