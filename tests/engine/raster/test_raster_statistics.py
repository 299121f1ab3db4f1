"""The range of values of a raster."""

import numpy as np
import pytest

from geosam_processing.contract import Raster
from geosam_processing.engine.errors import RasterError
from geosam_processing.engine.raster import view as raster_module
from geosam_processing.engine.raster.view import open_source
from tests.engine.rasters import NORTH_UP, ramp

# Affine 3 would like @, which affine 2 does not have.
pytestmark = pytest.mark.filterwarnings("ignore:Use `@` matmul:PendingDeprecationWarning")


def test_statistics_take_all_bands_and_leave_nodata_out(write):
    values = ramp(3, 4, 4) + 10
    values[0, 0, 0] = -9999  # its neighbours in other bands are data
    values[2, 3, 3] = 77
    with open_source(Raster(write(values, nodata=-9999))) as view:
        assert view.statistics() == (11.0, 77.0)


def test_statistics_look_at_the_extent_only(write):
    left, top = NORTH_UP.c, NORTH_UP.f
    extent = (left, top - 4, left + 4, top)
    with open_source(Raster(write(ramp()), extent=extent)) as view:
        assert view.statistics() == (0.0, 3.0)


def test_a_percentile_cut_ignores_outliers(write):
    values = np.arange(1001, dtype=np.float32).reshape(1, 77, 13)
    values[0, 0, 0], values[0, -1, -1] = -1e6, 1e6
    with open_source(Raster(write(values))) as view:
        assert view.statistics() == (-1e6, 1e6)
        assert view.statistics(2) == pytest.approx((20.0, 980.0))


def test_statistics_of_large_rasters_come_from_a_sample(write, monkeypatch):
    monkeypatch.setattr(raster_module, "STATISTICS_SIDE", 16)
    with open_source(Raster(write(ramp(1, 128, 128)))) as view:
        minimum, maximum = view.statistics()
    assert 0 <= minimum < 30 and 350 < maximum <= 381


@pytest.mark.parametrize(("value", "nodata"), [(5, None), (0, None), (5, 0)])
def test_a_constant_raster_needs_a_range(write, value, nodata):
    path = write(np.full((2, 6, 6), value, dtype=np.uint8), nodata=nodata)
    with open_source(Raster(path)) as view, pytest.raises(RasterError, match="give a value range"):
        view.statistics()


def test_a_percentile_cut_that_leaves_one_value(write):
    values = np.zeros((20, 20), dtype=np.float32)
    values[0, 0] = 9
    with (
        open_source(Raster(write(values))) as view,
        pytest.raises(RasterError, match="percentiles 2 and 98 are 0"),
    ):
        view.statistics(2)


@pytest.mark.parametrize(
    ("values", "nodata"),
    [
        (np.zeros((1, 6, 6), np.uint8), 0),
        (np.full((3, 6, 6), -9999, np.int16), -9999),
        (np.full((2, 6, 6), np.nan, np.float32), None),
    ],
)
def test_a_raster_without_data(write, values, nodata):
    with open_source(Raster(write(values, nodata=nodata))) as view:
        _, valid = view.read(0, 0, 6, 6)
        assert not valid.any()
        with pytest.raises(RasterError, match="no data in the extent"):
            view.statistics()
