"""Distances between outlines with known answers."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Point, Polygon, box

from geosam_processing.engine.assessment.boundary import (
    SAMPLES,
    BoundaryAgreement,
    boundary_agreement,
)


def agreement(left: Polygon, right: Polygon, tolerance: float = 1.0) -> BoundaryAgreement:
    return boundary_agreement(
        np.array([left], dtype=object), np.array([right], dtype=object), tolerance
    )


def test_equal_outlines_have_no_distance() -> None:
    same = agreement(box(0, 0, 10, 10), box(0, 0, 10, 10))
    assert same.means == same.percentiles_95 == same.maxima == 0
    assert same.f1 == 1


def test_squares_around_each_other_have_known_distances() -> None:
    """From the inner outline the distance is 3 everywhere; corners of the outer one are farther."""
    inner, outer = box(0, 0, 10, 10), box(-3, -3, 13, 13)
    both = agreement(inner, outer, tolerance=3)
    assert both.maxima == pytest.approx(3 * np.sqrt(2))
    # Of the outer outline's 64 points, 16 a side, those above the inner square are 3 away.
    places = np.arange(-3, 13)
    beyond = np.maximum(np.maximum(-places, places - 10), 0)
    outward = np.hypot(3, beyond)
    assert both.means == pytest.approx((3 + outward.mean()) / 2)
    assert both.f1 == pytest.approx(2 * 1 * (beyond == 0).mean() / (1 + (beyond == 0).mean()))
    assert agreement(inner, outer, tolerance=2.9).f1 == 0


def test_circles_around_each_other_are_as_far_as_their_radii_differ() -> None:
    both = agreement(Point(0, 0).buffer(50, 64), Point(0, 0).buffer(53, 64))
    for distance in (both.means, both.percentiles_95, both.maxima):
        assert distance == pytest.approx(3, abs=0.05)


def test_outline_of_a_hole_counts() -> None:
    frame = Polygon(box(0, 0, 10, 10).exterior.coords, [box(3, 3, 7, 7).exterior.coords])
    assert agreement(frame, box(0, 0, 10, 10)).maxima == pytest.approx(3)


def test_parts_of_a_multipolygon_count() -> None:
    two = shapely.union(box(0, 0, 10, 10), box(20, 0, 30, 10))
    assert agreement(two, box(0, 0, 10, 10)).maxima == pytest.approx(20)


@settings(max_examples=50, deadline=None)
@given(
    st.tuples(st.floats(-5, 5), st.floats(-5, 5)),
    st.floats(2, 20),
    st.floats(2, 20),
)
def test_greatest_distance_is_the_hausdorff_distance_but_for_the_gaps(
    center: tuple[float, float], width: float, height: float
) -> None:
    x, y = center
    left, right = box(-5, -5, 5, 5), box(x - width / 2, y - height / 2, x + width / 2, y + height)
    exact = shapely.hausdorff_distance(left.boundary, right.boundary, densify=0.01)
    found = float(agreement(left, right).maxima[0])
    gap = max(left.length, right.length) / SAMPLES
    assert exact - gap <= found <= exact + 1e-9 + 0.01 * gap * SAMPLES


def test_pairs_of_several_chunks_keep_their_order() -> None:
    places = np.arange(1500.0)
    squares = shapely.box(100 * places, 0, 100 * places + 10, 10)
    larger = shapely.box(
        100 * places - places / 100, -places / 100, 100 * places + 10 + places / 100,
        10 + places / 100,
    )  # fmt: skip
    found = boundary_agreement(squares, larger, 1.0)
    assert found.maxima == pytest.approx(np.sqrt(2) * places / 100, abs=0.01)
