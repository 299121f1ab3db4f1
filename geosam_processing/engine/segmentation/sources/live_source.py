"""What live prompts are on: a raster that is opened here, or patches that QGIS fetched."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from typing import Any, Protocol

import numpy as np
from affine import Affine
from numpy.typing import NDArray

from geosam_processing.contract import (
    FetchedPatch,
    LivePatch,
    LiveSource,
    Raster,
    SegmentLiveRequest,
    TileGrid,
)
from geosam_processing.engine import errors
from geosam_processing.engine.raster.view import RasterView, open_source
from geosam_processing.engine.run import never
from geosam_processing.engine.segmentation.sources.live_cache import FeatureCache, key_of
from geosam_processing.engine.segmentation.sources.live_grid import LiveGrid

Pixels = tuple[NDArray[np.floating[Any]], NDArray[np.bool_]]


class PatchSource(Protocol):
    """Where the values of patches come from.

    Attributes:
        grid: of the patches.
        crs_text: its CRS, ``EPSG:n`` or WKT.
        facts: everything else that decides the values of a patch, as JSON holds it.
    """

    grid: LiveGrid
    crs_text: str
    facts: dict[str, Any]

    def value_range(self, cancelled: Callable[[], bool] = never) -> tuple[float, float]:
        """The values that become 0 and 255, the same for all patches.

        Raises:
            Cancelled: ``cancelled`` answered True.
            RasterError: there is none.
        """
        ...

    def remarks(self) -> list[str]:
        """What the user should know of how the values are read."""
        ...

    def can_read(self, patch: LivePatch) -> bool:
        """Whether the patch's values are at hand; others have to be fetched."""
        ...

    def is_complete(self, patch: LivePatch) -> bool:
        """Whether nothing of the patch was missing, so that its features may be kept."""
        ...

    def read(self, patch: LivePatch) -> Pixels:
        """Values [B, rows, columns] and where they are valid [rows, columns].

        Raises:
            RasterError: they cannot be read.
        """
        ...


@contextlib.contextmanager
def open_patches(
    request: SegmentLiveRequest, patch_size: int, cache: FeatureCache
) -> Iterator[PatchSource]:
    """Open the source of a request; ``cache`` keeps the range of a raster's values.

    Raises:
        RasterError: it cannot be opened.
    """
    source = request.source
    if source.tiles is not None:
        yield FetchedPatches(source.tiles, request.fetched, patch_size)
        return
    with _open_view(source) as view:
        yield RasterPatches(_require_raster(source), view, patch_size, cache)


@contextlib.contextmanager
def _open_view(source: LiveSource) -> Iterator[RasterView]:
    raster = replace(_require_raster(source), extent=None)
    if source.resolution is None:
        with open_source(raster) as view:
            yield view
        return
    with open_source(raster) as own:
        crs = own.crs_text
    with open_source(raster, crs, source.resolution) as view:
        yield view


def _require_raster(source: LiveSource) -> Raster:
    if source.raster is None:
        raise ValueError("The source has no raster")
    return source.raster


class RasterPatches:
    """Patches of a raster, on its own pixels."""

    def __init__(
        self, raster: Raster, view: RasterView, patch_size: int, cache: FeatureCache
    ) -> None:
        self.grid = LiveGrid(view.transform, view.width, view.height, patch_size)
        self.crs_text = view.crs_text
        self.facts: dict[str, Any] = {
            "source": raster.source,
            "fingerprint": view.source_fingerprint,
            "inode": os.stat(raster.source).st_ino if os.path.isfile(raster.source) else 0,
            "crs": view.crs_text,
            "transform": tuple(view.transform)[:6],
            "size": (view.width, view.height),
            "bands": view.bands,
        }
        self._view = view
        self._cache = cache

    def value_range(self, cancelled: Callable[[], bool] = never) -> tuple[float, float]:
        if self._view.holds_bytes:
            return 0.0, 255.0
        key = key_of({**self.facts, "what": "value range"})
        known = (self._cache.load(key) or {}).get("range")
        if known is None or known.shape != (2,) or not known[0] < known[1]:
            known = np.array(self._view.statistics(cancelled=cancelled))
            self._cache.store(key, {"range": known})
        minimum, maximum = known
        return float(minimum), float(maximum)

    def remarks(self) -> list[str]:
        return self._view.all_remarks()

    def can_read(self, patch: LivePatch) -> bool:
        return True

    def is_complete(self, patch: LivePatch) -> bool:
        return True

    def read(self, patch: LivePatch) -> Pixels:
        shape = (patch.rows, patch.columns) if patch.level > 0 else None
        return self._view.read(patch.x, patch.y, patch.width, patch.height, shape)


class FetchedPatches:
    """Patches of a tile layer, each in a GeoTIFF that QGIS wrote."""

    def __init__(self, tiles: TileGrid, fetched: tuple[FetchedPatch, ...], patch_size: int) -> None:
        size = tiles.resolution
        transform = Affine(size, 0.0, tiles.left, 0.0, -size, tiles.top)
        self.grid = LiveGrid(transform, tiles.columns, tiles.rows, patch_size)
        self.crs_text = tiles.crs
        self.facts: dict[str, Any] = asdict(tiles)
        self._bands = tiles.bands
        self._fetched = {each.patch: each for each in fetched}

    def value_range(self, cancelled: Callable[[], bool] = never) -> tuple[float, float]:
        for each in self._fetched.values():
            with open_source(Raster(each.path, bands=self._bands)) as view:
                if not view.holds_bytes:
                    raise errors.RasterError(
                        "The layer has values other than 0 to 255, and of a layer that is fetched "
                        "part by part no range can be taken: give a value range"
                    )
            break
        return 0.0, 255.0

    def remarks(self) -> list[str]:
        return []

    def can_read(self, patch: LivePatch) -> bool:
        return patch in self._fetched

    def is_complete(self, patch: LivePatch) -> bool:
        return self._fetched[patch].complete

    def read(self, patch: LivePatch) -> Pixels:
        path = self._fetched[patch].path
        with open_source(Raster(path, bands=self._bands)) as view:
            if (view.width, view.height) != (patch.columns, patch.rows):
                raise errors.RasterError(
                    "The patch {} has {} x {} pixels, but "
                    "{} x {} were asked for: please report this",
                    path,
                    view.width,
                    view.height,
                    patch.columns,
                    patch.rows,
                )
            return view.read(0, 0, view.width, view.height)
