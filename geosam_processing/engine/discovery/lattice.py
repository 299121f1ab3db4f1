"""Which points are asked on which patch.

The points of a level are a square lattice on the ground, so that each is asked once: on the
patch whose center is nearest. The lattice is that of the CRS, not of the patches: another extent or
another stride asks the same points.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from affine import Affine
from numpy.typing import NDArray
from shapely import STRtree

from geosam_processing.engine.features.manifest import Chip
from geosam_processing.engine.segmentation.shaping import ground_of

Reals = NDArray[np.float64]

# The lattice is asked in rounds: every fourth point along both axes, every second, all.
STEPS = (4, 2, 1)


class Lattice:
    """The points of patches of one resolution.

    Args:
        chips: all patches of the level.
        spacing: of the points, in pixels.
        area: polygon in the CRS of the chips in which points are asked; None: everywhere.
    """

    def __init__(
        self, chips: Sequence[Chip], spacing: int, area: shapely.Geometry | None = None
    ) -> None:
        self.spacing = spacing
        self._chips = chips
        inverse = ~chips[0].transform
        self._corners = np.array(
            [inverse * (chip.transform.c, chip.transform.f) for chip in chips]
        ).round()
        self._origin = _pixels_from_zero(chips[0].transform)
        sizes = np.array([chip.shape[::-1] for chip in chips], dtype=np.float64)
        self._sizes = sizes
        self._centres = self._corners + sizes / 2
        self._windows = shapely.box(*self._corners.T, *(self._corners + sizes).T)
        self._tree = STRtree(self._windows)
        self._area = area
        if area is not None:
            shapely.prepare(area)

    def points(self, index: int) -> tuple[Reals, NDArray[np.intp]]:
        """The points of a patch.

        Returns:
            x and y [n, 2] in pixels of the patch, and the step [n] of ``STEPS`` in which each is
            asked.
        """
        corner, size = self._corners[index], self._sizes[index]
        numbers = [
            np.arange(
                np.ceil(start / self.spacing - 0.5), np.ceil((start + length) / self.spacing - 0.5)
            )
            for start, length in zip(self._origin + corner, size, strict=True)
        ]
        lattice = np.stack(np.meshgrid(*numbers), -1).reshape(-1, 2)
        places = (lattice + 0.5) * self.spacing - self._origin
        own = self._nearest(index, places)
        own &= self._inside(index, places - corner)
        lattice, places = lattice[own], places[own]
        steps = np.full(len(lattice), STEPS[-1], dtype=np.intp)
        for step in reversed(STEPS[:-1]):
            # The coarsest ones in the middle of their cells, so that none begins at an edge.
            first = step // 2 if step == STEPS[0] else 0
            steps[(lattice % step == first).all(1)] = step
        return places - corner, steps

    def _nearest(self, index: int, places: Reals) -> NDArray[np.bool_]:
        """Whether a patch is the nearest of those that show a point; of equals the first."""
        near = np.sort(self._tree.query(self._windows[index]))
        offsets = places[:, None] - self._corners[near]
        shows = ((offsets >= 0) & (offsets < self._sizes[near])).all(-1)
        away = np.hypot(*np.moveaxis(places[:, None] - self._centres[near], -1, 0))
        away[~shows] = np.inf
        return np.asarray(near[away.round(6).argmin(1)] == index)

    def _inside(self, index: int, points: Reals) -> NDArray[np.bool_]:
        if self._area is None:
            return np.ones(len(points), dtype=bool)
        ground = ground_of(self._chips[index], points)
        return np.asarray(shapely.contains_xy(self._area, ground))


def _pixels_from_zero(transform: Affine) -> Reals:
    """Where a patch begins, in pixels from the origin of its CRS along the axes of its grid."""
    a, b, c, d, e, f = transform[:6]
    return np.linalg.solve(np.array([[a, b], [d, e]]), np.array([c, f])).round(3)
