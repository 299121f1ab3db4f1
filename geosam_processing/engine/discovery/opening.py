"""The patches of a request and the model that asks them, opened together."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from geosam_processing.contract import DiscoverRequest, EncodeRequest, SegmentRequest
from geosam_processing.contract.texts import Text
from geosam_processing.engine.compute.device import release_memory
from geosam_processing.engine.discovery.encoded_patches import open_patches
from geosam_processing.engine.features.folder import FeatureFolder
from geosam_processing.engine.models import registry
from geosam_processing.engine.run import RunContext
from geosam_processing.engine.segmentation.contrast import Contrast, folder_contrast
from geosam_processing.engine.segmentation.folder_run import load_model
from geosam_processing.engine.segmentation.sources.folder_patches import (
    FolderPatches,
    Patches,
    folders_by_scale,
)

if TYPE_CHECKING:
    from geosam_processing.engine.models.adapter import ModelAdapter


@dataclass(frozen=True)
class Opened:
    """Patches that can be asked.

    Attributes:
        value_range: of the raster, if patches are encoded when they are asked.
        record_folder: where answers are kept; None if they are not.
        keeps_record: whether they are kept after the run.
    """

    patches: Patches
    adapter: ModelAdapter
    contrast: Contrast
    value_range: tuple[float, float] | None = None
    record_folder: Path | None = None
    keeps_record: bool = True


@contextlib.contextmanager
def opened(request: DiscoverRequest, context: RunContext) -> Iterator[Opened]:
    """Open the feature folder or the raster of a request, and load the model.

    Raises:
        FeaturesError: the folder cannot be read, or does not fit the model.
        ModelError: the model is missing, or its checkpoint not the one that encoded.
        DeviceError: the device cannot be used.
        RasterError: the raster cannot be used.
    """
    if request.encode is not None:
        source = _raster(request, request.encode, context)
    else:
        source = _folder(request, context)
    with source as found:
        try:
            yield found
        finally:
            release_memory(found.adapter.device)


@contextlib.contextmanager
def _folder(request: DiscoverRequest, context: RunContext) -> Iterator[Opened]:
    folder = FeatureFolder.open(request.features)
    adapter = load_model(
        SegmentRequest(request.features, (), request.model, request.device), folder, context
    )
    patches = FolderPatches(folders_by_scale(folder))
    with folder_contrast(folder, context) as contrast:
        yield Opened(
            patches,
            adapter,
            contrast,
            record_folder=folder.path if request.resume else None,
        )


@contextlib.contextmanager
def _raster(
    request: DiscoverRequest, encode: EncodeRequest, context: RunContext
) -> Iterator[Opened]:
    resolved = registry.resolve(encode.model)
    adapter = registry.load(resolved, encode.device, context.log, encode.compute_precision)
    with open_patches(encode, adapter, resolved.sha256, context) as patches:
        context.say(Text("Model: {}; device: {}", adapter.model_id, adapter.device))
        yield Opened(
            patches,
            adapter,
            patches.contrast(),
            value_range=patches.value_range,
            record_folder=Path(os.path.expanduser(encode.output)) if request.resume else None,
            keeps_record=False,
        )
