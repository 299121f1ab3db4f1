"""The order in which patches are searched: from those with examples outwards."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Sequence

import numpy as np
import shapely
from shapely import Polygon, STRtree

# Patches that share less than this part of the smaller one share no objects to speak of.
_LEAST_SHARED = 0.01


def neighbors_of(polygons: Sequence[Polygon]) -> list[list[int]]:
    """Of each patch the others that overlap it, ascending."""
    shapes = np.array(polygons, dtype=object)
    one, other = STRtree(shapes).query(shapes, predicate="intersects")
    one, other = one[one != other], other[one != other]
    shared = shapely.area(shapely.intersection(shapes[one], shapes[other]))
    areas = shapely.area(shapes)
    enough = shared >= _LEAST_SHARED * np.minimum(areas[one], areas[other])
    found: list[list[int]] = [[] for _ in polygons]
    for left, right in zip(one[enough].tolist(), other[enough].tolist(), strict=True):
        found[left].append(right)
    return [sorted(each) for each in found]


def waves_of(neighbors: Sequence[Sequence[int]], first: Collection[int]) -> list[int]:
    """How many steps from neighbor to neighbor each patch is from one of ``first``.

    Without any, and for patches that none of them reaches, it is the number of patches.
    """
    waves = [len(neighbors)] * len(neighbors)
    waiting = deque(sorted(first))
    for patch in waiting:
        waves[patch] = 0
    while waiting:
        patch = waiting.popleft()
        for other in neighbors[patch]:
            if waves[other] > waves[patch] + 1:
                waves[other] = waves[patch] + 1
                waiting.append(other)
    return waves
