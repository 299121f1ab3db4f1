"""Opens a raster of any kind that GDAL reads, and makes its bands what QGIS shows of them."""

from __future__ import annotations

import contextlib
import hashlib
import json
import math
import os
import re
import warnings
from collections.abc import Iterator
from typing import Any
from xml.sax.saxutils import escape

import numpy as np
import rasterio
from affine import Affine
from rasterio.enums import ColorInterp, MaskFlags, Resampling
from rasterio.errors import NotGeoreferencedWarning
from rasterio.io import MemoryFile
from rasterio.shutil import copy as copy_dataset
from rasterio.vrt import WarpedVRT

from geosam_processing.contract.redaction import without_secrets
from geosam_processing.contract.texts import Text
from geosam_processing.engine.errors import RasterError
from geosam_processing.engine.raster.target_grid import GDAL_ERRORS, PixelGrid, crs_text

_WARP_MEMORY_MB = 128
# GDAL and QGIS write these beside a raster that itself stays as it is.
_SIDECARS = (".aux.xml", ".ovr")
_NODATA = re.compile(r"<NoDataValue>[^<]*</NoDataValue>|<HideNoDataValue>[^<]*</HideNoDataValue>")
_BAND = re.compile(r"(<VRTRasterBand [^>]*>)")
_COLOURS = ("Red", "Green", "Blue")

_SMALL_CACHE = 16 << 20  # bytes


def open_dataset(source: str, name: str) -> Any:
    """The dataset at ``source``; ``name`` is for errors.

    Raises:
        RasterError: it does not exist, cannot be opened or has no bands.
    """
    try:
        with warnings.catch_warnings():
            # A raster without a place has no CRS, which is said as an error.
            warnings.simplefilter("ignore", NotGeoreferencedWarning)
            dataset = rasterio.open(source)
    except (*GDAL_ERRORS, OSError) as error:
        if not os.path.exists(source) and ":" not in source and not source.startswith("/vsi"):
            raise RasterError("The raster {} does not exist: check its path", source) from error
        raise RasterError(
            "The raster {} cannot be opened ({}): check the file. If QGIS "
            "shows it, export it as GeoTIFF (Export > Save As), as the engine's GDAL lacks some "
            "formats of QGIS's, such as ECW and MrSID",
            name,
            reason_of(error),
        ) from error
    if dataset.count == 0:
        parts = dataset.subdatasets
        dataset.close()
        advice = (
            Text("give one of its subdatasets, such as {}", parts[0])
            if parts
            else Text("give another")
        )
        raise RasterError("The raster {} has no bands: {}", name, advice)
    return dataset


def reason_of(error: Exception) -> str:
    # rasterio often says no more than "see previous exception".
    return str(error.__cause__ or error).strip().rstrip(".")


def choose_bands(dataset: Any, asked: tuple[int, ...], name: str) -> tuple[int, ...]:
    """The bands to read, from 1: those asked for, else the first one to three.

    Raises:
        RasterError: there is no such band, or it holds complex numbers.
    """
    for band in asked:
        if not 1 <= band <= dataset.count:
            raise RasterError(
                "Invalid band number ({}): valid values for the input raster are 1 to {}",
                band,
                dataset.count,
            )
    everything = range(1, dataset.count + 1)
    alphas = alpha_bands(dataset)
    colours = [band for band in everything if band not in alphas]
    bands = asked or tuple(colours[:3] or everything[:3])
    for band in bands:
        if "complex" in dataset.dtypes[band - 1]:
            raise RasterError(
                "Band {} of the raster {} holds complex numbers: give a raster of their amplitudes",
                band,
                name,
            )
    return bands


def with_nodata(dataset: Any, nodata: float) -> Any:
    """``dataset`` with another value for no data in all bands; NaN for none at all."""
    with MemoryFile(ext=".vrt") as file:
        copy_dataset(dataset, file.name, driver="VRT")
        text = bytes(file.getbuffer()).decode("utf-8")
    text = _NODATA.sub("", text)
    if not math.isnan(nodata):
        text = _BAND.sub(rf"\1<NoDataValue>{nodata!r}</NoDataValue>", text)
    return rasterio.open(text)


def alpha_bands(dataset: Any) -> tuple[int, ...]:
    """The numbers of the bands that are opacities."""
    return tuple(
        band
        for band, colour in enumerate(dataset.colorinterp, start=1)
        if colour == ColorInterp.alpha
    )


def all_valid(dataset: Any, bands: tuple[int, ...]) -> bool:
    """Whether GDAL knows no pixel without data in these bands."""
    return all(MaskFlags.all_valid in dataset.mask_flag_enums[band - 1] for band in bands)


def scaling(dataset: Any, bands: tuple[int, ...]) -> tuple[tuple[float, float], ...] | None:
    """Scale and offset of each band, by which QGIS shows its values; None if there are none."""
    found = tuple((dataset.scales[band - 1], dataset.offsets[band - 1]) for band in bands)
    usable = all(math.isfinite(s) and math.isfinite(o) and s != 0 for s, o in found)
    return found if usable and any(pair != (1.0, 0.0) for pair in found) else None


