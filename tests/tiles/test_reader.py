"""The reader against a real server on loopback: every pixel in its place, every hole told."""

import itertools
import os
import resource
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy
import pytest

pytest.importorskip("qgis.core")

from osgeo import gdal
from qgis.core import (
    Qgis,
    QgsFeedback,
    QgsRasterDataProvider,
    QgsRasterLayer,
    QgsRectangle,
)
from qgis.PyQt.QtCore import QTimer

from geosam_processing.tiles.xyz import PROVIDER_MOVES_TILES
from tests.algorithms.scene import write_raster
from tests.algorithms.tile_server import TileServer, random_tile, tile_bounds

pytestmark = pytest.mark.usefixtures("quick_tiles")
ZOOM = 15
# Newer versions ask three more times for a tile that failed, in a thread of their own,
# except where the plugin itself asks.
QGIS_REPEATS = Qgis.QGIS_VERSION_INT >= 33000 and not PROVIDER_MOVES_TILES
# Each test takes tiles of its own: QGIS remembers tiles by their address.
rows = itertools.count(8000, 20)


@pytest.fixture
def server() -> Iterator[TileServer]:
    server = TileServer()
    yield server
    server.close()


def reader_of(uri: str, **limits: Any) -> Any:
    from geosam_processing.tiles.reader import TileLimits, TileReader

    layer = QgsRasterLayer(uri, "tiles", "wms")
    assert layer.isValid()
    return TileReader(layer, TileLimits(**limits))


def fetch(
    reader: Any, path: Path, x: int, y: int, columns: int, lines: int, feedback: Any = None
) -> Any:
    """A block of tiles at ZOOM, pixel for pixel."""
    extent, width, height = reader.aligned(
        QgsRectangle(*tile_bounds(ZOOM, x, y, columns, lines)), reader.zoom_resolution(ZOOM)
    )
    side = width // columns
    assert (width, height) == (side * columns, side * lines)
    return reader.fetch(extent, width, height, str(path), feedback or QgsFeedback())


def expected(
    x: int, y: int, columns: int, lines: int, holes: Any = (), side: int = 256
) -> numpy.ndarray:
    """uint8 [4, height, width]: red, green, blue, alpha of the random tiles."""
    values = numpy.zeros((4, lines * side, columns * side), numpy.uint8)
    for column, line in itertools.product(range(columns), range(lines)):
        if (x + column, y + line) not in holes:
            part = values[:, line * side :, column * side :][:, :side, :side]
            part[:3] = random_tile(ZOOM, x + column, y + line, side)
            part[3] = 255
    return values


def read(path: Path) -> numpy.ndarray:
    return gdal.Open(str(path)).ReadAsArray()


def test_takes_tiles_pixel_for_pixel(server: TileServer, tmp_path: Path) -> None:
    y = next(rows)
    report = fetch(reader_of(server.uri()), tmp_path / "a.tif", 17000, y, 5, 6)
    assert (report.tile_count, report.missing_share, report.problems) == (30, 0, ())
    assert numpy.array_equal(read(tmp_path / "a.tif"), expected(17000, y, 5, 6))
    assert len(server.requests) == len(set(server.requests)) == 30
    assert all("QGIS/" in agent for agent in server.agents)
    dataset = gdal.Open(str(tmp_path / "a.tif"))
    left, _, _, top = tile_bounds(ZOOM, 17000, y)
    assert dataset.GetGeoTransform()[0] == pytest.approx(left, abs=1e-6)
    assert dataset.GetGeoTransform()[3] == pytest.approx(top, abs=1e-6)
    assert dataset.GetRasterBand(4).GetColorInterpretation() == gdal.GCI_AlphaBand
    assert os.listdir(tmp_path) == ["a.tif"]


