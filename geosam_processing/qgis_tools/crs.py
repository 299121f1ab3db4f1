"""CRS, extents and layer names as the engine and commands take them."""

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsProcessingException,
    QgsRasterLayer,
    QgsRectangle,
)

from .. import contract
from ..translation import tr


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


def layer_title(layer: QgsRasterLayer) -> str:
    """The layer's name; of one that QGIS named by its address, which may hold a key, its kind."""
    name = str(layer.name())
    return str(layer.providerType()) if "=" in name and name in layer.source() else name


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
