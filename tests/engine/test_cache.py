"""Feature folders: their files, and what is done about every way they can be broken."""

from __future__ import annotations

import errno
import json
import os
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas
import pyarrow
import pyarrow.parquet as parquet
import pytest
import torch
from affine import Affine

from geosam_processing.engine import errors
from geosam_processing.engine.cache import FeatureFolder, FeatureWriter, safe_name
from geosam_processing.engine.chip_file import (
    ChipHeader,
    checksum_of,
    estimated_bytes,
    read_chip,
    stored,
    write_chip,
)
from geosam_processing.engine.manifest import GEOSAM_COLUMNS, Chip, Settings
from geosam_processing.engine.models.adapter import PatchFeatures

SETTINGS = Settings(
    layer_name="ortho",
    source_fingerprint="f1",
    crs="EPSG:32633",
    transform=(2.0, 0.0, 500000.0, 0.0, -2.0, 5000000.0),
    width=96,
    height=64,
    bands=(3, 2, 1),
    value_range=(0.0, 255.0),
    model_id="sam2.1_hiera_tiny",
    model_type="sam2",
    checkpoint_sha256="abc",
    patch_size=64,
    stride=32,
    precision="float16",
    include_nodata=False,
)


def make_chip(number: int) -> Chip:
    return Chip(
        chip_id=f"chip_{number:06d}",
        path=Path(),
        transform=Affine(*SETTINGS.transform) * Affine.translation(32 * number, 0),
        shape=(64, 64),
        dst_shape=(64, 64),
        nodata_share=0.25,
        row=0,
        column=number,
    )


def make_features(seed: int) -> PatchFeatures:
    generator = torch.Generator().manual_seed(seed)
    # Slices of one batch, as an adapter returns them.
    embeddings = torch.randn(5, 256, 4, 4, generator=generator)
    finer = (
        torch.randn(5, 32, 16, 16, generator=generator),
        torch.randn(5, 64, 8, 8, generator=generator),
    )
    return PatchFeatures(embeddings[2:3], tuple(level[2:3] for level in finer))


def open_writer(output: Path, settings: Settings = SETTINGS) -> FeatureWriter:
    return FeatureWriter(output, settings, "/data/ortho.tif", "/models/sam2.1_hiera_tiny.pt")


def fill(output: Path, count: int = 2, settings: Settings = SETTINGS) -> FeatureWriter:
    writer = open_writer(output, settings)
    for number in range(count):
        writer.save(make_chip(number), stored(make_features(number), settings.precision))
    writer.flush()
    return writer


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    fill(tmp_path / "features of ortho")
    return tmp_path / "features of ortho"


def rewrite_manifest(folder: Path, **columns: Any) -> None:
    """Replace columns of the manifest; None removes one."""
    path = folder / "manifest.parquet"
    table = parquet.read_table(path)
    for name, values in columns.items():
        index = table.column_names.index(name)
        table = table.remove_column(index)
        if values is not None:
            table = table.append_column(name, pyarrow.array(values))
    parquet.write_table(table, path)


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
    assert path.stat().st_size <= estimated_bytes(family, 1024, precision) * 1.01
    assert path.stat().st_size >= estimated_bytes(family, 1024, precision) * 0.99


def test_manifest_opens_in_geopandas_with_all_columns(folder: Path) -> None:
    manifest = geopandas.read_parquet(folder / "manifest.parquet")
    assert list(manifest.columns[:12]) == list(GEOSAM_COLUMNS)
    assert manifest.crs.to_epsg() == 32633
    row = manifest.iloc[1]
    assert Path(row.feature_path).is_absolute()
    assert row.relative_path == "ortho/features/chip_000001.pt"
    assert json.loads(row["transform"]) == [2.0, 0.0, 500064.0, 0.0, -2.0, 5000000.0]
    assert json.loads(row["shape"]) == json.loads(row.dst_shape) == [64, 64]
    assert (row.chip_center_x, row.chip_center_y) == (500128.0, 4999936.0)
    assert row.geometry.bounds == (500064.0, 4999872.0, 500192.0, 5000000.0)
    assert row.checksum == checksum_of(Path(row.feature_path))
    assert json.loads(row.bands) == [3, 2, 1]
    assert json.loads(row.value_range) == [0.0, 255.0]
    assert (row["dtype"], row.source_fingerprint, row.model_id) == (
        "float16",
        "f1",
        "sam2.1_hiera_tiny",
    )
    assert (row.row, row["column"], row.stride, row.layer_name) == (0, 1, 32, "ortho")
    assert (row.nodata_share, row.checkpoint_sha256, row.format_version) == (0.25, "abc", 1)