def test_takes_a_part_of_tiles_pixel_for_pixel(server: TileServer, tmp_path: Path) -> None:
    y = next(rows)
    reader = reader_of(server.uri())
    left, bottom, right, top = tile_bounds(ZOOM, 17000, y, 2, 2)
    pixel = reader.zoom_resolution(ZOOM)
    wanted = QgsRectangle(left + 10.4 * pixel, bottom + 5 * pixel, right - 100 * pixel, top - pixel)
    extent, width, height = reader.aligned(wanted, pixel)
    reader.fetch(extent, width, height, str(tmp_path / "a.tif"), QgsFeedback())
    assert numpy.array_equal(
        read(tmp_path / "a.tif"), expected(17000, y, 2, 2)[:, 1 : 512 - 5, 10 : 512 - 100]
    )


def test_takes_tms_and_large_tiles(tmp_path: Path) -> None:
    y = next(rows)
    server = TileServer(lambda zoom, x, y: random_tile(zoom, x, 2**zoom - 1 - y))
    fetch(reader_of(server.uri("{z}/{x}/{-y}.png")), tmp_path / "tms.tif", 17000, y, 2, 1)
    server.close()
    assert numpy.array_equal(read(tmp_path / "tms.tif"), expected(17000, y, 2, 1))

    large = TileServer(lambda zoom, x, y: random_tile(zoom, x, y, 512))
    report = fetch(reader_of(large.uri(tilePixelRatio=2)), tmp_path / "large.tif", 17000, y, 3, 2)
    large.close()
    assert report.tile_count == len(large.requests) == 6
    assert numpy.array_equal(read(tmp_path / "large.tif"), expected(17000, y, 3, 2, side=512))


FAULTS = {
    404: "HTTP 404",
    500: "HTTP 500",
    204: "HTTP 204",
    "empty": "no image",
    "truncated": "no image",
    "short": "Connection closed",
    "text": "no image",
    "slow": "no answer in time",
}


@pytest.mark.parametrize("in_thread", [False, True])
def test_masks_and_tells_what_failed(server: TileServer, tmp_path: Path, in_thread: bool) -> None:
    y = next(rows)
    server.faults = {(17000 + i, y): fault for i, fault in enumerate(FAULTS)}
    reader = reader_of(server.uri(), retries=1)
    reports = []

    def work() -> None:
        reports.append(fetch(reader, tmp_path / "a.tif", 17000, y, 9, 2))

    if in_thread:
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    else:
        work()
    assert reports[0].missing_share == pytest.approx(len(FAULTS) / 18)
    assert numpy.array_equal(
        read(tmp_path / "a.tif"), expected(17000, y, 9, 2, holes=server.faults)
    )
    text = "\n".join(reports[0].problems)
    # The main thread, where newer versions of QGIS tell reasons, waits here for the other.
    if not (QGIS_REPEATS and in_thread):
        assert all(reason in text for reason in FAULTS.values()), text
    assert server.requests.count(f"/{ZOOM}/17001/{y}.png") >= 2


def test_asks_again_for_what_may_get_better(server: TileServer, tmp_path: Path) -> None:
    y = next(rows)
    server.faults = {
        (17000 + i, y): [fault] for i, fault in enumerate((503, 429, "empty", "truncated", "short"))
    }
    report = fetch(reader_of(server.uri()), tmp_path / "a.tif", 17000, y, 6, 1)
    assert report.problems == () and report.missing_share == 0
    assert numpy.array_equal(read(tmp_path / "a.tif"), expected(17000, y, 6, 1))
    assert len(server.requests) == len(set(server.requests)) + 5


@pytest.mark.skipif(QGIS_REPEATS, reason="these versions of QGIS do not hand out the replies")
def test_sees_a_truncated_jpeg(tmp_path: Path) -> None:
    y = next(rows)
    server = TileServer(driver="JPEG")
    server.faults = {(17001, y): "truncated", (17002, y): ["truncated"]}
    report = fetch(reader_of(server.uri()), tmp_path / "a.tif", 17000, y, 3, 1)
    server.close()
    assert report.missing_share == pytest.approx(1 / 3)
    assert "1 x a truncated image" in report.problems[0]
    alpha = read(tmp_path / "a.tif")[3]
    assert alpha[:, 256:512].max() == 0 and alpha[:, 512:].min() == 255


