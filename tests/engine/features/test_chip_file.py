"""Chips: the files of Geo-SAM, byte for byte back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from geosam_processing.engine.features.chip_file import (
    ChipHeader,
    estimated_bytes,
    read_chip,
    stored,
    write_chip,
)
from geosam_processing.engine.features.folder import FeatureFolder
from geosam_processing.engine.models.adapter import PatchFeatures
from tests.engine.feature_folders import SETTINGS, fill, make_chip, make_features, open_writer


def test_chip_has_geo_sams_keys_and_layout(folder: Path) -> None:
    payload = torch.load(
        folder / "ortho" / "features" / "chip_000001.pt", weights_only=True, mmap=True
    )
    assert payload["model_type"] == payload["feature_kind"] == "sam2"
    assert payload["checkpoint_path"] == "/models/sam2.1_hiera_tiny.pt"
    assert payload["src_shape"] == payload["dst_shape"] == (64, 64)
    features = payload["features"]
    assert set(features) == {"image_embed", "high_res_feats"}
    assert isinstance(features["high_res_feats"], list)
    tensors = [features["image_embed"], *features["high_res_feats"]]
    assert [tuple(tensor.shape) for tensor in tensors] == [
        (1, 256, 4, 4),
        (1, 32, 16, 16),
        (1, 64, 8, 8),
    ]
    assert all(tensor.is_contiguous() and tensor.dtype == torch.float16 for tensor in tensors)


def test_chip_of_sam_holds_a_tensor(tmp_path: Path) -> None:
    settings = replace(SETTINGS, model_type="sam")
    writer = open_writer(tmp_path, settings)
    features = PatchFeatures(make_features(0).image_embedding)
    chip = writer.save(make_chip(0), stored(features, "float32"))
    assert torch.equal(read_chip(chip.path)["features"], features.image_embedding)


@pytest.mark.parametrize(("precision", "tolerance"), [("float32", 0.0), ("float16", 1e-3)])
def test_features_come_back(tmp_path: Path, precision: str, tolerance: float) -> None:
    fill(tmp_path, settings=replace(SETTINGS, precision=precision))
    opened = FeatureFolder.open(tmp_path)
    for number, chip in enumerate(opened.chips):
        wanted, found = make_features(number), opened.load(chip)
        assert found.image_embedding.dtype == torch.float32
        pairs = zip(
            (wanted.image_embedding, *wanted.high_resolution),
            (found.image_embedding, *found.high_resolution),
            strict=True,
        )
        for left, right in pairs:
            torch.testing.assert_close(left, right, rtol=tolerance, atol=tolerance)


def test_stored_features_do_not_drag_their_batch_along() -> None:
    kept = stored(make_features(0), "float32")
    for tensor in (kept.image_embedding, *kept.high_resolution):
        assert tensor.untyped_storage().nbytes() == tensor.numel() * 4


@pytest.mark.parametrize(
    ("family", "side", "precision"), [("sam", 64, "float32"), ("sam2", 64, "float16")]
)
def test_estimate_is_close_to_a_real_file(
    tmp_path: Path, family: str, side: int, precision: str
) -> None:
    finer = (torch.zeros(1, 32, 256, 256), torch.zeros(1, 64, 128, 128))
    features = PatchFeatures(torch.zeros(1, 256, side, side), finer if family == "sam2" else ())
    path = tmp_path / "chip.pt"
    header = ChipHeader("chip_000000", family, "m.pt", (1024, 1024), (1024, 1024), "{}", 0.0)
    write_chip(path, header, stored(features, precision))
    assert path.stat().st_size <= estimated_bytes(family, side, precision) * 1.01
    assert path.stat().st_size >= estimated_bytes(family, side, precision) * 0.99
