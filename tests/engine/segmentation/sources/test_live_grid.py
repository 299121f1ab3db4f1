"""Where live patches lie."""

from __future__ import annotations

import math

import pytest
from affine import Affine
from hypothesis import given
from hypothesis import strategies as some

from geosam_processing.contract import Prompt
from geosam_processing.engine.segmentation.sources.live_grid import (
    OUTSIDE,
    PARTLY_OUTSIDE,
    LiveGrid,
)

PATCH = 64
MARGIN = PATCH // 8


def raster(width=1000, height=800, left=0, top=0):
    """A unit of the CRS is a pixel, and y grows downward."""
    return LiveGrid(Affine.translation(left, top), width, height, PATCH)


def at(x, y, key=1):
    return Prompt(key, ((x, y),), (1,))


def only_patch(grid, prompt):
    planned, reasons = grid.plan([prompt])
    assert not reasons
    (patch,) = planned
    return patch


def around(patch):
    return patch.bounds


coordinates = some.integers(0, 1000).map(lambda thousandths: thousandths / 1000)
sizes = some.integers(1, 700)


@given(sizes, sizes, some.integers(-500, 500), some.lists(some.tuples(*[coordinates] * 4)))
def test_every_prompt_lies_well_inside_its_patch(width, height, left, shares):
    grid = raster(width, height, left, -left)
    prompts = []
    for key, (x0, y0, x1, y1) in enumerate(shares):
        xs, ys = sorted((left + x0 * width, left + x1 * width)), sorted((y0 * height, y1 * height))
        if key % 2:
            prompts.append(at(xs[0], ys[0] - left, key))
        elif xs[0] < xs[1] and ys[0] < ys[1]:
            prompts.append(Prompt(key, box=(xs[0], ys[0] - left, xs[1], ys[1] - left)))
    planned, reasons = grid.plan(prompts)
    assert not reasons
    assert sorted(i for indices in planned.values() for i in indices) == list(range(len(prompts)))
    for patch, indices in planned.items():
        x0, y0, x1, y1 = around(patch)
        assert left <= x0 < x1 <= left + width and -left <= y0 < y1 <= height - left
        assert max(patch.columns, patch.rows) <= PATCH
        step = MARGIN << patch.level if patch.level >= 0 else MARGIN >> -patch.level
        for start, first, last, length in (
            (x0, left, left + width, patch.width),
            (y0, -left, height - left, patch.height),
        ):
            assert start % step == 0 or start in (first, last - length)
        for index in indices:
            prompt = prompts[index]
            box = prompt.box or (*prompt.points[0], *prompt.points[0])
            assert x0 + step <= box[0] + 1e-6 or x0 == left
            assert y0 + step <= box[1] + 1e-6 or y0 == -left
            assert box[2] <= x1 - step + 1e-6 or x1 == left + width
            assert box[3] <= y1 - step + 1e-6 or y1 == height - left


