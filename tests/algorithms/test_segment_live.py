"""``geosam:segmentlive`` on a file and on tiles cut from it, and the algorithms of its cache."""

import re
import resource
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy
import pytest

pytest.importorskip("qgis.core")

from osgeo import gdal
from qgis.core import (
    QgsGeometry,
    QgsProcessingException,
    QgsRasterLayer,
    QgsVectorLayer,
)

from tests.algorithms.scene import (
    EPSG,
    HEIGHT,
    LEFT,
    SQUARES,
    TOP,
    WIDTH,
    Feedback,
    Run,
    agreement,
    box_wkt,
    centre,
    image,
    iou,
    map_box,
    memory_layer,
    point_wkt,
    write_raster,
)
from tests.algorithms.tile_server import TileServer, tile_bounds

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
]


@pytest.fixture(autouse=True)
def cache_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "live"
    monkeypatch.setenv("GEOSAM_CACHE_FOLDER", str(folder))
    return folder


def segment(layer: Any, feedback: Any = None, cancel_at: Any = None, **parameters: Any) -> Run:
    return Run(
        "geosam:segmentlive",
        {
            "INPUT": layer,
            "DEVICE": False,
            "OUTPUT": "memory:",
            "UNANSWERED": "memory:",
            **parameters,
        },
        cancel_at,
        feedback,
    )


def counts(run: Run) -> tuple[int, int]:
    return run.results["ENCODED_COUNT"], run.results["CACHED_COUNT"]


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
    for row, other in zip(run.rows("OUTPUT"), again.rows("OUTPUT")):
        assert row["name"] == other["name"]
        # another engine may choose other linear layers: equal but for the last bits
        assert row["score"] == pytest.approx(other["score"], abs=1e-5)
        assert agreement(row.geometry(), other.geometry()) > 0.999


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
        ({"POINT": "1,1", "RANGE": "9,3"}, "Invalid RANGE"),
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
        with pytest.raises(QgsProcessingException, match=r"OUTPUT.*make room|create dest"):
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
    assert report["MEGABYTES"] == pytest.approx(0.52 * encoded, rel=0.05)
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
    with pytest.raises(QgsProcessingException, match="give RANGE"):
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


# A block of tiles near Oslo, at 60 degrees north.
ZOOM, COLUMN, ROW = 17, 69_450, 38_090
SIDE = 3  # tiles
EDGE = 256 * SIDE


@pytest.fixture(scope="module")
def picture() -> numpy.ndarray:
    """uint8 [3, EDGE, EDGE]: the squares on a larger dark ground."""
    values = numpy.random.default_rng(2).integers(40, 56, (3, EDGE, EDGE)).astype(numpy.uint8)
    inner = image()
    values[:, 128 : 128 + inner.shape[1], 64 : 64 + inner.shape[2]] = inner
    return values


@pytest.fixture
def server(picture: numpy.ndarray) -> Iterator[TileServer]:
    """Serves the picture at ZOOM, averages of it at coarser levels, and black around it."""

    def pixels(zoom: int, x: int, y: int) -> numpy.ndarray:
        factor = 2 ** (ZOOM - zoom)
        tile = numpy.full((3, 256, 256), 45, numpy.uint8)
        left, top = (x * factor - COLUMN) * 256, (y * factor - ROW) * 256
        rows = (top + factor * numpy.arange(256), left + factor * numpy.arange(256))
        good = [(part >= 0) & (part < EDGE) for part in rows]
        if good[0].any() and good[1].any():
            inside = numpy.ix_(range(3), good[0].nonzero()[0], good[1].nonzero()[0])
            tile[inside] = picture[numpy.ix_(range(3), rows[0][good[0]], rows[1][good[1]])]
        return tile

    served = TileServer(pixels)
    yield served
    served.close()


def tile_box(square: tuple[int, int, int]) -> tuple[float, float, float, float]:
    """A square of the picture in EPSG:3857."""
    column, row, side = square
    left, bottom, right, _ = tile_bounds(ZOOM, COLUMN, ROW, SIDE, SIDE)
    top = tile_bounds(ZOOM, COLUMN, ROW)[3]
    pixel = (right - left) / EDGE
    x, y = left + (column + 64) * pixel, top - (row + 128) * pixel
    return x, y - side * pixel, x + side * pixel, y


