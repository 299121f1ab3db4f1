"""A raster and example objects to features at the resolution and stride that suit these."""

from __future__ import annotations

from qgis.core import (
    QgsProcessing,
    QgsProcessingModelAlgorithm,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterNumber,
)

from workflows import inputs
from workflows.builder import Input, Workflow, output_of

FILE = "encodeasrecommended.model3"


def build() -> QgsProcessingModelAlgorithm:
    workflow = Workflow(
        "Encode as recommended",
        "Looks at a few example objects, finds the resolution and the stride at which objects like "
        "them lie whole in a patch, and encodes the raster so. The features are then ready for "
        "Segment from prompts.",
    )
    inputs.add_raster(workflow, "RASTER", "Raster", "The image to encode.")
    workflow.add_input(
        QgsProcessingParameterFeatureSource(
            "OBJECTS", "Example objects", [QgsProcessing.SourceType.TypeVectorAnyGeometry]
        ),
        "Objects like those that you will segment, roughly drawn; their bounding boxes count.",
    )
    workflow.add_input(
        QgsProcessingParameterNumber(
            "SHARE",
            "Share of the objects to be whole in a patch (percent)",
            QgsProcessingParameterNumber.Type.Double,
            defaultValue=95,
            minValue=1,
            maxValue=100,
        ),
        "The rest, such as a few that are very large, may be cut.",
    )
    inputs.add_model(workflow)
    workflow.add_step(
        "preview",
        "geosam:previewpatches",
        "Find resolution and stride",
        INPUT=Input("RASTER"),
        OBJECTS=Input("OBJECTS"),
        SHARE=Input("SHARE"),
        MODEL=Input("MODEL"),
    )
    workflow.add_step(
        "encode",
        "geosam:encoderaster",
        "Encode the raster so",
        INPUT=Input("RASTER"),
        MODEL=Input("MODEL"),
        RESOLUTION=output_of("preview", "RECOMMENDED_RESOLUTION"),
        STRIDE=output_of("preview", "RECOMMENDED_STRIDE"),
    )
    workflow.add_output(
        "preview",
        "OBJECT_FITS",
        "OBJECT_FITS",
        "Objects in their patches",
        "The example objects, and how they lie in the patches before the recommendation.",
    )
    workflow.add_output("encode", "PATCHES", "PATCHES", "Patches", "The patches as encoded.")
    workflow.add_output("encode", "OUTPUT", "FEATURES", "Features", "The feature folder.")
    return workflow.finished()
