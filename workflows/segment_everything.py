"""A raster to a map of objects without overlaps."""

from __future__ import annotations

from qgis.core import QgsProcessingModelAlgorithm, QgsProcessingParameterNumber

from workflows import inputs, outputs
from workflows.builder import Input, Workflow, output_of

FILE = "segmentandcover.model3"
DECIMAL = QgsProcessingParameterNumber.Type.Double


def build() -> QgsProcessingModelAlgorithm:
    workflow = Workflow(
        "Segment everything and clean up",
        "Encodes a raster in three scales, segments all objects without prompts, and makes a map "
        "without overlaps: holes are filled, outlines have fewer vertices, and every place belongs "
        "to at most one object. The features can be kept.",
    )
    inputs.add_raster(workflow, "RASTER", "Raster", "The image that the objects are seen in.")
    inputs.add_model(workflow)
    inputs.add_stride(workflow)
    for name, title, default, help_text in (
        (
            "MIN_AREA",
            "Minimum area (square meters)",
            0,
            "Smaller objects are left out. 0 keeps objects of all sizes.",
        ),
        (
            "HOLES",
            "Fill holes up to (square meters)",
            10,
            "Smaller holes are filled. 0 fills none.",
        ),
    ):
        workflow.add_input(
            QgsProcessingParameterNumber(name, title, DECIMAL, defaultValue=default, minValue=0),
            help_text,
        )
    workflow.add_step(
        "encode",
        "geosam:encoderaster",
        "Encode the raster",
        INPUT=Input("RASTER"),
        MODEL=Input("MODEL"),
        STRIDE=inputs.stride(workflow),
        SCALES="1,2,4",
    )
    workflow.add_step(
        "everything",
        "geosam:segmenteverything",
        "Segment everything",
        FEATURES=output_of("encode", "OUTPUT"),
        MIN_AREA=Input("MIN_AREA"),
        KEEP="coverage",
        FILL_HOLES=Input("HOLES"),
    )
    workflow.add_step(
        "clean",
        "geosam:cleanoutlines",
        "Clean outlines",
        INPUT=output_of("everything", "OUTPUT"),
        FOR="fields",
    )
    workflow.add_output(
        "clean",
        "OUTPUT",
        "OBJECTS",
        "Objects",
        "The objects without overlaps, with score, stability and area.",
    )
    outputs.add_features(workflow)
    return workflow.finished()
