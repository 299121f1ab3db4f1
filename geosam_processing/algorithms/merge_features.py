"""``geosam:mergefeatures``."""

import os
import re
from typing import Any, Optional

from qgis.core import (
    QgsFields,
    QgsProcessing,
    QgsProcessingFeedback,
    QgsProcessingOutputFile,
    QgsProcessingOutputNumber,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFile,
    QgsProcessingParameterFolderDestination,
    QgsProcessingParameterString,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import QVariant

from .. import contract
from ..qgis_tools.crs import crs_from_text
from ..qgis_tools.feedback import listener_of
from ..qgis_tools.inputs import Inputs
from ..translation import tr
from .base import GeoSamAlgorithm
from .layers.sinks import closing, geometry_from_wkb, optional_sink, own_fields
from .layers.styles import LayerStyle, patch_renderer
from .parameters.common import advanced, flag, with_help
from .parameters.encoding import MANIFEST

FIELDS = (
    ("chip_id", QVariant.String),
    ("row", QVariant.Int),
    ("column", QVariant.Int),
    ("scale", QVariant.Int),
    ("shard", QVariant.String),
    ("reason", QVariant.String),
)
COUNTS = (
    ("PATCH_COUNT", "patch_count", "Number of patches with features"),
    ("PART_COUNT", "part_count", "Number of parts that were merged"),
    ("SKIPPED_COUNT", "skipped_count", "Number of patches without data"),
    ("COPIED_COUNT", "copied_count", "Number of patches that were copied"),
)


class MergeFeatures(GeoSamAlgorithm):
    """One feature folder from the shards of an encoding."""

    NAME = "mergefeatures"
    TITLE = "Merge feature shards"
    GROUP = "Encoding"
    HELP = (
        "Merges the shards that several machines encoded with SHARD into one feature folder. The "
        "result is the same as that of one run, and Geo-SAM opens it as well.\n\n"
        "Shards in one folder stay where they are, and only their manifest is written. Shards in "
        "several folders are copied into a new one."
    )
    TAGS = (
        "segment anything",
        "sam",
        "sam2",
        "sam3",
        "features",
        "cluster",
        "slurm",
        "parallel",
        "distributed",
        "manifest",
    )

    FOLDER = "FOLDER"
    OTHER_FOLDERS = "OTHER_FOLDERS"
    ALLOW_MISSING = "ALLOW_MISSING"
    OUTPUT = "OUTPUT"
    MISSING = "MISSING"
    MISSING_COUNT = "MISSING_COUNT"

    def initAlgorithm(self, configuration: Optional[dict[str, Any]] = None) -> None:
        folder = QgsProcessingParameterFile(
            self.FOLDER, tr("Folder of the shards"), QgsProcessingParameterFile.Behavior.Folder
        )
        output = QgsProcessingParameterFolderDestination(
            self.OUTPUT, tr("Merged features"), optional=True, createByDefault=False
        )
        missing = QgsProcessingParameterFeatureSink(
            self.MISSING,
            tr("Missing patches"),
            QgsProcessing.SourceType.TypeVectorPolygon,
            optional=True,
            createByDefault=False,
        )
        for parameter in (
            with_help(
                folder,
                "The output folder of Encode raster that all shards share, or a folder that "
                "contains the output folders of several machines.",
            ),
            flag(
                self.ALLOW_MISSING,
                "Allow missing patches",
                "If unchecked, a missing patch is an error, which names the shards to run again.",
                False,
            ),
            advanced(
                with_help(
                    QgsProcessingParameterString(
                        self.OTHER_FOLDERS, tr("Other folders"), multiLine=True, optional=True
                    ),
                    "More folders of shards, one a line or separated by semicolons.",
                )
            ),
            with_help(
                output,
                "If set, the chips of all folders are copied there. If not set, the shards have "
                "to lie in one folder, which becomes the feature folder.",
            ),
            with_help(
                missing, "Outlines of the patches that no shard has, with their shard and reason."
            ),
        ):
            self.addParameter(parameter)
        self.addOutput(QgsProcessingOutputFile(MANIFEST, tr("Manifest")))
        for key, _, label in COUNTS:
            self.addOutput(QgsProcessingOutputNumber(key, tr(label)))
        self.addOutput(
            QgsProcessingOutputNumber(self.MISSING_COUNT, tr("Number of missing patches"))
        )

    def resolve(self, inputs: Inputs) -> None:
        others = re.split(r"[;\n]+", inputs.text(self.OTHER_FOLDERS))
        folders = [inputs.file(self.FOLDER), *(each.strip() for each in others if each.strip())]
        output = ""
        if inputs.is_given(self.OUTPUT):
            output = os.path.abspath(inputs.text(self.OUTPUT))
        self._request = contract.MergeFeaturesRequest(
            tuple(os.path.abspath(os.path.expanduser(each)) for each in folders),
            output,
            inputs.flag(self.ALLOW_MISSING),
        )

    def work(
        self, inputs: Inputs, feedback: QgsProcessingFeedback, results: dict[str, Any]
    ) -> None:
        result = self.engine().call(
            contract.MERGE_FEATURES, self._request, listener_of(feedback), feedback.isCanceled
        )
        results[self.OUTPUT] = result.output
        results[MANIFEST] = result.manifest
        results[self.MISSING_COUNT] = len(result.missing)
        results.update({key: getattr(result, name) for key, name, _ in COUNTS})
        feedback.pushInfo(
            tr("{} patches of {} parts are merged").format(result.patch_count, result.part_count)
        )
        if result.missing:
            feedback.pushWarning(tr("Missing patches: {}").format(len(result.missing)))
        sink = optional_sink(
            inputs,
            self.MISSING,
            own_fields(QgsFields(), FIELDS),
            QgsWkbTypes.Type.Polygon,
            crs_from_text(result.crs),
        )
        if sink is None:
            return
        with closing((sink,), lambda: results.update({self.MISSING: sink.destination})):
            for patch in result.missing:
                sink.write(
                    geometry_from_wkb(patch.wkb), [getattr(patch, name) for name, _ in FIELDS]
                )
        LayerStyle.attach(patch_renderer, sink.destination, inputs, self.MISSING)
