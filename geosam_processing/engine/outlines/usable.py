"""What of any geometry is a polygon: valid, flat, with an area."""

from __future__ import annotations

import numpy as np
import shapely

from geosam_processing.engine.outlines.rings import Flags, Geometries


def usable(geometries: Geometries) -> tuple[Geometries, Flags, Flags]:
    """Repair polygons.

    Args:
        geometries: [N] of any kind; None, empty and not finite ones as well.

    Returns:
        [N] valid polygons and multipolygons, and [N] whether there is one, which has an area,
        and whether it was not valid.
    """
    polygons = shapely.force_2d(geometries)
    points, owner = shapely.get_coordinates(polygons, return_index=True)
    polygons[owner[~np.isfinite(points).all(axis=1)]] = None
    polygons[shapely.is_missing(polygons)] = shapely.Polygon()
    invalid = ~shapely.is_valid(polygons)
    polygons[invalid] = shapely.make_valid(
        polygons[invalid], method="structure", keep_collapsed=False
    )
    # Parts that share an edge may be left.
    still = ~shapely.is_valid(polygons)
    polygons[still] = shapely.union_all(polygons[still][:, None], axis=1)
    kinds = shapely.get_type_id(polygons)
    good = (kinds == shapely.GeometryType.POLYGON) | (kinds == shapely.GeometryType.MULTIPOLYGON)
    for place in np.flatnonzero(~good):
        polygons[place] = _surfaces(polygons[place])
    return polygons, np.asarray(shapely.area(polygons) > 0), np.asarray(invalid)


def _surfaces(geometry: shapely.Geometry) -> shapely.Geometry:
    parts = shapely.get_parts(shapely.get_parts(geometry))
    return shapely.union_all(parts[shapely.get_dimensions(parts) == 2])
