"""Our polygons of a mask against GDAL's."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from rasterio.features import shapes

from geosam_processing.engine.segmentation.mask_polygons import mask_polygons


def of_gdal(mask: NDArray[np.bool_]) -> list[shapely.Polygon]:
    return [
        shapely.Polygon(shape["coordinates"][0], shape["coordinates"][1:])
        for shape, _ in shapes(mask.astype(np.uint8), mask=mask, connectivity=4)
    ]


def normalized(polygons: object) -> list[str]:
    """The same text for the same polygons, wherever rings begin and whichever comes first."""
    return sorted(shapely.to_wkt(shapely.normalize(np.asarray(polygons)), rounding_precision=0))


def drawn(text: str) -> NDArray[np.bool_]:
    return np.array([[character == "#" for character in line] for line in text.split()])


def assert_equal_gdal(mask: NDArray[np.bool_]) -> None:
    ours = mask_polygons(mask)
    assert shapely.is_valid(ours).all()
    assert shapely.area(ours).sum() == mask.sum()
    assert normalized(ours) == normalized(of_gdal(mask))


@pytest.mark.slow
@settings(max_examples=400, deadline=None)
@given(st.integers(1, 14), st.integers(1, 14), st.floats(0.1, 0.95), st.integers(0, 2**32 - 1))
def test_noise(height: int, width: int, share: float, seed: int) -> None:
    mask = np.random.default_rng(seed).random((height, width)) < share
    if mask.any():
        assert_equal_gdal(mask)


@pytest.mark.parametrize("share", [0.3, 0.5, 0.6, 0.8])
def test_many_parts_and_holes(share: float) -> None:
    assert_equal_gdal(np.random.default_rng(5).random((150, 130)) < share)


@pytest.mark.parametrize(
    "text",
    [
        "#",
        "#. .#",
        ".# #.",
        "##### #...# #.#.# #...# #####",
        "### #.# ##. ..#",
        ".## #.# ###",
        "####### #.#.#.# #######",
        "##### #.### ##.## ###.# #####",
        "###.. #.#.. ####. ..#.# ..###",
    ],
)
def test_corners_that_touch(text: str) -> None:
    assert_equal_gdal(drawn(text))


def test_largest_part_keeps_its_holes() -> None:
    mask = drawn("##...... ##.##### ...#.#.# ...##### #.......")
    (largest,) = mask_polygons(mask, largest_only=True)
    assert (largest.area, len(largest.interiors), largest.bounds) == (13, 2, (3, 1, 8, 4))
