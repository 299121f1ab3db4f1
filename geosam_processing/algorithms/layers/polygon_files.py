"""Polygons into files for the engine: a message with thousands of them would be too large."""

from collections.abc import Iterator, Sequence
from typing import Any

from qgis.core import (
    QgsFeature,
    QgsFeatureRequest,
    QgsField,
    QgsFields,
    QgsGeometry,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeatureSource,
    QgsProcessingFeedback,
    QgsVectorFileWriter,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import QVariant

from ... import contract
from ...client.client import EngineCancelled
from ...translation import tr

_CANCEL_INTERVAL = 1000  # features between two looks at the cancel button


def write_polygons(
    path: str,
    source: QgsProcessingFeatureSource,
    columns: Sequence[tuple[str, str, Any]],
    context: QgsProcessingContext,
    feedback: QgsProcessingFeedback,
) -> None:
    """Write a GeoPackage with the ids of the features, as ``contract.PolygonFile`` has it.

    Args:
        columns: a column of the file, the field that it takes its values from, its type.

    Raises:
        QgsProcessingException: the file cannot be written.
        EngineCancelled: the user cancelled.
    """
    fields = QgsFields()
    fields.append(QgsField(contract.ID_COLUMN, QVariant.LongLong))
    for name, _, kind in columns:
        fields.append(QgsField(name, kind))
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName = "GPKG"
    options.layerOptions = ["SPATIAL_INDEX=NO"]
    writer = QgsVectorFileWriter.create(
        path,
        fields,
        QgsWkbTypes.Type.Unknown,
        source.sourceCrs(),
        context.transformContext(),
        options,
    )
    for number, feature in enumerate(features_of(source)):
        if number % _CANCEL_INTERVAL == 0 and feedback.isCanceled():
            raise EngineCancelled("The run was cancelled")
        copy = QgsFeature(fields)
        copy.setGeometry(with_straight_edges(feature.geometry()))
        copy.setAttributes([feature.id(), *(feature[field] for _, field, _ in columns)])
        if not writer.addFeature(copy):
            break
    if writer.hasError() != QgsVectorFileWriter.WriterError.NoError:
        raise QgsProcessingException(
            tr("The temporary file {} cannot be written ({}). Make room on its disk.").format(
                path, writer.errorMessage()
            )
        )


def with_straight_edges(geometry: QgsGeometry) -> QgsGeometry:
    """The geometry with straight edges only."""
    if geometry.isNull() or not QgsWkbTypes.isCurvedType(geometry.wkbType()):
        return geometry
    return QgsGeometry(geometry.constGet().segmentize())


def features_of(source: QgsProcessingFeatureSource) -> Iterator[QgsFeature]:
    """All features, also those with an invalid geometry, which the engine repairs."""
    flag = QgsProcessingFeatureSource.Flag.FlagSkipGeometryValidityChecks
    return source.getFeatures(QgsFeatureRequest(), flag)
