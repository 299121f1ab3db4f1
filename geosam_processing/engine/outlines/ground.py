"""Objects in meters on the ground, and back in their CRS."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from pyproj import CRS, Proj

from geosam_processing.engine.outlines.rings import Flags, Geometries, Reals


@dataclass(frozen=True)
class GroundFrame:
    """Where each object lies in meters: moved and scaled, so that it can be moved back exactly.

    Right angles on the ground are right angles here: a projected CRS is taken as conformal,
    and degrees are scaled apart in x and y.

    Attributes:
        origins: [N, 2] a point of each object in the CRS.
        scales: [N, 2] meters on the ground of a unit of the CRS, in x and in y.
        places: [N, 2] where the origins lie in meters, about those of the others.
    """

    origins: Reals
    scales: Reals
    places: Reals

    @classmethod
    def of(cls, geometries: Geometries, crs: CRS, common: bool) -> GroundFrame:
        """The frame of objects that are not empty.

        Args:
            common: all have the scale and the origin of their middle, so that neighbors fit
                together.
        """
        bounds = shapely.bounds(geometries)
        origins = (bounds[:, :2] + bounds[:, 2:]) / 2
        middle = origins.mean(axis=0, keepdims=True)
        scale = _scales(crs, middle)
        if common:
            # Places that several objects have stay equal to the last bit.
            none = np.zeros_like(origins)
            return cls(none + middle, none + scale, none)
        return cls(origins, _scales(crs, origins), (origins - middle) * scale)

    def part(self, chosen: Flags) -> GroundFrame:
        """Only some of the objects."""
        return GroundFrame(self.origins[chosen], self.scales[chosen], self.places[chosen])

    def to_ground(self, geometries: Geometries) -> Geometries:
        """[N] geometries in meters."""
        points, owner = shapely.get_coordinates(geometries, return_index=True)
        points = (points - self.origins[owner]) * self.scales[owner] + self.places[owner]
        return np.asarray(shapely.set_coordinates(geometries.copy(), points))

    def to_crs(self, geometries: Geometries) -> Geometries:
        """[N] geometries in the CRS."""
        points, owner = shapely.get_coordinates(geometries, return_index=True)
        points = (points - self.places[owner]) / self.scales[owner] + self.origins[owner]
        return np.asarray(shapely.set_coordinates(geometries.copy(), points))


def _scales(crs: CRS, points: Reals) -> Reals:
    """[P, 2] meters on the ground of a unit of the CRS, at points in it."""
    unit = crs.axis_info[0].unit_conversion_factor if crs.axis_info else 1.0
    if crs.is_geographic and crs.ellipsoid is not None:
        major = crs.ellipsoid.semi_major_metre
        flat = 1 - (crs.ellipsoid.semi_minor_metre / major) ** 2
        latitude = np.clip(points[:, 1] * unit, -1.57, 1.57)
        bend = 1 - flat * np.sin(latitude) ** 2
        along = unit * major * np.cos(latitude) / np.sqrt(bend)
        return np.column_stack([along, unit * major * (1 - flat) / bend**1.5])
    scales = np.full((len(points), 2), unit)
    if crs.is_projected:
        projection = Proj(crs)
        # In units of its own, as the factors are of places in degrees.
        degrees = projection(points[:, 0], points[:, 1], inverse=True)
        factors = projection.get_factors(*degrees)
        areal = np.asarray(factors.areal_scale, dtype=float)
        good = np.isfinite(areal) & (areal > 0)
        scales[good] /= np.sqrt(areal[good])[:, None]
    return scales
