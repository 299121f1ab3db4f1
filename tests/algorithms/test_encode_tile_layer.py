"""Tiles of a real server into features, and polygons from them in the right place."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy
import pytest

pytest.importorskip("qgis.core")

from osgeo import gdal, osr
from qgis.core import QgsProcessingException, QgsRasterLayer

from geosam_processing.contract.file_lock import FileLock
from tests.algorithms.scene import Run, box_wkt, image, iou, memory_layer
from tests.algorithms.tile_server import WORLD, TileServer, tile_bounds

pytestmark = pytest.mark.usefixtures("qgis_application")

ZOOM = 18
# Two patches of the bundled model, at 60 degrees north; not at the corner of a tile.
X, Y = 141500, 75900
WIDTH, HEIGHT = 640, 512
SHIFT_X, SHIFT_Y = 37, 91  # pixels from the corner of tile X, Y
PIXEL = 2 * WORLD / 2**ZOOM / 256
LEFT = tile_bounds(ZOOM, X, Y)[0] + SHIFT_X * PIXEL
TOP = tile_bounds(ZOOM, X, Y)[3] - SHIFT_Y * PIXEL
EXTENT = f"{LEFT},{LEFT + WIDTH * PIXEL},{TOP - HEIGHT * PIXEL},{TOP} [EPSG:3857]"
RANGE = "40,225"
SQUARES = ((80, 80, 100), (300, 60, 120), (120, 300, 140), (460, 320, 110))


def map_box(square: tuple[int, int, int]) -> tuple[float, float, float, float]:
    """A square's xmin, ymin, xmax, ymax in EPSG:3857."""
    column, row, side = square
    left, top = LEFT + column * PIXEL, TOP - row * PIXEL
    return left, top - side * PIXEL, left + side * PIXEL, top


def tile_of_scene(zoom: int, x: int, y: int) -> numpy.ndarray:
    """uint8 [3, 256, 256] of the scene, which lies on grey."""
    assert zoom == ZOOM
    values = numpy.full((3, 2048, 2048), 47, numpy.uint8)
    values[:, 512 + SHIFT_Y :, 512 + SHIFT_X :][:, :HEIGHT, :WIDTH] = image()
    column, row = 256 * (x - X + 2), 256 * (y - Y + 2)
    if not (0 <= column < 2048 and 0 <= row < 2048):
        return values[:, :256, :256]
    return values[:, row : row + 256, column : column + 256]


@pytest.fixture(scope="module")
def server() -> Iterator[TileServer]:
    server = TileServer(tile_of_scene)
    yield server
    server.close()


@pytest.fixture(scope="module")
def layer(qgis_application: Any, server: TileServer) -> QgsRasterLayer:
    return QgsRasterLayer(server.uri(), "map", "wms")


def encode(layer: Any, folder: Path, **parameters: Any) -> Run:
    given = {"INPUT": layer, "ZOOM": ZOOM, "EXTENT": EXTENT, "OUTPUT": str(folder)}
    given.update(parameters)
    given = {key: value for key, value in given.items() if value is not None}
    return Run("geosam:encodetilelayer", {"DEVICE": False, **given})


def prompts() -> Any:
    rows = [(box_wkt(map_box(square)), f"s{number}") for number, square in enumerate(SQUARES)]
    return memory_layer("Polygon", rows, crs="EPSG:3857")


def segment(features: str) -> list[Any]:
    run = Run(
        "geosam:segmentprompts",
        {"FEATURES": features, "PROMPTS": prompts(), "OUTPUT": "memory:", "DEVICE": False},
    )
    return sorted(run.rows("OUTPUT"), key=lambda row: row["name"])


