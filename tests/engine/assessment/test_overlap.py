"""Intersection over union, of pairs and of layers."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import MultiPolygon, Polygon, box

from geosam_processing.engine.assessment import (
    intersection_over_union,
    mask_intersection_over_union,
)
from geosam_processing.engine.assessment.overlap import overlapping_pairs

corner = st.integers(0, 8)
squares = st.builds(
    lambda x, y, width, height: box(x, y, x + width, y + height),
    corner,
    corner,
    st.integers(1, 4),
    st.integers(1, 4),
)


def test_iou_of_overlapping_squares_is_exact() -> None:
    assert intersection_over_union(box(0, 0, 2, 2), box(1, 0, 3, 2)) == pytest.approx(1 / 3)
    assert intersection_over_union(box(0, 0, 2, 2), box(0, 0, 2, 2)) == 1


@pytest.mark.parametrize("nothing", [None, Polygon(), MultiPolygon(), box(5, 5, 6, 6)])
def test_iou_without_a_shared_area_is_zero(nothing: Polygon | None) -> None:
    assert intersection_over_union(nothing, box(0, 0, 1, 1)) == 0
    assert intersection_over_union(box(0, 0, 1, 1), nothing) == 0
    assert intersection_over_union(None, nothing) == 0


def test_iou_of_an_invalid_polygon_is_that_of_the_repaired_one() -> None:
    bow_tie = Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])
    assert intersection_over_union(bow_tie, box(0, 0, 2, 2)) == pytest.approx(0.5)


def test_iou_of_arrays_broadcasts() -> None:
    ious = intersection_over_union([box(0, 0, 1, 1), box(0, 0, 2, 1)], box(0, 0, 1, 1))
    assert ious.tolist() == [1, 0.5]


def test_iou_of_masks_is_exact() -> None:
    left, right = np.zeros((2, 4, 4), bool)
    left[:2], right[1:3] = True, True
    assert mask_intersection_over_union(left, right) == pytest.approx(1 / 3)
    assert mask_intersection_over_union(left, ~left) == 0
    assert mask_intersection_over_union(left & False, left & False) == 0
    assert mask_intersection_over_union(left & False, left & False, empty=1) == 1
    stack = mask_intersection_over_union(np.stack([left, right]), left)
    assert stack.tolist() == [1, pytest.approx(1 / 3)]


@settings(deadline=None)
@given(st.lists(squares, max_size=8), st.lists(squares, max_size=8))
def test_pairs_are_all_those_that_share_an_area(left: list[Polygon], right: list[Polygon]) -> None:
    objects, references = np.array(left, dtype=object), np.array(right, dtype=object)
    pairs = overlapping_pairs(objects, references)
    found = {
        (int(item), int(reference)): (area, iou)
        for item, reference, area, iou in zip(
            pairs.objects, pairs.references, pairs.intersections, pairs.ious
        )
    }
    expected = {}
    for row, one in enumerate(left):
        for column, other in enumerate(right):
            area = shapely.intersection(one, other).area
            if area:
                expected[row, column] = (area, area / (one.area + other.area - area))
    assert found == expected
    assert list(found) == sorted(found)


def test_polygon_of_many_vertices_shares_what_it_covers_and_what_it_cuts() -> None:
    """A disk of a thousand vertices, over squares inside, at its edge, and outside."""
    disk = shapely.Point(0, 0).buffer(10, quad_segs=250)
    squares = shapely.box([-1, 9, -5, 20], 0, [1, 11, 5, 21], 1)
    expected = shapely.intersection(disk, squares).astype(object)
    for objects, references in (([disk], squares), (squares, [disk])):
        pairs = overlapping_pairs(np.array(objects, dtype=object), np.array(references))
        assert len(pairs) == 3
        assert pairs.intersections == pytest.approx(shapely.area(expected[:3]), rel=1e-12)


def test_pairs_over_several_chunks_report_progress() -> None:
    places = np.arange(4500)
    objects = shapely.box(places, 0, places + 0.9, 1)
    done: list[tuple[int, int]] = []
    pairs = overlapping_pairs(objects, objects, lambda *counts: done.append(counts))
    assert (pairs.objects == places).all() and (pairs.references == places).all()
    assert (pairs.ious == 1).all()
    assert done == [(2000, 4500), (4000, 4500), (4500, 4500)]
