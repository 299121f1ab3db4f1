import os
import shutil
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import rasterio
from affine import Affine
from rasterio.control import GroundControlPoint

from geosam_processing.contract import Raster
from geosam_processing.engine.errors import RasterError
from geosam_processing.engine.raster.opening import fingerprint_of, small_block_cache
from geosam_processing.engine.raster.view import open_source
from tests.engine.rasters import NORTH_UP, ROTATED, SOUTH_UP, UTM, ramp

# Affine 3 would like @, which affine 2 does not have.
pytestmark = pytest.mark.filterwarnings("ignore:Use `@` matmul:PendingDeprecationWarning")


def read_all(source, **options):
    raster = source if isinstance(source, Raster) else Raster(source)
    with open_source(raster, **options) as view:
        return view.read(0, 0, view.width, view.height)


@pytest.mark.parametrize("grid", [NORTH_UP, SOUTH_UP, ROTATED])
def test_a_rasters_own_grid_is_kept_exactly(write, grid):
    values = ramp(3)
    with open_source(Raster(write(values, grid))) as view:
        assert (view.width, view.height) == (60, 40)
        assert view.transform == grid
        assert view.crs_text == UTM
        read, valid = view.read(7, 3, 20, 10)
    assert np.array_equal(read, values[:, 3:13, 7:27])
    assert valid.all()


@pytest.mark.parametrize("grid", [NORTH_UP, SOUTH_UP])
def test_an_extent_is_snapped_outward_to_pixels(write, grid):
    values = ramp()
    corners = [grid * (10.3, 5.2), grid * (19.6, 12.0)]
    xs, ys = zip(*corners)
    extent = (min(xs), min(ys), max(xs), max(ys))
    with open_source(Raster(write(values, grid), extent=extent)) as view:
        assert (view.width, view.height) == (10, 7)
        assert view.transform.almost_equals(grid * Affine.translation(10, 5))
        read, _ = view.read(0, 0, view.width, view.height)
    assert np.array_equal(read, values[:, 5:12, 10:20])


def test_an_extent_on_a_rotated_raster_is_wholly_in_the_window(write):
    x, y = ROTATED * (30.5, 20.5)
    extent = (x - 6, y - 6, x + 6, y + 6)
    with open_source(Raster(write(ramp(), ROTATED), extent=extent)) as view:
        inverse = ~view.transform
        for corner in [(x - 6, y - 6), (x + 6, y + 6), (x - 6, y + 6), (x + 6, y - 6)]:
            column, row = inverse * corner
            assert 0 <= column <= view.width and 0 <= row <= view.height
        read, _ = view.read(0, 0, view.width, view.height)
        column, row = (int(value) for value in inverse * (x, y))
    assert read[0, row, column] == ramp()[0, 20, 30]


def test_an_extent_reaches_no_further_than_the_raster(write):
    left, top = NORTH_UP.c, NORTH_UP.f
    extent = (left - 1000, top - 10, left + 6, top + 1000)
    with open_source(Raster(write(ramp()), extent=extent)) as view:
        assert (view.width, view.height) == (3, 5)
        assert view.transform == NORTH_UP


def test_rounded_coordinates_add_no_pixels(write):
    left, top = NORTH_UP * (10, 5)
    extent = (left - 1e-6, top - 20 - 1e-6, left + 20 + 1e-6, top + 1e-6)
    with open_source(Raster(write(ramp()), extent=extent)) as view:
        assert (view.width, view.height) == (10, 10)


def test_an_extent_inside_one_pixel_is_that_pixel(write):
    x, y = NORTH_UP * (4.5, 6.5)
    with open_source(Raster(write(ramp()), extent=(x, y, x + 1e-5, y + 1e-5))) as view:
        assert (view.width, view.height) == (1, 1)
        assert view.transform == NORTH_UP * Affine.translation(4, 6)


@pytest.mark.parametrize("options", [{}, {"target_crs": "EPSG:3857"}])
def test_an_extent_elsewhere(write, options):
    left, top = NORTH_UP.c, NORTH_UP.f
    path = write(ramp())
    for extent in [
        (0.0, 0.0, 1.0, 1.0),
        (left - 10, top - 10, left, top),  # touches the edge only
        (left, float("-inf"), float("inf"), top),
    ]:
        with (
            pytest.raises(RasterError, match=r"(does not overlap|Invalid extent)"),
            open_source(Raster(path, extent=extent), **options),
        ):
            pass


def test_bands_come_in_the_order_asked_for(write):
    path = write(ramp(4))
    read, _ = read_all(Raster(path, bands=(4, 2)))
    assert np.array_equal(read, ramp(4)[[3, 1]])


@pytest.mark.parametrize(
    ("count", "bands"), [(1, (1,)), (2, (1, 2)), (3, (1, 2, 3)), (5, (1, 2, 3))]
)
def test_the_first_bands_are_taken_if_none_are_named(write, count, bands):
    with open_source(Raster(write(ramp(count)))) as view:
        assert view.bands == bands


