"""The pairs of two layers that overlap, and polygons apart from what else an overlay gives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geosam_processing.engine.overlap import share_of_union

Geometries = NDArray[np.object_]
Indices = NDArray[np.intp]
Reals = NDArray[np.float64]
Flags = NDArray[np.bool_]

_CHUNK = 2000  # geometries whose pairs are measured at a time
_MANY = 500  # vertices


@dataclass(frozen=True)
class Pairs:
    """Pairs of an object and a reference that share some area, sorted by object, reference.

    Attributes:
        objects: row of the object, [pairs].
        references: row of the reference, [pairs].
        intersections: shared area in square meters, [pairs].
        ious: intersection over union, [pairs].
    """

    objects: Indices
    references: Indices
    intersections: Reals
    ious: Reals

    def __len__(self) -> int:
        return len(self.objects)

    def where(self, chosen: NDArray[Any]) -> Pairs:
        """Return the pairs that a mask or an array of rows chooses."""
        return Pairs(
            self.objects[chosen],
            self.references[chosen],
            self.intersections[chosen],
            self.ious[chosen],
        )


def overlapping_pairs(
    objects: Geometries,
    references: Geometries,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Pairs:
    """Return all pairs of valid polygons that share some area.

    An index of the references finds the candidates of some thousand objects at a time, so
    memory grows with the polygons and the pairs, and not with the vertices of intersections.

    Args:
        progress: gets the number of objects that are done, and of all. It may raise.
    """
    tree = shapely.STRtree(references)
    object_areas, reference_areas = shapely.area(objects), shapely.area(references)
    found: list[Pairs] = []
    for start in range(0, len(objects), _CHUNK):
        chunk = objects[start : start + _CHUNK]
        rows, columns = tree.query(chunk, predicate="intersects")
        order = np.lexsort((columns, rows))
        rows, columns = rows[order], columns[order]
        areas = _shared_areas(chunk[rows], references[columns])
        rows = rows + start
        ious = share_of_union(areas, object_areas[rows], reference_areas[columns])
        pairs = Pairs(rows, columns, areas, ious)
        found.append(pairs.where(areas > 0))
        progress(min(start + _CHUNK, len(objects)), len(objects))
    if not found:
        nothing = np.zeros(0)
        return Pairs(nothing.astype(np.intp), nothing.astype(np.intp), nothing, nothing)
    return Pairs(
        np.concatenate([pairs.objects for pairs in found]),
        np.concatenate([pairs.references for pairs in found]),
        np.concatenate([pairs.intersections for pairs in found]),
        np.concatenate([pairs.ious for pairs in found]),
    )


def _shared_areas(left: Geometries, right: Geometries) -> Reals:
    """Return the area of the intersection of each pair.

    A polygon of many vertices, such as the ground between all objects, may cover many others.
    That is seen quickly, whereas their intersections would each look at all of its vertices.
    """
    areas = np.full(len(left), np.nan)
    for large, other in ((left, right), (right, left)):
        tried = np.flatnonzero(np.isnan(areas) & (shapely.get_num_coordinates(large) > _MANY))
        shapely.prepare(large[tried])
        covered = tried[shapely.covers(large[tried], other[tried])]
        areas[covered] = shapely.area(other[covered])
    rest = np.isnan(areas)
    areas[rest] = shapely.area(shapely.intersection(left[rest], right[rest]))
    return areas


def polygons_only(geometries: Geometries) -> Geometries:
    """Return the polygons in each geometry; an empty polygon where there are none.

    An intersection has lines where polygons touch, and GEOS fails to overlay such a mixture.
    """
    kinds = shapely.get_type_id(geometries)
    result = geometries.copy()
    polygonal = np.isin(kinds, (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON))
    for row in np.flatnonzero(~polygonal):
        parts = shapely.get_parts(shapely.get_parts(geometries[row]))
        areal = parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
        # Parts of a collection may overlap.
        result[row] = shapely.union_all(areal) if len(areal) else shapely.Polygon()
    return result
