"""Rasters of kinds that people have: read as QGIS shows them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from affine import Affine
from rasterio.enums import ColorInterp
from rasterio.warp import transform

from geosam_processing.contract import Raster
from geosam_processing.engine.errors import Cancelled, RasterError
from geosam_processing.engine.raster import view as view_module
from geosam_processing.engine.raster.statistics import sample_windows
from geosam_processing.engine.raster.target_grid import PixelWindow
from geosam_processing.engine.raster.view import open_source

# Affine 3 would like @, which affine 2 does not have.
pytestmark = pytest.mark.filterwarnings("ignore:Use `@` matmul:PendingDeprecationWarning")

GRID = Affine(1, 0, 452000, 0, -1, 5411000)
UTM = "EPSG:32633"


def save(path: Path, values: Any, grid: Affine = GRID, crs: str = UTM, **profile: Any) -> str:
    count, height, width = values.shape
    options = {"driver": "GTiff", "count": count, "height": height, "width": width, "crs": crs}
    with rasterio.open(path, "w", **options, transform=grid, dtype=values.dtype, **profile) as file:
        file.write(values)
    return str(path)


def read(raster: Raster, **options: Any) -> tuple[Any, Any]:
    with open_source(raster, **options) as view:
        return view.read(0, 0, view.width, view.height)


def mixed(folder: Path) -> tuple[str, Any]:
    """A VRT of three bands of three types, and its values."""
    base = np.arange(48, dtype=np.float64).reshape(1, 6, 8)
    bands = [base.astype("uint8"), base.astype("float32") / 4, base.astype("int16") * -10]
    parts = []
    for number, (values, kind) in enumerate(
        zip(bands, ("Byte", "Float32", "Int16"), strict=True), start=1
    ):
        path = save(folder / f"{number}.tif", values)
        parts.append(
            f'<VRTRasterBand dataType="{kind}" band="{number}"><SimpleSource><SourceFilename>'
            f"{path}</SourceFilename><SourceBand>1</SourceBand></SimpleSource></VRTRasterBand>"
        )
    vrt = folder / "mixed.vrt"
    vrt.write_text(
        f'<VRTDataset rasterXSize="8" rasterYSize="6"><SRS>{UTM}</SRS><GeoTransform>'
        f"{', '.join(map(str, GRID.to_gdal()))}</GeoTransform>{''.join(parts)}</VRTDataset>"
    )
    return str(vrt), np.concatenate([band.astype(float) for band in bands])


def test_bands_of_several_types_are_read_together(tmp_path: Path) -> None:
    vrt, expected = mixed(tmp_path)
    values, valid = read(Raster(vrt))
    np.testing.assert_array_equal(values, expected)
    assert valid.all()
    with open_source(Raster(vrt)) as view:
        assert view.statistics() == (-470.0, 47.0)
        assert view.read(0, 0, 8, 6, (3, 4))[0].shape == (3, 3, 4)
    assert read(Raster(vrt), target_resolution=2)[1].any()


TABLE = {0: (255, 0, 0, 255), 1: (10, 20, 30, 255), 2: (200, 100, 0, 255), 3: (9, 9, 9, 0)}


def palette(folder: Path, nodata: int | None = None) -> tuple[str, Any]:
    indices = np.random.default_rng(2).integers(0, 3, (1, 40, 60)).astype(np.uint8)
    path = save(folder / "palette & co.tif", indices, nodata=nodata)
    with rasterio.open(path, "r+") as file:
        file.write_colormap(1, TABLE)
        file.colorinterp = [ColorInterp.palette]
    return path, indices[0]


def test_color_table_is_read_as_its_colors(tmp_path: Path) -> None:
    path, indices = palette(tmp_path)
    expected = np.array([TABLE[i][:3] for i in range(4)])[indices].transpose(2, 0, 1)
    for bands in ((), (1,)):
        values, valid = read(Raster(path, bands=bands))
        np.testing.assert_array_equal(values, expected)
        assert valid.all()
    with open_source(Raster(path)) as view:
        assert view.bands == (1,) and view.band_count == 3 and view.holds_bytes
        assert view.statistics() == (0.0, 255.0)
        assert any("color table" in remark for remark in view.remarks)
        values, _ = view.read(5, 7, 10, 12)
        np.testing.assert_array_equal(values, expected[:, 7:19, 5:15])
        assert view.read(0, 0, 60, 40, (1, 1))[0].shape == (3, 1, 1)


def test_color_table_has_nodata_and_transparency(tmp_path: Path) -> None:
    path, indices = palette(tmp_path, nodata=1)
    _, valid = read(Raster(path))
    np.testing.assert_array_equal(valid, indices != 1)


def test_warped_color_table_mixes_colors(tmp_path: Path) -> None:
    indices = np.zeros((1, 20, 20), np.uint8)
    indices[:, :, 10:] = 2
    path = save(tmp_path / "two.tif", indices)
    with rasterio.open(path, "r+") as file:
        file.write_colormap(1, TABLE)
        file.colorinterp = [ColorInterp.palette]
    values, _ = read(Raster(path), target_resolution=0.5)
    # Number 1, between the two, is dark.
    assert values[0].min() >= 199 and values[2].max() == 0


def test_color_table_tells_fingerprints_apart(tmp_path: Path) -> None:
    path, _ = palette(tmp_path)
    with open_source(Raster(path)) as view:
        first = view.source_fingerprint
    status = Path(path).stat()
    with rasterio.open(path, "r+") as file:
        file.write_colormap(1, {**TABLE, 1: (11, 20, 30, 255)})
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    with open_source(Raster(path)) as view:
        assert view.source_fingerprint != first


def scaled(folder: Path) -> tuple[str, Any]:
    stored = np.linspace(1000, 4000, 3 * 6 * 8).astype("uint16").reshape(3, 6, 8)
    path = save(folder / "scaled.tif", stored, nodata=0)
    with rasterio.open(path, "r+") as file:
        file.scales, file.offsets = (1e-4,) * 3, (-0.1,) * 3
    return path, stored * 1e-4 - 0.1


def test_scale_and_offset_are_applied(tmp_path: Path) -> None:
    path, shown = scaled(tmp_path)
    values, valid = read(Raster(path))
    np.testing.assert_allclose(values, shown, atol=1e-6)
    assert valid.all()
    with open_source(Raster(path)) as view:
        assert view.statistics() == pytest.approx((0.0, 0.3), abs=1e-6)
        assert not view.holds_bytes
    warped, _ = read(Raster(path), target_resolution=0.5)
    assert warped.max() == pytest.approx(0.3, abs=1e-3)


@pytest.mark.parametrize(
    ("value_range", "said"),
    [
        ((0.0, 0.3), ""),
        ((1000.0, 4000.0), "100% of the pixels are at or below the lower end"),
        ((-9.0, -5.0), "100% of the pixels are at or above the upper end"),
    ],
)
def test_range_that_misses_the_pixels_is_remarked(
    tmp_path: Path, value_range: tuple[float, float], said: str
) -> None:
    path, _ = scaled(tmp_path)
    with open_source(Raster(path), target_resolution=2) as view:
        view.check_range(value_range)
        assert any(said in remark for remark in view.all_remarks())
        assert len(view.all_remarks()) == (2 if said else 1)


def test_undeclared_nodata_is_remarked(tmp_path: Path) -> None:
    values = np.random.default_rng(1).uniform(100, 200, (1, 80, 80)).astype(np.float32)
    values[0, 0, 0] = -3.4e38
    with open_source(Raster(save(tmp_path / "dem.tif", values))) as view:
        view.statistics()
        assert any("98 % of them lie between 10" in remark for remark in view.remarks)
    values[0, 0, 0] = 300
    with open_source(Raster(save(tmp_path / "dem.tif", values))) as view:
        view.statistics()
        assert not view.remarks


@pytest.mark.parametrize(
    ("west", "zone", "found_zone"),
    [
        (179.998, "01", "EPSG:32601"),
        (300.0, "21", "EPSG:32621"),
        # Its center lies on the antimeridian.
        (-180.003, "60", "EPSG:32601"),
    ],
)
def test_longitudes_beyond_180_are_warped_whole(
    tmp_path: Path, west: float, zone: str, found_zone: str
) -> None:
    grid = Affine(1e-5, 0, west, 0, -1e-5, 10)
    values = np.full((3, 300, 600), 7, np.uint8)
    values[:, 150, 300] = 250
    path = save(tmp_path / "degrees.tif", values, grid, "EPSG:4326")
    for crs in ("", f"EPSG:326{zone}"):
        with open_source(Raster(path), crs, 1.0) as view:
            assert view.crs_text == (crs or found_zone)
            found, valid = view.read(0, 0, view.width, view.height)
            assert valid.mean() > 0.95
            row, column = np.unravel_index(found[0].argmax(), found[0].shape)
            x, y = view.transform * (column + 0.5, row + 0.5)
            (longitude,), (latitude,) = transform(view.crs, "EPSG:4326", [x], [y])
        expected = grid * (300.5, 150.5)
        assert (longitude - expected[0] + 180) % 360 - 180 == pytest.approx(0, abs=2e-5)
        assert latitude == pytest.approx(expected[1], abs=2e-5)


def test_extent_beyond_180_is_in_the_raster_s_longitudes(tmp_path: Path) -> None:
    grid = Affine(1e-5, 0, 179.998, 0, -1e-5, 10)
    path = save(tmp_path / "degrees.tif", np.ones((1, 300, 600), np.uint8), grid, "EPSG:4326")
    extent = (180.001, 9.998, 180.002, 9.999)
    with open_source(Raster(path, extent=extent), target_resolution=1.0) as view:
        assert view.read(0, 0, view.width, view.height)[1].mean() > 0.95
        assert 100 < view.width < 125


LOCAL = 'LOCAL_CS["site grid",UNIT["foot",0.3048]]'


def test_local_crs_has_a_resolution(tmp_path: Path) -> None:
    path = save(tmp_path / "site.tif", np.ones((1, 60, 60), np.uint8), crs=LOCAL)
    with open_source(Raster(path), target_resolution=0.6096) as view:
        assert (view.width, view.height) == (30, 30)
        assert view.transform.a == pytest.approx(2)
    with pytest.raises(RasterError, match="site grid.* has no place on the earth"):
        read(Raster(path), target_crs=UTM)


def test_world_in_degrees_has_no_utm_zone(tmp_path: Path) -> None:
    grid = Affine(1, 0, -180, 0, -1, 90)
    path = save(tmp_path / "world.tif", np.ones((1, 180, 360), np.uint8), grid, "EPSG:4326")
    with pytest.raises(RasterError, match="360 degrees wide.*give a target CRS"):
        read(Raster(path), target_resolution=200_000)
    assert read(Raster(path), target_crs="EPSG:3857", target_resolution=200_000)[1].any()


@pytest.mark.parametrize("block", [(256, 256), (1, 400_000), (64, 400_000), (512, 1024)])
def test_sample_of_a_huge_raster_reads_little_of_it(block: tuple[int, int]) -> None:
    whole = PixelWindow(123, 45, 400_000 - 123, 300_000)
    windows = sample_windows(whole, block, 400_000)
    values = 0
    for window, (rows, columns) in windows:
        assert window.x >= 0 and window.x + window.width <= whole.width
        assert window.y >= 0 and window.y + window.height <= whole.height
        assert 0 < rows <= window.height and 0 < columns <= window.width
        values += rows * columns
    assert len({window.y for window, _ in windows}) == 16
    assert 1_000_000 < values < 5_000_000
    assert sum(window.width * window.height for window, _ in windows) < 0.005 * 400_000 * 300_000


def test_statistics_of_a_huge_raster_can_be_cancelled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(view_module, "READABLE_PIXELS", 1000)
    values = np.arange(256 * 256, dtype=np.float32).reshape(1, 256, 256)
    path = save(tmp_path / "a.tif", values, tiled=True, blockxsize=16, blockysize=16)
    with open_source(Raster(path)) as view:
        assert view.statistics() == (0.0, 65535.0)
        answers = iter([False, False, True])
        with pytest.raises(Cancelled):
            view.statistics(cancelled=lambda: next(answers))
