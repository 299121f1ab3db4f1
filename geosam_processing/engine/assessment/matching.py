"""One-to-one matching of objects with references."""

from __future__ import annotations

import numpy as np
from scipy.optimize import linear_sum_assignment
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components, min_weight_full_bipartite_matching

from geosam_processing.engine.assessment.pairs import Flags, Indices, Pairs, Reals

# Objects of whole pixels often have an IoU of just a half, which projecting them rounds.
_ROUNDING = 1e-6
_LARGEST_DENSE = 1_000_000  # cells of a matrix of IoUs


def reaches(ious: Reals, threshold: float) -> Flags:
    """Return which IoUs are at least the threshold, but for rounding."""
    return ious >= threshold - _ROUNDING


def optimal_matching(pairs: Pairs, threshold: float) -> Indices:
    """Return the rows of the pairs that make the one-to-one matching of greatest total IoU.

    Only pairs whose IoU is at least ``threshold`` (above 0) can match. Groups of pairs that share
    no object and no reference are independent, and mostly of a single pair, so each group is
    solved separately.
    """
    candidates = np.flatnonzero(reaches(pairs.ious, threshold))
    if not len(candidates):
        return candidates
    chosen = pairs.where(candidates)
    group = _groups(chosen)
    sizes = np.bincount(group)
    matched = [candidates[sizes[group] == 1]]
    shared = np.flatnonzero(sizes[group] > 1)
    order = shared[np.argsort(group[shared], kind="stable")]
    borders = np.flatnonzero(np.diff(group[order])) + 1
    for rows in np.split(order, borders):
        if len(rows):
            matched.append(candidates[rows[_best(chosen.where(rows))]])
    return np.sort(np.concatenate(matched))


def greedy_matching(pairs: Pairs, scores: Reals, threshold: float) -> Indices:
    """Return the rows of the pairs that match as average precision is defined.

    Objects choose in the order of falling scores, those with the same score in their own order:
    each takes the free reference of greatest IoU, of equal ones the last. This is COCO's rule.

    Args:
        scores: one for each object, without nan, [objects].
    """
    candidates = np.flatnonzero(reaches(pairs.ious, threshold))
    chosen = pairs.where(candidates)
    alone = (np.bincount(chosen.objects)[chosen.objects] == 1) & (
        np.bincount(chosen.references)[chosen.references] == 1
    )
    rest = np.flatnonzero(~alone)
    rank = np.empty(len(scores), dtype=np.intp)
    rank[np.argsort(-scores, kind="stable")] = np.arange(len(scores))
    order = rest[
        np.lexsort(
            (-chosen.references[rest], -chosen.ious[rest], rank[chosen.objects[rest]]),
        )
    ]
    taken_objects: set[int] = set()
    taken_references: set[int] = set()
    matched = []
    for row, item, reference in zip(
        order.tolist(), chosen.objects[order].tolist(), chosen.references[order].tolist()
    ):
        if item not in taken_objects and reference not in taken_references:
            taken_objects.add(item)
            taken_references.add(reference)
            matched.append(row)
    rows = np.concatenate([np.flatnonzero(alone), np.array(matched, dtype=np.intp)])
    return np.sort(candidates[rows])


def _groups(pairs: Pairs) -> Indices:
    """Return the number of the group that each pair belongs to."""
    _, objects = np.unique(pairs.objects, return_inverse=True)
    _, references = np.unique(pairs.references, return_inverse=True)
    references = references + objects.max() + 1
    count = references.max() + 1
    graph = coo_array((np.ones(len(pairs), np.int8), (objects, references)), shape=(count, count))
    _, labels = connected_components(graph, directed=False)
    groups: Indices = labels[objects]
    return groups


def _best(pairs: Pairs) -> Indices:
    """Return the rows of the matching of greatest total IoU within one group."""
    items, objects = np.unique(pairs.objects, return_inverse=True)
    places, references = np.unique(pairs.references, return_inverse=True)
    if len(items) * len(places) <= _LARGEST_DENSE:
        row_of = np.full((len(items), len(places)), -1, dtype=np.intp)
        row_of[objects, references] = np.arange(len(pairs))
        ious = np.where(row_of >= 0, pairs.ious[row_of], 0.0)
        found = row_of[linear_sum_assignment(ious, maximize=True)]
        return found[found >= 0]
    # Each object may instead take a place of its own that adds nothing. As zeros mean "no edge",
    # all weights are one higher; every object has one, so this changes nothing.
    count = len(items)
    own = np.arange(count)
    weights = np.concatenate([1 + pairs.ious, np.ones(count)])
    ends = (np.concatenate([objects, own]), np.concatenate([references, len(places) + own]))
    graph = coo_array((weights, ends), shape=(count, len(places) + count)).tocsr()
    rows, columns = min_weight_full_bipartite_matching(graph, maximize=True)
    key = objects * len(places) + references
    real = columns < len(places)
    order = np.argsort(key)
    wanted = rows[real] * len(places) + columns[real]
    result: Indices = order[np.searchsorted(key[order], wanted)]
    return result
