"""``geosam:segmentprompts`` on the features of a scene of bright squares."""

import shutil
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("qgis.core")

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCoordinateTransformContext,
    QgsGeometry,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsRectangle,
    QgsVectorFileWriter,
    QgsVectorLayer,
    QgsWkbTypes,
)

from geosam_processing.algorithms.layers.prompts import PromptFeature
from geosam_processing.contract.errors import EngineCancelled
from tests.algorithms.scene import (
    EPSG,
    LEFT,
    SQUARES,
    TOP,
    Feedback,
    Run,
    box_wkt,
    centre,
    image,
    iou,
    map_box,
    memory_layer,
    point_wkt,
    require_same_objects,
    write_raster,
)

pytestmark = pytest.mark.usefixtures("qgis_application")

OWN = [
    "score",
    "stability",
    "area_m2",
    "foreground_points",
    "background_points",
    "chip_id",
    "model",
    "touches_edge",
    "resolution_m",
    "contrast",
]


def segment(
    features: str, prompts: Any, cancel_at: Any = None, feedback: Any = None, **parameters: Any
) -> Run:
    """``feedback``: a list that gets the progress."""
    heard = None
    if feedback is not None:
        heard = Feedback()
        heard.progressChanged.connect(feedback.append)
    return Run(
        "geosam:segmentprompts",
        {
            "FEATURES": features,
            "PROMPTS": prompts,
            "DEVICE": False,
            "OUTPUT": "memory:",
            "UNANSWERED": "memory:",
            **parameters,
        },
        cancel_at,
        heard,
    )


def counts(run: Run) -> tuple[int, int]:
    return run.results["OBJECT_COUNT"], run.results["UNANSWERED_COUNT"]


def reasons(run: Run) -> dict[Any, str]:
    return {row["name"]: row["reason"] for row in run.rows("UNANSWERED")}


@pytest.fixture
def boxes() -> QgsVectorLayer:
    return memory_layer(
        "Polygon", [(box_wkt(map_box(square)), f"s{i}") for i, square in enumerate(SQUARES)]
    )


@pytest.fixture
def points() -> QgsVectorLayer:
    return memory_layer(
        "Point", [(point_wkt(*centre(square)), f"s{i}") for i, square in enumerate(SQUARES)]
    )


def geographic(layer: QgsVectorLayer) -> QgsVectorLayer:
    """A copy in longitude and latitude."""
    kind = QgsWkbTypes.displayString(layer.wkbType())
    transform = QgsCoordinateTransform(
        layer.crs(), QgsCoordinateReferenceSystem("EPSG:4326"), QgsCoordinateTransformContext()
    )
    rows = []
    for feature in layer.getFeatures():
        geometry = feature.geometry()
        geometry.transform(transform)
        rows.append((geometry.asWkt(12), feature["name"]))
    return memory_layer(kind, rows, crs="EPSG:4326")


def test_boxes_become_polygons_with_all_attributes(features: str, boxes: QgsVectorLayer) -> None:
    run = segment(features, boxes)
    assert counts(run) == (4, 0)
    layer = run.layer("OUTPUT")
    assert layer.fields().names() == ["name", *OWN]
    assert layer.crs().authid() == f"EPSG:{EPSG}"
    assert layer.wkbType() == QgsWkbTypes.Type.MultiPolygon
    for row in run.rows("OUTPUT"):
        square = SQUARES[int(row["name"][1:])]
        assert iou(row.geometry(), map_box(square)) > 0.6
        assert 0 < row["score"] <= 1.1 and 0 < row["stability"] <= 1
        assert row["area_m2"] == pytest.approx(row.geometry().area(), rel=0.01)
        assert (row["foreground_points"], row["background_points"]) == (0, 0)
        assert row["chip_id"].startswith("chip_00000") and row["model"] == "geosam_nano"
        assert row["touches_edge"] is False


