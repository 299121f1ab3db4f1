"""Features of prompt layers into the objects to ask the engine for."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Optional

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCoordinateTransformContext,
    QgsCsException,
    QgsFeature,
    QgsFeatureRequest,
    QgsField,
    QgsGeometry,
    QgsPointXY,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeatureSource,
    QgsRectangle,
    QgsSpatialIndex,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import QVariant

from ... import contract
from ...qgis_tools.crs import bounds
from ...qgis_tools.inputs import is_nothing
from ...translation import tr
from .inputs import require_place

PROMPTS = "PROMPTS"
BOXES = "BOXES"
LABEL_FIELD = "LABEL_FIELD"
OBJECT_FIELD = "OBJECT_FIELD"

NO_GEOMETRY = "The prompt has no geometry: draw it, or delete the row"
NOT_TRANSFORMED = "The prompt cannot be transformed from {} to the CRS of the features, {}"
FLAT_BOX = "The bounding box has no area: a box needs a width and a height"
INVALID_LABEL = "Invalid label ({}): use 1 for foreground and 0 for background"


@dataclass
class PromptFeature:
    """One feature of a prompt layer.

    ``attributes`` and ``geometry`` are as they go into the sinks; ``points`` and ``box`` are in
    the CRS of the features. One with a ``problem`` has neither.
    """

    attributes: list[Any]
    geometry: QgsGeometry
    object_id: Optional[str] = None
    points: tuple[tuple[float, float], ...] = ()
    label: int = 1
    box: Optional[contract.Bounds] = None
    problem: str = ""


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


class PromptReader:
    """Reads the features of one prompt layer.

    Raises:
        QgsProcessingException: the layer has no CRS, no geometry, or lacks a field.
    """

    def __init__(
        self,
        source: QgsProcessingFeatureSource,
        key: str,
        target: QgsCoordinateReferenceSystem,
        transforms: QgsCoordinateTransformContext,
        label_field: str = "",
        object_field: str = "",
    ) -> None:
        require_place(source, key)
        self._source = source
        self._label = _field_index(source, key, "LABEL_FIELD", label_field)
        self._object = _field_index(source, key, "OBJECT_FIELD", object_field)
        self._transform = QgsCoordinateTransform(source.sourceCrs(), target, transforms)
        self._failed = tr(NOT_TRANSFORMED).format(source.sourceCrs().authid(), target.authid())

    def __iter__(self) -> Iterator[PromptFeature]:
        # A ring that crosses itself still has a bounding box.
        flag = QgsProcessingFeatureSource.Flag.FlagSkipGeometryValidityChecks
        for feature in self._source.getFeatures(QgsFeatureRequest(), flag):
            yield self._read(feature)

    def _read(self, feature: QgsFeature) -> PromptFeature:
        geometry = feature.geometry()
        prompt = PromptFeature(feature.attributes(), geometry)
        if self._object >= 0:
            prompt.object_id = _object_id(feature.attribute(self._object))
        if geometry.isNull() or geometry.isEmpty():
            prompt.problem = tr(NO_GEOMETRY)
            return prompt
        try:
            if geometry.type() == QgsWkbTypes.GeometryType.PointGeometry:
                prompt.points = tuple(self._points(geometry))
            else:
                prompt.box = bounds(self._transform.transformBoundingBox(geometry.boundingBox()))
        except QgsCsException:
            prompt.problem = self._failed
            return prompt
        if not all(map(math.isfinite, [*_flat(prompt.points), *(prompt.box or ())])):
            prompt.problem = self._failed
        elif prompt.box and (prompt.box[0] >= prompt.box[2] or prompt.box[1] >= prompt.box[3]):
            prompt.problem = tr(FLAT_BOX)
        elif prompt.points and self._label >= 0:
            value = feature.attribute(self._label)
            label = _label(value)
            if label is None:
                shown = "NULL" if _is_null(value) else value
                prompt.problem = tr(INVALID_LABEL).format(shown)
            else:
                prompt.label = label
        if prompt.problem:
            prompt.points, prompt.box = (), None
        return prompt

    def _points(self, geometry: QgsGeometry) -> Iterator[tuple[float, float]]:
        for vertex in geometry.vertices():
            point = self._transform.transform(QgsPointXY(vertex))
            yield point.x(), point.y()


def extent_of(features: Iterable[PromptFeature]) -> Optional[QgsRectangle]:
    """What is around all points and boxes; None if there are none."""
    places: list[tuple[float, ...]] = []
    for feature in features:
        places += feature.points
        if feature.box is not None:
            places += [feature.box[:2], feature.box[2:]]
    if not places:
        return None
    xs, ys = zip(*places)
    return QgsRectangle(min(xs), min(ys), max(xs), max(ys))


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


def _converted(kind: QgsField, value: Any) -> Any:
    if _is_null(value):
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


def _field_index(source: QgsProcessingFeatureSource, layer: str, key: str, name: str) -> int:
    """The index of a field, -1 for no name."""
    if not name:
        return -1
    index = int(source.fields().lookupField(name))
    if index < 0:
        raise QgsProcessingException(
            tr("Invalid {} ({}): the fields of {} are {}").format(
                key, name, layer, ", ".join(source.fields().names())
            )
        )
    return index


def _is_null(value: Any) -> bool:
    return value is None or (isinstance(value, QVariant) and value.isNull())


def _object_id(value: Any) -> Optional[str]:
    """One text for 1, 1.0 and "1", so that the fields of two layers may differ in type."""
    if _is_null(value):
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value)


def _label(value: Any) -> Optional[int]:
    """0 or 1, or None for anything else."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return int(number) if number in (0, 1) else None


