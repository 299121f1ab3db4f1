"""The ground of one scene while it is being painted: reflectance, height, instances."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from training.materials import Material, Textures
from training.shapes import Mask, Stamp


class Canvas:
    """Four bands of reflectance, a height model, and which object each pixel shows.

    Attributes:
        bands: (rows, columns, 4) float32: red, green, blue, near infrared, 0 to 1.
        heights: (rows, columns) float32, metres.
        instances: (rows, columns) int32; 0 is background, k is ``classes[k - 1]``.
        empty: (rows, columns) bool, true on open ground and in fields: a box there holds nothing.
        metres: ground resolution, metres per pixel.
        sun: unit vector (x, y) in which shadows fall.
    """

    def __init__(self, rng: np.random.Generator, height: int, width: int, metres: float) -> None:
        self.rng = rng
        self.height, self.width, self.metres = height, width, metres
        self.bands = np.zeros((height, width, 4), np.float32)
        self.heights = np.zeros((height, width), np.float32)
        self.instances = np.zeros((height, width), np.int32)
        self.empty = np.ones((height, width), np.bool_)
        self.classes: list[str] = []
        self.textures = Textures(rng, height, width)
        angle = rng.uniform(0, 2 * np.pi)
        self.sun = np.array([np.cos(angle), np.sin(angle)])
        self.shadow_length = float(rng.uniform(0.15, 1.1))  # shadow metres per metre of height
        self.shadow_depth = float(rng.uniform(0.35, 0.75))
        self.strangeness = float(rng.choice([0.0, 0.15, 0.6], p=[0.6, 0.25, 0.15]))

    def pixels(self, metres: float) -> float:
        """A length on the ground in pixels."""
        return metres / self.metres

    def surface(self, stamp: Stamp, material: Material) -> NDArray[np.float32]:
        """A material's reflectance over a stamp's window, (rows, columns, 4)."""
        rows, columns = stamp.window
        fine = self.textures.plane(self.pixels(material.grain_metres))[rows, columns]
        wide = self.textures.plane(self.pixels(material.grain_metres * 8))[rows, columns]
        shade = material.grain * (0.6 * fine + 0.6 * wide)
        colour = np.asarray(material.colour, np.float32)
        return np.asarray(colour * (1 + 1.5 * shade[..., None]) + 0.3 * shade[..., None])

    def paint(
        self,
        stamp: Stamp,
        surface: NDArray[np.float32],
        class_name: str | None,
        opacity: float = 1.0,
    ) -> None:
        """Cover a stamp with a surface; with a class name, as an object of its own.

        Without a class name the pixels become background.
        """
        window, mask = stamp.window, stamp.mask
        below = self.bands[window]
        below[mask] = (1 - opacity) * below[mask] + opacity * surface[mask]
        number = 0
        if class_name is not None:
            self.classes.append(class_name)
            number = len(self.classes)
        self.instances[window][mask] = number
        self.empty[window][mask] = class_name == "field"

    def raise_ground(self, stamp: Stamp, height: float | NDArray[np.float32]) -> None:
        """Add to the height model under a stamp, metres."""
        region = self.heights[stamp.window]
        region[stamp.mask] += height[stamp.mask] if isinstance(height, np.ndarray) else height

    def shadow(self, stamp: Stamp, height: float) -> None:
        """Darken what lies in the shadow of a stamp of a height in metres.

        To be called before the thing itself is painted.
        """
        reach = self.pixels(height * self.shadow_length)
        if reach < 0.7:
            return
        reach = min(reach, 120.0)
        pad = int(np.ceil(reach)) + 1
        row, column = stamp.row - pad, stamp.column - pad
        solid = np.pad(stamp.mask.astype(np.uint8), pad)
        steps = max(2, int(np.ceil(reach / 2)))
        swept = solid.copy()
        for step in range(1, steps + 1):
            x, y = self.sun * reach * step / steps
            matrix = np.array([[1, 0, x], [0, 1, y]])
            moved = cv2.warpAffine(solid, matrix, solid.shape[::-1], flags=cv2.INTER_NEAREST)
            swept |= np.asarray(moved, np.uint8)
        top, left = max(row, 0), max(column, 0)
        bottom = min(row + swept.shape[0], self.height)
        right = min(column + swept.shape[1], self.width)
        if bottom <= top or right <= left:
            return
        dark = swept[top - row : bottom - row, left - column : right - column] > 0
        self.bands[top:bottom, left:right][dark] *= 1 - self.shadow_depth

    def covered(self, stamp: Stamp, classes: frozenset[str]) -> float:
        """The share of a stamp that objects of these classes already cover."""
        numbers = self.instances[stamp.window][stamp.mask]
        if not self.classes:
            return 0.0
        wanted = np.array([False] + [name in classes for name in self.classes])
        return float(wanted[numbers].mean())

    def local_grid(self, stamp: Stamp, angle: float) -> tuple[NDArray[np.float32], ...]:
        """Coordinates along and across a direction over a stamp's window, pixels."""
        rows, columns = stamp.mask.shape
        y = np.arange(rows, dtype=np.float32)[:, None] + stamp.row
        x = np.arange(columns, dtype=np.float32)[None, :] + stamp.column
        cosine, sine = np.float32(np.cos(angle)), np.float32(np.sin(angle))
        return x * cosine + y * sine, -x * sine + y * cosine

    def edge_distance(self, mask: Mask) -> NDArray[np.float32]:
        """Distance of a mask's pixels to its outside, pixels."""
        padded = np.pad(mask.astype(np.uint8), 1)
        distance = cv2.distanceTransform(padded, cv2.DIST_L2, 3)
        return np.asarray(distance[1:-1, 1:-1], np.float32)
