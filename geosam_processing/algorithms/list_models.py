"""``geosam:listmodels``."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Optional

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFields,
    QgsProcessing,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingParameterFeatureSink,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import QVariant

from .. import settings
from ..contract.catalogue import CATALOGUE, GOOD_FOR, ModelEntry
from ..contract.model_files import checkpoint_path, is_right
from ..downloads.local_files import sha256_of
from ..qgis_tools.inputs import Inputs
from ..translation import tr
from .base import GeoSamAlgorithm
from .layers.sinks import Sink, closing, own_fields
from .parameters.common import FOLDER, flag, optional_folder, with_help

FIELDS = (
    ("id", QVariant.String),
    ("family", QVariant.String),
    ("patch_size", QVariant.Int),
    ("parameters", QVariant.LongLong),
    ("file_size", QVariant.LongLong),
    ("downloaded", QVariant.Bool),
    ("path", QVariant.String),
    ("verified", QVariant.Bool),
    ("licence", QVariant.String),
    ("good_for", QVariant.String),
)


class ListModels(GeoSamAlgorithm):
    """The models as a table."""

    NAME = "listmodels"
    TITLE = "List models"
    GROUP = "Setup and maintenance"
    HELP = (
        "Lists all models with their purpose, size, license and download status, the path of "
        "each file, and whether it is the official one."
    )
    TAGS = (
        "segment anything",
        "sam",
        "sam2",
        "sam3",
        "checkpoint",
        "weights",
        "catalogue",
        "verify",
    )
    NEEDS_ENGINE = False

    VERIFY = "VERIFY"
    OUTPUT = "OUTPUT"
    DOWNLOADED_COUNT = "DOWNLOADED_COUNT"

    def initAlgorithm(self, configuration: Optional[dict[str, Any]] = None) -> None:
        for parameter in (
            optional_folder(
                FOLDER,
                "Model folder",
                "The folder of the checkpoints. If not set, the folder of GeoSAM's settings "
                "is used.",
            ),
            flag(
                self.VERIFY,
                "Verify SHA-256",
                "If checked, each file is read, which takes a second for large ones. If "
                "unchecked, verified stays empty.",
                True,
            ),
            with_help(
                QgsProcessingParameterFeatureSink(
                    self.OUTPUT, tr("Models"), QgsProcessing.SourceType.TypeVector
                ),
                "A row for each model. verified is empty where the official hash is unknown.",
            ),
        ):
            self.addParameter(parameter)
        self.addOutput(
            QgsProcessingOutputNumber(self.DOWNLOADED_COUNT, tr("Number of downloaded models"))
        )

    def resolve(self, inputs: Inputs) -> None:
        folder = inputs.text(FOLDER)
        self._folder = Path(os.path.expanduser(folder)) if folder else settings.model_folder()

    def work(
        self, inputs: Inputs, feedback: QgsProcessingFeedback, results: dict[str, Any]
    ) -> None:
        verify = inputs.flag(self.VERIFY)
        fields = own_fields(QgsFields(), FIELDS)
        crs = QgsCoordinateReferenceSystem()
        sink = Sink(inputs, self.OUTPUT, fields, QgsWkbTypes.Type.NoGeometry, crs)
        count = 0
        with closing((sink,), lambda: results.update({self.OUTPUT: sink.destination})):
            for number, entry in enumerate(CATALOGUE.values()):
                if feedback.isCanceled():
                    break
                feedback.setProgress(100 * number / len(CATALOGUE))
                path = checkpoint_path(entry, self._folder)
                there = os.path.isfile(path)
                count += there
                verified = self._verified(entry, path, feedback) if there and verify else None
                sink.write(None, _row(entry, path if there else None, verified))
        results[self.DOWNLOADED_COUNT] = count

    def _verified(
        self, entry: ModelEntry, path: Path, feedback: QgsProcessingFeedback
    ) -> Optional[bool]:
        sha256 = sha256_of(path, feedback)
        return is_right(entry, self._folder, sha256) if sha256 else None


def _row(entry: ModelEntry, path: Optional[Path], verified: Optional[bool]) -> Iterator[Any]:
    size = entry.size
    if path is not None and not size:
        size = path.stat().st_size
    yield from (entry.id, entry.family, entry.patch_size, entry.parameters, size)
    yield from (path is not None, None if path is None else str(path), verified)
    yield from (entry.licence, GOOD_FOR[entry.id])
