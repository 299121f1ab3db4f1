"""Outlines of things on the ground, in pixel coordinates (x, y), and their rasters."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Polygon = NDArray[np.float64]
Mask = NDArray[np.bool_]

_SHIFT = 4  # fractional bits that OpenCV keeps of a vertex


@dataclass(frozen=True)
class Stamp:
    """A mask and where it lies: ``mask[0, 0]`` is pixel (``row``, ``column``)."""

    row: int
    column: int
    mask: Mask

    @property
    def window(self) -> tuple[slice, slice]:
        """Slices of the canvas that the mask covers."""
        height, width = self.mask.shape
        return slice(self.row, self.row + height), slice(self.column, self.column + width)


def rasterize(polygon: Polygon, height: int, width: int) -> Stamp | None:
    """Fill a polygon on a canvas; None where nothing of it lies on the canvas."""
    low = np.floor(polygon.min(0)).astype(int) - 1
    high = np.ceil(polygon.max(0)).astype(int) + 2
    column, row = max(low[0], 0), max(low[1], 0)
    right, bottom = min(high[0], width), min(high[1], height)
    if right <= column or bottom <= row:
        return None
    canvas = np.zeros((bottom - row, right - column), np.uint8)
    vertices = np.round((polygon - (column, row) - 0.5) * (1 << _SHIFT)).astype(np.int32)
    cv2.fillPoly(canvas, [vertices.reshape(-1, 1, 2)], (1,), shift=_SHIFT)
    return Stamp(row, column, canvas > 0) if canvas.any() else None


def stroke(line: Polygon, line_width: float, height: int, width: int) -> Stamp | None:
    """Draw a polyline of a width in pixels on a canvas; None where it misses the canvas."""
    canvas = np.zeros((height, width), np.uint8)
    vertices = np.round((line - 0.5) * (1 << _SHIFT)).astype(np.int32)
    thickness = max(1, round(line_width))
    cv2.polylines(canvas, [vertices.reshape(-1, 1, 2)], False, (1,), thickness, shift=_SHIFT)
    if not canvas.any():
        return None
    column, row, box_width, box_height = cv2.boundingRect(canvas)
    return Stamp(row, column, canvas[row : row + box_height, column : column + box_width] > 0)


def rotated(points: Polygon, angle: float) -> Polygon:
    """Rotate points about the origin by an angle in radians."""
    cosine, sine = np.cos(angle), np.sin(angle)
    return np.asarray(points @ np.array([[cosine, sine], [-sine, cosine]]))


def rectangle(centre: Polygon, size: tuple[float, float], angle: float) -> Polygon:
    """A rectangle of (width, height) about a centre."""
    corners = np.array([(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)]) * size
    return np.asarray(rotated(corners, angle) + centre)


def blob(
    rng: np.random.Generator, centre: Polygon, radius: float, roughness: float, stretch: float
) -> Polygon:
    """A closed natural outline: low harmonics for its form, high ones for its shore."""
    count = int(np.clip(radius * 2, 24, 160))
    angle = np.linspace(0, 2 * np.pi, count, endpoint=False)
    factor = np.ones(count)
    for harmonic in range(2, 12):
        amplitude = roughness * rng.normal() / harmonic**1.1
        factor += amplitude * np.cos(harmonic * angle + rng.uniform(0, 2 * np.pi))
    factor = np.clip(factor, 0.35, 2.0)
    points = np.stack([np.cos(angle) * factor, np.sin(angle) * factor * stretch], 1) * radius
    return rotated(points, rng.uniform(0, np.pi)) + centre


def footprint(
    rng: np.random.Generator, centre: Polygon, size: tuple[float, float], angle: float
) -> Polygon:
    """A building's outline: a rectangle, an L, a T or a rectangle with a notch."""
    kind = rng.choice(4, p=[0.55, 0.25, 0.12, 0.08])
    cut, depth = rng.uniform(0.35, 0.65, 2)
    if kind == 0:
        unit = [(0, 0), (1, 0), (1, 1), (0, 1)]
    elif kind == 1:
        unit = [(0, 0), (1, 0), (1, depth), (cut, depth), (cut, 1), (0, 1)]
    elif kind == 2:
        left, right = 0.5 - cut / 2.2, 0.5 + cut / 2.2
        unit = [(0, 0), (1, 0), (1, depth), (right, depth), (right, 1), (left, 1)]
        unit += [(left, depth), (0, depth)]
    else:
        left = cut * 0.5
        unit = [(0, 0), (1, 0), (1, 1), (left + 0.4, 1), (left + 0.4, depth), (left, depth)]
        unit += [(left, 1), (0, 1)]
    points = (np.array(unit, np.float64) - 0.5) * size
    if rng.random() < 0.5:
        points[:, 0] *= -1
    return rotated(points, angle) + centre


