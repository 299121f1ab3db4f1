"""Raster and prompts to clean polygons."""

from __future__ import annotations

from qgis.core import (
    QgsProcessingModelAlgorithm,
    QgsProcessingParameterEnum,
    QgsProcessingParameterNumber,
)

from geosam_processing.contract import OUTLINE_KINDS
from workflows import inputs, outputs
from workflows.builder import Input, Workflow, output_of

FILE = "segmentraster.model3"
DECIMAL = QgsProcessingParameterNumber.Type.Double


def build() -> QgsProcessingModelAlgorithm:
    workflow = Workflow(
        "Segment a raster and clean up",
        "Encodes a raster, turns a layer of points or boxes into polygons, and cleans these up: "
        "fills holes, and draws buildings with right angles, fields with shared borders, or ponds "
        "with smooth shores. The features can be kept for the next prompts.",
    )
    _add_inputs(workflow)
    workflow.add_step(
        "encode",
        "geosam:encoderaster",
        "Encode the raster",
        INPUT=Input("RASTER"),
        MODEL=Input("MODEL"),
        STRIDE=inputs.stride(workflow),
    )
    workflow.add_step(
        "segment",
        "geosam:segmentprompts",
        "Segment the prompts",
        FEATURES=output_of("encode", "OUTPUT"),
        PROMPTS=Input("PROMPTS"),
        LARGEST_PART=True,
        FILL_HOLES=Input("HOLES"),
    )
    _add_cleaning(workflow)
    outputs.add_features(workflow)
    outputs.add_unanswered(workflow)
    return workflow.finished()


def _add_inputs(workflow: Workflow) -> None:
    inputs.add_raster(workflow, "RASTER", "Raster", "The image that the objects are seen in.")
    inputs.add_prompts(workflow)
    inputs.add_model(workflow)
    inputs.add_stride(workflow)
    workflow.add_input(
        QgsProcessingParameterNumber(
            "HOLES", "Fill holes up to (square meters)", DECIMAL, defaultValue=100, minValue=0
        ),
        "Smaller holes are filled. 0 fills none.",
    )
    workflow.add_input(
        QgsProcessingParameterEnum(
            "FOR",
            "Objects",
            list(OUTLINE_KINDS),
            defaultValue="curves",
            usesStaticStrings=True,
        ),
        "How outlines are drawn: buildings with straight walls and right angles, fields with "
        "straight borders that neighbors share, curves smooth, as for ponds and tree crowns.",
    )
    workflow.add_input(
        QgsProcessingParameterNumber(
            "TOLERANCE", "Tolerance (meters)", DECIMAL, optional=True, minValue=0
        ),
        "How far an outline may move. If not set, 2.5 pixels.",
    )


def _add_cleaning(workflow: Workflow) -> None:
    workflow.add_step(
        "clean",
        "geosam:cleanoutlines",
        "Clean outlines",
        INPUT=output_of("segment", "OUTPUT"),
        FOR=Input("FOR"),
        TOLERANCE=Input("TOLERANCE"),
    )
    workflow.add_output(
        "clean",
        "OUTPUT",
        "POLYGONS",
        "Polygons",
        "The objects, with the attributes of their prompts, score and area as segmented, and how "
        "far their outlines were moved.",
    )
