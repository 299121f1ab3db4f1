"""QGIS Server on loopback, with a raster whose pixels are known, as WMS and WMTS."""

import os
import re
import shutil
import subprocess
import time
import urllib.request
from pathlib import Path
from typing import Any

import numpy
from osgeo import gdal, osr
from qgis.core import QgsCoordinateReferenceSystem, QgsProject, QgsRasterLayer

PROGRAM = shutil.which("qgis_mapserver")
CRS = "EPSG:25833"
LEFT, TOP, SIDE = 500000.0, 6650000.0, 1024  # at 60 degrees north
PIXEL = 0.7  # metres; a scale of exactly 2500
# Tiles do not begin at the corner of the raster, but this one holds it.
CORNER_X, CORNER_Y = LEFT - 7129 * PIXEL, TOP + 4296 * PIXEL
FIRST_COLUMN, FIRST_ROW = 7129 // 256, 4296 // 256
# CRS, y and x of the first tile's corner, scale of the first level, last level. Level 6 of
# the first grid has the raster's pixels.
GRIDS = (
    f"{CRS},{CORNER_Y},{CORNER_X},160000,8",
    "EPSG:3857,20037508.3427892,-20037508.3427892,559082264.028718,18",
    "EPSG:4326,90,-180,279541132.014359,18",
)


def pixels() -> numpy.ndarray:
    """uint8 [3, SIDE, SIDE] of noise."""
    return numpy.random.default_rng(5).integers(0, 256, (3, SIDE, SIDE)).astype(numpy.uint8)


class MapServer:
    """Serves a project in ``folder`` until it is closed."""

    def __init__(self, folder: Path) -> None:
        project = _write_project(folder)
        environment = {**os.environ, "QGIS_SERVER_LOG_STDERR": "1"}
        self._log = folder / "server.log"
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [str(PROGRAM), "-p", str(project), "127.0.0.1:0"],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self.address = self._wait()

    def wms(self, crs: str = CRS) -> str:
        return f"crs={crs}&dpiMode=7&format=image/png&layers=scene&styles=&url={self.address}"

    def wmts(self, crs: str = CRS) -> str:
        capabilities = f"{self.address}?SERVICE%3DWMTS%26REQUEST%3DGetCapabilities"
        return (
            f"crs={crs}&dpiMode=7&format=image/png&layers=scene&styles=default"
            f"&tileMatrixSet={crs}&url={capabilities}"
        )

    def tile(self, crs: str, level: int, column: int, row: int) -> bytes:
        """The PNG of a WMTS tile, as the server sends it."""
        address = (
            f"{self.address}?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=scene&STYLE=default"
            f"&FORMAT=image/png&TILEMATRIXSET={crs}&TILEMATRIX={level}&TILEROW={row}"
            f"&TILECOL={column}"
        )
        with urllib.request.urlopen(address, timeout=20) as answer:
            return bytes(answer.read())

    def close(self) -> None:
        self._process.terminate()
        self._process.wait(10)

    def _wait(self) -> str:
        deadline = time.monotonic() + 30
        text = ""
        while time.monotonic() < deadline and self._process.poll() is None:
            text = self._log.read_text(encoding="utf-8", errors="replace")
            found = re.search(r"http://127\.0\.0\.1:\d+", text)
            if found:
                return f"{found.group()}/"
            time.sleep(0.1)
        raise AssertionError(f"{PROGRAM} does not start: {text}")


def _write_project(folder: Path) -> Path:
    crs = osr.SpatialReference()
    crs.ImportFromEPSG(int(CRS.split(":")[1]))
    path = str(folder / "scene.tif")
    raster: Any = gdal.GetDriverByName("GTiff").Create(path, SIDE, SIDE, 3)
    raster.SetGeoTransform((LEFT, PIXEL, 0, TOP, 0, -PIXEL))
    raster.SetProjection(crs.ExportToWkt())
    raster.WriteArray(pixels())
    raster = None
    layer = QgsRasterLayer(path, "scene")
    renderer = layer.renderer()
    for leave_as_is in (
        renderer.setRedContrastEnhancement,
        renderer.setGreenContrastEnhancement,
        renderer.setBlueContrastEnhancement,
    ):
        leave_as_is(None)
    project = QgsProject()
    project.setCrs(QgsCoordinateReferenceSystem(CRS))
    project.addMapLayer(layer)
    systems = [grid.split(",")[0] for grid in GRIDS]
    project.writeEntry("WMSCrsList", "/", systems)
    for key in ("WMTSLayers", "WMTSPngLayers"):
        project.writeEntry(key, "Project", True)
        project.writeEntry(key, "Layer", [layer.id()])
    project.writeEntry("WMTSGrids", "CRS", systems)
    project.writeEntry("WMTSGrids", "Config", list(GRIDS))
    assert project.write(str(folder / "project.qgs"))
    return folder / "project.qgs"
