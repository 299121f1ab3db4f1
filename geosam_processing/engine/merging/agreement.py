"""How much pieces of different patches agree where both patches could see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import STRtree

from geosam_processing.engine.merging.patches import SeenPatches
from geosam_processing.engine.merging.pieces import MergeRules, Piece
from geosam_processing.engine.overlap import share_of_union

Indices = NDArray[np.intp]
Reals = NDArray[np.float64]


@dataclass(frozen=True)
class Link:
    """Two pieces, by their places, that agree; ``value`` is an IoU."""

    one: tuple[int, int]
    other: tuple[int, int]
    value: float


def geometries_of(pieces: Sequence[Piece]) -> NDArray[np.object_]:
    """The geometries of pieces as an array."""
    found: NDArray[np.object_] = np.empty(len(pieces), dtype=object)
    found[:] = [piece.geometry for piece in pieces]
    return found


def links(
    new: Sequence[Piece], known: Sequence[Piece], patches: SeenPatches, rules: MergeRules
) -> list[Link]:
    """The pairs of new pieces with each other and with known ones that agree.

    Pieces of different patches agree from ``rules.agreement`` on, compared in the area that
    both patches saw; those of the same patch, from ``rules.duplicate`` on.
    """
    if not new:
        return []
    pieces = [*new, *known]
    geometries = geometries_of(pieces)
    tree = STRtree(geometries)
    one, other = tree.query(geometries[: len(new)])
    once = (other >= len(new)) | (one < other)
    one, other = one[once], other[once]
    same_kind = np.array(
        [
            pieces[i].kind == pieces[j].kind
            for i, j in zip(one.tolist(), other.tolist(), strict=True)
        ],
        dtype=bool,
    )
    one, other = one[same_kind], other[same_kind]
    patch = np.array([piece.patch for piece in pieces], dtype=np.intp)
    values = shared_iou(geometries, patch, one, other, patches, rules.least_shared)
    limits = np.where(patch[one] == patch[other], rules.duplicate, rules.agreement)
    agree = values >= limits
    return [
        Link(pieces[i].place, pieces[j].place, value)
        for i, j, value in zip(
            one[agree].tolist(), other[agree].tolist(), values[agree].tolist(), strict=True
        )
    ]


def shared_iou(
    geometries: NDArray[np.object_],
    patch: Indices,
    one: Indices,
    other: Indices,
    patches: SeenPatches,
    least_shared: float,
) -> Reals:
    """IoU of pairs of geometries in the area that the patches of both saw.

    Args:
        patch: the patch of each geometry.
        one, other: indices of the geometries of each pair.
        least_shared: area in pixels that both need there; with less the IoU is 0.
    """
    values = np.zeros(len(one))
    if not len(one):
        return values
    shared = patches.shared(patch[one], patch[other])
    own = _areas_in(geometries, one, patch[other], shared)
    others = _areas_in(geometries, other, patch[one], shared)
    pixel = np.maximum(patches.pixels[patch[one]], patches.pixels[patch[other]])
    smaller, larger = np.minimum(own, others), np.maximum(own, others)
    # Areas alone bound the IoU from above: most pairs need no intersection.
    (worth,) = np.nonzero((smaller >= least_shared * pixel**2) & (smaller > 0.3 * larger))
    common = shapely.area(shapely.intersection(geometries[one[worth]], geometries[other[worth]]))
    values[worth] = share_of_union(common, own[worth], others[worth])
    return values


def iou(geometries: NDArray[np.object_], one: Indices, other: Indices, least: float) -> Reals:
    """IoU of pairs of geometries; 0 where their areas show that it is below ``least``."""
    areas = shapely.area(geometries)
    smaller = np.minimum(areas[one], areas[other])
    larger = np.maximum(areas[one], areas[other])
    values = np.zeros(len(one))
    (worth,) = np.nonzero(smaller >= least * larger)
    common = shapely.area(shapely.intersection(geometries[one[worth]], geometries[other[worth]]))
    values[worth] = share_of_union(common, smaller[worth], larger[worth])
    return values


def _areas_in(
    geometries: NDArray[np.object_], which: Indices, beside: Indices, shared: NDArray[np.object_]
) -> Reals:
    """Area of geometries in the window that their patch shares with another one."""
    keys, first, inverse = np.unique(
        np.stack([which, beside], 1), axis=0, return_index=True, return_inverse=True
    )
    windows, shapes = shared[first], geometries[keys[:, 0]]
    left, bottom, right, top = shapely.bounds(shapes).T
    w_left, w_bottom, w_right, w_top = shapely.bounds(windows).T
    # Holds for windows that are upright rectangles; others are cut all the same.
    upright = np.isclose(shapely.area(windows), (w_right - w_left) * (w_top - w_bottom))
    inside = upright & (left >= w_left) & (bottom >= w_bottom)
    inside &= (right <= w_right) & (top <= w_top)
    areas = shapely.area(shapes)
    areas[~inside] = shapely.area(shapely.intersection(shapes[~inside], windows[~inside]))
    return areas[inverse.reshape(-1)]
