"""``geosam:cleanoutlines``."""

import functools
import os
import tempfile
from collections.abc import Iterator
from typing import Any, Optional

from qgis.core import (
    QgsProcessing,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterField,
    QgsProcessingParameterRasterLayer,
    QgsVectorLayer,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import QVariant

from .. import contract
from ..contract.fields import OUTLINE_FIELDS
from ..contract.outlines import DEFAULT_TOLERANCE_PIXELS, RESOLUTION_COLUMN
from ..qgis_tools.crs import crs_to_text
from ..qgis_tools.feedback import listener_of
from ..qgis_tools.inputs import Inputs
from ..translation import tr
from .base import GeoSamAlgorithm
from .layers.columns import numbers_fit
from .layers.inputs import pixel_size, placed_source
from .layers.polygon_files import features_of, write_polygons
from .layers.sinks import Sink, own_fields
from .layers.styles import LayerStyle, segment_renderer
from .parameters.common import advanced, choice, number, with_help

COUNTS = (
    ("CLEANED_COUNT", "cleaned_count", "Number of objects with clean outlines"),
    ("SIMPLIFIED_COUNT", "simplified_count", "Number of objects that were only simplified"),
    ("UNCHANGED_COUNT", "unchanged_count", "Number of objects that are unchanged"),
    ("REPAIRED_COUNT", "repaired_count", "Number of invalid geometries that were repaired"),
    ("UNUSABLE_COUNT", "unusable_count", "Number of features without an area"),
)


class CleanOutlines(GeoSamAlgorithm):
    """Outlines as people draw them."""

    NAME = "cleanoutlines"
    TITLE = "Clean outlines"
    GROUP = "Objects"
    HELP = (
        "Redraws outlines as people draw them: buildings with straight walls and right angles, "
        "fields with shared straight borders, ponds and tree crowns with smooth shores. It takes "
        "any polygon layer.\n\n"
        "The tolerance is a hard limit: no point of an outline moves farther. An object that "
        "cannot be redrawn within the limits is simplified or stays unchanged, and its field "
        "method states it.\n\n"
        "A good tolerance is two to three pixels of the source raster. The fields moved_m, "
        "area_change (percent) and iou_before describe the change of each object."
    )
    TAGS = (
        "sam",
        "sam2",
        "regularize",
        "orthogonalize",
        "square",
        "right angles",
        "buildings",
        "footprints",
        "smooth",
        "simplify",
        "polygons",
        "topology",
        "gaps",
    )

    INPUT = "INPUT"
    FOR = "FOR"
    TOLERANCE = "TOLERANCE"
    RASTER = "RASTER"
    MAX_AREA_CHANGE = "MAX_AREA_CHANGE"
    GAPS = "GAPS"
    GROUP_FIELD = "GROUP_FIELD"
    OUTPUT = "OUTPUT"

    def initAlgorithm(self, configuration: Optional[dict[str, Any]] = None) -> None:
        for parameter in (*self._inputs(), *map(advanced, self._advanced_inputs())):
            self.addParameter(parameter)
        polygons = QgsProcessing.SourceType.TypeVectorPolygon
        sink = QgsProcessingParameterFeatureSink(self.OUTPUT, tr("Clean outlines"), polygons)
        help_text = (
            "All objects in their order, with the fields of the input and the description of "
            "each change."
        )
        self.addParameter(with_help(sink, help_text))
        for key, _, label in COUNTS:
            self.addOutput(QgsProcessingOutputNumber(key, tr(label)))

    def _inputs(self) -> Iterator[QgsProcessingParameterDefinition]:
        polygons = [QgsProcessing.SourceType.TypeVectorPolygon]
        yield with_help(
            QgsProcessingParameterFeatureSource(self.INPUT, tr("Polygons"), polygons),
            "The objects, in any CRS. Invalid geometries are repaired.",
        )
        yield choice(
            self.FOR,
            "Objects",
            f"One of {', '.join(contract.OUTLINE_KINDS)}. buildings: straight walls, right angles, "
            "45 degrees and circles where they fit better; fields: straight borders, shared by "
            "neighbors; curves: smooth, with the same area; as they are: only fewer vertices.",
            contract.OUTLINE_KINDS,
            contract.OUTLINE_KINDS[0],
        )
        yield number(
            self.TOLERANCE,
            "Tolerance (meters)",
            "How far an outline may move, on the ground. If not set, "
            f"{DEFAULT_TOLERANCE_PIXELS:g} pixels of the raster or of the field "
            f"{RESOLUTION_COLUMN}, or {contract.DEFAULT_TOLERANCE:g} m without.",
            None,
            0,
        )
        yield with_help(
            QgsProcessingParameterRasterLayer(self.RASTER, tr("Raster"), optional=True),
            "The raster that the objects were seen in. Its pixel size sets the tolerance where "
            "none is given.",
        )

    def _advanced_inputs(self) -> Iterator[QgsProcessingParameterDefinition]:
        yield number(
            self.MAX_AREA_CHANGE,
            "Largest area change (percent)",
            "By how much an area may grow or shrink.",
            10,
            0,
            contract.MOST_AREA_CHANGE,
        )
        yield number(
            self.GAPS,
            "Close gaps up to (meters)",
            "Narrower gaps between fields are shared out among them; at most the tolerance. If not "
            "set, the tolerance.",
            None,
            0,
        )
        field = QgsProcessingParameterField(
            self.GROUP_FIELD, tr("Group field"), parentLayerParameterName=self.INPUT, optional=True
        )
        yield with_help(
            field,
            "Objects with the same value are neighbors: buildings that share directions, or fields "
            "that share borders. If not set, all objects that are near each other are.",
        )

    def resolve(self, inputs: Inputs) -> None:
        self._source = placed_source(inputs, self.INPUT)
        self._group_field = inputs.text(self.GROUP_FIELD)
        tolerance = self._tolerance(inputs)
        gap = inputs.optional_number(self.GAPS)
        self._options = contract.OutlineOptions(
            kind=inputs.choice(self.FOR),
            tolerance=tolerance,
            area_change=inputs.number(self.MAX_AREA_CHANGE),
            gap=tolerance if gap is None else gap,
        )

    def _tolerance(self, inputs: Inputs) -> float:
        tolerance = inputs.optional_number(self.TOLERANCE)
        if tolerance is not None:
            return tolerance
        if not inputs.is_given(self.RASTER):
            field = self._source.fields().lookupField(RESOLUTION_COLUMN)
            finest = None if field < 0 else self._source.minimumValue(field)
            if isinstance(finest, float) and finest > 0:
                return DEFAULT_TOLERANCE_PIXELS * finest
            return contract.DEFAULT_TOLERANCE
        raster = inputs.raster(self.RASTER)
        return DEFAULT_TOLERANCE_PIXELS * pixel_size(
            raster, self.RASTER, inputs.context.transformContext()
        )

    def work(
        self, inputs: Inputs, feedback: QgsProcessingFeedback, results: dict[str, Any]
    ) -> None:
        feedback.pushInfo(tr("Tolerance: {:.3g} m").format(self._options.tolerance))
        with tempfile.TemporaryDirectory(prefix="geosam_outlines_") as folder:
            path = os.path.join(folder, "objects.gpkg")
            field = self._group_field
            columns = [(contract.GROUP_COLUMN, field, QVariant.String)] if field else []
            write_polygons(path, self._source, columns, inputs.context, feedback)
            output = os.path.join(folder, "clean.gpkg")
            result = self.engine().call(
                contract.CLEAN_OUTLINES,
                contract.CleanOutlinesRequest(
                    objects=contract.PolygonFile(path, crs_to_text(self._source.sourceCrs())),
                    output=output,
                    options=self._options,
                    grouped=bool(field),
                ),
                listener_of(feedback),
                feedback.isCanceled,
            )
            self._write(output, inputs, results)
        results.update({key: getattr(result, name) for key, name, _ in COUNTS})
        self._report(result, feedback)

    def _write(self, path: str, inputs: Inputs, results: dict[str, Any]) -> None:
        sink = Sink(
            inputs,
            self.OUTPUT,
            own_fields(self._source.fields(), [(name, kind) for name, kind, _ in OUTLINE_FIELDS]),
            QgsWkbTypes.Type.MultiPolygon,
            self._source.sourceCrs(),
            functools.partial(numbers_fit, [self._source]),
        )
        cleaned = QgsVectorLayer(path, "", "ogr")
        # The engine's rows are in the order of the features.
        for feature, row in zip(features_of(self._source), cleaned.getFeatures()):
            method = row[contract.METHOD_COLUMN]
            own = [
                row[contract.MOVED_COLUMN],
                row[contract.AREA_CHANGE_COLUMN],
                row[contract.IOU_COLUMN],
                method,
                method != contract.UNCHANGED,
            ]
            geometry = row.geometry() if row.hasGeometry() else None
            sink.write(geometry, [*feature.attributes(), *own])
        # Windows keeps the file of an open layer.
        del cleaned
        sink.close()
        results[self.OUTPUT] = sink.destination
        LayerStyle.attach(segment_renderer, sink.destination, inputs, self.OUTPUT)

    def _report(
        self, result: contract.CleanOutlinesResult, feedback: QgsProcessingFeedback
    ) -> None:
        feedback.pushInfo(
            tr("Clean outlines: {}. Only simplified: {}. Unchanged: {}.").format(
                result.cleaned_count, result.simplified_count, result.unchanged_count
            )
        )
        if result.repaired_count:
            feedback.pushWarning(
                tr("Objects with an invalid geometry, which was repaired: {}").format(
                    result.repaired_count
                )
            )
        if result.unusable_count:
            feedback.pushWarning(
                tr("Features without an area, which have no outline: {}").format(
                    result.unusable_count
                )
            )
