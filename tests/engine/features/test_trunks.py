"""What words and examples need of a patch is kept beside its chip, and verified."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from geosam_processing.engine import errors
from geosam_processing.engine.features.chip_file import estimated_bytes, read_chip, stored
from geosam_processing.engine.features.folder import FeatureFolder
from geosam_processing.engine.features.trunk_file import trunk_path
from geosam_processing.engine.features.writer import FeatureWriter
from tests.engine.feature_folders import SETTINGS, damage, make_chip, make_features, open_writer

WITH = replace(SETTINGS, model_id="sam3", model_type="sam3", concepts=True)


def trunk_of(number: int) -> torch.Tensor:
    generator = torch.Generator().manual_seed(number)
    return torch.randn(3, 16, 4, 4, generator=generator)[1:2]


def fill(output: Path, count: int = 2) -> FeatureWriter:
    with open_writer(output, WITH) as writer:
        for number in range(count):
            features = replace(make_features(number), trunk=trunk_of(number))
            writer.save(make_chip(number), stored(features, "float32"))
        writer.flush()
    return writer


def test_trunks_come_back_in_float16(tmp_path: Path) -> None:
    fill(tmp_path)
    opened = FeatureFolder.open(tmp_path)
    assert opened.has_concepts
    for number, chip in enumerate(opened.chips):
        assert torch.equal(opened.load_trunk(chip), trunk_of(number).half())
        assert opened.load(chip).trunk is None


def test_chip_stays_as_geo_sam_reads_it(tmp_path: Path) -> None:
    chip = fill(tmp_path)._written["chip_000000"]
    payload = read_chip(chip.path)
    assert (payload["model_type"], payload["feature_kind"]) == ("sam3", "sam2")
    assert set(payload["features"]) == {"image_embed", "high_res_feats"}


def test_folder_without_trunks_says_what_to_do(folder: Path) -> None:
    opened = FeatureFolder.open(folder)
    assert not opened.has_concepts
    with pytest.raises(errors.ChipError, match="no features for words and examples.*SAM3"):
        opened.load_trunk(opened.chips[0])


@pytest.mark.parametrize("how", ["truncated", "one bit", "empty", "gone"])
def test_damaged_trunk_is_reported_and_made_again(tmp_path: Path, how: str) -> None:
    chip = fill(tmp_path)._written["chip_000001"]
    if how == "gone":
        trunk_path(chip.path).unlink()
    else:
        damage(trunk_path(chip.path), how)
    opened = FeatureFolder.open(tmp_path)
    opened.load(opened.chips[1])
    with pytest.raises(errors.ChipError, match="is missing or damaged"):
        opened.load_trunk(opened.chips[1])
    with open_writer(tmp_path, WITH) as writer:
        assert writer.reuse(make_chip(0)) is not None
        assert writer.reuse(make_chip(1)) is None


def test_unnamed_chip_with_trunk_is_reused(tmp_path: Path) -> None:
    fill(tmp_path)
    (tmp_path / "manifest.parquet").unlink()
    with open_writer(tmp_path, WITH) as writer:
        assert writer.reuse(make_chip(0)) is not None
        trunk_path(writer.path_of("chip_000001")).unlink()
        assert writer.reuse(make_chip(1)) is None


def test_folder_is_not_continued_with_or_without_concepts(folder: Path, tmp_path: Path) -> None:
    fill(tmp_path / "with")
    with pytest.raises(errors.FeaturesError, match="concepts: True -> False"):
        open_writer(tmp_path / "with", replace(WITH, concepts=False))
    # Folders that do not say were made before there were concepts.
    with open_writer(folder, SETTINGS):
        pass


def test_estimate_counts_both_files() -> None:
    alone = estimated_bytes("sam3", 72, "float16")
    assert alone == pytest.approx(10.6e6, rel=0.01)
    assert estimated_bytes("sam3", 72, "float16", concepts=True) - alone == pytest.approx(
        10.6e6, rel=0.01
    )
    assert estimated_bytes("sam2", 64, "float16", concepts=True) == estimated_bytes(
        "sam2", 64, "float16"
    )
