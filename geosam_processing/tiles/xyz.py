"""XYZ tiles put together pixel for pixel, for versions of QGIS whose provider moves them.

Requests go through QGIS's network stack: its proxy, time-out, cache, logins, user agent.
"""

import base64
import math
import re
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Optional

from qgis.core import (
    Qgis,
    QgsApplication,
    QgsNetworkAccessManager,
    QgsRasterBlock,
    QgsRasterBlockFeedback,
    QgsRectangle,
)
from qgis.PyQt.QtCore import QEventLoop, QRect, Qt, QUrl, QUrlQuery
from qgis.PyQt.QtGui import QImage, QPainter
from qgis.PyQt.QtNetwork import QNetworkReply, QNetworkRequest

from .levels import WEB_MERCATOR, TileLevel
from .pieces import Layout

# Since its pull request 61591 the provider draws a tile into whole pixels, the left and
# upper edge rounded down, the right and lower one up. Edges are never whole in floating
# point, so tiles grow by a pixel here and there. 3.40.7 has it, 3.40.6 has not.
PROVIDER_MOVES_TILES = Qgis.QGIS_VERSION_INT >= 34007

_PARALLEL = 6  # requests, as Qt allows for a host; more would wait and run into the time-out
_KEPT_BYTES = 64 * 2**20  # of tiles that windows beside each other or retries share
_REDIRECTS = 5
_ALIGNED = 0.01  # pixels that an extent may be off the grid of a level
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_KNOWN = {"x", "y", "-y", "z", "q"}
_HEADER = "http-header:"


@dataclass(frozen=True)
class _Address:
    """Where the tiles of a layer are, and what a request for one says."""

    template: str
    headers: dict[str, str]
    login: str

    @classmethod
    def of(cls, uri: str) -> "_Address":
        decoded = QUrl.ComponentFormattingOption.FullyDecoded
        values = dict(QUrlQuery(uri).queryItems(decoded))
        headers = {
            key[len(_HEADER) :]: value for key, value in values.items() if key.startswith(_HEADER)
        }
        if values.get("referer"):
            headers["referer"] = values["referer"]
        if values.get("username") or values.get("password"):
            login = f"{values.get('username', '')}:{values.get('password', '')}"
            headers["Authorization"] = "Basic " + base64.b64encode(login.encode()).decode()
        return cls(values.get("url", ""), headers, values.get("authcfg", ""))

    def tile(self, zoom: int, column: int, row: int) -> QUrl:
        values = {
            "x": column,
            "y": row,
            "-y": 2**zoom - 1 - row,
            "z": zoom,
            "q": _quadkey(zoom, column, row),
        }
        return QUrl(_PLACEHOLDER.sub(lambda found: str(values[found[1].lower()]), self.template))

    def request(self, url: QUrl, own: bool) -> QNetworkRequest:
        """A request for ``url``; the headers and the login go along if it is our ``own`` server."""
        request = QNetworkRequest(url)
        for name, value in self.headers.items() if own else ():
            request.setRawHeader(name.encode(), value.encode())
        names = QNetworkRequest.Attribute
        request.setAttribute(
            names.CacheLoadControlAttribute, QNetworkRequest.CacheLoadControl.PreferCache
        )
        request.setAttribute(names.CacheSaveControlAttribute, True)
        # Qt would send the login along, to whatever host a redirect names.
        request.setAttribute(
            names.RedirectPolicyAttribute, QNetworkRequest.RedirectPolicy.ManualRedirectPolicy
        )
        if self.login and own:
            QgsApplication.authManager().updateNetworkRequest(request, self.login)
        return request


