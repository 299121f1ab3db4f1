"""The preview shows what the encoder then makes, in number, order and place."""

from __future__ import annotations

import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from affine import Affine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from geosam_processing import contract
from geosam_processing.contract import PreviewRequest
from geosam_processing.engine import errors
from geosam_processing.engine.encoding.encode import encode
from geosam_processing.engine.previewing.preview import preview
from geosam_processing.engine.run import RunContext
from tests.engine.shown_preview import Shown, boxes
from tests.engine.stand_in_adapter import (
    NORTH_UP,
    PATCH,
    StandInAdapter,
    encode_request,
    install,
    write_raster,
)


class LargeStandIn(StandInAdapter):
    """Its patches are as wide as the official models', so that every stride is allowed."""

    patch_size = 1024


TURNED = Affine.translation(500000.0, 5000000.0) * Affine.rotation(30) * Affine.scale(2.0, -2.0)
SOUTH_UP = Affine(2.0, 0.0, 500000.0, 0.0, 2.0, 5000000.0)
DEGREES = Affine(2e-5, 0.0, 14.0, 0.0, -2e-5, 45.0)
PLACES = {
    "north up": (NORTH_UP, "EPSG:32633"),
    "south up": (SOUTH_UP, "EPSG:32633"),
    "turned": (TURNED, "EPSG:32633"),
    "degrees": (DEGREES, "EPSG:4326"),
}


@st.composite
def cases(draw: st.DrawFn) -> dict[str, Any]:
    large = draw(st.booleans())
    place = draw(st.sampled_from(sorted(PLACES)))
    transform, crs = PLACES[place]
    width, height = draw(st.integers(1, 160)), draw(st.integers(1, 160))
    if draw(st.booleans()):
        height = draw(st.integers(1, 3))
    extent = None
    if draw(st.booleans()):
        # The part in the middle is always inside, so that there is something to encode.
        low = draw(st.floats(-0.3, 0.45)), draw(st.floats(-0.3, 0.45))
        high = draw(st.floats(0.55, 1.3)), draw(st.floats(0.55, 1.3))
        corners = [
            transform * (x * width, y * height)
            for x in (low[0], high[0])
            for y in (low[1], high[1])
        ]
        xs, ys = zip(*corners)
        extent = (min(xs), min(ys), max(xs), max(ys))
    return {
        "large": large,
        "size": (width, height),
        "place": (transform, crs),
        "extent": extent,
        "stride": draw(st.integers(1, 1024) if large else st.integers(12, PATCH)),
        "target_crs": draw(st.sampled_from(["", "EPSG:3857", "EPSG:4326"])),
        "resolution": draw(st.sampled_from([None, 1.5, 2.0, 3.7, 500.0])),
        "nodata": draw(st.booleans()),
        "include_nodata": draw(st.booleans()),
        "value_range": draw(st.sampled_from([None, (0.0, 255.0)])),
    }


@pytest.mark.slow
@given(stride=st.integers(1, 1024), steps=st.integers(1, 5), beyond=st.integers(0, 400))
@settings(max_examples=15, deadline=None)
def test_every_stride_of_a_large_patch(stride: int, steps: int, beyond: int) -> None:
    """Several patches of 1024 pixels side by side, on a raster of two rows."""
    with pytest.MonkeyPatch.context() as patched, tempfile.TemporaryDirectory() as name:
        install(patched, LargeStandIn())
        width = 1024 + min(stride * steps, 900) + min(beyond, stride - 1)
        raster = write_raster(Path(name) / "r.tif", width, 2)
        same_as_encoded(encode_request(raster, Path(name) / "features", stride=stride))


