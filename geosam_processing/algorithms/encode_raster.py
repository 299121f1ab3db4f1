"""``geosam:encoderaster``."""

import os
from typing import Any, Optional

from qgis.core import QgsProcessingFeedback

from .. import contract
from ..qgis_tools.inputs import Inputs
from .base import GeoSamAlgorithm
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
from .parameters.settings_file import with_settings


class EncodeRaster(GeoSamAlgorithm):
    """A raster into a feature folder."""

    NAME = "encoderaster"
    TITLE = "Encode raster"
    GROUP = "Encoding"
    HELP = (
        "Runs the image encoder of a Segment Anything model over a raster, patch by patch, and "
        "keeps the features in a folder. This is the slow part, and is done once: with the "
        "folder, Segment from prompts turns any number of points and boxes into polygons "
        "quickly.\n\n"
        "Stopped or failed, a run with the same settings continues where it was. The folder can "
        "be moved, and Geo-SAM can open it."
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
            features_parameter(self.OUTPUT),
            *advanced_raster_encoding_parameters(),
            patches_parameter(),
        ):
            self.addParameter(parameter)
        for output in encoding_outputs():
            self.addOutput(output)

    def settled(self, inputs: Inputs) -> Inputs:
        return with_settings(inputs)

    def resolve(self, inputs: Inputs) -> None:
        self._settings = raster_encoding_of(self.settled(inputs))

    def work(
        self, inputs: Inputs, feedback: QgsProcessingFeedback, results: dict[str, Any]
    ) -> None:
        folder = os.path.abspath(inputs.text(self.OUTPUT))
        results[self.OUTPUT] = folder
        request = contract.EncodeRequest(output=folder, **self._settings)
        encode(self.engine(), request, inputs, feedback, results)
