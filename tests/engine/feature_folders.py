"""Small feature folders, whole and damaged."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet as parquet
import torch
from affine import Affine

from geosam_processing.engine.features.chip_file import stored
from geosam_processing.engine.features.folder import FeatureFolder
from geosam_processing.engine.features.manifest import GEOSAM_COLUMNS, Chip, Settings
from geosam_processing.engine.features.writer import FeatureWriter
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
    with open_writer(output, settings) as writer:
        for number in range(count):
            writer.save(make_chip(number), stored(make_features(number), settings.precision))
        writer.flush()
    return writer


def rewrite_manifest(folder: Path, **columns: Any) -> None:
    """Replace columns of the manifest, as another program would; None removes one."""
    path = folder / "manifest.parquet"
    table = parquet.read_table(path).replace_schema_metadata(None)
    for name, values in columns.items():
        index = table.column_names.index(name)
        table = table.remove_column(index)
        if values is not None:
            given = values if isinstance(values, pyarrow.Array) else pyarrow.array(values)
            table = table.append_column(name, given)
    parquet.write_table(table, path)


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


def geo_sam_folder(folder: Path, feature_paths: list[str]) -> None:
    """Turn a folder of ours into what Geo-SAM v2 writes: its twelve columns, its keys."""
    path = folder / "manifest.parquet"
    table = parquet.read_table(path).select(list(GEOSAM_COLUMNS)).replace_schema_metadata(None)
    parquet.write_table(table, path)
    rewrite_manifest(
        folder, feature_path=feature_paths, checkpoint_path=["C:\\models\\sam2.1_b.pt"] * 2
    )
    for chip in folder.glob("*/features/*.pt"):
        payload = torch.load(chip, weights_only=True)
        del payload["geosam_processing"]
        torch.save(payload, chip)


def opens_whole(output: Path, chip_count: int) -> None:
    """Asserts that every chip of a folder is there and undamaged."""
    folder = FeatureFolder.open(output)
    assert len(folder.chips) == chip_count
    for chip in folder.chips:
        folder.load(chip)
