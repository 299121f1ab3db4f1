"""Blocks of a raster provider as pieces: colors with an alpha, or bands with their values."""

import array
import math
from typing import Union

from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsFeedback,
    QgsRasterBlock,
    QgsRasterBlockFeedback,
    QgsRasterDataProvider,
    QgsRectangle,
)
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QImage

from ..translation import tr
from .pieces import Layout, Piece, TileError, Window
from .requests import Failure
from .xyz import XyzTiles

_COLOURS = (Qgis.DataType.ARGB32, Qgis.DataType.ARGB32_Premultiplied)
_CODES = {
    Qgis.DataType.Byte: "B",
    Qgis.DataType.UInt16: "H",
    Qgis.DataType.Int16: "h",
    Qgis.DataType.UInt32: "I",
    Qgis.DataType.Int32: "i",
    Qgis.DataType.Float32: "f",
    Qgis.DataType.Float64: "d",
}
_LOWEST = -3.4028234663852886e38  # of float32
RasterSource = Union[QgsRasterDataProvider, XyzTiles]


def has_colours(provider: QgsRasterDataProvider) -> bool:
    """Whether its one band is a picture."""
    return provider.dataType(1) in _COLOURS


def layout_of(
    provider: QgsRasterDataProvider,
    name: str,
    extent: QgsRectangle,
    crs: QgsCoordinateReferenceSystem,
    width: int,
    height: int,
) -> Layout:
    """The raster that a provider's blocks make up; ``name`` is the layer's.

    Raises:
        TileError: its bands cannot be in one GeoTIFF.
    """
    if has_colours(provider):
        return Layout(extent, crs, width, height, 4, Qgis.DataType.Byte, True)
    bands = range(1, provider.bandCount() + 1)
    kind = provider.dataType(1)
    if kind not in _CODES or any(provider.dataType(band) != kind for band in bands):
        raise TileError(
            tr(
                "The bands of the layer {} are of several or unusual types: save it as a GeoTIFF "
                "first"
            ).format(name)
        )
    # What virtual rasters compute without a value is this, though they do not say so.
    usual = _LOWEST if kind in (Qgis.DataType.Float32, Qgis.DataType.Float64) else None
    nodata = tuple(
        provider.sourceNoDataValue(band) if provider.sourceHasNoDataValue(band) else usual
        for band in bands
    )
    return Layout(extent, crs, width, height, len(bands), kind, False, nodata)


def read_blocks(
    source: RasterSource,
    layout: Layout,
    window: Window,
    extent: QgsRectangle,
    feedback: QgsFeedback,
) -> tuple[list[QgsRasterBlock], list[str]]:
    """A block a band (one for all colors), and what QGIS says went wrong."""
    block_feedback = QgsRasterBlockFeedback()
    feedback.canceled.connect(block_feedback.cancel, Qt.ConnectionType.DirectConnection)
    try:
        bands = 1 if layout.alpha else layout.band_count
        blocks = [
            source.block(band, extent, window.width, window.height, block_feedback)
            for band in range(1, bands + 1)
        ]
        return blocks, list(block_feedback.errors())
    finally:
        feedback.canceled.disconnect(block_feedback.cancel)


def piece_of(
    blocks: list[QgsRasterBlock], layout: Layout, failures: tuple[Failure, ...], name: str
) -> Piece:
    for block in blocks:
        if block is None or not block.isValid():
            reason = block.error().summary() if block is not None else ""
            raise TileError(
                tr("The layer {} gave no values ({}): check that it can be shown").format(
                    name, reason or tr("its provider does not say why")
                )
            )
    if layout.alpha:
        image = blocks[0].image().convertToFormat(QImage.Format.Format_RGBA8888)
        bits = image.constBits()
        bits.setsize(image.sizeInBytes())
        values = bytes(bits)
        bands = tuple(values[band::4] for band in range(4))
        return Piece(bands, bands[3].count(0), failures)
    bands = tuple(bytes(block.data()) for block in blocks)
    holes = [_count(values, layout, band) for band, values in enumerate(bands)]
    return Piece(bands, min(holes), failures)


def _count(values: bytes, layout: Layout, band: int) -> int:
    """How many of a band's values are nodata."""
    nodata = layout.nodata[band]
    if nodata is None:
        return 0
    numbers = array.array(_CODES[layout.data_type], values)
    # Newer versions of QGIS compute NaN where older ones have a value for it.
    floating = layout.data_type in (Qgis.DataType.Float32, Qgis.DataType.Float64)
    holes = sum(map(math.isnan, numbers)) if floating else 0
    if layout.data_type == Qgis.DataType.Float32:
        nodata = array.array("f", [nodata])[0]
    return holes + int(numbers.count(nodata))  # type: ignore[arg-type]
