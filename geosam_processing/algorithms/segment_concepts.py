"""``geosam:segmentconcepts``."""

import os
from typing import Any, Optional

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFields,
    QgsProcessing,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterField,
    QgsProcessingParameterFile,
    QgsProcessingParameterFolderDestination,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterString,
    QgsProcessingUtils,
    QgsWkbTypes,
)

from .. import contract
from ..contract.fields import CONCEPT_COUNT_FIELDS, CONCEPT_FIELDS
from ..qgis_tools.feedback import listener_of
from ..qgis_tools.inputs import Inputs
from ..translation import tr
from .base import GeoSamAlgorithm
from .layers.concept_examples import ExampleReader, concepts_of, phrases_in
from .layers.feature_folders import place_of_features
from .layers.found_objects import found_objects
from .layers.search_area import search_area_of, search_area_parameters
from .layers.sinks import optional_sink, own_fields
from .parameters.common import (
    advanced,
    checkpoint_of,
    checkpoint_parameter,
    cuda_parameter,
    device_of,
    device_parameter,
    flag,
    number,
    with_help,
)
from .parameters.prompts import (
    MIN_AREA,
    MIN_SCORE,
    OBJECT_COUNT,
    OUTPUT,
    contrast_parameter,
    found_shape_of,
    shape_parameters,
)
from .parameters.raster import bands_parameter
from .parameters.raster_input import RasterInput, raster_input_parameters


