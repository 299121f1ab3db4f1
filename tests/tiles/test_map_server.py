"""WMS and WMTS of a real server, in CRS other than that of web maps, pixel for pixel."""

import itertools
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy
import pytest

pytest.importorskip("qgis.core")

from osgeo import gdal
from qgis.core import (
    QgsFeedback,
    QgsRasterLayer,
    QgsRectangle,
)

from geosam_processing.tiles.xyz import PROVIDER_MOVES_TILES
from tests.algorithms.map_server import (
    CORNER_X,
    CORNER_Y,
    CRS,
    FIRST_COLUMN,
    FIRST_ROW,
    LEFT,
    PIXEL,
    PROGRAM,
    TOP,
    MapServer,
    pixels,
)
from tests.algorithms.scene import Run, agreement
from tests.algorithms.tile_server import same_within_a_pixel

pytestmark = [
    pytest.mark.usefixtures("qgis_application"),
    pytest.mark.skipif(PROGRAM is None, reason="Debian's package qgis-server is not installed"),
]
EXTENT = QgsRectangle(LEFT + 100 * PIXEL, TOP - 700 * PIXEL, LEFT + 900 * PIXEL, TOP - 200 * PIXEL)


@pytest.fixture(scope="module")
def server(qgis_application: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MapServer]:
    server = MapServer(tmp_path_factory.mktemp("server"))
    yield server
    server.close()


def reader_of(uri: str) -> Any:
    from geosam_processing.tiles.reader import TileReader

    layer = QgsRasterLayer(uri, "scene", "wms")
    assert layer.isValid(), layer.error().message()
    return TileReader(layer)


def same(found: numpy.ndarray, wanted: numpy.ndarray) -> bool:
    """Exactly, or within a pixel where QGIS's provider moves tiles."""
    if PROVIDER_MOVES_TILES:
        return same_within_a_pixel(found, wanted)
    return numpy.array_equal(found, wanted)


def test_pixels_of_a_wms_are_taken_as_they_are(server: MapServer, tmp_path: Path) -> None:
    reader = reader_of(server.wms())
    extent, width, height = reader.aligned(EXTENT, PIXEL)
    assert (width, height) == (800, 500)
    report = reader.fetch(extent, width, height, str(tmp_path / "a.tif"), QgsFeedback())
    assert (report.tile_count, report.missing_share, report.problems) == (1, 0, ())
    values = gdal.Open(str(tmp_path / "a.tif")).ReadAsArray()
    assert numpy.array_equal(values[:3], pixels()[:, 200:700, 100:900])


def test_tiles_of_a_wmts_are_put_together(server: MapServer, tmp_path: Path) -> None:
    """Not compared with the raster: the server itself is off by a pixel in some tiles."""
    reader = reader_of(server.wmts())
    column, row = FIRST_COLUMN + 1, FIRST_ROW + 1
    left, top = CORNER_X + column * 256 * PIXEL, CORNER_Y - row * 256 * PIXEL
    box = QgsRectangle(left, top - 512 * PIXEL, left + 768 * PIXEL, top)
    extent, width, height = reader.aligned(box, PIXEL)
    report = reader.fetch(extent, width, height, str(tmp_path / "a.tif"), QgsFeedback())
    assert (width, height, report.tile_count) == (768, 512, 6)
    wanted = numpy.zeros((3, 512, 768), numpy.uint8)
    for x, y in itertools.product(range(3), range(2)):
        (tmp_path / "tile.png").write_bytes(server.tile(CRS, 6, column + x, row + y))
        tile = gdal.Open(str(tmp_path / "tile.png")).ReadAsArray()
        wanted[:, y * 256 : y * 256 + 256, x * 256 : x * 256 + 256] = tile[:3]
    assert same(gdal.Open(str(tmp_path / "a.tif")).ReadAsArray()[:3], wanted)


