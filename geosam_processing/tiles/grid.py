"""Which pixels of a tile layer to take: a zoom level or meters on the ground."""

from dataclasses import dataclass
from typing import Optional

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransformContext,
    QgsDistanceArea,
    QgsPointXY,
    QgsRectangle,
    QgsUnitTypes,
)

from ..qgis_tools.crs import extent_text
from ..translation import tr
from .pieces import TileError
from .reader import TileReader

# A level this close to the resolution asked for is taken as it is.
_TOLERANCE = 0.01


@dataclass(frozen=True)
class TileGrid:
    """``width`` x ``height`` pixels of ``extent``, which is in the layer's CRS.

    ``target_resolution`` (meters on the ground): what they are to be warped to, None for
    as they are.
    """

    extent: QgsRectangle
    width: int
    height: int
    target_resolution: Optional[float]


def choose_grid(
    reader: TileReader,
    extent: QgsRectangle,
    margin: int,
    zoom: Optional[int],
    resolution: Optional[float],
    other_crs: bool,
) -> TileGrid:
    """The grid for ``extent`` (in the layer's CRS) and ``margin`` pixels around it.

    Args:
        zoom: a level, whose tiles are taken as they are.
        resolution: meters on the ground.
        other_crs: the tiles are to be warped into another CRS.

    Raises:
        TileError: neither or both of zoom and resolution, a zoom that the layer does not
            have, an extent outside the layer.
    """
    refuse_both(resolution, zoom)
    target = None
    if zoom is not None:
        pixel = wanted = reader.zoom_resolution(zoom)
    elif resolution is not None:
        wanted = map_units(resolution, reader.crs, extent)
        pixel = _pixel_for(reader, wanted)
        if other_crs or reader.crs.isGeographic() or abs(pixel / wanted - 1) > _TOLERANCE:
            target = resolution
    else:
        native = None if reader.is_tiled else reader.native_resolution
        if native is None:
            raise TileError(tr("Give ZOOM or RESOLUTION: the layer has no fixed size of pixels"))
        pixel = wanted = native
    part = QgsRectangle(extent)
    part.grow(margin * wanted)
    part = part.intersect(reader.extent)
    if part.isEmpty():
        raise TileError(
            tr("The extent ({}) has no area within the layer's ({}): give one that does").format(
                extent_text(extent), extent_text(reader.extent)
            )
        )
    return TileGrid(*reader.aligned(part, pixel), target)


def refuse_both(resolution: Optional[float], zoom: Optional[int]) -> None:
    """Raises: TileError: there is a resolution and a zoom level."""
    if resolution is not None and zoom is not None:
        raise TileError(
            tr("RESOLUTION ({}) and ZOOM ({}) are given: leave one empty").format(resolution, zoom)
        )


def map_units(resolution: float, crs: QgsCoordinateReferenceSystem, extent: QgsRectangle) -> float:
    """``resolution``, in meters on the ground in the middle of ``extent``, in units of ``crs``.

    Raises:
        TileError: it is not above 0.
    """
    if resolution <= 0:
        raise TileError(tr("Invalid RESOLUTION ({}): give meters above 0").format(resolution))
    return resolution / _metres_per_unit(crs, extent)


def has_one_scale(crs: QgsCoordinateReferenceSystem) -> bool:
    """Whether a unit of ``crs`` is taken to be as long everywhere, as the engine does."""
    return not crs.isGeographic() and crs.projectionAcronym() != "merc"


def _metres_per_unit(crs: QgsCoordinateReferenceSystem, extent: QgsRectangle) -> float:
    """Meters on the ground for a unit of ``crs``, in the middle of ``extent``.

    Northward where the CRS is in degrees. Of projections other than Mercator, the unit
    itself is taken.
    """
    if has_one_scale(crs):
        metres = QgsUnitTypes.DistanceUnit.DistanceMeters
        return float(QgsUnitTypes.fromUnitToUnitFactor(crs.mapUnits(), metres))
    measure = QgsDistanceArea()
    measure.setSourceCrs(crs, QgsCoordinateTransformContext())
    measure.setEllipsoid("EPSG:7030")
    centre = extent.center()
    half = 0.0005 if crs.isGeographic() else 50.0
    length = measure.measureLine(
        QgsPointXY(centre.x(), centre.y() - half), QgsPointXY(centre.x(), centre.y() + half)
    )
    return float(length) / (2 * half)


def _pixel_for(reader: TileReader, wanted: float) -> float:
    if reader.is_tiled:
        return reader.level_resolution(wanted * (1 + _TOLERANCE))
    return reader.native_resolution or wanted
