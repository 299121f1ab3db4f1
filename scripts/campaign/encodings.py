"""The encodings that the campaigns disturb, and what they come to undisturbed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from geosam_processing.contract import Device, EncodeRequest, Model, Raster
from geosam_processing.engine.encoding.encode import encode
from geosam_processing.engine.features.folder import FeatureFolder
from tests.engine import stand_in_adapter


def write_scene(path: Path, columns: int, rows: int) -> Path:
    """A raster that has ``columns`` x ``rows`` patches of the model that costs nothing."""
    step = stand_in_adapter.PATCH // 2
    return stand_in_adapter.write_raster(path, step * (columns + 1), step * (rows + 1))


def encode_lightly(scene: Path, output: Path) -> None:
    """Encode by a model that costs nothing, so that writing takes most of the time.

    For a copy of this process that ends afterwards.
    """
    stand_in_adapter.install(pytest.MonkeyPatch(), stand_in_adapter.StandInAdapter("sam2"))
    encode(stand_in_adapter.encode_request(scene, output, flush_every=1))


def encode_really(scene: Path, output: Path) -> None:
    """Encode by the bundled model: half a patch wide, in one chip or a few."""
    encode(
        EncodeRequest(
            Raster(str(scene)), Model("geosam_nano"), str(output), "scene", device=Device("cpu")
        )
    )


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
