"""Rasters in degrees whose longitudes leave -180 to 180, as from 0 to 360 or across its edge."""

from __future__ import annotations

import re
from dataclasses import replace

from affine import Affine
from rasterio.crs import CRS

from geosam_processing.contract import Bounds
from geosam_processing.engine.raster.target_grid import PixelGrid

_MERIDIAN = re.compile(r'PRIMEM\["[^"]*",\s*(-?[\d.]+)')
_AUTHORITY = re.compile(r',AUTHORITY\["[^"]*","[^"]*"\]')
_DEGREE = re.compile(r'PRIMEM\[[^\]]*\],UNIT\["degree"', re.IGNORECASE)


def recentred(grid: PixelGrid) -> tuple[PixelGrid, float]:
    """``grid`` with its longitudes counted from its middle, and by how many degrees they moved.

    PROJ returns longitudes from -180 to 180 only, so that a warp finds no pixel beyond them. In
    a CRS whose prime meridian runs through the raster there are none beyond. A grid that stays
    within, or is not in degrees, is left as it is.
    """
    left, bottom, right, top = grid.bounds
    beyond = (left < -180 or right > 180) and right - left <= 360 + 1e-6
    if not grid.crs.is_geographic or not beyond or max(-bottom, top) > 180:
        return grid, 0.0
    wkt = _AUTHORITY.sub("", grid.crs.to_wkt(version="WKT1_GDAL"))
    meridian = _MERIDIAN.search(wkt)
    if meridian is None or not _DEGREE.search(wkt):
        return grid, 0.0
    middle = float(round((left + right) / 2))
    longitude = (float(meridian[1]) + middle + 180) % 360 - 180
    wkt = _MERIDIAN.sub(f'PRIMEM["Middle of the raster",{longitude!r}', wkt)
    transform = Affine.translation(-middle, 0) * grid.transform
    return replace(grid, crs=CRS.from_wkt(wkt), transform=transform), middle


def moved(extent: Bounds | None, degrees: float) -> Bounds | None:
    """``extent`` in the CRS of a grid that ``recentred`` moved by ``degrees``."""
    if extent is None:
        return None
    left, bottom, right, top = extent
    return left - degrees, bottom, right - degrees, top