def test_prompts_in_another_crs_give_the_same(
    features: str, points: QgsVectorLayer, boxes: QgsVectorLayer
) -> None:
    here, there = (segment(features, layer) for layer in (points, geographic(points)))
    assert counts(here) == counts(there) == (4, 0)
    polygons = {row["name"]: row.geometry() for row in here.rows("OUTPUT")}
    for row in there.rows("OUTPUT"):
        assert row.geometry().intersection(polygons[row["name"]]).area() == pytest.approx(
            polygons[row["name"]].area(), rel=0.01
        )
    run = segment(features, geographic(boxes))
    assert counts(run) == (4, 0)
    for row in run.rows("OUTPUT"):
        assert iou(row.geometry(), map_box(SQUARES[int(row["name"][1:])])) > 0.6


def test_every_prompt_gets_a_polygon_or_a_reason(features: str) -> None:
    inside = point_wkt(*centre(SQUARES[0]))
    prompts = memory_layer(
        "Point",
        [
            (inside, "good", 1),
            (inside, "label", 3),
            (inside, "null", None),
            (inside, "background", 0),
            (None, "empty", 1),
            (point_wkt(LEFT - 5000, TOP), "outside", 1),
        ],
        fields="name:string,label:integer",
    )
    run = segment(features, prompts, LABEL_FIELD="label")
    assert run.names("OUTPUT") == ["good"]
    assert counts(run) == (1, 5)
    texts = reasons(run)
    assert sorted(texts) == ["background", "empty", "label", "null", "outside"]
    assert "Invalid label (3)" in texts["label"] and "Invalid label (NULL)" in texts["null"]
    assert "background points only" in texts["background"]
    assert "no geometry" in texts["empty"]
    assert texts["outside"].startswith("It lies outside every patch")
    unanswered = run.layer("UNANSWERED")
    assert unanswered.crs().authid() == f"EPSG:{EPSG}"
    assert unanswered.wkbType() == QgsWkbTypes.Type.Point


def test_points_with_one_id_are_one_object(features: str) -> None:
    x, y = centre(SQUARES[1])
    prompts = memory_layer(
        "Point",
        [
            (point_wkt(x, y), "first", 7, 1),
            (point_wkt(x + 30, y), "second", 7, 1),
            (point_wkt(x + 90, y), "beside", 7, 0),
            (point_wkt(*centre(SQUARES[0])), "alone", None, 1),
        ],
        fields="name:string,object:integer,label:integer",
    )
    boxes = memory_layer("Polygon", [(box_wkt(map_box(SQUARES[1])), "7")], fields="object:string")
    fields = {"OBJECT_FIELD": "object", "LABEL_FIELD": "label"}
    for more in ({}, {"BOXES": boxes}):
        run = segment(features, prompts, **fields, **more)
        assert counts(run) == (2, 0)
        rows = {row["name"]: row for row in run.rows("OUTPUT")}
        assert sorted(rows) == ["alone", "first"]
        first = rows["first"]
        assert (first["foreground_points"], first["background_points"]) == (2, 1)
    assert iou(first.geometry(), map_box(SQUARES[1])) > 0.6


def test_boxes_go_with_the_points_in_them(features: str, tmp_path: Path) -> None:
    prompts = memory_layer(
        "Point",
        [
            (point_wkt(*centre(SQUARES[0])), "in a box", 1),
            (point_wkt(*centre(SQUARES[1])), "in none", 2),
        ],
        fields="name:string,fid:integer",
    )
    rows = [
        (box_wkt(map_box(SQUARES[0])), "with", 1),
        (box_wkt(map_box(SQUARES[2])), "without", 1),
        (box_wkt((0, 0, 9, 9)), "away", 2),
    ]
    boxes = memory_layer("Polygon", rows, fields="name:string,fid:integer")
    run = segment(
        features,
        prompts,
        BOXES=boxes,
        OUTPUT=str(tmp_path / "objects.gpkg"),
        UNANSWERED=str(tmp_path / "unanswered.gpkg"),
    )
    assert counts(run) == (3, 1)
    assert sorted(run.names("OUTPUT")) == ["in a box", "in none", "without"]
    (away,) = run.rows("UNANSWERED")
    assert away["name"] == "away" and away.geometry().asWkt() == "Point (4.5 4.5)"