@pytest.mark.slow
@given(case=cases())
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_patches_are_the_chips_that_encode_writes(
    monkeypatch: pytest.MonkeyPatch, case: dict[str, Any]
) -> None:
    model = LargeStandIn() if case["large"] else StandInAdapter()
    with monkeypatch.context() as patched, tempfile.TemporaryDirectory() as name:
        install(patched, model)
        folder = Path(name)
        width, height = case["size"]
        values = np.random.default_rng(3).integers(1, 256, (3, height, width), dtype=np.uint8)
        if case["nodata"]:
            values[:, :, : width // 2] = 0
        transform, crs = case["place"]
        raster = write_raster(
            folder / "r.tif", width, height, transform, crs, values, 0 if case["nodata"] else None
        )
        request = encode_request(
            raster,
            folder / "features",
            source=contract.Raster(str(raster), extent=case["extent"]),
            **{key: case[key] for key in ("stride", "target_crs", "include_nodata", "value_range")},
            target_resolution=case["resolution"],
        )
        same_as_encoded(request)


def same_as_encoded(request: contract.EncodeRequest) -> None:
    try:
        result = encode(request)
    except errors.RasterError as error:
        # What cannot be encoded has no preview either, or one that warns of it.
        try:
            shown = Shown(request)
        except errors.RasterError as same:
            assert str(same) == str(error)
        else:
            assert shown.result.skipped_count == shown.result.patch_count
            assert "encoding would fail" in shown.text
        return
    shown = Shown(request)
    assert [(p.chip_id, p.row, p.column, p.skipped, p.wkb) for p in shown.patches] == [
        (p.chip_id, p.row, p.column, p.skipped, p.wkb) for p in result.patches
    ]
    assert [p.nodata_share for p in shown.patches] == [p.nodata_share for p in result.patches]
    assert shown.result.patch_count == len(result.patches)
    assert shown.result.skipped_count == result.skipped_count
    assert shown.result.value_range == result.value_range
    assert shown.result.crs == result.crs
    again = Shown(request, features=request.output).result
    assert again.cached_count == result.patch_count
    assert again.seconds == 0


def test_overlap_and_scale_are_those_of_the_encoder(
    adapter: StandInAdapter, tmp_path: Path
) -> None:
    raster = write_raster(tmp_path / "r.tif", 300, 200)
    request = encode_request(raster, tmp_path / "features", overlap=25.0, resolution_scale=1.5)
    shown = Shown(request)
    assert (shown.result.stride, shown.result.overlap) == (48, 25.0)
    assert shown.result.resolution == pytest.approx(3.0)
    assert (shown.result.width, shown.result.height) == (201, 134)
    same_as_encoded(request)


def test_numbers(adapter: StandInAdapter, tmp_path: Path) -> None:
    raster = write_raster(tmp_path / "r.tif", 2 * PATCH, PATCH + 10)
    result = Shown(encode_request(raster, tmp_path / "features")).result
    assert (result.patch_count, result.skipped_count, result.cached_count) == (6, 0, 0)
    assert (result.patch_width, result.overlap, result.resolution) == (2.0 * PATCH, 50.0, 2.0)
    assert result.seconds == 12.0
    assert result.everything_points == round(2 * PATCH * (PATCH + 10) / 16**2)
    assert result.everything_seconds is None
    assert result.disk_bytes > 0 and result.memory_bytes > 0
    assert not (tmp_path / "features").exists()
    encode(encode_request(raster, tmp_path / "features"))
    size = sum(path.stat().st_size for path in (tmp_path / "features").glob("*/features/*.pt"))
    assert result.disk_bytes >= size


def test_points_of_everything_are_those_of_all_scales_without_empty_patches(
    adapter: StandInAdapter, tmp_path: Path
) -> None:
    raster = write_raster(tmp_path / "r.tif", 4 * PATCH, 4 * PATCH)
    request = encode_request(raster, tmp_path / "f", scales=(1, 2))
    shown = Shown(request, spacing=8)
    # A quarter as many on pixels twice as wide.
    assert shown.result.everything_points == round((4 * PATCH / 8) ** 2 * 1.25)
    assert "points, every 8 pixels" in shown.text
    with pytest.raises(contract.ContractError, match="Invalid SPACING \\(3\\)"):
        Shown(request, spacing=3)


def test_folder_of_other_settings_is_no_cache(adapter: StandInAdapter, tmp_path: Path) -> None:
    raster = write_raster(tmp_path / "r.tif", 2 * PATCH, PATCH)
    request = encode_request(raster, tmp_path / "features")
    encode(request)
    shown = Shown(replace(request, stride=PATCH), features=request.output)
    assert shown.result.cached_count == 0
    assert "stride: 32 -> 64" in shown.text
    chip = next((tmp_path / "features").glob("*/features/chip_000001.pt"))
    chip.unlink()
    assert [p.cached for p in Shown(request, features=request.output).patches] == [
        True,
        False,
        True,
    ]


def test_picture_shows_the_chosen_bands_and_range(adapter: StandInAdapter, tmp_path: Path) -> None:
    values = np.zeros((3, 256, 256), dtype=np.uint8)
    values[0], values[2] = 50, 200
    raster = write_raster(tmp_path / "r.tif", 256, 256, values=values)
    request = encode_request(
        raster,
        tmp_path / "features",
        source=contract.Raster(str(raster), bands=(3, 2, 1)),
        value_range=(0.0, 100.0),
        stride=PATCH,
    )
    Shown(request, picture=str(tmp_path / "sub" / "p.png"))
    picture = np.asarray(Image.open(tmp_path / "sub" / "p.png"))
    assert picture.shape == (1024, 1024, 3)
    # In the middle of a patch: band 3 is clipped to white, band 1 is half of the range.
    assert picture[128, 128].tolist() == [255, 0, 127]
    # At its edge there is a line.
    assert picture[2, 128].tolist() != [255, 0, 127]


def test_picture_shows_what_is_resampled(adapter: StandInAdapter, tmp_path: Path) -> None:
    values = np.broadcast_to(np.indices((256, 256)).sum(axis=0) % 2 * 200, (3, 256, 256))
    raster = write_raster(tmp_path / "r.tif", 256, 256, values=values.astype(np.uint8))
    request = encode_request(raster, tmp_path / "f", value_range=(0, 200), target_resolution=8.0)
    Shown(request, picture=str(tmp_path / "p.png"))
    picture = np.asarray(Image.open(tmp_path / "p.png"))[100:900, 100:900]
    # A chessboard becomes grey where several pixels become one.
    assert picture.min() > 90 and picture.max() < 165


def sparse_raster(path: Path, side: int, tiled: bool, **options: Any) -> Path:
    blocks = {"tiled": True, "blockxsize": 256, "blockysize": 256} if tiled else {}
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        width=side,
        height=side,
        count=3,
        dtype="uint8",
        crs="EPSG:32633",
        transform=NORTH_UP,
        sparse_ok=True,
        bigtiff="YES",
        **blocks,
        **options,
    ) as target:
        target.write(np.full((3, 512, 512), 99, dtype=np.uint8), window=((0, 512), (0, 512)))
    return path


