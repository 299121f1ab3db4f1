"""Polygons to compare, and the same measured: valid, in meters, cut to the assessed area."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import ProjError

from geosam_processing.engine.assessment.pairs import (
    Flags,
    Geometries,
    Reals,
    polygons_only,
)
from geosam_processing.engine.errors import AssessmentError

_CHUNK = 5000  # geometries that are projected at a time
_LONGEST_EDGE = 1000.0  # meters; longer ones are split, as a straight line bends when projected
_METERS_PER_DEGREE = 111_320.0
_WHOLE = 1 - 1e-9


@dataclass(frozen=True)
class PolygonLayer:
    """Polygons of one layer.

    Attributes:
        geometries: shapely geometries, [n]. Parts that are no polygons do not count.
        crs: their CRS.
        ids: the caller's numbers, [n].
        scores: confidences, [n]; nan where there is none. None without scores.
        classes: names of classes, [n]. None without classes.
    """

    geometries: Geometries
    crs: CRS
    ids: NDArray[np.int64]
    scores: Reals | None = None
    classes: NDArray[np.object_] | None = None

    def __len__(self) -> int:
        return len(self.geometries)

    @classmethod
    def from_frame(cls, frame: Any, score: str = "", category: str = "") -> PolygonLayer:
        """Take a GeoDataFrame.

        Its index has the ids. ``score`` and ``category`` are the names of the columns with scores
        and classes, if there are any.
        """
        classes = None
        if category:
            values = frame[category]
            classes = np.where(values.isna(), "", values.astype(str)).astype(object)
        return cls(
            np.asarray(frame.geometry.array, dtype=object),
            CRS(frame.crs),
            frame.index.to_numpy(np.int64),
            frame[score].to_numpy(np.float64, na_value=np.nan) if score else None,
            classes,
        )


@dataclass(frozen=True)
class MeasuredLayer:
    """The usable polygons of a layer: valid, in an equal-area CRS, cut to the assessed area.

    Attributes:
        geometries: what lies inside the assessed area, [n].
        areas: area of ``geometries`` in square meters, [n].
        weights: share of the complete polygon that lies inside, above 0 and up to 1, [n].
        ids, scores, classes: as in ``PolygonLayer``, [n].
        repaired: how many of the usable polygons were invalid.
        unusable_ids: polygons without an area, such as empty geometries, points and lines.
        outside: number of polygons outside the assessed area.
    """

    geometries: Geometries
    areas: Reals
    weights: Reals
    ids: NDArray[np.int64]
    scores: Reals | None
    classes: NDArray[np.object_] | None
    repaired: int
    unusable_ids: NDArray[np.int64]
    outside: int

    def __len__(self) -> int:
        return len(self.geometries)

    @property
    def whole(self) -> Flags:
        """Which polygons the border of the assessed area does not cut, [n]."""
        return self.weights >= _WHOLE


def equal_area_crs(layers: Sequence[PolygonLayer]) -> CRS:
    """Return a Lambert azimuthal equal-area CRS in meters, centered on the layers.

    It keeps areas everywhere. Distances are true within 0.1 % up to 550 km from the center. The
    center is the mean direction of the bounding boxes, so the antimeridian is no border.

    Raises:
        AssessmentError: a CRS has no place on the Earth.
    """
    total = np.zeros(3)
    for layer in layers:
        bounds = shapely.bounds(layer.geometries)
        bounds = bounds[np.isfinite(bounds).all(axis=1)]
        to_degrees = _transformer(layer.crs, CRS("EPSG:4326"))
        x, y = (bounds[:, :2] + bounds[:, 2:]).T / 2
        longitudes, latitudes = np.radians(to_degrees.transform(x, y))
        directions = np.stack(
            [
                np.cos(latitudes) * np.cos(longitudes),
                np.cos(latitudes) * np.sin(longitudes),
                np.sin(latitudes),
            ]
        )
        total += directions[:, np.isfinite(directions).all(axis=0)].sum(axis=1)
    x, y, z = total
    longitude, latitude = np.degrees([np.arctan2(y, x), np.arctan2(z, np.hypot(x, y))])
    return CRS.from_proj4(
        f"+proj=laea +lat_0={latitude:.6f} +lon_0={longitude:.6f} +datum=WGS84 +units=m +no_defs"
    )


def measured(
    layer: PolygonLayer,
    target: CRS,
    area: shapely.Geometry | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> MeasuredLayer:
    """Repair, project and cut the polygons of a layer.

    Args:
        target: the equal-area CRS.
        area: where the reference is complete, in ``target``. If None, everywhere.
        progress: gets the number of polygons that are done, and of all. It may raise.
    """
    projected = np.empty(len(layer), dtype=object)
    repaired = np.zeros(len(layer), dtype=bool)
    for start in range(0, len(layer), _CHUNK):
        chunk = slice(start, start + _CHUNK)
        projected[chunk], repaired[chunk] = in_meters(layer.geometries[chunk], layer.crs, target)
        progress(min(start + _CHUNK, len(layer)), len(layer))
    complete = shapely.area(projected)
    usable = complete > 0
    inside, areas = projected, complete
    if area is not None:
        inside = _clipped(projected, area)
        areas = shapely.area(inside)
    kept = usable & (areas > 0)
    return MeasuredLayer(
        geometries=inside[kept],
        areas=areas[kept],
        weights=np.minimum(areas[kept] / complete[kept], 1.0),
        ids=layer.ids[kept],
        scores=None if layer.scores is None else layer.scores[kept],
        classes=None if layer.classes is None else layer.classes[kept],
        repaired=int((repaired & usable).sum()),
        unusable_ids=layer.ids[~usable],
        outside=int((usable & ~kept).sum()),
    )


def in_meters(geometries: Geometries, crs: CRS, target: CRS) -> tuple[Geometries, Flags]:
    """Return the polygons in ``target``, and which ones were repaired.

    A geometry without an area, or one that the projection cannot show, becomes an empty polygon.
    """
    flat = shapely.force_2d(geometries)
    invalid = ~(shapely.is_valid(flat) | shapely.is_missing(flat))
    flat[invalid] = _repaired(flat[invalid])
    flat = polygons_only(flat)
    unit = _METERS_PER_DEGREE if crs.is_geographic else crs.axis_info[0].unit_conversion_factor
    longest = _LONGEST_EDGE / unit
    left, bottom, right, top = shapely.bounds(flat).T
    wide = np.hypot(right - left, top - bottom) > longest
    flat[wide] = shapely.segmentize(flat[wide], longest)
    transformer = _transformer(crs, target)
    points, owner = shapely.get_coordinates(flat, return_index=True)
    points = np.stack(transformer.transform(*points.T), axis=-1)
    lost = np.unique(owner[~np.isfinite(points).all(axis=1)])
    flat[lost] = shapely.Polygon()
    points = points[~np.isin(owner, lost)] if len(lost) else points
    projected = shapely.set_coordinates(flat, points)
    bent = ~shapely.is_valid(projected)
    projected[bent] = _repaired(projected[bent])
    return projected, invalid


def _transformer(crs: CRS, target: CRS) -> Transformer:
    try:
        return Transformer.from_crs(crs, target, always_xy=True)
    except ProjError as error:
        raise AssessmentError(
            "The CRS {} has no known place on the Earth. Assign the layer its true CRS.", crs.name
        ) from error


def _repaired(geometries: Geometries) -> Geometries:
    points, owner = shapely.get_coordinates(geometries, return_index=True)
    geometries[owner[~np.isfinite(points).all(axis=1)]] = shapely.Polygon()
    return shapely.make_valid(geometries, method="structure", keep_collapsed=False)


def _clipped(geometries: Geometries, area: shapely.Geometry) -> Geometries:
    shapely.prepare(area)
    result = geometries.copy()
    result[~shapely.intersects(area, geometries)] = shapely.Polygon()
    cut = np.flatnonzero(~shapely.covers(area, result) & ~shapely.is_empty(result))
    result[cut] = polygons_only(shapely.intersection(result[cut], area))
    return result
