"""The graphical models that come with GeoSAM, as algorithms of its provider."""

import os
from pathlib import Path
from typing import Any

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingModelAlgorithm,
)
from qgis.PyQt.QtCore import QUrl
from qgis.PyQt.QtGui import QIcon

from ..contract.folders import bundled_folder, help_page, package_folder
from ..qgis_tools.inputs import Inputs, Parameters
from ..translation import tr
from .layers.styles import LayerStyle, segment_renderer

# Outputs that hold objects, however a model made them.
OBJECTS = ("POLYGONS", "OBJECTS", "CHANGES")


class Workflow(QgsProcessingModelAlgorithm):
    """The model in a file, whose name without its ending is the algorithm's id.

    Raises:
        OSError: the file cannot be read as a model.
    """

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        if not self.fromFile(str(path)):
            raise OSError(f"{path} is no graphical model: install GeoSAM again")
        for definition in self.parameterDefinitions():
            definition.setDescription(tr(definition.description()))
        self.setHelpContent({key: tr(text) for key, text in self.helpContent().items()})

    def createInstance(self) -> "Workflow":
        return type(self)(self._path)

    def processAlgorithm(
        self,
        parameters: Parameters,
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> dict[str, Any]:
        results: dict[str, Any] = super().processAlgorithm(parameters, context, feedback)
        titles = {
            definition.name().rpartition(":")[2]: definition.description()
            for definition in self.destinationParameterDefinitions()
        }
        for destination, details in context.layersToLoadOnCompletion().items():
            # A model calls layers by the keys of its outputs.
            if details.name in titles:
                key = details.name
                context.layerToLoadOnCompletionDetails(destination).name = titles[key]
                if key in OBJECTS:
                    inputs = Inputs(self, parameters, context)
                    LayerStyle.attach(segment_renderer, destination, inputs, key)
        return results

    def name(self) -> str:
        return self._path.stem

    def displayName(self) -> str:
        return tr(super().displayName())

    def group(self) -> str:
        return tr("Workflows")

    def groupId(self) -> str:
        return "workflows"

    def helpUrl(self) -> str:
        page = help_page("workflows")
        return QUrl.fromLocalFile(str(page)).toString() if page else ""

    def svgIconPath(self) -> str:
        return os.path.join(package_folder(), "icons", "workflow.svg")

    def icon(self) -> QIcon:
        return QIcon(self.svgIconPath())


def workflow_files() -> list[Path]:
    """The models that come with GeoSAM."""
    return sorted(bundled_folder().glob("*.model3"))