def test_a_band_that_is_not_there(write):
    path = write(ramp(4))
    with pytest.raises(RasterError) as error, open_source(Raster(path, bands=(1, 7))):
        pass
    assert str(error.value) == (
        "Invalid band number (7): valid values for the input raster are 1 to 4"
    )


@pytest.mark.parametrize(
    ("dtype", "read_as"),
    [
        ("uint8", "float32"),
        ("int8", "float32"),
        ("uint16", "float32"),
        ("int16", "float32"),
        ("uint32", "float64"),
        ("int32", "float64"),
        ("int64", "float64"),
        ("float32", "float32"),
        ("float64", "float64"),
    ],
)
@pytest.mark.parametrize("options", [{}, {"target_crs": "EPSG:3857"}])
def test_data_types(write, dtype, read_as, options):
    path = write(ramp(2, 30, 30, dtype))
    values, valid = read_all(path, **options)
    assert values.dtype == read_as
    inside = values[:, 10:20, 10:20], valid[10:20, 10:20]
    assert inside[1].all()
    assert (inside[0] > 0).all() and (inside[0] < 100).all()


def test_complex_numbers(write):
    path = write(np.ones((5, 5), dtype=np.complex64))
    with pytest.raises(RasterError, match="complex"), open_source(Raster(path)):
        pass


def test_a_pixel_is_nodata_if_all_bands_are(write):
    values = ramp(2, 4, 4) + 1
    values[0, 0, 0] = -9999
    values[:, 1, 1] = -9999
    _, valid = read_all(write(values, nodata=-9999))
    assert valid[0, 0]
    assert not valid[1, 1]
    assert valid.sum() == 15


@pytest.mark.parametrize("nothing", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("nodata", [None, -9999, np.nan])
def test_a_pixel_is_nodata_if_any_band_is_not_finite(write, nothing, nodata):
    values = ramp(2, 4, 4) + 1
    values[1, 2, 3] = nothing
    path = write(values, nodata=nodata)
    _, valid = read_all(path)
    assert not valid[2, 3] and valid.sum() == 15
    with open_source(Raster(path)) as view:
        assert view.statistics() == (1.0, 11.0)


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "int16", "float32"])
@pytest.mark.parametrize("bands", [(), (1,), (1, 2)])
def test_alpha_bands_hide_pixels(write, dtype, bands):
    values = ramp(2, 8, 8, dtype) + 1
    values[1] = 255
    values[1, :4] = 0
    path = write(values, alpha=True)
    with open_source(Raster(path, bands=bands)) as view:
        assert view.bands == (bands or (1,))
        _, valid = view.read(0, 0, 8, 8)
    assert not valid[:4].any() and valid[4:].all()


@pytest.mark.parametrize("dtype", ["uint8", "float32"])
@pytest.mark.parametrize("options", [{}, {"target_resolution": 1.0}])
def test_mask_bands_hide_pixels(write, dtype, options):
    mask = np.full((8, 8), 255, dtype=np.uint8)
    mask[:4] = 0
    _, valid = read_all(write(ramp(3, 8, 8, dtype), mask=mask), **options)
    half = len(valid) // 2
    assert not valid[: half - 1].any() and valid[half + 1 :].all()


def test_windows_outside_are_a_bug(write):
    with open_source(Raster(write(ramp()))) as view:
        for window in [(-1, 0, 5, 5), (0, 0, 61, 5), (0, 38, 5, 3), (0, 0, 0, 5)]:
            with pytest.raises(ValueError, match="Window"):
                view.read(*window)


def test_what_is_no_raster(tmp_path):
    text = tmp_path / "notes.tif"
    text.write_text("no pixels here")
    for source, words in [
        (str(text), "notes.tif cannot be opened"),
        (str(tmp_path / "missing.tif"), "missing.tif does not exist"),
        (str(tmp_path), "cannot be opened"),
        ("", "source is empty"),
    ]:
        with pytest.raises((RasterError, ValueError), match=words), open_source(Raster(source)):
            pass


def test_a_damaged_raster_names_where(write):
    path = write(ramp(1, 400, 400))
    os.truncate(path, os.path.getsize(path) // 2)
    with open_source(Raster(path)) as view:
        view.read(0, 0, 10, 10)
        with pytest.raises(RasterError, match="cannot be read in its pixels 0, 300 to 400, 400"):
            view.read(0, 300, 400, 100)


def test_a_raster_without_crs(write):
    path = write(ramp(), crs=None)
    with pytest.raises(RasterError, match=r"r\.tif has no CRS"), open_source(Raster(path)):
        pass
    with open_source(Raster(path, crs="EPSG:25833")) as view:
        assert view.crs_text == "EPSG:25833"
        assert view.transform == NORTH_UP


def test_a_raster_with_control_points_only(tmp_path):
    points = [
        GroundControlPoint(row, column, 14 + column / 100, 52 - row / 100)
        for row, column in [(0, 0), (0, 9), (9, 0)]
    ]
    path = tmp_path / "points.tif"
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        width=10,
        height=10,
        count=1,
        dtype="uint8",
        gcps=points,
        crs="EPSG:4326",
    ) as dataset:
        dataset.write(ramp(1, 10, 10, "uint8"))
    for crs in ("", "EPSG:4326"):
        with (
            pytest.raises(RasterError, match="ground control points"),
            open_source(Raster(str(path), crs=crs)),
        ):
            pass


