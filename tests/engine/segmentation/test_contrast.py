"""Contrast of outlines, on pictures whose contrast is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely
from affine import Affine
from hypothesis import given
from hypothesis import strategies as st
from pyproj import CRS, Transformer
from scipy import ndimage

from geosam_processing.contract import (
    MaskOptions,
    ObjectsEvent,
    Prompt,
    Raster,
    SegmentRequest,
)
from geosam_processing.engine.encoding.encode import encode
from geosam_processing.engine.features.folder import FeatureFolder
from geosam_processing.engine.raster.view import open_source
from geosam_processing.engine.run import RunContext
from geosam_processing.engine.segmentation.contrast import (
    BAND,
    PatchPicture,
    RasterContrast,
    _widened,
    folder_contrast,
    rim_contrast,
)
from geosam_processing.engine.segmentation.segment import segment
from tests.engine.live_runs import SMALL, Live, at, write_scene
from tests.engine.rasters import NORTH_UP
from tests.engine.stand_in_adapter import encode_request, install, write_raster
from tests.engine.threshold_adapter import ThresholdAdapter

# Columns and rows of a rectangle: left, top, right, bottom.
BRIGHT = (40, 32, 80, 60)


@pytest.fixture
def adapter(monkeypatch):
    stand_in = ThresholdAdapter()
    install(monkeypatch, stand_in)
    return stand_in


def picture(bright=200.0, dark=50.0, bands=1):
    values = np.full((bands, 100, 120), dark)
    left, top, right, bottom = BRIGHT
    values[:, top:bottom, left:right] = bright
    return values, np.ones((100, 120), dtype=bool)


def ground(transform, rectangle=BRIGHT):
    box = shapely.box(*rectangle)
    return shapely.transform(box, lambda x, y: transform * (x, y), interleaved=False)


def test_difference_across_the_outline_is_measured():
    assert rim_contrast(shapely.box(*BRIGHT), *picture()) == 150.0
    assert rim_contrast(shapely.box(*BRIGHT), *picture(50.0, 200.0)) == 150.0


def test_outline_on_nothing_has_no_contrast():
    assert rim_contrast(shapely.box(5, 5, 25, 20), *picture()) == 0.0


def test_only_the_bands_along_the_outline_count():
    values, valid = picture()
    left, top, right, bottom = BRIGHT
    values[:, top + BAND : bottom - BAND, left + BAND : right - BAND] = -1000
    values[:, : top - BAND] = values[:, bottom + BAND :] = 9000
    assert rim_contrast(shapely.box(*BRIGHT), values, valid) == 150.0


def test_strongest_band_counts():
    values, valid = picture(bands=3)
    values[0], values[2] = 7, values[2] / 2
    assert rim_contrast(shapely.box(*BRIGHT), values, valid) == 150.0


def test_pixels_without_data_are_left_out():
    values, valid = picture()
    values[:, :20], valid[:20] = np.nan, False
    values[:, 35:40, 45:60], valid[35:40, 45:60] = np.inf, False
    assert rim_contrast(shapely.box(*BRIGHT), values, valid) == 150.0


def test_without_data_around_it_the_contrast_is_unknown():
    values, valid = picture()
    left, top, right, bottom = BRIGHT
    valid[:] = False
    valid[top:bottom, left:right] = True
    assert rim_contrast(shapely.box(*BRIGHT), values, valid) is None
    assert rim_contrast(shapely.Polygon(), values, valid) is None


def test_object_at_the_end_of_the_picture_is_compared_with_what_is_there():
    values, valid = picture()
    values, valid = values[:, 32:60, 40:], valid[32:60, 40:]
    assert rim_contrast(shapely.box(0, 0, 40, 28), values, valid) == 150.0


def test_object_thinner_than_a_pixel_is_measured():
    values, valid = picture()
    values[:, :, 10] = 60.0
    line = shapely.box(10.1, 20, 10.3, 80)
    assert rim_contrast(line, values, valid) == pytest.approx(10.0, abs=0.5)


@pytest.mark.parametrize("turned", [0, 30])
def test_contrast_on_a_raster_does_not_depend_on_the_crs(tmp_path, turned):
    transform = NORTH_UP * Affine.rotation(turned)
    values = picture(bands=3)[0].astype(np.uint16) * 10
    raster = write_raster(tmp_path / "scene.tif", 120, 100, transform, "EPSG:32633", values)
    shape = ground(transform)
    degrees = Transformer.from_crs("EPSG:32633", "EPSG:4326", always_xy=True).transform
    elsewhere = shapely.transform(shape, lambda xy: np.stack(degrees(*xy.T), axis=1))
    with open_source(Raster(str(raster))) as view:
        own = RasterContrast(view, (0.0, 2550.0), CRS("EPSG:32633"))
        other = RasterContrast(view, (0.0, 2550.0), CRS("EPSG:4326"))
        assert own(shape) == pytest.approx(150.0, abs=0.1)
        assert other(elsewhere) == pytest.approx(own(shape), abs=2.0)
        assert own(shapely.box(0, 0, 10, 10)) is None


def test_large_objects_are_looked_at_in_coarser_pixels(tmp_path):
    values = np.full((1, 3000, 3000), 50, dtype=np.uint8)
    values[:, 500:2500, 500:2500] = 200
    raster = write_raster(tmp_path / "scene.tif", 3000, 3000, NORTH_UP, "EPSG:32633", values)
    with open_source(Raster(str(raster))) as view:
        contrast = RasterContrast(view, (0.0, 255.0), CRS("EPSG:32633"))
        assert contrast(ground(NORTH_UP, (500, 500, 2500, 2500))) == pytest.approx(150, abs=0.5)


def test_picture_of_a_patch_keeps_the_contrast():
    values, valid = picture(bright=2000.0, dark=500.0)
    valid[:10] = False
    kept = PatchPicture.of(values, valid, (0.0, 2550.0), 120)
    assert kept.levels.shape == (4, 60, 60)
    shape = ground(NORTH_UP)
    assert kept.contrast(NORTH_UP, (100, 120))(shape) == 150.0


def encoded(tmp_path, **changes):
    values = picture(245, 10, bands=3)[0].astype(np.uint8)
    raster = write_raster(tmp_path / "scene.tif", 120, 100, NORTH_UP, "EPSG:32633", values)
    folder = tmp_path / "features"
    encode(replace(encode_request(raster, folder, precision="float32"), **changes))
    return raster, folder


def ask(folder, **masks):
    found: list[ObjectsEvent] = []
    log: list[str] = []
    x, y = NORTH_UP * (60, 45)
    request = SegmentRequest(
        str(folder), (Prompt(1, ((x, y),), (1,)),), masks=MaskOptions("single", **masks)
    )
    segment(
        request,
        RunContext(results=found.append, log=lambda event: log.append(event.text)),
    )
    (event,) = found
    return event, log


def test_objects_of_a_feature_folder_have_the_contrast_on_its_raster(adapter, tmp_path):
    _, folder = encoded(tmp_path, value_range=(0, 255))
    event, log = ask(folder)
    assert event.objects[0].contrast == pytest.approx(235.0, abs=2)
    assert not any("contrast" in line for line in log)


def test_object_below_the_minimum_contrast_is_not_kept(adapter, tmp_path):
    _, folder = encoded(tmp_path, value_range=(0, 255))
    assert ask(folder, minimum_contrast=230.0)[0].objects
    (unanswered,) = ask(folder, minimum_contrast=238.0)[0].unanswered
    assert "is below the minimum (238)" in unanswered.reason


def test_without_the_raster_the_contrast_is_unknown_and_nothing_is_left_out(adapter, tmp_path):
    raster, folder = encoded(tmp_path)
    raster.unlink()
    event, log = ask(folder, minimum_contrast=238.0)
    assert event.objects[0].contrast is None
    assert [line for line in log if "contrast of objects stays unknown" in line]


def test_changed_raster_is_reported(adapter, tmp_path):
    raster, folder = encoded(tmp_path, value_range=(0, 255))
    values = picture(145, 10, bands=3)[0].astype(np.uint8)
    write_raster(raster, 120, 100, NORTH_UP, "EPSG:32633", values)
    event, log = ask(folder)
    assert event.objects[0].contrast == pytest.approx(135.0, abs=2)
    assert [line for line in log if "was changed" in line]


def test_folder_of_another_resolution_is_measured_in_its_pixels(adapter, tmp_path):
    _, folder = encoded(tmp_path, value_range=(0, 255), target_resolution=4.0)
    with folder_contrast(FeatureFolder.open(folder), RunContext()) as contrast:
        assert contrast(ground(NORTH_UP)) == pytest.approx(235, abs=2)


def test_live_objects_have_a_contrast_also_from_the_cache(adapter, tmp_path):
    raster = write_scene(tmp_path, SMALL)
    prompt = at(NORTH_UP, 336, 200)
    first = Live(raster, [prompt], tmp_path / "cache")
    again = Live(raster, [prompt], tmp_path / "cache")
    assert again.result.encoded == () and first.result.encoded
    (one,), (other,) = first.objects.values(), again.objects.values()
    assert one.contrast == other.contrast == pytest.approx(235, abs=2)


def test_live_object_below_the_minimum_contrast_is_not_kept(adapter, tmp_path):
    raster = write_scene(tmp_path, SMALL)
    live = Live(
        raster,
        [at(NORTH_UP, 336, 200)],
        tmp_path / "cache",
        masks=MaskOptions("single", minimum_contrast=240.0),
    )
    (reason,) = live.reasons.values()
    assert "contrast" in reason


@given(st.integers(1, 30), st.integers(1, 30), st.integers(1, 20), st.integers(0, 2**32 - 1))
def test_bands_are_squares_around_pixels(rows: int, columns: int, reach: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    mask = random.random((rows, columns)) < random.uniform(0, 0.2)
    expected = ndimage.maximum_filter(mask, 2 * reach + 1, mode="constant")
    assert np.array_equal(_widened(mask, reach), expected)
