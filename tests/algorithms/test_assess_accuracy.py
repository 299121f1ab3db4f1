"""``geosam:assessaccuracy``."""

from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("qgis.core")

from qgis.core import (
    NULL,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsProcessingException,
    QgsProject,
    QgsVectorLayer,
)

from tests.algorithms.scene import EPSG, LEFT, TOP, Feedback, Run, box_wkt, memory_layer

pytestmark = pytest.mark.usefixtures("qgis_application")

FIELDS = "name:string,score:double,class:string"
BOW_TIE = (
    f"POLYGON (({LEFT} {TOP}, {LEFT + 10} {TOP + 10}, {LEFT + 10} {TOP}, {LEFT} {TOP + 10}, "
    f"{LEFT} {TOP}))"
)


def square(x: float, width: float = 10) -> str:
    return box_wkt((LEFT + x, TOP, LEFT + x + width, TOP + 10))


def objects() -> QgsVectorLayer:
    """One that fits, one shifted by a meter, one of another class, one far away."""
    return memory_layer(
        "Polygon",
        [
            (square(0), "fits", 0.9, "tree"),
            (square(51), "shifted", 0.8, "tree"),
            (square(100), "other", 0.7, "pond"),
            (square(900), "away", 0.6, "tree"),
        ],
        FIELDS,
    )


def reference() -> QgsVectorLayer:
    return memory_layer(
        "Polygon",
        [(square(x), f"r{x}", kind) for x, kind in ((0, "tree"), (50, "tree"), (100, "tree"))],
        "label:string,kind:string",
    )


def assess(**parameters: Any) -> Run:
    values = {
        "OBJECTS": objects(),
        "REFERENCE": reference(),
        "TABLE": "memory:",
        "MATCHES": "memory:",
        "MISSED": "memory:",
        "FALSE_ALARMS": "memory:",
        "SPLITS": "memory:",
        **parameters,
    }
    given = {key: value for key, value in values.items() if value is not None}
    return Run("geosam:assessaccuracy", given)


def test_figures_and_layers_tell_what_matches() -> None:
    run = assess()
    results = run.results
    counts = (results["OBJECT_COUNT"], results["REFERENCE_COUNT"], results["MATCHED_COUNT"])
    assert counts == (4, 3, 3)
    assert (results["PRECISION"], results["RECALL"]) == (0.75, 1)
    assert results["F1"] == pytest.approx(6 / 7)
    assert results["MEAN_IOU"] == pytest.approx((2 + 90 / 110) / 3, abs=1e-4)
    assert results["SHIFT_EAST"] == pytest.approx(1 / 3, abs=1e-3)
    assert results["AREA_BIAS"] == pytest.approx(100 / 3, abs=1e-3)
    assert results["AP"] is None
    assert run.names("MATCHES") == ["fits", "shifted", "other"]
    assert [row["reference_id"] for row in run.rows("MATCHES")] == [1, 2, 3]
    shifted = run.rows("MATCHES")[1]
    assert shifted["iou"] == pytest.approx(90 / 110, abs=1e-4)
    assert shifted["shift_east_m"] == pytest.approx(1, abs=1e-3)
    assert shifted["shift_north_m"] == pytest.approx(0, abs=1e-3)
    assert shifted["object_area_m2"] == pytest.approx(100, rel=1e-2)
    assert run.layer("MATCHES").crs().authid() == f"EPSG:{EPSG}"
    assert run.rows("MISSED") == []
    (away,) = run.rows("FALSE_ALARMS")
    assert (away["name"], away["best_iou"], away["best_reference_id"]) == ("away", 0, NULL)
    assert away["inside_share"] == 1
    assert "3 of 4 objects match one of 3 references" in run.feedback.lines


def test_classes_and_scores_add_rows_and_average_precision() -> None:
    run = assess(SCORE_FIELD="score", CLASS_FIELD="class", REFERENCE_CLASS_FIELD="kind")
    assert run.results["MATCHED_COUNT"] == 2
    rows = {(row["kind"], row["name"]): row for row in run.rows("TABLE")}
    assert [key for key in rows if key[0] != "size"] == [
        ("all", ""), ("class", "pond"), ("class", "tree"),
    ]  # fmt: skip
    tree = rows["class", "tree"]
    assert (tree["objects"], tree["references"], tree["matched"]) == (3, 3, 2)
    assert tree["ap50"] == pytest.approx(67 / 101)
    assert rows["class", "pond"]["recall"] == NULL
    assert run.results["AP50"] == pytest.approx(67 / 101)
    (missed,) = run.rows("MISSED")
    assert (missed["label"], missed["best_object_id"]) == ("r100", 3)
    assert missed["best_iou"] == pytest.approx(1, abs=1e-4)


def test_classes_of_numbers_and_texts_are_the_same() -> None:
    """A field of numbers in one layer and of texts in the other."""
    numbers = memory_layer("Polygon", [(square(0), 1), (square(50), 2)], "code:integer")
    texts = memory_layer("Polygon", [(square(0), "1"), (square(50), "3")], "code:string")
    run = assess(OBJECTS=numbers, REFERENCE=texts, CLASS_FIELD="code", REFERENCE_CLASS_FIELD="code")
    assert run.results["MATCHED_COUNT"] == 1
    names = [row["name"] for row in run.rows("TABLE") if row["kind"] == "class"]
    assert names == ["1", "2", "3"]