def test_error_by_choice_and_goes_on_where_it_was(server: TileServer, tmp_path: Path) -> None:
    from geosam_processing.tiles.pieces import TileError

    y = next(rows)
    server.faults = {(17004, y): 500}
    reader = reader_of(server.uri(), missing="error", retries=0)
    with pytest.raises(TileError, match=r"1 tiles of the layer tiles failed \(1 x HTTP 500"):
        fetch(reader, tmp_path / "a.tif", 17000, y, 8, 1)
    assert os.listdir(tmp_path) == ["a.tif.parts"]
    server.faults, server.requests = {}, []
    report = fetch(reader, tmp_path / "a.tif", 17000, y, 8, 1)
    assert report.missing_share == 0
    assert not any(f"/{17000 + i}/" in path for i in range(4) for path in server.requests)
    assert numpy.array_equal(read(tmp_path / "a.tif"), expected(17000, y, 8, 1))


def test_caps_the_tiles(server: TileServer, tmp_path: Path) -> None:
    from geosam_processing.tiles.pieces import TileError

    with pytest.raises(TileError, match=r"needs 12 tiles .* MAX_TILES \(11\)"):
        fetch(reader_of(server.uri(), maximum_tiles=11), tmp_path / "a.tif", 17000, 8000, 4, 3)
    assert not server.requests and not os.listdir(tmp_path)


def test_gives_up_on_a_dead_server(server: TileServer, tmp_path: Path) -> None:
    from geosam_processing.tiles.pieces import TileError

    reader = reader_of(server.uri(), retries=0)
    server.close()
    with pytest.raises(TileError, match="gives no tiles any more"):
        fetch(reader, tmp_path / "a.tif", 17000, next(rows), 20, 4)


def test_cancels_during_the_download(server: TileServer, tmp_path: Path) -> None:
    from geosam_processing.client.client import EngineCancelled

    server.delay = 0.2
    feedback = QgsFeedback()
    QTimer.singleShot(300, feedback.cancel)
    with pytest.raises(EngineCancelled):
        fetch(reader_of(server.uri()), tmp_path / "a.tif", 17000, next(rows), 12, 12, feedback)
    assert len(server.requests) < 40
    assert not (tmp_path / "a.tif").exists()


def test_key_has_no_secret(server: TileServer) -> None:
    key = reader_of(server.uri(username="me", password="hidden", authcfg="a1b2c3d")).source_key()
    assert "hidden" not in key and "me" not in key.split("&") and "a1b2c3d" in key


@pytest.mark.parametrize("room", [200_000, 4_000_000])
def test_a_full_disk_is_told(server: TileServer, tmp_path: Path, room: int) -> None:
    """Too little for a piece, and enough for the pieces but not for the raster."""
    from geosam_processing.tiles.pieces import TileError

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    y = next(rows)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, hard))
    try:
        with pytest.raises(TileError, match=r"MB are free.*: make room"):
            fetch(reader_of(server.uri()), tmp_path / "a.tif", 17000, y, 8, 4)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert not list(tmp_path.glob("*.tif")) and not list(tmp_path.rglob("*.tmp"))
    asked = len(server.requests)
    fetch(reader_of(server.uri()), tmp_path / "a.tif", 17000, y, 8, 4)
    assert numpy.array_equal(read(tmp_path / "a.tif"), expected(17000, y, 8, 4))
    if room > 1_000_000:
        assert len(server.requests) == asked


