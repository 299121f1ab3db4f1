"""Where the pixels of a view of a raster lie: its own grid, or one to warp it to."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pyproj
from affine import Affine
from rasterio._err import CPLE_BaseError
from rasterio.crs import CRS
from rasterio.errors import CRSError, RasterioError
from rasterio.warp import calculate_default_transform, transform, transform_bounds

from geosam_processing.contract import Bounds, Text
from geosam_processing.engine.errors import RasterError

WGS84 = CRS.from_epsg(4326)

# rasterio lets some errors of GDAL through as they are; only a private module names them.
GDAL_ERRORS = (RasterioError, CPLE_BaseError)

# An edge this close to a pixel's edge is taken for it: coordinates that went through
# text or a transform and back are that inexact.
_SNAP = 1e-3
# Lines of the raster's edge are bent by a transform, so points between the corners count.
_DENSIFY_POINTS = 21
# Web maps; not Transverse_Mercator, which is true to scale.
_MERCATOR = 'PROJECTION["Mercator'
_LARGEST_SIDE = 2**31 - 1
# Nearer to a pole than this, a degree of longitude says little about meters.
_POLAR_LATITUDE = 89.0
# Degrees; a zone has 6, and at its edges a meter is still one.
_WIDEST_IN_ONE_ZONE = 30.0


@dataclass(frozen=True)
class PixelGrid:
    """``width`` x ``height`` pixels; ``transform`` takes pixels to coordinates in ``crs``."""

    crs: CRS
    transform: Affine
    width: int
    height: int

    @property
    def bounds(self) -> Bounds:
        """The envelope, in ``crs``; larger than the grid if that is rotated."""
        corners = [self.transform * (x, y) for x in (0.0, self.width) for y in (0.0, self.height)]
        xs, ys = zip(*corners)
        return min(xs), min(ys), max(xs), max(ys)


@dataclass(frozen=True)
class PixelWindow:
    """A part of a grid, in its pixels."""

    x: int
    y: int
    width: int
    height: int


def extent_window(grid: PixelGrid, extent: Bounds | None) -> PixelWindow:
    """The pixels of ``grid`` that ``extent`` (in its CRS) touches, snapped outward.

    On a rotated grid that is the smallest window that holds the extent.

    Raises:
        RasterError: the extent has no pixel of the grid, or is not finite.
    """
    if extent is None:
        return PixelWindow(0, 0, grid.width, grid.height)
    _intersect(grid, extent)
    left, bottom, right, top = extent
    to_pixels = ~grid.transform
    columns, rows = zip(*(to_pixels * (x, y) for x in (left, right) for y in (bottom, top)))
    x_start, x_stop = _clip_outward(min(columns), max(columns), grid.width)
    y_start, y_stop = _clip_outward(min(rows), max(rows), grid.height)
    if x_start >= x_stop or y_start >= y_stop:
        raise _outside(extent, grid)
    return PixelWindow(x_start, y_start, x_stop - x_start, y_stop - y_start)


def warped_grid(
    grid: PixelGrid, extent: Bounds | None, target_crs: CRS | None, resolution: float | None
) -> PixelGrid | None:
    """The north-up grid to warp a raster to, or None if its own grid will do.

    Without ``target_crs``, a geographic raster with a ``resolution`` gets the UTM zone
    of the extent's center, another one keeps its CRS. Without ``resolution``, GDAL's
    suggestion is taken, which keeps the size of a pixel. Meters are those on the ground at
    the center of the extent, also in degrees and in the Mercator projection. Pixel edges are
    multiples of the resolution: views of two extents share their pixels.

    Args:
        grid: the raster's own grid.
        extent: the part to cover, in the raster's CRS; None for all.
        target_crs: None to let the rules above choose.
        resolution: in meters on the ground.

    Raises:
        RasterError: the extent is outside, or cannot be transformed.
    """
    if resolution is None and (target_crs is None or target_crs == grid.crs):
        return None
    bounds = grid.bounds if extent is None else _intersect(grid, extent)
    _require_degrees(grid.crs, bounds)
    if target_crs is not None and target_crs != grid.crs:
        _require_place_on_earth(grid.crs, target_crs)
    if target_crs is None:
        target_crs = _estimate_utm(grid.crs, bounds) if grid.crs.is_geographic else grid.crs
    if resolution is None:
        x_size, y_size = _suggested_pixel(grid, bounds, target_crs)
    else:
        x_size, y_size = _pixel_in_units(target_crs, resolution, grid.crs, bounds)
        if target_crs == grid.crs and _has_pixel(grid, x_size, y_size):
            return None
    left, bottom, right, top = _transform_bounds(grid.crs, target_crs, bounds)
    x_first, x_last = _outward(left / x_size, right / x_size)
    y_first, y_last = _outward(bottom / y_size, top / y_size)
    width, height = max(x_last - x_first, 1), max(y_last - y_first, 1)
    if max(width, height) > _LARGEST_SIDE:
        raise RasterError(
            "The target grid would have {} x {} pixels: "
            "give a coarser target resolution or a smaller extent",
            width,
            height,
        )
    origin = Affine(x_size, 0.0, x_first * x_size, 0.0, -y_size, y_last * y_size)
    return PixelGrid(target_crs, origin, width, height)


def _outside(extent: Bounds, grid: PixelGrid) -> RasterError:
    return RasterError(
        "The extent ({}) does not overlap the raster ({}): give one that does, in the raster's CRS",
        _listed(extent),
        _listed(grid.bounds),
    )


def _listed(bounds: Bounds) -> str:
    """With names, as QGIS writes extents in another order."""
    names = ("xmin", "ymin", "xmax", "ymax")
    return ", ".join(f"{name} {value:.10g}" for name, value in zip(names, bounds))


def _intersect(grid: PixelGrid, extent: Bounds) -> Bounds:
    if not all(map(math.isfinite, extent)):
        raise RasterError("Invalid extent ({}): give finite coordinates", _listed(extent))
    left, bottom, right, top = grid.bounds
    x_minimum, y_minimum = max(left, extent[0]), max(bottom, extent[1])
    x_maximum, y_maximum = min(right, extent[2]), min(top, extent[3])
    if x_minimum >= x_maximum or y_minimum >= y_maximum:
        raise _outside(extent, grid)
    return x_minimum, y_minimum, x_maximum, y_maximum


def _outward(start: float, stop: float) -> tuple[int, int]:
    first, last = math.floor(start + _SNAP), math.ceil(stop - _SNAP)
    # An extent thinner than the tolerance still has the pixel it lies in.
    return first, max(last, first + 1)


def _clip_outward(start: float, stop: float, size: int) -> tuple[int, int]:
    # Clipped first, as what only touches the edge must not become a pixel.
    start, stop = max(start, 0.0), min(stop, float(size))
    if start >= stop:
        return 0, 0
    first, last = _outward(start, stop)
    return min(first, size - 1), min(last, size)


def _require_degrees(crs: CRS, bounds: Bounds) -> None:
    # A little beyond a pole is common (pixels centerd on it), so the limit is generous: it
    # is to find meters that are said to be degrees.
    limit = math.pi / crs.units_factor[1] if crs.is_geographic else math.inf
    if max(abs(bounds[1]), abs(bounds[3])) > limit:
        raise RasterError(
            "The extent ({}) cannot be in {}, whose latitudes end "
            "at 90 degrees: give the raster its right CRS",
            _listed(bounds),
            crs_text(crs),
        )


def _centre(crs: CRS, bounds: Bounds) -> tuple[float, float]:
    """Longitude and latitude of the middle of ``bounds``, on WGS 84."""
    x, y = (bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2
    try:
        longitudes, latitudes = transform(crs, WGS84, [x], [y])
    except GDAL_ERRORS as error:
        raise _not_transformed(bounds, WGS84, str(error)) from error
    longitude, latitude = longitudes[0], latitudes[0]
    if not (math.isfinite(longitude) and math.isfinite(latitude)):
        raise _not_transformed(bounds, WGS84, Text("its center has no place there"))
    return longitude, latitude


def _estimate_utm(crs: CRS, bounds: Bounds) -> CRS:
    longitude, latitude = _centre(crs, bounds)
    width = (bounds[2] - bounds[0]) * math.degrees(crs.units_factor[1])
    if width > _WIDEST_IN_ONE_ZONE:
        raise RasterError(
            "The extent is {} degrees wide, too wide for the one UTM zone of its center: "
            "give a target CRS for all of it, or a smaller extent",
            f"{width:.4g}",
        )
    if not SOUTHERN_LIMIT <= latitude <= NORTHERN_LIMIT:
        raise RasterError(
            "No UTM zone can be estimated at latitude {}, as UTM covers "
            "{} to {} degrees: give a target CRS",
            f"{latitude:.6g}",
            f"{SOUTHERN_LIMIT:g}",
            f"{NORTHERN_LIMIT:g}",
        )
    return CRS.from_epsg(utm_epsg(longitude, latitude))


def _suggested_pixel(grid: PixelGrid, bounds: Bounds, target: CRS) -> tuple[float, float]:
    cell_width = math.hypot(grid.transform.a, grid.transform.d)
    cell_height = math.hypot(grid.transform.b, grid.transform.e)
    columns = max(round((bounds[2] - bounds[0]) / cell_width), 1)
    rows = max(round((bounds[3] - bounds[1]) / cell_height), 1)
    try:
        suggested, _, _ = calculate_default_transform(grid.crs, target, columns, rows, *bounds)
    except GDAL_ERRORS as error:
        raise _not_transformed(bounds, target, str(error)) from error
    return abs(suggested.a), abs(suggested.e)


def _pixel_in_units(
    target: CRS, resolution: float, crs: CRS, bounds: Bounds
) -> tuple[float, float]:
    if not target.is_geographic:
        size = resolution / _metres_per_unit(target)
        if _MERCATOR in target.to_wkt():
            size *= _mercator_stretch(target, crs, bounds)
        return size, size
    _, latitude = _centre(crs, bounds)
    if abs(latitude) > _POLAR_LATITUDE:
        raise RasterError(
            "A target resolution in meters has no meaning in degrees at latitude "
            "{}: give a projected target CRS",
            f"{latitude:.6g}",
        )
    east, north = _metres_per_degree(latitude)
    degrees = math.degrees(target.units_factor[1])
    return resolution / east / degrees, resolution / north / degrees


def _metres_per_unit(crs: CRS) -> float:
    """Of the axes of a CRS that is not geographic; 1 if it names no unit."""
    try:
        return float(crs.linear_units_factor[1])
    except CRSError:
        # Such as a local grid of a building site, which is not projected.
        axes = pyproj.CRS.from_user_input(crs.to_wkt()).axis_info
        return float(axes[0].unit_conversion_factor or 1.0) if axes else 1.0


def _require_place_on_earth(crs: CRS, target: CRS) -> None:
    if pyproj.CRS.from_user_input(crs.to_wkt()).geodetic_crs is None:
        name = pyproj.CRS.from_user_input(crs.to_wkt()).name
        raise RasterError(
            "The raster's CRS ({}) has no place on the earth, so it cannot be transformed "
            "to {}: leave the target CRS empty, or give the raster another CRS",
            name,
            crs_text(target),
        )


def _mercator_stretch(target: CRS, crs: CRS, bounds: Bounds) -> float:
    """Meters on the map for one on the ground, in the middle of ``bounds`` (in ``crs``)."""
    longitude, latitude = _centre(crs, bounds)
    east, _ = _metres_per_degree(latitude)
    step = 1e-3  # degrees
    try:
        xs, _ = transform(WGS84, target, [longitude, longitude + step], [latitude, latitude])[:2]
    except GDAL_ERRORS as error:
        raise _not_transformed(bounds, target, str(error)) from error
    return float(xs[1] - xs[0]) * _metres_per_unit(target) / (step * east)


def metres_per_pixel(grid: PixelGrid) -> float:
    """The side of a square of a pixel's size on the ground, at the center of the grid."""
    area = abs(grid.transform.determinant)
    if not grid.crs.is_geographic:
        side = math.sqrt(area) * _metres_per_unit(grid.crs)
        if _MERCATOR in grid.crs.to_wkt():
            side /= _mercator_stretch(grid.crs, grid.crs, grid.bounds)
        return side
    _, latitude = _centre(grid.crs, grid.bounds)
    east, north = _metres_per_degree(max(-_POLAR_LATITUDE, min(latitude, _POLAR_LATITUDE)))
    return math.sqrt(area * east * north) * math.degrees(grid.crs.units_factor[1])


