"""Encoding: the right patches in the right files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import rasterio
import torch
from affine import Affine
from shapely import from_wkb

from geosam_processing import contract
from geosam_processing.contract import EncodeResult, LogEvent
from geosam_processing.engine import errors
from geosam_processing.engine.encoding import patch_encoder
from geosam_processing.engine.encoding.encode import _source_path, encode, plan
from geosam_processing.engine.features.folder import FeatureFolder
from geosam_processing.engine.models.sam_architectures import build_sam
from geosam_processing.engine.run import RunContext
from tests.engine.stand_in_adapter import (
    NORTH_UP,
    PATCH,
    StandInAdapter,
    encode_request,
    write_raster,
)


def pooled_values(raster: Path, x: int, y: int) -> torch.Tensor:
    """What the stand-in model makes of the full patch at x, y, worked out apart."""
    with rasterio.open(raster) as source:
        patch = source.read().astype(np.float32)[:, y : y + PATCH, x : x + PATCH]
    blocks = patch.reshape(3, PATCH // 16, 16, PATCH // 16, 16)
    return torch.from_numpy(blocks.mean(axis=(2, 4)))[None]


@pytest.mark.slow
@pytest.mark.parametrize("batch_size", [0, 1, 4])
def test_every_patch_is_where_it_belongs(
    adapter: StandInAdapter, raster: Path, output: Path, batch_size: int
) -> None:
    result = encode(encode_request(raster, output, batch_size=batch_size, precision="float32"))
    assert (result.patch_count, result.reused_count, result.skipped_count) == (6, 0, 0)
    assert (result.model, result.crs) == ("stand_in", "EPSG:32633")
    assert result.value_range == (0.0, 255.0)
    assert result.output == str(output)
    assert result.manifest == str(output / "manifest.parquet")
    folder = FeatureFolder.open(result.output)
    places = [(x, y) for y in (0, 10) for x in (0, 32, 64)]
    assert len(folder.chips) == len(result.patches) == 6
    for chip, record, (x, y) in zip(folder.chips, result.patches, places, strict=True):
        features = folder.load(chip).image_embedding
        torch.testing.assert_close(features, pooled_values(raster, x, y))
        assert chip.transform == NORTH_UP * Affine.translation(x, y)
        assert (chip.chip_id, chip.row, chip.column) == (record.chip_id, record.row, record.column)
        assert not record.reused and not record.skipped and record.nodata_share == 0
        assert from_wkb(record.wkb).equals(chip.polygon)
    assert (result.patches[4].row, result.patches[4].column) == (1, 1)


def test_sam2_features_are_stored_with_their_finer_maps(
    adapter: StandInAdapter, raster: Path, output: Path
) -> None:
    adapter.family = "sam2"
    encode(encode_request(raster, output, batch_size=4))
    folder = FeatureFolder.open(output)
    assert folder.model_type == "sam2"
    shapes = [tuple(level.shape) for level in folder.load(folder.chips[5]).high_resolution]
    assert shapes == [(1, 3, 16, 16), (1, 3, 8, 8)]


def test_bands_and_range_reach_the_model(
    adapter: StandInAdapter, raster: Path, output: Path
) -> None:
    request = encode_request(
        raster,
        output,
        source=contract.Raster(str(raster), bands=(3, 1)),
        value_range=(50.0, 100.0),
        stride=PATCH,
    )
    encode(request)
    with rasterio.open(raster) as source:
        values = source.read([3, 1, 1])[:, :PATCH, :PATCH].astype(np.float32)
    expected = (values.clip(50, 100) - 50) * 255 / 50
    np.testing.assert_allclose(adapter.images[0].numpy(), expected, atol=1e-3)


def test_range_from_statistics_is_one_for_all(
    adapter: StandInAdapter, raster: Path, output: Path
) -> None:
    lines: list[LogEvent] = []
    result = encode(encode_request(raster, output, value_range=None), RunContext(log=lines.append))
    assert result.value_range == (1.0, 255.0)
    texts = [line.text for line in lines]
    assert "Value range: 1 to 255, from the statistics of the raster" in texts
    assert "Device: cpu, computing in float32" in texts
    assert any(text.startswith("Model: stand_in") for text in texts)


def test_plan_says_what_encode_will_do(adapter: StandInAdapter, raster: Path, output: Path) -> None:
    request = encode_request(
        raster, output, source=contract.Raster(str(raster), extent=(500000, 4999872, 500192, 5e6))
    )
    planned = plan(request)
    assert (planned.width, planned.height, planned.stride) == (96, 64, 32)
    assert [planned.chip(window).chip_id for window in planned.patches] == [
        "chip_000000",
        "chip_000001",
    ]
    assert not output.exists() and not adapter.images
    encode(request)
    chips = FeatureFolder.open(output).chips
    wanted = [planned.chip(window) for window in planned.patches]
    assert [(c.transform, c.shape, c.row, c.column) for c in chips] == [
        (c.transform, c.shape, c.row, c.column) for c in wanted
    ]


@pytest.mark.parametrize(
    "transform",
    [
        Affine(2, 0, 500000, 0, 2, 4000000),
        Affine.translation(500000, 4000000) * Affine.rotation(30) * Affine.scale(0.3, -0.3),
    ],
    ids=["south-up", "rotated"],
)
def test_transform_is_recorded_exactly(
    adapter: StandInAdapter, tmp_path: Path, output: Path, transform: Affine
) -> None:
    raster = write_raster(tmp_path / "turned.tif", 100, 80, transform)
    with rasterio.open(raster) as source:
        # What GeoTIFF keeps of it.
        transform = source.transform
    result = encode(encode_request(raster, output))
    chip = FeatureFolder.open(output).chips[-1]
    expected = transform * Affine.translation(100 - PATCH, 80 - PATCH)
    assert tuple(chip.transform) == tuple(expected)
    assert from_wkb(result.patches[-1].wkb).exterior.coords[2] == expected * (PATCH, PATCH)


def test_raster_smaller_than_a_patch(adapter: StandInAdapter, tmp_path: Path, output: Path) -> None:
    raster = write_raster(tmp_path / "small.tif", 32, 20)
    result = encode(encode_request(raster, output))
    assert result.patch_count == 1
    (chip,) = FeatureFolder.open(output).chips
    assert (chip.shape, chip.dst_shape) == ((20, 32), (PATCH, PATCH))
    # Twice as large in the upper left corner, the rest is the model's mean colour.
    padding = adapter.images[0][:, 40:, :]
    assert torch.equal(padding, torch.tensor([10.0, 20, 30])[:, None, None].expand_as(padding))


def half_empty_raster(path: Path) -> Path:
    values = np.random.default_rng(3).integers(1, 255, (3, PATCH, 3 * PATCH), dtype=np.uint8)
    values[:, :, : PATCH + 16] = 0
    return write_raster(path, 3 * PATCH, PATCH, values=values, nodata=0)


def test_patches_without_data_are_skipped(
    adapter: StandInAdapter, tmp_path: Path, output: Path
) -> None:
    raster = half_empty_raster(tmp_path / "ortho.tif")
    request = encode_request(raster, output, stride=PATCH)
    for reused in (0, 2):
        result = encode(request)
        assert (result.patch_count, result.skipped_count, result.reused_count) == (2, 1, reused)
        assert [record.skipped for record in result.patches] == [True, False, False]
        assert [record.nodata_share for record in result.patches] == [1.0, 0.25, 0.0]
        assert [chip.nodata_share for chip in FeatureFolder.open(output).chips] == [0.25, 0.0]
    # Nodata looks like the model's padding.
    assert adapter.images[0][:, 0, 0].tolist() == [10.0, 20.0, 30.0]


def test_patches_without_data_are_encoded_on_request(
    adapter: StandInAdapter, tmp_path: Path, output: Path
) -> None:
    raster = half_empty_raster(tmp_path / "ortho.tif")
    result = encode(encode_request(raster, output, stride=PATCH, include_nodata=True))
    assert (result.patch_count, result.skipped_count) == (3, 0)


def test_raster_without_any_data(adapter: StandInAdapter, tmp_path: Path, output: Path) -> None:
    values = np.zeros((1, PATCH, 2 * PATCH), dtype=np.uint8)
    raster = write_raster(tmp_path / "empty.tif", 2 * PATCH, PATCH, values=values, nodata=0)
    with pytest.raises(errors.RasterError, match="no data in any of its 3 patches"):
        encode(encode_request(raster, output))
    assert not (output / "manifest.parquet").exists()


def test_features_that_cannot_be_reused(
    adapter: StandInAdapter, raster: Path, output: Path
) -> None:
    adapter.reusable_features = False
    with pytest.raises(errors.ModelError, match="cannot be stored and reused"):
        encode(encode_request(raster, output))
    assert not output.exists()


def test_stride_that_leaves_gaps(adapter: StandInAdapter, raster: Path, output: Path) -> None:
    request = encode_request(raster, output, stride=PATCH + 1)
    for attempt in (encode, plan):
        with pytest.raises(errors.ModelError, match=r"stride \(65\).* valid values are 1 to 64"):
            attempt(request)


@pytest.mark.parametrize(("stride", "hinted"), [(PATCH, True), (PATCH // 2, False)])
def test_hint_when_patches_do_not_overlap(
    adapter: StandInAdapter, raster: Path, output: Path, stride: int, hinted: bool
) -> None:
    lines: list[LogEvent] = []
    encode(encode_request(raster, output, stride=stride), RunContext(log=lines.append))
    assert any("do not overlap" in line.text for line in lines) == hinted


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("PG:host=h password=secret dbname=d", "PG:host=h password=*** dbname=d"),
        # pragma: allowlist nextline secret
        ("/vsicurl/https://me:secret@host/a.tif", "/vsicurl/https://***@host/a.tif"),
        (
            "/vsicurl/https://host/a.tif?layer=2&token=secret&x=1",
            "/vsicurl/https://host/a.tif?layer=2&token=***&x=1",
        ),
        ("/vsiaz/a.tif?sv=2021&sig=secret%3D", "/vsiaz/a.tif?sv=2021&sig=***"),
        (
            "/vsicurl?header.Authorization=Bearer%20secret&url=https%3A%2F%2Fhost%2Fa.tif",
            "/vsicurl?header.Authorization=***&url=https%3A%2F%2Fhost%2Fa.tif",
        ),
    ],
)
def test_secrets_do_not_reach_the_manifest(source: str, shown: str) -> None:
    assert _source_path(source) == shown


@pytest.mark.slow
def test_real_network_end_to_end(tmp_path: Path, output: Path) -> None:
    torch.manual_seed(1)
    network = build_sam("geosam_nano")
    checkpoint = tmp_path / "own.pt"
    torch.save(network.state_dict(), checkpoint)
    raster = write_raster(tmp_path / "scene.tif", 640, 512)
    request = encode_request(
        raster,
        output,
        model=contract.Model("geosam_nano", str(checkpoint)),
        device=contract.Device("cpu"),
        stride=256,
        precision="float32",
        compute_precision="float32",
    )
    lines: list[LogEvent] = []
    result: EncodeResult = encode(request, RunContext(log=lines.append))
    assert (result.patch_count, result.model) == (2, "geosam_nano")
    assert any("sam2.1_hiera_tiny or larger" in line.text for line in lines)
    folder = FeatureFolder.open(output)
    found = folder.load(folder.chips[1]).image_embedding
    with rasterio.open(raster) as source:
        image = torch.from_numpy(source.read()[:, :, 128:].astype(np.float32))[None]
    with torch.inference_mode():
        pixels = (image - network.pixel_mean) / network.pixel_std
        expected = network.image_encoder(pixels)
    torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-4)
    assert folder.checkpoint_path == str(checkpoint)


def test_stride_that_is_not_set_is_half_a_patch(adapter, raster, tmp_path):
    lines: list = []
    request = encode_request(raster, tmp_path / "out", stride=None)
    result = encode(request, RunContext(log=lines.append))
    assert result.patch_count == 6
    assert FeatureFolder.open(tmp_path / "out").chips[1].centre[0] == pytest.approx(
        FeatureFolder.open(tmp_path / "out").chips[0].centre[0] + PATCH // 2 * 2
    )
    assert not any("overlap" in line.text for line in lines)


@pytest.mark.slow
@pytest.mark.parametrize(("strategy", "released"), [("balanced", 0), ("low_memory", 6)])
def test_memory_strategy(adapter, raster, tmp_path, monkeypatch, strategy, released):
    """Low memory gives memory back after each patch, and never holds a second one."""
    calls: list = []
    held: list[int] = []
    monkeypatch.setattr(patch_encoder, "release_memory", calls.append)
    encode_batch = adapter.encode

    def counted(images):
        held.append(len(images))
        return encode_batch(images)

    monkeypatch.setattr(adapter, "encode", counted)
    request = encode_request(raster, tmp_path / "out", memory_strategy=strategy, batch_size=3)
    encode(request)
    assert len(calls) == released
    assert held == ([3, 3] if strategy == "balanced" else [1] * 6)
