"""Which patch answers a prompt, and where on it the prompt lies."""

from __future__ import annotations

import math
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st

from geosam_processing.contract import Prompt
from geosam_processing.engine.features.empty_cells import empty_cells
from geosam_processing.engine.features.manifest import Chip
from geosam_processing.engine.segmentation.placing import (
    NO_DATA,
    OUTSIDE,
    SCATTERED,
    PatchFinder,
    batches,
    prompt_batch,
)
from tests.engine.rasters import DEGREES, NORTH_UP, ROTATED, SOUTH_UP

PATCH = 64
GRIDS = {"north up": NORTH_UP, "south up": SOUTH_UP, "rotated": ROTATED, "degrees": DEGREES}


def chips_of(
    grid: Affine, columns: int, rows: int, stride: int = 32, shape: tuple[int, int] = (PATCH, PATCH)
) -> list[Chip]:
    return [
        Chip(
            chip_id=f"chip_{row * columns + column:06d}",
            path=Path(),
            transform=grid * Affine.translation(column * stride, row * stride),
            shape=shape,
            dst_shape=(PATCH, PATCH),
        )
        for row in range(rows)
        for column in range(columns)
    ]


def point_prompt(grid: Affine, *pixels: tuple[float, float], key: int = 1) -> Prompt:
    return Prompt(key, tuple(grid * pixel for pixel in pixels), (1,) * len(pixels))


def box_prompt(grid: Affine, left: float, top: float, right: float, bottom: float) -> Prompt:
    """Only for grids that are not rotated."""
    (x0, y0), (x1, y1) = grid * (left, top), grid * (right, bottom)
    return Prompt(1, box=(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)))


@pytest.mark.parametrize("name", GRIDS)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_the_patch_whose_centre_is_nearest(name: str, data: st.DataObject) -> None:
    """Against every patch tried, in whole pixels, where the arithmetic is exact."""
    grid = GRIDS[name]
    stride = data.draw(st.sampled_from([16, 24, 64]))
    columns, rows = data.draw(st.integers(1, 4)), data.draw(st.integers(1, 4))
    width, height = (columns - 1) * stride + PATCH, (rows - 1) * stride + PATCH
    pixels = data.draw(
        st.lists(
            st.tuples(st.integers(-4, width + 4), st.integers(-4, height + 4)),
            min_size=1,
            max_size=3,
        )
    )
    finder = PatchFinder(chips_of(grid, columns, rows, stride))
    found, reason = finder.find(point_prompt(grid, *pixels))

    corners = [(c * stride, r * stride) for r in range(rows) for c in range(columns)]
    holding = [
        index
        for index, (left, top) in enumerate(corners)
        if all(0 <= x - left <= PATCH and 0 <= y - top <= PATCH for x, y in pixels)
    ]
    assert set(found) <= set(holding)
    assert bool(found) == bool(holding)
    if not holding:
        assert reason in (OUTSIDE, SCATTERED)
        return
    middle = np.mean(pixels, axis=0)

    def distance(index: int) -> float:
        left, top = corners[index]
        return math.hypot(left + PATCH / 2 - middle[0], top + PATCH / 2 - middle[1])

    distances = [distance(index) for index in found]
    assert distances[0] == pytest.approx(min(map(distance, holding)), abs=1e-6)
    assert distances == pytest.approx(sorted(distances), abs=1e-6)


@pytest.mark.parametrize("name", GRIDS)
def test_points_on_the_very_edge_are_inside(name: str) -> None:
    grid = GRIDS[name]
    finder = PatchFinder(chips_of(grid, 2, 2))
    side = PATCH + 32
    for pixel in [(0, 0), (side, 0), (0, side), (side, side), (0, 40), (side, 40), (40, side)]:
        found, _ = finder.find(point_prompt(grid, pixel))
        assert found, pixel
        placed = finder.place(found[0], point_prompt(grid, pixel), PATCH)
        assert all(-1e-3 <= value <= PATCH + 1e-3 for value in placed.points[0])
    for beside in [(-0.01, 5), (side + 0.01, 5), (5, -0.01), (5, side + 0.01)]:
        assert finder.find(point_prompt(grid, beside)) == ([], OUTSIDE)


