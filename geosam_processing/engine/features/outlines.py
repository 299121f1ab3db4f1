"""The outlines of many patches at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from geosam_processing.engine.features.manifest import Chip


def outlines(chips: Sequence[Chip]) -> NDArray[np.object_]:
    """Return the polygons of chips, much faster than one by one."""
    a, b, c, d, e, f = np.array([chip.transform[:6] for chip in chips]).reshape(-1, 6).T
    heights, widths = np.array([chip.shape for chip in chips]).reshape(-1, 2).T
    none = np.zeros_like(widths)
    columns, rows = np.stack([none, widths, widths, none]), np.stack([none, none, heights, heights])
    corners = np.stack([columns * a + rows * b + c, columns * d + rows * e + f], axis=-1)
    polygons: NDArray[np.object_] = shapely.polygons(corners.transpose(1, 0, 2))
    return polygons
