"""Segment everything straight on a tile layer, and where a stopped run is kept."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Optional

import numpy
import pytest

pytest.importorskip("qgis.core")

from qgis.core import QgsProcessingException, QgsRasterLayer

from tests.algorithms.scene import SQUARES, Run, image, iou
from tests.algorithms.tile_server import WORLD, TileServer, tile_bounds

pytestmark = pytest.mark.usefixtures("qgis_application", "cache_folder")

ZOOM, X, Y = 17, 69_450, 38_090
PIXEL = 2 * WORLD / 2**ZOOM / 256
LEFT, _, _, TOP = tile_bounds(ZOOM, X, Y)
HEIGHT, WIDTH = image().shape[1:]


def extent(columns: int = WIDTH, rows: int = HEIGHT) -> str:
    return f"{LEFT},{LEFT + columns * PIXEL},{TOP - rows * PIXEL},{TOP} [EPSG:3857]"


def map_box(square: tuple[int, int, int]) -> tuple[float, float, float, float]:
    """A square's xmin, ymin, xmax, ymax in EPSG:3857."""
    column, row, side = square
    left, top = LEFT + column * PIXEL, TOP - row * PIXEL
    return left, top - side * PIXEL, left + side * PIXEL, top


@pytest.fixture
def server() -> Iterator[TileServer]:
    picture = numpy.full((3, 1024, 1024), 47, numpy.uint8)
    picture[:, :HEIGHT, :WIDTH] = image()

    def pixels(zoom: int, x: int, y: int) -> numpy.ndarray:
        row, column = 256 * (y - Y), 256 * (x - X)
        return picture[:, row : row + 256, column : column + 256]

    served = TileServer(pixels)
    yield served
    served.close()


def everything(server: TileServer, cancel_at: Optional[float] = None, **parameters: Any) -> Run:
    layer = QgsRasterLayer(server.uri(zmax=ZOOM), "tiles", "wms")
    given = {"INPUT": layer, "ZOOM": ZOOM, "EXTENT": extent(), "STRIDE": 512, **parameters}
    return Run(
        "geosam:segmenteverything",
        {"SPACING": 64, "DEVICE": False, "OUTPUT": "memory:", **given},
        cancel_at,
    )


def test_tile_layer_is_fetched_and_nothing_stays(server: TileServer, cache_folder: Path) -> None:
    run = everything(server)
    assert run.layer("OUTPUT").crs().authid() == "EPSG:3857"
    rows = run.rows("OUTPUT")
    for square in SQUARES:
        assert any(iou(row.geometry(), map_box(square)) > 0.6 for row in rows)
    assert all(row["contrast"] is not None for row in rows)
    assert not list(cache_folder.rglob("*.tif")) and not list(cache_folder.rglob("*.sqlite"))


def test_stopped_run_continues_without_fetching_again(
    server: TileServer, cache_folder: Path
) -> None:
    expected = everything(server, SPACING=48)
    server.requests.clear()
    everything(server, cancel_at=60, SPACING=48)
    assert list(cache_folder.rglob("tiles_*.tif"))
    fetched = len(server.requests)
    again = everything(server, SPACING=48)
    assert len(server.requests) == fetched
    assert [row.geometry().asWkt() for row in again.rows("OUTPUT")] == [
        row.geometry().asWkt() for row in expected.rows("OUTPUT")
    ]
    assert not list(cache_folder.rglob("*.tif"))


def test_cleared_cache_forgets_stopped_runs(server: TileServer, cache_folder: Path) -> None:
    everything(server, cancel_at=60)
    assert list(cache_folder.rglob("tiles_*.tif"))
    Run("geosam:clearcache", {})
    assert not list(cache_folder.rglob("tiles_*.tif"))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"EXTENT": None}, "INPUT .* is a tile layer. Give EXTENT or MASK"),
        ({"ZOOM": None}, "Give ZOOM or RESOLUTION"),
        ({"RESOLUTION": 1.0}, "RESOLUTION .* and ZOOM .* are given"),
        ({"MAX_TILES": 1}, "MAX_TILES"),
    ],
)
def test_what_a_tile_layer_lacks_is_said(
    server: TileServer, changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(QgsProcessingException, match=message):
        everything(server, **changes)
    assert not server.requests


def test_raster_has_no_zoom_levels(raster: Path) -> None:
    with pytest.raises(QgsProcessingException, match="has no zoom levels"):
        Run("geosam:segmenteverything", {"INPUT": str(raster), "ZOOM": 17, "OUTPUT": "memory:"})


def test_raster_can_be_seen_at_another_resolution(raster: Path) -> None:
    given = {"INPUT": str(raster), "STRIDE": 512, "SPACING": 64, "DEVICE": False}
    runs = [
        Run("geosam:segmenteverything", {**given, "OUTPUT": "memory:", **more})
        for more in ({}, {"RESOLUTION": 2.0})
    ]
    assert runs[0].layer("OUTPUT").crs() == runs[1].layer("OUTPUT").crs()
    calls = [run.results["CALL_COUNT"] for run in runs]
    assert 0 < calls[1] < calls[0]
