"""``geosam:encoderaster``."""

import os
from typing import Any, Optional

from qgis.core import QgsProcessingFeedback

from .. import contract
from ..qgis_tools.inputs import Inputs
from .base import GeoSamAlgorithm
from .parameters.cluster import cluster_of, cluster_parameter, report_cluster
from .parameters.encoding import (
    encode,
    encoding_outputs,
    features_parameter,
    patches_parameter,
)
from .parameters.raster_encoding import (
    advanced_raster_encoding_parameters,
    raster_encoding_of,
    raster_encoding_parameters,
)
from .parameters.settings_file import report_other_input, with_settings
from .parameters.shards import (
    prune_parameter,
    prune_source_of,
    pruned,
    report_shard,
    shard_of,
    shard_parameter,
)


class EncodeRaster(GeoSamAlgorithm):
    """A raster into a feature folder."""

    NAME = "encoderaster"
    TITLE = "Encode raster"
    GROUP = "Encoding"
    HELP = (
        "Runs the image encoder of a Segment Anything model over a raster, patch by patch, and "
        "writes the features into a folder. This slow step is needed once. With the folder, "
        "Segment from prompts and Segment everything create polygons quickly.\n\n"
        "An interrupted run continues when it is started again with the same settings. The "
        "folder can be moved, and Geo-SAM can open it."
    )
    TAGS = (
        "segment anything",
        "sam",
        "sam2",
        "sam3",
        "features",
        "embedding",
        "encoder",
        "deep learning",
    )

    OUTPUT = "OUTPUT"

    def initAlgorithm(self, configuration: Optional[dict[str, Any]] = None) -> None:
        for parameter in (
            *raster_encoding_parameters(),
            *advanced_raster_encoding_parameters(),
            shard_parameter("Merge feature shards"),
            prune_parameter(),
            cluster_parameter("the patches"),
            features_parameter(self.OUTPUT),
            patches_parameter(),
        ):
            self.addParameter(parameter)
        for output in encoding_outputs():
            self.addOutput(output)

    def settled(self, inputs: Inputs) -> Inputs:
        return with_settings(inputs)

    def resolve(self, inputs: Inputs) -> None:
        inputs = self.settled(inputs)
        self._settings = raster_encoding_of(inputs)
        self._shard, self._variable = shard_of(inputs)
        self._cluster, self._cluster_from = cluster_of(inputs)
        self._prune = prune_source_of(inputs)

    def work(
        self, inputs: Inputs, feedback: QgsProcessingFeedback, results: dict[str, Any]
    ) -> None:
        folder = os.path.abspath(inputs.text(self.OUTPUT))
        results[self.OUTPUT] = folder
        report_other_input(inputs, feedback)
        report_shard(self._shard, self._variable, feedback)
        report_cluster(self._cluster, self._cluster_from, feedback)
        request = contract.EncodeRequest(
            output=folder, shard=self._shard, cluster=self._cluster, **self._settings
        )
        with pruned(request, self._prune, inputs, feedback) as pruned_request:
            encode(self.engine(), pruned_request, inputs, feedback, results)