@pytest.fixture(scope="module")
def encoded(layer: QgsRasterLayer, tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("tiles")
    return encode(
        layer,
        folder / "features",
        RASTER=str(folder / "seen.tif"),
        PATCHES="memory:",
        RANGE=RANGE,
    )


def test_sees_the_scene_pixel_for_pixel(encoded: Run) -> None:
    dataset = gdal.Open(encoded.results["RASTER"])
    values = dataset.ReadAsArray()
    assert numpy.array_equal(values[:3], image())
    assert values[3].min() == 255
    assert dataset.GetGeoTransform()[0] == pytest.approx(LEFT, abs=1e-6)
    assert dataset.GetGeoTransform()[3] == pytest.approx(TOP, abs=1e-6)
    assert encoded.results["TILE_COUNT"] == 9
    assert encoded.results["MISSING_SHARE"] == 0
    assert encoded.results["PATCH_COUNT"] == len(encoded.rows("PATCHES")) == 2


def test_polygons_agree_with_those_of_the_raster(encoded: Run, tmp_path: Path) -> None:
    crs = osr.SpatialReference()
    crs.ImportFromEPSG(3857)
    raster = gdal.GetDriverByName("GTiff").Create(str(tmp_path / "r.tif"), WIDTH, HEIGHT, 3)
    raster.SetGeoTransform((LEFT, PIXEL, 0, TOP, 0, -PIXEL))
    raster.SetProjection(crs.ExportToWkt())
    raster.WriteArray(image())
    raster = None
    run = Run(
        "geosam:encoderaster",
        {
            "INPUT": str(tmp_path / "r.tif"),
            "OUTPUT": str(tmp_path / "features"),
            "RANGE": RANGE,
            "DEVICE": False,
        },
    )
    of_tiles, of_raster = segment(encoded.results["OUTPUT"]), segment(run.results["OUTPUT"])
    assert len(of_tiles) == len(of_raster) == len(SQUARES)
    for mine, other, square in zip(of_tiles, of_raster, SQUARES):
        shape, twin = mine.geometry(), other.geometry()
        assert shape.intersection(twin).area() / shape.combine(twin).area() >= 0.97
        assert iou(shape, map_box(square)) > 0.6


def test_second_run_fetches_and_encodes_nothing(
    encoded: Run, layer: QgsRasterLayer, server: TileServer
) -> None:
    before = len(server.requests)
    again = encode(layer, Path(encoded.results["OUTPUT"]), RANGE=RANGE)
    assert len(server.requests) == before
    assert again.results["REUSED_COUNT"] == again.results["PATCH_COUNT"] == 2
    assert again.results["TILE_COUNT"] == 9
    assert any("earlier run" in line for line in again.feedback.lines)


def test_surroundings_of_prompts(layer: QgsRasterLayer, tmp_path: Path) -> None:
    run = encode(
        layer,
        tmp_path / "features",
        EXTENT=None,
        PROMPTS=prompts(),
        SURROUNDINGS=50,
        RASTER=str(tmp_path / "seen.tif"),
    )
    seen = gdal.Open(run.results["RASTER"])
    columns = [edge for column, _, side in SQUARES for edge in (column, column + side)]
    rows = [edge for _, row, side in SQUARES for edge in (row, row + side)]
    assert seen.RasterXSize == pytest.approx(max(columns) - min(columns) + 100, abs=1)
    assert seen.RasterYSize == pytest.approx(max(rows) - min(rows) + 100, abs=1)
    assert seen.GetGeoTransform()[0] == pytest.approx(LEFT + (min(columns) - 50) * PIXEL, abs=1)


def test_prompts_without_a_place_are_said(layer: QgsRasterLayer, tmp_path: Path) -> None:
    """The pole is not on the map."""
    for rows, crs, text in (
        ([("POINT (15 60)", "a")], "", "has no CRS"),
        ([(None, "a")], "EPSG:4326", "no point and no box"),
        ([("POINT (15 90)", "b")], "EPSG:4326", r"\(1669792\.362,1669792\.362,\d"),
    ):
        nowhere = memory_layer("Point", rows, crs=crs)
        with pytest.raises(QgsProcessingException, match=text):
            encode(layer, tmp_path / "features", EXTENT=None, PROMPTS=nowhere)


def test_resolution_is_on_the_ground(layer: QgsRasterLayer, tmp_path: Path) -> None:
    """Tiles of this level have 0.3 m a pixel here, though 0.6 m on the map."""
    run = encode(
        layer,
        tmp_path / "a",
        ZOOM=None,
        RESOLUTION=0.2986,
        RASTER=str(tmp_path / "a.tif"),
    )
    assert gdal.Open(run.results["RASTER"]).GetGeoTransform()[1] == pytest.approx(PIXEL)
    run = encode(layer, tmp_path / "b", ZOOM=None, RESOLUTION=0.5)
    # 191 x 153 m on the ground fit into one patch of 512 pixels; twice that on the map do not.
    assert run.results["PATCH_COUNT"] == 1
    tiles = next((tmp_path / "b").glob("tiles_*.tif"))
    assert gdal.Open(str(tiles)).GetGeoTransform()[1] == pytest.approx(PIXEL)


def test_missing_tiles_are_told_and_by_choice_an_error(tmp_path: Path) -> None:
    server = TileServer(tile_of_scene)
    server.faults = {(X + 1, Y + 1): 404}
    layer = QgsRasterLayer(server.uri(), "holes", "wms")
    run = encode(layer, tmp_path / "a")
    assert run.results["MISSING_SHARE"] == pytest.approx(256 * 256 / (WIDTH * HEIGHT), rel=0.01)
    assert "1 x HTTP 404" in run.feedback.warnings[0]
    again = encode(layer, tmp_path / "a")
    assert again.results["MISSING_SHARE"] == run.results["MISSING_SHARE"]
    assert again.results["REUSED_COUNT"] == again.results["PATCH_COUNT"]
    with pytest.raises(QgsProcessingException, match=r"HTTP 404.*MISSING=mask"):
        encode(layer, tmp_path / "b", MISSING="error")
    server.faults = {}
    with pytest.raises(QgsProcessingException, match=r"lacks tiles .*HTTP 404.*another OUTPUT"):
        encode(layer, tmp_path / "a", MISSING="error")
    assert encode(layer, tmp_path / "a").results["REUSED_COUNT"] == run.results["PATCH_COUNT"]
    server.close()


def test_goes_on_after_a_cancelled_download(tmp_path: Path) -> None:
    server = TileServer(lambda zoom, x, y: numpy.full((3, 256, 256), (x + y) % 200, numpy.uint8))
    server.delay = 0.02
    layer = QgsRasterLayer(server.uri(), "slow", "wms")
    left, bottom, right, top = tile_bounds(ZOOM, X, Y, 12, 8)
    extent = f"{left},{right},{bottom},{top} [EPSG:3857]"
    parameters = {
        "INPUT": layer,
        "ZOOM": ZOOM,
        "EXTENT": extent,
        "OUTPUT": str(tmp_path / "f"),
        "STRIDE": 512,
        "DEVICE": False,
    }
    stopped = Run("geosam:encodetilelayer", parameters, cancel_at=15)
    assert "MANIFEST" not in stopped.results
    asked = len(server.requests)
    assert 16 <= asked < 12 * 8
    finished = Run("geosam:encodetilelayer", parameters, cancel_at=51)
    assert "TILE_COUNT" in finished.results
    assert len(server.requests) <= 12 * 8 + 16
    assert not list((tmp_path / "f").glob("*.parts"))
    server.close()


def test_authentication_by_qgis(tmp_path: Path, login: str) -> None:
    server = TileServer(tile_of_scene, password="someone:secret")
    allowed = QgsRasterLayer(server.uri(authcfg=login), "private", "wms")
    run = encode(allowed, tmp_path / "a")
    assert run.results["MISSING_SHARE"] == 0
    for path in (tmp_path / "a").rglob("*.json"):
        assert "secret" not in path.read_text()
    server.close()
    server = TileServer(tile_of_scene, password="someone:secret")
    with pytest.raises(QgsProcessingException, match="HTTP 401"):
        encode(QgsRasterLayer(server.uri(), "private", "wms"), tmp_path / "b")
    server.close()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"EXTENT": None}, "Give EXTENT or PROMPTS"),
        ({"ZOOM": None}, "Give ZOOM or RESOLUTION"),
        ({"RESOLUTION": 1.0}, "leave one empty"),
        ({"ZOOM": 21}, r"Invalid ZOOM \(21\).*0 to 19"),
        ({"MAX_TILES": 8}, r"needs 9 tiles .* MAX_TILES \(8\)"),
        ({"EXTENT": "3e7,3.1e7,0,1e5 [EPSG:3857]"}, "no area within"),
        ({"RASTER": "/tmp/seen.png"}, r"let it end in \.tif"),
    ],
)
def test_says_what_to_do(
    layer: QgsRasterLayer, tmp_path: Path, changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(QgsProcessingException, match=message):
        encode(layer, tmp_path / "f", **changes)
    assert not (tmp_path / "f").exists() or not os.listdir(tmp_path / "f")


def test_an_address_is_no_name(server: TileServer) -> None:
    """QGIS 3.40 names a layer of a command so; the key in it must not get into files."""
    from geosam_processing.algorithms.layers.inputs import layer_folder_name
    from geosam_processing.qgis_tools.crs import layer_title

    uri = server.uri("{z}/{x}/{y}.png?key%3Dhidden")
    layer = QgsRasterLayer(uri, uri, "wms")
    assert layer_title(layer) == layer_folder_name(layer) == "wms"
    layer.setName("Zoom = 18")
    assert layer_title(layer) == "Zoom = 18"


def test_a_file_is_for_the_other_algorithm(raster: Path, tmp_path: Path) -> None:
    with pytest.raises(QgsProcessingException, match="geosam:encoderaster"):
        encode(str(raster), tmp_path / "f")


def test_second_run_in_one_folder_is_refused(layer: QgsRasterLayer, tmp_path: Path) -> None:
    lock = FileLock(tmp_path / ".geosam-tiles.lock")
    assert lock.take()
    with pytest.raises(QgsProcessingException, match="Another run is fetching tiles into"):
        encode(layer, tmp_path)
    lock.release()
    assert encode(layer, tmp_path).results["PATCH_COUNT"] > 0
    assert not list(tmp_path.glob(".geosam*"))
