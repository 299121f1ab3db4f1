"""Layers of objects: clean outlines, one object from several, and an order by similarity."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

import geopandas
import numpy as np
import pandas as pd
import pyogrio
from pyproj import CRS

from geosam_processing.contract import (
    CLASS_COLUMN,
    COLOR,
    CUT_COLUMN,
    DEFAULT_TOLERANCE,
    KEPT_COLUMN,
    KEPT_STATE,
    LABEL_COLUMN,
    MERGE_MODES,
    NEAREST_COLUMN,
    OUTLINE_KINDS,
    PATCH_COLUMN,
    PIECES_COLUMN,
    RANK_COLUMN,
    SCORE_COLUMN,
    SIMILARITY_COLUMN,
    STATE_COLUMN,
    MergeObjectsRequest,
    OutlineOptions,
    ProgressEvent,
    RankRequest,
    Scene,
)
from geosam_processing.contract.fields import OUTLINE_FIELDS
from geosam_processing.contract.outlines import (
    DEFAULT_TOLERANCE_PIXELS,
    RESOLUTION_COLUMN,
    UNCHANGED,
)
from geosam_processing.engine.concepts.rank import rank_by_similarity as rank
from geosam_processing.engine.discovery.merge_layer import merge_objects as merge
from geosam_processing.engine.notebook.arguments import (
    Layer,
    Source,
    column_of,
    layer_of,
    path_of,
    polygon_file,
    raster_of,
)
from geosam_processing.engine.notebook.progress import watched
from geosam_processing.engine.notebook.tables import joined
from geosam_processing.engine.outlines.job import clean_outlines as outlines_of
from geosam_processing.engine.outlines.run import groups_of
from geosam_processing.engine.raster.target_grid import PixelGrid, metres_per_pixel
from geosam_processing.engine.raster.view import open_source
from geosam_processing.engine.run import RunContext

_WHOLE = 1000  # of the progress


def clean_outlines(
    input: Layer,
    for_: str = OUTLINE_KINDS[0],
    *,
    tolerance: float | None = None,
    raster: Source | None = None,
    max_area_change: float = 10.0,
    gaps: float | None = None,
    group_field: str = "",
    context: RunContext | None = None,
) -> geopandas.GeoDataFrame:
    """Draw outlines as people do.

    Args:
        input: polygons in any CRS.
        for_: buildings, fields, curves or as they are.
        tolerance: how far outlines may move in meters. If not set, 2.5 pixels of the raster or of
            the column resolution_m, or 1 m without.
        raster: that shows the objects; its pixel size sets the tolerance.
        max_area_change: of an object in percent.
        gaps: for fields, gaps of up to this width in meters are closed.
        group_field: only objects of equal values are neighbors.
        context: own callbacks instead of a progress bar and the log.

    Returns:
        The objects with clean outlines, then moved_m, area_change, iou_before, method and changed.

    Raises:
        ContractError, LayerError: an argument is invalid.
    """
    frame = layer_of(input, None, "input")
    moved = _tolerance(frame, raster) if tolerance is None else tolerance
    options = OutlineOptions(for_, moved, max_area_change, moved if gaps is None else gaps)
    groups = groups_of(column_of(frame, group_field, "input")) if group_field else None
    with watched("Cleaning outlines", context) as run:

        def show(share: float) -> None:
            run.require_not_cancelled()
            run.progress(ProgressEvent(round(share * _WHOLE), _WHOLE))

        outlines = outlines_of(
            np.asarray(frame.geometry.array, dtype=object), CRS(frame.crs), options, groups, show
        )
    methods = outlines.methods.astype(str)
    values = (outlines.moved, outlines.area_change, outlines.iou, methods, methods != UNCHANGED)
    own = pd.DataFrame({name: column for (name, *_), column in zip(OUTLINE_FIELDS, values)})
    return joined(frame, own).set_geometry(
        geopandas.GeoSeries(outlines.geometries, frame.index, crs=frame.crs)
    )


def _tolerance(frame: geopandas.GeoDataFrame, raster: Source | None) -> float:
    if raster is not None:
        with open_source(raster_of(raster)) as view:
            grid = PixelGrid(view.crs, view.transform, view.width, view.height)
            return DEFAULT_TOLERANCE_PIXELS * metres_per_pixel(grid)
    if RESOLUTION_COLUMN in frame.columns and frame[RESOLUTION_COLUMN].min() > 0:
        return DEFAULT_TOLERANCE_PIXELS * float(frame[RESOLUTION_COLUMN].min())
    return DEFAULT_TOLERANCE


def merge_objects(
    objects: Layer,
    *,
    patches: Layer | None = None,
    features: Source | None = None,
    patch_field: str = "",
    patches_field: str = "",
    score_field: str = "",
    class_field: str = "",
    mode: str = MERGE_MODES[0],
    agreement: float = 0.5,
    tolerance: float | None = None,
    context: RunContext | None = None,
) -> geopandas.GeoDataFrame:
    """Make one object of what several overlapping patches saw of it.

    Args:
        objects: polygons in any CRS.
        patches: outlines of the patches, in any CRS.
        features: a feature folder, instead of patches.
        patch_field: column of the objects with the name of their patch.
        patches_field: column of the patches with their names. If not set, ``patch_field``.
        score_field: column of the objects with scores; the best object is kept.
        class_field: column of the objects with classes; only equal ones are merged.
        mode: both, join or duplicates.
        agreement: the least intersection over union of the same object in two patches.
        tolerance: distance to an edge of the patch in units of the patches' CRS.
        context: own callbacks instead of a progress bar and the log.

    Returns:
        The objects that remain with object_id (the number of their row in ``objects``), pieces and
        cut. ``attrs["removed"]`` lists the others: object, object_id, reason.

    Raises:
        ContractError, LayerError: an argument is invalid.
        FeaturesError: the feature folder cannot be read.
    """
    frame = layer_of(objects, None, "objects")
    columns = {PATCH_COLUMN: patch_field, SCORE_COLUMN: score_field, CLASS_COLUMN: class_field}
    named = {PATCH_COLUMN: patches_field or patch_field} if patch_field else {}
    with _files() as folder, watched("Merging", context) as run:
        output = folder / "merged.gpkg"
        merge(
            MergeObjectsRequest(
                objects=polygon_file(frame, folder, "objects", columns),
                output=str(output),
                patches=None
                if patches is None
                else polygon_file(layer_of(patches, None, "patches"), folder, "patches", named),
                features=path_of(features) if features else "",
                named=bool(patch_field),
                agreement=agreement,
                mode=mode,
                tolerance=tolerance,
            ),
            run,
        )
        rows = geopandas.read_file(output)
    kept = (rows[STATE_COLUMN] == KEPT_STATE).to_numpy()
    own = pd.DataFrame(
        {
            "object_id": rows[KEPT_COLUMN].astype("Int64"),
            "pieces": rows[PIECES_COLUMN].astype("Int64"),
            "cut": rows[CUT_COLUMN].astype("boolean"),
        }
    )
    shapes = geopandas.GeoSeries(rows.geometry.to_numpy(), frame.index, crs=frame.crs)
    table = joined(frame, own).set_geometry(shapes)[kept]
    table.attrs["removed"] = [
        {"object": index, "object_id": None if pd.isna(other) else int(other), "reason": state}
        for index, other, state in zip(
            frame.index[~kept].tolist(), rows[KEPT_COLUMN][~kept], rows[STATE_COLUMN][~kept]
        )
    ]
    return table


def rank_by_similarity(
    input: Layer,
    examples: Layer,
    *,
    raster: Source | None = None,
    descriptor: str = COLOR,
    label_field: str = "",
    top: int | None = None,
    min_similarity: float = 0.0,
    features: Source | None = None,
    examples_raster: Source | None = None,
    examples_features: Source | None = None,
    context: RunContext | None = None,
) -> geopandas.GeoDataFrame:
    """Order objects by their similarity to examples, the most similar first.

    Args:
        input: the objects, in any CRS.
        examples: three or more polygons of what to look for, in any CRS.
        raster: that shows the objects; needed for colors.
        descriptor: color and contrast, features, shape or all.
        label_field: column of the examples that holds 1, or 0 for those to keep away from.
        top: number of objects to keep. If not set, all.
        min_similarity: 0 to 1.
        features: feature folder of the raster; needed for features.
        examples_raster: of the examples, if it is another one.
        examples_features: of the examples, if they are others.
        context: own callbacks instead of a progress bar and the log.

    Returns:
        The objects with similarity, rank and nearest_example (the number of a row).
        ``attrs["example_ranks"]`` has the rank that each example would have by the others.

    Raises:
        ContractError, LayerError: an argument is invalid.
        AssessmentError: no example can be described.
        RasterError, FeaturesError: the raster or the features cannot be read.
    """
    frame, shown = layer_of(input, None, "input"), layer_of(examples, None, "examples")
    scene = _scene(raster, features)
    with _files() as folder, watched("Ranking", context) as run:
        output = folder / "ranking.gpkg"
        result = rank(
            RankRequest(
                candidates=polygon_file(frame, folder, "candidates", {}),
                examples=polygon_file(shown, folder, "examples", {LABEL_COLUMN: label_field}),
                output=str(output),
                descriptor=descriptor,
                scene=scene,
                examples_scene=_scene(examples_raster or raster, examples_features or features),
                labeled=bool(label_field),
            ),
            run,
        )
        found = pyogrio.read_dataframe(output)
    own = found[[SIMILARITY_COLUMN, RANK_COLUMN, NEAREST_COLUMN]].astype(
        {RANK_COLUMN: "Int64", NEAREST_COLUMN: "Int64"}
    )
    rank_of, similarity = own[RANK_COLUMN].to_numpy(float, na_value=np.inf), own[SIMILARITY_COLUMN]
    kept = np.isfinite(rank_of) & (similarity >= min_similarity).to_numpy()
    if top is not None:
        kept &= rank_of <= top
    places = np.flatnonzero(kept)
    table = joined(frame, own).iloc[places[np.argsort(rank_of[places], kind="stable")]]
    table.attrs["example_ranks"] = list(result.example_ranks)
    return table


def _scene(raster: Source | None, features: Source | None) -> Scene:
    return Scene(
        None if raster is None else raster_of(raster),
        path_of(features) if features is not None else "",
    )


@contextlib.contextmanager
def _files() -> Iterator[Path]:
    """A folder for the files of a request."""
    with tempfile.TemporaryDirectory(prefix="geosam_layers_") as folder:
        yield Path(folder)
