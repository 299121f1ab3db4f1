"""Points and boxes of layers, files and numbers become the prompts of a request."""

from __future__ import annotations

from typing import Any

import geopandas
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import CRS

from geosam_processing.contract import ContractError
from geosam_processing.engine.notebook.arguments import LayerError
from geosam_processing.engine.notebook.prompts import BACKGROUND_ONLY, FLAT_BOX, prompts_of

UTM = CRS("EPSG:32633")
POINTS = [(500100.0, 5000100.0), (500200.0, 5000200.0)]


def frame(*geometries: Any, crs: str | None = "EPSG:32633", **columns: Any) -> Any:
    return geopandas.GeoDataFrame(columns, geometry=list(geometries), crs=crs)


def point(x: float, y: float) -> shapely.Point:
    return shapely.Point(x, y)


@pytest.mark.parametrize(
    "prompts", [POINTS[0], [POINTS[0]], shapely.Point(POINTS[0]), np.array([POINTS[0]])], ids=str
)
def test_a_point_is_a_prompt_however_it_is_given(prompts):
    (request,) = prompts_of(prompts, None, UTM).requests
    assert (request.points, request.labels, request.box) == ((POINTS[0],), (1,), None)


def test_numbers_are_in_the_crs_that_is_given():
    (request,) = prompts_of((15.0, 45.0), None, UTM, given_crs="EPSG:4326").requests
    assert request.points[0] == pytest.approx((500000, 4982950.4), abs=0.1)


def test_a_file_in_another_crs_is_transformed(tmp_path):
    path = tmp_path / "clicks.gpkg"
    frame(*map(shapely.Point, POINTS), name=["a", "b"]).to_crs("EPSG:3857").to_file(path)
    found = prompts_of(path, None, UTM)
    assert [request.points[0] for request in found.requests] == [
        pytest.approx(each, abs=1e-3) for each in POINTS
    ]
    assert found.rows["name"].tolist() == ["a", "b"]


def test_polygons_and_boxes_are_bounding_boxes():
    triangle = shapely.Polygon([(0, 0), (4, 0), (0, 3)])
    (of_polygon,) = prompts_of(frame(triangle), None, UTM).requests
    (of_box,) = prompts_of(None, (0, 0, 4, 3), UTM).requests
    assert of_polygon == of_box
    assert of_box.box == (0, 0, 4, 3)


def test_points_of_one_feature_are_one_object():
    (request,) = prompts_of(shapely.MultiPoint(POINTS), None, UTM).requests
    assert request.points == tuple(POINTS)


def test_equal_ids_are_one_object_with_labels():
    layer = frame(
        point(1, 1),
        point(2, 2),
        point(3, 3),
        point(4, 4),
        id=["a", "b", "a", None],
        label=[1, 1, 0, 1],
    )
    first, second, third = prompts_of(
        layer, None, UTM, object_field="id", label_field="label"
    ).requests
    assert (first.points, first.labels) == (((1, 1), (3, 3)), (1, 0))
    assert second.points == ((2, 2),)
    assert third.points == ((4, 4),)


def test_a_point_goes_with_the_smallest_box_around_it():
    boxes = [(0, 0, 10, 10), (0, 0, 100, 100), (200, 200, 210, 210)]
    found = prompts_of([(5, 5), (50, 50), (500, 500)], boxes, UTM)
    asked = {request.box: request.points for request in found.requests}
    assert asked == {
        (0, 0, 10, 10): ((5, 5),),
        (0, 0, 100, 100): ((50, 50),),
        None: ((500, 500),),
        (200, 200, 210, 210): (),
    }


def test_what_cannot_be_asked_has_a_reason():
    layer = frame(None, shapely.LineString([(0, 0), (5, 0)]), point(1, 1), label=[1, 1, 0])
    found = prompts_of(layer, None, UTM, label_field="label")
    assert not found.requests
    assert list(found.problems) == [0, 1, 2]
    assert (found.problems[1], found.problems[2]) == (FLAT_BOX, BACKGROUND_ONLY)


def test_no_prompt_is_an_error():
    with pytest.raises(ContractError, match="There is no prompt: give prompts or boxes"):
        prompts_of(None, None, UTM)


@pytest.mark.parametrize("value", ["a", (1, 2, 3), [("x", "y")]], ids=str)
def test_what_is_no_layer_is_an_error(value):
    with pytest.raises((ContractError, LayerError), match="prompts"):
        prompts_of(value, None, UTM)


def test_a_missing_column_and_a_wrong_label_are_errors():
    layer = frame(point(1, 1), label=[2])
    with pytest.raises(ContractError, match="prompts has no column id: its columns are label"):
        prompts_of(layer, None, UTM, object_field="id")
    with pytest.raises(ContractError, match=r"Invalid label \(2\)"):
        prompts_of(layer, None, UTM, label_field="label")


def test_a_layer_without_a_crs_is_an_error():
    with pytest.raises(LayerError, match="prompts has no CRS"):
        prompts_of(frame(point(1, 1), crs=None), None, UTM)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.tuples(st.floats(12.1, 17.9), st.floats(-79, 79), st.booleans()), min_size=1, max_size=8
    )
)
def test_every_row_is_asked_or_has_a_reason(rows):
    shapes = [
        shapely.box(x, y, x + 0.01, y + 0.01) if wide else shapely.Point(x, y)
        for x, y, wide in rows
    ]
    found = prompts_of(frame(*shapes, crs="EPSG:4326"), None, UTM)
    assert len(found.rows) == len(rows)
    keys = {request.key for request in found.requests}
    assert keys.isdisjoint(found.problems)
    assert keys | set(found.problems) == set(range(len(rows)))
    for request in found.requests:
        assert (request.box is None) == (not rows[request.key][2])