class SegmentConcepts(GeoSamAlgorithm):
    """Objects that words and examples describe."""

    NAME = "segmentconcepts"
    TITLE = "Segment by words and examples"
    GROUP = "Segmentation"
    HELP = (
        "Finds all objects that a few English words name, or that look like examples, with SAM3. "
        "Several phrases are found in one run, and each becomes the class of its objects. Words "
        "with examples work best on aerial images, words alone are the weakest.\n\n"
        "Examples are used on the patches that contain them. Objects that are found there become "
        "examples on the overlapping patches, and so on. A table counts the objects of "
        "each phrase, also of those that found nothing."
    )
    TAGS = (
        "segment anything",
        "sam3",
        "text prompt",
        "open vocabulary",
        "grounding",
        "exemplar",
        "similar objects",
        "polygons",
        "deep learning",
    )

    FEATURES = "FEATURES"
    INPUT = "INPUT"
    ENCODED = "ENCODED"
    TEXT = "TEXT"
    EXAMPLES = "EXAMPLES"
    CLASS_FIELD = "CLASS_FIELD"
    LABEL_FIELD = "LABEL_FIELD"
    SPREAD = "SPREAD"
    COUNTS = "COUNTS"
    PATCH_COUNT = "PATCH_COUNT"
    NOT_FOUND = "NOT_FOUND"
    SATURATED = "SATURATED"

    def initAlgorithm(self, configuration: Optional[dict[str, Any]] = None) -> None:
        kinds = QgsProcessing.SourceType
        fields = QgsProcessingParameterField
        for parameter in (
            with_help(
                QgsProcessingParameterFile(
                    self.FEATURES,
                    tr("Features"),
                    QgsProcessingParameterFile.Behavior.Folder,
                    optional=True,
                ),
                "The folder that Encode raster made with the model sam3. Give this or a raster.",
            ),
            with_help(
                QgsProcessingParameterRasterLayer(
                    self.INPUT, tr("Raster or tile layer"), optional=True
                ),
                "A raster that was not encoded. It is encoded first, with patches that overlap by "
                "half, which takes most of the time. Of a tile layer the extent or the area to "
                "search is encoded.",
            ),
            with_help(
                QgsProcessingParameterString(self.TEXT, tr("Words"), multiLine=True, optional=True),
                "One phrase, or several separated by semicolons or lines: roof; swimming pool. Use "
                "short English noun phrases. Give this, examples, or both.",
            ),
            with_help(
                QgsProcessingParameterFeatureSource(
                    self.EXAMPLES,
                    tr("Examples"),
                    [kinds.TypeVectorPolygon, kinds.TypeVectorPoint],
                    optional=True,
                ),
                "Polygons around objects, or points in them, whose object is segmented first. "
                "A few typical ones are enough.",
            ),
            with_help(
                fields(
                    self.CLASS_FIELD,
                    tr("Class of the examples"),
                    parentLayerParameterName=self.EXAMPLES,
                    optional=True,
                ),
                "The field with the phrase or the class name of each example. Required if there "
                "are several phrases.",
            ),
            with_help(
                fields(
                    self.LABEL_FIELD,
                    tr("Label of the examples"),
                    parentLayerParameterName=self.EXAMPLES,
                    optional=True,
                ),
                "The field that holds 1 for examples and 0 for counterexamples, which objects must "
                "not be like. If not set, all are examples.",
            ),
            number(
                MIN_SCORE,
                "Minimum score (0 to 1)",
                "Objects with a lower score are left out. Lower it if a phrase finds too little; "
                "the table of counts has the best score of each.",
                contract.DEFAULT_CONCEPT_SCORE,
                0,
                1,
            ),
            contrast_parameter(),
            *search_area_parameters(),
            number(
                MIN_AREA,
                "Minimum area (square meters)",
                "Smaller objects are left out. 0 keeps objects of all sizes.",
                0,
                0,
            ),
            *shape_parameters(),
            device_parameter(),
            advanced(
                flag(
                    self.SPREAD,
                    "Pass examples on",
                    "If unchecked, examples count only in the patches that show them.",
                    True,
                )
            ),
            advanced(bands_parameter(self.INPUT)),
            *map(advanced, raster_input_parameters()),
            advanced(cuda_parameter()),
            advanced(checkpoint_parameter()),
            advanced(
                with_help(
                    QgsProcessingParameterFolderDestination(
                        self.ENCODED,
                        tr("Features of the raster"),
                        optional=True,
                        createByDefault=False,
                    ),
                    "Where to keep the features of a raster, so that the next phrases need no "
                    "encoding. If not set, they are removed with QGIS's temporary files.",
                )
            ),
            with_help(
                QgsProcessingParameterFeatureSink(OUTPUT, tr("Objects"), kinds.TypeVectorPolygon),
                "The objects with their class, in the CRS of the features.",
            ),
            with_help(
                QgsProcessingParameterFeatureSink(
                    self.COUNTS, tr("Counts"), kinds.TypeVector, optional=True
                ),
                "A row for each phrase: its objects, their area, the best score of any patch, "
                "and the patches that were searched.",
            ),
        ):
            self.addParameter(parameter)
        for output in (
            QgsProcessingOutputNumber(OBJECT_COUNT, tr("Number of objects")),
            QgsProcessingOutputNumber(self.PATCH_COUNT, tr("Number of patches")),
            QgsProcessingOutputString(self.NOT_FOUND, tr("Phrases without objects")),
            QgsProcessingOutputString(self.SATURATED, tr("Patches at the limit")),
        ):
            self.addOutput(output)

    def resolve(self, inputs: Inputs) -> None:
        self._phrases = phrases_in(inputs.text(self.TEXT))
        has_examples = inputs.is_given(self.EXAMPLES)
        if not self._phrases and not has_examples:
            raise QgsProcessingException(
                tr("There is nothing to search for. Give TEXT, such as roof, or EXAMPLES")
            )
        has_raster = inputs.one_of(self.FEATURES, self.INPUT) == self.INPUT
        self._layer = RasterInput(inputs, self.INPUT) if has_raster else None
        self._settings: dict[str, Any] = {
            "minimum_score": inputs.number(MIN_SCORE),
            "minimum_area": inputs.number(MIN_AREA),
            "spread": inputs.flag(self.SPREAD),
            "masks": found_shape_of(inputs),
            "device": device_of(inputs),
        }

    def work(
        self, inputs: Inputs, feedback: QgsProcessingFeedback, results: dict[str, Any]
    ) -> None:
        model = checkpoint_of(inputs)
        folder = self._folder(inputs, model or contract.Model("sam3"), feedback)
        crs, _ = place_of_features(self.engine(), folder, feedback)
        examples = self._examples(inputs, crs)
        request = contract.ConceptsRequest(
            folder,
            concepts_of(self._phrases, examples),
            tuple(examples),
            model=model,
            area=search_area_of(inputs, crs),
            **self._settings,
        )
        with found_objects(inputs, crs, CONCEPT_FIELDS, results) as write:
            result = self.engine().call(
                contract.SEGMENT_CONCEPTS,
                request,
                listener_of(feedback, write),
                feedback.isCanceled,
            )
        results[self.PATCH_COUNT] = result.patch_count
        empty = [count.concept for count in result.counts if not count.object_count]
        results[self.NOT_FOUND] = "; ".join(empty)
        results[self.SATURATED] = ", ".join(result.saturated)
        self._write_counts(result, inputs, results)

    def _folder(
        self, inputs: Inputs, model: contract.Model, feedback: QgsProcessingFeedback
    ) -> str:
        """The folder of the features, of which those of a raster are made first."""
        if self._layer is None:
            return os.path.abspath(inputs.file(self.FEATURES))
        folder = inputs.text(self.ENCODED)
        folder = folder or QgsProcessingUtils.generateTempFilename("features")
        feedback.pushInfo(tr("Encoding the raster into {} ...").format(folder))
        folder = os.path.abspath(folder)
        request = contract.EncodeRequest(
            raster=self._layer.raster(folder, feedback),
            model=model,
            output=folder,
            layer_name=self._layer.name,
            device=self._settings["device"],
            target_crs=self._layer.target_crs,
            target_resolution=self._layer.target_resolution,
            value_range=self._layer.value_range,
        )
        result = self.engine().call(
            contract.ENCODE, request, listener_of(feedback), feedback.isCanceled
        )
        return str(result.output)

    def _examples(
        self, inputs: Inputs, crs: QgsCoordinateReferenceSystem
    ) -> list[contract.ConceptExample]:
        if not inputs.is_given(self.EXAMPLES):
            return []
        source = inputs.source(self.EXAMPLES)
        reader = ExampleReader(
            source,
            self.EXAMPLES,
            inputs.text(self.CLASS_FIELD),
            inputs.text(self.LABEL_FIELD),
        )
        return reader.read(self._phrases, crs, inputs.context)

    def _write_counts(
        self, result: contract.ConceptsResult, inputs: Inputs, results: dict[str, Any]
    ) -> None:
        fields = own_fields(QgsFields(), [(name, kind) for name, kind, _ in CONCEPT_COUNT_FIELDS])
        table, nowhere = QgsWkbTypes.Type.NoGeometry, QgsCoordinateReferenceSystem()
        sink = optional_sink(inputs, self.COUNTS, fields, table, nowhere)
        if sink is None:
            return
        for count in result.counts:
            sink.write(
                None, [getattr(count, attribute) for _, _, attribute in CONCEPT_COUNT_FIELDS]
            )
        sink.close()
        results[self.COUNTS] = sink.destination
