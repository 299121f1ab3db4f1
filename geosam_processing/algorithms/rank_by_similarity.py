"""``geosam:rankbysimilarity``."""

import functools
import os
import tempfile
from collections.abc import Iterator
from typing import Any, Optional

from qgis.core import (
    QgsProcessing,
    QgsProcessingContext,
    QgsProcessingFeatureSource,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterField,
    QgsProcessingParameterRasterLayer,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QVariant

from .. import contract
from ..qgis_tools.crs import crs_to_text
from ..qgis_tools.feedback import listener_of
from ..qgis_tools.inputs import Inputs
from ..translation import tr
from .base import GeoSamAlgorithm
from .layers.columns import numbers_fit
from .layers.inputs import placed_source, raster_of_layer
from .layers.polygon_files import features_of, write_polygons
from .layers.sinks import Sink, own_fields
from .layers.styles import LayerStyle, segment_renderer
from .parameters.common import advanced, choice, number, optional_folder, with_help

# A field of the output and its type.
FIELDS = (
    (contract.SIMILARITY_COLUMN, QVariant.Double),
    (contract.RANK_COLUMN, QVariant.Int),
    (contract.NEAREST_COLUMN, QVariant.LongLong),
)
RANKS_TOLD = 10


class RankBySimilarity(GeoSamAlgorithm):
    """Candidates in the order of their similarity to examples."""

    NAME = "rankbysimilarity"
    TITLE = "Rank by similarity"
    GROUP = "Objects"
    HELP = (
        "Orders objects by their similarity to examples, such as more ponds like these three. "
        "Candidates usually come from Segment everything. Examples are polygons of any layer, "
        "also on another raster or date.\n\n"
        "Color and contrast distinguish objects best on real imagery; features of the model and "
        "shape can help within a scene. Roads, fields and other varied objects are ranked "
        "badly.\n\n"
        "A ranking is not a classification: a few examples do not show how many of the first "
        "objects are right. The log reports the rank of each example by the others."
    )
    TAGS = (
        "sam",
        "sam2",
        "sam3",
        "similar",
        "examples",
        "exemplars",
        "search",
        "retrieval",
        "rank",
    )

    INPUT = "INPUT"
    EXAMPLES = "EXAMPLES"
    LABEL_FIELD = "LABEL_FIELD"
    RASTER = "RASTER"
    DESCRIPTOR = "DESCRIPTOR"
    TOP = "TOP"
    MIN_SIMILARITY = "MIN_SIMILARITY"
    FEATURES = "FEATURES"
    EXAMPLES_RASTER = "EXAMPLES_RASTER"
    EXAMPLES_FEATURES = "EXAMPLES_FEATURES"
    OUTPUT = "OUTPUT"
    RANKED_COUNT = "RANKED_COUNT"
    SKIPPED_COUNT = "SKIPPED_COUNT"

    def initAlgorithm(self, configuration: Optional[dict[str, Any]] = None) -> None:
        for parameter in (*self._inputs(), *map(advanced, self._advanced_inputs())):
            self.addParameter(parameter)
        polygons = QgsProcessing.SourceType.TypeVectorPolygon
        self.addParameter(
            with_help(
                QgsProcessingParameterFeatureSink(self.OUTPUT, tr("Ranked objects"), polygons),
                "The candidates, the most similar first, with similarity (0 to 1), rank and the id "
                "of the nearest example.",
            )
        )
        self.addOutput(QgsProcessingOutputNumber(self.RANKED_COUNT, tr("Number of ranked objects")))
        self.addOutput(
            QgsProcessingOutputNumber(self.SKIPPED_COUNT, tr("Objects without description"))
        )

    def _inputs(self) -> Iterator[QgsProcessingParameterDefinition]:
        polygons = [QgsProcessing.SourceType.TypeVectorPolygon]
        yield with_help(
            QgsProcessingParameterFeatureSource(self.INPUT, tr("Candidates"), polygons),
            "The objects to rank, in any CRS.",
        )
        yield with_help(
            QgsProcessingParameterFeatureSource(self.EXAMPLES, tr("Examples"), polygons),
            "Polygons of what to look for, three or more; in any CRS. They may be candidates, too.",
        )
        yield with_help(
            QgsProcessingParameterField(
                self.LABEL_FIELD,
                tr("Label field"),
                parentLayerParameterName=self.EXAMPLES,
                type=QgsProcessingParameterField.DataType.Numeric,
                optional=True,
            ),
            "1 for an example to look for, 0 for one to keep away from. If not set, all examples "
            "are to look for.",
        )
        yield with_help(
            QgsProcessingParameterRasterLayer(self.RASTER, tr("Raster"), optional=True),
            "The raster that the candidates were seen in. Needed for colors.",
        )
        yield choice(
            self.DESCRIPTOR,
            "Compare by",
            f"One of {', '.join(contract.DESCRIPTORS)}. color and contrast: mean, spread and "
            "contrast of the bands; features: what the model's encoder says; shape: size and form.",
            contract.DESCRIPTORS,
            contract.DESCRIPTORS[0],
        )
        yield number(
            self.TOP,
            "Objects to keep",
            "The number of most similar objects to write. If not set, all are written.",
            None,
            1,
            whole=True,
        )
        yield number(
            self.MIN_SIMILARITY,
            "Minimum similarity (0 to 1)",
            "Less similar objects are left out. Similarities of different runs cannot be compared.",
            0,
            0,
            1,
        )

    def _advanced_inputs(self) -> Iterator[QgsProcessingParameterDefinition]:
        yield optional_folder(
            self.FEATURES,
            "Feature folder",
            "The feature folder of the raster. Needed for features.",
        )
        yield with_help(
            QgsProcessingParameterRasterLayer(
                self.EXAMPLES_RASTER, tr("Raster of the examples"), optional=True
            ),
            "The raster that the examples were seen in, if it is another one or another date.",
        )
        yield optional_folder(
            self.EXAMPLES_FEATURES,
            "Features of the examples",
            "The feature folder of the examples' raster, of the same model.",
        )

    def resolve(self, inputs: Inputs) -> None:
        self._candidates = placed_source(inputs, self.INPUT)
        self._examples = placed_source(inputs, self.EXAMPLES)
        self._label_field = inputs.text(self.LABEL_FIELD)
        scene = self._scene(inputs, self.RASTER, self.FEATURES)
        other = self._scene(inputs, self.EXAMPLES_RASTER, self.EXAMPLES_FEATURES)
        self._request: dict[str, Any] = {
            "descriptor": inputs.choice(self.DESCRIPTOR),
            "scene": scene,
            # What is not another one is the same.
            "examples_scene": contract.Scene(
                other.raster or scene.raster, other.features or scene.features
            ),
            "labeled": bool(self._label_field),
        }
        nowhere = contract.PolygonFile("-", "-")
        contract.RankRequest(nowhere, nowhere, "-", **self._request)

    def _scene(self, inputs: Inputs, raster_key: str, folder_key: str) -> contract.Scene:
        raster = None
        if inputs.is_given(raster_key):
            layer = inputs.raster(raster_key)
            raster = raster_of_layer(layer, raster_key, (), None)
        folder = inputs.file(folder_key)
        return contract.Scene(raster, os.path.abspath(folder) if folder else "")

    def work(
        self, inputs: Inputs, feedback: QgsProcessingFeedback, results: dict[str, Any]
    ) -> None:
        with tempfile.TemporaryDirectory(prefix="geosam_rank_") as folder:
            candidates = self._file(
                self._candidates, folder, "candidates", [], inputs.context, feedback
            )
            label = self._label_field
            columns = [(contract.LABEL_COLUMN, label, QVariant.Int)] if label else []
            examples = self._file(
                self._examples, folder, "examples", columns, inputs.context, feedback
            )
            output = os.path.join(folder, "ranking.gpkg")
            result = self.engine().call(
                contract.RANK,
                contract.RankRequest(candidates, examples, output, **self._request),
                listener_of(feedback),
                feedback.isCanceled,
            )
            self._write(output, inputs, results)
        results[self.RANKED_COUNT] = result.ranked_count
        results[self.SKIPPED_COUNT] = result.skipped_count
        self._report(result, feedback)

    def _file(
        self,
        source: QgsProcessingFeatureSource,
        folder: str,
        name: str,
        columns: list[tuple[str, str, Any]],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> contract.PolygonFile:
        path = os.path.join(folder, f"{name}.gpkg")
        write_polygons(path, source, columns, context, feedback)
        return contract.PolygonFile(path, crs_to_text(source.sourceCrs()))

    def _write(self, path: str, inputs: Inputs, results: dict[str, Any]) -> None:
        top = inputs.optional_number(self.TOP)
        least = inputs.number(self.MIN_SIMILARITY)
        table = QgsVectorLayer(path, "", "ogr")
        names = [name for name, _ in FIELDS]
        found = {
            int(row[contract.ID_COLUMN]): [row[name] for name in names]
            for row in table.getFeatures()
            if row[contract.RANK_COLUMN]
        }
        # Windows keeps the file of an open layer.
        del table
        kept = [
            (own, feature)
            for feature in features_of(self._candidates)
            for own in [found.get(feature.id())]
            if own is not None and own[0] >= least and (top is None or own[1] <= top)
        ]
        sink = Sink(
            inputs,
            self.OUTPUT,
            own_fields(self._candidates.fields(), FIELDS),
            self._candidates.wkbType(),
            self._candidates.sourceCrs(),
            functools.partial(numbers_fit, [self._candidates]),
        )
        for own, feature in sorted(kept, key=lambda each: int(each[0][1])):
            sink.write(feature.geometry(), [*feature.attributes(), *own])
        sink.close()
        results[self.OUTPUT] = sink.destination
        LayerStyle.attach(segment_renderer, sink.destination, inputs, self.OUTPUT)

    def _report(self, result: contract.RankResult, feedback: QgsProcessingFeedback) -> None:
        if result.example_ranks:
            ranks = sorted(result.example_ranks)
            listed = ", ".join(map(str, ranks[:RANKS_TOLD])) + (
                ", ..." if len(ranks) > RANKS_TOLD else ""
            )
            feedback.pushInfo(
                tr(
                    "Each example left out in turn ranks, by the others, at {} among {} candidates"
                ).format(listed, result.ranked_count)
            )
        if result.skipped_count:
            feedback.pushWarning(
                tr(
                    "Objects without a rank, as they lie outside the raster or have no data there: "
                    "{}"
                ).format(result.skipped_count)
            )