def _metres_per_degree(latitude: float) -> tuple[float, float]:
    """Eastward and northward, on the WGS 84 ellipsoid; others differ by far less than 1 %."""
    semi_major, flattening = 6378137.0, 1 / 298.257223563
    eccentricity = flattening * (2 - flattening)
    sine = math.sin(math.radians(latitude))
    curvature = 1 - eccentricity * sine * sine
    prime_vertical = semi_major / math.sqrt(curvature)
    meridional = prime_vertical * (1 - eccentricity) / curvature
    east = math.radians(prime_vertical * math.cos(math.radians(latitude)))
    return east, math.radians(meridional)


def _has_pixel(grid: PixelGrid, x_size: float, y_size: float) -> bool:
    own = grid.transform
    return (
        own.b == own.d == 0
        and math.isclose(abs(own.a), x_size, rel_tol=1e-6)
        and math.isclose(abs(own.e), y_size, rel_tol=1e-6)
    )


def _transform_bounds(source: CRS, target: CRS, bounds: Bounds) -> Bounds:
    if source == target:
        return bounds
    try:
        found = transform_bounds(source, target, *bounds, densify_pts=_DENSIFY_POINTS)
    except GDAL_ERRORS as error:
        raise _not_transformed(bounds, target, str(error)) from error
    left, bottom, right, top = map(float, found)
    if not all(map(math.isfinite, (left, bottom, right, top))):
        raise _not_transformed(bounds, target, Text("a side of it has no place there"))
    if left >= right or bottom >= top:
        # How PROJ answers if the area crosses the 180th meridian.
        raise _not_transformed(bounds, target, Text("it is torn apart there at the 180th meridian"))
    return left, bottom, right, top


