"""Objects in objects."""

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import MultiPolygon, box

from geosam_processing.engine.discovery.nesting import nested

FIELD = MultiPolygon([box(0, 0, 100, 100)])
YARD = MultiPolygon([box(10, 10, 50, 50)])
ROOF = MultiPolygon([box(20, 20, 30, 30)])
OVERLAPPING = MultiPolygon([box(40, 60, 140, 90)])
POND = MultiPolygon([box(200, 0, 220, 20)])
ALL = [ROOF, FIELD, POND, YARD, OVERLAPPING]


def test_all_objects_name_the_smallest_that_contains_them() -> None:
    found = {each.index: (each.parent, each.level) for each in nested(ALL, "all")}
    assert found == {0: (3, 2), 1: (None, 0), 2: (None, 0), 3: (1, 1), 4: (None, 0)}


def test_containers_come_before_what_they_contain() -> None:
    order = [each.index for each in nested(ALL, "all")]
    assert order.index(1) < order.index(3) < order.index(0)


@pytest.mark.parametrize(("keep", "expected"), [("leaves", {0, 2, 4}), ("largest", {1, 2, 4})])
def test_one_level_can_be_kept(keep: str, expected: set[int]) -> None:
    assert {each.index for each in nested(ALL, keep)} == expected


def test_coverage_gives_each_place_to_the_smallest_object() -> None:
    found = {each.index: each.geometry.area for each in nested(ALL, "coverage")}
    assert found == {0: 100, 3: 1500, 4: 3000, 1: 10_000 - 1600 - 1800, 2: 400}


def test_equal_objects_do_not_contain_each_other() -> None:
    first, second = nested([FIELD, FIELD], "all")
    assert (first.parent, second.parent) == (None, first.index)


@settings(max_examples=50, deadline=None)
@given(
    st.lists(
        st.tuples(*(st.integers(0, 50) for _ in range(2)), *(st.integers(1, 30) for _ in range(2))),
        min_size=1,
        max_size=12,
    )
)
def test_coverage_keeps_the_area_without_overlaps(rectangles: list[tuple[int, ...]]) -> None:
    shapes = [MultiPolygon([box(x, y, x + w, y + h)]) for x, y, w, h in rectangles]
    covered = [each.geometry for each in nested(shapes, "coverage")]
    union = shapely.union_all(shapes)
    assert sum(shape.area for shape in covered) == pytest.approx(union.area)
    assert shapely.union_all(covered).symmetric_difference(union).area == pytest.approx(0)


def test_nothing_gives_nothing() -> None:
    assert nested([], "all") == []
