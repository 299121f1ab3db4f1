"""A feature folder opened with its model, to answer prompts."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from geosam_processing.contract import LogEvent, Model, Prompt, SegmentRequest, SegmentResult
from geosam_processing.contract.texts import Text
from geosam_processing.engine import errors
from geosam_processing.engine.compute.device import release_memory
from geosam_processing.engine.features.folder import FeatureFolder
from geosam_processing.engine.models import registry
from geosam_processing.engine.run import RunContext
from geosam_processing.engine.segmentation.contrast import folder_contrast
from geosam_processing.engine.segmentation.run import Run
from geosam_processing.engine.segmentation.sources.feature_folder import FolderSource
from geosam_processing.engine.segmentation.whole import WholeSource

if TYPE_CHECKING:
    from geosam_processing.engine.models.adapter import ModelAdapter

AnswerPrompts = Callable[[Sequence[Prompt], RunContext], SegmentResult]


@contextlib.contextmanager
def answering(request: SegmentRequest, context: RunContext) -> Iterator[AnswerPrompts]:
    """Open the folder and the model of a request; give a function that answers prompts.

    It may be called several times. The prompts of the request itself are not used.

    Raises:
        FeaturesError: the folder cannot be read, or does not fit the model.
        ModelError: the model is missing, or its checkpoint not the one that encoded.
        DeviceError: the device cannot be used.
    """
    import torch

    folder = FeatureFolder.open(request.features)
    adapter = load_model(request, folder, context)
    with folder_contrast(folder, context) as contrast:
        source = (
            WholeSource(folder, adapter, request.masks, contrast, request.shard)
            if request.whole
            else FolderSource(folder, adapter.patch_size, contrast, request.shard)
        )

        def answer(prompts: Sequence[Prompt], inner: RunContext) -> SegmentResult:
            loaded = source.chips_loaded
            with torch.inference_mode():
                run = Run(source, adapter, request.masks, request.batch_size, inner)
                run.answer(source.prompts(prompts))
            return SegmentResult(
                run.object_count,
                run.unanswered_count,
                source.chips_loaded - loaded,
                run.elsewhere_count,
            )

        try:
            yield answer
        finally:
            release_memory(adapter.device)


def load_model(request: SegmentRequest, folder: FeatureFolder, context: RunContext) -> ModelAdapter:
    """The model of a request, which is the one that encoded the folder.

    Raises:
        ModelError, FeaturesError, DeviceError: see ``answering``.
    """
    model = request.model or model_of(folder)
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


def model_of(folder: FeatureFolder) -> Model:
    """Return the model that a folder names, with the file that encoded it if that still exists.

    Raises:
        FeaturesError: the folder names no model of the catalogue.
    """
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
