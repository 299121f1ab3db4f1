"""Any raster that QGIS can show as a GeoTIFF: tile layers, WMS, WCS and others.

The layer's own provider reads it, so authentication, proxies and QGIS's cache of tiles
come with it.
"""

import hashlib
import math
import os
import time
from dataclasses import dataclass
from typing import Any, Optional

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsDataSourceUri,
    QgsFeedback,
    QgsNetworkAccessManager,
    QgsRasterDataProvider,
    QgsRasterLayer,
    QgsRectangle,
)
from qgis.PyQt.QtCore import QUrlQuery

from ..contract.errors import EngineCancelled
from ..qgis_tools.crs import crs_to_text, extent_text, layer_title
from ..translation import tr
from .blocks import RasterSource, has_colours, layout_of, piece_of, read_blocks
from .levels import INSET, TileLevel, levels_of
from .pieces import (
    Layout,
    Piece,
    PieceFolder,
    TileError,
    Window,
    write_geotiff,
)
from .requests import Failure, RequestWatch, summary
from .xyz import exact_tiles

MASK, ERROR = "mask", "error"
DEFAULT_MAXIMUM_TILES = 4096
DEFAULT_RETRIES = 3

_BLOCK_SIDE = 1024  # pixels; 16 tiles at a time, of which QGIS fetches several in parallel
_FIRST_WAIT = 1.0  # seconds before the first retry; doubled for each further one
_LONGEST_WAIT = 30.0
_DEAD_BLOCKS = 3  # in a row without a single tile: the server is down
_SECRETS = ("username", "password")


@dataclass(frozen=True)
class TileLimits:
    """What protects the server and the user.

    ``missing`` decides about tiles that do not arrive: a mask, or an error.
    ``retries`` is how often a tile is asked for again.

    Raises:
        TileError: a value is not allowed.
    """

    maximum_tiles: int = DEFAULT_MAXIMUM_TILES
    missing: str = MASK
    retries: int = DEFAULT_RETRIES

    def __post_init__(self) -> None:
        if self.maximum_tiles < 1:
            raise TileError(tr("Invalid MAX_TILES ({}): give 1 or more").format(self.maximum_tiles))
        if self.missing not in (MASK, ERROR):
            raise TileError(tr("Invalid MISSING ({}): choose mask or error").format(self.missing))
        if self.retries < 0:
            raise TileError(tr("Invalid RETRIES ({}): give 0 or more").format(self.retries))


@dataclass(frozen=True)
class FetchReport:
    """What came of a request: tiles asked for, share of pixels without data (0 to 1), and a
    line for each kind of failure."""

    tile_count: int
    missing_share: float
    problems: tuple[str, ...]


def needs_reader(layer: QgsRasterLayer) -> bool:
    """Whether the engine's GDAL cannot open the layer itself."""
    return str(layer.providerType()) != "gdal"


