"""``geosam:segmentlive`` on files and what QGIS computes, and the algorithms of its cache."""

import resource
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("qgis.core")

from qgis.core import (
    QgsGeometry,
    QgsProcessingException,
    QgsRasterLayer,
    QgsVectorLayer,
)

from tests.algorithms.live_runs import counts, segment
from tests.algorithms.scene import (
    EPSG,
    HEIGHT,
    LEFT,
    SQUARES,
    TOP,
    WIDTH,
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

pytestmark = pytest.mark.usefixtures("qgis_application", "cache_folder")

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


@pytest.fixture
def boxes() -> QgsVectorLayer:
    return memory_layer(
        "Polygon", [(box_wkt(map_box(square)), f"s{i}") for i, square in enumerate(SQUARES)]
    )


def test_boxes_become_polygons_and_the_second_run_encodes_nothing(
    raster: Path, boxes: QgsVectorLayer, cache_folder: Path
) -> None:
    run = segment(str(raster), PROMPTS=boxes)
    encoded, cached = counts(run)
    assert encoded > 0 and cached == 0
    assert (run.results["OBJECT_COUNT"], run.results["UNANSWERED_COUNT"]) == (4, 0)
    layer = run.layer("OUTPUT")
    assert layer.fields().names() == ["name", *OWN]
    assert layer.crs().authid() == f"EPSG:{EPSG}"
    for row in run.rows("OUTPUT"):
        assert iou(row.geometry(), map_box(SQUARES[int(row["name"][1:])])) > 0.6
        assert row["resolution_m"] == pytest.approx(1, rel=1e-3)
    assert len(list(cache_folder.glob("geosam_*.npz"))) == encoded
    again = segment(str(raster), PROMPTS=boxes)
    assert counts(again) == (0, encoded)
    require_same_objects(run, again)


def test_one_object_by_a_point_or_a_box_or_both(raster: Path) -> None:
    square = SQUARES[1]
    x, y = centre(square)
    left, bottom, right, top = map_box(square)
    box = f"{left},{right},{bottom},{top} [EPSG:{EPSG}]"
    for parameters, points in (
        ({"POINT": f"{x},{y}"}, 1),
        ({"EXTENT": box}, 0),
        ({"EXTENT": box, "POINT": f"{x},{y} [EPSG:{EPSG}]"}, 1),
    ):
        run = segment(str(raster), **parameters)
        (row,) = run.rows("OUTPUT")
        assert row["foreground_points"] == points
        assert run.layer("OUTPUT").fields().names() == OWN
        if "EXTENT" in parameters:
            assert iou(row.geometry(), map_box(square)) > 0.6
        else:
            assert row.geometry().contains(QgsGeometry.fromWkt(point_wkt(x, y)))


def test_a_point_outside_gets_a_reason(raster: Path) -> None:
    run = segment(str(raster), POINT=f"{LEFT - 500},{TOP}")
    assert run.results["OBJECT_COUNT"] == 0
    (row,) = run.rows("UNANSWERED")
    assert "outside the raster" in row["reason"]


@pytest.mark.parametrize(
    ("parameters", "text"),
    [
        ({}, "There is no prompt"),
        ({"POINT": "1,1", "PROMPTS": "prompts"}, "PROMPTS and POINT"),
        ({"POINT": "1,1", "ZOOM": 12}, "no zoom levels"),
        ({"POINT": "1,1", "ZOOM": 12, "RESOLUTION": 2}, "leave one empty"),
        ({"POINT": "1,1", "BANDS": "9"}, "valid values for the input raster are 1 to 3"),
        ({"POINT": "1,1", "RANGE": "9,3"}, "Invalid value range"),
        ({"POINT": "1,1", "ATTEMPTS": 99}, "ATTEMPTS"),
    ],
)
def test_wrong_input_is_one_sentence(
    raster: Path, boxes: QgsVectorLayer, parameters: dict[str, Any], text: str
) -> None:
    if "PROMPTS" in parameters:
        parameters["PROMPTS"] = boxes
    feedback = Feedback()
    with pytest.raises(QgsProcessingException) as raised:
        segment(str(raster), feedback, **parameters)
    assert text in "\n".join([str(raised.value), *feedback.errors])


def test_a_layer_that_cannot_be_opened_says_so() -> None:
    layer = QgsRasterLayer("gone.tif", "gone")
    with pytest.raises(QgsProcessingException, match=r"INPUT \(gone\) cannot be opened"):
        segment(layer, POINT="1,1")


def test_cancelling_keeps_what_is_done(
    raster: Path, boxes: QgsVectorLayer, cache_folder: Path
) -> None:
    run = segment(str(raster), PROMPTS=boxes, BATCH_SIZE=1, cancel_at=20)
    assert 0 < run.results["OBJECT_COUNT"] <= 4
    assert "ENCODED_COUNT" not in run.results, "it was not told, so 0 would be wrong"
    assert list(cache_folder.glob("geosam_*.npz"))


@pytest.mark.parametrize("name", ["objects.gpkg", "objects.geojson"])
def test_a_full_disk_does_not_lose_polygons_silently(
    raster: Path, boxes: QgsVectorLayer, tmp_path: Path, name: str
) -> None:
    segment(str(raster), PROMPTS=boxes)  # starts the engine, which shall have its room
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        with pytest.raises(
            QgsProcessingException, match=rf"OUTPUT.*{name}.*(make room|cannot be written)"
        ):
            segment(str(raster), PROMPTS=boxes, OUTPUT=str(tmp_path / name))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    run = segment(str(raster), PROMPTS=boxes, OUTPUT=str(tmp_path / name))
    assert len(run.rows("OUTPUT")) == 4


def test_reports_and_clears_the_cache(raster: Path, cache_folder: Path) -> None:
    empty = Run("geosam:reportcache", {}).results
    assert (empty["COUNT"], empty["MEGABYTES"], empty["LIMIT_MEGABYTES"]) == (0, 0, 2048)
    assert not cache_folder.exists()
    x, y = centre(SQUARES[0])
    encoded, _ = counts(segment(str(raster), POINT=f"{x},{y}"))
    (cache_folder / "mine.npz").write_text("keep me")
    report = Run("geosam:reportcache", {}).results
    assert report["COUNT"] == encoded and report["FOLDER"] == str(cache_folder)
    assert report["MEGABYTES"] == pytest.approx(2.36 * encoded, rel=0.05)
    cleared = Run("geosam:clearcache", {}).results
    assert cleared["REMOVED_COUNT"] == encoded
    assert cleared["FREED_MEGABYTES"] == pytest.approx(report["MEGABYTES"])
    assert Run("geosam:reportcache", {}).results["COUNT"] == 0
    assert (cache_folder / "mine.npz").exists()


def computed(raster: Path) -> QgsRasterLayer:
    """A raster that QGIS computes, which the engine cannot open."""
    extent = f"{LEFT},{TOP - HEIGHT},{LEFT + WIDTH},{TOP}"
    layer = QgsRasterLayer(
        f"?crs=EPSG:{EPSG}&extent={extent}&width={WIDTH}&height={HEIGHT}"
        f'&formula="s@1" * 10&s:uri={raster}&s:provider=gdal',
        "computed",
        "virtualraster",
    )
    assert layer.isValid()
    return layer


def test_values_of_another_provider_need_a_range(raster: Path) -> None:
    layer = computed(raster)
    left, bottom, right, top = map_box(SQUARES[0])
    box = f"{left},{right},{bottom},{top}"
    with pytest.raises(QgsProcessingException, match="give a value range"):
        segment(layer, EXTENT=box)
    run = segment(layer, EXTENT=box, RANGE="0,2550")
    (row,) = run.rows("OUTPUT")
    assert iou(row.geometry(), map_box(SQUARES[0])) > 0.6
    assert row["resolution_m"] == pytest.approx(1, rel=1e-3)
    run = segment(layer, EXTENT=box, RANGE="0,2550", RESOLUTION=0.9, ATTEMPTS=1)
    (row,) = run.rows("OUTPUT")
    assert row["resolution_m"] == pytest.approx(0.9, rel=1e-3)


def test_a_virtual_raster_whose_file_changed_is_not_found_in_the_cache(tmp_path: Path) -> None:
    x, y = centre(SQUARES[0])
    for bright in (True, False):
        values = image() if bright else 255 - image()
        raster = write_raster(tmp_path / "source.tif", values)
        for expected in ((1, 0), (0, 1)):
            run = segment(computed(raster), POINT=f"{x},{y}", RANGE="0,2550", ATTEMPTS=1)
            assert counts(run) == expected
