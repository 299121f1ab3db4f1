"""Objects of which a better one covers nearly the same area."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from shapely import STRtree

from geosam_processing.engine.merging.agreement import iou
from geosam_processing.engine.merging.pieces import DUPLICATE, Merged


def without_duplicates(objects: Sequence[Merged], limit: float) -> list[Merged]:
    """The objects that no better one resembles.

    An object is dropped if there is a better one (complete, fine, sure, in this order) of a
    higher IoU than ``limit``, which then names it among those it replaces. That the better one
    may be dropped as well keeps the decision local: it needs no object that is further away.
    """
    geometries: np.ndarray = np.empty(len(objects), dtype=object)
    geometries[:] = [each.geometry for each in objects]
    kinds = [each.members[0].kind for each in objects]
    better = better_twins(geometries, [each.rank for each in objects], limit, kinds)
    removed: dict[int, list[Merged]] = {}
    for loser, winner in better.items():
        while winner in better:
            winner = better[winner]
        removed.setdefault(winner, []).append(objects[loser])
    return [
        _with_removed(each, removed.get(index, ()))
        for index, each in enumerate(objects)
        if index not in better
    ]


def better_twins(
    geometries: np.ndarray,
    ranks: Sequence[Any],
    limit: float,
    kinds: Sequence[Hashable] | None = None,
) -> dict[int, int]:
    """Return the best of the better objects of a higher IoU than ``limit``, for each that has one.

    Args:
        geometries: [n] polygons and multipolygons, valid.
        ranks: sort the objects, the one to keep first; all differ.
        kinds: only objects of the same kind are compared. If None, all.

    Returns:
        The index of the better one by that of the other.
    """
    if not len(geometries):
        return {}
    one, other = STRtree(geometries).query(geometries)
    once = one < other
    one, other = one[once], other[once]
    if kinds is not None:
        pairs = zip(one.tolist(), other.tolist(), strict=True)
        same = [kinds[i] == kinds[j] for i, j in pairs]
        one, other = one[same], other[same]
    twins = iou(geometries, one, other, limit) > limit
    better: dict[int, int] = {}
    for i, j in zip(one[twins].tolist(), other[twins].tolist(), strict=True):
        winner, loser = (i, j) if ranks[i] < ranks[j] else (j, i)
        known = better.get(loser)
        if known is None or ranks[winner] < ranks[known]:
            better[loser] = winner
    return better


def _with_removed(winner: Merged, losers: Sequence[Merged]) -> Merged:
    removed = list(winner.removed)
    for loser in losers:
        removed += [(piece, DUPLICATE) for piece in loser.members]
        removed += loser.removed
    return replace(winner, removed=tuple(removed))
