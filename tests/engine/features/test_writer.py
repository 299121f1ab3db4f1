"""Feature folders that are written: what is reused, refused and left alone."""

from __future__ import annotations

import errno
import json
import os
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as parquet
import pytest
import torch
from affine import Affine

from geosam_processing.engine import errors
from geosam_processing.engine.features.chip_file import stored
from geosam_processing.engine.features.folder import FeatureFolder
from geosam_processing.engine.features.folder_lock import LOCK_NAME
from geosam_processing.engine.features.outlines import outlines
from geosam_processing.engine.features.writer import FeatureWriter, safe_name
from tests.engine.feature_folders import (
    SETTINGS,
    damage,
    fill,
    geo_sam_folder,
    make_chip,
    make_features,
    open_writer,
)
from tests.engine.rasters import NORTH_UP, ROTATED


def test_other_settings_are_listed(folder: Path) -> None:
    asked = replace(SETTINGS, stride=64, bands=(1, 2, 3), value_range=(0.0, 100.0))
    with pytest.raises(errors.FeaturesError) as raised:
        open_writer(folder, asked)
    message = str(raised.value)
    assert "stride: 32 -> 64" in message
    assert "bands: [3, 2, 1] -> [1, 2, 3]" in message
    assert "value range: [0.0, 255.0] -> [0.0, 100.0]" in message
    assert "layer" not in message


def test_folder_that_does_not_say_was_computed_in_float32(folder: Path) -> None:
    table = parquet.read_table(folder / "manifest.parquet")
    assert table.column("compute_precision").to_pylist() == ["float32"] * table.num_rows
    older = [json.loads(text) for text in table.column("settings").to_pylist()]
    for settings in older:
        del settings["compute_precision"]
    table = table.replace_schema_metadata(None)
    table = table.drop_columns("compute_precision").set_column(
        table.column_names.index("settings") - 1, "settings", [list(map(json.dumps, older))]
    )
    parquet.write_table(table, folder / "manifest.parquet")
    with FeatureWriter(folder, SETTINGS, "ortho.tif", "model.pt") as writer:
        assert writer.reuse(make_chip(0)) is not None
    with pytest.raises(errors.FeaturesError, match="compute precision: float32 -> bfloat16"):
        FeatureWriter(
            folder, replace(SETTINGS, compute_precision="bfloat16"), "ortho.tif", "model.pt"
        )


def test_reuse_finds_named_and_unnamed_chips(folder: Path) -> None:
    with open_writer(folder) as writer:
        writer.save(make_chip(2), stored(make_features(2), "float16"))
    # Killed before the manifest could name the third chip.
    writer = open_writer(folder)
    found = [writer.reuse(make_chip(number)) for number in range(4)]
    assert [chip is not None for chip in found] == [True, True, True, False]
    assert found[2] is not None
    assert found[2].nodata_share == 0.25
    writer.flush()
    opened = FeatureFolder.open(folder)
    assert len(opened.chips) == 3
    opened.load(opened.chips[2])


@pytest.mark.parametrize("how", ["truncated", "one bit", "empty", "other content"])
def test_damaged_chip_is_not_reused(folder: Path, how: str) -> None:
    damage(folder / "ortho" / "features" / "chip_000001.pt", how)
    writer = open_writer(folder)
    assert writer.reuse(make_chip(0)) is not None
    assert writer.reuse(make_chip(1)) is None
    writer.flush()
    assert len(FeatureFolder.open(folder).chips) == 1


def test_unnamed_chip_of_other_settings_is_refused(folder: Path) -> None:
    (folder / "manifest.parquet").unlink()
    writer = open_writer(folder, replace(SETTINGS, stride=64))
    with pytest.raises(errors.FeaturesError, match="stride: 32 -> 64"):
        writer.reuse(make_chip(0))


def test_chip_of_others_is_left_alone(folder: Path) -> None:
    (folder / "manifest.parquet").unlink()
    path = folder / "ortho" / "features" / "chip_000000.pt"
    payload = torch.load(path, weights_only=True)
    del payload["geosam_processing"]
    torch.save(payload, path)
    before = path.read_bytes()
    with pytest.raises(errors.FeaturesError, match="was not written by GeoSAM Processing"):
        open_writer(folder).reuse(make_chip(0))
    assert path.read_bytes() == before


