"""Merge a layer of the objects that shards of one run found: see ``settling``."""

from __future__ import annotations

import geopandas
import numpy as np
import shapely
from numpy.typing import NDArray

from geosam_processing.contract import (
    ID_COLUMN,
    KEPT_COLUMN,
    KEPT_STATE,
    SCORE_COLUMN,
    STATE_COLUMN,
    UNUSABLE_STATE,
    MergeObjectsRequest,
    MergeObjectsResult,
)
from geosam_processing.contract.merging import (
    EDGE_COLUMN,
    KEY_COLUMN,
    LEFT_OUT_STATE,
    LEVEL_COLUMN,
    PARENT_COLUMN,
    SCALE_COLUMN,
    SQUARE_METERS_COLUMN,
)
from geosam_processing.engine.discovery.settling import Rank, settled
from geosam_processing.engine.errors import OutputError
from geosam_processing.engine.merging import DUPLICATE
from geosam_processing.engine.outlines.usable import usable
from geosam_processing.engine.polygon_files import crs_of, read_polygons
from geosam_processing.engine.raster.area import AreaMeter
from geosam_processing.engine.run import RunContext

_NONE = -1  # the key of no object


def settle_layer(request: MergeObjectsRequest, context: RunContext) -> MergeObjectsResult:
    """Merge the objects of a request and write them.

    Raises:
        Cancelled: the caller asked to stop.
        LayerFileError: the objects cannot be read.
        OutputError: the file cannot be written.
    """
    frame = read_polygons(request.objects.path)
    context.require_not_cancelled()
    polygons, good, _ = usable(np.asarray(frame.geometry.array, dtype=object))
    (rows,) = np.nonzero(good)
    shapes = [shapely.MultiPolygon(shapely.get_parts(polygons[row]).tolist()) for row in rows]
    ranks = _ranks(frame, rows)
    kept, better = settled(shapes, ranks, request.keep)
    context.require_not_cancelled()
    own = {each.index for each in kept}
    dropped = [index for index in range(len(rows)) if index not in own]
    kept_rows = rows[np.array([each.index for each in kept], dtype=np.intp)]
    dropped_rows = rows[np.array(dropped, dtype=np.intp)]
    keys = {each.index: key for key, each in enumerate(kept, start=1)}
    meter = AreaMeter.of(crs_of(request.objects.crs))
    ids = frame[ID_COLUMN].to_numpy(np.int64)
    filler = [_NONE] * (len(frame) - len(kept))
    parents = [_NONE if each.parent is None else keys.get(each.parent, _NONE) for each in kept]
    states = [DUPLICATE if index in better else LEFT_OUT_STATE for index in dropped]
    winners = [ids[rows[_last(better, index)]] for index in dropped]
    table = geopandas.GeoDataFrame(
        {
            ID_COLUMN: np.concatenate([ids[kept_rows], ids[dropped_rows], ids[~good]]),
            STATE_COLUMN: [
                *([KEPT_STATE] * len(kept)),
                *states,
                *([UNUSABLE_STATE] * int((~good).sum())),
            ],
            KEPT_COLUMN: [
                *ids[kept_rows].tolist(),
                *winners,
                *ids[~good].tolist(),
            ],
            KEY_COLUMN: [*range(1, len(kept) + 1), *filler],
            PARENT_COLUMN: [*parents, *filler],
            LEVEL_COLUMN: [*(each.level for each in kept), *filler],
            SQUARE_METERS_COLUMN: [
                *(meter.area(each.geometry) for each in kept),
                *([0.0] * len(filler)),
            ],
        },
        geometry=[*(each.geometry for each in kept), *([None] * len(filler))],
        crs=crs_of(request.objects.crs),
    )
    write_result(table, request.output)
    return MergeObjectsResult(
        object_count=len(kept),
        joined_count=0,
        duplicate_count=len(better),
        replaced_count=0,
        cut_count=0,
        outside_count=0,
        unusable_count=int((~good).sum()),
    )


def _ranks(frame: geopandas.GeoDataFrame, rows: NDArray[np.intp]) -> list[Rank]:
    edges = frame[EDGE_COLUMN].to_numpy(np.int64)[rows].tolist()
    scales = frame[SCALE_COLUMN].to_numpy(np.int64)[rows].tolist()
    scores = frame[SCORE_COLUMN].to_numpy(np.float64)[rows].tolist()
    return [
        (bool(edge), scale, -score)
        for edge, scale, score in zip(edges, scales, scores, strict=True)
    ]


def _last(better: dict[int, int], index: int) -> int:
    """Return the object that is kept in place of one; itself if there is none."""
    while index in better:
        index = better[index]
    return index


def write_result(table: geopandas.GeoDataFrame, path: str) -> None:
    """Write what became of the objects as a GeoPackage.

    Raises:
        OutputError: it cannot be written.
    """
    try:
        # The version that the GDAL of every QGIS knows.
        table.to_file(
            path,
            driver="GPKG",
            geometry_type="MultiPolygon",
            SPATIAL_INDEX="NO",
            VERSION="1.2",
        )
    except (OSError, RuntimeError) as error:
        raise OutputError(
            "{} cannot be written ({}). Make room on its disk.", path, error
        ) from error