def _not_transformed(bounds: Bounds, target: CRS, reason: str) -> RasterError:
    return RasterError(
        "The extent ({}) cannot be transformed to {} ({}): give another target CRS or a smaller "
        "extent",
        _listed(bounds),
        crs_text(target),
        reason,
    )


def crs_text(crs: CRS) -> str:
    """``EPSG:n`` where ``crs`` is exactly that, else its WKT."""
    code = crs.to_epsg(confidence_threshold=100)
    return f"EPSG:{code}" if code is not None else str(crs.to_wkt())


def parse_crs(text: str) -> CRS:
    """A CRS from WKT or ``EPSG:n``.

    Raises:
        RasterError: the text names no CRS.
    """
    try:
        return CRS.from_user_input(text)
    except (*GDAL_ERRORS, ValueError) as error:
        shown = text if len(text) <= 80 else f"{text[:77]}..."
        raise RasterError(
            "Invalid CRS ({}): give EPSG:n with a code that exists, or WKT", shown
        ) from error


SOUTHERN_LIMIT = -80.0
NORTHERN_LIMIT = 84.0

# Svalbard (latitude 72 and above): odd zones only, with these eastern limits.
_SVALBARD = ((9.0, 31), (21.0, 33), (33.0, 35), (42.0, 37))