def test_folder_of_geo_sam_is_not_continued(folder: Path) -> None:
    geo_sam_folder(folder, [str(path) for path in sorted(folder.glob("*/features/*.pt"))])
    with pytest.raises(errors.FeaturesError, match="of Geo-SAM and cannot be continued"):
        open_writer(folder)


def test_output_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    for output in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(errors.OutputError, match="choose an output folder"):
            open_writer(output)
    assert (tmp_path / "file").read_text() == "mine"


def test_output_without_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path, *arguments: Any) -> int:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(errors.OutputError, match="Permission denied"):
        open_writer(tmp_path)


def test_files_of_the_user_stay(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / "ortho").mkdir()
    (tmp_path / "ortho" / "ortho.tif").write_text("mine as well")
    fill(tmp_path)
    assert (tmp_path / "notes.txt").read_text() == "mine"
    assert (tmp_path / "ortho" / "ortho.tif").read_text() == "mine as well"


def test_full_disk_keeps_what_was_there(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with open_writer(folder) as writer:
        assert writer.reuse(make_chip(0))
        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(errors.OutputError, match=r"disk of .* is full.* 1 patches"):
            writer.save(make_chip(1), stored(make_features(9), "float16"))
        with pytest.raises(errors.OutputError, match="is full"):
            writer.flush()
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_second_writer_is_refused_until_the_first_has_ended(folder: Path) -> None:
    with open_writer(folder):
        with pytest.raises(errors.OutputError) as raised:
            open_writer(folder)
        assert re.fullmatch(
            r"Another run is encoding into .* since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d: wait .*",
            str(raised.value),
        )
    with open_writer(folder) as writer:
        assert writer.reuse(make_chip(0)) is not None
    assert not list(folder.glob(".geosam*"))


def test_refused_folder_is_not_kept_locked(folder: Path) -> None:
    with pytest.raises(errors.FeaturesError, match="stride"):
        open_writer(folder, replace(SETTINGS, stride=64))
    open_writer(folder).close()


@pytest.mark.skipif(os.name == "nt", reason="needs the right to make links")
def test_planted_links_do_not_lead_outside(folder: Path, tmp_path: Path) -> None:
    outside, dangling = tmp_path / "outside.txt", tmp_path / "new.txt"
    outside.write_text("mine")
    for planted in (
        folder / ".manifest.parquet.part",
        folder / "ortho" / "features" / ".chip_000002.pt.part",
        folder / "ortho" / "features" / "chip_000002.pt",
    ):
        planted.symlink_to(outside)
    (folder / LOCK_NAME).symlink_to(dangling)
    with pytest.raises(errors.OutputError, match="Cannot write"):
        open_writer(folder)
    (folder / LOCK_NAME).unlink()
    with open_writer(folder) as writer:
        writer.save(make_chip(2), stored(make_features(2), "float16"))
        writer.flush()
    assert outside.read_text() == "mine" and not dangling.exists()


def test_what_killed_writers_left_is_removed(folder: Path) -> None:
    left = [folder / f".geosam-{'0' * 16}.part", folder / f"ortho/features/.geosam-{'a' * 16}.part"]
    mine = folder / ".geosam-notes.part"
    for path in (*left, mine):
        path.write_text("half")
    open_writer(folder).close()
    assert mine.exists() and not any(path.exists() for path in left)


@pytest.mark.parametrize(
    ("name", "folder_name"),
    [
        ("ortho 2024-05.tif", "ortho 2024-05.tif"),
        ("a/b\\c:d", "a_b_c_d"),
        ("..", "_"),
        (" Höhe. ", "Höhe"),
        ("nul", "_nul"),
        ("CON.tif", "_CON.tif"),
        ("x" * 300, "x" * 100),
    ],
)
def test_layer_name_becomes_a_safe_folder_name(name: str, folder_name: str) -> None:
    assert safe_name(name) == folder_name


@pytest.mark.parametrize("transform", [NORTH_UP, ROTATED])
def test_outlines_are_those_of_each_chip(transform: Affine) -> None:
    chips = [replace(make_chip(number), transform=transform) for number in range(3)]
    assert outlines(chips).tolist() == [chip.polygon for chip in chips]
    assert not len(outlines([]))