@pytest.mark.parametrize("crs", [CRS, "EPSG:3857", "EPSG:4326"])
def test_tiles_of_a_wmts_are_taken_as_they_are(server: MapServer, tmp_path: Path, crs: str) -> None:
    from geosam_processing.tiles.levels import levels_of

    reader = reader_of(server.wmts(crs))
    layer = QgsRasterLayer(server.wmts(crs), "scene", "wms")
    levels = levels_of(layer.dataProvider(), reader.crs, layer.source())
    number = 6 if crs == CRS else 16
    level, middle = levels[number], reader.extent.center()
    side = level.resolution * level.side
    column = int((middle.x() - level.left) // side)
    row = int((level.top - middle.y()) // side)
    left, top = level.left + column * side, level.top - row * side
    extent, width, height = reader.aligned(
        QgsRectangle(left, top - side, left + side, top), level.resolution
    )
    assert (width, height) == (256, 256)
    assert reader.tile_count(extent, width, height) == 1
    path = tmp_path / "a.tif"
    reader.fetch(extent, width, height, str(path), QgsFeedback())
    (tmp_path / "tile.png").write_bytes(server.tile(crs, number, column, row))
    tile = gdal.Open(str(tmp_path / "tile.png")).ReadAsArray()
    assert tile[:3].std() > 20
    assert same(gdal.Open(str(path)).ReadAsArray()[:3], tile[:3])


@pytest.mark.parametrize("service", ["wms", "wmts"])
def test_encodes_at_a_resolution_on_the_ground(
    server: MapServer, tmp_path: Path, service: str
) -> None:
    """700 metres in pixels of 1.4 are one patch."""
    run = Run(
        "geosam:encodetilelayer",
        {
            "INPUT": QgsRasterLayer(getattr(server, service)(), "scene", "wms"),
            "EXTENT": f"{LEFT},{LEFT + 700},{TOP - 700},{TOP} [{CRS}]",
            "RESOLUTION": 1.4,
            "OUTPUT": str(tmp_path / "features"),
            "RASTER": str(tmp_path / "seen.tif"),
            "PATCHES": "memory:",
            "DEVICE": False,
        },
    )
    assert gdal.Open(run.results["RASTER"]).GetGeoTransform()[1] == pytest.approx(1.4)
    (patch,) = run.rows("PATCHES")
    box = patch.geometry().boundingBox()
    assert box.xMinimum() == pytest.approx(LEFT, abs=2)
    assert box.width() == pytest.approx(700, abs=4)


def test_a_layer_that_the_server_does_not_have(server: MapServer, tmp_path: Path) -> None:
    """The server answers with XML instead of an image: nothing comes, and that is told."""
    from geosam_processing.tiles.pieces import TileError

    reader = reader_of(server.wms().replace("image/png", "image/nonsense"))
    extent, width, height = reader.aligned(EXTENT, PIXEL)
    with pytest.raises(TileError):
        reader.fetch(extent, width, height, str(tmp_path / "a.tif"), QgsFeedback())
    assert not os.path.exists(tmp_path / "a.tif")


@pytest.mark.parametrize("service", ["wms", "wmts"])
def test_segments_live_and_again_without_asking(
    server: MapServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, service: str
) -> None:
    monkeypatch.setenv("GEOSAM_CACHE_FOLDER", str(tmp_path / "live"))
    parameters = {
        "INPUT": QgsRasterLayer(getattr(server, service)(), "scene", "wms"),
        "EXTENT": f"{LEFT + 300},{LEFT + 400},{TOP - 400},{TOP - 300} [{CRS}]",
        "RESOLUTION": PIXEL,
        "ATTEMPTS": 1,
        "OUTPUT": "memory:",
        "DEVICE": False,
    }
    run = Run("geosam:segmentlive", parameters)
    assert (run.results["OBJECT_COUNT"], run.results["ENCODED_COUNT"]) == (1, 1)
    (row,) = run.rows("OUTPUT")
    assert row["resolution_m"] == pytest.approx(PIXEL, rel=0.03)
    assert run.layer("OUTPUT").crs().authid() == CRS
    box = QgsRectangle(LEFT + 300, TOP - 400, LEFT + 400, TOP - 300)
    assert row.geometry().boundingBox().intersects(box)
    again = Run("geosam:segmentlive", parameters)
    assert (again.results["CACHED_COUNT"], again.results["ENCODED_COUNT"]) == (1, 0)
    assert agreement(again.rows("OUTPUT")[0].geometry(), row.geometry()) > 0.99