def test_folder_describes_itself(folder: Path) -> None:
    for path in (folder, str(folder), folder / "manifest.parquet"):
        opened = FeatureFolder.open(path)
        assert [chip.chip_id for chip in opened.chips] == ["chip_000000", "chip_000001"]
        assert opened.crs_text == "EPSG:32633"
        assert opened.crs.to_epsg() == 32633
        assert opened.model_id == "sam2.1_hiera_tiny"
        assert opened.checkpoint_sha256 == "abc"
        assert opened.format_version == 1
        assert opened.bounds == (500000.0, 4999872.0, 500192.0, 5000000.0)


@pytest.mark.parametrize(
    "transform",
    [
        Affine(2, 0, 500000, 0, 2, 4000000),
        Affine.translation(500000, 4000000) * Affine.rotation(30) * Affine.scale(0.3, -0.3),
        Affine(0.1 + 0.2, 0, 1 / 3, 0, -1e-7, 2 / 3),
    ],
)
def test_transform_is_kept_exactly_whatever_it_is(tmp_path: Path, transform: Affine) -> None:
    writer = open_writer(tmp_path)
    saved = writer.save(
        replace(make_chip(0), transform=transform, shape=(40, 64)),
        stored(make_features(0), "float16"),
    )
    writer.flush()
    (chip,) = FeatureFolder.open(tmp_path).chips
    assert tuple(chip.transform) == tuple(transform)
    assert chip == saved
    assert set(chip.polygon.exterior.coords) == {
        transform * corner for corner in ((0, 0), (64, 0), (64, 40), (0, 40))
    }


def test_moved_folder_opens(folder: Path, tmp_path: Path) -> None:
    moved = tmp_path / "elsewhere" / "moved"
    shutil.copytree(folder, moved)
    opened = FeatureFolder.open(moved)
    # The absolute path still works, but the copy is what the user named.
    assert all(chip.path.is_relative_to(moved) for chip in opened.chips)
    shutil.rmtree(folder)
    assert opened.load(opened.chips[0]).image_embedding.shape == (1, 256, 4, 4)


def geo_sam_folder(folder: Path, feature_paths: list[str]) -> None:
    """Turn a folder of ours into what Geo-SAM v2 writes: its twelve columns, its keys."""
    path = folder / "manifest.parquet"
    table = parquet.read_table(path).select(list(GEOSAM_COLUMNS))
    parquet.write_table(table, path)
    rewrite_manifest(
        folder, feature_path=feature_paths, checkpoint_path=["C:\\models\\sam2.1_b.pt"] * 2
    )
    for chip in folder.glob("*/features/*.pt"):
        payload = torch.load(chip, weights_only=True)
        del payload["geosam_processing"]
        torch.save(payload, chip)


def test_folder_of_geo_sam_opens(folder: Path) -> None:
    geo_sam_folder(folder, [str(path) for path in sorted(folder.glob("*/features/*.pt"))])
    opened = FeatureFolder.open(folder)
    assert (opened.format_version, opened.checkpoint_sha256) == (0, "")
    assert opened.model_id == "sam2.1_hiera_base_plus"
    assert opened.chips[0].checksum == ""
    assert opened.load(opened.chips[1]).high_resolution[0].shape == (1, 32, 16, 16)


