"""Layers into what the engine reads, and its polygons into sinks."""

import os
import re
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
    QgsProcessingFeatureSource,
    QgsRasterLayer,
    QgsRectangle,
    QgsVectorLayer,
    QgsWkbTypes,
)

from .. import contract
from .base import tr
from .parameters import is_nothing

Parameters = dict[str, Any]

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


def require_place(source: QgsProcessingFeatureSource, key: str) -> None:
    """Raises QgsProcessingException if the features of a source have no geometry or no CRS."""
    # Asked for first, as a table has no CRS either.
    if QgsWkbTypes.geometryType(source.wkbType()) == QgsWkbTypes.GeometryType.NullGeometry:
        raise QgsProcessingException(
            tr("{} ({}) has no geometry: give a layer of points, lines or polygons").format(
                key, source.sourceName()
            )
        )
    if not source.sourceCrs().isValid():
        raise QgsProcessingException(
            tr("{} ({}) has no CRS: set it in the layer's properties first").format(
                key, source.sourceName()
            )
        )


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


def crs_from_text(text: str) -> QgsCoordinateReferenceSystem:
    """The CRS of ``EPSG:n`` or WKT.

    Raises:
        QgsProcessingException: QGIS does not know it.
    """
    if text.upper().startswith("EPSG:"):
        crs = QgsCoordinateReferenceSystem(text)
    else:
        crs = QgsCoordinateReferenceSystem.fromWkt(text)
    if not crs.isValid():
        raise QgsProcessingException(
            tr("QGIS does not know the CRS of the features ({}): encode in another CRS").format(
                text
            )
        )
    return crs


def crs_to_text(crs: QgsCoordinateReferenceSystem) -> str:
    """``EPSG:n`` where the CRS is one, else WKT; empty for none."""
    if not crs.isValid():
        return ""
    if crs.authid().startswith("EPSG:"):
        return str(crs.authid())
    return str(crs.toWkt(QgsCoordinateReferenceSystem.WktVariant.WKT_PREFERRED))


def raster_of_layer(
    layer: QgsRasterLayer, key: str, bands: Sequence[int], extent: Optional[QgsRectangle]
) -> contract.Raster:
    """What the engine reads of a layer; ``extent`` is in the layer's CRS.

    Raises:
        QgsProcessingException: the layer is not one of GDAL's, is not valid, has no CRS, or
            lacks a band.
        ContractError: too many bands, an empty extent.
    """
    if layer.providerType() != "gdal":
        raise QgsProcessingException(
            tr(
                "{} ({}) comes from the provider {} and is no file: take Encode tile layer "
                "(geosam:encodetilelayer), or save it as a GeoTIFF first (Export, Save As)"
            ).format(key, layer.name(), layer.providerType())
        )
    if not layer.isValid():
        raise QgsProcessingException(
            tr("{} ({}) cannot be opened: check that the file is there and a raster").format(
                key, layer.name()
            )
        )
    if not layer.crs().isValid():
        raise QgsProcessingException(
            tr(
                "{} ({}) has no CRS: set it in the layer's properties, or in the file with "
                "gdal:assignprojection"
            ).format(key, layer.name())
        )
    for band in bands:
        if not 1 <= band <= layer.bandCount():
            raise QgsProcessingException(
                tr(
                    "Invalid band number for BANDS ({}): valid values for the input raster are "
                    "1 to {}"
                ).format(band, layer.bandCount())
            )
    own_crs = layer.dataProvider().crs()
    overruled = not own_crs.isValid() or own_crs != layer.crs()
    return contract.Raster(
        source=_source(layer),
        crs=crs_to_text(layer.crs()) if overruled else "",
        bands=tuple(bands),
        extent=None if extent is None else bounds(extent),
    )


def layer_title(layer: QgsRasterLayer) -> str:
    """The layer's name; of one that QGIS named by its address, which may hold a key, its kind."""
    name = str(layer.name())
    return str(layer.providerType()) if "=" in name and name in layer.source() else name


def layer_folder_name(layer: QgsRasterLayer) -> str:
    """A folder's name for a layer, the same in each session: its file's, else the layer's."""
    source = _source(layer)
    name = (
        os.path.splitext(os.path.basename(source))[0]
        if os.path.exists(source)
        else layer_title(layer)
    )
    return re.sub(r"[^\w.-]+", "_", name).strip("._") or "raster"


def bounds(rectangle: QgsRectangle) -> contract.Bounds:
    return (
        rectangle.xMinimum(),
        rectangle.yMinimum(),
        rectangle.xMaximum(),
        rectangle.yMaximum(),
    )


def extent_text(rectangle: QgsRectangle) -> str:
    """As commands have it: xmin, xmax, ymin, ymax."""
    corners = (rectangle.xMinimum(), rectangle.xMaximum(), rectangle.yMinimum())
    return ",".join(f"{number:.10g}" for number in (*corners, rectangle.yMaximum()))


def _source(layer: QgsRasterLayer) -> str:
    """What GDAL opens; QGIS appends options to it, which only its own provider knows."""
    source = str(layer.source()).split("|", 1)[0]
    # The engine's current folder need not be QGIS's.
    return os.path.abspath(source) if os.path.exists(source) else source
