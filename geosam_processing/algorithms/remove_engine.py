"""``geosam:removeengine``."""

import os
from pathlib import Path
from typing import Any, Optional

from qgis.core import (
    QgsProcessingFeedback,
    QgsProcessingOutputFolder,
)

from .. import settings
from ..environment.install import remove
from ..qgis_tools.inputs import Inputs
from ..translation import tr
from .base import GeoSamAlgorithm
from .parameters.common import engine_folder_of, engine_folder_parameter


class RemoveEngine(GeoSamAlgorithm):
    """What Install engine made, removed."""

    NAME = "removeengine"
    TITLE = "Remove engine"
    GROUP = "Setup and maintenance"
    MAINTENANCE = True
    HELP = (
        "Removes the engine that Install engine installed, and frees its gigabytes. Models, "
        "features and all other files in that folder stay."
    )
    TAGS = ("sam", "sam2", "sam3", "torch", "environment", "uninstall", "disk space")
    NEEDS_ENGINE = False

    ENGINE_FOLDER = "ENGINE_FOLDER"

    def initAlgorithm(self, configuration: Optional[dict[str, Any]] = None) -> None:
        self.addParameter(engine_folder_parameter("The folder that the engine was installed in"))
        self.addOutput(QgsProcessingOutputFolder(self.ENGINE_FOLDER, tr("Folder of the engine")))

    def work(
        self, inputs: Inputs, feedback: QgsProcessingFeedback, results: dict[str, Any]
    ) -> None:
        folder = engine_folder_of(inputs)
        client = self.engine()

        def announce_and_close() -> None:
            feedback.pushInfo(tr("Removing the engine in {} ...").format(folder))
            client.close_when_idle(feedback.isCanceled)

        remove(Path(folder), announce_and_close)
        results[self.ENGINE_FOLDER] = folder
        feedback.pushInfo(tr("The engine in {} was removed").format(folder))
        if os.path.abspath(settings.engine_python() or os.curdir) == folder:
            settings.use_engine("")
