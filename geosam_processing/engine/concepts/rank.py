"""Rank the candidates of a file by the examples of another one."""

from __future__ import annotations

import geopandas
import numpy as np
import pandas as pd
import pyogrio
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from geosam_processing.contract import (
    ALL,
    COLOR,
    FEATURES,
    ID_COLUMN,
    LABEL_COLUMN,
    NEAREST_COLUMN,
    RANK_COLUMN,
    SHAPE,
    SIMILARITY_COLUMN,
    PolygonFile,
    ProgressEvent,
    RankRequest,
    RankResult,
    Scene,
)
from geosam_processing.contract.texts import Text
from geosam_processing.engine.assessment.layer import PolygonLayer, equal_area_crs
from geosam_processing.engine.concepts import descriptors
from geosam_processing.engine.concepts.similarity import Block, Ranking, rank
from geosam_processing.engine.errors import AssessmentError, OutputError
from geosam_processing.engine.features.folder import FeatureFolder
from geosam_processing.engine.raster.view import open_source
from geosam_processing.engine.run import SILENT, RunContext

# What each descriptor is made of, and how much each part counts; of all together the features a
# little more. Measured to be best within a scene.
_PARTS = {
    COLOR: {COLOR: 1.0},
    FEATURES: {FEATURES: 1.0},
    SHAPE: {SHAPE: 1.0},
    ALL: {FEATURES: 1.0, COLOR: 0.7, SHAPE: 0.7},
}


def rank_by_similarity(request: RankRequest, context: RunContext = SILENT) -> RankResult:
    """Order the candidates of a request by how alike they are to its examples.

    Raises:
        Cancelled: the caller asked to stop.
        AssessmentError: there is no example to look for, or none can be described.
        RasterError: a raster cannot be read.
        FeaturesError: a feature folder cannot be read.
        OutputError: the file cannot be written.
    """
    candidates, examples = _frame(request.candidates), _frame(request.examples)
    labels = examples[LABEL_COLUMN] if request.labeled else pd.Series(1, index=examples.index)
    positive = labels.fillna(1).to_numpy() != 0
    if not positive.any():
        raise AssessmentError("There is no example to look for: give at least one, of label 1")
    parts = _PARTS[request.descriptor]
    total = len(parts) * (len(candidates) + len(examples))
    done = 0

    def step() -> None:
        nonlocal done
        context.require_not_cancelled()
        done += 1
        context.progress(
            ProgressEvent(min(done, total), total, Text("object {} of {}", min(done, total), total))
        )

    blocks = [
        Block(
            _described(part, candidates, request.scene, step),
            _described(part, examples, request.examples_scene or request.scene, step),
            weight,
        )
        for part, weight in parts.items()
    ]
    try:
        ranking = rank(blocks, positive)
    except ValueError as error:
        raise AssessmentError(
            "No example can be described: give polygons that lie in the raster and have data"
        ) from error
    _write(request.output, candidates, examples, ranking)
    ranked = int(np.count_nonzero(ranking.ranks))
    return RankResult(ranked, len(candidates) - ranked, ranking.example_ranks)


def _frame(file: PolygonFile) -> geopandas.GeoDataFrame:
    frame = geopandas.read_file(file.path, on_invalid="ignore", use_arrow=True)
    frame = frame.set_crs(CRS.from_user_input(file.crs), allow_override=True)
    frame.geometry = shapely.make_valid(frame.geometry.array)
    return frame


def _described(
    part: str, frame: geopandas.GeoDataFrame, scene: Scene, step: descriptors.Step
) -> NDArray[np.float64]:
    geometries = np.asarray(frame.geometry.array, dtype=object)
    crs = CRS(frame.crs)
    if part == SHAPE:
        flat = frame.geometry.to_crs(equal_area_crs([PolygonLayer.from_frame(frame)]))
        for _ in geometries:
            step()
        return descriptors.shapes(np.asarray(flat.array, dtype=object))
    if part == FEATURES:
        return descriptors.features(FeatureFolder.open(scene.features), geometries, crs, step)
    if scene.raster is None:
        raise RuntimeError("a request checks that colors have a raster")
    with open_source(scene.raster) as view:
        return descriptors.colors(view, geometries, crs, step)


def _write(
    path: str,
    candidates: geopandas.GeoDataFrame,
    examples: geopandas.GeoDataFrame,
    ranking: Ranking,
) -> None:
    known = ranking.ranks > 0
    nearest = examples[ID_COLUMN].to_numpy()[ranking.nearest]
    table = pd.DataFrame(
        {
            ID_COLUMN: candidates[ID_COLUMN].to_numpy(),
            SIMILARITY_COLUMN: ranking.similarity,
            RANK_COLUMN: pd.array(np.where(known, ranking.ranks, 0), dtype="Int64"),
            NEAREST_COLUMN: pd.array(nearest, dtype="Int64"),
        }
    )
    table.loc[~known, [RANK_COLUMN, NEAREST_COLUMN]] = pd.NA
    try:
        pyogrio.write_dataframe(table, path, driver="GPKG", VERSION="1.2")
    except (OSError, RuntimeError) as error:
        raise OutputError("{} cannot be written ({}). Make room on its disk.", path, error) from (
            error
        )
