"""What puts XYZ tiles together itself, on every version of QGIS, against a real server."""

import itertools
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
    QgsCoordinateReferenceSystem,
    QgsFeedback,
    QgsRasterLayer,
    QgsRectangle,
)
from qgis.PyQt.QtCore import QTimer

from tests.algorithms.tile_server import TileServer, image_file, random_tile, tile_bounds

pytestmark = pytest.mark.usefixtures("quick_tiles")
ZOOM = 15
X = 15000
rows = itertools.count(8000, 20)


@pytest.fixture
def server() -> Iterator[TileServer]:
    server = TileServer()
    yield server
    server.close()


@pytest.fixture(autouse=True)
def used_always(monkeypatch: pytest.MonkeyPatch) -> None:
    from geosam_processing.tiles import xyz

    monkeypatch.setattr(xyz, "PROVIDER_MOVES_TILES", True)


def fetch(
    uri: str, path: Path, box: tuple[float, ...], feedback: Any = None, **limits: Any
) -> tuple[Any, numpy.ndarray]:
    """What the reader reports of ``box`` at ZOOM, and its pixels."""
    from geosam_processing.tiles.reader import TileLimits, TileReader

    layer = QgsRasterLayer(uri, "tiles", "wms")
    reader = TileReader(layer, TileLimits(**limits))
    extent, width, height = reader.aligned(QgsRectangle(*box), reader.zoom_resolution(ZOOM))
    report = reader.fetch(extent, width, height, str(path), feedback or QgsFeedback())
    return report, gdal.Open(str(path)).ReadAsArray()


def mosaic(x: int, y: int, columns: int, lines: int) -> numpy.ndarray:
    """uint8 [3, height, width] of the random tiles."""
    return numpy.concatenate(
        [
            numpy.concatenate([random_tile(ZOOM, x + i, y + j) for i in range(columns)], axis=2)
            for j in range(lines)
        ],
        axis=1,
    )


def test_takes_parts_of_tiles_and_asks_for_each_once(server: TileServer, tmp_path: Path) -> None:
    """Over several windows that share tiles."""
    y = next(rows)
    left, bottom, right, top = tile_bounds(ZOOM, X, y, 6, 2)
    pixel = (right - left) / 6 / 256
    box = (left + 100 * pixel, bottom + 7 * pixel, right - 3 * pixel, top - 50 * pixel)
    report, values = fetch(server.uri(), tmp_path / "a.tif", box)
    assert (report.tile_count, report.missing_share, report.problems) == (12, 0, ())
    assert numpy.array_equal(values[:3], mosaic(X, y, 6, 2)[:, 50 : 512 - 7, 100 : 6 * 256 - 3])
    assert len(server.requests) == len(set(server.requests)) == 12


def test_the_world_ends(server: TileServer, tmp_path: Path) -> None:
    y = next(rows)
    report, values = fetch(server.uri(), tmp_path / "a.tif", tile_bounds(ZOOM, -1, y, 2, 1))
    assert numpy.array_equal(values[:3, :, 256:], mosaic(0, y, 1, 1))
    assert not values[:, :, :256].any() and report.missing_share == 0.5
    assert server.requests == [f"/{ZOOM}/0/{y}.png"]


def test_says_what_the_address_says(server: TileServer, tmp_path: Path) -> None:
    y = next(rows)
    uri = server.uri(
        "{q}/{Z}/{x}/{-y}.png?a%3D1%26b%3D2",
        referer="https://example.org/map",
        username="me",
        password="a%26b",
    )
    uri += "&http-header:x-key=secret"
    fetch(uri, tmp_path / "a.tif", tile_bounds(ZOOM, X, y))
    (path,), (headers,) = server.requests, server.headers
    digits = [(X >> i & 1) + 2 * (y >> i & 1) for i in reversed(range(ZOOM))]
    key = "".join(map(str, digits))
    assert path == f"/{key}/{ZOOM}/{X}/{2**ZOOM - 1 - y}.png?a=1&b=2"
    assert headers["referer"] == "https://example.org/map"
    assert headers["authorization"] == "Basic bWU6YSZi"
    assert headers["x-key"] == "secret" and "QGIS/" in headers["user-agent"]


def test_a_login_does_not_follow_a_redirect_to_another_host(
    server: TileServer, tmp_path: Path
) -> None:
    y, other = next(rows), TileServer()
    picture = tmp_path / "secret.png"
    picture.write_bytes(image_file(random_tile(ZOOM, X, y)))
    elsewhere = f"http://127.0.0.1:{other.port}/{ZOOM}/{X}/{y}.png"
    here = f"http://127.0.0.1:{server.port}/{ZOOM}/{X + 9}/{y}.png"
    server.faults = {(X, y): elsewhere, (X + 1, y): here, (X + 2, y): f"file://{picture}"}
    uri = server.uri(username="me", password="secret") + "&http-header:x-key=secret"
    report, values = fetch(uri, tmp_path / "a.tif", tile_bounds(ZOOM, X, y, 3, 1), retries=0)
    other.close()
    (headers,) = other.headers
    assert not {"authorization", "x-key"} & set(headers)
    assert all(each["authorization"] and each["x-key"] for each in server.headers)
    assert numpy.array_equal(values[:3, :, :256], random_tile(ZOOM, X, y))
    assert numpy.array_equal(values[:3, :, 256:512], random_tile(ZOOM, X + 9, y))
    assert report.missing_share == pytest.approx(1 / 3), "a file is no tile"
    assert not values[:, :, 512:].any() and "no image" in report.problems[0]


