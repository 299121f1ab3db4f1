"""``geosam:cleanoutlines``."""

from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("qgis.core")

from qgis.core import QgsGeometry, QgsProcessingException, QgsVectorLayer

from tests.algorithms.scene import EPSG, LEFT, TOP, Run, box_wkt, image, memory_layer, write_raster

pytestmark = pytest.mark.usefixtures("qgis_application")

FIELDS = "name:string,block:string"
# A house of 20 by 12 meters along pixels of one meter, with noise.
STEPS = "20 0, 20 11, 19 11, 19 12, 10 12, 10 13, 7 13, 7 12, 0 12, 0 5, 1 5, 1 3, 0 3"


def wkt(points: str, x: float = 0.0) -> str:
    pairs = [tuple(map(float, point.split())) for point in points.split(", ")]
    ring = ", ".join(f"{LEFT + x + px} {TOP - 20 + py}" for px, py in [*pairs, pairs[0]])
    return f"POLYGON (({ring}))"


def houses() -> QgsVectorLayer:
    rows = [
        (wkt(f"0 0, {STEPS}"), "noisy", "a"),
        (None, "nothing", "a"),
        (wkt("0 0, 10 10, 10 0, 0 10", 100), "bow tie", None),
        (wkt("0 0, 30 0, 30 30, 0 30", 200), "square", "b"),
    ]
    return memory_layer("Polygon", rows, FIELDS)


def clean(**parameters: Any) -> Run:
    values = {"INPUT": houses(), "OUTPUT": "memory:", "TOLERANCE": 2.5, **parameters}
    return Run("geosam:cleanoutlines", values)


def test_a_noisy_house_gets_four_walls() -> None:
    run = clean()
    rows = run.rows("OUTPUT")
    assert [row["name"] for row in rows] == ["noisy", "nothing", "bow tie", "square"]
    house, nothing, bow_tie, square = rows
    assert house["method"] == "right angles" and house["changed"]
    assert house.geometry().constGet().nCoordinates() == 5
    assert 0 < house["moved_m"] <= 2.5
    assert house["iou_before"] > 0.9 and abs(house["area_change"]) < 5
    assert not nothing.hasGeometry() and not nothing["changed"]
    assert bow_tie.geometry().isGeosValid() and bow_tie["moved_m"] <= 2.5
    assert square.geometry().isGeosEqual(QgsGeometry.fromWkt(wkt("0 0, 30 0, 30 30, 0 30", 200)))
    results = run.results
    assert results["REPAIRED_COUNT"] == 1 and results["UNUSABLE_COUNT"] == 1
    counts = ("CLEANED_COUNT", "SIMPLIFIED_COUNT", "UNCHANGED_COUNT", "UNUSABLE_COUNT")
    assert sum(results[key] for key in counts) == 4


@pytest.mark.parametrize("kind", ["fields", "curves", "as they are"])
def test_every_kind_of_object_keeps_the_rows(kind: str) -> None:
    rows = clean(FOR=kind, GROUP_FIELD="block").rows("OUTPUT")
    assert len(rows) == 4
    for row in rows:
        assert not row.hasGeometry() or row.geometry().isGeosValid()
        assert row["moved_m"] <= 2.5


def test_fields_that_nearly_meet_share_their_border() -> None:
    layer = memory_layer(
        "Polygon",
        [
            (box_wkt((LEFT, TOP - 50, LEFT + 50, TOP)), "west", ""),
            (box_wkt((LEFT + 51, TOP - 50, LEFT + 100, TOP)), "east", ""),
        ],
        FIELDS,
    )
    west, east = clean(INPUT=layer, FOR="fields").rows("OUTPUT")
    assert west.geometry().distance(east.geometry()) == 0
    assert west.geometry().combine(east.geometry()).area() == pytest.approx(5000, abs=5)
    assert west["method"] == east["method"] == "shared borders"
    west, east = clean(INPUT=layer, FOR="fields", GAPS=0).rows("OUTPUT")
    assert west.geometry().distance(east.geometry()) == pytest.approx(1, abs=0.01)


def test_the_raster_sets_the_tolerance(tmp_path: Path) -> None:
    raster = write_raster(tmp_path / "scene.tif", image())
    run = clean(TOLERANCE=None, RASTER=str(raster))
    # A pixel is a meter of UTM, which is 0.9996 to 1.0004 meters on the ground.
    assert "Tolerance: 2.5 m" in run.feedback.lines
    assert "Tolerance: 1 m" in clean(TOLERANCE=None).feedback.lines
    segmented = memory_layer(
        "Polygon", [(wkt(f"0 0, {STEPS}"), 0.6), (wkt(f"0 0, {STEPS}"), 1.2)], "resolution_m:double"
    )
    assert "Tolerance: 1.5 m" in clean(INPUT=segmented, TOLERANCE=None).feedback.lines


def test_a_file_and_its_own_fields_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "clean.gpkg"
    layer = memory_layer(
        "Polygon", [(wkt(f"0 0, {STEPS}"), "mine")], "method:string", crs=f"EPSG:{EPSG}"
    )
    clean(INPUT=layer, OUTPUT=str(path))
    written = QgsVectorLayer(str(path), "", "ogr")
    (row,) = written.getFeatures()
    assert row["method"] == "mine" and row["method_2"] == "right angles"


@pytest.mark.parametrize(
    ("parameters", "problem"),
    [
        ({"TOLERANCE": 0}, "Invalid tolerance of outlines (0 m)"),
        ({"TOLERANCE": 1, "GAPS": 3}, "Invalid width of gaps (3 m). Give 0 up to the tolerance"),
    ],
)
def test_values_that_cannot_be_are_refused(parameters: dict[str, Any], problem: str) -> None:
    with pytest.raises(QgsProcessingException) as raised:
        clean(**parameters)
    assert problem in str(raised.value)