@pytest.fixture
def tile_boxes() -> QgsVectorLayer:
    rows = [(box_wkt(tile_box(square)), f"s{i}") for i, square in enumerate(SQUARES)]
    return memory_layer("Polygon", rows, crs="EPSG:3857")


def tile_layer(server: TileServer, **options: Any) -> QgsRasterLayer:
    layer = QgsRasterLayer(server.uri(zmax=ZOOM, **options), "tiles", "wms")
    assert layer.isValid()
    return layer


def cut(picture: numpy.ndarray, path: Path) -> Path:
    """The raster that the tiles were cut from."""
    write_raster(path, picture, epsg=3857)
    left, _, right, top = tile_bounds(ZOOM, COLUMN, ROW, SIDE, SIDE)
    pixel = (right - left) / EDGE
    dataset = gdal.Open(str(path), gdal.GA_Update)
    dataset.SetGeoTransform((left, pixel, 0, tile_bounds(ZOOM, COLUMN, ROW)[3], 0, -pixel))
    return path


def test_tiles_and_the_raster_they_were_cut_from_agree_at_60_degrees_north(
    server: TileServer, tile_boxes: QgsVectorLayer, picture: numpy.ndarray, tmp_path: Path
) -> None:
    layer = tile_layer(server)
    run = segment(layer, PROMPTS=tile_boxes)
    assert (run.results["OBJECT_COUNT"], run.results["UNANSWERED_COUNT"]) == (4, 0)
    assert run.layer("OUTPUT").crs().authid() == "EPSG:3857"
    direct = segment(str(cut(picture, tmp_path / "cut.tif")), PROMPTS=tile_boxes)
    others = {row["name"]: row for row in direct.rows("OUTPUT")}
    for row in run.rows("OUTPUT"):
        name = row["name"]
        assert iou(row.geometry(), tile_box(SQUARES[int(name[1:])])) > 0.6
        assert agreement(row.geometry(), others[name].geometry()) >= 0.97, name
        # A pixel of 1.19 Mercator metres is 0.6 metres here.
        assert row["resolution_m"] == pytest.approx(0.597, rel=0.01)
        assert row["area_m2"] == pytest.approx(row.geometry().area() / 4, rel=0.02)
    asked = len(server.requests)
    again = segment(layer, PROMPTS=tile_boxes)
    assert counts(again) == (0, counts(run)[0])
    assert len(server.requests) == asked
    assert [row.attributes() for row in sorted(again.rows("OUTPUT"), key=lambda r: r["name"])] == [
        row.attributes() for row in sorted(run.rows("OUTPUT"), key=lambda r: r["name"])
    ]


def test_zoom_and_resolution_of_a_tile_layer(
    server: TileServer, tile_boxes: QgsVectorLayer
) -> None:
    layer = tile_layer(server)
    for parameters in ({"ZOOM": ZOOM - 1}, {"RESOLUTION": 1.18}):
        run = segment(layer, PROMPTS=tile_boxes, **parameters)
        assert run.results["OBJECT_COUNT"] == 4
        for row in run.rows("OUTPUT"):
            assert row["resolution_m"] == pytest.approx(1.194, rel=0.01)
            assert iou(row.geometry(), tile_box(SQUARES[int(row["name"][1:])])) > 0.5


def test_metres_are_those_on_the_ground_at_a_click(server: TileServer) -> None:
    left, bottom, right, top = tile_box(SQUARES[1])
    point = f"{(left + right) / 2},{(bottom + top) / 2}"
    run = segment(tile_layer(server), POINT=point, RESOLUTION=0.6, ATTEMPTS=1)
    (row,) = run.rows("OUTPUT")
    assert row["resolution_m"] == pytest.approx(0.597, rel=0.01)
    away = segment(tile_layer(server), POINT="0,9e9", RESOLUTION=0.6)
    assert away.results["UNANSWERED_COUNT"] == 1


