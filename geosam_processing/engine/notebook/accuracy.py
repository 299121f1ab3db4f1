"""How well objects agree with a reference."""

from __future__ import annotations

import contextlib
import html
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import geopandas
import pandas as pd

from geosam_processing.contract import AssessmentOptions, ContractError, Measures, ProgressEvent
from geosam_processing.engine.assessment.assess import assess as compare
from geosam_processing.engine.assessment.layer import PolygonLayer
from geosam_processing.engine.assessment.page import page as page_of
from geosam_processing.engine.assessment.run import write_file
from geosam_processing.engine.notebook.arguments import (
    Layer,
    Source,
    layer_of,
    path_of,
    raster_of,
)
from geosam_processing.engine.notebook.progress import watched
from geosam_processing.engine.raster.view import RasterView, open_source
from geosam_processing.engine.run import RunContext

_SHOWN = ("precision", "recall", "f1", "mean_iou", "boundary_f1", "ap50")


@dataclass(frozen=True)
class Accuracy(Measures):
    """The figures of all polygons, and tables of the details.

    Attributes:
        table: all figures, a row for all polygons, for each class and for each size.
        matches: a row for each pair, with object_id and reference_id, the indices of the layers.
        missed: references without a match.
        false_alarms: objects without a match.
        splits: references in several objects, and objects that merge several references.
    """

    table: pd.DataFrame
    matches: pd.DataFrame
    missed: pd.DataFrame
    false_alarms: pd.DataFrame
    splits: pd.DataFrame

    def __repr__(self) -> str:
        figures = ", ".join(f"{name} {_figure(getattr(self, name))}" for name in _SHOWN)
        return f"<Accuracy: {self.matched_count} of {self.reference_count} matched, {figures}>"

    def _repr_html_(self) -> str:
        cells = "".join(
            f"<tr><th>{html.escape(name)}</th><td>{_figure(getattr(self, name))}</td></tr>"
            for name in _SHOWN
        )
        return (
            f"<div><b>{self.matched_count} of {self.reference_count} references matched, "
            f"{self.object_count} objects</b><table>{cells}</table></div>"
        )


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def assess(
    objects: Layer,
    reference: Layer,
    *,
    iou: float = 0.5,
    score_field: str = "",
    class_field: str = "",
    reference_class_field: str = "",
    area: Layer | None = None,
    raster: Source | None = None,
    boundary_tolerance: float | None = None,
    size_limits: Sequence[float] = (),
    page: Source | None = None,
    context: RunContext | None = None,
) -> Accuracy:
    """Compare objects with a reference, such as objects that were digitized by hand.

    Args:
        objects: polygons in any CRS.
        reference: the true polygons, in any CRS.
        iou: the least intersection over union of a match.
        score_field: column of the objects with scores. If not set, ``score`` if there is one.
        class_field: column of the objects with classes; only equal ones match.
        reference_class_field: the same of the reference.
        area: polygons within which the reference is complete. If not set, everywhere.
        raster: for the pictures on the page.
        boundary_tolerance: how far outlines may be apart in meters.
        size_limits: areas in square meters between the size classes.
        page: an HTML file to write, with all figures and the worst cases.
        context: own callbacks instead of a progress bar and the log.

    Raises:
        ContractError, LayerError: an argument is invalid.
        AssessmentError: the layers cannot be compared.
    """
    options = AssessmentOptions(iou, boundary_tolerance, tuple(size_limits))
    if bool(class_field) != bool(reference_class_field):
        raise ContractError(
            "Only one of the layers has classes: give class_field and reference_class_field"
        )
    frame = _numbered(objects, "objects")
    score = score_field or ("score" if "score" in frame.columns else "")
    with watched("Comparing", context) as run:

        def show(done: int, total: int, text: str) -> None:
            run.require_not_cancelled()
            run.progress(ProgressEvent(done, total, text))

        assessment = compare(
            PolygonLayer.from_frame(frame, score, class_field),
            PolygonLayer.from_frame(_numbered(reference, "reference"), "", reference_class_field),
            None if area is None else PolygonLayer.from_frame(_numbered(area, "area")),
            options,
            show,
        )
        for note in assessment.notes():
            run.say(note, "warning")
        if page is not None:
            with _view(raster) as view:
                write_file(Path(path_of(page)), page_of(assessment, iou, view))
    return Accuracy(
        **vars(assessment.total),
        table=assessment.table,
        matches=assessment.matches,
        missed=assessment.missed,
        false_alarms=assessment.false_alarms,
        splits=assessment.splits,
    )


def _numbered(layer: Layer, name: str) -> geopandas.GeoDataFrame:
    """A layer whose index has unique whole numbers: its own, or else those of the rows."""
    frame = layer_of(layer, None, name)
    own = pd.api.types.is_integer_dtype(frame.index) and frame.index.is_unique
    return frame if own else frame.reset_index(drop=True)


@contextlib.contextmanager
def _view(raster: Source | None) -> Iterator[RasterView | None]:
    if raster is None:
        yield None
        return
    with open_source(raster_of(raster)) as view:
        yield view
