"""Objects in objects: who contains whom, and which of them to keep."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import MultiPolygon, Polygon, STRtree

# An object is in another one if that covers so much of it.
_INSIDE = 0.9


@dataclass(frozen=True)
class Nested:
    """An object among others.

    Attributes:
        index: of the object in the sequence that was given.
        geometry: of the object; with ``coverage`` without what smaller ones take.
        parent: index of the smallest object that contains it, None without one.
        level: how many objects contain it, counted from parent to parent.
    """

    index: int
    geometry: MultiPolygon
    parent: int | None
    level: int


def nested(geometries: Sequence[MultiPolygon], keep: str) -> list[Nested]:
    """The objects to keep, larger ones before what they contain.

    Args:
        keep: one of ``contract_discovery.KEEP``.
    """
    shapes: NDArray[np.object_] = np.empty(len(geometries), dtype=object)
    shapes[:] = geometries
    areas = shapely.area(shapes)
    # Ties go to the earlier object, so that two equal ones never contain each other.
    ranks = np.empty(len(shapes), dtype=np.intp)
    ranks[np.lexsort((np.arange(len(shapes)), areas))] = np.arange(len(shapes))
    smaller, larger, common = _overlaps(shapes, ranks)
    inside = common >= _INSIDE * areas[smaller]
    parents = _parents(smaller[inside], larger[inside], ranks)
    levels: dict[int, int] = {}
    found = []
    for index in np.argsort(-ranks).tolist():
        parent = parents.get(index)
        levels[index] = 0 if parent is None else levels[parent] + 1
        found.append(Nested(index, geometries[index], parent, levels[index]))
    if keep == "leaves":
        containers = set(parents.values())
        return [each for each in found if each.index not in containers]
    if keep == "largest":
        return [each for each in found if each.parent is None]
    if keep == "coverage":
        return _coverage(found, smaller, larger)
    return found


def _overlaps(
    shapes: NDArray[np.object_], ranks: NDArray[np.intp]
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float64]]:
    """Pairs that overlap, the smaller one of each first, and the area that they share."""
    if not len(shapes):
        none = np.zeros(0, dtype=np.intp)
        return none, none, np.zeros(0)
    smaller, larger = STRtree(shapes).query(shapes, predicate="intersects")
    once = ranks[smaller] < ranks[larger]
    smaller, larger = smaller[once], larger[once]
    common = shapely.area(shapely.intersection(shapes[smaller], shapes[larger]))
    overlap = common > 0
    return smaller[overlap], larger[overlap], common[overlap]


def _parents(
    smaller: NDArray[np.intp], larger: NDArray[np.intp], ranks: NDArray[np.intp]
) -> dict[int, int]:
    """The smallest container of each object that has one."""
    parents: dict[int, int] = {}
    for child, container in zip(smaller.tolist(), larger.tolist(), strict=True):
        known = parents.get(child)
        if known is None or ranks[container] < ranks[known]:
            parents[child] = container
    return parents


def _coverage(
    found: Sequence[Nested], smaller: NDArray[np.intp], larger: NDArray[np.intp]
) -> list[Nested]:
    """The objects without overlaps: what is smaller lies on top."""
    above: dict[int, list[int]] = {}
    for top, below in zip(smaller.tolist(), larger.tolist(), strict=True):
        above.setdefault(below, []).append(top)
    geometries = {each.index: each.geometry for each in found}
    kept = []
    for each in found:
        covers = [geometries[index] for index in above.get(each.index, ())]
        if covers:
            rest = shapely.difference(each.geometry, shapely.union_all(covers))
            parts = [part for part in shapely.get_parts(rest) if isinstance(part, Polygon)]
            each = replace(each, geometry=MultiPolygon(parts))
        if not each.geometry.is_empty:
            kept.append(replace(each, parent=None, level=0))
    return kept
