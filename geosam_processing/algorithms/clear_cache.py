"""``geosam:clearcache``."""

from typing import Any, Optional

from qgis.core import (
    QgsProcessingFeedback,
    QgsProcessingOutputFolder,
    QgsProcessingOutputNumber,
)

from .. import contract, settings
from ..qgis_tools.inputs import Inputs
from ..translation import tr
from .base import GeoSamAlgorithm
from .parameters.raster_input import remove_unfinished_runs


class ClearCache(GeoSamAlgorithm):
    """Remove the features and answers that runs keep."""

    NAME = "clearcache"
    TITLE = "Clear live cache"
    GROUP = "Setup and maintenance"
    MAINTENANCE = True
    HELP = (
        "Removes the features that Segment without encoding keeps, and the answers that Segment "
        "everything keeps of interrupted runs. They are computed again when needed. Other files "
        "in the folder are never removed.\n\n"
        "The folder and the size of the cache are Processing options of GeoSAM."
    )
    TAGS = ("segment anything", "sam", "sam2", "sam3", "features", "disk space", "delete", "free")

    FOLDER = "FOLDER"
    REMOVED_COUNT = "REMOVED_COUNT"
    FREED_MEGABYTES = "FREED_MEGABYTES"

    def initAlgorithm(self, configuration: Optional[dict[str, Any]] = None) -> None:
        self.addOutput(QgsProcessingOutputFolder(self.FOLDER, tr("Folder of the cache")))
        for key, label in (
            (self.REMOVED_COUNT, "Number of files that were removed"),
            (self.FREED_MEGABYTES, "Freed space (megabytes)"),
        ):
            self.addOutput(QgsProcessingOutputNumber(key, tr(label)))

    def work(
        self, inputs: Inputs, feedback: QgsProcessingFeedback, results: dict[str, Any]
    ) -> None:
        folder = str(settings.cache_folder())
        removed = self.engine().call(
            contract.CLEAR_CACHE, contract.CacheRequest(folder), cancelled=feedback.isCanceled
        )
        remove_unfinished_runs()
        feedback.pushInfo(
            tr("Removed {} files, {:.1f} MB, from {}").format(
                removed.count, removed.megabytes, folder
            )
        )
        results.update(
            {
                self.FOLDER: folder,
                self.REMOVED_COUNT: removed.count,
                self.FREED_MEGABYTES: removed.megabytes,
            }
        )