def utm_zone(longitude: float, latitude: float) -> int:
    """The UTM zone, 1 to 60, with the exceptions of Norway and Svalbard.

    Args:
        longitude: degrees on WGS 84, any number of turns.
        latitude: degrees on WGS 84, from -80 to 84, where UTM ends.

    Raises:
        ValueError: the latitude is outside of UTM.
    """
    if not SOUTHERN_LIMIT <= latitude <= NORTHERN_LIMIT:
        raise ValueError(
            f"No UTM zone at latitude {latitude:.6g}: UTM covers "
            f"{SOUTHERN_LIMIT:g} to {NORTHERN_LIMIT:g} degrees"
        )
    wrapped = (longitude + 180.0) % 360.0 - 180.0
    if 56.0 <= latitude < 64.0 and 3.0 <= wrapped < 12.0:
        return 32
    if latitude >= 72.0 and 0.0 <= wrapped < 42.0:
        return next(zone for limit, zone in _SVALBARD if wrapped < limit)
    # A longitude a hair below 180 can round up to a zone that does not exist.
    return min(int((wrapped + 180.0) // 6.0) + 1, 60)


def utm_epsg(longitude: float, latitude: float) -> int:
    """The EPSG code of the place's UTM zone on WGS 84; see `utm_zone`."""
    zone = utm_zone(longitude, latitude)
    return (32600 if latitude >= 0 else 32700) + zone
