"""Layers into what the engine reads, and its polygons into sinks."""

import math
import os
import re
from collections.abc import Iterable, Sequence
from typing import Optional

from qgis.core import (
    QgsCoordinateTransformContext,
    QgsDistanceArea,
    QgsPointXY,
    QgsProcessingException,
    QgsProcessingFeatureSource,
    QgsRasterDataProvider,
    QgsRasterLayer,
    QgsRectangle,
    QgsUnitTypes,
    QgsWkbTypes,
)

from ... import contract
from ...qgis_tools.crs import bounds, crs_to_text, layer_title
from ...qgis_tools.inputs import Inputs
from ...translation import tr


def placed_source(inputs: Inputs, key: str) -> QgsProcessingFeatureSource:
    """The layer of a parameter, whose features have a geometry and a CRS.

    Raises:
        QgsProcessingException: it cannot be read, or has no geometry or CRS.
    """
    source = inputs.source(key)
    require_place(source, key)
    return source


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
        nodata=_nodata(layer, key, bands or range(1, min(layer.bandCount(), 3) + 1)),
    )


def layer_folder_name(layer: QgsRasterLayer) -> str:
    """A folder's name for a layer, the same in each session: its file's, else the layer's."""
    source = _source(layer)
    name = (
        os.path.splitext(os.path.basename(source))[0]
        if os.path.exists(source)
        else layer_title(layer)
    )
    return re.sub(r"[^\w.-]+", "_", name).strip("._") or "raster"


def _nodata(layer: QgsRasterLayer, key: str, bands: Iterable[int]) -> Optional[float]:
    """What the layer's settings (Transparency) make of no data; None if they change nothing.

    Raises:
        QgsProcessingException: they say what no file can.
    """
    provider = layer.dataProvider()
    found: set[Optional[float]] = set()
    several = False
    for band in bands:
        ranges = provider.userNoDataValues(band)
        own = provider.sourceHasNoDataValue(band)
        used = own and provider.useSourceNoDataValue(band)
        values = {each.min() for each in ranges if each.min() == each.max()}
        wide = any(each.min() != each.max() for each in ranges)
        if used:
            # Named once more, it changes nothing.
            values.discard(provider.sourceNoDataValue(band))
        if wide or len(values) > 1 or (values and used):
            several = True
        elif values:
            found |= {_stored(each, provider, band) for each in values}
        else:
            found.add(math.nan if own and not used else None)
    if len(found) <= 1 and not several:
        return next(iter(found), None)
    raise QgsProcessingException(
        tr(
            "{} ({}) has several values or a range of values for no data in its properties "
            "(Transparency), but only one value can be used. Set one value, or save the layer as "
            "GeoTIFF with one"
        ).format(key, layer.name())
    )


def _stored(value: float, provider: QgsRasterDataProvider, band: int) -> float:
    """What a file has for a value that QGIS shows: without the scale and offset of its band."""
    scale, offset = provider.bandScale(band), provider.bandOffset(band)
    if (scale, offset) == (1, 0) or scale == 0:
        return value
    stored = (value - offset) / scale
    whole = round(stored)
    # Bands with a scale hold whole numbers, which decimals only come close to.
    return float(whole) if math.isclose(stored, whole, rel_tol=1e-6, abs_tol=1e-6) else stored


def _source(layer: QgsRasterLayer) -> str:
    """What GDAL opens; QGIS appends options to it, which only its own provider knows."""
    source = str(layer.source())
    # A file's name may hold a bar as well, so the longest one that is there counts.
    path, bar = source, "|"
    while bar and not os.path.exists(path):
        path, bar, _ = path.rpartition("|")
    if not path:
        return source.split("|", 1)[0]
    # The engine's current folder need not be QGIS's.
    return os.path.abspath(path)


def pixel_size(layer: QgsRasterLayer, key: str, transforms: QgsCoordinateTransformContext) -> float:
    """The size of a pixel in the middle of a layer, in meters on the ground.

    Raises:
        QgsProcessingException: its pixels have no size, as those of an online map.
    """
    center = layer.extent().center()
    steps = (layer.rasterUnitsPerPixelX(), layer.rasterUnitsPerPixelY())
    measure = QgsDistanceArea()
    measure.setSourceCrs(layer.crs(), transforms)
    measure.setEllipsoid("EPSG:7030")
    sizes = [
        measure.convertLengthMeasurement(
            measure.measureLine(center, QgsPointXY(center.x() + across, center.y() + up)),
            QgsUnitTypes.DistanceUnit.DistanceMeters,
        )
        for across, up in ((steps[0], 0.0), (0.0, steps[1]))
    ]
    size = sum(sizes) / 2
    if layer.width() == 0 or not math.isfinite(size) or size <= 0:
        raise QgsProcessingException(
            tr("{} ({}) has no pixel size. Set the tolerance instead.").format(key, layer.name())
        )
    return float(size)
