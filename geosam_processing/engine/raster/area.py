"""Areas of polygons on the ellipsoid of their CRS."""

from __future__ import annotations

import functools
import math

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from shapely import MultiPolygon, Polygon

# Edges longer than this share of the geometry are split: straight in the CRS, they are bent
# on the ellipsoid.
_LONGEST_EDGE = 1 / 20

Indices = NDArray[np.intp]
Reals = NDArray[np.float64]


class AreaMeter:
    """Areas on the ellipsoid of a CRS; planar ones, if it is bound to no ellipsoid.

    The strip of the ellipsoid between the equator and latitude f has, for each radian of
    longitude, the area q(f), which has a closed form. So the area in a ring is the integral
    of q along it over the longitude, and with q as a coordinate that is the shoelace formula:
    the ring in a cylindrical equal-area projection.
    """

    def __init__(self, crs: CRS) -> None:
        self._to_geodetic: Transformer | None = None
        ellipsoid, geodetic = crs.ellipsoid, crs.geodetic_crs
        if ellipsoid is not None and geodetic is not None:
            self._to_geodetic = Transformer.from_crs(crs, geodetic, always_xy=True)
            self._major, self._minor = ellipsoid.semi_major_metre, ellipsoid.semi_minor_metre

    @classmethod
    @functools.lru_cache(maxsize=2)
    def of(cls, crs: CRS) -> AreaMeter:
        """The meter of a CRS; the last ones are kept, as making one takes milliseconds."""
        return cls(crs)

    def area(self, geometry: Polygon | MultiPolygon) -> float:
        """Area in square meters."""
        rings, part = shapely.get_rings(shapely.get_parts(geometry), return_index=True)
        outer = np.diff(part, prepend=-1) > 0
        areas = self.ring_areas(rings)
        return float(areas[outer].sum() - areas[~outer].sum())

    def pixel_side(self, outline: Polygon, shape: tuple[int, int]) -> float:
        """Meters on the ground that a pixel of a window of ``shape`` is wide, on average."""
        return math.sqrt(self.area(outline) / (shape[0] * shape[1]))

    def ring_areas(self, rings: NDArray[np.object_]) -> Reals:
        """Area inside each linear ring of either orientation, in square meters."""
        points, ring = shapely.get_coordinates(rings, return_index=True)
        if self._to_geodetic is None:
            x, y = (points - points[:1]).T
            return np.abs(_integrals(x, y, ring, len(rings), turn=math.inf))
        points, ring = _with_short_edges(points, ring)
        degrees = self._to_geodetic.transform(*points.T)
        longitudes, latitudes = np.radians(degrees)
        # Counted from the nearer pole, a ring around it needs no case of its own.
        pole = np.copysign(np.pi / 2, latitudes[:1])
        strips = self._strip(latitudes) - self._strip(pole)
        return np.abs(_integrals(longitudes, strips, ring, len(rings), turn=2 * np.pi))

    def _strip(self, latitudes: Reals) -> Reals:
        """q: the area from the equator to each latitude, for a radian of longitude."""
        sine = np.sin(latitudes)
        e = math.sqrt(1 - (self._minor / self._major) ** 2)
        flattened = e * sine
        lengthened = np.arctanh(flattened) / e if e else sine
        strip: Reals = self._minor**2 / 2 * (sine / (1 - flattened**2) + lengthened)
        return strip


def _with_short_edges(points: Reals, ring: Indices) -> tuple[Reals, Indices]:
    """The closed rings with points between the ends of long edges."""
    steps = np.diff(points, axis=0)
    steps[ring[1:] != ring[:-1]] = 0
    lengths = np.abs(steps).max(axis=1, initial=0)
    longest = _LONGEST_EDGE * np.ptp(points, axis=0).max(initial=0)
    if not len(points) or lengths.max(initial=0) <= longest:
        return points, ring
    pieces = np.append(np.maximum(np.ceil(lengths / longest), 1).astype(np.intp), 1)
    edge = np.repeat(np.arange(len(points)), pieces)
    nth = np.arange(len(edge)) - (np.cumsum(pieces) - pieces)[edge]
    steps = np.vstack([steps, np.zeros((1, 2))])
    return points[edge] + steps[edge] * (nth / pieces[edge])[:, None], ring[edge]


def _integrals(x: Reals, y: Reals, ring: Indices, count: int, turn: float) -> Reals:
    """The integral of y over x along each closed ring; x is the same again after a ``turn``."""
    steps = np.diff(x)
    steps[ring[1:] != ring[:-1]] = 0
    far = np.abs(steps) > turn / 2
    steps[far] -= np.copysign(turn, steps[far])
    weights = steps * (y[1:] + y[:-1]) / 2
    return np.bincount(ring[1:], weights, count).astype(np.float64)
