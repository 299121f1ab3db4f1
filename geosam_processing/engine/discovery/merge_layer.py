"""Merge the objects of a layer that overlapping patches saw."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import geopandas
import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from geosam_processing.contract import (
    CLASS_COLUMN,
    CUT_COLUMN,
    ID_COLUMN,
    KEPT_COLUMN,
    KEPT_STATE,
    PATCH_COLUMN,
    PIECES_COLUMN,
    SCORE_COLUMN,
    SHARDS_MODE,
    STATE_COLUMN,
    UNUSABLE_STATE,
    MergeObjectsRequest,
    MergeObjectsResult,
    PolygonFile,
    ProgressEvent,
)
from geosam_processing.engine import merging
from geosam_processing.engine.discovery.settle_layer import settle_layer, write_result
from geosam_processing.engine.errors import FeaturesError
from geosam_processing.engine.features.folder import FeatureFolder
from geosam_processing.engine.merging.duplicates import without_duplicates
from geosam_processing.engine.outlines.usable import usable
from geosam_processing.engine.run import SILENT, RunContext
from geosam_processing.engine.segmentation.sources.folder_patches import (
    FolderPatches,
    folders_by_scale,
)

Geometries = NDArray[np.object_]
Indices = NDArray[np.intp]

_PIXELS = 2.0  # by which a mask may end before the edge that cuts it
_SIDE = 1000.0  # pixels of a patch, where nothing tells them
_NOWHERE = -1


def merge_objects(request: MergeObjectsRequest, context: RunContext = SILENT) -> MergeObjectsResult:
    """Merge the objects of a request and write them.

    Raises:
        Cancelled: the caller asked to stop.
        LayerFileError: the objects of shards cannot be read.
        FeaturesError: there are no patches, or none of the name that an object has.
        OutputError: the file cannot be written.
    """
    if request.mode == SHARDS_MODE:
        return settle_layer(request, context)
    frame = _frame(request.objects)
    patches, crs, names = _patches(request)
    polygons, good, _ = usable(np.asarray(frame.geometry.array, dtype=object))
    (rows,) = np.nonzero(good)
    placed = geopandas.GeoSeries(polygons[rows], crs=CRS.from_user_input(request.objects.crs))
    geometries = np.asarray(placed.to_crs(crs).array, dtype=object)
    if request.named:
        patch = _named_patches(frame[PATCH_COLUMN].astype(str).to_numpy()[rows], names)
    else:
        patch = _seeing_patches(geometries, patches)
    pieces = _pieces(frame, rows, geometries, patch, request.objects)
    rules = merging.MergeRules(
        agreement=request.agreement,
        duplicate=max(merging.MergeRules.duplicate, request.agreement),
        join=request.mode != "duplicates",
        duplicates=request.mode != "join",
    )
    merged = _merged(pieces, patches, rules, context)
    outside = rows[patch == _NOWHERE]
    return _Result(frame, polygons, good, outside).write(merged, request, crs)


def _frame(file: PolygonFile) -> geopandas.GeoDataFrame:
    return geopandas.read_file(file.path, on_invalid="ignore", use_arrow=True)


def _patches(request: MergeObjectsRequest) -> tuple[merging.SeenPatches, CRS, list[str]]:
    """The patches, their CRS and their names."""
    names: list[str] = []
    if request.patches is None:
        folder = FolderPatches(folders_by_scale(FeatureFolder.open(request.features)))
        crs = CRS.from_user_input(folder.crs)
        polygons = [chip.polygon for chip in folder.chips]
        pixels = np.array([chip.pixel_size for chip in folder.chips])
        levels: Sequence[int] = folder.scales
        names = [chip.chip_id for chip in folder.chips]
    else:
        crs = CRS.from_user_input(request.patches.crs)
        frame = _frame(request.patches)
        surfaces, good, _ = usable(np.asarray(frame.geometry.array, dtype=object))
        polygons = list(surfaces[good])
        sides = np.sqrt(shapely.area(surfaces[good]))
        pixels = sides / _SIDE
        # Patches of twice the side are those of a coarser scale.
        levels = np.round(np.log2(sides / sides.min(initial=np.inf))).astype(int).tolist()
        if request.named:
            names = frame[PATCH_COLUMN].astype(str)[good].tolist()
    if not polygons:
        raise FeaturesError("There are no patches: give the layer of those that saw the objects")
    if request.tolerance is not None:
        pixels = np.full(len(polygons), request.tolerance / _PIXELS)
    return merging.SeenPatches(polygons, pixels.tolist(), levels, _PIXELS), crs, names


def _named_patches(names: NDArray[np.object_], known: list[str]) -> Indices:
    """[N] the index of the patch of each name."""
    index = {name: number for number, name in reversed(list(enumerate(known)))}
    for name in names:
        if name not in index:
            raise FeaturesError(
                "An object names a patch ({}) that is not there: give the patches that saw the "
                "objects, or no field of patches, and their places determine them",
                name,
            )
    return np.array([index[name] for name in names], dtype=np.intp)


def _seeing_patches(geometries: Geometries, patches: merging.SeenPatches) -> Indices:
    """[N] the patch that saw each object whole: one that cuts it, else the nearest center."""
    result = np.full(len(geometries), _NOWHERE, dtype=np.intp)
    if not len(geometries):
        return result
    which, patch = patches.meeting(geometries)
    wide = shapely.buffer(patches.polygons, _PIXELS * patches.pixels, join_style="mitre")
    seen = shapely.covers(wide[patch], geometries[which])
    which, patch = which[seen], patch[seen]
    cut = patches.cuts(geometries[which], patch)
    away = patches.off_centre(geometries[which], patch)
    order = np.lexsort((patch, away, ~cut, which))
    found, first = np.unique(which[order], return_index=True)
    result[found] = patch[order][first]
    return result


def _pieces(
    frame: geopandas.GeoDataFrame,
    rows: Indices,
    geometries: Geometries,
    patch: Indices,
    file: PolygonFile,
) -> list[merging.Piece]:
    """What the patches saw; the row in the file is the content."""
    scores = np.zeros(len(frame))
    if file.has_scores:
        scores = np.nan_to_num(frame[SCORE_COLUMN].to_numpy(np.float64, na_value=0.0))
    kinds = frame[CLASS_COLUMN].astype(str).tolist() if file.has_classes else [""] * len(frame)
    return [
        merging.Piece(geometry, int(number), int(row), float(scores[row]), kinds[row], int(row))
        for row, geometry, number in zip(rows, geometries, patch, strict=True)
        if number != _NOWHERE
    ]


def _merged(
    pieces: Sequence[merging.Piece],
    patches: merging.SeenPatches,
    rules: merging.MergeRules,
    context: RunContext,
) -> list[merging.Merged]:
    by_patch: dict[int, list[merging.Piece]] = {}
    for piece in pieces:
        by_patch.setdefault(piece.patch, []).append(piece)
    merger = merging.Merger(patches, rules)
    objects: list[merging.Merged] = []
    for patch in range(len(patches)):
        context.require_not_cancelled()
        context.progress(ProgressEvent(patch, len(patches), ""))
        objects += merger.add(patch, by_patch.get(patch, ()))
    context.progress(ProgressEvent(len(patches), len(patches), ""))
    return without_duplicates(objects, rules.duplicate) if rules.duplicates else objects


class _Result:
    """What became of each row."""

    def __init__(
        self,
        frame: geopandas.GeoDataFrame,
        polygons: Geometries,
        good: NDArray[np.bool_],
        outside: Indices,
    ) -> None:
        self._ids = frame[ID_COLUMN].to_numpy(np.int64)
        self._crs = frame.crs
        self._polygons = polygons
        self._states = np.where(good, KEPT_STATE, UNUSABLE_STATE).astype(object)
        self._kept = self._ids.copy()
        self._pieces = good.astype(np.int64)
        self._cut = np.zeros(len(frame), dtype=bool)
        self._joined: dict[int, shapely.Geometry] = {}
        self._outside = len(outside)

    def write(
        self, merged: Sequence[merging.Merged], request: MergeObjectsRequest, crs: CRS
    ) -> MergeObjectsResult:
        for each in merged:
            self._take(each)
        # Only what is joined has to come back from the CRS of the patches.
        joined = geopandas.GeoSeries(list(self._joined.values()), crs=crs).to_crs(self._crs)
        self._polygons[list(self._joined)] = np.asarray(joined.array, dtype=object)
        kept = self._states == KEPT_STATE
        geometries = np.full(len(kept), None, dtype=object)
        parts, owner = shapely.get_parts(self._polygons[kept], return_index=True)
        geometries[kept] = shapely.multipolygons(parts, indices=owner)
        table = geopandas.GeoDataFrame(
            {
                ID_COLUMN: self._ids,
                STATE_COLUMN: self._states.astype(str),
                KEPT_COLUMN: self._kept,
                PIECES_COLUMN: self._pieces,
                CUT_COLUMN: self._cut,
            },
            geometry=geometries,
            crs=self._crs,
        )
        write_result(table, request.output)
        count = Counter(self._states.tolist())
        return MergeObjectsResult(
            object_count=count[KEPT_STATE],
            joined_count=count[merging.JOINED],
            duplicate_count=count[merging.DUPLICATE],
            replaced_count=count[merging.CUT],
            cut_count=int(self._cut.sum()),
            outside_count=self._outside,
            unusable_count=count[UNUSABLE_STATE],
        )

    def _take(self, merged: merging.Merged) -> None:
        """Note an object: its largest piece names it."""
        members = sorted(merged.members, key=lambda piece: (-piece.geometry.area, piece.place))
        first = members[0].content
        if len(members) > 1:
            self._joined[first] = merged.geometry
        self._pieces[first] = len(members)
        self._cut[first] = merged.cut
        for piece in members[1:]:
            self._drop(piece.content, merging.JOINED, first)
        for piece, reason in merged.removed:
            self._drop(piece.content, reason, first)

    def _drop(self, row: int, state: str, winner: int) -> None:
        self._states[row] = state
        self._kept[row] = self._ids[winner]
        self._pieces[row] = 0
