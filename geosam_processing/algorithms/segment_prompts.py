"""``geosam:segmentprompts``."""

import os
from typing import Any, Optional

from qgis.core import (
    QgsProcessingFeedback,
    QgsProcessingParameterFile,
)

from .. import contract
from ..client.client import Listener
from ..qgis_tools.feedback import WholeRun
from ..qgis_tools.inputs import Inputs
from ..translation import tr
from .base import GeoSamAlgorithm
from .layers.feature_folders import place_of_features
from .layers.prompt_objects import PromptLayers
from .layers.results import Answers
from .parameters.cluster import cluster_of, cluster_parameter, report_cluster
from .parameters.common import (
    BATCH_SIZE,
    advanced,
    batch_parameter,
    checkpoint_of,
    checkpoint_parameter,
    cuda_parameter,
    device_of,
    device_parameter,
    flag,
    with_help,
)
from .parameters.prompts import (
    WHOLE,
    count_outputs,
    mask_parameters,
    masks_of,
    prompt_parameters,
    sink_parameters,
)
from .parameters.shards import report_shard, shard_of, shard_parameter


class SegmentPrompts(GeoSamAlgorithm):
    """Prompt layers into polygons."""

    NAME = "segmentprompts"
    TITLE = "Segment from prompts"
    GROUP = "Segmentation"
    HELP = (
        "Segments objects from points and boxes, with the features that Encode raster wrote. "
        "Each prompt is one object: a point, several points that share an object id, a box, or "
        "points with a box.\n\n"
        "The polygons have the CRS of the features and the attributes of their first prompt. "
        "Further fields are the score, stability, area, numbers of points, patch, model, "
        "resolution, contrast, and whether the object touches the edge of the encoded area. "
        "Prompts without an object are listed with the reason."
    )
    TAGS = (
        "segment anything",
        "sam",
        "sam2",
        "sam3",
        "points",
        "boxes",
        "polygons",
        "deep learning",
    )

    FEATURES = "FEATURES"

    def initAlgorithm(self, configuration: Optional[dict[str, Any]] = None) -> None:
        folder = QgsProcessingParameterFile(
            self.FEATURES, tr("Features"), QgsProcessingParameterFile.Behavior.Folder
        )
        for parameter in (
            with_help(
                folder,
                "The output folder of Encode raster or Geo-SAM, which contains manifest.parquet.",
            ),
            *prompt_parameters(),
            *mask_parameters(),
            flag(
                WHOLE,
                "Complete objects",
                "Objects that a patch cuts are followed into coarser scales and neighboring "
                "patches; features with SCALES 1,2,4 give the best results. If unchecked, each "
                "object ends where its patch ends.",
                True,
            ),
            device_parameter(),
            advanced(cuda_parameter()),
            advanced(batch_parameter("prompts")),
            advanced(checkpoint_parameter()),
            shard_parameter("Merge vector layers"),
            cluster_parameter("the prompts"),
            *sink_parameters("outside every patch"),
        ):
            self.addParameter(parameter)
        for output in count_outputs():
            self.addOutput(output)

    def resolve(self, inputs: Inputs) -> None:
        self._masks = masks_of(inputs)
        self._shard, self._variable = shard_of(inputs)
        self._cluster, self._cluster_from = cluster_of(inputs)

    def work(
        self, inputs: Inputs, feedback: QgsProcessingFeedback, results: dict[str, Any]
    ) -> None:
        report_cluster(self._cluster, self._cluster_from, feedback)
        feedback.setProgressText(tr("Reading the features"))
        folder = inputs.file(self.FEATURES)
        features = os.path.abspath(folder) if folder else ""
        crs, extent = place_of_features(self.engine(), features, feedback)
        feedback.setProgressText(tr("Reading the prompts"))
        layers = PromptLayers(inputs, crs, extent)
        report_shard(self._shard, self._variable, feedback)
        first = self._shard is None or self._shard.number == 1
        answers = Answers(inputs, layers, crs, shows_problems=first)
        with answers.writing(results, feedback):
            whole = WholeRun(feedback, layers.count)
            asked = elsewhere = 0
            for objects in layers.batches(feedback):
                read = sum(len(each.features) for each in objects)
                requests = answers.requests(objects)
                asked += len(requests)
                if requests:
                    result = self.engine().call(
                        contract.SEGMENT,
                        contract.SegmentRequest(
                            features=features,
                            prompts=requests,
                            model=checkpoint_of(inputs),
                            device=device_of(inputs),
                            batch_size=inputs.whole_number(BATCH_SIZE),
                            masks=self._masks,
                            whole=inputs.flag(WHOLE),
                            shard=self._shard,
                            cluster=self._cluster,
                        ),
                        Listener(whole.progress, whole.log, answers.write),
                        feedback.isCanceled,
                    )
                    elsewhere += result.elsewhere_count
                whole.add(read)
            if self._shard is not None:
                feedback.pushInfo(tr("Prompts of other shards: {}").format(elsewhere))
            if not asked:
                feedback.pushWarning(tr("PROMPTS has no prompt that the model could be asked"))
