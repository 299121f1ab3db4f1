"""What things on the ground reflect, and how their surface varies.

Colours are (red, green, blue, near infrared), 0 to 1.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.float32]


@dataclass(frozen=True)
class Material:
    """A colour, how much it varies from object to object, and its grain.

    ``grain`` is the standard deviation of the texture; ``grain_metres`` its size.
    """

    colour: tuple[float, float, float, float]
    spread: float = 0.04
    grain: float = 0.02
    grain_metres: float = 1.5


FIELDS = (
    Material((0.22, 0.34, 0.16, 0.62), 0.05, 0.015, 3),
    Material((0.32, 0.42, 0.20, 0.58), 0.05, 0.02, 4),
    Material((0.62, 0.55, 0.34, 0.42), 0.06, 0.02, 3),
    Material((0.48, 0.38, 0.27, 0.34), 0.06, 0.02, 2),
    Material((0.34, 0.26, 0.20, 0.26), 0.05, 0.02, 2),
    Material((0.66, 0.60, 0.46, 0.50), 0.05, 0.02, 3),
    Material((0.40, 0.45, 0.27, 0.55), 0.05, 0.03, 5),
    Material((0.14, 0.25, 0.12, 0.55), 0.03, 0.01, 3),
    Material((0.72, 0.68, 0.22, 0.55), 0.05, 0.02, 2),
)
GROUND = (
    Material((0.36, 0.40, 0.25, 0.48), 0.06, 0.03, 4),
    Material((0.45, 0.42, 0.30, 0.42), 0.06, 0.03, 4),
    Material((0.28, 0.33, 0.20, 0.45), 0.05, 0.03, 3),
    Material((0.55, 0.50, 0.40, 0.45), 0.06, 0.03, 4),
)
WATER = (
    Material((0.06, 0.09, 0.11, 0.04), 0.02, 0.005, 4),
    Material((0.10, 0.15, 0.14, 0.05), 0.03, 0.006, 6),
    Material((0.26, 0.26, 0.19, 0.10), 0.04, 0.008, 6),
    Material((0.10, 0.22, 0.26, 0.05), 0.04, 0.006, 6),
    Material((0.30, 0.38, 0.38, 0.16), 0.06, 0.008, 6),
    Material((0.03, 0.04, 0.05, 0.03), 0.01, 0.004, 4),
)
ROOFS = (
    Material((0.55, 0.30, 0.22, 0.38), 0.06, 0.02, 0.6),
    Material((0.42, 0.24, 0.18, 0.32), 0.05, 0.02, 0.6),
    Material((0.32, 0.32, 0.34, 0.34), 0.07, 0.015, 0.6),
    Material((0.50, 0.50, 0.50, 0.50), 0.08, 0.015, 0.8),
    Material((0.85, 0.85, 0.84, 0.80), 0.06, 0.015, 1.0),
    Material((0.22, 0.21, 0.21, 0.24), 0.04, 0.015, 0.6),
    Material((0.45, 0.50, 0.58, 0.45), 0.06, 0.015, 0.8),
)
ROADS = (
    Material((0.40, 0.40, 0.41, 0.38), 0.06, 0.012, 1),
    Material((0.58, 0.56, 0.53, 0.52), 0.06, 0.015, 1),
    Material((0.66, 0.58, 0.46, 0.54), 0.06, 0.025, 1),
    Material((0.26, 0.26, 0.27, 0.26), 0.04, 0.012, 1),
)
TREES = (
    Material((0.14, 0.24, 0.11, 0.52), 0.03, 0.05, 1.2),
    Material((0.20, 0.30, 0.13, 0.58), 0.04, 0.06, 1.2),
    Material((0.10, 0.17, 0.10, 0.40), 0.02, 0.04, 1.0),
    Material((0.38, 0.32, 0.14, 0.46), 0.05, 0.05, 1.2),
    Material((0.26, 0.31, 0.17, 0.50), 0.04, 0.05, 1.5),
)
SOIL = (
    Material((0.58, 0.46, 0.34, 0.48), 0.07, 0.03, 2),
    Material((0.74, 0.66, 0.54, 0.66), 0.06, 0.03, 2),
    Material((0.40, 0.30, 0.24, 0.34), 0.06, 0.03, 2),
    Material((0.62, 0.60, 0.58, 0.58), 0.07, 0.03, 2),
)
SNOW = (Material((0.93, 0.94, 0.96, 0.88), 0.03, 0.012, 6),)


def pick(rng: np.random.Generator, choices: tuple[Material, ...], strangeness: float) -> Material:
    """One of the choices with its own shade; with probability ``strangeness`` any colour.

    Strange colours keep a model from learning only what things are called.
    """
    material = choices[int(rng.integers(len(choices)))]
    if rng.random() < strangeness:
        colour = rng.uniform(0.05, 0.9) + rng.normal(0, 0.12, 4)
    else:
        brightness = rng.normal(0, material.spread)
        colour = np.array(material.colour) + brightness + rng.normal(0, material.spread * 0.4, 4)
    red, green, blue, infrared = np.clip(colour, 0.02, 0.98).tolist()
    return replace(
        material,
        colour=(red, green, blue, infrared),
        grain=material.grain * float(np.exp(rng.normal(0, 0.5))),
    )


class Textures:
    """Noise planes of one canvas, made once and shared by all its objects."""

    def __init__(self, rng: np.random.Generator, height: int, width: int) -> None:
        self._rng = rng
        self._shape = (height, width)
        self._planes: dict[int, Plane] = {}

    def plane(self, size: float) -> Plane:
        """A noise plane (canvas shape, mean 0, deviation about 1) of grain ``size`` pixels."""
        level = int(np.clip(round(2 * np.log2(max(size, 1.0))), 0, 14))
        if level not in self._planes:
            step = 2 ** (level / 2)
            rows, columns = (max(2, int(np.ceil(side / step)) + 1) for side in self._shape)
            coarse = self._rng.standard_normal((rows, columns)).astype(np.float32)
            size_xy = (self._shape[1], self._shape[0])
            fine = cv2.resize(coarse, size_xy, interpolation=cv2.INTER_CUBIC)
            self._planes[level] = np.asarray(fine, np.float32)
        return self._planes[level]
