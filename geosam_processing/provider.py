"""The Processing provider ``geosam``."""

import os

from processing.core.ProcessingConfig import ProcessingConfig
from qgis.core import QgsProcessingProvider
from qgis.PyQt.QtCore import QCoreApplication
from qgis.PyQt.QtGui import QIcon

from . import contract
from .algorithms import ALGORITHMS
from .algorithms.workflow import Workflow, workflow_files
from .settings import GROUP, add_settings, remove_settings

ICONS = os.path.join(os.path.dirname(__file__), "icons")


class GeoSamProvider(QgsProcessingProvider):
    """All algorithms, whether an engine is there or not: saved models must not break."""

    def id(self) -> str:
        return "geosam"

    def name(self) -> str:
        return "GeoSAM"

    def longName(self) -> str:
        return QCoreApplication.translate("GeoSAM", "GeoSAM (Segment Anything for rasters)")

    def versionInfo(self) -> str:
        return contract.VERSION

    def icon(self) -> QIcon:
        return QIcon(self.svgIconPath())

    def svgIconPath(self) -> str:
        return os.path.join(ICONS, "geosam.svg")

    def load(self) -> bool:
        """Add the provider's settings and its algorithms."""
        ProcessingConfig.settingIcons[GROUP] = self.icon()
        add_settings()
        self.refreshAlgorithms()
        return True

    def unload(self) -> None:
        remove_settings()

    def loadAlgorithms(self) -> None:
        for algorithm in ALGORITHMS:
            self.addAlgorithm(algorithm())
        for path in workflow_files():
            self.addAlgorithm(Workflow(path))
