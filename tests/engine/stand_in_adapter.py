"""A model that costs nothing, and rasters and requests to encode with it."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import rasterio
import torch
from affine import Affine
from numpy.typing import NDArray

from geosam_processing import contract
from geosam_processing.engine.models import registry
from geosam_processing.engine.models.adapter import PatchFeatures, PromptBatch

PATCH = 64
NORTH_UP = Affine(2.0, 0.0, 500000.0, 0.0, -2.0, 5000000.0)


class StandInAdapter:
    """Its features are the mean colours of blocks of 16 pixels, so tests can tell patches apart.

    ``fail_at`` raises ``failure`` at that image (counted from 0); ``largest_batch`` has
    memory for so many images only, and ``shortage`` says so beyond; ``factor`` multiplies them.
    """

    model_id = "stand_in"
    patch_size = PATCH
    embedding_size = PATCH // 16
    pixel_mean = (10.0, 20.0, 30.0)
    device = torch.device("cpu")
    compute_precision = "float32"

    def __init__(self, family: str = "sam") -> None:
        self.family = family
        self.reusable_features = True
        self.fail_at = -1
        self.failure: BaseException = RuntimeError("the driver crashed")
        self.largest_batch = 1000
        self.shortage: RuntimeError = torch.OutOfMemoryError("CUDA out of memory")
        self.factor = 1.0
        self.batches: list[int] = []
        self.images: list[torch.Tensor] = []

    def encode(self, images: torch.Tensor) -> list[PatchFeatures]:
        if len(images) > self.largest_batch:
            raise self.shortage
        if 0 <= self.fail_at < len(self.images) + len(images):
            raise self.failure
        self.batches.append(len(images))
        self.images.extend(images)
        pooled = self.factor * torch.nn.functional.avg_pool2d(images, 16)
        finer: tuple[torch.Tensor, ...] = ()
        if self.family == "sam2":
            finer = tuple(torch.nn.functional.avg_pool2d(images, side) for side in (4, 8))
        return [
            PatchFeatures(pooled[i : i + 1], tuple(level[i : i + 1] for level in finer))
            for i in range(len(images))
        ]

    def decode(
        self, features: PatchFeatures, prompts: PromptBatch, multimask: bool
    ) -> tuple[torch.Tensor, torch.Tensor]:
        shape = len(prompts.points), 3 if multimask else 1
        return torch.full((*shape, PATCH // 4, PATCH // 4), -1.0), torch.zeros(shape)


def install(monkeypatch: pytest.MonkeyPatch, adapter: StandInAdapter) -> None:
    """Let every model be ``adapter``; its checkpoint is named after ``Model.checkpoint``."""

    def resolve(model: contract.Model) -> Any:
        entry = SimpleNamespace(
            id=adapter.model_id,
            family=adapter.family,
            patch_size=adapter.patch_size,
            embedding_size=adapter.embedding_size,
            parameters=0,
        )
        path = Path(model.checkpoint or "/models/stand_in.pt")
        return SimpleNamespace(entry=entry, path=path, sha256=f"hash of {path.name}")

    monkeypatch.setattr(registry, "resolve", resolve)
    monkeypatch.setattr(
        registry, "load", lambda resolved, device, log, compute_precision=None: adapter
    )


def write_raster(
    path: Path,
    width: int,
    height: int,
    transform: Affine = NORTH_UP,
    crs: str = "EPSG:32633",
    values: NDArray[Any] | None = None,
    nodata: float | None = None,
) -> Path:
    """A raster of three bands with values that differ everywhere."""
    if values is None:
        generator = np.random.default_rng(7)
        values = generator.integers(1, 256, (3, height, width), dtype=np.uint8)
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        width=width,
        height=height,
        count=len(values),
        dtype=values.dtype,
        crs=crs,
        transform=transform,
        nodata=nodata,
    ) as target:
        target.write(values)
    return path


def encode_request(raster: Path, output: Path, **changes: Any) -> contract.EncodeRequest:
    """A request with a stride of half a patch and the range of bytes."""
    values: dict[str, Any] = {
        "model": contract.Model("stand_in"),
        "layer_name": raster.stem,
        "stride": PATCH // 2,
        "value_range": (0.0, 255.0),
        **changes,
    }
    return contract.EncodeRequest(
        raster=values.pop("source", contract.Raster(str(raster))), output=str(output), **values
    )
