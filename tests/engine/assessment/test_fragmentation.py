"""Splits, merges, and over- and under-segmentation by hand."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from shapely import Polygon, box

from geosam_processing.engine.assessment.area_bias import area_bias
from geosam_processing.engine.assessment.fragmentation import (
    Group,
    corresponding,
    merging_objects,
    split_references,
)
from geosam_processing.engine.assessment.pairs import overlapping_pairs

WHOLE = box(0, 0, 10, 10)
HALVES = (box(0, 0, 5, 10), box(5, 0, 10, 10))


def groups(
    objects: list[Polygon] | tuple[Polygon, ...], references: list[Polygon] | tuple[Polygon, ...]
) -> tuple[list[Group], list[Group]]:
    """Split references and merging objects."""
    left, right = np.array(objects, dtype=object), np.array(references, dtype=object)
    pairs = overlapping_pairs(left, right)
    return split_references(pairs, left, right), merging_objects(pairs, left, right)


def test_two_halves_split_a_reference() -> None:
    assert groups(HALVES, [WHOLE]) == ([Group(0, (0, 1))], [])


def test_an_object_over_two_halves_merges_them() -> None:
    assert groups([WHOLE], HALVES) == ([], [Group(0, (0, 1))])


@pytest.mark.parametrize(
    "objects",
    [
        [WHOLE],
        [WHOLE, WHOLE],  # a duplicate
        [WHOLE, box(2, 2, 6, 6)],  # one inside the other
        [box(0, 0, 4, 5), box(6, 0, 10, 5)],  # most is left
        [box(0, 0, 9.5, 10), box(9.5, 0, 10, 10)],  # a crumb
        [box(-6, 0, 5, 10), box(5, 0, 16, 10)],  # lie mostly elsewhere
    ],
)
def test_what_does_not_split_a_reference(objects: list[Polygon]) -> None:
    assert groups(objects, [WHOLE]) == ([], [])


def test_three_pieces_and_a_duplicate_are_three_pieces() -> None:
    thirds = [box(0, 0, 3, 10), box(3, 0, 6, 10), box(6, 0, 10, 10)]
    split, merged = groups([*thirds, thirds[2]], [box(100, 0, 110, 10), WHOLE])
    assert split == [Group(1, (0, 1, 2))]
    assert merged == []


def test_pieces_that_also_touch_the_reference_from_outside() -> None:
    """Each half has a foot along the reference, so it shares a line with it as well."""
    feet = box(-2, -2, 8, 0), box(2, 10, 12, 12)
    objects = [shapely.union(*parts) for parts in zip(HALVES, feet)]
    assert shapely.intersection(objects[0], WHOLE).geom_type == "GeometryCollection"
    assert groups(objects, [WHOLE]) == ([Group(0, (0, 1))], [])


def test_oversegmentation_and_undersegmentation_are_shares() -> None:
    """The first object has 40 % of the reference; the second 60 %, a third of itself outside."""
    objects = np.array([box(0, 0, 4, 10), box(4, 0, 13, 10), box(9, 9, 30, 30)], dtype=object)
    references = np.array([WHOLE], dtype=object)
    pairs = overlapping_pairs(objects, references)
    found = corresponding(pairs, np.array([40.0, 90.0, 441.0]), np.array([100.0]))
    assert found.objects.tolist() == [0, 1]
    assert found.oversegmentation == pytest.approx([0.6, 0.4])
    assert found.undersegmentation == pytest.approx([0, 1 / 3])


def test_area_bias_compares_totals() -> None:
    bias = area_bias(np.array([110.0, 0.0, 20.0]), np.array([100.0, 50.0, 0.0]))
    assert bias is not None
    assert bias.percent == pytest.approx(100 * (130 / 150 - 1))
    assert bias.low <= bias.percent <= bias.high


def test_area_bias_of_equal_ratios_has_no_doubt() -> None:
    areas = np.linspace(10, 500, 40)
    bias = area_bias(1.1 * areas, areas)
    assert bias is not None
    assert (bias.percent, bias.low, bias.high) == pytest.approx((10, 10, 10))


def test_area_bias_interval_is_that_of_the_normal_distribution() -> None:
    """With equal references, the interval is that of a mean."""
    noise = np.random.default_rng(1).normal(0, 10, 400)
    bias = area_bias(100 + noise, np.full(400, 100.0))
    assert bias is not None
    half = 1.96 * noise.std() / 20
    assert bias.percent == pytest.approx(noise.mean())
    assert bias.low == pytest.approx(noise.mean() - half, abs=0.15)
    assert bias.high == pytest.approx(noise.mean() + half, abs=0.15)
    assert area_bias(100 + noise, np.full(400, 100.0)) == bias


def test_area_bias_without_references_is_unknown() -> None:
    assert area_bias(np.array([10.0]), np.array([0.0])) is None
    assert area_bias(np.zeros(0), np.zeros(0)) is None
