"""The layer of a live run: read by the engine, or fetched patch by patch."""

import os
from collections.abc import Sequence
from typing import Optional

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransformContext,
    QgsFeedback,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsRasterLayer,
    QgsRectangle,
    QgsUnitTypes,
)

from .. import contract_live
from .base import tr
from .layers import crs_to_text, raster_of_layer
from .tile_pieces import TileError
from .tile_reader import TileLimits, TileReader, needs_reader

# So many patches in a row of which nothing comes: the server is down.
_DEAD_PATCHES = 3


class LiveLayer:
    """A layer that prompts are on; made in the main thread.

    Attributes:
        crs: of the layer, and of the polygons.
        source: what the engine is told of it.

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
        maximum_tiles: int,
        transforms: QgsCoordinateTransformContext,
    ) -> None:
        """``resolution`` is in metres of the layer's CRS, None takes that of the layer."""
        if resolution is not None and zoom is not None:
            raise QgsProcessingException(
                tr("RESOLUTION ({}) and ZOOM ({}) are given: leave one empty").format(
                    resolution, zoom
                )
            )
        self.crs = QgsCoordinateReferenceSystem(layer.crs())
        self._reader: Optional[TileReader] = None
        self._maximum_tiles = maximum_tiles
        self._tile_count = self._dead_patches = 0
        if needs_reader(layer):
            self._reader = TileReader(layer, transforms, TileLimits(maximum_tiles))
            grid = _grid(self._reader, bands, resolution, zoom)
            self.source = contract_live.LiveSource(tiles=grid)
            return
        if zoom is not None:
            raise QgsProcessingException(
                tr("{} ({}) has no zoom levels: give RESOLUTION instead of ZOOM").format(
                    key, layer.name()
                )
            )
        raster = raster_of_layer(layer, key, bands, None)
        self.source = contract_live.LiveSource(raster, resolution)

    def fetch(
        self,
        patches: Sequence[contract_live.LivePatch],
        folder: str,
        feedback: QgsProcessingFeedback,
    ) -> tuple[list[contract_live.FetchedPatch], dict[contract_live.LivePatch, str]]:
        """Patches in files of ``folder``, and of those that could not be fetched the reasons.

        Raises:
            TileError: too many tiles would be needed, or the server is down.
            EngineCancelled: the feedback said so.
        """
        fetched: list[contract_live.FetchedPatch] = []
        reasons: dict[contract_live.LivePatch, str] = {}
        if self._reader is None:
            return fetched, reasons
        self._count(self._reader, patches)
        # The reader's progress is that of one patch.
        inner = QgsFeedback()
        feedback.canceled.connect(inner.cancel)
        if feedback.isCanceled():
            inner.cancel()
        for number, patch in enumerate(patches, start=1):
            feedback.setProgressText(tr("Fetching patch {} of {}").format(number, len(patches)))
            path = os.path.join(folder, f"{patch.name}.tif")
            try:
                report = self._reader.fetch(
                    QgsRectangle(*patch.bounds), self.crs, patch.columns, patch.rows, path, inner
                )
            except TileError as error:
                reasons[patch] = str(error)
                self._dead_patches += 1
                if self._dead_patches == _DEAD_PATCHES:
                    raise
                continue
            self._dead_patches = 0
            for problem in report.problems:
                feedback.pushWarning(problem)
            fetched.append(contract_live.FetchedPatch(patch, path, not report.problems))
        return fetched, reasons

    def _count(self, reader: TileReader, patches: Sequence[contract_live.LivePatch]) -> None:
        for patch in patches:
            self._tile_count += reader.tile_count(
                QgsRectangle(*patch.bounds), patch.columns, patch.rows
            )
        if self._tile_count > self._maximum_tiles:
            raise TileError(
                tr(
                    "The prompts need at least {} tiles, more than MAX_TILES ({}): take fewer "
                    "prompts, a coarser RESOLUTION or ZOOM, or raise MAX_TILES if the server's "
                    "owner allows that"
                ).format(self._tile_count, self._maximum_tiles)
            )


def _grid(
    reader: TileReader, bands: Sequence[int], resolution: Optional[float], zoom: Optional[int]
) -> contract_live.TileGrid:
    size: Optional[float]
    if zoom is not None:
        size = reader.zoom_resolution(zoom)
    elif resolution is not None:
        metres = QgsUnitTypes.DistanceUnit.DistanceMeters
        size = resolution * QgsUnitTypes.fromUnitToUnitFactor(metres, reader.crs.mapUnits())
    else:
        size = reader.native_resolution(reader.extent, reader.crs)
    if size is None:
        raise QgsProcessingException(
            tr("The layer has no resolution of its own: give RESOLUTION (metres)")
        )
    whole, columns, rows = reader.aligned(reader.extent, size)
    return contract_live.TileGrid(
        source=reader.source_key(),
        crs=crs_to_text(reader.crs),
        left=whole.xMinimum(),
        top=whole.yMaximum(),
        resolution=size,
        columns=columns,
        rows=rows,
        bands=tuple(bands),
    )
