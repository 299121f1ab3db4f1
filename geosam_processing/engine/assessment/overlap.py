"""Intersection over union, and the pairs of two layers that overlap."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

Geometries = NDArray[np.object_]
Indices = NDArray[np.intp]
Reals = NDArray[np.float64]
Flags = NDArray[np.bool_]

_CHUNK = 2000  # geometries whose pairs are measured at a time
_MANY = 500  # vertices


def intersection_over_union(left: Any, right: Any) -> Reals:
    """Return the IoU of polygons in the same CRS.

    ``left`` and ``right`` are geometries or arrays of them, which broadcast. Missing and empty
    geometries have an IoU of 0. Invalid ones are repaired.
    """
    left, right = _valid(left), _valid(right)
    intersections = shapely.area(shapely.intersection(left, right))
    return _ratio(intersections, shapely.area(left), shapely.area(right))


def mask_intersection_over_union(left: Any, right: Any, empty: float = 0.0) -> Reals:
    """Return the IoU of boolean masks over the last two axes.

    ``left`` and ``right`` are arrays or tensors, which broadcast. ``empty`` is the IoU of two empty
    masks.
    """
    left, right = np.asarray(left, bool), np.asarray(right, bool)
    intersections = np.count_nonzero(left & right, (-2, -1))
    areas = np.count_nonzero(left, (-2, -1)), np.count_nonzero(right, (-2, -1))
    return np.where(areas[0] + areas[1] > 0, _ratio(intersections, *areas), empty)


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
        ious = _ratio(areas, object_areas[rows], reference_areas[columns])
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


def _valid(geometries: Any) -> Any:
    geometries = np.asarray(geometries, dtype=object)
    if shapely.is_valid(geometries).all():
        return geometries
    return shapely.make_valid(geometries, method="structure", keep_collapsed=False)


def _ratio(intersections: Any, left: Any, right: Any) -> Reals:
    intersections = np.nan_to_num(np.asarray(intersections, np.float64))
    unions = np.nan_to_num(left) + np.nan_to_num(right) - intersections
    ratio = np.divide(intersections, unions, out=np.zeros_like(intersections), where=unions > 0)
    return np.minimum(ratio, 1.0)
