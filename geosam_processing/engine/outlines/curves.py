"""Smooth outlines that keep their areas: ponds, crowns, glaciers."""

from __future__ import annotations

import numpy as np
import shapely

from geosam_processing.engine.outlines.rings import Geometries, Indices, Reals, Rings, numbered

# Distance of the points along a ring, in tolerances; how many there are.
_SPACING, _POINTS = 0.25, (16, 1 << 16)
# How far the vertices that are left out were from the smooth outline, in tolerances.
_FLATNESS = 0.06


def smooth_outlines(geometries: Geometries, tolerance: float, width: float) -> Geometries:
    """Smooth every ring.

    The points of a ring, at equal distances, are low-pass filtered: with g the Gaussian of
    the frequency, by 2g - g2, which shrinks a bend less than g does. What area a ring loses is
    given back along its normals.

    Args:
        geometries: [N] valid polygons or multipolygons, in meters.
        tolerance: in meters, how finely the outline is drawn.
        width: standard deviation of the filter in meters.

    Returns:
        [N] multipolygons, not checked.
    """
    rings = Rings.of(geometries)
    centers = rings.centers
    rings = rings.shifted(-centers)
    area = _areas(rings)
    perimeter = _perimeters(rings)
    wanted = np.clip(perimeter / (_SPACING * tolerance), *_POINTS)
    sizes = (2 ** np.ceil(np.log2(wanted))).astype(np.intp)
    smoothed = _filtered(rings, sizes, perimeter, width)
    smoothed = _with_areas(_thinned(smoothed, _FLATNESS * tolerance), area)
    return smoothed.shifted(centers).geometries(len(geometries))


def _filtered(rings: Rings, sizes: Indices, perimeter: Reals, width: float) -> Rings:
    """Rings of ``sizes`` points each, low-pass filtered."""
    points = _resampled(rings, sizes, perimeter)
    first = np.cumsum(sizes) - sizes
    for size in np.unique(sizes):
        chosen = np.flatnonzero(sizes == size)
        index = first[chosen][:, None] + np.arange(size)
        waves = np.fft.rfft(points[index], axis=1)
        turns = 2 * np.pi * np.arange(waves.shape[1]) / perimeter[chosen][:, None]
        gauss = np.exp(-((turns * width) ** 2) / 2)
        points[index] = np.fft.irfft(waves * (gauss * (2 - gauss))[..., None], size, axis=1)
    return Rings(points, sizes, rings.polygons, rings.owners)


def _resampled(rings: Rings, sizes: Indices, perimeter: Reals) -> Reals:
    """Points at equal distances along each ring."""
    steps = rings.points[rings.following] - rings.points
    lengths = np.hypot(*steps.T)
    total = np.concatenate([[0.0], np.cumsum(lengths)])
    ring, number = numbered(sizes)
    place = total[rings.first][ring] + perimeter[ring] * number / sizes[ring]
    edge = np.searchsorted(total, place, side="right") - 1
    last = rings.first + rings.sizes - 1
    edge = np.clip(edge, rings.first[ring], last[ring])
    share = (place - total[edge]) / lengths[edge]
    return np.asarray(rings.points[edge] + share[:, None] * steps[edge])


def _thinned(rings: Rings, tolerance: float) -> Rings:
    lines = shapely.simplify(rings.lines(), tolerance, preserve_topology=False)
    points, ring = shapely.get_coordinates(lines, return_index=True)
    last = np.append(ring[1:] != ring[:-1], True)[: len(ring)]
    sizes = np.bincount(ring[~last], minlength=len(rings.sizes))
    return Rings(points[~last], sizes, rings.polygons, rings.owners)


def _with_areas(rings: Rings, areas: Reals) -> Rings:
    """Move the vertices of each ring along their normals until it has its area [R], signed."""
    x, y = rings.points.T
    following = rings.following
    before = np.empty_like(following)
    before[following] = np.arange(len(following))
    chord = rings.points[following] - rings.points[before]
    length = np.hypot(*chord.T)
    with np.errstate(divide="ignore", invalid="ignore"):
        normal_x, normal_y = np.nan_to_num(
            np.column_stack([chord[:, 1], -chord[:, 0]]) / length[:, None]
        ).T
    # The area is a square function of the step.
    bend = (
        np.add.reduceat(
            normal_x * normal_y[following] - normal_x[following] * normal_y, rings.first
        )
        / 2
    )
    slope = (
        np.add.reduceat(
            x * normal_y[following]
            - x[following] * normal_y
            + normal_x * y[following]
            - normal_x[following] * y,
            rings.first,
        )
        / 2
    )
    missing = areas - _areas(rings)
    root = np.sqrt(np.maximum(slope**2 + 4 * bend * missing, 0))
    # The step of least length, in the form that a bend of 0 does not harm.
    with np.errstate(divide="ignore", invalid="ignore"):
        step = np.nan_to_num(2 * missing / (slope + np.copysign(root, slope)))
    points = rings.points + step[rings.ring][:, None] * np.column_stack([normal_x, normal_y])
    return Rings(points, rings.sizes, rings.polygons, rings.owners)


def _areas(rings: Rings) -> Reals:
    """[R] signed areas."""
    x, y = rings.points.T
    end_x, end_y = rings.points[rings.following].T
    return np.asarray(np.add.reduceat(x * end_y - end_x * y, rings.first) / 2)


def _perimeters(rings: Rings) -> Reals:
    steps = rings.points[rings.following] - rings.points
    return np.asarray(np.add.reduceat(np.hypot(*steps.T), rings.first))
