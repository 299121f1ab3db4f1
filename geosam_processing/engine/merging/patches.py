"""The patches that saw the pieces: where they overlap, and which of their edges cut objects."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Geometry, Polygon, STRtree

# Vertices of patches within this share of a pixel are the same.
_SNAP = 1e-3
# Patches whose edges are kept in memory.
_KEPT_EDGES = 4096


class SeenPatches:
    """The patches of a layer, of one or more levels of resolution.

    Attributes:
        polygons: their outlines, in one CRS.
        levels: the resolution of each; a higher level is coarser.
        pixels: the size of a pixel of each, in units of the CRS.
    """

    def __init__(
        self,
        polygons: Sequence[Polygon],
        pixels: Sequence[float] | float,
        levels: Sequence[int] | None = None,
        margin: float = 2.0,
    ) -> None:
        """``margin``: pixels by which a mask may end before the edge that cuts it."""
        count = len(polygons)
        self.polygons: NDArray[np.object_] = np.empty(count, dtype=object)
        self.polygons[:] = list(polygons)
        self.levels = np.zeros(count, np.intp) if levels is None else np.asarray(levels, np.intp)
        self.pixels = np.broadcast_to(np.asarray(pixels, np.float64), (count,))
        self._tolerances = margin * self.pixels
        self._tree = STRtree(self.polygons)
        centres = shapely.centroid(self.polygons)
        self.centres = shapely.get_coordinates(centres)
        self._sides = np.sqrt(shapely.area(self.polygons))
        self._opens: dict[int, Geometry] = {}
        self._ends: dict[int, Geometry] = {}

    def __len__(self) -> int:
        return len(self.polygons)

    def meeting(self, geometries: NDArray[np.object_]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Pairs (index of a geometry, index of a patch) that intersect."""
        which, patches = self._tree.query(geometries, predicate="intersects")
        return which, patches

    def shared(self, one: NDArray[np.intp], other: NDArray[np.intp]) -> NDArray[np.object_]:
        """What each two patches both saw."""
        pairs, inverse = np.unique(np.stack([one, other], 1), axis=0, return_inverse=True)
        found = shapely.intersection(self.polygons[pairs[:, 0]], self.polygons[pairs[:, 1]])
        return np.asarray(found)[inverse.reshape(-1)]

    def off_centre(
        self, geometries: NDArray[np.object_], patches: NDArray[np.intp]
    ) -> NDArray[np.float64]:
        """Distance of each geometry's centroid to the center of its patch, in patch sides."""
        middle = shapely.get_coordinates(shapely.centroid(geometries))
        away = np.hypot(*(middle - self.centres[patches]).T)
        return np.asarray(away / self._sides[patches])

    def cuts(self, geometries: NDArray[np.object_], patches: NDArray[np.intp]) -> NDArray[np.bool_]:
        """Whether each geometry reaches an edge of its patch beyond which others continue."""
        edges = np.array([self._open_edge(int(patch)) for patch in patches], dtype=object)
        return np.asarray(shapely.dwithin(geometries, edges, self._tolerances[patches]))

    def cuts_union(self, geometry: Geometry, patches: Sequence[int]) -> bool:
        """Whether an object reaches an edge of what several patches saw together."""
        tolerance = float(max(self._tolerances[list(patches)]))
        return bool(shapely.dwithin(geometry, self.open_ends(patches), tolerance))

    def open_ends(self, patches: Sequence[int]) -> Geometry:
        """The edges of what several patches saw together, beyond which others continue."""
        chosen = sorted(set(patches))
        if len(chosen) == 1:
            return self._open_edge(chosen[0])
        snap = float(self.pixels[chosen].min()) * _SNAP
        seen = shapely.union_all(self.polygons[chosen], grid_size=snap)
        return self._without_ends(seen.boundary, int(self.levels[chosen].max()), snap)

    def _open_edge(self, patch: int) -> Geometry:
        known = self._opens.get(patch)
        if known is None:
            snap = float(self.pixels[patch]) * _SNAP
            known = self._without_ends(self.polygons[patch].boundary, int(self.levels[patch]), snap)
            shapely.prepare(known)
            if len(self._opens) == _KEPT_EDGES:
                self._opens.clear()
            self._opens[patch] = known
        return known

    def reaches_end(self, geometry: Geometry, level: int, seen_at: int | None = None) -> bool:
        """Whether an object reaches the end of all that the patches of a level cover.

        Args:
            seen_at: the level that outlines the object, if it is another one.
        """
        outlined = level if seen_at is None else seen_at
        tolerance = float(self._tolerances[self.levels == outlined].max())
        return bool(shapely.dwithin(self._ends_of(level), geometry, tolerance))

    def _without_ends(self, edge: Geometry, level: int, snap: float) -> Geometry:
        """An edge without what bounds all that the patches of a level cover."""
        ends = self._ends_of(level)
        if not shapely.dwithin(ends, edge, snap):
            return edge
        return shapely.difference(edge, shapely.buffer(ends, 10 * snap, cap_style="square"))

    def _ends_of(self, level: int) -> Geometry:
        ends = self._ends.get(level)
        if ends is None:
            own = self.levels == level
            snap = float(self.pixels[own].min()) * _SNAP
            ends = shapely.union_all(self.polygons[own], grid_size=snap).boundary
            shapely.prepare(ends)
            self._ends[level] = ends
        return ends
