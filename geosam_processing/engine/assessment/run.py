"""Compare layers in files, and write what was found as tables and a page."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from geosam_processing.contract import (
    CLASS_COLUMN,
    ID_COLUMN,
    SCORE_COLUMN,
    AssessRequest,
    AssessResult,
    PolygonFile,
    ProgressEvent,
)
from geosam_processing.contract.files import write_whole
from geosam_processing.engine.assessment.assess import Assessment, assess
from geosam_processing.engine.assessment.layer import PolygonLayer
from geosam_processing.engine.assessment.page import page
from geosam_processing.engine.errors import OutputError
from geosam_processing.engine.polygon_files import crs_of, read_polygons
from geosam_processing.engine.raster.view import RasterView, open_source
from geosam_processing.engine.run import SILENT, RunContext


def assess_files(
    request: AssessRequest,
    context: RunContext = SILENT,
) -> AssessResult:
    """Compare the layers of a request.

    Raises:
        Cancelled: the caller asked to stop.
        OutputError: a file cannot be written.
        RasterError: the raster cannot be read.
        AssessmentError: the layers cannot be compared.
    """

    def show(done: int, total: int, text: str) -> None:
        context.require_not_cancelled()
        context.progress(ProgressEvent(done, total, text))

    # The raster first, so that one that cannot be opened is reported at once.
    with _view(request) as view:
        objects, reference = _layer(request.objects), _layer(request.reference)
        area = None if request.area is None else _layer(request.area)
        assessment = assess(objects, reference, area, request.options, show)
        for note in assessment.notes():
            context.say(note, "warning")
        if request.page:
            write_file(Path(request.page), page(assessment, request.options.iou, view))
    return _result(assessment, Path(request.output))


def _layer(file: PolygonFile) -> PolygonLayer:
    frame = read_polygons(file.path)
    crs = crs_of(file.crs)
    frame = frame.set_index(ID_COLUMN).set_crs(crs, allow_override=True)
    return PolygonLayer.from_frame(
        frame,
        SCORE_COLUMN if file.has_scores else "",
        CLASS_COLUMN if file.has_classes else "",
    )


@contextlib.contextmanager
def _view(request: AssessRequest) -> Iterator[RasterView | None]:
    if request.raster is None or not request.page:
        yield None
        return
    with open_source(request.raster) as view:
        yield view


def _result(assessment: Assessment, folder: Path) -> AssessResult:
    found = assessment.comparison
    tables = {
        "matches": assessment.matches,
        "missed": assessment.missed,
        "false_alarms": assessment.false_alarms,
        "splits": _with_listed_pieces(assessment.splits),
    }
    paths = {name: str(folder / f"{name}.csv") for name in tables}
    for name, table in tables.items():
        write_file(Path(paths[name]), table.to_csv(index=False))
    return AssessResult(
        measures=assessment.measures,
        boundary_tolerance=assessment.boundary_tolerance,
        repaired_count=found.objects.repaired + found.references.repaired,
        unusable_count=len(found.objects.unusable_ids) + len(found.references.unusable_ids),
        outside_count=found.objects.outside + found.references.outside,
        **paths,
    )


def _with_listed_pieces(splits: pd.DataFrame) -> pd.DataFrame:
    """Return the splits with the ids of their pieces as text, separated by blanks."""
    listed = [" ".join(map(str, pieces)) for pieces in splits["piece_ids"]]
    return splits.assign(piece_ids=listed)


def write_file(path: Path, text: str) -> None:
    """Write a table or page; its folder is made.

    Raises:
        OutputError: it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, text)
    except OSError as error:
        raise OutputError(
            "{} cannot be written ({}). Choose another file, or make room on the disk of {}.",
            path,
            error.strerror or error,
            os.path.dirname(path) or ".",
        ) from error
