"""Features of prompt layers into the objects to ask the engine for."""

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Optional

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCoordinateTransformContext,
    QgsCsException,
    QgsFeature,
    QgsFeatureRequest,
    QgsGeometry,
    QgsPointXY,
    QgsProcessingException,
    QgsProcessingFeatureSource,
    QgsRectangle,
    QgsWkbTypes,
)

from ... import contract
from ...qgis_tools.crs import bounds
from ...translation import tr
from .columns import is_null
from .inputs import require_place

PROMPTS = "PROMPTS"
BOXES = "BOXES"
LABEL_FIELD = "LABEL_FIELD"
OBJECT_FIELD = "OBJECT_FIELD"

NO_GEOMETRY = "The prompt has no geometry: draw it, or delete the row"
NOT_TRANSFORMED = "The prompt cannot be transformed from {} to the CRS of the features, {}"
FLAT_BOX = "The bounding box has no area: a box needs a width and a height"
INVALID_LABEL = "Invalid label ({}): use 1 for foreground and 0 for background"


# Numbers with zeros before them, such as 007, are names.
_WHOLE_NUMBER = re.compile(r"(-?(?:0|[1-9]\d*))(?:\.0+)?")
_ROUND = 360.0  # degrees


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
        extent: Optional[QgsRectangle] = None,
    ) -> None:
        """``extent`` of what is segmented: in degrees, prompts are moved there by full circles."""
        require_place(source, key)
        self._source = source
        self._label = _field_index(source, key, "LABEL_FIELD", label_field)
        self._object = _field_index(source, key, "OBJECT_FIELD", object_field)
        self._transform = QgsCoordinateTransform(source.sourceCrs(), target, transforms)
        if not self._transform.isValid():
            raise QgsProcessingException(
                tr(
                    "{} ({}) is in a CRS ({}) from which nothing can be transformed to that of the "
                    "features ({}). Give a layer in a CRS of places on the Earth"
                ).format(key, source.sourceName(), _title(source.sourceCrs()), _title(target))
            )
        self._extent = extent if extent is not None and target.isGeographic() else None
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
        self._move(prompt)
        if not all(map(math.isfinite, [*_flat(prompt.points), *(prompt.box or ())])):
            prompt.problem = self._failed
        elif prompt.box and (prompt.box[0] >= prompt.box[2] or prompt.box[1] >= prompt.box[3]):
            prompt.problem = tr(FLAT_BOX)
        elif prompt.points and self._label >= 0:
            value = feature.attribute(self._label)
            label = _label(value)
            if label is None:
                shown = "NULL" if is_null(value) else value
                prompt.problem = tr(INVALID_LABEL).format(shown)
            else:
                prompt.label = label
        if prompt.problem:
            prompt.points, prompt.box = (), None
        return prompt

    def _move(self, prompt: PromptFeature) -> None:
        """Move a prompt by a full circle, if that places it on the features and it is not yet."""
        places = list(prompt.points)
        if prompt.box is not None:
            places += [prompt.box[:2], prompt.box[2:]]
        if self._extent is None or not places:
            return
        west, east = self._extent.xMinimum(), self._extent.xMaximum()
        left, right = min(x for x, _ in places), max(x for x, _ in places)
        if not (math.isfinite(left) and math.isfinite(right)) or (left <= east and right >= west):
            return
        for shift in (_ROUND, -_ROUND):
            if left + shift <= east and right + shift >= west:
                prompt.points = tuple((x + shift, y) for x, y in prompt.points)
                if prompt.box is not None:
                    x_minimum, y_minimum, x_maximum, y_maximum = prompt.box
                    prompt.box = (x_minimum + shift, y_minimum, x_maximum + shift, y_maximum)
                return

    def _points(self, geometry: QgsGeometry) -> Iterator[tuple[float, float]]:
        for vertex in geometry.vertices():
            point = self._transform.transform(QgsPointXY(vertex))
            yield point.x(), point.y()


def extent_of(features: Iterable[PromptFeature]) -> Optional[QgsRectangle]:
    """What is around all points and boxes; None if there are none."""
    x_minimum = y_minimum = math.inf
    x_maximum = y_maximum = -math.inf
    for feature in features:
        corners = () if feature.box is None else (feature.box[:2], feature.box[2:])
        for x, y in (*feature.points, *corners):
            x_minimum, x_maximum = min(x_minimum, x), max(x_maximum, x)
            y_minimum, y_maximum = min(y_minimum, y), max(y_maximum, y)
    if x_minimum > x_maximum:
        return None
    return QgsRectangle(x_minimum, y_minimum, x_maximum, y_maximum)


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


def _object_id(value: Any) -> Optional[str]:
    """One text for 1, 1.0, "1" and "1.0", so that the fields of two layers may differ in type.

    None for what names no object: NULL, an empty text, or a number that is none.
    """
    if is_null(value):
        return None
    if isinstance(value, float):
        if not math.isfinite(value):
            return None
        value = int(value) if value.is_integer() else value
    text = str(value).strip()
    whole = _WHOLE_NUMBER.fullmatch(text)
    return (whole[1] if whole else text) or None


def _label(value: Any) -> Optional[int]:
    """0 or 1, or None for anything else."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return int(number) if number in (0, 1) else None


def _title(crs: QgsCoordinateReferenceSystem) -> str:
    return str(crs.authid() or crs.description() or crs.toWkt()[:60])


def _flat(points: Iterable[tuple[float, float]]) -> Iterator[float]:
    for point in points:
        yield from point