def test_redirects_come_to_an_end(server: TileServer, tmp_path: Path) -> None:
    y = next(rows)
    server.faults = {(X, y): f"http://127.0.0.1:{server.port}/{ZOOM}/{X}/{y}.png"}
    report, _ = fetch(server.uri(), tmp_path / "a.tif", tile_bounds(ZOOM, X, y, 2, 1), retries=0)
    assert report.missing_share == 0.5 and server.requests.count(f"/{ZOOM}/{X}/{y}.png") == 6


def test_large_tiles_that_the_address_does_not_tell(tmp_path: Path) -> None:
    server = TileServer(lambda zoom, x, y: numpy.full((3, 512, 512), 90, numpy.uint8))
    _, values = fetch(server.uri(), tmp_path / "a.tif", tile_bounds(ZOOM, X, next(rows), 2, 1))
    server.close()
    assert values.shape == (4, 256, 512) and (values[:3] == 90).all()


def test_leaves_unknown_addresses_to_the_provider(server: TileServer) -> None:
    from geosam_processing.tiles.levels import levels_of
    from geosam_processing.tiles.pieces import Layout
    from geosam_processing.tiles.xyz import exact_tiles

    crs = QgsCoordinateReferenceSystem("EPSG:3857")

    def taken(uri: str, shift: float = 0) -> bool:
        layer = QgsRasterLayer(uri, "tiles", "wms")
        levels = levels_of(layer.dataProvider(), crs, uri)
        left, bottom, right, top = tile_bounds(ZOOM, X, 8000)
        extent = QgsRectangle(left + shift, bottom, right + shift, top)
        layout = Layout(extent, crs, 256, 256, 4, Qgis.DataType.Byte, True)
        return exact_tiles(uri, levels, levels[ZOOM], layout) is not None

    assert taken(server.uri())
    assert not taken(server.uri("{z}/{x}/{y}.png?for%3D{usage}"))
    assert not taken(server.uri(), shift=1.0)


@pytest.mark.parametrize("in_thread", [False, True])
def test_tells_what_failed(server: TileServer, tmp_path: Path, in_thread: bool) -> None:
    y = next(rows)
    faults = (404, 503, 204, "empty", "truncated", "short", "text", "slow")
    server.faults = {(X + i, y): fault for i, fault in enumerate(faults)}
    server.faults[X + 8, y] = [429]
    found: list[Any] = []

    def work() -> None:
        box = tile_bounds(ZOOM, X, y, 10, 1)
        found.append(fetch(server.uri(), tmp_path / "a.tif", box, retries=1))

    if in_thread:
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    else:
        work()
    ((report, values),) = found
    assert report.missing_share == pytest.approx(len(faults) / 10)
    text = "\n".join(report.problems)
    for reason in ("HTTP 404", "HTTP 503", "HTTP 204", "no image", "closed", "no answer in time"):
        assert reason in text
    assert numpy.array_equal(values[:3, :, 8 * 256 :], mosaic(X + 8, y, 2, 1))
    assert server.requests.count(f"/{ZOOM}/{X + 1}/{y}.png") == 2
    assert server.requests.count(f"/{ZOOM}/{X + 9}/{y}.png") == 1


def test_sees_a_truncated_jpeg(tmp_path: Path) -> None:
    y = next(rows)
    server = TileServer(driver="JPEG")
    server.faults = {(X + 1, y): "truncated"}
    box = tile_bounds(ZOOM, X, y, 2, 1)
    report, values = fetch(server.uri(), tmp_path / "a.tif", box, retries=0)
    server.close()
    assert "1 x a truncated image" in report.problems[0]
    assert not values[3, :, 256:].any() and values[3, :, :256].all()


def test_cancels_while_tiles_come(server: TileServer, tmp_path: Path) -> None:
    from geosam_processing.contract.errors import EngineCancelled

    server.delay = 0.2
    feedback = QgsFeedback()
    QTimer.singleShot(300, feedback.cancel)
    with pytest.raises(EngineCancelled):
        fetch(server.uri(), tmp_path / "a.tif", tile_bounds(ZOOM, X, next(rows), 8, 8), feedback)
    assert len(server.requests) < 20 and not (tmp_path / "a.tif").exists()
