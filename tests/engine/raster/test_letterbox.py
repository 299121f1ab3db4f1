import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geosam_processing.engine.raster.letterbox import (
    letterbox_scale,
    letterbox_shape,
    to_model_pixels,
)

MEAN = (123.675, 116.28, 103.53)


def chip(*bands, dtype=np.float32):
    values = np.array(bands, dtype=dtype)
    return values, np.ones(values.shape[1:], dtype=bool)


def test_full_square_8_bit_chips_stay_as_they_are():
    values = np.random.default_rng(0).integers(0, 256, (3, 16, 16)).astype(np.float32)
    pixels = to_model_pixels(values, np.ones((16, 16), bool), (0, 255), 16, MEAN)
    assert pixels.dtype == np.float32
    assert np.array_equal(pixels, values)


def test_the_range_becomes_0_to_255_and_what_is_beyond_is_clipped():
    values, valid = chip([[-5.0, 10.0], [15.0, 99.0]])
    pixels = to_model_pixels(values, valid, (10.0, 20.0), 2, MEAN)
    assert np.allclose(pixels, np.array([[0, 0], [127.5, 255]]))


def test_bands_become_colours():
    one, valid = chip([[1.0]])
    two, _ = chip([[1.0]], [[2.0]])
    three, _ = chip([[1.0]], [[2.0]], [[3.0]])
    for values, colours in ((one, [1, 1, 1]), (two, [1, 2, 2]), (three, [1, 2, 3])):
        assert to_model_pixels(values, valid, (0, 255), 1, MEAN).ravel().tolist() == colours


@pytest.mark.parametrize("nothing", [np.nan, np.inf, -np.inf, -3.4028234663852886e38])
def test_nodata_shows_the_mean_without_a_warning(nothing, recwarn):
    values, valid = chip([[nothing, 7.0], [0.0, 255.0]])
    valid[0, 0] = False
    pixels = to_model_pixels(values, valid, (0, 255), 2, MEAN)
    assert np.allclose(pixels[:, 0, 0], MEAN)
    assert pixels[0, 0, 1] == 7
    assert not recwarn.list


def test_small_differences_of_large_numbers_survive_in_float64():
    values, valid = chip([[1e9, 1e9 + 1], [1e9 + 2, 1e9 + 4]], dtype=np.float64)
    pixels = to_model_pixels(values, valid, (1e9, 1e9 + 4), 2, MEAN)
    assert np.allclose(pixels[0], [[0, 63.75], [127.5, 255]])


def test_padding_is_at_the_bottom_and_right():
    values, valid = chip(np.full((4, 8), 50.0))
    pixels = to_model_pixels(values, valid, (0, 255), 16, MEAN)
    assert np.allclose(pixels[:, :8, :], 50)
    assert np.allclose(pixels[:, 8:, :], np.array(MEAN)[:, None, None])
    pixels = to_model_pixels(values.transpose(0, 2, 1), valid.T, (0, 255), 16, MEAN)
    assert np.allclose(pixels[:, :, 8:], np.array(MEAN)[:, None, None])


def test_a_resized_edge_lands_where_the_scale_says():
    values, valid = chip(np.repeat([[0.0] * 12 + [200.0] * 20], 32, axis=0))
    pixels = to_model_pixels(values, valid, (0, 255), 128, MEAN)
    row = pixels[0, 64]
    edge = np.interp(100, row[40:60], np.arange(40, 60) + 0.5)
    assert edge == pytest.approx(12 * letterbox_scale(32, 32, 128), abs=0.5)


def test_larger_chips_are_averaged_not_sampled():
    checkerboard = (np.indices((64, 64)).sum(axis=0) % 2 * 200).astype(np.float32)
    values, valid = chip(checkerboard)
    pixels = to_model_pixels(values, valid, (0, 255), 8, MEAN)
    assert np.allclose(pixels, 100, atol=1)


@given(st.integers(1, 3000), st.integers(1, 3000), st.sampled_from([512, 1008, 1024]))
def test_the_longest_side_fills_the_patch(height, width, patch_size):
    shape = letterbox_shape(height, width, patch_size)
    assert max(shape) == patch_size and min(shape) >= 1
    scale = letterbox_scale(height, width, patch_size)
    assert abs(shape[0] - height * scale) <= 0.5 or shape[0] == 1
    assert abs(shape[1] - width * scale) <= 0.5 or shape[1] == 1


@given(st.integers(1, 3), st.integers(1, 20), st.integers(1, 20), st.integers(1, 24), st.randoms())
def test_pixels_are_always_from_0_to_255(bands, height, width, patch_size, random):
    generator = np.random.default_rng(random.randrange(2**32))
    values = generator.normal(0, 1e6, (bands, height, width)).astype(np.float32)
    valid = generator.random((height, width)) < 0.7
    values[:, ~valid] = np.nan
    pixels = to_model_pixels(values, valid, (-1e3, 2e5), patch_size, MEAN)
    assert pixels.shape == (3, patch_size, patch_size) and pixels.flags.c_contiguous
    assert pixels.min() >= -1e-3 and pixels.max() <= 255 + 1e-3


def test_what_is_no_chip():
    values, valid = chip(np.zeros((2, 2)))
    with pytest.raises(ValueError, match="1-3 bands"):
        to_model_pixels(np.zeros((4, 2, 2), np.float32), valid, (0, 1), 2, MEAN)
    with pytest.raises(ValueError, match="no chip"):
        to_model_pixels(values, np.ones((3, 3), bool), (0, 1), 2, MEAN)
    with pytest.raises(ValueError, match="Empty value range"):
        to_model_pixels(values, valid, (1, 1), 2, MEAN)
