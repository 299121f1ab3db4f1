"""Geometries as the pixels that they cover."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from affine import Affine
from numpy.typing import NDArray
from rasterio.features import rasterize


def burnt(
    geometry: shapely.Geometry,
    shape: tuple[int, ...],
    transform: Affine | None = None,
    all_touched: bool = False,
) -> NDArray[np.bool_]:
    """The pixels whose centers lie in a geometry; those it touches, if there are none.

    Args:
        shape: its last two numbers are rows and columns.
        transform: of the pixels to the coordinates of the geometry. If not set, these are pixels.
        all_touched: take every pixel that the geometry touches.

    Returns:
        [rows, columns].
    """
    mask = rasterize(
        [_as_geojson(geometry)],
        shape[-2:],
        transform=transform or Affine.identity(),
        all_touched=all_touched,
        dtype="uint8",
    )
    if not mask.any() and not all_touched:
        # What is thinner than a pixel is there as well.
        return burnt(geometry, shape, transform, all_touched=True)
    return np.asarray(mask, dtype=bool)


def _as_geojson(shape: shapely.Geometry) -> Any:
    """A geometry as rasterio takes it; of polygons much faster than shapely's own conversion."""
    if not isinstance(shape, shapely.Polygon | shapely.MultiPolygon):
        return shape
    parts = shapely.get_parts(shape)
    rings, owners = shapely.get_rings(parts, return_index=True)
    points = shapely.get_coordinates(rings).tolist()
    ends = np.cumsum(shapely.get_num_coordinates(rings)).tolist()
    polygons: list[list[Any]] = [[] for _ in parts]
    for begin, end, owner in zip([0, *ends], ends, owners.tolist(), strict=False):
        polygons[owner].append(points[begin:end])
    return {"type": "MultiPolygon", "coordinates": polygons}
