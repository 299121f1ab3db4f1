"""``geosam:promptsfromraster``."""

from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("qgis.core")

from qgis.core import QgsGeometry, QgsProcessingException

from tests.algorithms.scene import (
    LEFT,
    SQUARES,
    TOP,
    Run,
    box_wkt,
    image,
    iou,
    map_box,
    memory_layer,
    write_raster,
)

pytestmark = pytest.mark.usefixtures("qgis_application")

# In the order of the scene's rows.
IN_ORDER = sorted(SQUARES, key=lambda square: square[1])


def prompts(**parameters: Any) -> Run:
    values = {"POINTS": "memory:", "BOXES": "memory:", **parameters}
    return Run("geosam:promptsfromraster", values)


def test_prompts_of_a_raster_go_straight_into_segment_from_prompts(
    raster: Path, features: str
) -> None:
    found = prompts(INPUT=str(raster), POSITIVE=3, NEGATIVE=2, PADDING=0, MIN_AREA=100)
    assert found.results["OBJECT_COUNT"] == len(SQUARES)
    assert found.results["POINT_COUNT"] == 5 * len(SQUARES) == len(found.rows("POINTS"))
    assert 56 < found.results["THRESHOLD_USED"] <= 210
    boxes = found.rows("BOXES")
    assert [row["object"] for row in boxes] == [1, 2, 3, 4]
    for row, square in zip(boxes, IN_ORDER):
        assert row.geometry().isGeosEqual(QgsGeometry.fromWkt(box_wkt(map_box(square))))
        assert row["area_m2"] == pytest.approx(square[2] ** 2, rel=1e-3)
        square_geometry = QgsGeometry.fromWkt(box_wkt(map_box(square)))
        for point in found.rows("POINTS"):
            if point["object"] == row["object"]:
                assert square_geometry.contains(point.geometry()) == (point["label"] == 1)
    segments = Run(
        "geosam:segmentprompts",
        {
            "FEATURES": features,
            "PROMPTS": found.layer("POINTS"),
            "BOXES": found.layer("BOXES"),
            "OBJECT_FIELD": "object",
            "LABEL_FIELD": "label",
            "OUTPUT": "memory:",
        },
    )
    assert segments.results["UNANSWERED_COUNT"] == 0
    rows = {row["object"]: row for row in segments.rows("OUTPUT")}
    assert len(rows) == len(SQUARES)
    for number, square in enumerate(IN_ORDER, start=1):
        row = rows[number]
        assert (row["foreground_points"], row["background_points"]) == (3, 2)
        assert iou(row.geometry(), map_box(square)) > 0.7


def test_an_extent_and_the_values_of_a_mask(tmp_path: Path) -> None:
    mask = (image(1) > 100).astype("uint8")
    path = str(write_raster(tmp_path / "mask.tif", mask, nodata=0))
    left, bottom, right, top = map_box(SQUARES[0])
    extent = f"{left - 10},{right + 10},{bottom - 10},{top + 10} [EPSG:32632]"
    run = prompts(INPUT=path, METHOD="between", RANGE="1,1", EXTENT=extent, BOXES=None)
    assert run.results["OBJECT_COUNT"] == 1 and "BOXES" not in run.results
    assert run.results["THRESHOLD_USED"] is None


def test_polygons_keep_their_ids_and_their_crs(tmp_path: Path) -> None:
    layer = memory_layer(
        "Polygon",
        [
            (box_wkt((LEFT, TOP - 50, LEFT + 50, TOP)), "lake"),
            (None, "nothing"),
            (box_wkt((LEFT + 60, TOP - 5, LEFT + 65, TOP)), "pond"),
        ],
    )
    run = prompts(POLYGONS=layer, MIN_AREA=100, PADDING=0, PADDING_METERS=10)
    (box,) = run.rows("BOXES")
    assert box["object"] == next(layer.getFeatures()).id()
    assert box.geometry().boundingBox().width() == pytest.approx(70, abs=0.02)
    assert run.results["SMALL_COUNT"] == 1
    assert run.layer("POINTS").crs() == layer.crs()
    assert "Features without an area, which get no prompts: 1" in run.feedback.warnings
    nothing = prompts(POLYGONS=layer, MIN_AREA=1e6)
    assert nothing.results["OBJECT_COUNT"] == 0 == len(nothing.rows("POINTS"))
    assert any(text.startswith("There is no object") for text in nothing.feedback.warnings)


@pytest.mark.parametrize(
    ("parameters", "problem"),
    [
        ({}, "Give INPUT or POLYGONS, but not both"),
        ({"METHOD": "between"}, "No range of values is given"),
        ({"BAND": 7}, "(7)"),
        ({"MIN_AREA": 9, "MAX_AREA": 8}, "Invalid maximum area (8.0 m2)"),
    ],
)
def test_values_that_cannot_be_are_refused(
    raster: Path, parameters: dict[str, Any], problem: str
) -> None:
    given = {"INPUT": str(raster), **parameters} if parameters else {}
    with pytest.raises(QgsProcessingException) as raised:
        prompts(**given)
    assert problem in str(raised.value)