def fingerprint_of(
    dataset: Any, source: str, bands: tuple[int, ...], nodata: float | None = None
) -> str:
    """SHA-256 that identifies a raster as its bands are read, hexadecimal.

    ``nodata`` is what overrules the file's own.
    """
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
    if nodata is not None:
        facts["nodata"] = repr(nodata)
    scaled = scaling(dataset, bands)
    if scaled:
        facts["scaling"] = scaled
    colours = colour_table(dataset, bands)
    if colours:
        facts["colours"] = sorted(colours.items())
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


def colour_table(dataset: Any, bands: tuple[int, ...]) -> dict[int, tuple[int, ...]] | None:
    """Red, green, blue and opacity by value, if one band is chosen and it has a color table."""
    if len(bands) != 1 or dataset.colorinterp[bands[0] - 1] != ColorInterp.palette:
        return None
    if not np.issubdtype(np.dtype(dataset.dtypes[bands[0] - 1]), np.unsignedinteger):
        return None
    try:
        return dict(dataset.colormap(bands[0])) or None
    except ValueError:  # the table is missing
        return None


def colours_of(dataset: Any, band: int, table: dict[int, tuple[int, ...]]) -> str:
    """A VRT of the colors that a color table gives to a band: three bands, and an opacity.

    GDAL looks each value up as it is read, so that averages and warps mix colors, not numbers.
    """
    nodata = dataset.nodatavals[band - 1]
    opacities = {value: 0 if value == nodata or not c[3] else 255 for value, c in table.items()}
    tables = [{value: c[i] for value, c in table.items()} for i in range(3)]
    bands = [
        _looked_up(number, colour, dataset.name, band, values)
        for number, (colour, values) in enumerate(zip(_COLOURS, tables, strict=True), start=1)
    ]
    alphas = alpha_bands(dataset)
    if not all(opacities.values()):
        bands.append(_looked_up(4, "Alpha", dataset.name, band, opacities))
    elif alphas or not all_valid(dataset, (band,)):
        part = str(alphas[0]) if alphas else f"mask,{band}"
        bands.append(_band(4, "Alpha", "SimpleSource", dataset.name, part))
    transform = ", ".join(f"{value!r}" for value in dataset.transform.to_gdal())
    return (
        f'<VRTDataset rasterXSize="{dataset.width}" rasterYSize="{dataset.height}">'
        f"<GeoTransform>{transform}</GeoTransform>{''.join(bands)}</VRTDataset>"
    )


def _looked_up(number: int, colour: str, name: str, band: int, values: dict[int, int]) -> str:
    table = ",".join(f"{value}:{shown}" for value, shown in sorted(values.items()))
    return _band(number, colour, "ComplexSource", name, str(band), f"<LUT>{table}</LUT>")


def _band(number: int, colour: str, kind: str, name: str, part: str, more: str = "") -> str:
    return (
        f'<VRTRasterBand dataType="Byte" band="{number}"><ColorInterp>{colour}</ColorInterp>'
        f'<{kind}><SourceFilename relativeToVRT="0">{escape(name)}</SourceFilename>'
        f"<SourceBand>{part}</SourceBand>{more}</{kind}></VRTRasterBand>"
    )


def warped(source: Any, own: PixelGrid, grid: PixelGrid, name: str) -> Any:
    """``source``, whose pixels lie on ``own``, on another ``grid`` (bilinear).

    Raises:
        RasterError: it cannot be warped.
    """
    # What lies beside a turned raster must be told from data: by the raster's own nodata
    # value or alpha band, else by NaN if that can be, else by an alpha band.
    options: dict[str, Any] = {}
    if source.nodata is None and not alpha_bands(source):
        everything = tuple(range(1, source.count + 1))
        floating = all(np.issubdtype(np.dtype(kind), np.floating) for kind in source.dtypes)
        if floating and all_valid(source, everything):
            # NaN as nodata also keeps NaN from spreading to its neighbors.
            options = {"src_nodata": math.nan, "nodata": math.nan}
        else:
            options = {"add_alpha": True}
    if not _same(own.transform, source.transform):
        options["src_transform"] = own.transform
    try:
        return WarpedVRT(
            source,
            src_crs=own.crs,
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
            "The raster {} cannot be warped to {} ({}): check its CRS, or give another target CRS",
            name,
            crs_text(grid.crs),
            reason_of(error),
        ) from error


def _same(left: Affine, right: Affine) -> bool:
    return tuple(left) == tuple(right)


def spoken_scales(scales: tuple[tuple[float, float], ...]) -> str:
    """Scales and offsets of bands for the log, each pair once."""
    pairs = dict.fromkeys(scales)
    return ", ".join(f"scale {scale:g}, offset {offset:g}" for scale, offset in pairs)


@contextlib.contextmanager
def small_block_cache() -> Iterator[None]:
    """Let GDAL keep few blocks of rasters, for reads that lie so far apart that none is shared.

    By default it keeps a twentieth of the machine's memory, in the whole process.
    """
    before = rasterio.env.get_gdal_config("GDAL_CACHEMAX")
    try:
        # Unlike other options this one is not reset when its context ends.
        with rasterio.Env(GDAL_CACHEMAX=_SMALL_CACHE):
            yield
    finally:
        with rasterio.Env(GDAL_CACHEMAX=before):
            pass
