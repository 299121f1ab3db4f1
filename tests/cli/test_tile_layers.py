"""A tile layer as a server without a screen encodes it: named by its address alone."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("qgis.core")

from osgeo import gdal

from tests.algorithms.tile_server import TileServer, tile_bounds

ZOOM, X, Y = 18, 141500, 75900


@pytest.fixture
def server() -> Iterator[TileServer]:
    server = TileServer()
    yield server
    server.close()


def arguments(server: TileServer, **parameters: Any) -> dict[str, Any]:
    left, bottom, right, top = tile_bounds(ZOOM, X, Y, 2, 2)
    return {
        "INPUT": f"wms://{server.uri('{z}/{x}/{y}.png?key%3Dhidden%26v%3D1')}",
        "EXTENT": f"{left},{right},{bottom},{top} [EPSG:3857]",
        "ZOOM": ZOOM,
        "OUTPUT": "features",
        "DEVICE": "false",
        **parameters,
    }


def test_encodes_a_tile_layer(server: TileServer, tmp_path: Path, run: Any) -> None:
    server.faults = {(X, Y): 404}
    parameters = arguments(server, RASTER="seen.tif")
    result = run("encodetilelayer", tmp_path, **parameters)
    assert (result["TILE_COUNT"], result["MISSING_SHARE"]) == (4, 0.25)
    assert (result["PATCH_COUNT"], result["REUSED_COUNT"]) == (1, 0)
    assert gdal.Open(str(tmp_path / "seen.tif")).RasterXSize == 512
    assert len(set(server.requests)) == 4 and all(
        "?key=hidden&v=1" in path for path in server.requests
    )

    asked = len(server.requests)
    again = run("encodetilelayer", tmp_path, **parameters)
    assert (again["PATCH_COUNT"], again["REUSED_COUNT"]) == (1, 1)
    assert len(server.requests) == asked


def test_no_tiles_are_one_clean_sentence(
    server: TileServer, tmp_path: Path, qgis_process: Any
) -> None:
    server.faults = {(X + i, Y + j): 403 for i in range(2) for j in range(2)}
    values = [f"{key}={value}" for key, value in arguments(server).items()]
    answer = qgis_process("run", "geosam:encodetilelayer", "--", *values, cwd=tmp_path)
    assert "4 tiles of the layer" in answer.stderr and "4 x HTTP 403" in answer.stderr
    assert "Traceback" not in answer.stdout + answer.stderr
    assert "hidden" not in answer.stderr


def test_too_many_tiles_are_one_clean_sentence(
    server: TileServer, tmp_path: Path, qgis_process: Any
) -> None:
    values = [f"{key}={value}" for key, value in arguments(server, MAX_TILES=3).items()]
    answer = qgis_process("run", "geosam:encodetilelayer", "--", *values, cwd=tmp_path)
    assert "needs 4 tiles" in answer.stderr and "MAX_TILES (3)" in answer.stderr
    assert "Traceback" not in answer.stdout + answer.stderr
    assert not server.requests and not (tmp_path / "features").exists()