def test_fields_of_ours_make_way_for_the_prompts_own(features: str) -> None:
    prompts = memory_layer(
        "Point", [(point_wkt(*centre(SQUARES[0])), 42, "x")], fields="score:integer,reason:string"
    )
    run = segment(features, prompts)
    (row,) = run.rows("OUTPUT")
    assert row["score"] == 42 and 0 < row["score_2"] <= 1.1
    assert run.layer("UNANSWERED").fields().names() == ["score", "reason", "reason_2"]


def test_mask_options(features: str, points: QgsVectorLayer, boxes: QgsVectorLayer) -> None:
    run = segment(features, points, MIN_AREA=1e6)
    assert counts(run) == (0, 4)
    assert ["area" in text for text in reasons(run).values()] == [True] * 4
    assert counts(segment(features, points, MIN_SCORE=1)) in ((0, 4), (1, 3))
    areas = {}
    for masks in ("smallest", "largest", "single", "best"):
        run = segment(features, points, MASKS=masks)
        areas[masks] = {row["name"]: row["area_m2"] for row in run.rows("OUTPUT")}
    assert set(areas["smallest"]) == set(areas["largest"]) == {"s0", "s1", "s2", "s3"}
    for name in areas["largest"]:
        assert areas["smallest"][name] <= areas["largest"][name]
    vertices = []
    for simplify in (0, 1.5):
        run = segment(
            features, boxes, SIMPLIFY=simplify, LARGEST_PART=True, FILL_HOLES=1000, BATCH_SIZE=3
        )
        assert counts(run) == (4, 0)
        assert all(row.geometry().constGet().numGeometries() == 1 for row in run.rows("OUTPUT"))
        vertices.append(sum(row.geometry().constGet().nCoordinates() for row in run.rows("OUTPUT")))
    assert vertices[1] < vertices[0]


def test_smooth_outlines_have_the_same_areas(features: str, boxes: QgsVectorLayer) -> None:
    pixels, smooth = (
        segment(features, boxes, OUTLINE=outline).rows("OUTPUT") for outline in ("pixels", "smooth")
    )
    assert [row["name"] for row in pixels] == [row["name"] for row in smooth]
    for one, other in zip(pixels, smooth):
        length = one.geometry().length()
        assert abs(one["area_m2"] - other["area_m2"]) < 0.15 * length
        assert other.geometry().isGeosValid()
        # Along pixels of a meter every corner has whole coordinates.
        corner, *_ = other.geometry().vertices()
        assert any(abs(value - round(value)) > 1e-6 for value in (corner.x(), corner.y()))


def test_unanswered_is_optional_and_no_prompt_is_no_error(
    features: str, points: QgsVectorLayer
) -> None:
    run = segment(features, points, UNANSWERED=None)
    assert "UNANSWERED" not in run.results and counts(run) == (4, 0)
    assert not run.feedback.warnings
    run = segment(features, points, UNANSWERED=None, MIN_AREA=1e6)
    (warning,) = run.feedback.warnings
    assert warning.startswith("Prompts without a polygon: 4 (4 x Its area (… m2) is below"), warning
    run = segment(features, memory_layer("Point", []))
    assert counts(run) == (0, 0) and run.feedback.warnings