def test_patch_of_a_rotated_raster_is_not_its_bounding_box() -> None:
    chip = chips_of(ROTATED, 1, 1)
    x_minimum, y_minimum, _, _ = chip[0].bounds
    prompt = Prompt(1, ((x_minimum + 0.1, y_minimum + 0.1),), (1,))
    assert PatchFinder(chip).find(prompt) == ([], OUTSIDE)


def test_box_that_fits_goes_where_it_is_whole() -> None:
    finder = PatchFinder(chips_of(NORTH_UP, 3, 1))
    # Its centre is nearest to the middle patch, which holds it as well.
    assert finder.find(box_prompt(NORTH_UP, 34, 10, 94, 50))[0][0] == 1
    # Both patches contain it, and the center of the first one is nearer.
    found, _ = finder.find(box_prompt(NORTH_UP, 33, 10, 60, 50))
    assert found == [0, 1]
    assert finder.find(box_prompt(NORTH_UP, 40, 10, 70, 50))[0] == [1]


def test_box_that_sticks_out_of_the_raster_is_cut() -> None:
    finder = PatchFinder(chips_of(NORTH_UP, 2, 1))
    prompt = box_prompt(NORTH_UP, -20, -10, 30, 30)
    found, _ = finder.find(prompt)
    assert found[0] == 0
    assert finder.place(0, prompt, PATCH).box == pytest.approx((0, 0, 30, 30))


def test_box_larger_than_every_patch_is_cut() -> None:
    finder = PatchFinder(chips_of(NORTH_UP, 3, 3))
    prompt = box_prompt(NORTH_UP, 0, 0, 128, 128)
    found, _ = finder.find(prompt)
    assert found[0] == 4
    assert finder.place(4, prompt, PATCH).box == pytest.approx((0, 0, PATCH, PATCH))


@pytest.mark.parametrize(
    "box", [(10, 0, 30, 0), (0, 10, 0, 30), (10, 64, 30, 64), (12, 12, 12, 12)]
)
def test_box_without_width_or_height(box: tuple[float, float, float, float]) -> None:
    """The bounding box of a line that runs along an axis, also along the raster's edge."""
    finder = PatchFinder(chips_of(NORTH_UP, 1, 1))
    assert finder.find(box_prompt(NORTH_UP, *box))[0] == [0]


def test_box_beside_the_raster() -> None:
    finder = PatchFinder(chips_of(NORTH_UP, 1, 1))
    for box in [(70, 10, 90, 30), (10, 70, 30, 90), (70, 10, 90, 10)]:
        assert finder.find(box_prompt(NORTH_UP, *box)) == ([], OUTSIDE)


def test_points_that_no_patch_holds_together() -> None:
    finder = PatchFinder(chips_of(NORTH_UP, 3, 1))
    assert finder.find(point_prompt(NORTH_UP, (2, 2), (120, 2))) == ([], SCATTERED)


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_coordinates_that_are_no_numbers(value: float) -> None:
    finder = PatchFinder(chips_of(NORTH_UP, 1, 1))
    assert finder.find(Prompt(1, ((value, 0.0),), (1,))) == ([], OUTSIDE)


@pytest.mark.parametrize("name", GRIDS)
@pytest.mark.parametrize("shape", [(PATCH, PATCH), (20, 40), (31, 7)])
def test_placed_in_pixels_of_the_models_input(name: str, shape: tuple[int, int]) -> None:
    """The whole chip spans the whole letterbox, whose longest side is the patch."""
    grid = GRIDS[name]
    finder = PatchFinder(chips_of(grid, 1, 1, shape=shape))
    height, width = shape
    prompt = point_prompt(grid, (0, 0), (width, height), (width / 2, height / 4))
    placed = finder.place(0, prompt, PATCH)
    corner = placed.points[1]
    assert max(corner) == pytest.approx(PATCH, abs=1e-3)
    assert placed.points[0] == pytest.approx((0, 0), abs=1e-3)
    assert placed.points[2] == pytest.approx((corner[0] / 2, corner[1] / 4), abs=1e-3)


