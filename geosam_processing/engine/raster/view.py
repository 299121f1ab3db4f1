"""A raster as the encoder sees it: up to three bands on one grid of pixels.

A raster is opened, never read as a whole; its values come window by window.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import rasterio
from affine import Affine
from numpy.typing import NDArray
from rasterio.crs import CRS
from rasterio.enums import Resampling
from rasterio.windows import Window

from geosam_processing.contract import Raster, Text
from geosam_processing.engine.errors import Cancelled, RasterError
from geosam_processing.engine.raster.longitudes import moved, recentred
from geosam_processing.engine.raster.opening import (
    all_valid,
    alpha_bands,
    choose_bands,
    colour_table,
    colours_of,
    fingerprint_of,
    open_dataset,
    reason_of,
    scaling,
    spoken_scales,
    warped,
    with_nodata,
)
from geosam_processing.engine.raster.statistics import (
    READABLE_PIXELS,
    clipped_range,
    odd_range,
    sample_windows,
)
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
# Whole numbers and fractions that float32 cannot hold exactly.
_WIDE_TYPES = ("int32", "uint32", "int64", "uint64", "float64")


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
        band_count: how many bands are read: three for one that has a color table.
        source_fingerprint: hexadecimal; the same for the same file in another folder,
            another once the file was changed.
        holds_bytes: whether all ``bands`` have values from 0 to 255.
        holds_data_everywhere: whether no pixel can be without data.
        unwarped: the same part before it was warped, None if it was not.
        has_overviews: whether the file has smaller copies, so that all of it can be looked
            at without reading it.
        remarks: what the user should know of how the bands are read.
    """

    def __init__(
        self,
        name: str,
        dataset: Any,
        grid: PixelGrid,
        window: PixelWindow,
        bands: tuple[int, ...],
        fingerprint: str,
        scales: tuple[tuple[float, float], ...] | None = None,
        unwarped: RasterView | None = None,
    ) -> None:
        """``window`` is the view's part of ``dataset``, whose grid is ``grid``.

        ``scales`` are scale and offset of each band, None if there are none. ``unwarped`` is
        the same part before it was warped, None if it was not.
        """
        self.width = window.width
        self.height = window.height
        self.transform: Affine = grid.transform * Affine.translation(window.x, window.y)
        self.crs: CRS = grid.crs
        self.crs_text = crs_text(grid.crs)
        self.bands = self._indexes = bands
        self.band_count = len(bands)
        self.source_fingerprint = fingerprint
        self._name = name
        self._dataset = dataset
        self._window = window
        self.unwarped = unwarped
        wide = any(dataset.dtypes[band - 1] in _WIDE_TYPES for band in bands)
        self._dtype = np.float64 if wide else np.float32
        kinds = {dataset.dtypes[band - 1] for band in bands}
        self._mixed = len(kinds) > 1
        self._scales = scales
        self.holds_bytes = kinds == {"uint8"} and scales is None
        self.remarks: list[str] = []
        self._masked = not all_valid(dataset, bands)
        self.has_overviews = all(dataset.overviews(band) for band in bands)
        alphas = alpha_bands(dataset)
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
        """The values of a window of the view, as QGIS shows them: scaled by scale and offset.

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

    def statistics(
        self, percentile_cut: float = 0.0, cancelled: Callable[[], bool] = lambda: False
    ) -> tuple[float, float]:
        """The smallest and largest value of the view, one pair for all bands.

        Values without data are left out. Exact up to 2048 x 2048 pixels, else from
        every n-th pixel (or from overviews), of very large rasters without overviews from
        windows spread over them. Of a warped view, the raster's own pixels in the extent are
        taken: warping all of it would take far longer.

        Args:
            percentile_cut: percent of the values to ignore at either end, below 50.

        Raises:
            RasterError: nothing has data, or all values are the same.
            Cancelled: ``cancelled`` answered True.
        """
        if self.unwarped is not None:
            return self.unwarped.statistics(percentile_cut, cancelled)
        sample = self.sample(cancelled)
        if sample.size == 0:
            raise RasterError(
                "The raster {} has no data in the extent in the bands "
                "({}): give another extent or other bands",
                self._name,
                _listed(self.bands),
            )
        if percentile_cut > 0:
            minimum, maximum = np.percentile(sample, (percentile_cut, 100 - percentile_cut))
        else:
            minimum, maximum = sample.min(), sample.max()
            self._remark(odd_range(sample, minimum, maximum))
        if not minimum < maximum:
            cut = Text(
                " between percentiles {} and {}", f"{percentile_cut:g}", f"{100 - percentile_cut:g}"
            )
            raise RasterError(
                "All values of the bands ({}) in the extent of {}{} are {}, so no range can be "
                "taken from them: give a value range",
                _listed(self.bands),
                self._name,
                cut if percentile_cut > 0 else "",
                f"{minimum:g}",
            )
        return float(minimum), float(maximum)

    def check_range(
        self, value_range: tuple[float, float], cancelled: Callable[[], bool] = lambda: False
    ) -> None:
        """Remark on a range that nearly all pixels miss.

        Raises:
            Cancelled: ``cancelled`` answered True.
        """
        source = self.unwarped or self
        sample = source.sample(cancelled)
        if sample.size:
            self._remark(clipped_range(sample, value_range))

    def all_remarks(self) -> list[str]:
        """Those of the view and of what it was warped from."""
        own = [] if self.unwarped is None else self.unwarped.remarks
        return [*self.remarks, *own]

    def _remark(self, text: str) -> None:
        if text and text not in self.remarks:
            self.remarks.append(text)

    def sample(self, cancelled: Callable[[], bool] = lambda: False) -> NDArray[np.floating[Any]]:
        """Values that have data, of all bands in one row; thinned as for ``statistics``."""
        whole = PixelWindow(0, 0, self.width, self.height)
        if self.has_overviews or self.width * self.height <= READABLE_PIXELS:
            windows = [(whole, self.thinned_shape(STATISTICS_SIDE))]
        else:
            rows, columns = self._dataset.block_shapes[0]
            windows = sample_windows(self._window, (rows, columns), self._dataset.width)
        parts = []
        for window, shape in windows:
            if cancelled():
                raise Cancelled("The run was cancelled; the results up to then are kept")
            values, data = self._read(window, shape)
            everything = self.holds_data_everywhere
            parts.append(values.ravel() if everything else values[data & self._valid(values, data)])
        return np.concatenate(parts)

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
        options = {"indexes": list(self._indexes), "window": part}
        size = (self.band_count, *shape)
        try:
            values = self._values(out_shape=size, resampling=resampling, **options)
            if self._alpha is not None:
                alpha = self._dataset.read(indexes=self._alpha, window=part, out_shape=shape)
                data = np.broadcast_to(alpha > 0, size)
            elif self._masked:
                data = self._dataset.read_masks(out_shape=size, **options) > 0
            else:
                data = np.broadcast_to(np.True_, size)
        except GDAL_ERRORS as error:
            raise RasterError(
                "The raster {} cannot be read in its pixels {}, {} to "
                "{}, {} ({}): "
                "check the file, or leave that part out with an extent",
                self._name,
                window.x,
                window.y,
                window.x + window.width,
                window.y + window.height,
                reason_of(error),
            ) from error
        return values, data

    def _values(
        self, indexes: list[int], out_shape: tuple[int, ...], **options: Any
    ) -> NDArray[np.floating[Any]]:
        if self._mixed:
            # rasterio reads bands of different types one by one only.
            bands = [self._dataset.read(i, out_shape=out_shape[1:], **options) for i in indexes]
            values = np.stack([band.astype(self._dtype, copy=False) for band in bands])
        else:
            read = self._dataset.read(indexes=indexes, out_shape=out_shape, **options)
            values = read.astype(self._dtype, copy=False)
        if self._scales is not None:
            scales, offsets = np.array(self._scales, self._dtype).T[:, :, None, None]
            values = values * scales + offsets
        return values

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
    raster: Raster,
    target_crs: str = "",
    target_resolution: float | None = None,
    colors: bool = True,
    onto: PixelGrid | None = None,
) -> Iterator[RasterView]:
    """Open the part of a raster to look at, warped (bilinear) only if that is needed.

    Args:
        raster: its extent is in the raster's CRS, also for a warped view.
        target_crs: WKT or ``EPSG:n``; empty keeps the raster's, or takes the UTM zone
            of a geographic raster if a resolution is given.
        target_resolution: size of a pixel in meters; None keeps it about as it is.
        colors: read the colors of a band that has a table of them, not its numbers.
        onto: the pixels of the view, instead of a CRS, a resolution and an extent.

    Raises:
        RasterError: the raster cannot be opened, or has no CRS, band or pixel as asked for.
    """
    name = os.path.basename(raster.source.rstrip("/\\")) or raster.source
    with contextlib.ExitStack() as stack:
        stack.enter_context(rasterio.Env(**_GDAL_OPTIONS))
        source = stack.enter_context(open_dataset(raster.source, name))
        bands = choose_bands(source, raster.bands, name)
        if source.gcps[0] and source.transform.is_identity:
            raise RasterError(
                "The raster {} is placed by ground control points only: warp it first, "
                "such as with gdalwarp",
                name,
            )
        crs = parse_crs(raster.crs) if raster.crs else source.crs
        if not crs:
            raise RasterError(
                "The raster {} has no CRS: assign one to it, such as EPSG:32633 for UTM zone 33N",
                name,
            )
        own = PixelGrid(crs, source.transform, source.width, source.height)
        if own.transform.is_degenerate:
            raise RasterError("The raster {} has pixels without a size: georeference it", name)
        fingerprint = fingerprint_of(source, raster.source, bands, raster.nodata)
        if raster.nodata is not None:
            source = stack.enter_context(with_nodata(source, raster.nodata))
        scales, read_bands, remarks = scaling(source, bands), bands, []
        table = colour_table(source, bands) if colors else None
        if table is not None:
            source = stack.enter_context(rasterio.open(colours_of(source, bands[0], table)))
            scales, read_bands = None, (1, 2, 3)
            remarks = [
                Text("Band {} of {} has a color table, whose colors are read", bands[0], name)
            ]
        elif scales is not None:
            remarks = [
                Text(
                    "The values of {} are scaled as QGIS shows them: {}",
                    name,
                    spoken_scales(scales),
                )
            ]
        target = parse_crs(target_crs) if target_crs else onto and onto.crs
        part = extent_window(own, raster.extent)
        view = RasterView(name, source, own, part, read_bands, fingerprint, scales)
        shifted, extent = own, raster.extent
        if (target_resolution is not None or target is not None) and target != own.crs:
            shifted, degrees = recentred(own)
            extent = moved(raster.extent, degrees)
        grid = onto or warped_grid(shifted, extent, target, target_resolution)
        if grid is not None and grid != own:
            dataset = stack.enter_context(warped(source, shifted, grid, name))
            whole = extent_window(grid, None)
            view = RasterView(
                name, dataset, grid, whole, read_bands, fingerprint, scales, unwarped=view
            )
        # An expanded band is still the one that was asked for.
        view.bands = bands
        view.remarks += remarks
        yield view


def _listed(bands: tuple[int, ...]) -> str:
    return ", ".join(map(str, bands))
