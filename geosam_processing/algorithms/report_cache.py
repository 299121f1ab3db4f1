"""``geosam:reportcache``."""

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


class ReportCache(GeoSamAlgorithm):
    """How large the live cache is."""

    NAME = "reportcache"
    TITLE = "Report live cache"
    GROUP = "Setup and maintenance"
    HELP = (
        "Reports the folder, the number and the size of the features that Segment without "
        "encoding keeps, and their maximum size. At the maximum, the least recently used "
        "features are removed.\n\n"
        "The folder and the size of the cache are Processing options of GeoSAM."
    )
    TAGS = ("segment anything", "sam", "sam2", "sam3", "features", "disk space", "size")

    FOLDER = "FOLDER"
    COUNT = "COUNT"
    MEGABYTES = "MEGABYTES"
    LIMIT_MEGABYTES = "LIMIT_MEGABYTES"

    def initAlgorithm(self, configuration: Optional[dict[str, Any]] = None) -> None:
        self.addOutput(QgsProcessingOutputFolder(self.FOLDER, tr("Folder of the cache")))
        for key, label in (
            (self.COUNT, "Number of files in the cache"),
            (self.MEGABYTES, "Size of the cache (megabytes)"),
            (self.LIMIT_MEGABYTES, "Largest size of the cache (megabytes)"),
        ):
            self.addOutput(QgsProcessingOutputNumber(key, tr(label)))

    def work(
        self, inputs: Inputs, feedback: QgsProcessingFeedback, results: dict[str, Any]
    ) -> None:
        folder, limit = str(settings.cache_folder()), settings.cache_megabytes()
        found = self.engine().call(
            contract.DESCRIBE_CACHE, contract.CacheRequest(folder), cancelled=feedback.isCanceled
        )
        feedback.pushInfo(
            tr("{} files, {:.1f} of {} MB, in {}").format(
                found.count, found.megabytes, limit, folder
            )
        )
        results.update(
            {
                self.FOLDER: folder,
                self.COUNT: found.count,
                self.MEGABYTES: found.megabytes,
                self.LIMIT_MEGABYTES: limit,
            }
        )
