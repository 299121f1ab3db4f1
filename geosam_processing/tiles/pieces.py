"""Pieces of a raster: kept in a folder until all are there, then one GeoTIFF.

These files outlive a run that ends early, and the next one continues with them.
"""

import json
import os
import secrets
import shutil
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Optional

from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsProcessingException,
    QgsRasterBlock,
    QgsRasterFileWriter,
    QgsRasterLayer,
    QgsRectangle,
)
from qgis.PyQt.QtCore import QByteArray

from ..contract.files import is_temporary, write_whole
from ..contract.json_files import json_object
from ..contract.redaction import without_secrets
from ..translation import tr
from .requests import Failure

_REQUEST = "request.json"
_RASTER = "raster-"


class TileError(QgsProcessingException):
    """A raster that could not be fetched or written; the text is for the user."""


@dataclass(frozen=True)
class Window:
    """A part of a raster in pixels, x to the right and y down from the upper left corner."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True)
class Piece:
    """The values of a window: one byte string a band, row after row.

    ``missing`` counts its pixels without data, ``failures`` are the requests that left holes.
    """

    bands: tuple[bytes, ...]
    missing: int
    failures: tuple[Failure, ...] = ()


@dataclass(frozen=True)
class Layout:
    """The raster that the pieces make up. ``nodata``: one value a band, or none at all."""

    extent: QgsRectangle
    crs: QgsCoordinateReferenceSystem
    width: int
    height: int
    band_count: int
    data_type: Qgis.DataType
    alpha: bool
    nodata: tuple[Optional[float], ...] = ()

    def windows(self, side: int) -> list[Window]:
        """Windows of ``side`` pixels, those at the right and lower edge smaller."""
        return [
            Window(x, y, min(side, self.width - x), min(side, self.height - y))
            for y in range(0, self.height, side)
            for x in range(0, self.width, side)
        ]

    def window_extent(self, window: Window) -> QgsRectangle:
        x_size = self.extent.width() / self.width
        y_size = self.extent.height() / self.height
        left, top = self.extent.xMinimum(), self.extent.yMaximum()
        return QgsRectangle(
            left + window.x * x_size,
            top - (window.y + window.height) * y_size,
            left + (window.x + window.width) * x_size,
            top - window.y * y_size,
        )


class PieceFolder:
    """The pieces of one request, in a folder that is made for them.

    A folder that an earlier run of the same ``request`` left is taken over, that of
    another one emptied. Only files of this class are ever removed.

    Raises:
        TileError: the folder cannot be made or written to.
    """

    def __init__(self, folder: str, request: dict[str, Any]) -> None:
        self.folder = folder
        # GDAL writes through a link of a name that can be guessed.
        self._raster = f"{_RASTER}{secrets.token_hex(8)}.tif"
        text = json.dumps(request, sort_keys=True)
        try:
            os.makedirs(folder, exist_ok=True)
            if self._read(_REQUEST) != text.encode():
                self._empty()
                self._write(_REQUEST, text.encode())
        except OSError as error:
            raise self._failure(error) from error

    @property
    def unfinished_raster(self) -> str:
        """Where the raster is written until it is whole."""
        return os.path.join(self.folder, self._raster)

    def read(self, window: Window) -> Optional[Piece]:
        """A piece that was kept; None if there is none or it is damaged."""
        content = self._read(_name(window))
        if content is None:
            return None
        head, _, body = content.partition(b"\n")
        try:
            facts = json_object(head)
            values = zlib.decompress(body)
            size = len(values) // facts["bands"]
            failures = tuple(Failure(**failure) for failure in facts["failures"])
            bands = tuple(values[i * size : (i + 1) * size] for i in range(facts["bands"]))
            return Piece(bands, facts["missing"], failures)
        except (ValueError, KeyError, TypeError, ZeroDivisionError, zlib.error):
            return None

    def write(self, window: Window, piece: Piece) -> None:
        facts = {
            "bands": len(piece.bands),
            "missing": piece.missing,
            # Addresses may hold a key, which does not belong into a file.
            "failures": [
                {**asdict(failure), "url": without_secrets(failure.url)}
                for failure in piece.failures
            ],
        }
        content = json.dumps(facts).encode() + b"\n" + zlib.compress(b"".join(piece.bands), 1)
        try:
            self._write(_name(window), content)
        except OSError as error:
            raise self._failure(error) from error

    def remove(self) -> None:
        """Remove the pieces, and the folder if nobody put anything else in it."""
        try:
            self._empty()
            os.rmdir(self.folder)
        except OSError:
            # What is left costs space, but the raster is whole.
            return

    def _read(self, name: str) -> Optional[bytes]:
        try:
            with open(os.path.join(self.folder, name), "rb") as file:
                return file.read()
        except OSError:
            return None

    def _write(self, name: str, content: bytes) -> None:
        write_whole(Path(self.folder, name), content)

    def _empty(self) -> None:
        for name in os.listdir(self.folder):
            ours = name.startswith((_REQUEST, _RASTER)) or ".piece" in name
            if ours or is_temporary(name):
                os.remove(os.path.join(self.folder, name))

    def _failure(self, error: OSError) -> TileError:
        return TileError(
            tr("Cannot write to {} ({}){}: make room there or give another folder").format(
                self.folder, error.strerror or error, _free_space(self.folder)
            )
        )


def write_geotiff(path: str, layout: Layout, windows: list[Window], pieces: PieceFolder) -> None:
    """All pieces as one GeoTIFF at ``path``, which appears when it is whole and read back.

    Raises:
        TileError: it cannot be written, such as on a full disk.
    """
    unfinished = pieces.unfinished_raster
    try:
        _write_unfinished(unfinished, layout, windows, pieces)
        # GDAL meets a full disk when it closes the file, and QGIS does not tell.
        if not _reads_back(unfinished, layout, windows, pieces):
            raise TileError(
                tr("{} cannot be written as a whole{}: make room there or give another").format(
                    path, _free_space(os.path.dirname(path))
                )
            )
        os.replace(unfinished, path)
    except OSError as error:
        raise TileError(
            tr("Cannot write {} ({}): give another file").format(path, error.strerror or error)
        ) from error
    finally:
        for rest in (unfinished, unfinished + ".aux.xml"):
            if os.path.exists(rest):
                os.remove(rest)


def _write_unfinished(
    path: str, layout: Layout, windows: list[Window], pieces: PieceFolder
) -> None:
    options = ["TILED=YES", "COMPRESS=DEFLATE", "ZLEVEL=1", "BIGTIFF=IF_SAFER"]
    if layout.alpha:
        options += ["PHOTOMETRIC=RGB", "ALPHA=YES"]
    writer = QgsRasterFileWriter(path)
    writer.setOutputFormat("GTiff")
    writer.setCreateOptions(options)
    raster = writer.createMultiBandRaster(
        layout.data_type,
        layout.width,
        layout.height,
        layout.extent,
        layout.crs,
        layout.band_count,
    )
    if raster is None or not raster.isEditable():
        raise TileError(tr("Cannot write {}: check that its folder can be written to").format(path))
    for band, value in enumerate(layout.nodata, start=1):
        if value is not None:
            raster.setNoDataValue(band, value)
    for window, band, values in _values(windows, pieces):
        block = QgsRasterBlock(layout.data_type, window.width, window.height)
        block.setData(QByteArray(values))
        if not raster.writeBlock(block, band, window.x, window.y):
            break
    raster.setEditable(False)


def _reads_back(path: str, layout: Layout, windows: list[Window], pieces: PieceFolder) -> bool:
    layer = QgsRasterLayer(path, "", "gdal", QgsRasterLayer.LayerOptions(False))
    raster = layer.dataProvider()
    if not layer.isValid() or (raster.xSize(), raster.ySize()) != (layout.width, layout.height):
        return False
    for window, band, values in _values(windows, pieces):
        extent = layout.window_extent(window)
        block = raster.block(band, extent, window.width, window.height)
        if not block.isValid() or bytes(block.data()) != values:
            return False
    return True


def _values(windows: list[Window], pieces: PieceFolder) -> Iterator[tuple[Window, int, bytes]]:
    for window in windows:
        piece = pieces.read(window)
        if piece is None:
            raise TileError(
                tr("{} was changed or removed while it was needed: run this again").format(
                    pieces.folder
                )
            )
        for band, values in enumerate(piece.bands, start=1):
            yield window, band, values


def _name(window: Window) -> str:
    return f"{window.x}_{window.y}.piece"


def _free_space(folder: str) -> str:
    try:
        free = shutil.disk_usage(folder or ".").free
    except OSError:
        return ""
    return tr(", where {} MB are free").format(free // 2**20)
