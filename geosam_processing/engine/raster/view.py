"""A raster as the encoder sees it: up to three bands on one grid of pixels.

A raster is opened, never read as a whole; its values come window by window.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import math
import os
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
import rasterio
from affine import Affine
from numpy.typing import NDArray
from rasterio.crs import CRS
from rasterio.enums import ColorInterp, MaskFlags, Resampling
from rasterio.errors import NotGeoreferencedWarning
from rasterio.vrt import WarpedVRT
from rasterio.windows import Window

from geosam_processing.contract import Raster
from geosam_processing.contract.redaction import without_secrets
from geosam_processing.engine.errors import RasterError
from geosam_processing.engine.raster.target_grid import (
    GDAL_ERRORS,
    PixelGrid,
    PixelWindow,
    crs_text,
    extent_window,
    parse_crs,
    warped_grid,
)

# Statistics are exact up to this many pixels a side, and from a sample beyond.
STATISTICS_SIDE = 2048

_GDAL_OPTIONS = {"GDAL_NUM_THREADS": "ALL_CPUS"}
_WARP_MEMORY_MB = 128
# Whole numbers and fractions that float32 cannot hold exactly.
_WIDE_TYPES = ("int32", "uint32", "int64", "uint64", "float64")
# GDAL and QGIS write these beside a raster that itself stays as it is.
_SIDECARS = (".aux.xml", ".ovr")


class RasterView:
    """The part of a raster that a request asks for; made by `open_source`.

    Used by one thread at a time, until `open_source` ends.

    Attributes:
        width: of the view, in pixels.
        height: of the view, in pixels.
        transform: takes pixels of the view (x right, y down, from its upper left corner)
            to coordinates in ``crs``. On a raster's own grid it is the raster's own,
            shifted by whole pixels: it may be south-up or rotated.
        crs: of the view.
        crs_text: the same as ``EPSG:n`` or WKT.
        bands: band numbers from 1, in the order of the request.
        source_fingerprint: hexadecimal; the same for the same file in another folder,
            another once the file was changed.
        holds_bytes: whether all ``bands`` have values from 0 to 255.
        holds_data_everywhere: whether no pixel can be without data.
        unwarped: the same part before it was warped, None if it was not.
        has_overviews: whether the file has smaller copies, so that all of it can be looked
            at without reading it.
    """

    def __init__(
        self,
        name: str,
        dataset: Any,
        grid: PixelGrid,
        window: PixelWindow,
        bands: tuple[int, ...],
        fingerprint: str,
        unwarped: RasterView | None = None,
    ) -> None:
        """``window`` is the view's part of ``dataset``, whose grid is ``grid``.

        ``unwarped`` is the same part before it was warped, None if it was not.
        """
        self.width = window.width
        self.height = window.height
        self.transform: Affine = grid.transform * Affine.translation(window.x, window.y)
        self.crs: CRS = grid.crs
        self.crs_text = crs_text(grid.crs)
        self.bands = bands
        self.source_fingerprint = fingerprint
        self._name = name
        self._dataset = dataset
        self._window = window
        self.unwarped = unwarped
        wide = any(dataset.dtypes[band - 1] in _WIDE_TYPES for band in bands)
        self._dtype = np.float64 if wide else np.float32
        self.holds_bytes = all(dataset.dtypes[band - 1] == "uint8" for band in bands)
        self._masked = not _all_valid(dataset, bands)
        self.has_overviews = all(dataset.overviews(band) for band in bands)
        alphas = _alpha_bands(dataset)
        # GDAL takes an alpha band for a mask only if it is uint8 or uint16.
        self._alpha = alphas[0] if alphas and not self._masked else None
        whole = all(np.issubdtype(np.dtype(dataset.dtypes[band - 1]), np.integer) for band in bands)
        self.holds_data_everywhere = whole and not self._masked and self._alpha is None
        # An alpha band has a value everywhere, so it must not vouch for the others.
        colours = [i for i, band in enumerate(bands) if band not in alphas]
        self._witnesses = colours or list(range(len(bands)))

    def read(
        self, x: int, y: int, width: int, height: int, shape: tuple[int, int] | None = None
    ) -> tuple[NDArray[np.floating[Any]], NDArray[np.bool_]]:
        """The stored values of a window of the view (scale and offset tags not applied).

        Args:
            shape: rows and columns to shrink the window to, by averages; None keeps it.

        Returns:
            values: [B, height, width], or [B, *shape], in the order of ``bands``; float32, or
                float64 if a band is float64 or has 32 bits or more per whole number, so that small
                differences of large numbers survive.
            valid: [height, width], False where no band has data (nodata, alpha, mask)
                or any band is NaN or infinite; values there are arbitrary.

        Raises:
            RasterError: the file cannot be read there.
            ValueError: the window is not inside the view.
        """
        if x < 0 or y < 0 or width < 1 or height < 1:
            raise ValueError(f"Window {(x, y, width, height)} is not one of the view")
        if x + width > self.width or y + height > self.height:
            raise ValueError(f"Window {(x, y, width, height)} is not inside the view")
        resampling = Resampling.nearest if shape is None else Resampling.average
        values, data = self._read(
            PixelWindow(x, y, width, height), shape or (height, width), resampling
        )
        return values, self._valid(values, data)

    def statistics(self, percentile_cut: float = 0.0) -> tuple[float, float]:
        """The smallest and largest value of the view, one pair for all bands.

        Values without data are left out. Exact up to 2048 x 2048 pixels, else from
        every n-th pixel (or from overviews). Of a warped view, the raster's own pixels in
        the extent are taken: warping all of it would take far longer.

        Args:
            percentile_cut: percent of the values to ignore at either end, below 50.

        Raises:
            RasterError: nothing has data, or all values are the same.
        """
        if self.unwarped is not None:
            return self.unwarped.statistics(percentile_cut)
        values, data = self._read(
            PixelWindow(0, 0, self.width, self.height), self.thinned_shape(STATISTICS_SIDE)
        )
        everything = self.holds_data_everywhere
        sample = values if everything else values[data & self._valid(values, data)]
        if sample.size == 0:
            raise RasterError(
                f"The raster {self._name} has no data in the extent in BANDS "
                f"({_listed(self.bands)}): give another extent or other bands"
            )
        if percentile_cut > 0:
            minimum, maximum = np.percentile(sample, (percentile_cut, 100 - percentile_cut))
        else:
            minimum, maximum = sample.min(), sample.max()
        if not minimum < maximum:
            cut = f" between percentiles {percentile_cut:g} and {100 - percentile_cut:g}"
            raise RasterError(
                f"All values of BANDS ({_listed(self.bands)}) in the extent of {self._name}"
                f"{cut if percentile_cut > 0 else ''} are {minimum:g}, so no range can be "
                "taken from them: give RANGE"
            )
        return float(minimum), float(maximum)

    def thinned_shape(self, side: int) -> tuple[int, int]:
        """Rows and columns of the view with its longer side shrunk to ``side``, if it is longer."""
        shrink = max(self.width, self.height, side) / side
        return max(round(self.height / shrink), 1), max(round(self.width / shrink), 1)

    def thinned(
        self, shape: tuple[int, int]
    ) -> tuple[NDArray[np.floating[Any]], NDArray[np.bool_]]:
        """As ``read`` of all of the view, but every n-th pixel (or those of overviews)."""
        values, data = self._read(PixelWindow(0, 0, self.width, self.height), shape)
        return values, self._valid(values, data)

    def _read(
        self,
        window: PixelWindow,
        shape: tuple[int, int],
        resampling: Resampling = Resampling.nearest,
    ) -> tuple[NDArray[np.floating[Any]], NDArray[np.bool_]]:
        """Values of a window of the view and which of them have data, both [B, *shape]."""
        part = Window(
            self._window.x + window.x, self._window.y + window.y, window.width, window.height
        )
        options = {"indexes": list(self.bands), "window": part}
        size = (len(self.bands), *shape)
        try:
            values = self._dataset.read(out_shape=size, resampling=resampling, **options)
            values = values.astype(self._dtype, copy=False)
            if self._alpha is not None:
                alpha = self._dataset.read(indexes=self._alpha, window=part, out_shape=shape)
                data = np.broadcast_to(alpha > 0, size)
            elif self._masked:
                data = self._dataset.read_masks(out_shape=size, **options) > 0
            else:
                data = np.broadcast_to(np.True_, size)
        except GDAL_ERRORS as error:
            raise RasterError(
                f"The raster {self._name} cannot be read in its pixels {window.x}, {window.y} to "
                f"{window.x + window.width}, {window.y + window.height} ({_reason(error)}): "
                "check the file, or leave that part out with an extent"
            ) from error
        return values, data

    def _valid(
        self, values: NDArray[np.floating[Any]], data: NDArray[np.bool_]
    ) -> NDArray[np.bool_]:
        if self.holds_data_everywhere:
            return np.ones(values.shape[1:], dtype=bool)
        finite = np.isfinite(values).all(axis=0)
        valid: NDArray[np.bool_] = np.logical_and(data[self._witnesses].any(axis=0), finite)
        return valid


@contextlib.contextmanager
def open_source(
    raster: Raster, target_crs: str = "", target_resolution: float | None = None
) -> Iterator[RasterView]:
    """Open the part of a raster to look at, warped (bilinear) only if that is needed.

    Args:
        raster: its extent is in the raster's CRS, also for a warped view.
        target_crs: WKT or ``EPSG:n``; empty keeps the raster's, or takes the UTM zone
            of a geographic raster if a resolution is given.
        target_resolution: size of a pixel in metres; None keeps it about as it is.

    Raises:
        RasterError: the raster cannot be opened, or has no CRS, band or pixel as asked for.
    """
    name = os.path.basename(raster.source.rstrip("/\\")) or raster.source
    with contextlib.ExitStack() as stack:
        stack.enter_context(rasterio.Env(**_GDAL_OPTIONS))
        source = stack.enter_context(_open(raster.source, name))
        bands = _choose_bands(source, raster.bands, name)
        if source.gcps[0] and source.transform.is_identity:
            raise RasterError(
                f"The raster {name} is placed by ground control points only: warp it first, "
                "such as with gdalwarp"
            )
        crs = parse_crs(raster.crs) if raster.crs else source.crs
        if not crs:
            raise RasterError(
                f"The raster {name} has no CRS: assign one to it, such as EPSG:32633 for UTM "
                "zone 33N"
            )
        own = PixelGrid(crs, source.transform, source.width, source.height)
        if own.transform.is_degenerate:
            raise RasterError(f"The raster {name} has pixels without a size: georeference it")
        fingerprint = _fingerprint(source, raster.source)
        target = parse_crs(target_crs) if target_crs else None
        grid = warped_grid(own, raster.extent, target, target_resolution)
        part = extent_window(own, raster.extent)
        view = RasterView(name, source, own, part, bands, fingerprint)
        if grid is not None:
            warped = stack.enter_context(_warp(source, crs, grid, name))
            whole = extent_window(grid, None)
            view = RasterView(name, warped, grid, whole, bands, fingerprint, unwarped=view)
        yield view


def _open(source: str, name: str) -> Any:
    try:
        with warnings.catch_warnings():
            # A raster without a place has no CRS, which is said as an error.
            warnings.simplefilter("ignore", NotGeoreferencedWarning)
            dataset = rasterio.open(source)
    except (*GDAL_ERRORS, OSError) as error:
        if not os.path.exists(source) and ":" not in source and not source.startswith("/vsi"):
            raise RasterError(f"The raster {source} does not exist: check its path") from error
        raise RasterError(
            f"The raster {name} cannot be opened ({_reason(error)}): "
            "give a file in a raster format of GDAL"
        ) from error
    if dataset.count == 0:
        parts = dataset.subdatasets
        dataset.close()
        advice = f"give one of its subdatasets, such as {parts[0]}" if parts else "give another"
        raise RasterError(f"The raster {name} has no bands: {advice}")
    return dataset


def _reason(error: Exception) -> str:
    # rasterio often says no more than "see previous exception".
    return str(error.__cause__ or error).strip().rstrip(".")


def _choose_bands(dataset: Any, asked: tuple[int, ...], name: str) -> tuple[int, ...]:
    for band in asked:
        if not 1 <= band <= dataset.count:
            raise RasterError(
                f"Invalid band number for BANDS ({band}): valid values for the input raster "
                f"are 1 to {dataset.count}"
            )
    everything = range(1, dataset.count + 1)
    alphas = _alpha_bands(dataset)
    colours = [band for band in everything if band not in alphas]
    bands = asked or tuple(colours[:3] or everything[:3])
    for band in bands:
        if "complex" in dataset.dtypes[band - 1]:
            raise RasterError(
                f"Band {band} of the raster {name} holds complex numbers: "
                "give a raster of their amplitudes"
            )
    return bands


def _alpha_bands(dataset: Any) -> tuple[int, ...]:
    return tuple(
        band
        for band, colour in enumerate(dataset.colorinterp, start=1)
        if colour == ColorInterp.alpha
    )


def _all_valid(dataset: Any, bands: tuple[int, ...]) -> bool:
    return all(MaskFlags.all_valid in dataset.mask_flag_enums[band - 1] for band in bands)


def _warp(source: Any, crs: CRS, grid: PixelGrid, name: str) -> Any:
    # What lies beside a turned raster must be told from data: by the raster's own nodata
    # value or alpha band, else by NaN if that can be, else by an alpha band.
    options: dict[str, Any] = {}
    if source.nodata is None and not _alpha_bands(source):
        everything = tuple(range(1, source.count + 1))
        floating = all(np.issubdtype(np.dtype(kind), np.floating) for kind in source.dtypes)
        if floating and _all_valid(source, everything):
            # NaN as nodata also keeps NaN from spreading to its neighbours.
            options = {"src_nodata": math.nan, "nodata": math.nan}
        else:
            options = {"add_alpha": True}
    try:
        return WarpedVRT(
            source,
            src_crs=crs,
            crs=grid.crs,
            transform=grid.transform,
            width=grid.width,
            height=grid.height,
            resampling=Resampling.bilinear,
            warp_mem_limit=_WARP_MEMORY_MB,
            **options,
        )
    except (*GDAL_ERRORS, ValueError) as error:
        raise RasterError(
            f"The raster {name} cannot be warped to {crs_text(grid.crs)} ({_reason(error)}): "
            "check its CRS, or give another target CRS"
        ) from error


def _fingerprint(dataset: Any, source: str) -> str:
    facts: dict[str, Any] = {
        "width": dataset.width,
        "height": dataset.height,
        "transform": tuple(dataset.transform)[:6],
        "dtypes": dataset.dtypes,
        "files": [],
    }
    for file in dataset.files:
        if not file.endswith(_SIDECARS) and os.path.isfile(file):
            status = os.stat(file)
            facts["files"].append((status.st_size, status.st_mtime_ns))
    if not os.path.isfile(source):
        # Such as NETCDF:/folder/file.nc:variable, where one file holds several rasters.
        # Its secrets stay out: they change, and a hash of them could be searched for.
        facts["name"] = without_secrets(source).replace("\\", "/").rsplit("/", 1)[-1]
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


def _listed(bands: tuple[int, ...]) -> str:
    return ", ".join(map(str, bands))
