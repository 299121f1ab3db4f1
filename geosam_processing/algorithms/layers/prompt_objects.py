"""The objects that the features of prompt layers make up."""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Optional

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCoordinateTransformContext,
    QgsCsException,
    QgsField,
    QgsGeometry,
    QgsPointXY,
    QgsProcessingException,
    QgsProcessingFeatureSource,
    QgsRectangle,
    QgsSpatialIndex,
    QgsWkbTypes,
)

from ... import contract
from ...qgis_tools.inputs import Inputs
from ...translation import tr
from .columns import is_null
from .prompts import (
    BOXES,
    LABEL_FIELD,
    OBJECT_FIELD,
    PROMPTS,
    PromptFeature,
    PromptReader,
    extent_of,
)

# Objects that are in memory at a time: some 50 MB. Each batch may read all chips again.
BATCH = 20_000


@dataclass
class PromptObject:
    """The features that make one object; the first gives it its attributes."""

    features: list[PromptFeature] = field(default_factory=list)

    def prompt(self, key: int) -> contract.Prompt:
        """What the engine is asked. Several boxes become the one around them all."""
        boxes = [feature.box for feature in self.features if feature.box is not None]
        box = None
        if boxes:
            lowest = (min(box[0] for box in boxes), min(box[1] for box in boxes))
            box = (*lowest, max(box[2] for box in boxes), max(box[3] for box in boxes))
        points = [(point, each.label) for each in self.features for point in each.points]
        return contract.Prompt(
            key, tuple(point for point, _ in points), tuple(label for _, label in points), box
        )

    @property
    def background_only(self) -> bool:
        return not any(each.box or (each.points and each.label) for each in self.features)


def group_by_id(features: Iterable[PromptFeature]) -> list[PromptObject]:
    """Objects of the features that share an id; one without an id is an object by itself."""
    by_id: dict[str, PromptObject] = {}
    objects = []
    for feature in features:
        known = None if feature.object_id is None else by_id.get(feature.object_id)
        if known is None:
            known = PromptObject()
            objects.append(known)
            if feature.object_id is not None:
                by_id[feature.object_id] = known
        known.features.append(feature)
    return objects


def group_by_box(
    features: Iterable[PromptFeature], boxes: Sequence[PromptFeature]
) -> list[PromptObject]:
    """Objects of a box and the points that lie in it; what is alone is one by itself.

    A feature's points go together. In several boxes, they go with the smallest.
    """
    index = QgsSpatialIndex()
    for number, box in enumerate(boxes):
        if box.box is not None:
            index.addFeature(number, QgsRectangle(*box.box))
    objects = []
    of_box: dict[int, PromptObject] = {}
    for feature in features:
        around = _smallest_box_around(feature, boxes, index)
        known = None if around is None else of_box.get(around)
        if known is None:
            known = PromptObject()
            objects.append(known)
            if around is not None:
                of_box[around] = known
        known.features.append(feature)
    for number, box in enumerate(boxes):
        if number in of_box:
            of_box[number].features.append(box)
        else:
            objects.append(PromptObject([box]))
    return objects


def as_in_layer(
    features: Iterable[PromptFeature],
    source: QgsProcessingFeatureSource,
    layer: QgsProcessingFeatureSource,
    transforms: QgsCoordinateTransformContext,
) -> list[PromptFeature]:
    """``features`` of ``source`` with attributes and geometries as features of ``layer`` have.

    Attributes go by their names. What is no point becomes its centre in a layer of points.
    """
    transform = QgsCoordinateTransform(source.sourceCrs(), layer.sourceCrs(), transforms)
    kind = QgsWkbTypes.geometryType(layer.wkbType())
    multiple = QgsWkbTypes.isMultiType(layer.wkbType())
    columns = [source.fields().lookupField(name) for name in layer.fields().names()]
    adapted = []
    for feature in features:
        values = [feature.attributes[column] if column >= 0 else None for column in columns]
        feature.attributes = [
            _converted(layer.fields().at(number), value) for number, value in enumerate(values)
        ]
        geometry = QgsGeometry(feature.geometry)
        if kind == QgsWkbTypes.GeometryType.PointGeometry and not geometry.isNull():
            geometry = QgsGeometry.fromPointXY(geometry.boundingBox().center())
        if not geometry.isNull():
            geometry = geometry.convertToType(kind, multiple)
        try:
            geometry.transform(transform)
        except QgsCsException:
            geometry = QgsGeometry()
        feature.geometry = geometry
        adapted.append(feature)
    return adapted