def test_many_prompts_and_cancellation_keeps_what_came(features: str) -> None:
    x, y = centre(SQUARES[0])
    rows = [(point_wkt(x + i % 40 - 20, y + i // 40 % 40 - 20), str(i)) for i in range(1000)]
    prompts = memory_layer("Point", rows)
    run = segment(features, prompts, cancel_at=1)
    objects, unanswered = counts(run)
    assert 1 <= objects + unanswered < 1000
    assert len(run.rows("OUTPUT")) == objects and len(run.rows("UNANSWERED")) == unanswered
    assert any("Cancelled" in line for line in run.feedback.lines)


def test_damaged_chip_leaves_the_others_answered(
    features: str, boxes: QgsVectorLayer, tmp_path: Path
) -> None:
    copy = tmp_path / "moved"
    shutil.copytree(features, copy)
    chips = sorted(copy.rglob("*.pt"))
    chips[1].write_bytes(chips[1].read_bytes()[:1000])
    run = segment(str(copy), boxes)
    objects, unanswered = counts(run)
    assert objects >= 1 and unanswered >= 1 and objects + unanswered == 4
    assert ["chip_000001" in text for text in reasons(run).values()] == [True] * unanswered
    shutil.copy(Path(features) / chips[1].relative_to(copy), chips[1])
    assert counts(segment(str(copy), boxes)) == (4, 0)


def test_bad_folders_checkpoints_and_layers_are_clear_errors(
    features: str, points: QgsVectorLayer, tmp_path: Path
) -> None:
    with pytest.raises(QgsProcessingException, match="manifest"):
        segment(str(tmp_path), points)
    with pytest.raises(QgsProcessingException, match="(?i)not there|no such|manifest|exist"):
        segment(str(tmp_path / "none"), points)
    with pytest.raises(QgsProcessingException, match="half.pt"):
        (tmp_path / "half.pt").write_bytes(b"PK\x03\x04")
        segment(features, points, CHECKPOINT=str(tmp_path / "half.pt"))
    no_crs = memory_layer("Point", [("POINT (1 2)", "a")], crs="")
    with pytest.raises(QgsProcessingException, match="PROMPTS .*has no CRS"):
        segment(features, no_crs)
    with pytest.raises(QgsProcessingException, match="BOXES .*points"):
        segment(features, points, BOXES=points)
    with pytest.raises(QgsProcessingException, match=r"LABEL_FIELD \(x\)"):
        segment(features, points, LABEL_FIELD="x")
    with pytest.raises(QgsProcessingException, match="MASKS"):
        segment(features, points, MASKS="any")


def test_prompts_from_a_file_keep_their_numbers(
    features: str, points: QgsVectorLayer, tmp_path: Path
) -> None:
    options = QgsVectorFileWriter.SaveVectorOptions()
    source = str(tmp_path / "points.gpkg")
    QgsVectorFileWriter.writeAsVectorFormatV3(
        points, source, QgsCoordinateTransformContext(), options
    )
    run = segment(features, source, OUTPUT=str(tmp_path / "objects.gpkg"), UNANSWERED=None)
    rows = {row["fid"]: row["name"] for row in run.rows("OUTPUT")}
    assert rows == {1: "s0", 2: "s1", 3: "s2", 4: "s3"}


def test_geographic_raster_with_projected_prompts(tmp_path: Path) -> None:
    """A raster in degrees: polygons land where they should, areas are in square metres."""
    from osgeo import gdal

    projected = write_raster(tmp_path / "utm.tif", image()[:, :400, :400])
    raster = str(tmp_path / "degrees.tif")
    gdal.Warp(raster, str(projected), dstSRS="EPSG:4326", resampleAlg="bilinear")
    folder = str(tmp_path / "features")
    Run("geosam:encoderaster", {"INPUT": raster, "OUTPUT": folder, "DEVICE": False})
    square = SQUARES[0]
    run = segment(folder, memory_layer("Polygon", [(box_wkt(map_box(square)), "s0")]))
    assert counts(run) == (1, 0)
    assert run.layer("OUTPUT").crs().authid() == "EPSG:4326"
    (row,) = run.rows("OUTPUT")
    geometry = row.geometry()
    geometry.transform(
        QgsCoordinateTransform(
            QgsCoordinateReferenceSystem("EPSG:4326"),
            QgsCoordinateReferenceSystem(f"EPSG:{EPSG}"),
            QgsCoordinateTransformContext(),
        )
    )
    assert iou(geometry, map_box(square)) > 0.6
    assert row["area_m2"] == pytest.approx(geometry.area(), rel=0.01)
    assert QgsRectangle(*map_box(square)).intersects(geometry.boundingBox())


def test_many_prompts_come_in_batches_as_one_run(
    features: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from geosam_processing.algorithms.layers import prompt_objects

    rows = [(point_wkt(*centre(square)), f"s{i}") for i, square in enumerate(SQUARES)]
    layer = memory_layer("Point", [*rows, (point_wkt(0, 0), "away"), (None, "empty")])
    whole = segment(features, layer)
    monkeypatch.setattr(prompt_objects, "BATCH", 2)
    progress: list[float] = []
    batches = segment(features, layer, feedback=progress)
    assert counts(batches) == counts(whole) == (4, 2)
    require_same_objects(batches, whole)
    assert reasons(batches) == reasons(whole)
    assert progress == sorted(progress) and progress[-1] <= 100 and len(progress) >= 3
    # What each call says anew is told once.
    assert len(set(batches.feedback.warnings)) == len(batches.feedback.warnings)


@pytest.mark.parametrize("fields", [{"OBJECT_FIELD": "name"}, {}])
def test_many_objects_of_several_prompts_come_in_batches(
    features: str, monkeypatch: pytest.MonkeyPatch, fields: dict[str, str]
) -> None:
    from geosam_processing.algorithms.layers import prompt_objects

    numbered = list(enumerate(SQUARES))
    points = memory_layer(
        "Point",
        # Those of an object stand far apart.
        [
            (point_wkt(x + shift, y), number)
            for shift in (0, 4)
            for number, (x, y) in ((n, centre(square)) for n, square in numbered)
        ],
        fields="name:integer",
    )
    boxes = memory_layer(
        "Polygon",
        [(box_wkt(map_box(square)), number) for number, square in reversed(numbered)],
        fields="name:integer",
    )
    whole = segment(features, points, BOXES=boxes, **fields)
    monkeypatch.setattr(prompt_objects, "BATCH", 4)
    monkeypatch.setattr(prompt_objects, "TEXT_INTERVAL", 0.0)
    monkeypatch.setattr(prompt_objects, "_LOOK", 1)
    progress: list[float] = []
    batches = segment(features, points, BOXES=boxes, feedback=progress, **fields)
    assert counts(batches) == counts(whole) == (len(SQUARES), 0)
    assert {row["foreground_points"] for row in batches.rows("OUTPUT")} == {2}
    require_same_objects(batches, whole)
    assert progress == sorted(progress) and progress[-1] <= 100
    with pytest.raises(EngineCancelled):
        stopped = QgsProcessingFeedback()
        stopped.cancel()
        list(prompt_objects._counter(stopped, 1)([PromptFeature([], QgsGeometry())]))


def test_prompts_with_unsaved_edits(features: str, points: QgsVectorLayer, tmp_path: Path) -> None:
    """A new row's number is a default of the provider, which is no value."""
    from qgis.core import QgsGeometry, QgsPointXY, QgsProject, QgsVectorLayerUtils

    source = str(tmp_path / "points.gpkg")
    QgsVectorFileWriter.writeAsVectorFormatV3(
        points, source, QgsCoordinateTransformContext(), QgsVectorFileWriter.SaveVectorOptions()
    )
    layer = QgsVectorLayer(source, "points", "ogr")
    layer.startEditing()
    drawn = QgsGeometry.fromPointXY(QgsPointXY(*centre(SQUARES[0])))
    layer.addFeature(QgsVectorLayerUtils.createFeature(layer, drawn, {}))
    QgsProject.instance().addMapLayer(layer, False)
    try:
        for output in ("memory:", str(tmp_path / "out.gpkg"), str(tmp_path / "out.shp")):
            run = segment(features, layer, OUTPUT=output, UNANSWERED=None)
            assert run.results["OBJECT_COUNT"] == 5
            assert len(run.rows("OUTPUT")) == 5
    finally:
        layer.rollBack()
        QgsProject.instance().removeMapLayer(layer)


def test_shards_answer_what_one_run_answers(features: str) -> None:
    rows = [(point_wkt(*centre(square)), f"{number}") for number, square in enumerate(SQUARES)]
    prompts = memory_layer("Point", [*rows, (point_wkt(0, 0), "far"), (None, "nothing")])
    shards = [segment(features, prompts, SHARD=f"{number}/2") for number in (2, 1)]
    for key, expected in (("OUTPUT", ["0", "1", "2", "3"]), ("UNANSWERED", ["far", "nothing"])):
        names = [run.names(key) for run in shards]
        assert sorted(names[0] + names[1]) == expected
    assert all(run.names("OUTPUT") for run in shards)
    assert "Prompts of other shards: 3" in shards[0].feedback.lines