def test_prompts_of_equal_shape_are_decoded_together() -> None:
    finder = PatchFinder(chips_of(NORTH_UP, 1, 1))
    lone = [point_prompt(NORTH_UP, (i, 5), key=i) for i in range(1, 6)]
    pairs = [point_prompt(NORTH_UP, (i, 5), (9, 9), key=i) for i in range(6, 8)]
    boxed = [box_prompt(NORTH_UP, 1, 2, 3, 4)]
    placed = [finder.place(0, prompt, PATCH) for prompt in [*lone, *pairs, *boxed]]
    groups = [prompt_batch(group) for group in batches(placed, 3)]
    shapes = [(tuple(g.points.shape), tuple(g.labels.shape), g.boxes is None) for g in groups]
    assert shapes == [
        ((3, 1, 2), (3, 1), True),
        ((2, 1, 2), (2, 1), True),
        ((2, 2, 2), (2, 2), True),
        ((1, 0, 2), (1, 0), False),
    ]
    assert groups[3].boxes is not None
    np.testing.assert_allclose(groups[3].boxes.numpy(), [[1, 2, 3, 4]], atol=1e-4)


@pytest.mark.slow
def test_ten_thousand_prompts_on_ten_thousand_patches() -> None:
    chips = chips_of(NORTH_UP, 100, 100)
    pixels = np.random.default_rng(1).uniform(0, 99 * 32 + PATCH, (10_000, 2))
    start = time.perf_counter()
    finder = PatchFinder(chips)
    answers = [finder.find(point_prompt(NORTH_UP, (float(x), float(y)))) for x, y in pixels]
    assert all(found for found, _ in answers)
    # Comparing every prompt with every patch takes minutes.
    assert time.perf_counter() - start < 20


@pytest.mark.parametrize("degrees", [-110, -90, -45, 5, 20, 45, 90, 180])
@pytest.mark.parametrize("pixel", [(1.0, 1.0), (0.5, 2.0)])
def test_box_of_a_round_object_fits_on_a_rotated_raster(
    degrees: float, pixel: tuple[float, float]
) -> None:
    grid = Affine.translation(500, 900) * Affine.rotation(degrees) * Affine.scale(*pixel)
    finder = PatchFinder(chips_of(grid, 1, 1))
    angles = np.linspace(0, 2 * np.pi, 20_000)
    x0, y0 = grid * (30, 34)
    xs, ys = x0 + 9 * np.cos(angles), y0 + 5 * np.sin(angles)
    prompt = Prompt(1, box=(xs.min(), ys.min(), xs.max(), ys.max()))
    placed = finder.place(0, prompt, 64).box
    columns, rows = ~grid * (xs, ys)
    expected = (columns.min(), rows.min(), columns.max(), rows.max())
    assert placed == pytest.approx(expected, abs=1e-3)


def test_prompt_on_nothing_is_not_asked() -> None:
    valid = np.zeros((PATCH, PATCH), dtype=bool)
    valid[:, :20] = True
    (chip,) = chips_of(NORTH_UP, 1, 1)
    finder = PatchFinder([replace(chip, empty_cells=empty_cells(valid))])
    assert finder.find(point_prompt(NORTH_UP, (10, 30))) == ([0], "")
    assert finder.find(point_prompt(NORTH_UP, (40, 30))) == ([], NO_DATA)
    # One point on the object is enough; one beside it is none.
    assert finder.find(point_prompt(NORTH_UP, (40, 30), (10, 30))) == ([0], "")
    beside = replace(point_prompt(NORTH_UP, (40, 30), (10, 30)), labels=(1, 0))
    assert finder.find(beside) == ([], NO_DATA)
    assert finder.find(box_prompt(NORTH_UP, 15, 10, 40, 50)) == ([0], "")
    assert finder.find(box_prompt(NORTH_UP, 25, 10, 60, 50)) == ([], NO_DATA)


def test_patch_with_data_is_taken_before_one_without() -> None:
    chips = chips_of(NORTH_UP, 2, 1)
    valid = np.zeros((PATCH, PATCH), dtype=bool)
    valid[:5] = True
    finder = PatchFinder([replace(chips[0], empty_cells=empty_cells(valid)), chips[1]])
    assert finder.find(point_prompt(NORTH_UP, (34, 32))) == ([1], "")