def test_a_folder_that_vanishes_is_told(server: TileServer, tmp_path: Path) -> None:
    from geosam_processing.tiles.pieces import TileError

    folder = tmp_path / "features"
    folder.mkdir()
    feedback = QgsFeedback()
    feedback.progressChanged.connect(lambda _: shutil.rmtree(folder, ignore_errors=True))
    with pytest.raises(TileError, match="features"):
        fetch(reader_of(server.uri()), folder / "a.tif", 17000, next(rows), 8, 4, feedback)
    with pytest.raises(TileError, match="does not exist"):
        fetch(reader_of(server.uri()), folder / "a.tif", 17000, next(rows), 8, 4)


def test_a_damaged_piece_is_fetched_again(server: TileServer, tmp_path: Path) -> None:
    y = next(rows)
    server.faults = {(17004, y): 500}
    reader = reader_of(server.uri(), missing="error", retries=0)
    with pytest.raises(Exception, match="HTTP 500"):
        fetch(reader, tmp_path / "a.tif", 17000, y, 8, 1)
    (tmp_path / "a.tif.parts" / "0_0.piece").write_bytes(b"{}\nbroken")
    server.faults = {}
    fetch(reader, tmp_path / "a.tif", 17000, y, 8, 1)
    assert numpy.array_equal(read(tmp_path / "a.tif"), expected(17000, y, 8, 1))


def test_values_of_a_data_layer_stay_what_they_are(tmp_path: Path) -> None:
    """A virtual raster computes floats; its bands and nodata are kept."""
    from geosam_processing.tiles.reader import TileReader, needs_reader

    values = numpy.linspace(-3, 7, 60 * 80).reshape(1, 60, 80).astype(numpy.float32)
    values[0, 10:20, 10:20] = -9999
    write_raster(tmp_path / "source.tif", values, nodata=-9999)
    source = QgsRasterLayer(str(tmp_path / "source.tif"), "source")
    parameters = QgsRasterDataProvider.VirtualRasterParameters()
    parameters.crs, parameters.extent = source.crs(), source.extent()
    parameters.width, parameters.height = 80, 60
    parameters.formula = '"source@1" * 2'
    item = QgsRasterDataProvider.VirtualRasterInputLayers()
    item.name, item.provider, item.uri = "source", "gdal", str(tmp_path / "source.tif")
    parameters.rInputLayers = [item]
    layer = QgsRasterLayer(
        QgsRasterDataProvider.encodeVirtualRasterProviderUri(parameters), "double", "virtualraster"
    )
    assert layer.isValid() and needs_reader(layer)
    reader = TileReader(layer)
    pixel = reader.native_resolution
    assert pixel == 1 and not reader.is_tiled and not reader.is_image
    extent, width, height = reader.aligned(layer.extent(), pixel)
    report = reader.fetch(extent, width, height, str(tmp_path / "a.tif"), QgsFeedback())
    found = gdal.Open(str(tmp_path / "a.tif"))
    nodata = found.GetRasterBand(1).GetNoDataValue()
    holes = values[0] == -9999
    assert report.missing_share == pytest.approx(100 / 4800)
    assert numpy.array_equal(
        (found.ReadAsArray() == nodata) | numpy.isnan(found.ReadAsArray()), holes
    )
    assert numpy.allclose(found.ReadAsArray()[~holes], 2 * values[0][~holes])


def test_pieces_hold_no_key(tmp_path: Path) -> None:
    from geosam_processing.tiles.pieces import Piece, PieceFolder, Window
    from geosam_processing.tiles.requests import Failure

    pieces = PieceFolder(str(tmp_path / "parts"), {})
    failure = Failure("https://h/1/2/3.png?apikey=S3CRET&v=1", "HTTP 404", True)
    window = Window(0, 0, 1, 1)
    pieces.write(window, Piece((b"x",), 1, (failure,)))
    kept = pieces.read(window)
    assert kept is not None and kept.failures[0].url == "https://h/1/2/3.png?apikey=***&v=1"
    assert not any(b"S3CRET" in path.read_bytes() for path in (tmp_path / "parts").iterdir())
