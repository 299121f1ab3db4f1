"""Which patches of a plan an encoding makes: those of its shard that hold prompts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from affine import Affine

from geosam_processing.contract import EncodeRequest, PolygonFile
from geosam_processing.engine import errors
from geosam_processing.engine.encoding.grid import PatchGrid, PatchWindow
from geosam_processing.engine.encoding.plan import EncodePlan
from geosam_processing.engine.encoding.shards import Indices, shard_patches
from geosam_processing.engine.polygon_files import crs_of, read_polygons

# Patches that are compared with the geometries at once.
_CHUNK = 1 << 16


@dataclass(frozen=True)
class ChosenPatches:
    """Patches of a grid.

    Attributes:
        indices: the patches to encode, rising.
        kept: those of the whole grid that are not pruned. If None, all are kept.
    """

    grid: PatchGrid
    indices: Indices
    kept: Indices | None = None

    def __len__(self) -> int:
        return len(self.indices)

    def windows(self) -> list[PatchWindow]:
        """Return the windows of the patches, row by row."""
        return [self.grid[index] for index in self.indices.tolist()]


def chosen_patches(request: EncodeRequest, plan: EncodePlan) -> ChosenPatches:
    """Return the patches of a plan that a request encodes.

    Raises:
        RasterError: no geometry of ``request.prune`` lies in the raster.
        LayerFileError: its file cannot be read.
    """
    kept = None if request.prune is None else _patches_with(request.prune, plan)
    if request.shard is not None:
        return ChosenPatches(plan.patches, shard_patches(plan.patches, request.shard, kept), kept)
    indices = np.arange(len(plan.patches), dtype=np.int64) if kept is None else kept
    return ChosenPatches(plan.patches, indices, kept)


def _patches_with(file: PolygonFile, plan: EncodePlan) -> Indices:
    """Return the indices of the patches that a geometry of a file intersects."""
    frame = read_polygons(file.path).set_crs(crs_of(file.crs), allow_override=True)
    placed = frame.geometry.to_crs(crs_of(plan.crs)).to_numpy()
    placed = placed[~(shapely.is_missing(placed) | shapely.is_empty(placed))]
    kept = patches_meeting(shapely.make_valid(placed), plan.patches, plan.transform)
    if not len(kept):
        raise errors.RasterError(
            "No feature of the layer for pruning lies in the raster. Choose one that overlaps it"
        )
    return kept


def patches_meeting(geometries: object, grid: PatchGrid, transform: Affine) -> Indices:
    """Return the indices of the patches of a grid that geometries intersect, rising.

    Args:
        geometries: [N] valid, in the CRS of ``transform``.
        transform: pixel (column, row) of the grid to x, y.
    """
    inverse = ~transform

    def to_pixels(points: np.ndarray) -> np.ndarray:
        return np.column_stack(inverse * (points[:, 0], points[:, 1]))

    tree = shapely.STRtree(shapely.transform(geometries, to_pixels))
    width, height = grid.window_size
    xs = np.array([grid.column_start(column) for column in range(grid.column_count)])
    ys = np.array([grid.row_start(row) for row in range(grid.row_count)])
    found = []
    for begin in range(0, len(grid), _CHUNK):
        indices = np.arange(begin, min(begin + _CHUNK, len(grid)), dtype=np.int64)
        rows, columns = np.divmod(indices, grid.column_count)
        x, y = xs[columns], ys[rows]
        patches = shapely.box(x, y, x + width, y + height)
        which, _ = tree.query(patches, predicate="intersects")
        found.append(indices[np.unique(which)])
    return np.concatenate(found)