class PromptLayers:
    """The prompts of an algorithm's layers, in the CRS of what is segmented.

    Attributes:
        source: the layer of prompts, whose fields and geometries the answers take.
        sources: that and the layer of boxes, if there is one.

    Raises:
        QgsProcessingException: a layer cannot be read, or is of the wrong kind.
    """

    def __init__(
        self, inputs: Inputs, crs: QgsCoordinateReferenceSystem, extent: QgsRectangle
    ) -> None:
        """``extent`` of what is segmented, in ``crs``."""
        self._extent = extent
        self._transforms = inputs.context.transformContext()
        self._crs = crs
        self._object_field = inputs.text(OBJECT_FIELD)
        label_field = inputs.text(LABEL_FIELD)
        self.source = inputs.source(PROMPTS)
        self.sources = [self.source]
        self._prompts = self._reader(self.source, PROMPTS, label_field)
        self._boxes: Optional[PromptReader] = None
        if inputs.is_given(BOXES):
            self._boxes = self._reader_of_boxes(inputs.source(BOXES))

    @property
    def count(self) -> int:
        """The features of all layers, in so far as these know."""
        return sum(max(source.featureCount(), 0) for source in self.sources)

    def batches(self) -> Iterator[list[PromptObject]]:
        """All objects, so many at a time that their number does not matter to the memory.

        What is grouped comes at once: an object's features may stand anywhere in the layers.
        """
        if self._boxes is None and not self._object_field:
            features = iter(self._prompts)
            while batch := list(itertools.islice(features, BATCH)):
                yield [PromptObject([feature]) for feature in batch]
            return
        prompts, boxes = list(self._prompts), self._adapted_boxes()
        if self._object_field:
            yield group_by_id([*prompts, *boxes])
        else:
            yield group_by_box(prompts, boxes)

    def centre(self) -> Optional[QgsPointXY]:
        """The middle of all prompts, in the CRS of what is segmented; None if there is none."""
        extent = extent_of(itertools.chain(self._prompts, self._boxes or ()))
        return None if extent is None else extent.center()

    def _reader(
        self, source: QgsProcessingFeatureSource, key: str, label_field: str
    ) -> PromptReader:
        return PromptReader(
            source, key, self._crs, self._transforms, label_field, self._object_field, self._extent
        )

    def _reader_of_boxes(self, source: QgsProcessingFeatureSource) -> PromptReader:
        self.sources.append(source)
        if QgsWkbTypes.geometryType(source.wkbType()) == QgsWkbTypes.GeometryType.PointGeometry:
            raise QgsProcessingException(
                tr("BOXES ({}) is a layer of points: give one of polygons or lines").format(
                    source.sourceName()
                )
            )
        return self._reader(source, BOXES, "")

    def _adapted_boxes(self) -> list[PromptFeature]:
        if self._boxes is None:
            return []
        return as_in_layer(self._boxes, self.sources[1], self.source, self._transforms)


def _converted(kind: QgsField, value: Any) -> Any:
    if is_null(value):
        return None
    try:
        return kind.convertCompatible(value)
    except ValueError:
        return None


def _smallest_box_around(
    feature: PromptFeature, boxes: Sequence[PromptFeature], index: QgsSpatialIndex
) -> Optional[int]:
    if not feature.points:
        return None
    xs, ys = zip(*feature.points)
    around = QgsRectangle(min(xs), min(ys), max(xs), max(ys))
    areas = {}
    for number in index.intersects(around):
        box = boxes[number].box
        if box is not None and QgsRectangle(*box).contains(around):
            areas[number] = (QgsRectangle(*box).area(), number)
    return min(areas, key=areas.__getitem__) if areas else None
