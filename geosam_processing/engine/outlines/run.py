"""Clean the outlines of a layer in a file, and write them to another one."""

from __future__ import annotations

import geopandas
import numpy as np
import pandas as pd
import shapely

from geosam_processing.contract import (
    AREA_CHANGE_COLUMN,
    GROUP_COLUMN,
    ID_COLUMN,
    IOU_COLUMN,
    METHOD_COLUMN,
    MOVED_COLUMN,
    SIMPLIFIED,
    UNCHANGED,
    CleanOutlinesRequest,
    CleanOutlinesResult,
    ProgressEvent,
)
from geosam_processing.engine.errors import OutputError
from geosam_processing.engine.outlines.job import Outlines, clean_outlines
from geosam_processing.engine.outlines.rings import Indices
from geosam_processing.engine.polygon_files import crs_of, read_polygons
from geosam_processing.engine.run import SILENT, RunContext

_WHOLE = 1000  # of the progress


def clean_outlines_of_file(
    request: CleanOutlinesRequest, context: RunContext = SILENT
) -> CleanOutlinesResult:
    """Clean the outlines of a request.

    Raises:
        Cancelled: the caller asked to stop.
        LayerFileError: the objects cannot be read.
        OutputError: the file cannot be written.
    """

    def show(share: float) -> None:
        context.require_not_cancelled()
        context.progress(ProgressEvent(round(share * _WHOLE), _WHOLE, ""))

    show(0.0)
    frame = read_polygons(request.objects.path)
    groups = groups_of(frame[GROUP_COLUMN]) if request.grouped else None
    geometries = np.asarray(frame.geometry.array, dtype=object)
    crs = crs_of(request.objects.crs)
    outlines = clean_outlines(geometries, crs, request.options, groups, show)
    _write(outlines, frame, request)
    return _result(outlines)


def groups_of(values: pd.Series) -> Indices:
    """[N] numbers of groups from 0; each object without a group gets a separate one."""
    groups, names = pd.factorize(values)
    (alone,) = np.nonzero(groups < 0)
    groups[alone] = len(names) + np.arange(len(alone))
    return np.asarray(groups, dtype=np.intp)


def _write(
    outlines: Outlines, frame: geopandas.GeoDataFrame, request: CleanOutlinesRequest
) -> None:
    columns = {
        ID_COLUMN: frame[ID_COLUMN],
        MOVED_COLUMN: outlines.moved,
        AREA_CHANGE_COLUMN: outlines.area_change,
        IOU_COLUMN: outlines.iou,
        METHOD_COLUMN: outlines.methods.astype(str),
    }
    table = geopandas.GeoDataFrame(columns, geometry=outlines.geometries, crs=frame.crs)
    try:
        # The version that the GDAL of every QGIS knows.
        table.to_file(
            request.output,
            driver="GPKG",
            geometry_type="MultiPolygon",
            SPATIAL_INDEX="NO",
            VERSION="1.2",
        )
    except (OSError, RuntimeError) as error:
        raise OutputError(
            "{} cannot be written ({}). Make room on its disk.", request.output, error
        ) from error


def _result(outlines: Outlines) -> CleanOutlinesResult:
    usable = ~shapely.is_missing(outlines.geometries)
    simplified = int((outlines.methods == SIMPLIFIED).sum())
    unchanged = int((usable & (outlines.methods == UNCHANGED)).sum())
    return CleanOutlinesResult(
        cleaned_count=int(usable.sum()) - simplified - unchanged,
        simplified_count=simplified,
        unchanged_count=unchanged,
        repaired_count=outlines.repaired,
        unusable_count=int((~usable).sum()),
    )
