"""The layer of a live run: read by the engine, or fetched patch by patch."""

import math
import os
from collections.abc import Sequence
from typing import Any, Optional

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFeedback,
    QgsPointXY,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsRasterLayer,
    QgsRectangle,
)

from ... import contract
from ...qgis_tools.crs import crs_to_text
from ...tiles.grid import has_one_scale, map_units, refuse_both
from ...tiles.pieces import TileError
from ...tiles.reader import ERROR, TileLimits, TileReader, needs_reader
from ...translation import tr
from .inputs import raster_of_layer

# So many patches in a row of which nothing comes: the server is down.
_DEAD_PATCHES = 3
# Resolutions of layers in degrees or Mercator between one and its double, about 4 percent apart.
_STEPS = 16


class LiveLayer:
    """A layer that prompts are on; made in the main thread.

    Attributes:
        crs: of the layer, and of the polygons.
        extent: of the layer, in its CRS.

    Raises:
        QgsProcessingException: the layer cannot be used, or ``resolution`` and ``zoom`` do not
            fit it.
        ContractError: a value is not allowed.
    """

    def __init__(
        self,
        layer: QgsRasterLayer,
        key: str,
        bands: Sequence[int],
        resolution: Optional[float],
        zoom: Optional[int],
        limits: TileLimits,
    ) -> None:
        """``resolution`` is in meters, of a tile layer on the ground; None takes the layer's."""
        refuse_both(resolution, zoom)
        self.crs = QgsCoordinateReferenceSystem(layer.crs())
        self.extent = QgsRectangle(layer.extent())
        self._bands = tuple(bands)
        self._resolution = resolution
        self._zoom = zoom
        self._limits = limits
        self._tiles: set[tuple[Any, ...]] = set()
        self._dead_patches = 0
        self._reader: Optional[TileReader] = None
        self._raster: Optional[contract.Raster] = None
        if needs_reader(layer):
            self._reader = TileReader(layer, limits)
        elif zoom is None:
            self._raster = raster_of_layer(layer, key, bands, None)
        else:
            raise QgsProcessingException(
                tr("{} ({}) has no zoom levels: give RESOLUTION instead of ZOOM").format(
                    key, layer.name()
                )
            )

    @property
    def is_fetched(self) -> bool:
        """Whether QGIS fetches the pixels, and the engine reads them from files."""
        return self._reader is not None

    def source(self, prompts: Optional[QgsPointXY] = None) -> contract.LiveSource:
        """The layer for the engine; ``prompts`` is the middle of them, in its CRS.

        Raises:
            QgsProcessingException: the layer has no fixed resolution, or not that zoom.
            ContractError: a value is not allowed.
        """
        if self._reader is None:
            return contract.LiveSource(self._raster, self._resolution)
        reader = self._reader
        place = reader.extent
        if prompts is not None and place.contains(prompts):
            place = QgsRectangle(prompts, prompts)
        size = self._pixel_size(reader, place)
        whole, columns, rows = reader.aligned(reader.extent, size)
        grid = contract.TileGrid(
            source=reader.source_key(),
            crs=crs_to_text(reader.crs),
            left=whole.xMinimum(),
            top=whole.yMaximum(),
            resolution=size,
            columns=columns,
            rows=rows,
            bands=self._bands,
        )
        return contract.LiveSource(tiles=grid)

    def fetch(
        self,
        patches: Sequence[contract.LivePatch],
        folder: str,
        feedback: QgsProcessingFeedback,
    ) -> tuple[list[contract.FetchedPatch], dict[contract.LivePatch, str]]:
        """Patches in files of ``folder``, and of those that could not be fetched the reasons.

        Raises:
            TileError: the server is down, or ``missing`` is an error.
            EngineCancelled: the feedback said so.
        """
        fetched: list[contract.FetchedPatch] = []
        reasons: dict[contract.LivePatch, str] = {}
        if self._reader is None:
            return fetched, reasons
        # The reader's progress is that of one patch.
        inner = QgsFeedback()
        feedback.canceled.connect(inner.cancel)
        if feedback.isCanceled():
            inner.cancel()
        for number, patch in enumerate(patches, start=1):
            feedback.setProgressText(tr("Fetching patch {} of {}").format(number, len(patches)))
            path = os.path.join(folder, f"{patch.name}.tif")
            try:
                self._tiles |= self._reader.tiles(*_request(patch))
                report = self._reader.fetch(*_request(patch), path, inner)
            except TileError as error:
                if self._limits.missing == ERROR:
                    raise
                reasons[patch] = str(error)
                self._dead_patches += 1
                if self._dead_patches == _DEAD_PATCHES:
                    raise
                continue
            self._dead_patches = 0
            if report.problems:
                problems = "; ".join(report.problems)
                feedback.pushWarning(
                    tr("Tiles are missing in patch {} of {}: {}").format(
                        number, len(patches), problems
                    )
                )
            fetched.append(contract.FetchedPatch(patch, path, not report.problems))
        return fetched, reasons

    def check_count(self, patches: Sequence[contract.LivePatch]) -> None:
        """See that ``patches`` can be fetched, too, under the limits.

        Raises:
            TileError: they need too many tiles, together with those that were fetched.
        """
        if self._reader is None:
            return
        tiles = self._tiles.union(*(self._reader.tiles(*_request(patch)) for patch in patches))
        if len(tiles) > self._limits.maximum_tiles:
            raise TileError(
                tr(
                    "The prompts need at least {} tiles, more than MAX_TILES ({}): take fewer "
                    "prompts, a coarser RESOLUTION or ZOOM, or raise MAX_TILES if the server's "
                    "terms of use allow that"
                ).format(len(tiles), self._limits.maximum_tiles)
            )

    def _pixel_size(self, reader: TileReader, place: QgsRectangle) -> float:
        """In units of the layer's CRS."""
        native = reader.native_resolution
        if self._zoom is not None:
            return reader.zoom_resolution(self._zoom)
        if self._resolution is None:
            if native is None:
                raise QgsProcessingException(
                    tr("The layer has no fixed resolution. Give RESOLUTION (meters)")
                )
            return native
        wanted = map_units(self._resolution, reader.crs, place)
        if has_one_scale(reader.crs):
            return wanted
        # On steps, because meters on the ground differ a little between prompts nearby, and
        # those shall meet the same patches.
        base = native or 1.0
        return float(base * 2 ** (round(math.log2(wanted / base) * _STEPS) / _STEPS))


def _request(patch: contract.LivePatch) -> tuple[QgsRectangle, int, int]:
    """A patch as the reader is asked for it: extent, width and height."""
    return QgsRectangle(*patch.bounds), patch.columns, patch.rows
