"""Which features make which objects; no engine at work."""

import math
import random
from typing import Any, Optional

import pytest

pytest.importorskip("qgis.core")

from qgis.core import (
    NULL,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransformContext,
    QgsField,
    QgsFields,
    QgsGeometry,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeatureSource,
    QgsRectangle,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QByteArray, QDate, QDateTime, QTime, QVariant

from geosam_processing.algorithms.layers.prompt_groups import PromptGroups
from geosam_processing.algorithms.layers.prompt_objects import (
    as_in_layer,
    group_by_box,
    group_by_id,
)
from geosam_processing.algorithms.layers.prompts import PromptFeature, PromptReader
from geosam_processing.algorithms.layers.sinks import own_fields
from tests.algorithms.scene import box_wkt, memory_layer

pytestmark = pytest.mark.usefixtures("qgis_application")

TARGET = "EPSG:32632"


def source_of(layer: QgsVectorLayer) -> QgsProcessingFeatureSource:
    return QgsProcessingFeatureSource(layer, QgsProcessingContext())


def read(layer: QgsVectorLayer, **fields: str) -> list[Any]:
    target = QgsCoordinateReferenceSystem(TARGET)
    transforms = QgsCoordinateTransformContext()
    return list(PromptReader(source_of(layer), "PROMPTS", target, transforms, **fields))


def test_points_multipoints_lines_and_polygons() -> None:
    (point,) = read(memory_layer("Point", [("POINT (1 2)", "a")]))
    assert (point.points, point.box, point.label) == (((1.0, 2.0),), None, 1)
    (several,) = read(memory_layer("MultiPoint", [("MULTIPOINT ((1 2), (3 4))", "a")]))
    assert several.points == ((1.0, 2.0), (3.0, 4.0))
    (line,) = read(memory_layer("LineString", [("LINESTRING (1 2, 5 9, 3 4)", "a")]))
    assert (line.points, line.box) == ((), (1.0, 2.0, 5.0, 9.0))
    bow_tie = "POLYGON ((0 0, 4 4, 4 0, 0 4, 0 0))"
    (polygon,) = read(memory_layer("Polygon", [(bow_tie, "a")]))
    assert polygon.box == (0.0, 0.0, 4.0, 4.0)


def test_what_cannot_be_a_prompt_has_a_problem() -> None:
    empty, flat = read(memory_layer("LineString", [(None, "a"), ("LINESTRING (1 2, 5 2)", "b")]))
    assert "no geometry" in empty.problem and "no area" in flat.problem and flat.box is None
    (away,) = read(memory_layer("Point", [("POINT (9 95)", "a")], crs="EPSG:4326"))
    assert "EPSG:4326" in away.problem and not away.points


@pytest.mark.parametrize(
    ("kind", "value", "label"),
    [
        ("integer", 0, 0),
        ("integer", 1, 1),
        ("double", 1.0, 1),
        ("string", "0", 0),
        ("integer", 2, None),
        ("integer", None, None),
        ("string", "tree", None),
        ("double", 0.5, None),
    ],
)
def test_labels(kind: str, value: Any, label: Any) -> None:
    layer = memory_layer("Point", [("POINT (1 2)", value)], fields=f"label:{kind}")
    (prompt,) = read(layer, label_field="label")
    if label is None:
        assert "use 1 for foreground and 0 for background" in prompt.problem
        assert not prompt.points
    else:
        assert (prompt.problem, prompt.label) == ("", label)


def test_box_in_another_crs_is_the_box_around_the_transformed_one() -> None:
    layer = memory_layer("Polygon", [(box_wkt((8, 45, 10, 46)), "a")], crs="EPSG:4326")
    (prompt,) = read(layer)
    # The lower edge bends below its ends: its lowest point is on the central meridian, 9.
    x_minimum, y_minimum, x_maximum, _ = prompt.box
    (middle,) = read(memory_layer("Point", [("POINT (9 45)", "a")], crs="EPSG:4326"))
    assert math.isclose(y_minimum, middle.points[0][1], abs_tol=5)
    assert math.isclose(x_minimum + x_maximum, 1_000_000, abs_tol=1)


def test_layer_without_crs_geometry_or_field() -> None:
    with pytest.raises(QgsProcessingException, match="PROMPTS .* has no CRS"):
        read(memory_layer("Point", [("POINT (1 2)", "a")], crs=""))
    table = QgsVectorLayer("None?field=name:string", "table", "memory")
    with pytest.raises(QgsProcessingException, match="PROMPTS .* has no geometry"):
        read(table)
    with pytest.raises(QgsProcessingException, match=r"LABEL_FIELD \(x\): .* are name"):
        read(memory_layer("Point", [("POINT (1 2)", "a")]), label_field="x")


def test_same_object_id_is_one_object_whatever_its_type() -> None:
    points = memory_layer(
        "Point",
        [("POINT (1 1)", 1), ("POINT (2 2)", 2), ("POINT (3 3)", 1), ("POINT (4 4)", None)],
        fields="id:integer",
    )
    boxes = memory_layer("Polygon", [(box_wkt((0, 0, 9, 9)), "2")], fields="id:string")
    objects = list(group_by_id([*read(points, object_field="id"), *read(boxes, object_field="id")]))
    prompts = [each.prompt(key) for key, each in enumerate(objects)]
    assert [prompt.points for prompt in prompts] == [
        ((1.0, 1.0), (3.0, 3.0)),
        ((2.0, 2.0),),
        ((4.0, 4.0),),
    ]
    assert [prompt.box for prompt in prompts] == [None, (0.0, 0.0, 9.0, 9.0), None]


@pytest.mark.parametrize(
    ("kind", "values", "count"),
    [
        ("string", ["", "", " "], 3),
        ("string", ["17", "17.0", "17.00", "017"], 2),
        ("string", ["-0", "0"], 2),
        ("double", [math.nan, math.nan, 17.0, 17.0, 0.5], 4),
    ],
)
def test_object_ids_that_name_none_and_numbers(kind: str, values: list[Any], count: int) -> None:
    rows = [("POINT (1 1)", value) for value in values]
    layer = memory_layer("Point", rows, fields=f"id:{kind}")
    assert len(list(group_by_id(read(layer, object_field="id")))) == count


@pytest.mark.parametrize(
    ("west", "east", "prompt", "moved"),
    [
        (300, 301, -59.5, 300.5),
        (179, 181, -179.5, 180.5),
        (-60, -59, 300.5, -59.5),
        (-180, 180, 179.0, 179.0),
        (300, 301, 10.0, 10.0),
    ],
)
def test_prompts_a_circle_away_are_moved(
    west: float, east: float, prompt: float, moved: float
) -> None:
    crs = QgsCoordinateReferenceSystem("EPSG:4326")
    points = memory_layer("Point", [(f"POINT ({prompt} 10)", "a")], crs="EPSG:4326")
    box = box_wkt((prompt - 0.1, 9, prompt + 0.1, 11))
    boxes = memory_layer("Polygon", [(box, "a")], crs="EPSG:4326")
    extent = QgsRectangle(west, 0, east, 20)
    found = []
    for layer in (points, boxes):
        reader = PromptReader(
            source_of(layer), "PROMPTS", crs, QgsCoordinateTransformContext(), extent=extent
        )
        found += list(reader)
    assert found[0].points[0] == pytest.approx((moved, 10.0))
    assert found[1].box == pytest.approx((moved - 0.1, 9, moved + 0.1, 11))


def test_prompts_on_a_plan_have_no_place_on_the_earth() -> None:
    layer = memory_layer("Point", [("POINT (1 1)", "a")])
    plan = QgsCoordinateReferenceSystem.fromWkt('LOCAL_CS["Site plan",UNIT["metre",1]]')
    layer.setCrs(plan)
    with pytest.raises(QgsProcessingException, match=r"PROMPTS \(prompts\) is in a CRS"):
        read(layer)


def test_boxes_take_the_points_that_lie_in_them() -> None:
    points = read(
        memory_layer(
            "Point",
            [("POINT (5 5)", "a"), ("POINT (6 6)", "b"), ("POINT (50 50)", "c"), (None, "d")],
        )
    )
    boxes = read(
        memory_layer(
            "Polygon",
            [
                (box_wkt((-100, -100, 20, 20)), "large"),
                (box_wkt((0, 0, 10, 10)), "small"),
            ],
        )
    )
    objects = group_by_box(points, [each.box for each in boxes], boxes)
    names = [[feature.attributes[0] for feature in each.features] for each in objects]
    assert names == [["a", "b", "small"], ["c"], ["d"], ["large"]]


ATTRIBUTES = [
    *(None, True, -7, 2**40, 0.1, "Höhe", "", "\ud800", QByteArray(b"\x00\xff"), ["a", "b"]),
    *({"a": [1, None]}, QDate(2026, 11, 27), QTime(7, 8, 9, 10)),
    QDateTime(QDate(2026, 11, 27), QTime(7, 8)),
]


def test_what_waits_in_the_database_comes_back_as_it_was() -> None:
    polygon = QgsGeometry.fromWkt("PolygonZ ((0 0 1, 4 0 2, 4 4 3, 0 0 1))")
    given = [
        PromptFeature(ATTRIBUTES, polygon, "a", box=(0.1, 0.2, 4.0, 4.0)),
        PromptFeature([], QgsGeometry(), "b", problem="Höhe \ud800"),
        PromptFeature([NULL], polygon, "a", points=((0.1, 1e300), (-3.0, 4.0)), label=0),
    ]
    with PromptGroups() as groups:
        for feature in given:
            groups.add(feature, feature.object_id)
        (first, second), (alone,) = groups.objects()
    assert first.attributes == ATTRIBUTES
    assert [type(value) for value in first.attributes] == [type(value) for value in ATTRIBUTES]
    assert first.geometry.asWkt() == polygon.asWkt() and first.box == given[0].box
    assert second.attributes == [None] and second.points == given[2].points and not second.label
    assert alone.geometry.isNull() and alone.problem == given[1].problem and alone.box is None


@pytest.mark.parametrize("seed", range(20))
def test_groups_keep_the_order_of_their_first_features(seed: int) -> None:
    generator = random.Random(seed)
    names: list[Optional[str]] = generator.choices([None, "1", "2", "ä", "\udc00"], k=seed)
    features = [PromptFeature([place], QgsGeometry(), name) for place, name in enumerate(names)]
    expected: dict[Any, list[int]] = {}
    for place, name in enumerate(names):
        expected.setdefault(place if name is None else name, []).append(place)
    found = [[each.attributes[0] for each in one.features] for one in group_by_id(features)]
    assert found == list(expected.values())


def test_full_disk_for_groups_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with PromptGroups() as groups:
        groups._database.execute("PRAGMA max_page_count = 8")
        with pytest.raises(QgsProcessingException, match="temporary file .*full.*TMPDIR"):
            for number in range(1000):
                groups.add(PromptFeature(["x" * 100], QgsGeometry()), str(number))


def test_background_points_alone_are_no_object() -> None:
    layer = memory_layer("Point", [("POINT (1 1)", 0)], fields="label:integer")
    (point,) = read(layer, label_field="label")
    (alone,) = group_by_id([point])
    assert alone.background_only
    (box,) = read(memory_layer("Polygon", [(box_wkt((0, 0, 9, 9)), "a")]))
    (known,) = group_by_box([point], [box.box], [box])
    assert not known.background_only
    assert known.prompt(0).labels == (0,)


def test_boxes_in_a_layer_of_points_are_their_centres() -> None:
    points = memory_layer("Point", [("POINT (1 1)", 7, "a")], fields="number:integer,name:string")
    boxes = memory_layer(
        "Polygon", [(box_wkt((0, 0, 4, 4)), "8", "x")], fields="number:string,other:string"
    )
    (box,) = as_in_layer(
        read(boxes), source_of(boxes), source_of(points), QgsCoordinateTransformContext()
    )
    assert box.geometry.asWkt() == "Point (2 2)"
    assert box.attributes == [8, None]
    assert box.box == (0.0, 0.0, 4.0, 4.0)


def test_our_fields_make_way() -> None:
    taken = QgsFields()
    for name in ("Score", "score_2", "name"):
        taken.append(QgsField(name, QVariant.Int))
    fields = own_fields(taken, [("score", QVariant.Double), ("model", QVariant.String)])
    assert fields.names() == ["Score", "score_2", "name", "score_3", "model"]
