"""Prompts lie where people would put them."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from training.prompts import (
    bounding_box,
    choose_objects,
    correct,
    draw_box,
    place_point,
)


@st.composite
def rectangles(draw, side=64):
    """A mask of one rectangle."""
    left, top = draw(st.integers(0, side - 5)), draw(st.integers(0, side - 5))
    right, bottom = draw(st.integers(left + 4, side)), draw(st.integers(top + 4, side))
    mask = np.zeros((side, side), bool)
    mask[top:bottom, left:right] = True
    return mask


@settings(max_examples=60, deadline=None)
@given(rectangles(), st.floats(0, 1), st.integers(0, 1000))
def test_point_lies_on_the_object(mask, eccentricity, seed):
    x, y = place_point(np.random.default_rng(seed), mask, eccentricity)
    assert mask[int(y), int(x)]


@settings(max_examples=60, deadline=None)
@given(rectangles(), st.integers(0, 1000))
def test_box_is_near_the_object_and_within_the_picture(mask, seed):
    left, top, right, bottom = draw_box(np.random.default_rng(seed), mask)
    exact = bounding_box(mask)
    assert 0 <= left < right <= 64
    assert 0 <= top < bottom <= 64
    assert np.abs(np.array([left, top, right, bottom]) - exact).max() < 30


@settings(max_examples=60, deadline=None)
@given(rectangles(), rectangles(), st.integers(0, 1000))
def test_correction_lies_on_an_error_and_says_which(truth, guess, seed):
    (x, y), label = correct(np.random.default_rng(seed), truth, guess)
    row, column = int(y), int(x)
    if (truth == guess).all():
        assert truth[row, column]
        assert label == 1
    else:
        assert truth[row, column] != guess[row, column]
        assert label == int(truth[row, column])


def test_choose_objects_prompts_single_connected_parts():
    instances = np.zeros((64, 64), np.uint16)
    instances[5:30, 5:30] = 1
    instances[40:60, 40:60] = 2
    instances[0:2, 60:62] = 3  # too small to prompt
    instances[15:17, :] = 0  # cuts object 1 in two
    chosen = choose_objects(np.random.default_rng(0), instances, 8, 100, 8)
    assert chosen is not None
    assert len(chosen.masks) == len(chosen.points) == len(chosen.boxes) == 2
    for mask, (x, y) in zip(chosen.masks, chosen.points, strict=True):
        assert mask[int(y), int(x)]
        assert mask.sum() in (10 * 25, 13 * 25, 20 * 20)


def test_choose_objects_says_when_there_is_none():
    rng = np.random.default_rng(0)
    assert choose_objects(rng, np.zeros((32, 32), np.uint16), 4, 100, 8) is None
