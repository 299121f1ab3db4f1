"""QGIS without a window, with Processing and the provider."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator

PLUGINS = "/usr/share/qgis/python/plugins"


@contextlib.contextmanager
def qgis_session() -> Iterator[None]:
    """Within, algorithms are registered; the profile is a temporary one."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    sys.path.append(PLUGINS)
    with tempfile.TemporaryDirectory() as profile:
        os.environ["QGIS_CUSTOM_CONFIG_PATH"] = profile
        from qgis.core import QgsApplication

        application = QgsApplication([], False, profile)
        application.initQgis()
        from processing.core.Processing import Processing

        Processing.initialize()
        from geosam_processing import classFactory

        plugin = classFactory(None)
        plugin.initProcessing()
        yield
        plugin.unload()
        application.exitQgis()
