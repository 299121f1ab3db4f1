"""GeoSAM Processing: Segment Anything as QGIS Processing algorithms."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .plugin import GeoSamPlugin


def classFactory(iface: Any) -> "GeoSamPlugin":
    """The plugin, for QGIS. The engine imports this package as well, and has no QGIS."""
    from .plugin import GeoSamPlugin

    return GeoSamPlugin()
