"""``geosam:segmentprompts``."""

import os
from typing import Any, Optional

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsProcessing,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeatureSource,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterField,
    QgsProcessingParameterFile,
    QgsWkbTypes,
)

from .. import contract
from .answers import OBJECT_FIELDS, UNANSWERED_FIELDS, Answers
from .base import GeoSamAlgorithm, Parameters, tr
from .feedback import log_to, progress_to
from .layers import Sink, crs_from_text, optional_sink, own_fields
from .parameters import (
    BATCH_SIZE,
    CHECKPOINT,
    advanced,
    batch_parameter,
    checkpoint_parameter,
    choice,
    cuda_parameter,
    device_of,
    device_parameter,
    flag,
    number,
    with_help,
)
from .prompts import (
    PromptFeature,
    PromptReader,
    as_in_layer,
    group_by_box,
    group_by_id,
    numbers_repeat,
)


class SegmentPrompts(GeoSamAlgorithm):
    """Prompt layers into polygons."""

    NAME = "segmentprompts"
    TITLE = "Segment from prompts"
    GROUP = "Segmentation"
    HELP = (
        "Turns points and boxes into polygons, with the features that Encode raster made. Each "
        "prompt is one object: a point, several points that share an object id, a box, or points "
        "with a box.\n\n"
        "The polygons are in the CRS of the features and carry the attributes of their prompt "
        "(of several: the first), then the model's score, the stability, the area, the numbers of "
        "points, the patch, the model, and whether the polygon touches the edge of its patch. A "
        "prompt without a polygon is listed with the reason."
    )
    TAGS = ("segment anything", "sam", "sam2", "points", "boxes", "polygons", "deep learning")

    FEATURES = "FEATURES"
    PROMPTS = "PROMPTS"
    BOXES = "BOXES"
    LABEL_FIELD = "LABEL_FIELD"
    OBJECT_FIELD = "OBJECT_FIELD"
    MASKS = "MASKS"
    MIN_SCORE = "MIN_SCORE"
    MIN_AREA = "MIN_AREA"
    LARGEST_PART = "LARGEST_PART"
    FILL_HOLES = "FILL_HOLES"
    SIMPLIFY = "SIMPLIFY"
    OUTPUT = "OUTPUT"
    UNANSWERED = "UNANSWERED"
    OBJECT_COUNT = "OBJECT_COUNT"
    UNANSWERED_COUNT = "UNANSWERED_COUNT"

    def initAlgorithm(self, configuration: Optional[dict[str, Any]] = None) -> None:
        self._add_prompt_parameters()
        self._add_mask_parameters()
        self._add_sinks()
        self.addOutput(QgsProcessingOutputNumber(self.OBJECT_COUNT, tr("Number of polygons")))
        self.addOutput(
            QgsProcessingOutputNumber(self.UNANSWERED_COUNT, tr("Number of unanswered prompts"))
        )

    def _add_prompt_parameters(self) -> None:
        kinds = QgsProcessing.SourceType
        folder = QgsProcessingParameterFile(
            self.FEATURES, tr("Features"), QgsProcessingParameterFile.Behavior.Folder
        )
        label_field = QgsProcessingParameterField(
            self.LABEL_FIELD,
            tr("Label field"),
            parentLayerParameterName=self.PROMPTS,
            optional=True,
        )
        object_field = QgsProcessingParameterField(
            self.OBJECT_FIELD,
            tr("Object id field"),
            parentLayerParameterName=self.PROMPTS,
            optional=True,
        )
        for parameter in (
            with_help(
                folder,
                "The folder that Encode raster or Geo-SAM made: the one that holds "
                "manifest.parquet.",
            ),
            with_help(
                QgsProcessingParameterFeatureSource(
                    self.PROMPTS, tr("Prompts"), [kinds.TypeVectorAnyGeometry]
                ),
                "A layer of points, or of polygons or lines, whose bounding boxes are the boxes; "
                "in any CRS. A feature of several points is one object.",
            ),
            with_help(
                QgsProcessingParameterFeatureSource(
                    self.BOXES,
                    tr("Boxes for the points"),
                    [kinds.TypeVectorPolygon, kinds.TypeVectorLine],
                    optional=True,
                ),
                "Bounding boxes to go with the points. With an object id field, which this layer "
                "must then have too, a box goes with the points of its id; without one, with the "
                "points that lie in it. A box without points is an object by itself.",
            ),
            with_help(
                label_field,
                "1 for a point on the object, 0 for one beside it. None: all points are on it.",
            ),
            with_help(
                object_field,
                "Prompts with the same value are one object. None: each feature is one.",
            ),
        ):
            self.addParameter(parameter)

    def _add_mask_parameters(self) -> None:
        for parameter in (
            choice(
                self.MASKS,
                "Masks",
                f"One of {', '.join(contract.MASK_CHOICES)}. auto asks the model for three masks "
                "of a lone point and keeps the one with the best score, and for a single mask of "
                "every other prompt. best, smallest and largest always ask for three and keep that "
                "one; single always asks for one.",
                contract.MASK_CHOICES,
                contract.MASK_CHOICES[0],
            ),
            number(
                self.MIN_SCORE,
                "Minimum score (0 to 1)",
                "Prompts whose mask has a lower score, as the model estimates it, stay unanswered.",
                0,
                0,
                1,
            ),
            number(
                self.MIN_AREA,
                "Minimum area (square metres)",
                "Prompts whose polygon is smaller stay unanswered.",
                0,
                0,
            ),
            flag(
                self.LARGEST_PART,
                "Keep the largest part only",
                "On: of a mask in several pieces only the largest one becomes the polygon.",
                False,
            ),
            number(
                self.FILL_HOLES,
                "Fill holes up to (square metres)",
                "Holes of up to this area are filled. 0: none.",
                0,
                0,
            ),
            number(
                self.SIMPLIFY,
                "Simplify by (pixels)",
                "How far outlines may be moved to have fewer vertices. 0: not at all; they follow "
                "the pixels. Geo-SAM uses 1.5.",
                0,
                0,
            ),
            device_parameter(),
            advanced(cuda_parameter()),
            advanced(batch_parameter("prompts")),
            advanced(checkpoint_parameter()),
        ):
            self.addParameter(parameter)

    def _add_sinks(self) -> None:
        kinds = QgsProcessing.SourceType
        output = QgsProcessingParameterFeatureSink(
            self.OUTPUT, tr("Segments"), kinds.TypeVectorPolygon
        )
        unanswered = QgsProcessingParameterFeatureSink(
            self.UNANSWERED,
            tr("Unanswered prompts"),
            kinds.TypeVectorAnyGeometry,
            optional=True,
            createByDefault=False,
        )
        self.addParameter(with_help(output, "The polygons."))
        self.addParameter(
            with_help(
                unanswered,
                "The prompts that got no polygon, with the reason: outside every patch, empty "
                "geometry, a score below the minimum and so on. A box of the second layer is "
                "listed by its centre where the prompts are points.",
            )
        )

    def resolve(self, parameters: Parameters, context: QgsProcessingContext) -> None:
        self._masks = contract.MaskOptions(
            choice=self.parameterAsEnumString(parameters, self.MASKS, context),
            minimum_score=self.parameterAsDouble(parameters, self.MIN_SCORE, context),
            minimum_area=self.parameterAsDouble(parameters, self.MIN_AREA, context),
            largest_part_only=self.parameterAsBool(parameters, self.LARGEST_PART, context),
            fill_holes_up_to=self.parameterAsDouble(parameters, self.FILL_HOLES, context),
            simplify=self.parameterAsDouble(parameters, self.SIMPLIFY, context),
        )

    def work(
        self,
        parameters: Parameters,
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
        results: dict[str, Any],
    ) -> None:
        folder = self.parameterAsFile(parameters, self.FEATURES, context)
        features = contract.DescribeFeaturesRequest(os.path.abspath(folder) if folder else "")
        description = self.engine().describe_features(features, feedback.isCanceled)
        crs = crs_from_text(description.crs)
        source, prompts, boxes = self._read(parameters, context, crs)
        if self._object_field(parameters, context):
            objects = group_by_id([*prompts, *boxes])
        else:
            objects = group_by_box(prompts, boxes)
        fields, renumber = source.fields(), numbers_repeat(source.fields(), [*prompts, *boxes])
        output = Sink(
            self,
            parameters,
            self.OUTPUT,
            context,
            own_fields(fields, OBJECT_FIELDS),
            QgsWkbTypes.Type.MultiPolygon,
            crs,
            renumber,
        )
        unanswered = optional_sink(
            self,
            parameters,
            self.UNANSWERED,
            context,
            own_fields(fields, UNANSWERED_FIELDS),
            source.wkbType(),
            source.sourceCrs(),
            renumber,
        )
        answers = Answers(objects, output, unanswered)
        try:
            requests = answers.requests()
            if not requests:
                feedback.pushWarning(tr("PROMPTS has no prompt that the model could be asked"))
                return
            self.engine().segment(
                contract.SegmentRequest(
                    features=features.features,
                    prompts=requests,
                    model=self._model(parameters, context),
                    device=device_of(self, parameters, context),
                    batch_size=self.parameterAsInt(parameters, BATCH_SIZE, context),
                    masks=self._masks,
                ),
                answers=answers.write,
                progress=progress_to(feedback),
                log=log_to(feedback),
                cancelled=feedback.isCanceled,
            )
        finally:
            answers.close()
            results[self.OUTPUT] = output.destination
            if unanswered is not None:
                results[self.UNANSWERED] = unanswered.destination
            results[self.OBJECT_COUNT] = output.count
            results[self.UNANSWERED_COUNT] = answers.unanswered_count

    def _read(
        self,
        parameters: Parameters,
        context: QgsProcessingContext,
        crs: QgsCoordinateReferenceSystem,
    ) -> tuple[QgsProcessingFeatureSource, list[PromptFeature], list[PromptFeature]]:
        """The layer of prompts, its features, and those of the boxes."""
        source = self.parameterAsSource(parameters, self.PROMPTS, context)
        if source is None:
            raise QgsProcessingException(self.invalidSourceError(parameters, self.PROMPTS))
        transforms = context.transformContext()
        object_field = self._object_field(parameters, context)
        label_field = self.parameterAsString(parameters, self.LABEL_FIELD, context)
        prompts = list(
            PromptReader(source, self.PROMPTS, crs, transforms, label_field, object_field)
        )
        if parameters.get(self.BOXES) in (None, ""):
            return source, prompts, []
        box_source = self.parameterAsSource(parameters, self.BOXES, context)
        if box_source is None:
            raise QgsProcessingException(self.invalidSourceError(parameters, self.BOXES))
        if QgsWkbTypes.geometryType(box_source.wkbType()) == QgsWkbTypes.GeometryType.PointGeometry:
            raise QgsProcessingException(
                tr("BOXES ({}) is a layer of points: give one of polygons or lines").format(
                    box_source.sourceName()
                )
            )
        boxes = PromptReader(box_source, self.BOXES, crs, transforms, "", object_field)
        return source, prompts, as_in_layer(boxes, box_source, source, transforms)

    def _object_field(self, parameters: Parameters, context: QgsProcessingContext) -> str:
        return str(self.parameterAsString(parameters, self.OBJECT_FIELD, context))

    def _model(
        self, parameters: Parameters, context: QgsProcessingContext
    ) -> Optional[contract.Model]:
        """The checkpoint that the user names, if any; the engine compares it with the features."""
        checkpoint = self.parameterAsFile(parameters, CHECKPOINT, context)
        return contract.Model(checkpoint=checkpoint) if checkpoint else None
