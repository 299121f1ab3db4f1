"""Rings cut into straight walls of a few directions, by dynamic programming.

Of all ways to cut a ring at its corners into walls, and to give each wall one of the allowed
directions, the one is taken that makes the least sum of: the squared distances between the
ring and its walls, along the ring; and a price a wall. So a notch becomes separate walls
if it is deep and long enough to pay for them, regardless of its details.

All rings with about the same number of corners are fitted at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from geosam_processing.engine.outlines.corners import Corners
from geosam_processing.engine.outlines.rings import Indices, Reals

# Directions of walls against the main one of their object; FREE is the wall's own.
TURNS = np.radians([0.0, 90.0, 45.0, 135.0])
FREE = 4
# Prices in walls: a diagonal or a free wall must fit that much better.
_PRICES = np.array([1.0, 1.0, 1.5, 1.5, 4.0])
# Of the cube of the tolerance: the price of a wall in a ring as long as the tolerance, and
# its least and greatest values, for small objects and large ones.
_PRICE, _PRICE_RANGE = 0.01, (0.1, 1.2)
# A wall leads to where its ring leads: its chord may deviate by up to 50 degrees.
_LEAST_COSINE = np.cos(np.radians(50.0))
# Numbers in an array of costs that is worked on at once.
_LARGEST = 4_000_000


@dataclass(frozen=True)
class Walls:
    """The walls of rings, in their order along each ring.

    Attributes:
        cost: [R] of each ring; infinite if no walls fit, and then it has none.
        sizes: [R] walls of each ring.
        begin: [W] the corner at which a wall begins; it ends where the next one begins.
        label: [W] index into ``TURNS``, or FREE.
        sums: [W, 8] as those of ``Corners``.
    """

    cost: Reals
    sizes: Indices
    begin: Indices
    label: Indices
    sums: Reals

    @property
    def ring(self) -> Indices:
        """[W] the ring of each wall."""
        return np.repeat(np.arange(len(self.sizes)), self.sizes)


def price_of_wall(perimeter: Reals, tolerance: float) -> Reals:
    """[R] what a wall of each ring costs, in cubic meters, as its squared distances do.

    What noise adds to these grows with the length of a ring, so the price does, too.
    """
    share = _PRICE * perimeter / tolerance
    return np.asarray(tolerance**3 * np.clip(share, *_PRICE_RANGE))


def fit_walls(corners: Corners, direction: Reals, tolerance: float) -> Walls:
    """The best walls of each ring.

    Args:
        direction: [R] radians, of the main walls of each ring.
        tolerance: farthest from its wall that a point of the ring may be, in meters.
    """
    count = len(corners.sizes)
    cost = np.full(count, np.inf)
    price = price_of_wall(corners.perimeter, tolerance)
    extremes = [corners.extremes(_across(corners, direction + turn)) for turn in TURNS]
    found = []
    for chosen in _lots(corners.sizes):
        costs = _costs(corners, chosen, direction[chosen], extremes, tolerance)
        cost[chosen], ring, step, label = _solve(corners.sizes[chosen], costs, price[chosen])
        found.append((chosen[ring], step, label))
    ring, step, label = (np.concatenate(each) for each in zip(*found, strict=True))
    order = np.lexsort((step, ring))
    ring, label = ring[order], label[order]
    begin = corners.first[ring] + step[order]
    sizes = np.bincount(ring, minlength=count)
    return _closed(Walls(cost, sizes, begin, label, _sums_between(corners, ring, begin)))


def _closed(walls: Walls) -> Walls:
    """Make one wall of the first and the last one of a ring, if they have one direction."""
    first = np.cumsum(walls.sizes) - walls.sizes
    last = first + walls.sizes - 1
    (several,) = np.nonzero(walls.sizes > 1)
    label = walls.label
    alike = label[first[several]] == label[last[several]]
    several = several[alike & (label[first[several]] != FREE)]
    sums, sizes = walls.sums.copy(), walls.sizes.copy()
    sums[last[several]] += sums[first[several]]
    sizes[several] -= 1
    kept = np.ones(len(label), dtype=bool)
    kept[first[several]] = False
    return Walls(walls.cost, sizes, walls.begin[kept], label[kept], sums[kept])


def _sums_between(corners: Corners, ring: Indices, begin: Indices) -> Reals:
    """[W, 8] sums of walls that begin at corners; each ring's first wall at its first one."""
    if not len(begin):
        return np.empty((0, corners.sums.shape[1]))
    # Corners of rings without walls come after the last wall of the ring before.
    walled = np.isin(corners.ring, ring)
    place = np.cumsum(walled) - 1
    return np.asarray(np.add.reduceat(corners.sums[walled], place[begin]))


def _across(corners: Corners, angle: Reals) -> Reals:
    """[P] how far each point is across a direction; ``angle`` [R]."""
    ring = corners.rings.ring
    x, y = corners.rings.points.T
    return np.asarray(np.cos(angle)[ring] * y - np.sin(angle)[ring] * x)


