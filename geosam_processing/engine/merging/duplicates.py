"""Objects of which a better one covers nearly the same area."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

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
    if not objects:
        return []
    geometries: np.ndarray = np.empty(len(objects), dtype=object)
    geometries[:] = [each.geometry for each in objects]
    one, other = STRtree(geometries).query(geometries)
    once = one < other
    one, other = one[once], other[once]
    same = [
        objects[i].members[0].kind == objects[j].members[0].kind
        for i, j in zip(one.tolist(), other.tolist(), strict=True)
    ]
    one, other = one[same], other[same]
    twins = iou(geometries, one, other, limit) > limit
    better: dict[int, int] = {}
    for i, j in zip(one[twins].tolist(), other[twins].tolist(), strict=True):
        winner, loser = (i, j) if objects[i].rank < objects[j].rank else (j, i)
        known = better.get(loser)
        if known is None or objects[winner].rank < objects[known].rank:
            better[loser] = winner
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


def _with_removed(winner: Merged, losers: Sequence[Merged]) -> Merged:
    removed = list(winner.removed)
    for loser in losers:
        removed += [(piece, DUPLICATE) for piece in loser.members]
        removed += loser.removed
    return replace(winner, removed=tuple(removed))
