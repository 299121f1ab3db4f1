"""``geosam:assessaccuracy``."""

import math
import os
import re
import tempfile
from collections.abc import Iterator
from typing import Any, Optional

from qgis.core import (
    QgsProcessing,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterField,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterString,
)

from .. import contract
from ..qgis_tools.feedback import listener_of
from ..qgis_tools.inputs import Inputs
from ..translation import tr
from .base import GeoSamAlgorithm
from .layers.assessed import AssessedLayers
from .layers.figures import TABLE, figure_outputs, figures_of, write_table
from .layers.inputs import raster_of_layer
from .parameters.common import advanced, number, with_help


class AssessAccuracy(GeoSamAlgorithm):
    """How well objects agree with a reference."""

    NAME = "assessaccuracy"
    TITLE = "Compare with a reference"
    GROUP = "Accuracy"
    HELP = (
        "Compares objects with a reference, such as buildings that were digitized by hand. It "
        "reports the share of correct objects (precision) and of references that were found "
        "(recall). It also reports the fit of outlines and areas, and lists matches, missed "
        "references and false alarms.\n\n"
        "Each object matches at most one reference, by the greatest total IoU (shared area "
        "divided by the area of both together). With class fields, only polygons of the same "
        "class match.\n\n"
        "If the reference is incomplete, set the assessed area. Both layers are cut to it, and "
        "each polygon counts with the share of its area inside."
    )
    TAGS = (
        "sam",
        "sam2",
        "accuracy",
        "validation",
        "ground truth",
        "precision",
        "recall",
        "iou",
        "confusion matrix",
        "quality",
    )

    OBJECTS = "OBJECTS"
    REFERENCE = "REFERENCE"
    IOU = "IOU"
    SCORE_FIELD = "SCORE_FIELD"
    CLASS_FIELD = "CLASS_FIELD"
    REFERENCE_CLASS_FIELD = "REFERENCE_CLASS_FIELD"
    AREA = "AREA"
    RASTER = "RASTER"
    BOUNDARY_TOLERANCE = "BOUNDARY_TOLERANCE"
    SIZE_LIMITS = "SIZE_LIMITS"
    PAGE = "PAGE"

    def initAlgorithm(self, configuration: Optional[dict[str, Any]] = None) -> None:
        for parameter in (
            *self._inputs(),
            *map(advanced, self._advanced_inputs()),
            *self._destinations(),
        ):
            self.addParameter(parameter)
        for output in figure_outputs():
            self.addOutput(output)

    def _inputs(self) -> Iterator[QgsProcessingParameterDefinition]:
        polygons = [QgsProcessing.SourceType.TypeVectorPolygon]
        yield with_help(
            QgsProcessingParameterFeatureSource(self.OBJECTS, tr("Objects"), polygons),
            "The polygons to assess, such as those of Segment from prompts.",
        )
        yield with_help(
            QgsProcessingParameterFeatureSource(self.REFERENCE, tr("Reference"), polygons),
            "The true polygons, in any CRS. Those without an object count as missed.",
        )
        yield number(
            self.IOU,
            "Minimum IoU (0 to 1)",
            "An object matches a reference if their shared area is at least this share of the area "
            "of both together.",
            0.5,
            0.01,
            1,
        )
        yield self._field(
            self.SCORE_FIELD,
            "Score field",
            self.OBJECTS,
            "Confidence of the objects, for average precision and the precision-recall curve. If "
            "not set, these are left out.",
            QgsProcessingParameterField.DataType.Numeric,
        )
        yield self._field(
            self.CLASS_FIELD,
            "Object class field",
            self.OBJECTS,
            "Only polygons of the same class match, and each class has its own figures. Needs the "
            "class field of the reference as well.",
        )
        yield self._field(
            self.REFERENCE_CLASS_FIELD,
            "Reference class field",
            self.REFERENCE,
            "The true class, with the same values as the class field of the objects.",
        )
        yield with_help(
            QgsProcessingParameterFeatureSource(
                self.AREA, tr("Assessed area"), polygons, optional=True
            ),
            "Polygons in which the reference is complete. Both layers are cut to them, and a "
            "polygon counts with the share of its area that lies inside; if not set, all counts.",
        )
        yield with_help(
            QgsProcessingParameterRasterLayer(self.RASTER, tr("Raster"), optional=True),
            "Shown under the outlines of the worst cases on the page. If not set, these are drawn "
            "without a background.",
        )

    def _field(
        self,
        key: str,
        label: str,
        parent: str,
        help_text: str,
        kind: Any = QgsProcessingParameterField.DataType.Any,
    ) -> QgsProcessingParameterDefinition:
        field = QgsProcessingParameterField(
            key, tr(label), parentLayerParameterName=parent, type=kind, optional=True
        )
        return with_help(field, help_text)

    def _advanced_inputs(self) -> Iterator[QgsProcessingParameterDefinition]:
        yield number(
            self.BOUNDARY_TOLERANCE,
            "Boundary tolerance (meters)",
            "How far outlines may be apart for boundary F1. If not set, a twentieth of the side of "
            "the median reference.",
            None,
            0,
        )
        yield with_help(
            QgsProcessingParameterString(
                self.SIZE_LIMITS, tr("Size limits (square meters)"), optional=True
            ),
            "Areas between the size classes, separated by commas, such as 50,200. If not set, "
            "three classes with equally many references.",
        )

    def _destinations(self) -> Iterator[QgsProcessingParameterDefinition]:
        polygons = QgsProcessing.SourceType.TypeVectorPolygon
        for key, label, kind, by_default, help_text in (
            (
                TABLE,
                "Figures",
                QgsProcessing.SourceType.TypeVector,
                True,
                "A table with all figures: a row for all polygons, one for each class and one for "
                "each size.",
            ),
            (
                AssessedLayers.MATCHES,
                "Matches",
                polygons,
                True,
                "The objects that match a reference, with the reference's id, the IoU, the "
                "distance of the outlines and the shift.",
            ),
            (
                AssessedLayers.MISSED,
                "Missed references",
                polygons,
                True,
                "The references without a match, with the object that fits best and its IoU.",
            ),
            (
                AssessedLayers.FALSE_ALARMS,
                "False alarms",
                polygons,
                True,
                "The objects without a match, with the reference that fits best and its IoU.",
            ),
            (
                AssessedLayers.SPLITS,
                "Splits and merges",
                polygons,
                False,
                "References that are split into several objects, and objects that merge several "
                "references, with the ids of the pieces.",
            ),
        ):
            sink = QgsProcessingParameterFeatureSink(
                key, tr(label), kind, optional=True, createByDefault=by_default
            )
            yield with_help(sink, help_text)
        page = QgsProcessingParameterFileDestination(
            self.PAGE, tr("Page"), tr("HTML files (*.html)"), optional=True
        )
        yield with_help(
            page,
            "All figures, a precision-recall curve, a histogram of IoU, a confusion matrix of the "
            "classes, and pictures of the worst cases.",
        )

    def resolve(self, inputs: Inputs) -> None:
        self._layers = AssessedLayers(inputs)
        raster = inputs.raster(self.RASTER) if inputs.is_given(self.RASTER) else None
        self._raster = None if raster is None else raster_of_layer(raster, self.RASTER, [], None)
        self._options = contract.AssessmentOptions(
            iou=inputs.number(self.IOU),
            boundary_tolerance=inputs.optional_number(self.BOUNDARY_TOLERANCE),
            size_limits=self._size_limits(inputs),
        )

    def _size_limits(self, inputs: Inputs) -> tuple[float, ...]:
        text = inputs.text(self.SIZE_LIMITS)
        try:
            limits = tuple(float(part) for part in re.split(r"[;,\s]+", text) if part)
        except ValueError:
            limits = (math.nan,)
        if not all(map(math.isfinite, limits)):
            raise QgsProcessingException(
                tr("Invalid {} ({}). Give areas separated by commas, such as 50,200.").format(
                    self.SIZE_LIMITS, text
                )
            )
        return limits

    def work(
        self, inputs: Inputs, feedback: QgsProcessingFeedback, results: dict[str, Any]
    ) -> None:
        page = inputs.output_file(self.PAGE)
        page = os.path.abspath(page) if page else ""
        with tempfile.TemporaryDirectory(prefix="geosam_assess_") as folder:
            objects, reference, area = self._layers.write_inputs(folder, feedback)
            result = self.engine().call(
                contract.ASSESS,
                contract.AssessRequest(
                    objects=objects,
                    reference=reference,
                    output=folder,
                    area=area,
                    options=self._options,
                    page=page,
                    raster=self._raster,
                ),
                listener_of(feedback),
                feedback.isCanceled,
            )
            self._layers.write_outputs(result, results)
        write_table(inputs, result.measures, results)
        if page:
            results[self.PAGE] = page
        results.update(figures_of(result))
        total = result.measures[0]
        feedback.pushInfo(
            tr("{} of {} objects match one of {} references").format(
                total.matched_count, total.object_count, total.reference_count
            )
        )
