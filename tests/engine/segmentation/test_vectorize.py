"""Masks to polygons: the same as on the whole patch, valid, and with the right area."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
import torch
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from pyproj import CRS
from rasterio.features import rasterize
from shapely import Polygon
from torch.nn.functional import interpolate

from geosam_processing.contract import MaskOptions
from geosam_processing.engine.features.manifest import Chip
from geosam_processing.engine.models.torchvision_operators import ensure_torchvision
from geosam_processing.engine.raster.area import AreaMeter
from geosam_processing.engine.raster.letterbox import letterbox_shape
from geosam_processing.engine.segmentation.vectorize import (
    MaskCrop,
    choose_mask,
    mask_on_chip,
    outline,
    stability,
    without_padding,
)
from tests.engine.rasters import NORTH_UP, ROTATED

PATCH = 64
LOW = PATCH // 4
SHAPES = [(64, 64), (40, 64), (64, 37), (20, 30), (128, 128), (128, 90), (7, 64)]
METER = AreaMeter(CRS("EPSG:32633"))


def chip_of(shape: tuple[int, int] = (PATCH, PATCH), grid: Affine = NORTH_UP) -> Chip:
    return Chip("chip_000000", Path(), grid, shape, (PATCH, PATCH))


def blobs(seed: int, threshold: float) -> torch.Tensor:
    """Smooth logits [16, 16]; the higher the threshold, the less is positive."""
    noise = torch.randn(1, 1, LOW, LOW, generator=torch.Generator().manual_seed(seed))
    smooth = torch.nn.functional.avg_pool2d(noise, 3, stride=1, padding=1)
    return (0.5 * noise + 2 * smooth)[0, 0] - threshold


def official_mask(
    logits: torch.Tensor, shape: tuple[int, int], patch: int = PATCH
) -> NDArray[np.bool_]:
    """``Sam.postprocess_masks`` of segment-anything, on the whole patch."""
    height, width = letterbox_shape(*shape, patch)
    full = interpolate(logits[None, None], (patch, patch), mode="bilinear", align_corners=False)
    full = interpolate(full[..., :height, :width], shape, mode="bilinear", align_corners=False)
    return np.asarray(full[0, 0] > 0)


def whole(crop: MaskCrop | None, shape: tuple[int, int]) -> NDArray[np.bool_]:
    mask = np.zeros(shape, dtype=bool)
    if crop is not None:
        rows, columns = crop.mask.shape
        mask[crop.row : crop.row + rows, crop.column : crop.column + columns] = crop.mask
    return mask


def crop_of(text: str) -> MaskCrop:
    """A mask drawn with # and dots."""
    rows = [[character == "#" for character in line] for line in text.split()]
    return MaskCrop(np.array(rows), 0, 0)


def pixels_of(geometry: shapely.Geometry) -> shapely.Geometry:
    return shapely.affinity.affine_transform(geometry, (~NORTH_UP).to_shapely())


def drawn(text: str, **options: Any) -> shapely.MultiPolygon:
    """Polygon, in pixels, of a drawn mask."""
    shape = outline(
        crop_of(text).parts(options.get("largest_part_only", False)),
        chip_of(),
        MaskOptions(**options),
        METER,
    )
    assert shape is not None
    assert shape.geometry.is_valid
    return pixels_of(shape.geometry)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10_000), st.floats(0, 4), st.sampled_from(SHAPES))
def test_the_cropped_path_equals_the_whole_patch(
    seed: int, threshold: float, shape: tuple[int, int]
) -> None:
    logits = blobs(seed, threshold)
    crop = mask_on_chip(logits, chip_of(shape), PATCH)
    expected = official_mask(logits, shape)
    assert (crop is not None) == expected.any()
    np.testing.assert_array_equal(whole(crop, shape), expected)