@pytest.mark.parametrize(
    "gone", ["/gone/ortho/features/chip_%06d.pt", r"D:\x\features\chip_%06d.pt"]
)
def test_moved_folder_of_geo_sam_opens_by_file_name(folder: Path, gone: str) -> None:
    geo_sam_folder(folder, [gone % number for number in range(2)])
    opened = FeatureFolder.open(folder)
    assert [chip.path for chip in opened.chips] == sorted(folder.glob("*/features/*.pt"))


def test_layer_folder_decides_between_equal_file_names(folder: Path) -> None:
    other = folder / "aaa" / "features"
    shutil.copytree(folder / "ortho" / "features", other)
    geo_sam_folder(folder, [f"/gone/ortho/features/chip_{number:06d}.pt" for number in range(2)])
    assert FeatureFolder.open(folder).chips[0].path.parts[-3] == "ortho"


def test_missing_manifest(tmp_path: Path) -> None:
    with pytest.raises(errors.FeaturesError, match=r"has no manifest\.parquet"):
        FeatureFolder.open(tmp_path)
    with pytest.raises(errors.FeaturesError, match=r"has no manifest\.parquet"):
        FeatureFolder.open(tmp_path / "nothing here")


def test_damaged_manifest(folder: Path) -> None:
    path = folder / "manifest.parquet"
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(errors.FeaturesError, match="is damaged"):
        FeatureFolder.open(folder)
    with pytest.raises(errors.FeaturesError, match="is damaged"):
        open_writer(folder)


def test_nonsense_in_manifest(folder: Path) -> None:
    rewrite_manifest(folder, shape=["[64", "[64, 64]"])
    with pytest.raises(errors.FeaturesError, match="is damaged"):
        FeatureFolder.open(folder)


def test_other_parquet_file(folder: Path) -> None:
    rewrite_manifest(folder, chip_id=None, crs=None)
    with pytest.raises(errors.FeaturesError, match="lacks the columns chip_id, crs"):
        FeatureFolder.open(folder)


def test_other_format_version(folder: Path) -> None:
    rewrite_manifest(folder, format_version=[2, 2])
    for attempt in (FeatureFolder.open, open_writer):
        with pytest.raises(errors.FeaturesError, match="has feature format 2, but .* format 1"):
            attempt(folder)


def test_mixed_crs(folder: Path) -> None:
    rewrite_manifest(folder, crs=["EPSG:32633", "EPSG:4326"])
    with pytest.raises(errors.FeaturesError, match=r"differ in crs \(EPSG:32633, EPSG:4326\)"):
        FeatureFolder.open(folder)


def test_unknown_crs(folder: Path) -> None:
    rewrite_manifest(folder, crs=["EPSG:1", "EPSG:1"])
    with pytest.raises(errors.FeaturesError, match=r"CRS that is unknown \(EPSG:1\)"):
        _ = FeatureFolder.open(folder).crs


def test_manifest_without_patches(folder: Path) -> None:
    path = folder / "manifest.parquet"
    parquet.write_table(parquet.read_table(path).slice(0, 0), path)
    with pytest.raises(errors.FeaturesError, match="has no patches"):
        FeatureFolder.open(folder)


def test_missing_chip_is_named_and_the_others_load(folder: Path) -> None:
    (folder / "ortho" / "features" / "chip_000000.pt").unlink()
    opened = FeatureFolder.open(folder)
    with pytest.raises(errors.ChipError, match=r"chip_000000\.pt is missing"):
        opened.load(opened.chips[0])
    opened.load(opened.chips[1])


def test_unchanged_folder_is_not_read_again(folder: Path) -> None:
    opened = FeatureFolder.open(folder)
    features = opened.load(opened.chips[0])
    assert FeatureFolder.open(folder / "manifest.parquet") is opened
    assert opened.load(opened.chips[0]) is features


