"""Buildings as surface models and close images show them: of several heights, among trees."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from training import materials
from training.canvas import Canvas
from training.fractals import fractal
from training.materials import pick
from training.shapes import Polygon, Stamp, blob, parcels, rasterize, rotated

_SOLID = frozenset({"building", "bright roof", "pond", "road"})

Parts = list[tuple[float, float, float, float]]
"""Rectangles (left, top, right, bottom) of a unit square that make a building together."""


def add_blocks(canvas: Canvas, side: float, density: float) -> None:
    """Buildings on plots of about ``side`` pixels; a share ``density`` of the plots has one."""
    rng = canvas.rng
    trees = rng.uniform(0, 3.5)
    rows_share = rng.uniform(0, 0.3)
    storey = rng.uniform(2.5, 4)
    common = storey * rng.integers(1, 6)
    regularity = rng.uniform(0.6, 1)
    for quad in parcels(rng, canvas.height, canvas.width, side, regularity):
        if rng.random() > density:
            continue
        edge = quad[1] - quad[0]
        angle = float(np.arctan2(edge[1], edge[0]) + rng.choice([0, rng.normal(0, 0.05)]))
        width = float(np.linalg.norm(edge)) * rng.uniform(0.45, 0.92)
        depth = float(np.linalg.norm(quad[2] - quad[1])) * rng.uniform(0.3, 0.85)
        if min(width, depth) < 5:
            continue
        middle = quad.mean(0) + rng.normal(0, side * 0.04, 2)
        tall = common * float(np.exp(rng.normal(0, 0.35)))
        if rng.random() < rows_share:
            _row_of_houses(canvas, middle, (width, depth), angle, tall)
        else:
            _complex(canvas, middle, (width, depth), angle, tall)
        for _ in range(int(rng.poisson(trees))):
            _tree_at_wall(canvas, middle, (width, depth), angle, tall)


def _complex(
    canvas: Canvas, middle: Polygon, size: tuple[float, float], angle: float, tall: float
) -> None:
    """One building of one or more parts, which are one object."""
    rng = canvas.rng
    parts = _parts(rng)
    stamps = _stamps(canvas, parts, middle, size, angle)
    if not stamps:
        return
    whole = _union(stamps)
    if canvas.covered(whole, _SOLID) > 0.02:
        return
    canvas.shadow(whole, tall)
    base = float(canvas.heights[whole.window][whole.mask].mean())
    flat = rng.random() < 0.6
    one_roof = pick(rng, materials.ROOFS, canvas.strangeness * 0.6)
    many = rng.random() < 0.35
    for stamp in stamps:
        height = tall * (float(np.exp(rng.normal(0, 0.35))) if many else 1.0)
        material = one_roof
        if many and rng.random() < 0.5:
            material = pick(rng, materials.ROOFS, canvas.strangeness * 0.6)
        _roof(canvas, stamp, material, (base, height), None if flat else (angle, min(size)))
    # as one object: the surfaces stay, the number is common
    canvas.paint(whole, canvas.bands[whole.window].copy(), "building")


def _row_of_houses(
    canvas: Canvas, middle: Polygon, size: tuple[float, float], angle: float, tall: float
) -> None:
    """Houses wall to wall, each an object of its own height and roof."""
    rng = canvas.rng
    count = int(np.clip(size[0] / max(size[1] * rng.uniform(0.4, 1), 6), 1, 8))
    cuts = np.linspace(0, 1, count + 1)
    for left, right in zip(cuts[:-1], cuts[1:], strict=True):
        back = rng.uniform(0.75, 1)
        parts: Parts = [(float(left), 0, float(right), float(back))]
        stamps = _stamps(canvas, parts, middle, size, angle)
        if not stamps or canvas.covered(stamps[0], _SOLID) > 0.1:
            continue
        base = float(canvas.heights[stamps[0].window][stamps[0].mask].mean())
        height = tall * float(np.exp(rng.normal(0, 0.25)))
        canvas.shadow(stamps[0], height)
        material = pick(rng, materials.ROOFS, canvas.strangeness * 0.6)
        _roof(canvas, stamps[0], material, (base, height), None)
        canvas.paint(stamps[0], canvas.bands[stamps[0].window].copy(), "building")


def _parts(rng: np.random.Generator) -> Parts:
    """The plan of a building: bar, L, U, T, H, court, cross or comb."""
    wing = rng.uniform(0.2, 0.42)
    other = rng.uniform(0.2, 0.42)
    kind = rng.choice(8, p=[0.42, 0.16, 0.1, 0.08, 0.06, 0.08, 0.05, 0.05])
    plans: list[Parts] = [
        [(0, 0, 1, 1)],
        [(0, 0, 1, wing), (0, 0, other, 1)],
        [(0, 0, 1, wing), (0, 0, other, 1), (1 - other, 0, 1, 1)],
        [(0, 0, 1, wing), (0.5 - other / 2, 0, 0.5 + other / 2, 1)],
        [(0, 0, wing, 1), (1 - wing, 0, 1, 1), (0, 0.5 - other / 2, 1, 0.5 + other / 2)],
        [(0, 0, 1, wing), (0, 1 - wing, 1, 1), (0, 0, other, 1), (1 - other, 0, 1, 1)],
        [(0.5 - wing / 2, 0, 0.5 + wing / 2, 1), (0, 0.5 - other / 2, 1, 0.5 + other / 2)],
        [(0, 0, 1, wing), (0, 0, 0.2, 1), (0.4, 0, 0.6, 1), (0.8, 0, 1, 1)],
    ]
    parts = plans[int(kind)]
    if rng.random() < 0.2:  # a tower or a lift house
        x, y = rng.uniform(0, 0.7, 2)
        first = parts[0]
        width, depth = first[2] - first[0], first[3] - first[1]
        left, top = first[0] + x * width, first[1] + y * depth
        parts = [*parts, (left, top, left + 0.3 * width, top + 0.3 * depth)]
    if rng.random() < 0.5:
        parts = [(1 - right, top, 1 - left, bottom) for left, top, right, bottom in parts]
    return parts


def _stamps(
    canvas: Canvas, parts: Parts, middle: Polygon, size: tuple[float, float], angle: float
) -> list[Stamp]:
    stamps = []
    for left, top, right, bottom in parts:
        corners = np.array([(left, top), (right, top), (right, bottom), (left, bottom)])
        outline = rotated((corners - 0.5) * size, angle) + middle
        stamp = rasterize(outline, canvas.height, canvas.width)
        if stamp is not None:
            stamps.append(stamp)
    return stamps


def _union(stamps: list[Stamp]) -> Stamp:
    row, column = min(s.row for s in stamps), min(s.column for s in stamps)
    bottom = max(s.row + s.mask.shape[0] for s in stamps)
    right = max(s.column + s.mask.shape[1] for s in stamps)
    mask = np.zeros((bottom - row, right - column), bool)
    for stamp in stamps:
        top, left = stamp.row - row, stamp.column - column
        rows, columns = stamp.mask.shape
        mask[top : top + rows, left : left + columns] |= stamp.mask
    return Stamp(row, column, mask)


def _roof(
    canvas: Canvas,
    stamp: Stamp,
    material: materials.Material,
    heights: tuple[float, float],
    ridge: tuple[float, float] | None,
) -> None:
    """Paint a roof, not yet an object, at (ground, height); a ridge has (direction, width)."""
    rng = canvas.rng
    surface = canvas.surface(stamp, material)
    base, tall = heights
    level = np.full(stamp.mask.shape, base + tall, np.float32)
    if ridge is not None:
        angle, width = ridge
        _, across = canvas.local_grid(stamp, angle)
        middle = float(across[stamp.mask].mean())
        lit = float(np.dot(canvas.sun, (-np.sin(angle), np.cos(angle))))
        contrast = rng.uniform(0.05, 0.3) * lit
        surface *= np.where(across > middle, 1 - contrast, 1 + contrast)[..., None]
        slope = np.abs(across - middle) / max(width / 2, 1)
        level += np.asarray(tall * rng.uniform(0.1, 0.5) * np.clip(1 - slope, 0, 1), np.float32)
    elif rng.random() < 0.3:  # machines, skylights
        clutter = fractal(rng, stamp.mask.shape, 8, 2, 0.5) > 1.5
        level += clutter * np.float32(rng.uniform(0.5, 2))
        surface[clutter] *= np.float32(rng.uniform(0.6, 1.3))
    canvas.bands[stamp.window][stamp.mask] = surface[stamp.mask]
    region = canvas.heights[stamp.window]
    region[stamp.mask] = level[stamp.mask]


def _tree_at_wall(
    canvas: Canvas, middle: Polygon, size: tuple[float, float], angle: float, tall: float
) -> None:
    """A crown beside a building or a little over its edge; large ones are objects."""
    rng = canvas.rng
    place = rng.uniform(-0.5, 0.5, 2)
    place[int(rng.integers(2))] = rng.choice([-0.5, 0.5])
    radius = float(np.clip(min(size) * rng.uniform(0.1, 0.4), 1.5, 25))
    outwards = np.sign(place) * (np.abs(place) == 0.5) * radius * rng.uniform(0.2, 1.6)
    centre = rotated((place * size + outwards)[None], angle)[0] + middle
    stamp = rasterize(blob(rng, centre, radius, 0.15, 1), canvas.height, canvas.width)
    if stamp is None:
        return
    crown = tall * rng.uniform(0.3, 1.4)
    canvas.shadow(stamp, crown)
    level = _dome(stamp, centre, radius) * np.float32(crown)
    region = canvas.heights[stamp.window]
    region[stamp.mask] = np.maximum(region, region.min() + level)[stamp.mask]
    surface = canvas.surface(stamp, pick(rng, materials.TREES, canvas.strangeness))
    surface = surface * (0.7 + 0.4 * _dome(stamp, centre, radius))[..., None]
    canvas.paint(stamp, np.asarray(surface, np.float32), "tree" if radius > 4 else None)


def _dome(stamp: Stamp, centre: NDArray[np.float64], radius: float) -> NDArray[np.float32]:
    rows, columns = stamp.mask.shape
    y = (np.arange(rows, dtype=np.float32)[:, None] + stamp.row - centre[1]) / radius
    x = (np.arange(columns, dtype=np.float32)[None, :] + stamp.column - centre[0]) / radius
    return np.asarray(np.clip(1.05 - 0.5 * (x * x + y * y), 0.2, 1), np.float32)
