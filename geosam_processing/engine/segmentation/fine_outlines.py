"""Objects of a coarse scale with the outline that fine patches show."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from geosam_processing.engine.merging import SeenPatches
from geosam_processing.engine.segmentation.following import PartAsker
from geosam_processing.engine.segmentation.sources.folder_patches import Patches

# How far an outline of a coarse scale may be off, in its pixels.
OFF = 3.0


class FineOutlines:
    """Draws objects on the patches of the finest scale."""

    def __init__(self, patches: Patches, seen: SeenPatches, asker: PartAsker) -> None:
        self._patches = patches
        self._seen = seen
        self._asker = asker
        scales = np.asarray(patches.scales)
        self._finest = np.flatnonzero(scales == scales.min())

    def drawn(self, coarse: shapely.Geometry, patch: int) -> tuple[shapely.Geometry, int | None]:
        """A coarse object with the outline that the fine patches show that it crosses.

        Each of these draws it where its center is the nearest.

        Args:
            patch: index of the patch that ``coarse`` comes from.

        Returns:
            The object, and a patch that drew it, None if none agrees with the coarse object.
        """
        band = shapely.buffer(coarse.boundary, OFF * self._patches.chips[patch].pixel_size)
        _, near = self._seen.meeting(np.array([band], dtype=object))
        near = np.sort(near[np.isin(near, self._finest)])
        result, drew = coarse, None
        for index, cell in zip(near.tolist(), self._cells(near), strict=True):
            if not shapely.intersects(cell, band):
                continue
            polygon = self._seen.polygons[index]
            known = shapely.intersection(coarse, polygon)
            found = self._asker.ask(index, known, polygon, box_too=True)
            if found is not None:
                drew = index
                result = shapely.union(
                    shapely.difference(result, cell), shapely.intersection(found.shape, cell)
                )
        return result, drew

    def _cells(self, patches: NDArray[np.intp]) -> list[shapely.Geometry]:
        """The part of each patch whose nearest center is its own."""
        if len(patches) < 2:
            return [self._seen.polygons[index] for index in patches]
        centres = shapely.points(self._seen.centres[patches])
        around = shapely.union_all(self._seen.polygons[patches]).envelope
        cells = shapely.get_parts(
            shapely.voronoi_polygons(shapely.multipoints(centres), extend_to=around)
        )
        own = shapely.STRtree(cells).nearest(centres)
        return [
            shapely.intersection(cells[cell], self._seen.polygons[index])
            for cell, index in zip(own, patches, strict=True)
        ]
