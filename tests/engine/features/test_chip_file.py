"""Chips: the files of Geo-SAM, byte for byte back."""

from __future__ import annotations

import random
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from geosam_processing.engine import errors
from geosam_processing.engine.features.chip_file import (
    ChipHeader,
    estimated_bytes,
    read_chip,
    stored,
    write_chip,
)
from geosam_processing.engine.features.folder import FeatureFolder
from geosam_processing.engine.features.writer import FeatureWriter
from geosam_processing.engine.models.adapter import PatchFeatures
from tests.engine.feature_folders import (
    SETTINGS,
    fill,
    geo_sam_folder,
    make_chip,
    make_features,
    open_writer,
)


def test_chip_has_geo_sams_keys_and_layout(folder: Path) -> None:
    payload = torch.load(
        folder / "ortho" / "features" / "chip_000001.pt", weights_only=True, mmap=True
    )
    assert payload["model_type"] == payload["feature_kind"] == "sam2"
    assert payload["checkpoint_path"] == "sam2.1_t.pt"
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


def save_features(path: Path, features: Any) -> None:
    payload = torch.load(path, weights_only=True)
    torch.save({**payload, "features": features}, path)


def levels(*tensors: Any) -> dict[str, Any]:
    return {"image_embed": tensors[0], "high_res_feats": list(tensors[1:])}


EMBEDDING, FINE, FINER = (
    torch.zeros(1, 256, 4, 4),
    torch.zeros(1, 32, 16, 16),
    torch.zeros(1, 64, 8, 8),
)


@pytest.mark.parametrize(
    ("features", "reason"),
    [
        # Its file has 2 kB, but as float32 it would take a terabyte.
        (levels(torch.zeros(1).expand(1, 256, 31250, 31250), FINE, FINER), "unknown layout"),
        (levels(torch.zeros(1).expand(1, 256, 4, 4), FINE, FINER), "no plain tensors"),
        (levels(torch.zeros(1, 256, 5, 5), FINE, FINER), "unknown layout"),
        (levels(EMBEDDING, FINER, FINE), "unknown layout"),
        (levels(EMBEDDING), "unknown layout"),
        (EMBEDDING, "unknown layout"),
        ([], "unknown layout"),
        ("features", "unknown layout"),
        (levels(EMBEDDING, "fine", FINER), "unknown layout"),
        (levels(EMBEDDING.to_sparse(), FINE, FINER), "no plain tensors"),
        (levels(EMBEDDING.to("meta"), FINE, FINER), "no plain tensors"),
        (levels(EMBEDDING.long(), FINE, FINER), "no plain tensors"),
        (levels(EMBEDDING.to(torch.complex64), FINE, FINER), "no plain tensors"),
        (levels(EMBEDDING + float("nan"), FINE, FINER), "not finite"),
        (levels(EMBEDDING, FINE, FINER / 0 + float("inf")), "not finite"),
    ],
)
@pytest.mark.parametrize("model", ["sam2.1_hiera_tiny", "mine"])
def test_features_of_another_kind_are_damaged(
    tmp_path: Path, features: Any, reason: str, model: str
) -> None:
    settings = replace(SETTINGS, model_id=model)
    with FeatureWriter(tmp_path, settings, "ortho.tif", "mine.pt") as writer:
        writer.save(make_chip(0), stored(make_features(0), "float32"))
        writer.flush()
    opened = FeatureFolder.open(tmp_path)
    chip = replace(opened.chips[0], checksum="")
    save_features(chip.path, features)
    with pytest.raises(errors.ChipError, match=rf"is damaged \(.*{reason}"):
        opened.load(chip)


def test_features_of_another_model_are_damaged(folder: Path) -> None:
    opened = FeatureFolder.open(folder)
    chip = replace(opened.chips[0], checksum="")
    save_features(chip.path, levels(torch.zeros(1, 128, 4, 4), FINE, FINER))
    with pytest.raises(errors.ChipError, match=r"unknown layout: \(1, 128, 4, 4\)"):
        opened.load(chip)


def test_packed_chip_is_damaged(folder: Path) -> None:
    path = folder / "ortho" / "features" / "chip_000001.pt"
    with zipfile.ZipFile(path) as archive:
        records = [(entry.filename, archive.read(entry)) for entry in archive.infolist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in records:
            archive.writestr(name, content)
    with pytest.raises(errors.ChipError, match="it is packed"):
        read_chip(path)


@pytest.mark.parametrize("of_geo_sam", [False, True])
def test_every_flipped_byte_of_a_chip_is_found_or_means_nothing(
    folder: Path, of_geo_sam: bool
) -> None:
    if of_geo_sam:
        geo_sam_folder(folder, [str(path) for path in sorted(folder.glob("*/features/*.pt"))])
    opened = FeatureFolder.open(folder)
    chip = opened.chips[0]
    expected, content = opened.load(chip), chip.path.read_bytes()
    draw = random.Random(3)
    found = 0
    for _ in range(80):
        # Half of them in the directory and the pickle, where a byte means most.
        places = (range(len(content)), range(2000), range(len(content) - 2000, len(content)))
        mutant = bytearray(content)
        mutant[draw.choice(draw.choice(places))] ^= 1 << draw.randrange(8)
        chip.path.write_bytes(mutant)
        try:
            loaded = opened.load(chip)
        except errors.ChipError:
            found += 1
        else:
            assert torch.equal(loaded.image_embedding, expected.image_embedding)
            assert all(map(torch.equal, loaded.high_resolution, expected.high_resolution))
    assert found == 80 if not of_geo_sam else found > 40


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
