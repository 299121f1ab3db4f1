"""Boxes of objects as windows on the pixels of a grid."""

from __future__ import annotations

import numpy as np
from affine import Affine
from numpy.typing import NDArray
from pyproj import Transformer

# Points on each side of a box, as its sides are bent by a transform.
_POINTS = 5


def object_windows(
    boxes: NDArray[np.float64], crs: str, transform: Affine, grid_crs: str
) -> NDArray[np.float64]:
    """The envelopes of boxes on a grid.

    Args:
        boxes: [N, 4] smallest x, y and largest x, y in ``crs``.
        crs: ``EPSG:n`` or WKT, as is ``grid_crs``.
        transform: pixels of the grid to coordinates in ``grid_crs``.

    Returns:
        [N, 4] left, top, right, bottom in pixels; infinite where a box has no place there.
    """
    along = np.linspace(0, 1, _POINTS)
    across, down = (part.ravel() for part in np.meshgrid(along, along))
    x = boxes[:, :1] + (boxes[:, 2:3] - boxes[:, :1]) * across
    y = boxes[:, 1:2] + (boxes[:, 3:4] - boxes[:, 1:2]) * down
    if crs != grid_crs:
        x, y = Transformer.from_crs(crs, grid_crs, always_xy=True).transform(x, y)
    columns, rows = applied(~transform, x, y)
    return np.stack(
        [columns.min(axis=1), rows.min(axis=1), columns.max(axis=1), rows.max(axis=1)], axis=1
    )


def applied(
    transform: Affine, x: NDArray[np.float64], y: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """``transform`` of arrays of coordinates."""
    return (
        transform.a * x + transform.b * y + transform.c,
        transform.d * x + transform.e * y + transform.f,
    )
