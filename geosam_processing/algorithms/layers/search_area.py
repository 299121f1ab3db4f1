"""Where to look for objects: an extent, or polygons of a layer, or where both overlap."""

from collections.abc import Iterator
from typing import Optional

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsFeatureRequest,
    QgsGeometry,
    QgsProcessing,
    QgsProcessingException,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterExtent,
    QgsProcessingParameterFeatureSource,
)

from ...qgis_tools.inputs import Inputs
from ...translation import tr
from .inputs import placed_source

EXTENT = "EXTENT"
MASK = "MASK"


def search_area_parameters() -> Iterator[QgsProcessingParameterDefinition]:
    extent = QgsProcessingParameterExtent(EXTENT, tr("Extent"), optional=True)
    extent.setHelp(
        tr("Only objects in this extent are looked for. If not set, all patches are used.")
    )
    yield extent
    mask = QgsProcessingParameterFeatureSource(
        MASK,
        tr("Area to search"),
        [QgsProcessing.SourceType.TypeVectorPolygon],
        optional=True,
    )
    mask.setHelp(
        tr(
            "Polygons in which objects are looked for, in any CRS. If not set, all patches are "
            "used."
        )
    )
    yield mask


def search_area_of(inputs: Inputs, crs: QgsCoordinateReferenceSystem) -> str:
    """The area as hexadecimal WKB in ``crs``; empty for everywhere.

    Raises:
        QgsProcessingException: MASK has no polygons, or does not overlap EXTENT.
    """
    extent = mask = None
    if inputs.is_given(EXTENT):
        extent = inputs.algorithm.parameterAsExtentGeometry(
            inputs.parameters, EXTENT, inputs.context, crs
        )
    if inputs.is_given(MASK):
        mask = _mask(inputs, crs)
    area: Optional[QgsGeometry] = extent if mask is None else mask
    if extent is not None and mask is not None:
        area = extent.intersection(mask)
        if area.isEmpty() or area.area() == 0:
            raise QgsProcessingException(
                tr("EXTENT and MASK do not overlap. Choose ones that do, or leave one out")
            )
    return "" if area is None else bytes(area.asWkb()).hex()


def _mask(inputs: Inputs, crs: QgsCoordinateReferenceSystem) -> QgsGeometry:
    source = placed_source(inputs, MASK)
    transform = QgsCoordinateTransform(source.sourceCrs(), crs, inputs.context.transformContext())
    polygons = []
    for feature in source.getFeatures(QgsFeatureRequest().setNoAttributes()):
        geometry = feature.geometry()
        if not geometry.isEmpty():
            geometry.transform(transform)
            polygons.append(geometry)
    union = QgsGeometry.unaryUnion(polygons)
    if union.isEmpty():
        raise QgsProcessingException(
            tr("MASK ({}) has no polygons. Give a layer that has some").format(source.sourceName())
        )
    return union
