"""The objects that the features of prompt layers make up."""

import itertools
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Callable, Optional

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
    QgsProcessingFeedback,
    QgsRectangle,
    QgsWkbTypes,
)

from ... import contract
from ...contract.errors import EngineCancelled
from ...qgis_tools.feedback import TEXT_INTERVAL
from ...qgis_tools.inputs import Inputs
from ...translation import tr
from .columns import is_null
from .prompt_groups import BoxIndex, PromptGroups
from .prompts import (
    BOXES,
    LABEL_FIELD,
    OBJECT_FIELD,
    PROMPTS,
    PromptFeature,
    PromptReader,
    extent_of,
)

# Features that are in memory at a time: some 50 MB. Each batch may read all chips again.
BATCH = 20_000
# Features between two looks at the clock.
_LOOK = 200


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


def group_by_id(features: Iterable[PromptFeature]) -> Iterator[PromptObject]:
    """Objects of the features that share an id; one without an id is a separate object."""
    return _grouped((feature, feature.object_id) for feature in features)


def group_by_box(
    features: Iterable[PromptFeature],
    bounds_of_boxes: Iterable[Optional[contract.Bounds]],
    boxes: Iterable[PromptFeature],
) -> Iterator[PromptObject]:
    """Objects of a box and the points that lie in it; a single one is a separate object.

    A feature's points go together. In several boxes, they go with the smallest.
    """
    index = BoxIndex(bounds_of_boxes)
    places = ((feature, index.smallest_around(feature.points)) for feature in features)
    yield from _grouped(
        itertools.chain(
            ((feature, None if place is None else str(place)) for feature, place in places),
            ((box, str(place)) for place, box in enumerate(boxes)),
        )
    )


def _grouped(
    features: Iterable[tuple[PromptFeature, Optional[str]]],
) -> Iterator[PromptObject]:
    with PromptGroups() as groups:
        for feature, group in features:
            groups.add(feature, group)
        yield from map(PromptObject, groups.objects())


def as_in_layer(
    features: Iterable[PromptFeature],
    source: QgsProcessingFeatureSource,
    layer: QgsProcessingFeatureSource,
    transforms: QgsCoordinateTransformContext,
) -> Iterator[PromptFeature]:
    """``features`` of ``source`` with attributes and geometries as features of ``layer`` have.

    Attributes go by their names. What is no point becomes its center in a layer of points.
    """
    transform = QgsCoordinateTransform(source.sourceCrs(), layer.sourceCrs(), transforms)
    kind = QgsWkbTypes.geometryType(layer.wkbType())
    multiple = QgsWkbTypes.isMultiType(layer.wkbType())
    columns = [source.fields().lookupField(name) for name in layer.fields().names()]
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
        yield feature


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

    def batches(self, feedback: QgsProcessingFeedback) -> Iterator[list[PromptObject]]:
        """All objects, so many at a time that their number does not matter to the memory.

        What is grouped is read to the end first: an object's features may stand anywhere in the
        layers.

        Raises:
            EngineCancelled: ``feedback`` asked to stop.
        """
        # Without an id, boxes are read twice.
        twice = 0 if self._object_field else sum(s.featureCount() for s in self.sources[1:])
        count = _counter(feedback, self.count + max(twice, 0))
        prompts = count(self._prompts)
        if self._object_field:
            objects = group_by_id(itertools.chain(prompts, count(self._adapted_boxes())))
        elif self._boxes is not None:
            bounds = (each.box for each in count(self._boxes))
            objects = group_by_box(prompts, bounds, count(self._adapted_boxes()))
        else:
            objects = (PromptObject([feature]) for feature in prompts)
        yield from _in_batches(objects)

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

    def _adapted_boxes(self) -> Iterable[PromptFeature]:
        if self._boxes is None:
            return ()
        return as_in_layer(self._boxes, self.sources[1], self.source, self._transforms)


def _converted(kind: QgsField, value: Any) -> Any:
    if is_null(value):
        return None
    try:
        return kind.convertCompatible(value)
    except ValueError:
        return None


def _in_batches(objects: Iterable[PromptObject]) -> Iterator[list[PromptObject]]:
    """Lists of objects that have ``BATCH`` features or a few more, the last one fewer."""
    batch, features = list[PromptObject](), 0
    for each in objects:
        batch.append(each)
        features += len(each.features)
        if features >= BATCH:
            yield batch
            batch, features = [], 0
    if batch:
        yield batch


def _counter(
    feedback: QgsProcessingFeedback, total: int
) -> Callable[[Iterable[PromptFeature]], Iterator[PromptFeature]]:
    """A function that shows how many features were taken from what it is given.

    Raises:
        EngineCancelled: ``feedback`` asked to stop.
    """
    numbers = itertools.count(1)
    shown = time.monotonic()

    def count(features: Iterable[PromptFeature]) -> Iterator[PromptFeature]:
        nonlocal shown
        for feature in features:
            yield feature
            number = next(numbers)
            if number % _LOOK:
                continue
            if feedback.isCanceled():
                raise EngineCancelled("The run was cancelled while prompts were read")
            if time.monotonic() - shown >= TEXT_INTERVAL:
                shown = time.monotonic()
                feedback.setProgressText(tr("Reading the prompts: {} of {}").format(number, total))

    return count
