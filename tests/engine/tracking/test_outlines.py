"""What an outline of one date says about the next."""

from __future__ import annotations

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geosam_processing.contract import Prompt
from geosam_processing.engine.tracking.outlines import joined, overlap, place_of, prompt_of

HOOK = shapely.Polygon([(0, 0), (40, 0), (40, 40), (36, 40), (36, 4), (0, 4)])


def test_the_parts_of_an_object_that_split_get_a_point_each() -> None:
    parts = [shapely.box(0, 0, 10, 10), shapely.box(20, 0, 28, 8), shapely.box(50, 0, 51, 1)]
    prompt = prompt_of(7, shapely.multipolygons(parts))
    assert (prompt.key, prompt.box, prompt.labels) == (7, (0, 0, 51, 10), (1, 1))
    assert prompt.points[0] == pytest.approx((5, 5), abs=0.3)
    assert prompt.points[1] == pytest.approx((24, 4), abs=0.3)


@given(st.floats(0.1, 1e4), st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_points_lie_in_bent_objects_of_any_size(size: float, x: float, y: float) -> None:
    shape = shapely.transform(HOOK, lambda points: points * size / 40 + (x, y))
    (point,) = prompt_of(1, shapely.multipolygons([shape])).points
    assert shapely.contains_xy(shape, *point)


def test_the_overlap_is_of_the_smaller_outline() -> None:
    one, other = shapely.box(0, 0, 10, 10), shapely.box(5, 0, 105, 10)
    assert overlap(one, other) == overlap(other, one) == 0.5
    assert overlap(one, shapely.box(20, 0, 30, 10)) == 0


def test_the_place_of_a_prompt_is_around_the_points_on_the_object() -> None:
    prompt = Prompt(1, ((0.0, 0.0), (500.0, 0.0)), (1, 0))
    assert place_of(prompt, 2.0).bounds == pytest.approx((-16, -16, 16, 16))
    assert place_of(Prompt(1, box=(1.0, 2.0, 3.0, 4.0)), 2.0).bounds == (1, 2, 3, 4)


def test_prompts_of_an_object_are_one_to_find_its_patch() -> None:
    prompts = [Prompt(1, box=(0.0, 0.0, 4.0, 4.0)), Prompt(1, ((9.0, 9.0),), (0,))]
    assert joined(prompts) == Prompt(1, ((9.0, 9.0),), (0,), (0.0, 0.0, 4.0, 4.0))
