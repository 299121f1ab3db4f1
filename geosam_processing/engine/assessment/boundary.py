"""How far the outlines of matched polygons are from each other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import shapely

from geosam_processing.engine.assessment.pairs import Geometries, Reals

SAMPLES = 64
"""Points at equal distances along each outline, holes included."""

_CHUNK = 1000  # pairs that are measured at a time


@dataclass(frozen=True)
class BoundaryAgreement:
    """Distances between the outlines of pairs, in the unit of the CRS, [pairs].

    They are from points along each of the two outlines to the nearest point of the other one.

    Attributes:
        means: mean distance.
        percentiles_95: the distance that 95 % of the points do not exceed.
        maxima: greatest distance; the Hausdorff distance, but for the gaps between the points.
        f1: harmonic mean of the two outlines' shares of points that are within the tolerance.
    """

    means: Reals
    percentiles_95: Reals
    maxima: Reals
    f1: Reals


def boundary_agreement(
    objects: Geometries,
    references: Geometries,
    tolerance: float,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> BoundaryAgreement:
    """Compare the outlines of pairs of polygons, both [pairs]."""
    count = len(objects)
    result = BoundaryAgreement(*np.empty((4, count)))
    for start in range(0, count, _CHUNK):
        chunk = slice(start, start + _CHUNK)
        left, right = shapely.boundary(objects[chunk]), shapely.boundary(references[chunk])
        there, back = _distances(left, right), _distances(right, left)
        both = np.concatenate([there, back], axis=1)
        result.means[chunk] = both.mean(axis=1)
        result.percentiles_95[chunk] = np.percentile(both, 95, axis=1)
        result.maxima[chunk] = both.max(axis=1)
        precision = (there <= tolerance).mean(axis=1)
        recall = (back <= tolerance).mean(axis=1)
        total = precision + recall
        result.f1[chunk] = np.divide(
            2 * precision * recall, total, out=np.zeros_like(total), where=total > 0
        )
        progress(min(start + _CHUNK, count), count)
    return result


def _distances(lines: Geometries, others: Geometries) -> Reals:
    """Return the distances [pairs, SAMPLES] from points along ``lines`` to ``others``."""
    points = shapely.points(_along(lines)).reshape(len(lines), SAMPLES)
    distances: Reals = shapely.distance(points, others[:, None])
    return distances


def _along(lines: Geometries) -> Reals:
    """Return points at equal distances along each line or group of lines, [lines * SAMPLES, 2].

    The lines are laid one after the other, so that one interpolation serves them all: GEOS would
    walk along a line again for each of its points.
    """
    parts, owner = shapely.get_parts(lines, return_index=True)
    points, part = shapely.get_coordinates(parts, return_index=True)
    line = owner[part]
    steps = np.hypot(*np.diff(points, axis=0).T)
    steps[part[1:] != part[:-1]] = 0
    steps[line[1:] != line[:-1]] = 1  # a gap, so that no place belongs to two lines
    travelled = np.concatenate([[0.0], np.cumsum(steps)])
    first = np.searchsorted(line, np.arange(len(lines)))
    last = np.searchsorted(line, np.arange(len(lines)), side="right") - 1
    start, end = travelled[first], travelled[last]
    places = (start[:, None] + (end - start)[:, None] * np.arange(SAMPLES) / SAMPLES).ravel()
    return np.column_stack([np.interp(places, travelled, values) for values in points.T])
