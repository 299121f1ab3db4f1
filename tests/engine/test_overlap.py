"""Intersection over union of polygons and of masks."""

from __future__ import annotations

import numpy as np
import pytest
from shapely import MultiPolygon, Polygon, box

from geosam_processing.engine.overlap import intersection_over_union, mask_intersection_over_union


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