def test_missing_tiles_are_said_and_their_patch_is_not_kept(
    server: TileServer, tile_boxes: QgsVectorLayer, cache_folder: Path
) -> None:
    server.faults[(COLUMN + 1, ROW + 1)] = 404
    run = segment(tile_layer(server), PROMPTS=tile_boxes)
    answered = run.results["OBJECT_COUNT"] + run.results["UNANSWERED_COUNT"]
    assert answered == 4
    assert any(
        re.match(r"Tiles are missing in patch \d of \d: 1 x HTTP 404", line)
        for line in run.feedback.warnings
    )
    kept = len(list(cache_folder.glob("geosam_*.npz")))
    assert kept < run.results["ENCODED_COUNT"]


def test_a_server_that_is_down_is_a_reason(server: TileServer) -> None:
    layer = tile_layer(server)
    server.faults = {
        (x, y): 404 for x in range(COLUMN - 9, COLUMN + 9) for y in range(ROW - 9, ROW + 9)
    }
    x_minimum, y_minimum, _, _ = tile_box(SQUARES[0])
    run = segment(layer, POINT=f"{x_minimum + 20},{y_minimum + 20}")
    assert run.results["UNANSWERED_COUNT"] == 1
    (row,) = run.rows("UNANSWERED")
    assert "404" in row["reason"]
    run = segment(layer, POINT=f"{x_minimum + 20},{y_minimum + 20}", UNANSWERED=None)
    assert any(
        line.startswith("Prompts without a polygon: 1 (1 x ") for line in run.feedback.warnings
    )


def test_too_many_tiles_name_the_number_and_the_parameter(
    server: TileServer, tile_boxes: QgsVectorLayer
) -> None:
    asked = len(server.requests)
    with pytest.raises(QgsProcessingException, match=r"at least \d+ tiles.*MAX_TILES \(2\)"):
        segment(tile_layer(server), PROMPTS=tile_boxes, MAX_TILES=2)
    assert len(server.requests) == asked
    with pytest.raises(QgsProcessingException, match="valid values for the layer tiles are 0 to"):
        segment(tile_layer(server), PROMPTS=tile_boxes, ZOOM=22)


def test_tiles_are_counted_before_the_first_is_fetched_and_each_once(server: TileServer) -> None:
    """More patches than a round fetches, which share most of their tiles."""
    left, bottom, right, top = tile_bounds(ZOOM, COLUMN, ROW, 16, 16)
    places = [
        (left + (right - left) * (i + 0.5) / 8, bottom + (top - bottom) * (j + 0.5) / 8)
        for i in range(8)
        for j in range(8)
    ]
    points = memory_layer("Point", [(point_wkt(*place), "p") for place in places], crs="EPSG:3857")
    with pytest.raises(QgsProcessingException, match=r"at least \d+ tiles") as raised:
        segment(tile_layer(server), PROMPTS=points, MAX_TILES=200)
    assert not server.requests
    needed = int(re.search(r"at least (\d+) tiles", str(raised.value))[1])  # type: ignore[index]
    assert 200 < needed <= 18 * 18


def test_progress_counts_the_prompts_of_all_rounds(
    server: TileServer, tile_boxes: QgsVectorLayer
) -> None:
    run = segment(tile_layer(server), PROMPTS=tile_boxes)
    said = [line for line in run.feedback.lines if "prompts answered" in line]
    assert said and all(line.endswith("of 4 prompts answered") for line in said)
    encoded, _ = counts(run)
    assert f"Patches encoded: {encoded}; from the cache: 0" in run.feedback.lines


def test_cancelling_a_download_ends_soon(server: TileServer, tile_boxes: QgsVectorLayer) -> None:
    layer = tile_layer(server)
    server.delay = 0.2
    feedback = Feedback()

    def stop_at_fetching(text: str) -> None:
        if "Fetching" in text:
            feedback.cancel()

    feedback.setProgressText = stop_at_fetching  # type: ignore[method-assign]
    run = segment(layer, feedback, PROMPTS=tile_boxes)
    assert run.results["OBJECT_COUNT"] == 0
    assert any("Cancelled" in line for line in feedback.lines)