def test_size_limits_part_the_table() -> None:
    run = assess(SIZE_LIMITS="50, 200")
    sizes = [(row["name"], row["references"]) for row in run.rows("TABLE")][1:]
    assert sizes == [("below 50 m²", 0), ("50 to 200 m²", 3), ("200 m² and more", 0)]


def test_assessed_area_weighs_what_it_cuts() -> None:
    """Half of the second reference, and four tenths of its object, are inside."""
    area = memory_layer("Polygon", [(square(-20, 75), "area")])
    run = assess(AREA=area)
    assert run.results["OUTSIDE_COUNT"] == 3
    assert run.results["PRECISION"] == run.results["RECALL"] == 1
    assert run.results["MEAN_IOU"] == pytest.approx((1 + 0.8 * 0.45) / 1.45, abs=1e-3)


def test_splits_and_merges_are_in_one_layer() -> None:
    halves = memory_layer(
        "Polygon", [(square(0, 5), "a"), (square(5, 5), "b"), (square(200, 20), "c")]
    )
    two = memory_layer("Polygon", [(square(x), "r") for x in (0, 200, 210)])
    run = assess(OBJECTS=halves, REFERENCE=two)
    assert (run.results["SPLIT_COUNT"], run.results["MERGED_COUNT"]) == (1, 1)
    assert [row.attributes() for row in run.rows("SPLITS")] == [
        ["split", 1, 2, "1, 2"],
        ["merged", 3, 2, "2, 3"],
    ]
    assert run.rows("SPLITS")[1].geometry().area() == pytest.approx(200)


def test_layers_may_have_different_crs() -> None:
    """The reference in degrees, in which merged objects also come."""
    degrees = QgsCoordinateReferenceSystem("EPSG:4326")
    crs = QgsCoordinateReferenceSystem(f"EPSG:{EPSG}")
    transform = QgsCoordinateTransform(crs, degrees, QgsProject.instance())
    rows = []
    for x in (0, 50, 100):
        geometry = next(memory_layer("Polygon", [(square(x), "")]).getFeatures()).geometry()
        geometry.transform(transform)
        rows.append((geometry.asWkt(12), "r"))
    run = assess(REFERENCE=memory_layer("Polygon", rows, crs="EPSG:4326"))
    assert run.results["MEAN_IOU"] == pytest.approx((2 + 90 / 110) / 3, abs=1e-4)
    assert run.layer("SPLITS").crs() == degrees


def test_invalid_and_empty_geometries_are_counted() -> None:
    broken = memory_layer("Polygon", [(BOW_TIE, "bow tie"), (None, "none"), (square(50), "good")])
    run = assess(OBJECTS=broken)
    results = run.results
    assert (results["REPAIRED_COUNT"], results["UNUSABLE_COUNT"]) == (1, 1)
    assert results["MATCHED_COUNT"] == 2
    assert run.feedback.warnings == [
        "Objects with an invalid geometry, which was repaired: 1",
        "Objects without an area, which do not count: 1 (ids 2)",
    ]


def test_curved_polygons_are_compared() -> None:
    circle = (
        f"CURVEPOLYGON (CIRCULARSTRING ({LEFT} {TOP + 5}, {LEFT + 5} {TOP + 10}, "
        f"{LEFT + 10} {TOP + 5}, {LEFT + 5} {TOP}, {LEFT} {TOP + 5}))"
    )
    run = assess(OBJECTS=memory_layer("CurvePolygon", [(circle, "round")]))
    assert run.rows("MATCHES")[0]["iou"] == pytest.approx(3.14159 / 4, abs=1e-3)


def test_page_and_files_are_written(tmp_path: Path, raster: Path) -> None:
    page = tmp_path / "page.html"
    matches = tmp_path / "matches.gpkg"
    run = assess(PAGE=str(page), RASTER=str(raster), MATCHES=str(matches), SPLITS=None)
    assert run.results["PAGE"] == str(page)
    assert "SPLITS" not in run.results
    text = page.read_text(encoding="utf-8")
    assert "3 of 4 objects match one of 3 references" in text and "data:image/jpeg" in text
    assert QgsVectorLayer(str(matches)).featureCount() == 3


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"CLASS_FIELD": "class"}, "Only one of CLASS_FIELD"),
        ({"SIZE_LIMITS": "a,b"}, r"Invalid SIZE_LIMITS \(a,b\)"),
        ({"SIZE_LIMITS": "50,20"}, r"Invalid size limits \(50, 20\)"),
        ({"BOUNDARY_TOLERANCE": 0}, "Invalid boundary tolerance"),
    ],
)
def test_parameters_that_make_no_sense_are_refused(
    parameters: dict[str, Any], message: str
) -> None:
    with pytest.raises(QgsProcessingException, match=message):
        assess(**parameters)


def test_layer_without_crs_is_refused() -> None:
    with pytest.raises(QgsProcessingException, match=r"REFERENCE .* has no CRS"):
        assess(REFERENCE=memory_layer("Polygon", [(square(0), "r")], crs=""))


def test_cancelled_run_says_so() -> None:
    feedback = Feedback()
    feedback.cancel()
    run = Run(
        "geosam:assessaccuracy",
        {"OBJECTS": objects(), "REFERENCE": reference()},
        feedback=feedback,
    )
    assert "MATCHED_COUNT" not in run.results
    assert any("ancelled" in line for line in feedback.lines)