class TileReader:
    """Reads a layer by a separate provider.

    Made in the main thread, it may be used in another one, by one thread at a time.
    """

    def __init__(self, layer: QgsRasterLayer, limits: Optional[TileLimits] = None) -> None:
        """Raises: TileError: the layer is not valid or has no CRS."""
        self._name = layer_title(layer) or str(layer.providerType())
        if not layer.isValid() or layer.dataProvider() is None:
            raise TileError(
                tr("The layer {} cannot be opened: check its address and its login").format(
                    self._name
                )
            )
        self.crs = QgsCoordinateReferenceSystem(layer.crs())
        if not self.crs.isValid():
            raise TileError(
                tr("The layer {} has no CRS: set it in the layer's properties").format(self._name)
            )
        self.extent = QgsRectangle(layer.extent())
        self._limits = limits or TileLimits()
        self._provider: QgsRasterDataProvider = layer.dataProvider().clone()
        self._network = QgsNetworkAccessManager.instance()
        self._uri = str(layer.source())
        self._provider_type = str(layer.providerType())
        self._levels = levels_of(self._provider, self.crs, self._uri)
        # Of XYZ tiles, QGIS leaves out levels that are coarser than this.
        self._first_zoom = int(QUrlQuery(self._uri).queryItemValue("zmin") or 0)

    @property
    def is_tiled(self) -> bool:
        """Whether the layer has zoom levels."""
        return bool(self._levels)

    @property
    def is_image(self) -> bool:
        """Whether the layer gives colors, not values."""
        return has_colours(self._provider)

    def source_key(self) -> str:
        """What identifies the layer for a cache: provider and address without secrets.

        Of a virtual raster also the state of its files.
        """
        if self._provider_type == "wms":
            query = QUrlQuery(self._uri)
            for name in _SECRETS:
                query.removeAllQueryItems(name)
            return f"{self._provider_type}:{query.query()}"
        if self._provider_type == "virtualraster":
            return f"{self._provider_type}:{self._uri}:{_state_of_files(self._uri)}"
        uri = QgsDataSourceUri(self._uri)
        if uri.password():
            uri.setPassword("")
            return f"{self._provider_type}:{uri.uri(False)}"
        return f"{self._provider_type}:{self._uri}"

    @property
    def native_resolution(self) -> Optional[float]:
        """The finest in map units a pixel; None if the layer has none."""
        if self._levels:
            return self._levels[-1].resolution
        if self._provider.xSize() > 0 and self._provider.extent().width() > 0:
            return float(self._provider.extent().width() / self._provider.xSize())
        return None

    def zoom_resolution(self, zoom: int) -> float:
        """Map units of the layer's CRS a pixel at a zoom level.

        Raises:
            TileError: the layer has no such level.
        """
        if not self._levels:
            raise TileError(
                tr("The layer {} has no zoom levels: give RESOLUTION instead of ZOOM").format(
                    self._name
                )
            )
        last = self._first_zoom + len(self._levels) - 1
        if not self._first_zoom <= zoom <= last:
            raise TileError(
                tr("Invalid ZOOM ({}): valid values for the layer {} are {} to {}").format(
                    zoom, self._name, self._first_zoom, last
                )
            )
        return self._levels[zoom - self._first_zoom].resolution

    def level_resolution(self, resolution: float) -> float:
        """That of the coarsest zoom level that is as fine as ``resolution`` (map units a
        pixel), so that tiles are shrunk and never enlarged; of a layer without levels, itself."""
        for level in self._levels:
            if level.resolution <= resolution * (1 + 1e-6):
                return level.resolution
        return self._levels[-1].resolution if self._levels else resolution

    def aligned(self, extent: QgsRectangle, resolution: float) -> tuple[QgsRectangle, int, int]:
        """``extent`` (in the layer's CRS) widened to whole pixels of the layer's own grid.

        Returns the extent, its width and its height in pixels of ``resolution``. On this
        grid, at the resolution of a level, pixels are taken over as they are.
        """
        level = self._level(resolution)
        left, top = level.left, level.top
        first_x = math.floor((extent.xMinimum() - left) / resolution + INSET)
        last_x = math.ceil((extent.xMaximum() - left) / resolution - INSET)
        first_y = math.floor((top - extent.yMaximum()) / resolution + INSET)
        last_y = math.ceil((top - extent.yMinimum()) / resolution - INSET)
        last_x, last_y = max(last_x, first_x + 1), max(last_y, first_y + 1)
        whole = QgsRectangle(
            left + first_x * resolution,
            top - last_y * resolution,
            left + last_x * resolution,
            top - first_y * resolution,
        )
        return whole, last_x - first_x, last_y - first_y

    def tile_count(self, extent: QgsRectangle, width: int, height: int) -> int:
        """How many tiles (or images, of a layer without tiles) such a request needs."""
        if not self._levels:
            return math.ceil(width / _BLOCK_SIDE) * math.ceil(height / _BLOCK_SIDE)
        resolution = extent.width() / width
        return self._level(resolution).tile_count(extent, INSET * resolution)

    def tiles(self, extent: QgsRectangle, width: int, height: int) -> set[tuple[Any, ...]]:
        """Keys of the tiles that ``tile_count`` counts, also of different requests."""
        if not self._levels:
            count = self.tile_count(extent, width, height)
            return {(extent.toString(9), number) for number in range(count)}
        resolution = extent.width() / width
        level = self._level(resolution)
        return {(level, *tile) for tile in level.tiles(extent, INSET * resolution)}

    def check_count(self, extent: QgsRectangle, width: int, height: int) -> int:
        """As ``tile_count``.

        Raises:
            TileError: more than the limits allow.
        """
        count = self.tile_count(extent, width, height)
        if count > self._limits.maximum_tiles:
            raise TileError(
                tr(
                    "The extent needs {} tiles of the layer {}, more than MAX_TILES ({}): take a "
                    "smaller one, a coarser RESOLUTION or ZOOM, or raise MAX_TILES if the "
                    "server's terms of use allow that"
                ).format(count, self._name, self._limits.maximum_tiles)
            )
        return count

    def accepts(self, report: FetchReport) -> bool:
        """Whether what a run reported will do under the limits of this reader."""
        return not report.problems or self._limits.missing == MASK

    def fetch(
        self, extent: QgsRectangle, width: int, height: int, path: str, feedback: QgsFeedback
    ) -> FetchReport:
        """Write ``width`` x ``height`` pixels of ``extent`` (in the layer's CRS) as a GeoTIFF.

        Layers of images give red, green, blue and alpha as bytes, others their own bands and
        values. The file appears when it is whole. What a run that ended early had fetched
        lies next to it, in ``path`` + ``.parts``, and is taken by the next one.

        Raises:
            TileError: too many tiles, tiles that failed (``missing`` is ``error``), nothing at
                all, or a file that cannot be written.
            EngineCancelled: the feedback said so.
        """
        layout = self._layout(extent, width, height)
        count = self.check_count(extent, width, height)
        folder = os.path.dirname(os.path.abspath(path))
        if not os.path.isdir(folder):
            raise TileError(tr("The folder {} does not exist: make it first").format(folder))
        request = {
            # Its address may hold a key, which does not belong into a file.
            "source": hashlib.sha256(self.source_key().encode()).hexdigest(),
            "extent": [extent.xMinimum(), extent.yMinimum(), extent.xMaximum(), extent.yMaximum()],
            "crs": crs_to_text(self.crs),
            "size": [width, height],
        }
        pieces = PieceFolder(path + ".parts", request)
        windows = layout.windows(_BLOCK_SIDE)
        missing, failures = self._fetch_pieces(layout, windows, pieces, feedback)
        share = missing / (width * height)
        if share == 1 and failures:
            raise TileError(
                self._failed(
                    failures,
                    tr("nothing could be fetched; check its address, its login and the extent"),
                )
            )
        write_geotiff(path, layout, windows, pieces)
        pieces.remove()
        return FetchReport(count, share, summary(failures))

    def _fetch_pieces(
        self, layout: Layout, windows: list[Window], pieces: PieceFolder, feedback: QgsFeedback
    ) -> tuple[int, list[Failure]]:
        """Have every piece in the folder; pixels without data and failed requests."""
        source = self._source_of(layout)
        failures: dict[str, Failure] = {}
        missing = dead = 0
        for number, window in enumerate(windows):
            piece = pieces.read(window)
            if piece is None or piece.failures:
                piece = self._fetch_piece(source, layout, window, feedback)
                pieces.write(window, piece)
            if piece.failures and self._limits.missing == ERROR:
                raise TileError(
                    self._failed(
                        list(piece.failures),
                        tr("choose MISSING=mask to leave them out, or run this again"),
                    )
                )
            missing += piece.missing
            failures.update((failure.url, failure) for failure in piece.failures)
            lost = piece.missing == window.width * window.height
            dead = dead + 1 if lost and any(not f.final for f in piece.failures) else 0
            if dead == _DEAD_BLOCKS:
                raise TileError(
                    self._failed(list(piece.failures), tr("the server gives no tiles any more"))
                )
            feedback.setProgress(100 * (number + 1) / len(windows))
        return missing, list(failures.values())

    def _fetch_piece(
        self,
        source: RasterSource,
        layout: Layout,
        window: Window,
        feedback: QgsFeedback,
    ) -> Piece:
        extent = layout.window_extent(window)
        if self.is_tiled:
            extent = extent.buffered(-INSET * extent.width() / window.width)
        failures: tuple[Failure, ...] = ()
        for attempt in range(self._limits.retries + 1):
            if attempt:
                _wait(min(_FIRST_WAIT * 2 ** (attempt - 1), _LONGEST_WAIT), feedback)
            with RequestWatch(self._network, self._uri) as watch:
                blocks, errors = read_blocks(source, layout, window, extent, feedback)
                watch.note(errors)
            _stop_if_cancelled(feedback)
            # Tiles that came are in QGIS's memory: the next round asks for the others only.
            failures = tuple(watch.failures.values())
            if all(failure.final for failure in failures):
                break
        return piece_of(blocks, layout, failures, self._name)

    def _layout(self, extent: QgsRectangle, width: int, height: int) -> Layout:
        if width < 1 or height < 1 or extent.isEmpty():
            raise TileError(
                tr("The extent is empty or smaller than a pixel ({}): give a larger one").format(
                    extent_text(extent)
                )
            )
        return layout_of(self._provider, self._name, extent, self.crs, width, height)

    def _source_of(self, layout: Layout) -> RasterSource:
        level = self._level(layout.extent.width() / layout.width)
        return exact_tiles(self._uri, self._levels, level, layout) or self._provider

    def _level(self, resolution: float) -> TileLevel:
        """The level that QGIS takes for a resolution; computed for a layer without levels."""
        if not self._levels:
            corner = self._provider.extent()
            return TileLevel(resolution, corner.xMinimum(), corner.yMaximum())
        return min(self._levels, key=lambda level: abs(level.resolution - resolution))

    def _failed(self, failures: list[Failure], advice: str) -> str:
        return tr("{} tiles of the layer {} failed ({}): {}").format(
            len(failures), self._name, "; ".join(summary(failures)), advice
        )


def _state_of_files(uri: str) -> list[tuple[int, int, int]]:
    """Size, time and inode of the files that a virtual raster is computed from."""
    parameters, _ = QgsRasterDataProvider.decodeVirtualRasterProviderUri(uri)
    paths = [layer.uri.split("|", 1)[0] for layer in parameters.rInputLayers]
    states = [os.stat(path) for path in paths if os.path.isfile(path)]
    return [(state.st_size, state.st_mtime_ns, state.st_ino) for state in states]


def _wait(seconds: float, feedback: QgsFeedback) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        _stop_if_cancelled(feedback)
        time.sleep(0.05)


def _stop_if_cancelled(feedback: QgsFeedback) -> None:
    if feedback.isCanceled():
        raise EngineCancelled(tr("The run was cancelled while tiles were fetched"))
