"""Layers of polygons in files, as the caller wrote them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geosam_processing.contract import ID_COLUMN
from geosam_processing.engine.errors import GeoSamError

if TYPE_CHECKING:
    import geopandas
    from pyproj import CRS

_SHOWN = 80  # characters of a CRS


class LayerFileError(GeoSamError):
    """A file of polygons cannot be read."""


def read_polygons(path: str) -> geopandas.GeoDataFrame:
    """The rows of a file, invalid geometries as they are.

    Raises:
        LayerFileError: it cannot be read, or has no ids.
    """
    import geopandas
    from pyogrio.errors import DataLayerError, DataSourceError

    try:
        frame = geopandas.read_file(path, on_invalid="ignore", use_arrow=True)
    except (DataSourceError, DataLayerError, OSError, ValueError) as error:
        reason = str(error).replace(path, "").strip(" :'")[:200]
        raise LayerFileError(
            "The layer {} cannot be read ({}). Give a file of polygons", path[:200], reason
        ) from error
    if ID_COLUMN not in frame.columns:
        raise LayerFileError(
            "The layer {} has no column {}. Write one to it", path[:200], ID_COLUMN
        )
    return frame


def crs_of(text: str) -> CRS:
    """The CRS of a layer, from ``EPSG:n`` or WKT.

    Raises:
        LayerFileError: the text names none.
    """
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    try:
        return CRS.from_user_input(text)
    except CRSError as error:
        shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."
        raise LayerFileError(
            "The CRS of a layer is unknown ({}). Assign the layer its true CRS.", shown
        ) from error