def _flat(points: Iterable[tuple[float, float]]) -> Iterator[float]:
    for point in points:
        yield from point


class PromptLayers:
    """The prompts of an algorithm's layers, in the CRS of what is segmented.

    Attributes:
        source: the layer of prompts, whose fields and geometries the answers take.
        sources: that and the layer of boxes, if there is one.
        features: those of all layers.
        objects: what to ask for.

    Raises:
        QgsProcessingException: a layer cannot be read, or is of the wrong kind.
    """

    def __init__(
        self,
        algorithm: QgsProcessingAlgorithm,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        crs: QgsCoordinateReferenceSystem,
    ) -> None:
        self._algorithm, self._parameters, self._context = algorithm, parameters, context
        self._crs = crs
        self._object_field = str(algorithm.parameterAsString(parameters, OBJECT_FIELD, context))
        label_field = algorithm.parameterAsString(parameters, LABEL_FIELD, context)
        self.source = self._source(PROMPTS)
        self.sources = [self.source]
        prompts = self._read(self.source, PROMPTS, label_field)
        boxes: list[PromptFeature] = []
        if not is_nothing(parameters.get(BOXES)):
            boxes = self._boxes()
        self.features = [*prompts, *boxes]
        self.objects: list[PromptObject] = (
            group_by_id(self.features) if self._object_field else group_by_box(prompts, boxes)
        )

    @property
    def centre(self) -> Optional[QgsPointXY]:
        """The middle of all prompts, in the CRS of what is segmented; None if there is none."""
        extent = extent_of(self.features)
        return None if extent is None else extent.center()

    def _source(self, key: str) -> QgsProcessingFeatureSource:
        source = self._algorithm.parameterAsSource(self._parameters, key, self._context)
        if source is None:
            raise QgsProcessingException(self._algorithm.invalidSourceError(self._parameters, key))
        return source

    def _read(
        self, source: QgsProcessingFeatureSource, key: str, label_field: str
    ) -> list[PromptFeature]:
        transforms = self._context.transformContext()
        return list(
            PromptReader(source, key, self._crs, transforms, label_field, self._object_field)
        )

    def _boxes(self) -> list[PromptFeature]:
        source = self._source(BOXES)
        self.sources.append(source)
        if QgsWkbTypes.geometryType(source.wkbType()) == QgsWkbTypes.GeometryType.PointGeometry:
            raise QgsProcessingException(
                tr("BOXES ({}) is a layer of points: give one of polygons or lines").format(
                    source.sourceName()
                )
            )
        boxes = self._read(source, BOXES, "")
        return as_in_layer(boxes, source, self.source, self._context.transformContext())
