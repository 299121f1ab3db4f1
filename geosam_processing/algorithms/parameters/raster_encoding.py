"""What encoding a raster and previewing that have in common: parameters and the request."""

from typing import Any

from qgis.core import (
    QgsProcessingException,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterExtent,
    QgsProcessingParameterRasterLayer,
    QgsRasterLayer,
)

from ... import contract
from ...qgis_tools.inputs import Inputs
from ...translation import tr
from ..layers.inputs import layer_folder_name, raster_of_layer
from .common import (
    advanced,
    batch_parameter,
    cuda_parameter,
    device_parameter,
    model_parameter,
    number,
    with_help,
)
from .encoding import (
    encoding_of,
    encoding_parameters,
    stride_parameter,
    target_crs_parameter,
    target_resolution_parameter,
)
from .raster import bands_of, bands_parameter
from .settings_file import INPUT, settings_parameter

EXTENT = "EXTENT"
OVERLAP = "OVERLAP"
RESOLUTION_SCALE = "RESOLUTION_SCALE"


def raster_encoding_parameters() -> tuple[QgsProcessingParameterDefinition, ...]:
    """The common ones, those that one sees first."""
    return (
        with_help(
            QgsProcessingParameterRasterLayer(INPUT, tr("Raster layer")),
            "Any raster that GDAL opens and that has a CRS: images, indices, radar, elevation.",
        ),
        model_parameter(),
        bands_parameter(INPUT),
        with_help(
            QgsProcessingParameterExtent(EXTENT, tr("Extent"), optional=True),
            "Only this part of the raster is encoded. If not set, the complete raster is encoded.",
        ),
        stride_parameter(),
        device_parameter(),
    )


def advanced_raster_encoding_parameters() -> tuple[QgsProcessingParameterDefinition, ...]:
    parameters = (
        cuda_parameter(),
        batch_parameter("patches"),
        target_crs_parameter(),
        target_resolution_parameter(),
        number(
            RESOLUTION_SCALE,
            "Resolution scale",
            "Instead of a target resolution: the new pixel size as a multiple of the raster's. "
            "With 2, patches cover four times the area.",
            None,
            0,
        ),
        number(
            OVERLAP,
            "Overlap of the patches (percent)",
            "Instead of a stride: the share of a patch that the next one covers again. 50 is a "
            "stride of half a patch.",
            None,
            0,
            99.9,
        ),
        *encoding_parameters("from the values in the extent, nodata left out."),
        settings_parameter(),
    )
    return tuple(advanced(parameter) for parameter in parameters)


def raster_layer_of(inputs: Inputs) -> QgsRasterLayer:
    """The layer of ``INPUT``.

    Raises:
        QgsProcessingException: there is none, or it cannot be opened.
    """
    layer = inputs.raster(INPUT)
    if not layer.isValid():
        raise QgsProcessingException(inputs.algorithm.invalidRasterError(inputs.parameters, INPUT))
    return layer


def raster_encoding_of(inputs: Inputs) -> dict[str, Any]:
    """The fields of a ``contract.EncodeRequest``, all but its folder; they were tried."""
    layer = raster_layer_of(inputs)
    extent = None
    if inputs.is_given(EXTENT):
        extent = inputs.extent(EXTENT, layer.crs())
    fields = {
        "raster": raster_of_layer(layer, INPUT, bands_of(inputs), extent),
        "layer_name": layer_folder_name(layer),
        **encoding_of(inputs),
    }
    for field, key in (("overlap", OVERLAP), ("resolution_scale", RESOLUTION_SCALE)):
        if inputs.is_given(key):
            fields[field] = inputs.number(key)
    contract.EncodeRequest(output=".", **fields)
    return fields