def test_changed_manifest_is_read_again(folder: Path) -> None:
    opened = FeatureFolder.open(folder)
    rewrite_manifest(folder, source_path=["/another.tif"] * len(opened.chips))
    assert FeatureFolder.open(folder).source_path == "/another.tif"
    (folder / "manifest.parquet").unlink()
    with pytest.raises(errors.FeaturesError):
        FeatureFolder.open(folder)


def test_chips_that_move_are_found_again(folder: Path) -> None:
    FeatureFolder.open(folder)
    (folder / "ortho").rename(folder / "elsewhere")
    opened = FeatureFolder.open(folder)
    assert opened.chips[0].path.parent == folder / "elsewhere" / "features"
    opened.load(opened.chips[0])


def test_chip_that_changes_after_it_was_loaded_is_checked_again(folder: Path) -> None:
    opened = FeatureFolder.open(folder)
    opened.load(opened.chips[0])
    damage(opened.chips[0].path, "one bit")
    with pytest.raises(errors.ChipError, match="damaged"):
        FeatureFolder.open(folder).load(opened.chips[0])
    opened.chips[0].path.unlink()
    with pytest.raises(errors.ChipError, match="missing"):
        opened.load(opened.chips[0])


def damage(path: Path, how: str) -> None:
    content = bytearray(path.read_bytes())
    if how == "truncated":
        content = content[: len(content) // 2]
    elif how == "one bit":
        # In the numbers, where only a checksum can see it.
        content[len(content) // 2] ^= 1
    elif how == "empty":
        content.clear()
    else:
        torch.save(["something", "else"], path)
        return
    path.write_bytes(content)


@pytest.mark.parametrize("how", ["truncated", "one bit", "empty", "other content"])
def test_damaged_chip_is_named(folder: Path, how: str) -> None:
    damage(folder / "ortho" / "features" / "chip_000001.pt", how)
    opened = FeatureFolder.open(folder)
    opened.load(opened.chips[0])
    with pytest.raises(errors.ChipError, match=r"chip_000001\.pt .* is damaged"):
        opened.load(opened.chips[1])


def test_chip_with_unknown_layout(folder: Path) -> None:
    opened = FeatureFolder.open(folder)
    chip = replace(opened.chips[0], checksum="")
    payload = torch.load(chip.path, weights_only=True)
    for features in ({"image_embed": None}, torch.zeros(4), [1]):
        torch.save({**payload, "features": features}, chip.path)
        with pytest.raises(errors.ChipError, match="unknown layout"):
            opened.load(chip)


def test_pickled_code_in_a_chip_does_not_run(folder: Path) -> None:
    class Malice:
        def __reduce__(self) -> tuple[Any, ...]:
            return (os.mkdir, (str(folder / "ran"),))

    opened = FeatureFolder.open(folder)
    torch.save({"features": Malice()}, opened.chips[0].path)
    with pytest.raises(errors.ChipError):
        opened.load(opened.chips[0])
    assert not (folder / "ran").exists()


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
    table = table.drop_columns("compute_precision").set_column(
        table.column_names.index("settings") - 1, "settings", [list(map(json.dumps, older))]
    )
    parquet.write_table(table, folder / "manifest.parquet")
    writer = FeatureWriter(folder, SETTINGS, "ortho.tif", "model.pt")
    assert writer.reuse(make_chip(0)) is not None
    with pytest.raises(errors.FeaturesError, match="compute precision: float32 -> bfloat16"):
        FeatureWriter(
            folder, replace(SETTINGS, compute_precision="bfloat16"), "ortho.tif", "model.pt"
        )


def test_reuse_finds_named_and_unnamed_chips(folder: Path) -> None:
    writer = open_writer(folder)
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
    def refuse(path: Path, *arguments: Any, **options: Any) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(Path, "touch", refuse)
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

    writer = open_writer(folder)
    assert writer.reuse(make_chip(0))
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(errors.OutputError, match=r"disk of .* is full.* 1 patches"):
        writer.save(make_chip(1), stored(make_features(9), "float16"))
    with pytest.raises(errors.OutputError, match="is full"):
        writer.flush()
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


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
