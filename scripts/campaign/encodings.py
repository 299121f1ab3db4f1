"""The encodings that the campaigns disturb, and what they come to undisturbed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from affine import Affine

from geosam_processing.contract import Device, EncodeRequest, Model, Raster
from geosam_processing.engine.encoding.encode import encode
from geosam_processing.engine.errors import GeoSamError
from geosam_processing.engine.features.folder import FeatureFolder

PATCH = 512


def write_scene(path: Path, columns: int, rows: int, seed: int) -> Path:
    """A raster of bright squares that has ``columns`` x ``rows`` patches at stride 64."""
    generator = np.random.default_rng(seed)
    height, width = PATCH + 64 * (rows - 1), PATCH + 64 * (columns - 1)
    values = generator.integers(40, 56, (3, height, width)).astype(np.uint8)
    for _ in range(12):
        y, x = generator.integers(0, height - 90), generator.integers(0, width - 90)
        values[:, y : y + 80, x : x + 80] = generator.integers(150, 250, (3, 1, 1))
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        width=width,
        height=height,
        count=3,
        dtype="uint8",
        crs="EPSG:32632",
        transform=Affine(1, 0, 500000, 0, -1, 5000000),
    ) as dataset:
        dataset.write(values)
    return path


def request(scene: Path, output: Path) -> EncodeRequest:
    return EncodeRequest(
        Raster(str(scene)),
        Model("geosam_nano"),
        str(output),
        "scene",
        stride=64,
        device=Device("cpu"),
        batch_size=1,
        flush_every=1,
    )


def encoded(scene: Path, output: Path) -> Path:
    """Encode ``scene``; the folder that holds the manifest."""
    return Path(encode(request(scene, output)).manifest).parent


def content_of(folder: Path) -> dict[str, Any]:
    """Each chip of a folder, with its features.

    Raises:
        FeaturesError: the folder or a chip is damaged.
    """
    opened = FeatureFolder.open(folder)
    return {
        chip.chip_id: (
            opened.crs_text,
            opened.model_id,
            tuple(chip.transform),
            chip.shape,
            chip.dst_shape,
            opened.load(chip),
        )
        for chip in opened.chips
    }


def is_same(one: Any, other: Any) -> bool:
    """Whether two chips of ``content_of`` are the same."""
    features, others = one[-1], other[-1]
    pairs = [
        (features.image_embedding, others.image_embedding),
        *zip(features.high_resolution, others.high_resolution, strict=True),
    ]
    return bool(
        one[:-1] == other[:-1]
        and len(features.high_resolution) == len(others.high_resolution)
        and all(a.shape == b.shape and (a == b).all() for a, b in pairs)
    )


def are_same(content: dict[str, Any], reference: dict[str, Any]) -> bool:
    return content.keys() == reference.keys() and all(
        is_same(content[name], reference[name]) for name in content
    )


def manifest_of(output: Path) -> Path:
    return output / "manifest.parquet"


def is_told(error: Exception) -> bool:
    """Whether an error is one of those for the user, and says so much as where."""
    return isinstance(error, GeoSamError) and len(str(error)) < 5000


def free_of_temporary_files(folder: Path) -> bool:
    return not any(name.endswith((".part", ".tmp")) for _, _, n in os.walk(folder) for name in n)
