"""The figures of a comparison as numbers among the outputs, and as a table."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from qgis.core import (
    QgsFields,
    QgsProcessingOutputNumber,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import QVariant

from ... import contract
from ...qgis_tools.crs import crs_from_text
from ...qgis_tools.inputs import Inputs
from ...translation import tr
from .sinks import closing, optional_sink, own_fields

TABLE = "TABLE"


@dataclass(frozen=True)
class Figure:
    """An attribute of ``contract.Measures``, its field in the table, and its output.

    Without a ``key`` it is in the table only.
    """

    measure: str
    field: str
    key: str = ""
    label: str = ""


FIGURES = (
    Figure("object_count", "objects", "OBJECT_COUNT", "Number of objects"),
    Figure("reference_count", "references", "REFERENCE_COUNT", "Number of references"),
    Figure("matched_count", "matched", "MATCHED_COUNT", "Number of matches"),
    Figure("precision", "precision", "PRECISION", "Precision (0 to 1)"),
    Figure("recall", "recall", "RECALL", "Recall (0 to 1)"),
    Figure("f1", "f1", "F1", "F1 (0 to 1)"),
    Figure("mean_iou", "mean_iou", "MEAN_IOU", "Mean IoU of the matches (0 to 1)"),
    Figure("ap50", "ap50", "AP50", "Average precision at an IoU of 0.5 (0 to 1)"),
    Figure("ap", "ap", "AP", "Average precision, mean of IoU 0.5 to 0.95 (0 to 1)"),
    Figure("panoptic_quality", "panoptic_quality", "PANOPTIC_QUALITY", "Panoptic quality (0 to 1)"),
    Figure("boundary_f1", "boundary_f1", "BOUNDARY_F1", "Boundary F1 (0 to 1)"),
    Figure(
        "boundary_mean", "boundary_mean_m", "BOUNDARY_DISTANCE", "Mean boundary distance (meters)"
    ),
    Figure(
        "boundary_95",
        "boundary_95_m",
        "BOUNDARY_DISTANCE_95",
        "95th percentile of the boundary distance (meters)",
    ),
    Figure("shift_east", "shift_east_m", "SHIFT_EAST", "Mean shift to the east (meters)"),
    Figure("shift_north", "shift_north_m", "SHIFT_NORTH", "Mean shift to the north (meters)"),
    Figure(
        "oversegmentation", "oversegmentation", "OVERSEGMENTATION", "Over-segmentation (0 to 1)"
    ),
    Figure(
        "undersegmentation", "undersegmentation", "UNDERSEGMENTATION", "Under-segmentation (0 to 1)"
    ),
    Figure(
        "split_count", "split", "SPLIT_COUNT", "Number of references split into several objects"
    ),
    Figure(
        "merged_count", "merged", "MERGED_COUNT", "Number of objects that merge several references"
    ),
    Figure("object_area", "object_area_m2"),
    Figure("reference_area", "reference_area_m2"),
    Figure("area_bias", "area_bias_percent", "AREA_BIAS", "Area bias (percent)"),
    Figure(
        "area_bias_low",
        "area_bias_low",
        "AREA_BIAS_LOW",
        "Area bias, lower end of its 95 % interval (percent)",
    ),
    Figure(
        "area_bias_high",
        "area_bias_high",
        "AREA_BIAS_HIGH",
        "Area bias, upper end of its 95 % interval (percent)",
    ),
)
# An output and the attribute of ``contract.AssessResult`` that it shows.
COUNTS = (
    ("REPAIRED_COUNT", "repaired_count", "Number of invalid geometries that were repaired"),
    ("UNUSABLE_COUNT", "unusable_count", "Number of features without an area"),
    ("OUTSIDE_COUNT", "outside_count", "Number of polygons outside the assessed area"),
)


def figure_outputs() -> Iterator[QgsProcessingOutputNumber]:
    """Yield the definitions of the numbers among the outputs."""
    for figure in FIGURES:
        if figure.key:
            yield QgsProcessingOutputNumber(figure.key, tr(figure.label))
    for key, _, label in COUNTS:
        yield QgsProcessingOutputNumber(key, tr(label))


def figures_of(result: contract.AssessResult) -> dict[str, Any]:
    """Return the numbers among the outputs; None for one without a meaning."""
    total = result.measures[0]
    figures = {each.key: getattr(total, each.measure) for each in FIGURES if each.key}
    return {**figures, **{key: getattr(result, name) for key, name, _ in COUNTS}}


def write_table(
    inputs: Inputs, measures: tuple[contract.Measures, ...], results: dict[str, Any]
) -> None:
    """Write a row for all polygons, each class and each size, if the table is wanted."""
    fields = [("kind", QVariant.String), ("name", QVariant.String)]
    fields += [
        (each.field, QVariant.Int if each.measure.endswith("_count") else QVariant.Double)
        for each in FIGURES
    ]
    sink = optional_sink(
        inputs,
        TABLE,
        own_fields(QgsFields(), fields),
        QgsWkbTypes.Type.NoGeometry,
        crs_from_text("EPSG:4326"),
    )
    if sink is None:
        return
    with closing((sink,), lambda: results.update({TABLE: sink.destination})):
        for row in measures:
            figures = (getattr(row, each.measure) for each in FIGURES)
            sink.write(None, [row.kind, row.name, *figures])