class XyzTiles:
    """The tiles of a zoom level; gives blocks as the provider of the layer does.

    Requests are those of the calling thread, which waits for them in an event loop.
    """

    def __init__(self, uri: str, level: TileLevel, zoom: int) -> None:
        """``uri``: the source of the layer, as QGIS writes it."""
        self._address = _Address.of(uri)
        self._level = level
        self._zoom = zoom
        self._kept: OrderedDict[str, bytes] = OrderedDict()

    def fits(self, layout: Layout) -> bool:
        """Whether such a raster is of the level's own pixels, at addresses known here."""
        extent = layout.extent
        x, y = self._offset(extent)
        resolution = self._level.resolution
        errors = [x - round(x), y - round(y)]
        errors.append(extent.width() / resolution - layout.width)
        errors.append(extent.height() / resolution - layout.height)
        names = {name.lower() for name in _PLACEHOLDER.findall(self._address.template)}
        return names <= _KNOWN and all(abs(error) < _ALIGNED for error in errors)

    def block(
        self,
        band: int,
        extent: QgsRectangle,
        width: int,
        height: int,
        feedback: QgsRasterBlockFeedback,
    ) -> QgsRasterBlock:
        """Colors of ``width`` x ``height`` pixels, transparent where there is no tile.

        A reply that is no image is reported in the errors of ``feedback``, other failures by QGIS's
        requests.
        """
        left, top = (round(value) for value in self._offset(extent))
        image = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
        side = self._level.side
        places = {
            self._address.tile(self._zoom, column, row).toString(): (
                column * side - left,
                row * side - top,
            )
            for column, row in self._tiles(left, top, width, height)
        }
        for url, content in self._contents(list(places), feedback):
            tile = QImage.fromData(content)
            if tile.isNull():
                self._kept.pop(url, None)
                feedback.appendError(f"No image (url: {url})")
                continue
            painter.drawImage(QRect(*places[url], side, side), tile)
        painter.end()
        block = QgsRasterBlock(Qgis.DataType.ARGB32_Premultiplied, width, height)
        block.setImage(image)
        return block

    def _offset(self, extent: QgsRectangle) -> tuple[float, float]:
        """Pixels from the upper left corner of the level to that of ``extent``."""
        level = self._level
        return (
            (extent.xMinimum() - level.left) / level.resolution,
            (level.top - extent.yMaximum()) / level.resolution,
        )

    def _tiles(self, left: int, top: int, width: int, height: int) -> Iterator[tuple[int, int]]:
        """Columns and rows of those that such a window of the level's pixels needs."""
        side, count = self._level.side, 2**self._zoom
        for row in range(max(top // side, 0), min(math.ceil((top + height) / side), count)):
            for column in range(max(left // side, 0), min(math.ceil((left + width) / side), count)):
                yield column, row

    def _contents(
        self, urls: list[str], feedback: QgsRasterBlockFeedback
    ) -> list[tuple[str, bytes]]:
        """The tiles, cached or new; failed ones are left out."""
        found = {url: self._kept[url] for url in urls if url in self._kept}
        new = _Download(self._address, [url for url in urls if url not in found]).run(feedback)
        for url, content in {**found, **new}.items():
            self._kept[url] = content
            self._kept.move_to_end(url)
        size = sum(map(len, self._kept.values()))
        while size > _KEPT_BYTES:
            size -= len(self._kept.popitem(last=False)[1])
        return [*found.items(), *new.items()]


def exact_tiles(
    uri: str, levels: tuple[TileLevel, ...], level: TileLevel, layout: Layout
) -> Optional[XyzTiles]:
    """What reads ``layout``, in the layer's CRS, where the provider would move pixels.

    None if it would not, or if only it can read the layer.
    """
    items = QUrlQuery(uri)
    # Values that are coded as colors only the provider decodes.
    colours = layout.alpha and layout.crs.authid() == WEB_MERCATOR
    if not (PROVIDER_MOVES_TILES and items.queryItemValue("type") == "xyz" and colours):
        return None
    first_zoom = int(items.queryItemValue("zmin") or 0)
    tiles = XyzTiles(uri, level, first_zoom + levels.index(level))
    return tiles if tiles.fits(layout) else None


class _Download:
    """Fetches addresses, some at a time."""

    def __init__(self, address: _Address, urls: list[str]) -> None:
        self._address = address
        self._waiting = urls[::-1]
        self._running: dict[str, QNetworkReply] = {}
        self._contents: dict[str, bytes] = {}
        self._loop = QEventLoop()

    def run(self, feedback: QgsRasterBlockFeedback) -> dict[str, bytes]:
        """What came until all is there or ``feedback`` cancels."""
        feedback.canceled.connect(self._loop.quit)
        self._start()
        if self._running and not feedback.isCanceled():
            self._loop.exec(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
        feedback.canceled.disconnect(self._loop.quit)
        self._waiting.clear()
        for reply in list(self._running.values()):
            reply.abort()
        return self._contents

    def _start(self) -> None:
        while self._waiting and len(self._running) < _PARALLEL:
            url = self._waiting.pop()
            self._ask(url, QUrl(url), 0)

    def _ask(self, url: str, place: QUrl, redirects: int) -> None:
        """Ask for the tile of ``url`` at ``place``, where so many redirects led to."""
        request = self._address.request(place, _server(place) == _server(QUrl(url)))
        reply = QgsNetworkAccessManager.instance().get(request)
        self._running[url] = reply
        reply.finished.connect(lambda: self._finish(url, redirects))

    def _finish(self, url: str, redirects: int) -> None:
        reply: Optional[QNetworkReply] = self._running.pop(url, None)
        if reply is None:
            return
        status = reply.attribute(QNetworkRequest.Attribute.HttpStatusCodeAttribute)
        target = reply.attribute(QNetworkRequest.Attribute.RedirectionTargetAttribute)
        if target is not None:
            place = reply.url().resolved(target)
            if redirects < _REDIRECTS and _may_follow(reply.url(), place):
                reply.deleteLater()
                self._ask(url, place, redirects + 1)
                return
            # No image: it is told of as such.
            self._contents[url] = b""
        elif reply.error() == QNetworkReply.NetworkError.NoError and status != 204:
            self._contents[url] = bytes(reply.readAll())
        reply.deleteLater()
        self._start()
        if not self._running:
            self._loop.quit()


def _server(url: QUrl) -> tuple[str, str, int]:
    return url.scheme(), url.host(), url.port()


def _may_follow(url: QUrl, target: QUrl) -> bool:
    """Whether a redirect leads to a server, and not from a safe connection to an open one."""
    return target.scheme() == "https" or target.scheme() == url.scheme() == "http"


def _quadkey(zoom: int, column: int, row: int) -> str:
    """The address of a tile as Bing writes it: a digit for each level, 0 to 3."""
    return "".join(
        str((column >> level & 1) + 2 * (row >> level & 1)) for level in reversed(range(zoom))
    )
