"""Feature folders that are read, and what is done about every way they can be broken."""

from __future__ import annotations

import json
import os
import random
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

from geosam_processing.contract.files import checksum_of
from geosam_processing.engine import errors
from geosam_processing.engine.features import manifest
from geosam_processing.engine.features.chip_file import stored
from geosam_processing.engine.features.folder import FeatureFolder
from geosam_processing.engine.features.manifest import GEOSAM_COLUMNS
from geosam_processing.engine.features.manifest_reader import read_manifest
from tests.engine.feature_folders import (
    damage,
    geo_sam_folder,
    make_chip,
    make_features,
    open_writer,
    rewrite_manifest,
)


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
    table = parquet.read_table(path).replace_schema_metadata(None)
    parquet.write_table(table.slice(0, 0), path)
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


def nested_wkb(depth: int) -> bytes:
    """A geometry collection in a geometry collection in ..., which GEOS follows to its death."""
    return bytes.fromhex("010700000001000000") * depth + bytes.fromhex("010700000000000000")


@pytest.mark.parametrize("wkb", [nested_wkb(300_000), b"", b"garbage", None])
def test_geometry_is_not_read(folder: Path, wkb: bytes | None) -> None:
    rewrite_manifest(folder, geometry=pyarrow.array([wkb, wkb], pyarrow.binary()))
    assert len(FeatureFolder.open(folder).chips) == 2


GOOD = "[1.0, 0, 0, 0, -1.0, 0]"


@pytest.mark.parametrize(
    ("column", "values", "said"),
    [
        ("transform", [GOOD, "[NaN, 0, 0, 0, -1, 0]"], "column transform, row 2: NaN is no number"),
        ("transform", [GOOD, "[0, 0, 0, 0, 0, 0]"], "column transform, row 2: its pixels have no"),
        ("transform", [GOOD, "[1e-200, 0, 0, 0, 1e-200, 0]"], "row 2: its pixels have no size"),
        ("transform", [GOOD, "[" * 100_000], "column transform, row 2: it is nested too deeply"),
        ("transform", [GOOD, '["1", 0, 0, 0, -1, 0]'], "row 2: .* holds other than numbers"),
        ("transform", [GOOD, "[1]"], "row 2: .* is no list of 6 numbers"),
        ("transform", [GOOD, None], "column transform, row 2: it is no JSON"),
        ("shape", ["[64, 64]", "[64, -64]"], "column shape, row 2: 64 x -64 is the size of no"),
        ("shape", ["[64, 64]", "[true, 64]"], "column shape, row 2: .* other than numbers"),
        ("dst_shape", ["[64, 64]", "[1e30, 64]"], "column dst_shape, row 2: .* the size of no"),
        ("nodata_share", [0.5, float("nan")], "column nodata_share, row 2: nan is not between"),
        ("nodata_share", ["0.5", "0.5"], "column nodata_share: it holds string instead of numbers"),
        ("crs", [["EPSG:32633"]] * 2, r"column crs: it holds list<.*> instead of text"),
        ("format_version", ["1", "1"], "column format_version: it holds string instead of numbers"),
        ("chip_id", [1, 2], "column chip_id: it holds int64 instead of text"),
    ],
)
def test_nonsense_in_a_column_is_named(
    folder: Path, column: str, values: list[Any], said: str
) -> None:
    rewrite_manifest(folder, **{column: values})
    for attempt in (FeatureFolder.open, open_writer):
        with pytest.raises(errors.FeaturesError, match=f"is damaged.*{said}") as raised:
            attempt(folder)
        assert len(str(raised.value)) < 600


def test_text_that_is_not_utf8_is_named(folder: Path) -> None:
    text = pyarrow.array([b"chip", b"\xff\xfe"], pyarrow.binary()).view(pyarrow.string())
    rewrite_manifest(folder, chip_id=text)
    with pytest.raises(errors.FeaturesError, match="column chip_id, row 2"):
        FeatureFolder.open(folder)


@pytest.mark.parametrize("column", ["feature_path", "relative_path"])
def test_long_path_is_a_missing_chip(folder: Path, column: str) -> None:
    shutil.rmtree(folder / "ortho")
    rewrite_manifest(folder, **{column: ["x" * 70_000, "y/" * 3000]})
    opened = FeatureFolder.open(folder)
    with pytest.raises(errors.ChipError, match="is missing"):
        opened.load(opened.chips[1])


def test_settings_that_are_no_json_differ(folder: Path) -> None:
    rewrite_manifest(folder, settings=["[" * 100_000] * 2)
    FeatureFolder.open(folder)
    with pytest.raises(errors.FeaturesError, match="was encoded with other settings"):
        open_writer(folder)


def test_every_flipped_byte_is_found_or_means_nothing(folder: Path) -> None:
    path = folder / "manifest.parquet"
    expected, content = read_manifest(folder), path.read_bytes()
    draw = random.Random(7)
    found = 0
    for _ in range(200):
        mutant = bytearray(content)
        for _ in range(draw.choice((1, 1, 1, 4))):
            mutant[draw.randrange(len(mutant))] ^= 1 << draw.randrange(8)
        path.write_bytes(mutant)
        try:
            read = read_manifest(folder)
        except errors.FeaturesError:
            found += 1
        else:
            assert read == expected
    assert found > 60


def test_digest_of_an_earlier_version_with_fewer_columns(folder: Path) -> None:
    path = folder / "manifest.parquet"
    table = parquet.read_table(path)
    names = [name for name in manifest.DIGESTED if name != "empty_cells"]
    earlier = manifest.contents_digest(names, table.to_pydict().__getitem__).encode()
    metadata = {**table.schema.metadata, manifest.DIGEST: earlier}
    table = table.replace_schema_metadata(metadata)
    parquet.write_table(table.drop_columns("empty_cells"), path)
    assert len(FeatureFolder.open(folder).chips) == 2
    parquet.write_table(table.drop_columns(["empty_cells", "model_id"]), path)
    with pytest.raises(errors.FeaturesError, match="not those that were written"):
        FeatureFolder.open(folder)
