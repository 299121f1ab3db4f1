"""``geosam:encoderaster``."""

import os
from typing import Any, Optional

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingParameterExtent,
    QgsProcessingParameterRasterLayer,
)

from .. import contract
from .base import GeoSamAlgorithm, Parameters, tr
from .encoding import (
    encode,
    encoding_of,
    encoding_outputs,
    encoding_parameters,
    features_parameter,
    patches_parameter,
    stride_parameter,
    target_crs_parameter,
    target_resolution_parameter,
)
from .layers import layer_folder_name, raster_of_layer
from .parameters import (
    advanced,
    batch_parameter,
    cuda_parameter,
    device_parameter,
    model_parameter,
    with_help,
)
from .raster_parameters import bands_of, bands_parameter


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
    TAGS = ("segment anything", "sam", "sam2", "features", "embedding", "encoder", "deep learning")

    INPUT = "INPUT"
    EXTENT = "EXTENT"
    OUTPUT = "OUTPUT"

    def initAlgorithm(self, configuration: Optional[dict[str, Any]] = None) -> None:
        for parameter in (
            with_help(
                QgsProcessingParameterRasterLayer(self.INPUT, tr("Raster layer")),
                "Any raster that GDAL opens and that has a CRS: images, indices, radar, elevation.",
            ),
            bands_parameter(self.INPUT),
            model_parameter(),
            with_help(
                QgsProcessingParameterExtent(self.EXTENT, tr("Extent"), optional=True),
                "Only this part of the raster is encoded. None: all of it.",
            ),
            stride_parameter(),
            device_parameter(),
            features_parameter(self.OUTPUT),
            advanced(cuda_parameter()),
            advanced(batch_parameter("patches")),
            advanced(target_crs_parameter()),
            advanced(target_resolution_parameter()),
            *encoding_parameters("from the values in the extent, nodata left out."),
            patches_parameter(),
        ):
            self.addParameter(parameter)
        for output in encoding_outputs():
            self.addOutput(output)

    def resolve(self, parameters: Parameters, context: QgsProcessingContext) -> None:
        layer = self.parameterAsRasterLayer(parameters, self.INPUT, context)
        if layer is None:
            raise QgsProcessingException(self.invalidRasterError(parameters, self.INPUT))
        extent = None
        if parameters.get(self.EXTENT) not in (None, ""):
            extent = self.parameterAsExtent(parameters, self.EXTENT, context, layer.crs())
        bands = bands_of(self, parameters, context)
        self._settings = {
            "raster": raster_of_layer(layer, self.INPUT, bands, extent),
            "layer_name": layer_folder_name(layer),
            **encoding_of(self, parameters, context),
        }
        # Its folder is not known yet, but all else can be tried.
        contract.EncodeRequest(output=".", **self._settings)

    def work(
        self,
        parameters: Parameters,
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
        results: dict[str, Any],
    ) -> None:
        folder = os.path.abspath(self.parameterAsString(parameters, self.OUTPUT, context))
        results[self.OUTPUT] = folder
        request = contract.EncodeRequest(output=folder, **self._settings)
        encode(self, request, parameters, context, feedback, results)
