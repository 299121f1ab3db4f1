"""The fixtures of QGIS's side."""

from tests.qgis_fixtures import (  # noqa: F401
    algorithms,
    cache_folder,
    encoded,
    features,
    login,
    qgis_application,
    quick_tiles,
    raster,
    small_model,
)