@pytest.mark.slow
@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"target_resolution": 3.0},
        {"target_resolution": 400.0},
        {"value_range": (0.0, 255.0)},
        {"stride": 1},
    ],
    ids=str,
)
@pytest.mark.parametrize("tiled", [True, False])
def test_huge_raster_is_previewed_in_seconds(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, tiled: bool, changes: dict[str, Any]
) -> None:
    install(monkeypatch, LargeStandIn())
    raster = sparse_raster(tmp_path / "huge.tif", 200_000, tiled, nodata=0)
    request = encode_request(
        raster, tmp_path / "f", **{"stride": 512, "value_range": None, **changes}
    )
    start = time.perf_counter()
    shown = Shown(request, patch_limit=1000, picture=str(tmp_path / "p.png"))
    assert time.perf_counter() - start < 30
    result = shown.result
    side = result.width
    per_axis = 1 + -(-max(side - 1024, 0) // result.stride)
    assert result.patch_count == per_axis**2
    assert "estimates" in shown.text
    assert Image.open(tmp_path / "p.png").size == (1024, 1024)
    if per_axis > 1:
        assert result.skipped_count > 0.99 * result.patch_count
        assert len(shown.patches) == 1000
        assert "Only the first 1000" in shown.text


def test_model_that_is_not_downloaded_can_be_previewed(tmp_path: Path) -> None:
    raster = write_raster(tmp_path / "r.tif", 1500, 1024)
    model = contract.Model("sam2.1_hiera_tiny", folder=str(tmp_path))
    shown = Shown(encode_request(raster, tmp_path / "f", model=model), seconds_per_patch=None)
    assert (shown.result.patch_size, shown.result.patch_count) == (1024, 16)
    assert shown.result.seconds is None and "download" in shown.text


def test_time_is_measured(adapter: StandInAdapter, tmp_path: Path) -> None:
    raster = write_raster(tmp_path / "r.tif", 2 * PATCH, PATCH)
    result = Shown(encode_request(raster, tmp_path / "f"), seconds_per_patch=None).result
    assert result.seconds is not None and 0 < result.seconds < 10
    assert result.everything_seconds is not None and 0 < result.everything_seconds < 10
    assert set(adapter.batches) == {1}


def test_compares_resolutions_and_strides(adapter: StandInAdapter, tmp_path: Path) -> None:
    raster = write_raster(tmp_path / "r.tif", 500, 400)
    shown = Shown(
        encode_request(raster, tmp_path / "f"),
        objects=boxes((40, 10, 60, 26), (0, 0, 128, 5)),
        compare=True,
        compare_resolutions=(2.0, 4.0),
        compare_strides=(64, 32),
    )
    rows = [
        (c.resolution, c.stride, c.patch_count, c.covered_share) for c in shown.result.comparisons
    ]
    assert rows == [(2.0, 64, 56, 0.5), (2.0, 32, 180, 0.5), (4.0, 64, 16, 1.0), (4.0, 32, 42, 1.0)]
    assert [c.seconds for c in shown.result.comparisons] == [112.0, 360.0, 32.0, 84.0]


def test_stride_beyond_a_patch_and_missing_raster(adapter: StandInAdapter, tmp_path: Path) -> None:
    raster = write_raster(tmp_path / "r.tif", 100, 100)
    with pytest.raises(errors.ModelError, match="Invalid stride"):
        Shown(encode_request(raster, tmp_path / "f", stride=65))
    with pytest.raises(errors.ModelError, match=r"Invalid stride to compare \(65\)"):
        Shown(encode_request(raster, tmp_path / "f"), compare=True, compare_strides=(64, 65))
    with pytest.raises(errors.RasterError, match="does not exist"):
        Shown(encode_request(tmp_path / "no.tif", tmp_path / "f"))


def test_cancelled(adapter: StandInAdapter, tmp_path: Path) -> None:
    raster = write_raster(tmp_path / "r.tif", 100, 100)
    request = PreviewRequest(encode_request(raster, tmp_path / "f"), patch_limit=9)
    with pytest.raises(errors.Cancelled):
        preview(request, RunContext(cancelled=lambda: True))