def wandering_line(rng: np.random.Generator, height: int, width: int, bend: float) -> Polygon:
    """A smooth line that crosses the canvas; ``bend`` 0 is straight."""
    angle = rng.uniform(0, 2 * np.pi)
    direction = np.array([np.cos(angle), np.sin(angle)])
    normal = np.array([-direction[1], direction[0]])
    reach = float(np.hypot(height, width)) * 0.6
    centre = rng.uniform(0.1, 0.9, 2) * (width, height)
    along = np.linspace(-reach, reach, 80)
    across = np.zeros_like(along)
    for harmonic in range(1, 6):
        phase = rng.uniform(0, 2 * np.pi)
        across += rng.normal() / harmonic * np.sin(harmonic * along / reach * np.pi + phase)
    aside = (across * bend * reach * 0.25)[:, None] * normal
    return np.asarray(centre + along[:, None] * direction + aside)


def parcels(
    rng: np.random.Generator, height: int, width: int, side: float, regularity: float
) -> list[Polygon]:
    """Cut the canvas into quadrilaterals of about ``side`` pixels, as fields are parted.

    ``regularity`` 1 cuts straight across; less tilts the cuts.
    """
    angle = rng.uniform(0, np.pi)
    reach = float(np.hypot(height, width)) * 0.55
    whole = np.array([(-reach, -reach), (reach, -reach), (reach, reach), (-reach, reach)])
    pending = [rotated(whole, angle) + (width / 2, height / 2)]
    done: list[Polygon] = []
    while pending:
        quad = pending.pop()
        first = float(np.linalg.norm(quad[1] - quad[0]) + np.linalg.norm(quad[2] - quad[3]))
        second = float(np.linalg.norm(quad[2] - quad[1]) + np.linalg.norm(quad[3] - quad[0]))
        if second > first:
            quad = np.roll(quad, -1, 0)
            first, second = second, first
        limit = side * float(np.exp(rng.normal(0, 0.45)))
        if first / 2 < 1.6 * limit or len(done) + len(pending) > 1500:
            done.append(quad)
            continue
        tilt = (1 - regularity) * 0.2
        one = rng.uniform(0.32, 0.68)
        two = float(np.clip(one + rng.uniform(-tilt, tilt), 0.2, 0.8))
        top, bottom = quad[0] + one * (quad[1] - quad[0]), quad[3] + two * (quad[2] - quad[3])
        for part in (
            np.array([quad[0], top, bottom, quad[3]]),
            np.array([top, quad[1], quad[2], bottom]),
        ):
            low, high = part.min(0), part.max(0)
            if (high > 0).all() and low[0] < width and low[1] < height:
                pending.append(part)
    return done


def inset(quad: Polygon, distance: float) -> Polygon | None:
    """Move a convex quadrilateral's sides inwards; None when nothing is left."""
    centre = quad.mean(0)
    offset = quad - centre
    radius = float(np.abs(offset).max(1).min())
    if radius <= 2 * distance:
        return None
    return np.asarray(centre + offset * (1 - distance / radius))
