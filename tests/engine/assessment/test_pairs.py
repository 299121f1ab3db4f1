"""The pairs of two layers that overlap."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Polygon, box

from geosam_processing.engine.assessment.pairs import overlapping_pairs

corner = st.integers(0, 8)
squares = st.builds(
    lambda x, y, width, height: box(x, y, x + width, y + height),
    corner,
    corner,
    st.integers(1, 4),
    st.integers(1, 4),
)


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