def test_the_crs_asked_for_overrules_the_files_also_when_warping(write):
    with open_source(Raster(write(ramp()), crs="EPSG:32634"), "EPSG:4326") as view:
        longitude, _ = view.transform * (0, 0)
    assert longitude == pytest.approx(21.0, abs=1e-3)


def test_a_crs_of_ones_own_is_told_as_wkt(write):
    own = "+proj=laea +lat_0=47 +lon_0=11 +datum=WGS84 +units=m"
    with open_source(Raster(write(ramp(), crs=own))) as view:
        assert rasterio.CRS.from_user_input(view.crs_text) == view.crs
        assert not view.crs_text.startswith("EPSG")


@pytest.mark.parametrize("text", ["EPSG:1", "nonsense", "EPSG:", "PROJCS["])
def test_what_is_no_crs(write, text):
    path = write(ramp())
    with pytest.raises(RasterError, match="Invalid CRS"), open_source(Raster(path, crs=text)):
        pass
    with pytest.raises(RasterError, match="Invalid CRS"), open_source(Raster(path), text):
        pass


def test_a_huge_raster_opens_without_being_read(tmp_path):
    path = tmp_path / "huge.tif"
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        width=200_000,
        height=150_000,
        count=1,
        dtype="uint8",
        crs=UTM,
        transform=NORTH_UP,
        tiled=True,
        sparse_ok=True,
        bigtiff="yes",
    ):
        pass
    with open_source(Raster(str(path))) as view:
        values, _ = view.read(199_000, 149_000, 1000, 1000)
    assert values.shape == (1, 1000, 1000)


def test_a_fingerprint_tells_addresses_apart_but_not_their_secrets() -> None:
    dataset = SimpleNamespace(width=1, height=1, transform=Affine.identity(), dtypes=(), files=[])

    def fingerprint(query: str) -> str:
        return fingerprint_of(dataset, f"/vsicurl/https://host/a.tif?{query}", ())

    assert fingerprint("layer=1&token=a") == fingerprint("layer=1&token=b")
    assert fingerprint("layer=1&token=a") != fingerprint("layer=2&token=a")


def test_a_fingerprint_stays_with_the_file_and_changes_with_its_content(write, tmp_path):
    path = write(ramp())

    def fingerprint(source):
        with open_source(Raster(str(source))) as view:
            return view.source_fingerprint

    first = fingerprint(path)
    assert len(first) == 64
    Path(f"{path}.aux.xml").write_text("<PAMDataset></PAMDataset>")
    assert fingerprint(path) == first
    moved = tmp_path / "elsewhere" / "other.tif"
    moved.parent.mkdir()
    shutil.copy2(path, moved)
    assert fingerprint(moved) == first
    os.utime(moved, ns=(0, 1))
    assert fingerprint(moved) != first


SHARED = sorted((Path(__file__).parents[4] / "shared" / "data").glob("*.tif"))


@pytest.mark.slow
@pytest.mark.skipif(not SHARED, reason="needs the shared rasters beside the repository")
@pytest.mark.parametrize("path", SHARED, ids=lambda path: path.stem)
@pytest.mark.parametrize("options", [{}, {"target_resolution": 50.0}, {"target_crs": "EPSG:3857"}])
def test_real_rasters(path, options):
    with open_source(Raster(str(path)), **options) as view:
        values, valid = view.read(0, 0, view.width, view.height)
        minimum, maximum = view.statistics()
    assert valid.mean() > 0.7
    assert minimum > -1000
    assert minimum <= values[:, valid].mean() <= maximum


@pytest.mark.parametrize("source", ["x" * 300, "y/" * 3000, "a\0b"])
def test_source_that_no_file_can_have_is_said_to_be_missing(source: str) -> None:
    with (
        pytest.raises(RasterError, match="does not exist|cannot be opened"),
        open_source(Raster(source)),
    ):
        pass


def test_the_block_cache_is_small_for_a_while() -> None:
    before = rasterio.env.get_gdal_config("GDAL_CACHEMAX")
    with small_block_cache():
        assert rasterio.env.get_gdal_config("GDAL_CACHEMAX") == 16 << 20
    assert rasterio.env.get_gdal_config("GDAL_CACHEMAX") == before