def test_small_box_gets_an_enlarged_patch():
    patch = only_patch(raster(), Prompt(1, box=(500, 400, 505, 405)))
    assert patch.level == -1
    assert (patch.width, patch.height) == (patch.columns, patch.rows) == (PATCH // 2, PATCH // 2)
    x0, y0, x1, y1 = around(patch)
    assert x0 + MARGIN / 2 <= 500 and x1 - MARGIN / 2 >= 505
    assert y0 + MARGIN / 2 <= 400 and y1 - MARGIN / 2 >= 405


@pytest.mark.parametrize("prompt", [at(500, 400), Prompt(1, box=(500, 400, 502, 406))])
def test_points_and_larger_boxes_get_a_patch_of_the_raster_s_pixels(prompt):
    assert only_patch(raster(), prompt).level == 0


def test_object_that_an_enlarged_patch_cuts_is_asked_again_on_more_ground():
    grid = raster()
    prompt = Prompt(1, box=(500, 400, 505, 405))
    patch = only_patch(grid, prompt)
    side = PATCH // 2
    better = grid.better(prompt, patch, (0, 10, side, 20))
    assert better is not None and better.level >= 0


@given(some.lists(some.tuples(coordinates, coordinates), min_size=1, max_size=12), some.randoms())
def test_the_plan_does_not_depend_on_the_order(places, random):
    prompts = [at(1000 * x, 800 * y, key) for key, (x, y) in enumerate(places)]
    shuffled = list(prompts)
    random.shuffle(shuffled)
    one, _ = raster().plan(prompts)
    other, _ = raster().plan(shuffled)
    assert one.keys() == other.keys()


@given(some.integers(-400, 400), some.integers(-400, 400), some.integers(0, 30))
def test_a_raster_has_the_patches_of_the_layer_it_was_cut_from(left, top, size):
    layer, cut = raster(9000, 9000, -4500, -4500), raster(800, 700, left, top)
    box = (left + 380, top + 330, left + 382 + 2 * size, top + 332 + 2 * size)
    prompts = [at(left + 400, top + 350, 1), Prompt(2, box=box)]
    (of_layer, _), (of_cut, _) = layer.plan(prompts), cut.plan(prompts)
    assert {patch.bounds for patch in of_cut} == {patch.bounds for patch in of_layer}


def test_near_prompts_share_a_patch_and_far_ones_do_not():
    crowd = [at(300 + x, 300 + y, x * 9 + y) for x in range(0, 45, 9) for y in range(0, 45, 9)]
    planned, _ = raster().plan([*crowd, at(900, 700, 99)])
    assert sorted(len(indices) for indices in planned.values()) == [1, 25]


def test_clicks_close_together_have_the_same_patch():
    patches = {
        only_patch(raster(), at(320 + x, 320 + y)) for x in range(-15, 16) for y in range(-15, 16)
    }
    assert len(patches) == 1


@pytest.mark.slow
def test_few_patches_serve_many_prompts():
    prompts = [at(x, y, 1000 * x + y) for x in range(4, 1000, 10) for y in range(4, 800, 10)]
    planned, reasons = raster().plan(prompts)
    assert not reasons
    assert len(planned) < 1.8 * (1000 / (PATCH - 2 * MARGIN)) * (800 / (PATCH - 2 * MARGIN))


@pytest.mark.parametrize(("side", "level"), [(40, 0), (50, 1), (80, 1), (150, 2), (700, 4)])
def test_large_boxes_go_to_coarser_patches(side, level):
    x, y = 400 - side / 2, 400 - side / 2
    patch = only_patch(raster(), Prompt(1, box=(x, y, x + side, y + side)))
    assert patch.level == level
    assert patch.columns <= PATCH and patch.rows <= PATCH


def test_prompts_outside_say_so():
    prompts = [
        at(-1, 5, 0),
        Prompt(1, ((5, 5), (-9, 5)), (1, 0)),
        Prompt(2, box=(-20, -20, -1, -1)),
        at(math.inf, 0, 3),
        at(0, 800, 4),
        Prompt(5, box=(-20, -20, 20, 20)),
    ]
    planned, reasons = raster().plan(prompts)
    assert reasons == {0: OUTSIDE, 1: PARTLY_OUTSIDE, 2: OUTSIDE, 3: OUTSIDE}
    assert sorted(i for indices in planned.values() for i in indices) == [4, 5]


def test_a_raster_smaller_than_a_patch_is_one():
    patch = only_patch(raster(50, 20), at(49, 1))
    assert around(patch) == (0, 0, 50, 20)
    assert (patch.columns, patch.rows) == (50, 20)


def test_the_edge_of_the_raster_cuts_nothing():
    patch = only_patch(raster(), at(0, 0))
    assert not raster().cuts(patch, (0, 0, 30, 30))
    assert raster().cuts(patch, (0, 0, PATCH, 30))
    inner = only_patch(raster(), at(400, 400))
    assert raster().cuts(inner, (0, 9, 30, 30))


@given(some.integers(1, 900), some.integers(1, 900), coordinates, coordinates)
def test_an_object_of_any_size_fits_after_a_few_patches(width, height, x_share, y_share):
    grid = raster(5000, 5000)
    thing = (2000, 2000, 2000 + width, 2000 + height)
    prompt = at(2000 + x_share * width, 2000 + y_share * height)
    patch, attempts = only_patch(grid, prompt), 1
    while True:
        assert grid.locate(prompt)  # still on the grid
        x0, y0, x1, y1 = around(patch)
        assert x0 <= prompt.points[0][0] <= x1 and y0 <= prompt.points[0][1] <= y1
        scale = 2**patch.level
        seen = (
            (max(thing[0], x0) - x0) / scale,
            (max(thing[1], y0) - y0) / scale,
            (min(thing[2], x1) - x0) / scale,
            (min(thing[3], y1) - y0) / scale,
        )
        if not grid.cuts(patch, seen):
            break
        better = grid.better(prompt, patch, seen)
        assert better is not None
        patch, attempts = better, attempts + 1
    assert x0 < thing[0] and y0 < thing[1] and thing[2] < x1 and thing[3] < y1
    assert patch.level <= max(0, math.ceil(math.log2(max(width, height) / PATCH * 8 / 5)))
    assert attempts <= 2 + 2 * patch.level