def _lots(sizes: Indices) -> Iterator[Indices]:
    """Rings of similar sizes, few enough for the memory."""
    order = np.argsort(sizes, kind="stable")
    at = 0
    while at < len(order):
        # Padded to the largest, so that one ring of many corners must not swell others.
        limit = max(sizes[order[at]] * 1.2, 5)
        end = int(np.searchsorted(sizes[order], limit, side="right"))
        most = int(sizes[order[end - 1]])
        end = min(end, at + max(2 * _LARGEST // (most * (most + 1) * len(_PRICES)), 1))
        yield order[at:end]
        at = end


def _costs(
    corners: Corners,
    chosen: Indices,
    direction: Reals,
    extremes: list[tuple[Reals, Reals]],
    tolerance: float,
) -> Reals:
    """[L, K (K + 1) / 2, B] squared distances of B rings of up to K corners from walls.

    The walls from corner i to corner j > i are at j (j - 1) / 2 + i. A wall that is not allowed
    costs infinitely much, as does one beyond the last corner of its ring.
    """
    sizes = corners.sizes[chosen]
    most = int(sizes.max())
    end = np.repeat(np.arange(1, most + 1), np.arange(1, most + 1))
    begin = np.arange(len(end)) - end * (end - 1) // 2
    place = np.arange(most)[:, None]
    edge = corners.first[chosen] + np.minimum(place, sizes - 1)
    length, x, y, xx, xy, yy = (
        _between(corners.sums[edge, number], begin, end) for number in range(6)
    )
    xx, xy, yy = xx - x * x / length, xy - x * y / length, yy - y * y / length
    mean_x, mean_y = x / length, y / length
    stop = corners.first[chosen] + np.where(
        np.arange(most + 1)[:, None] < sizes, np.arange(most + 1)[:, None], 0
    )
    points_x, points_y = corners.rings.points[corners.index[stop]].transpose(2, 0, 1)
    chord_x, chord_y = points_x[end] - points_x[begin], points_y[end] - points_y[begin]
    chord = np.hypot(chord_x, chord_y)
    costs = np.full((len(_PRICES), *length.shape), np.inf)
    for label, turn in enumerate(TURNS):
        cosine, sine = np.cos(direction + turn), np.sin(direction + turn)
        mean = cosine * mean_y - sine * mean_x
        low, high = (
            _running(extreme[edge], each, begin, end)
            for extreme, each in zip(extremes[label], (np.minimum, np.maximum), strict=True)
        )
        fits = (high - mean <= tolerance) & (mean - low <= tolerance)
        fits &= np.abs(cosine * chord_x + sine * chord_y) >= _LEAST_COSINE * chord
        spread = cosine**2 * yy - 2 * cosine * sine * xy + sine**2 * xx
        np.copyto(costs[label], np.maximum(spread, 0), where=fits)
    least = (xx + yy) / 2 - np.hypot((xx - yy) / 2, xy)
    fits = (chord >= tolerance) & (least <= tolerance**2 * length)
    np.copyto(costs[FREE], np.maximum(least, 0), where=fits)
    return costs


def _between(values: Reals, begin: Indices, end: Indices) -> Reals:
    """The sum of the values [K, B] from one corner to another."""
    sums = np.concatenate([np.zeros((1, values.shape[1])), values.cumsum(axis=0)])
    return np.asarray(sums[end] - sums[begin])


def _running(values: Reals, extreme: np.ufunc, begin: Indices, end: Indices) -> Reals:
    """The extreme of the values [K, B] from one corner to another."""
    running = values[end - 1]
    for corner in range(2, len(values) + 1):
        at = corner * (corner - 1) // 2
        before = running[at - corner + 1 : at]
        extreme(running[at : at + corner - 1], before, out=running[at : at + corner - 1])
    return running


def _solve(sizes: Indices, costs: Reals, price: Reals) -> tuple[Reals, Indices, Indices, Indices]:
    """The best walls of B rings.

    The first and the last wall may come out with the same direction.

    Args:
        sizes: [B] corners.
        costs: those of ``_costs``.
        price: [B] of a wall.

    Returns:
        Cost [B], and of each wall: its ring, the corner where it begins, its label.
    """
    labels, _, count = costs.shape
    stop = int(sizes.max()) + 1
    best = np.full((stop, labels, count), np.inf)
    origin = np.zeros((stop, labels, count), dtype=np.intp)
    # The least of the states at a corner from which a wall of a label may begin.
    begun = np.zeros((stop, labels, count))
    before = np.zeros((stop, labels, count), dtype=np.intp)
    for end in range(1, stop):
        at = end * (end - 1) // 2
        for label in range(labels):
            total = begun[:end, label] + costs[label, at : at + end]
            origin[end, label] = total.argmin(axis=0)
            best[end, label] = total.min(axis=0) + price * _PRICES[label]
        for label in range(labels):
            others = best[end].copy()
            if label != FREE:
                others[label] = np.inf
            before[end, label] = others.argmin(axis=0)
            begun[end, label] = others.min(axis=0)
    rings = np.arange(count)
    final = best[sizes, :, rings]
    label = final.argmin(axis=1)
    cost = final[rings, label]
    found = []
    ring = np.flatnonzero(np.isfinite(cost))
    corner, label = sizes[ring], label[ring]
    while True:
        begin = origin[corner, label, ring]
        found.append((ring, begin, label))
        going = begin > 0
        if not going.any():
            break
        label = before[begin, label, ring][going]
        ring, corner = ring[going], begin[going]
    return cost, *(np.concatenate(each) for each in zip(*found, strict=True))
