"""The last step over all objects that were found: no duplicates, and which contain which.

It needs nothing but the objects, so that it also merges those that several machines found.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeAlias

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import MultiPolygon

from geosam_processing.engine.discovery.nesting import Nested, nested
from geosam_processing.engine.merging import MergeRules
from geosam_processing.engine.merging.duplicates import better_twins

# Whether an object touches an edge, its scale, and its score below 0: sorts the best first.
Rank: TypeAlias = tuple[bool, int, float]


def settled(
    shapes: Sequence[MultiPolygon], ranks: Sequence[Rank], keep: str
) -> tuple[list[Nested], dict[int, int]]:
    """Return the objects to keep, larger ones before what they contain, and their duplicates.

    The result does not depend on the order of the objects.

    Args:
        keep: one of ``contract.KEEP``.

    Returns:
        The objects, whose indices are those of ``shapes``; and the index of the better object by
        that of each duplicate.
    """
    geometries: NDArray[np.object_] = np.empty(len(shapes), dtype=object)
    geometries[:] = list(shapes)
    order = _canonical_order(geometries, ranks)
    ordered = geometries[order]
    places = [(*ranks[index], place) for place, index in enumerate(order)]
    better = better_twins(ordered, places, MergeRules.duplicate)
    single = [place for place in range(len(order)) if place not in better]
    own = [order[place] for place in single]
    found = [
        replace(
            each, index=own[each.index], parent=None if each.parent is None else own[each.parent]
        )
        for each in nested(ordered[single].tolist(), keep)
    ]
    return found, {order[loser]: order[winner] for loser, winner in better.items()}


def _canonical_order(geometries: NDArray[np.object_], ranks: Sequence[Rank]) -> list[int]:
    """Return the indices in an order that the objects alone decide."""
    bounds = shapely.bounds(geometries).reshape(-1, 4).tolist()
    texts = shapely.to_wkb(geometries).tolist()
    return sorted(range(len(ranks)), key=lambda index: (bounds[index], ranks[index], texts[index]))
