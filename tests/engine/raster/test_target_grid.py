"""Warped views of rasters."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from affine import Affine
from rasterio.warp import transform

from geosam_processing.contract import Raster
from geosam_processing.engine.errors import RasterError
from geosam_processing.engine.raster.view import open_source
from tests.engine.rasters import DEGREES, NORTH_UP, ROTATED, SOUTH_UP, UTM, ramp

# Affine 3 would like @, which affine 2 does not have.
pytestmark = pytest.mark.filterwarnings("ignore:Use `@` matmul:PendingDeprecationWarning")


def blob(height=60, width=80, dtype="uint8"):
    values = np.full((height, width), 10, dtype=dtype)
    values[30:40, 50:60] = 200
    return values


@pytest.mark.parametrize("grid", [NORTH_UP, SOUTH_UP, ROTATED])
@pytest.mark.parametrize(
    "options",
    [
        {"target_crs": "EPSG:4326"},
        {"target_crs": "EPSG:25832", "target_resolution": 1.0},
        {"target_resolution": 3.0},
        {"target_crs": "EPSG:4258", "target_resolution": 1.5},
    ],
)
def test_a_warped_view_is_in_the_right_place(write, grid, options):
    with open_source(Raster(write(blob(), grid)), **options) as view:
        values, valid = view.read(0, 0, view.width, view.height)
        assert view.transform.a > 0 and view.transform.e < 0
        assert view.transform.b == view.transform.d == 0
        rows, columns = np.nonzero(valid & (values[0] > 105))
        x, y = view.transform * (columns.mean() + 0.5, rows.mean() + 0.5)
        (true_x,), (true_y,) = transform(UTM, view.crs, *([value] for value in grid * (55, 35)))
        assert abs(x - true_x) < view.transform.a / 2
        assert abs(y - true_y) < -view.transform.e / 2


@pytest.mark.parametrize("dtype", ["uint8", "int16", "float32", "float64"])
@pytest.mark.parametrize("nodata", [None, 0])
def test_what_a_warp_adds_is_nodata(write, dtype, nodata):
    with open_source(Raster(write(blob(dtype=dtype), ROTATED, nodata=nodata)), "EPSG:3857") as view:
        _, valid = view.read(0, 0, view.width, view.height)
        assert not valid[0, 0] and not valid[-1, -1]
        assert valid[view.height // 2, view.width // 2]
        assert view.statistics() == pytest.approx((10.0, 200.0))


@pytest.mark.parametrize("dtype", ["uint8", "float32", "float64"])
def test_a_constant_raster_is_constant_when_warped(write, dtype):
    path = write(np.full((1, 40, 40), 7.3, dtype=dtype), ROTATED)
    with (
        open_source(Raster(path), "EPSG:3857") as view,
        pytest.raises(RasterError, match="value range"),
    ):
        view.statistics()


@pytest.mark.parametrize("nodata", [None, -9999])
def test_nodata_does_not_bleed_into_warped_values(write, nodata):
    values = np.full((40, 40), 7.0, dtype=np.float32)
    values[10:20, 10:20] = np.nan if nodata is None else nodata
    with open_source(Raster(write(values, nodata=nodata)), "EPSG:3857") as view:
        read, valid = view.read(0, 0, view.width, view.height)
    assert np.allclose(read[0][valid], 7.0, atol=1e-4)
    assert 0 < (~valid[8:22, 8:22]).sum() < 14 * 14


def test_a_target_resolution_keeps_the_crs_of_projected_rasters(write):
    with open_source(Raster(write(ramp())), target_resolution=4.0) as view:
        assert view.crs_text == UTM
        assert (view.transform.a, view.transform.e) == (4.0, -4.0)
        assert (view.width, view.height) == (30, 20)


def test_a_resolution_that_the_raster_has_changes_nothing(write):
    with open_source(Raster(write(ramp())), UTM, 2.0) as view:
        assert view.transform == NORTH_UP
        assert (view.width, view.height) == (60, 40)


def test_metres_become_feet(write):
    path = write(ramp(), crs="EPSG:2263")
    with open_source(Raster(path), target_resolution=1.2) as view:
        assert view.transform.a == pytest.approx(1.2 / 0.3048006096)


@pytest.mark.parametrize(
    ("longitude", "latitude", "epsg"),
    [(14.0, 52.0, 32633), (5.3, 60.4, 32632), (15.6, 78.2, 32633), (18.4, -33.9, 32734)],
)
def test_a_geographic_raster_gets_its_utm_zone(write, longitude, latitude, epsg):
    grid = Affine(1e-4, 0.0, longitude, 0.0, -1e-4, latitude)
    with open_source(Raster(write(ramp(), grid, "EPSG:4326")), target_resolution=5.0) as view:
        assert view.crs_text == f"EPSG:{epsg}"
        assert view.transform.a == 5.0


def test_no_utm_zone_near_the_poles(write):
    path = write(ramp(), Affine(1e-4, 0, 14.0, 0, -1e-4, 86.0), "EPSG:4326")
    with (
        pytest.raises(RasterError, match="give a target CRS"),
        open_source(Raster(path), target_resolution=5.0),
    ):
        pass


def test_metres_become_degrees_at_the_centre(write):
    path = write(ramp(), DEGREES, "EPSG:4326")
    with open_source(Raster(path), "EPSG:4326", 5.0) as view:
        assert view.transform.a == pytest.approx(5.0 / 68672, rel=1e-3)
        assert -view.transform.e == pytest.approx(5.0 / 111268, rel=1e-3)


@pytest.mark.parametrize(("latitude", "stretch"), [(0.0, 1.0), (60.0, 1.9950), (-45.0, 1.4119)])
def test_a_metre_is_one_on_the_ground_in_web_mercator(write, latitude, stretch):
    (x,), (y,) = transform("EPSG:4326", "EPSG:3857", [15.0], [latitude])
    here = Affine(0.5, 0, x, 0, -0.5, y)
    with open_source(Raster(write(blob(), here, crs="EPSG:3857")), target_resolution=3.0) as view:
        assert view.crs_text == "EPSG:3857"
        assert view.transform.a == -view.transform.e == pytest.approx(3 * stretch, rel=1e-4)


def test_a_crs_without_resolution_keeps_the_size_of_a_pixel(write):
    path = write(ramp(1, 300, 400), DEGREES, "EPSG:4326")
    with open_source(Raster(path), "EPSG:32633") as view:
        assert 250 < view.width < 500 and 250 < view.height < 500


def test_extents_of_a_warped_view_share_their_pixels(write):
    path = write(ramp(1, 300, 400), DEGREES, "EPSG:4326")
    extent = (14.01, 51.98, 14.02, 51.99)
    with open_source(Raster(path), "EPSG:32633", 5.0) as whole:
        with open_source(Raster(path, extent=extent), "EPSG:32633", 5.0) as part:
            values, _ = part.read(0, 0, part.width, part.height)
            assert part.width < 200 and part.height < 300
            x, y = ~whole.transform * (part.transform.c, part.transform.f)
        assert (x, y) == pytest.approx((round(x), round(y)), abs=1e-6)
        same, _ = whole.read(round(x), round(y), part.width, part.height)
    assert np.allclose(values, same, atol=0.05)


def test_a_raster_across_the_180th_meridian(write):
    path = write(ramp(), Affine(2000.0, 0, 120000.0, 0, -2000.0, 1000000.0), "EPSG:32601")
    with (
        pytest.raises(RasterError, match="180th meridian"),
        open_source(Raster(path), "EPSG:4326"),
    ):
        pass


@pytest.mark.parametrize("options", [{"target_crs": "EPSG:32633"}, {"target_resolution": 5.0}])
def test_metres_that_are_said_to_be_degrees(write, options):
    path = write(ramp())
    with (
        pytest.raises(RasterError, match="cannot be in EPSG:4326"),
        open_source(Raster(path, crs="EPSG:4326"), **options),
    ):
        pass


def test_a_view_can_be_read_from_another_thread(write):
    with open_source(Raster(write(ramp())), "EPSG:3857") as view, ThreadPoolExecutor(1) as pool:
        values, valid = pool.submit(view.read, 0, 0, view.width, view.height).result()
    assert valid.any() and values[0][valid].max() > 100


def test_a_resolution_that_is_far_too_fine(write):
    with (
        pytest.raises(RasterError, match="coarser target resolution"),
        open_source(Raster(write(ramp())), target_resolution=1e-8),
    ):
        pass
