"""Noise whose detail goes on through all sizes, as soil, shores and water have it."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.float32]


def fractal(
    rng: np.random.Generator,
    shape: tuple[int, int],
    largest: float,
    smallest: float = 1.0,
    roughness: float = 0.5,
    stretch: float = 1.0,
) -> Plane:
    """A plane (shape) of mean 0 and deviation 1: octaves of noise from large to small.

    Args:
        largest, smallest: size of the coarsest and of the finest detail, pixels.
        roughness: amplitude of an octave relative to that of twice its size.
        stretch: how much longer than wide the detail is; it runs along the columns.
    """
    rows, columns = shape
    result = np.zeros(shape, np.float32)
    size, amplitude = largest, 1.0
    while size >= smallest:
        grid = (
            max(2, round(columns / (size * stretch)) + 1),
            max(2, round(rows / size) + 1),
        )
        coarse = rng.standard_normal((grid[1], grid[0]), dtype=np.float32)
        if size < 1.5:
            fine = rng.standard_normal(shape, dtype=np.float32)
        else:
            fine = np.asarray(
                cv2.resize(coarse, (columns, rows), interpolation=cv2.INTER_CUBIC), np.float32
            )
        result += np.float32(amplitude) * fine
        size, amplitude = size / 2, amplitude * roughness
    deviation = float(result.std())
    return np.asarray((result - result.mean()) / max(deviation, 1e-6), np.float32)


def warped(rng: np.random.Generator, plane: Plane, reach: float, size: float) -> Plane:
    """A plane whose detail is moved about by up to ``reach`` pixels, in swirls of a size."""
    rows, columns = plane.shape
    x, y = np.meshgrid(np.arange(columns, dtype=np.float32), np.arange(rows, dtype=np.float32))
    x += np.float32(reach) * fractal(rng, plane.shape, size, size)
    y += np.float32(reach) * fractal(rng, plane.shape, size, size)
    moved = cv2.remap(plane, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    return np.asarray(moved, np.float32)


def veins(rng: np.random.Generator, shape: tuple[int, int], size: float, width: float) -> Plane:
    """Meandering lines, 1 on them and 0 beside: where a noise plane passes 0.

    Args:
        size: about the distance between lines, pixels.
        width: of a line relative to that distance.
    """
    plane = fractal(rng, shape, size, max(2.0, size / 8), 0.45)
    return np.asarray(np.exp(-np.square(plane / np.float32(width))), np.float32)


def step(plane: Plane, level: float, softness: float) -> Plane:
    """0 below a level and 1 above it, with a soft passage."""
    return np.asarray(np.clip((plane - level) / max(softness, 1e-3) + 0.5, 0, 1), np.float32)
