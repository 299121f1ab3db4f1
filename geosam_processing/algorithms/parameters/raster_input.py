"""A raster that is segmented without features: a file, or the part of a tile layer to fetch."""

import contextlib
import hashlib
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Optional, Union

from qgis.core import (
    QgsGeometry,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingParameterDefinition,
    QgsRectangle,
)

from ... import contract, settings
from ...qgis_tools.crs import crs_to_text
from ...qgis_tools.inputs import Inputs
from ...tiles.grid import choose_grid
from ...tiles.raster import raster_of_tiles
from ...tiles.reader import TileReader, needs_reader
from ...translation import tr
from ..layers.inputs import layer_folder_name, raster_of_layer
from ..layers.search_area import search_area_of
from .common import number
from .raster import bands_of
from .tiles import ZOOM, limits_of, tile_limit_parameters, zoom_parameter

RESOLUTION = "RESOLUTION"
# Answers and tiles of a run that was stopped are kept for so long.
_KEPT = 30 * 86400  # seconds


def raster_input_parameters() -> Iterator[QgsProcessingParameterDefinition]:
    """How finely a raster is seen, and what protects the servers of tile layers."""
    yield number(
        RESOLUTION,
        "Resolution (meters)",
        "The size of a pixel on the ground. If not set, the raster's own. A tile layer needs this "
        "or a zoom level.",
        None,
        0,
    )
    yield zoom_parameter("Tiles of this level are taken as they are. Only for tile layers.")
    yield from tile_limit_parameters()


class RasterInput:
    """The raster or tile layer of a parameter; made in the main thread.

    Attributes:
        crs: of the layer.
        name: of the layer, for folders.
        key: differs for other layers and other parts of a tile layer.

    Raises:
        QgsProcessingException: the layer cannot be used, or it is a tile layer and neither its
            part nor its resolution is given.
        ContractError: a value is not allowed.
    """

    def __init__(self, inputs: Inputs, key: str) -> None:
        layer = inputs.raster(key)
        self.crs = layer.crs()
        self.name = layer_folder_name(layer)
        self._bands = tuple(bands_of(inputs))
        self._resolution = inputs.optional_number(RESOLUTION)
        zoom = inputs.optional_whole_number(ZOOM)
        self._reader: Optional[TileReader] = None
        if not needs_reader(layer):
            if zoom is not None:
                raise QgsProcessingException(
                    tr("{} ({}) has no zoom levels: give RESOLUTION instead of ZOOM").format(
                        key, layer.name()
                    )
                )
            self._raster = raster_of_layer(layer, key, self._bands, None)
            self.key = _key(self._raster.source)
            return
        self._reader = TileReader(layer, limits_of(inputs))
        area = search_area_of(inputs, self.crs)
        if not area:
            raise QgsProcessingException(
                tr("{} ({}) is a tile layer. Give EXTENT or MASK, the part to fetch").format(
                    key, layer.name()
                )
            )
        self._grid = choose_grid(
            self._reader, _bounds_of(area), 0, zoom, self._resolution, other_crs=False
        )
        grid = self._grid
        self._reader.check_count(grid.extent, grid.width, grid.height)
        self.key = _key(self._reader.source_key(), grid.extent.toString(9), grid.width, grid.height)

    @property
    def value_range(self) -> Optional[tuple[float, float]]:
        """The values that become 0 and 255, if the layer is a picture of tiles."""
        return (0.0, 255.0) if self._reader is not None and self._reader.is_image else None

    @property
    def target_crs(self) -> str:
        """The layer's CRS if its pixels are resampled, so that they stay in it."""
        return "" if self.target_resolution is None else crs_to_text(self.crs)

    @property
    def target_resolution(self) -> Optional[float]:
        """The resolution to resample to, in meters; None if the pixels stay as they are."""
        return self._resolution if self._reader is None else self._grid.target_resolution

    def raster(self, folder: str, feedback: QgsProcessingFeedback) -> contract.Raster:
        """Return what the engine reads; a tile layer is fetched into ``folder`` first.

        Raises:
            TileError, EngineCancelled: as ``TileReader.fetch`` does.
        """
        if self._reader is None:
            return self._raster
        path, _ = raster_of_tiles(self._reader, self._grid, folder, feedback)
        return contract.Raster(path, crs=crs_to_text(self._reader.crs), bands=self._bands)


def _key(*facts: Union[str, int]) -> str:
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:16]


def _bounds_of(area: str) -> QgsRectangle:
    geometry = QgsGeometry()
    geometry.fromWkb(bytes.fromhex(area))
    return geometry.boundingBox()


@contextlib.contextmanager
def unfinished_run(key: str) -> Iterator[str]:
    """Give the folder of a run, where it keeps what it needs to continue.

    It stays if the block raises. Folders of runs that were not continued within a month are
    removed.
    """
    place = _place()
    for old in place.iterdir() if place.is_dir() else ():
        if time.time() - _last_change(old) > _KEPT:
            shutil.rmtree(old, ignore_errors=True)
    folder = place / key
    yield str(folder)
    shutil.rmtree(folder, ignore_errors=True)


def remove_unfinished_runs() -> None:
    """Remove what stopped runs keep to continue."""
    shutil.rmtree(_place(), ignore_errors=True)


def _place() -> Path:
    return settings.cache_folder() / "unfinished"


def _last_change(folder: Path) -> float:
    """When a file in a folder was changed last."""
    files = [Path(place, name) for place, _, names in os.walk(folder) for name in names]
    return max((file.stat().st_mtime for file in files), default=0.0)
