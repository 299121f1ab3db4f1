"""Polygons and tables into sinks."""

from collections.abc import Iterable, Sequence
from typing import Any, Optional

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsFeatureSink,
    QgsField,
    QgsFields,
    QgsGeometry,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingException,
    QgsVectorLayer,
    QgsWkbTypes,
)

from ...qgis_tools.inputs import is_nothing
from ...translation import tr
from .inputs import Parameters

# Formats whose files, if they are whole, have as many features as were written.
_READ_BACK = (".gpkg", ".shp", ".geojson", ".fgb")


class Sink:
    """A sink that writes features one at a time and can be closed.

    Raises:
        QgsProcessingException: it cannot be made or written to.
    """

    def __init__(
        self,
        algorithm: QgsProcessingAlgorithm,
        parameters: Parameters,
        key: str,
        context: QgsProcessingContext,
        fields: QgsFields,
        geometry_type: QgsWkbTypes.Type,
        crs: QgsCoordinateReferenceSystem,
        renumber: bool = False,
    ) -> None:
        """``renumber``: the field ``fid`` may repeat, so the format gives its own numbers."""
        flags = QgsFeatureSink.SinkFlags()
        if renumber:
            flags |= QgsFeatureSink.SinkFlag.RegeneratePrimaryKey
        self._sink, self.destination = algorithm.parameterAsSink(
            parameters, key, context, fields, geometry_type, crs, flags
        )
        if self._sink is None:
            raise QgsProcessingException(algorithm.invalidSinkError(parameters, key))
        self.count = 0
        self._key = key
        self._fields = fields
        self._error = lambda: algorithm.writeFeatureError(self._sink, parameters, key)

    def write(self, geometry: Optional[QgsGeometry], attributes: Iterable[Any]) -> None:
        feature = QgsFeature(self._fields)
        if geometry is not None:
            feature.setGeometry(geometry)
        feature.setAttributes(list(attributes))
        if not self._sink.addFeature(feature, QgsFeatureSink.Flag.FastInsert):
            raise QgsProcessingException(self._error())
        self.count += 1

    def close(self) -> None:
        """Have all that was written in the file; only what is closed is sure to be there.

        Raises:
            QgsProcessingException: the file is not whole, such as on a full disk.
        """
        self._sink = None
        # GDAL meets a full disk when it closes the file, and QGIS does not tell.
        if self.destination.lower().endswith(_READ_BACK):
            layer = QgsVectorLayer(self.destination, "", "ogr")
            if not layer.isValid() or layer.featureCount() != self.count:
                raise QgsProcessingException(
                    tr("{} ({}) could not be written as a whole: make room on its disk").format(
                        self._key, self.destination
                    )
                )


def optional_sink(
    algorithm: QgsProcessingAlgorithm, parameters: Parameters, key: str, *arguments: Any
) -> Optional[Sink]:
    """A sink as ``Sink`` makes it, or None if the user wants none."""
    if is_nothing(parameters.get(key)):
        return None
    return Sink(algorithm, parameters, key, *arguments)


def own_fields(taken: QgsFields, own: Sequence[tuple[str, Any]]) -> QgsFields:
    """``taken`` followed by ``own`` (name and type), which make way: score, score_2, ..."""
    fields = QgsFields(taken)
    for name, kind in own:
        free, number = name, 1
        while fields.lookupField(free) >= 0:
            number += 1
            free = f"{name}_{number}"
        fields.append(QgsField(free, kind))
    return fields


def geometry_from_wkb(wkb: str) -> QgsGeometry:
    """A geometry from hexadecimal WKB."""
    geometry = QgsGeometry()
    geometry.fromWkb(bytes.fromhex(wkb))
    return geometry
