"""The grids that tiles lie on, one for each zoom level of a layer."""

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass

from qgis.core import (
    QgsBlockingNetworkRequest,
    QgsCoordinateReferenceSystem,
    QgsRasterDataProvider,
    QgsRectangle,
    QgsUnitTypes,
)
from qgis.PyQt.QtCore import QUrl, QUrlQuery
from qgis.PyQt.QtNetwork import QNetworkRequest
from qgis.PyQt.QtXml import QDomDocument, QDomElement

# Pixels; tiles that an extent only touches are not asked for.
INSET = 1e-4
WEB_MERCATOR = "EPSG:3857"

_SIDE = 256  # pixels of a tile, unless the layer says otherwise
_WORLD = 20037508.342789244  # meters; half the side of the square of web maps
_WMTS_PIXEL = 0.00028  # meters; what OGC's standard takes for a pixel on a screen
_SAME = 1e-4  # share by which two resolutions may differ and be the same


@dataclass(frozen=True)
class TileLevel:
    """Tiles of ``side`` pixels of ``resolution`` map units; ``left``, ``top``: their corner."""

    resolution: float
    left: float
    top: float
    side: int = _SIDE

    def tile_count(self, extent: QgsRectangle, inset: float) -> int:
        """Tiles that ``extent`` touches; ``inset`` is cut off at its edges (map units)."""
        columns, rows = self._touched(extent, inset)
        return len(columns) * len(rows)

    def tiles(self, extent: QgsRectangle, inset: float) -> Iterator[tuple[int, int]]:
        """Column and row of each of them."""
        return itertools.product(*self._touched(extent, inset))

    def _touched(self, extent: QgsRectangle, inset: float) -> tuple[range, range]:
        length = self.side * self.resolution
        return (
            range(
                math.floor((extent.xMinimum() + inset - self.left) / length),
                math.floor((extent.xMaximum() - inset - self.left) / length) + 1,
            ),
            range(
                math.floor((self.top - extent.yMaximum() + inset) / length),
                math.floor((self.top - extent.yMinimum() - inset) / length) + 1,
            ),
        )


def levels_of(
    provider: QgsRasterDataProvider, crs: QgsCoordinateReferenceSystem, uri: str
) -> tuple[TileLevel, ...]:
    """The levels of a layer, coarsest first as zoom levels count; none if it has no tiles.

    QGIS reports their resolutions only. Where their tiles begin is in the capabilities of a
    WMTS; of other servers the corner of web maps is taken, or else that of the layer.
    """
    resolutions = sorted(map(float, provider.nativeResolutions()), reverse=True)
    if not resolutions:
        return ()
    items = QUrlQuery(uri)
    if items.queryItemValue("type") == "xyz":
        ratio = 2 if items.queryItemValue("tilePixelRatio") == "2" else 1
        return tuple(TileLevel(value, -_WORLD, _WORLD, _SIDE * ratio) for value in resolutions)
    if items.hasQueryItem("tileMatrixSet"):
        known = tuple(_wmts_levels(items, crs))
        found = [_nearest(known, value) for value in resolutions] if known else []
        if found and all(
            abs(level.resolution / value - 1) < _SAME for level, value in zip(found, resolutions)
        ):
            return tuple(found)
    left, top = provider.extent().xMinimum(), provider.extent().yMaximum()
    if crs.authid() == WEB_MERCATOR:
        left, top = -_WORLD, _WORLD
    return tuple(TileLevel(value, left, top) for value in resolutions)


def _nearest(levels: tuple[TileLevel, ...], resolution: float) -> TileLevel:
    return min(levels, key=lambda level: abs(level.resolution - resolution))


def _wmts_levels(items: QUrlQuery, crs: QgsCoordinateReferenceSystem) -> Iterator[TileLevel]:
    """The levels of a matrix set, from the capabilities, which QGIS has in its cache."""
    url = items.queryItemValue("url", QUrl.ComponentFormattingOption.FullyDecoded)
    request = QgsBlockingNetworkRequest()
    request.setAuthCfg(items.queryItemValue("authcfg"))
    if request.get(QNetworkRequest(QUrl(url))) != QgsBlockingNetworkRequest.ErrorCode.NoError:
        return
    document = QDomDocument()
    document.setContent(request.reply().content(), True)
    wanted = items.queryItemValue("tileMatrixSet", QUrl.ComponentFormattingOption.FullyDecoded)
    metres = QgsUnitTypes.fromUnitToUnitFactor(
        crs.mapUnits(), QgsUnitTypes.DistanceUnit.DistanceMeters
    )
    contents = _children(document.documentElement(), "Contents")
    for matrices in (each for parent in contents for each in _children(parent, "TileMatrixSet")):
        if _text(matrices, "Identifier") != wanted:
            continue
        for matrix in _children(matrices, "TileMatrix"):
            corner = [float(number) for number in _text(matrix, "TopLeftCorner").split()]
            left, top = reversed(corner) if crs.hasAxisInverted() else corner
            resolution = float(_text(matrix, "ScaleDenominator")) * _WMTS_PIXEL / metres
            yield TileLevel(resolution, left, top, int(_text(matrix, "TileWidth")))


def _children(parent: QDomElement, name: str) -> Iterator[QDomElement]:
    """The elements of this name, with any prefix, directly under ``parent``."""
    child = parent.firstChildElement()
    while not child.isNull():
        if child.localName() == name:
            yield child
        child = child.nextSiblingElement()


def _text(parent: QDomElement, name: str) -> str:
    return "".join(str(child.text()).strip() for child in _children(parent, name))
