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
            f"The layer {path[:200]} cannot be read ({reason}). Give a file of polygons"
        ) from error
    if ID_COLUMN not in frame.columns:
        raise LayerFileError(f"The layer {path[:200]} has no column {ID_COLUMN}. Write one to it")
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
            f"The CRS of a layer is unknown ({shown}). Assign the layer its true CRS."
        ) from error