@settings(max_examples=150, deadline=None)
@given(
    st.integers(0, 10_000),
    st.floats(0, 4),
    st.sampled_from([(56, 56), (30, 56), (56, 41), (112, 90)]),
)
def test_logits_of_sam3_are_three_and_a_half_pixels_wide(
    seed: int, threshold: float, shape: tuple[int, int]
) -> None:
    patch = LOW * 7 // 2
    chip = Chip("chip_000000", Path(), NORTH_UP, shape, (patch, patch))
    logits = blobs(seed, threshold)
    expected = official_mask(logits, shape, patch)
    np.testing.assert_array_equal(whole(mask_on_chip(logits, chip, patch), shape), expected)
    shown = without_padding(logits, chip, patch)
    assert [-(-side * 2 // 7) for side in letterbox_shape(*shape, patch)] == list(shown.shape)


@settings(max_examples=150, deadline=None)
@given(
    st.integers(0, 10_000),
    st.floats(0, 3),
    st.sampled_from(SHAPES),
    st.sampled_from([NORTH_UP, ROTATED]),
)
def test_polygons_cover_the_very_pixels_of_the_mask(
    seed: int, threshold: float, shape: tuple[int, int], grid: Affine
) -> None:
    chip = chip_of(shape, grid)
    crop = mask_on_chip(blobs(seed, threshold), chip, PATCH)
    if crop is None:
        return
    result = outline(crop.parts(), chip, MaskOptions(), METER)
    assert result is not None
    assert result.geometry.is_valid
    expected = whole(crop, shape)
    burnt = rasterize([result.geometry], shape, transform=grid)
    np.testing.assert_array_equal(burnt.astype(bool), expected)
    assert result.geometry.area == pytest.approx(4 * expected.sum(), rel=1e-9)
    edges = (expected[0], expected[-1], expected[:, 0], expected[:, -1])
    assert result.touches_edge == any(edge.any() for edge in edges)


@settings(max_examples=150, deadline=None)
@given(
    st.integers(0, 10_000),
    st.floats(0, 2),
    st.floats(0, 6),
    st.floats(0, 400),
    st.booleans(),
)
def test_options_keep_polygons_valid(
    seed: int, threshold: float, simplify: float, holes: float, largest: bool
) -> None:
    chip = chip_of()
    crop = mask_on_chip(blobs(seed, threshold), chip, PATCH)
    if crop is None:
        return
    options = MaskOptions(simplify=simplify, fill_holes_up_to=holes, largest_part_only=largest)
    result = outline(crop.parts(options.largest_part_only), chip, options, METER)
    assert result is not None
    assert result.geometry.is_valid
    assert result.geometry.geom_type == "MultiPolygon"
    for part in result.geometry.geoms:
        for ring in part.interiors:
            # Simplifying comes first, so that no hole grows small after the filling.
            assert METER.area(Polygon(ring)) > holes or simplify > 0
    if largest:
        assert len(result.geometry.geoms) == 1


def test_empty_mask() -> None:
    assert mask_on_chip(torch.full((LOW, LOW), -1.0), chip_of(), PATCH) is None


@pytest.mark.parametrize("shape", [(16, 64), (64, 16)])
def test_mask_in_the_padding_only_is_empty(shape: tuple[int, int]) -> None:
    logits = torch.full((LOW, LOW), -1.0)
    logits[-3:, -3:] = 1
    assert mask_on_chip(logits, chip_of(shape), PATCH) is None
    trimmed = without_padding(logits, chip_of(shape), PATCH)
    assert tuple(trimmed.shape) == (shape[0] // 4, shape[1] // 4)
    assert not (trimmed > 0).any()


def test_pixels_that_meet_at_a_corner_are_two_parts() -> None:
    geometry = drawn("#. .#")
    assert len(geometry.geoms) == 2
    assert geometry.area == 2


def test_ring_that_touches_itself_at_a_corner_is_valid() -> None:
    assert drawn("### #.# ##. ..#").area == 8


def test_largest_part() -> None:
    assert drawn("##..# ##..#", largest_part_only=True).area == 4


def test_holes_up_to_an_area_are_filled() -> None:
    ring = "####### #.#...# ###...# #######"
    assert drawn(ring).area == 28 - 7
    # Pixels are 2 m wide.
    assert drawn(ring, fill_holes_up_to=5).area == 28 - 6
    assert drawn(ring, fill_holes_up_to=25).area == 28


def test_island_in_a_hole_that_is_filled_is_merged() -> None:
    geometry = drawn("##### #...# #.#.# #...# #####", fill_holes_up_to=1000)
    assert (geometry.area, len(geometry.geoms)) == (25, 1)


def test_simplify_is_in_pixels_and_smooths_stairs() -> None:
    stairs = " ".join("#" * (i + 1) + "." * (20 - i) for i in range(20))
    plain, simple = drawn(stairs), drawn(stairs, simplify=1.5)
    assert shapely.get_num_coordinates(simple) < 10 < shapely.get_num_coordinates(plain)
    assert simple.hausdorff_distance(plain) <= 1.5


def test_masks_are_chosen_among_those_that_are_not_empty() -> None:
    logits = np.full((4, 8, 8), -1.0, dtype=np.float32)
    logits[0, :2, :2], logits[1, :6, :6], logits[2, :4, :4] = 1, 1, 1
    scores = np.array([0.3, 0.5, 0.8, 0.9], dtype=np.float32)
    chosen = {
        choice: choose_mask(logits, scores, choice)
        for choice in ("auto", "best", "smallest", "largest", "single")
    }
    assert chosen == {"auto": 2, "best": 2, "smallest": 0, "largest": 1, "single": 2}
    assert choose_mask(logits[3:], scores[3:], "best") is None


def test_stability_as_segment_anything_counts_it() -> None:
    ensure_torchvision()
    from segment_anything.utils.amg import calculate_stability_score

    for seed in range(10):
        logits = 2 * blobs(seed, 0.5)
        expected = float(calculate_stability_score(logits[None], 0.0, 1.0)[0])
        assert stability(logits.numpy()) == pytest.approx(expected)
    assert stability(np.full((4, 4), -5, dtype=np.float32)) == 0
