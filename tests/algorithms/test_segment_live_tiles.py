"""``geosam:segmentlive`` on tiles, and on the raster that they were cut from."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy
import pytest

pytest.importorskip("qgis.core")

from osgeo import gdal
from qgis.core import (
    QgsProcessingException,
    QgsRasterLayer,
    QgsVectorLayer,
)

from tests.algorithms.live_runs import counts, segment
from tests.algorithms.scene import (
    SQUARES,
    Feedback,
    agreement,
    box_wkt,
    image,
    iou,
    memory_layer,
    point_wkt,
    require_same_objects,
    write_raster,
)
from tests.algorithms.tile_server import TileServer, tile_bounds

pytestmark = pytest.mark.usefixtures("qgis_application", "cache_folder")


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
    require_same_objects(run, again)


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
