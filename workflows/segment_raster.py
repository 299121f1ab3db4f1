"""Raster and prompts to clean polygons."""

from __future__ import annotations

from qgis.core import (
    QgsProcessingModelAlgorithm,
    QgsProcessingParameterEnum,
    QgsProcessingParameterNumber,
)

from workflows import inputs, outputs
from workflows.builder import Input, Workflow, expression, output_of

FILE = "segmentraster.model3"
DECIMAL = QgsProcessingParameterNumber.Type.Double


def build() -> QgsProcessingModelAlgorithm:
    workflow = Workflow(
        "Segment a raster and clean up",
        "Encodes a raster, turns a layer of points or boxes into polygons, and cleans these up: "
        "fills holes, drops superfluous vertices, and rounds or squares the outlines. The features "
        "can be kept for the next prompts.",
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
        SIMPLIFY=Input("SIMPLIFY"),
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
            "SIMPLIFY", "Simplify by (pixels)", DECIMAL, defaultValue=1, minValue=0
        ),
        "How far outlines may be moved to have fewer vertices. 0: they follow the pixels.",
    )
    workflow.add_input(
        QgsProcessingParameterNumber(
            "HOLES", "Fill holes up to (square map units)", DECIMAL, defaultValue=100, minValue=0
        ),
        "Smaller holes are filled. 0: none.",
    )
    workflow.add_input(
        QgsProcessingParameterEnum(
            "OUTLINE",
            "Outlines",
            ["as they are", "round", "square"],
            defaultValue="round",
            usesStaticStrings=True,
        ),
        "round smooths, for ponds and crowns; square straightens edges and turns near-right angles "
        "into right ones, for buildings.",
    )


def _add_cleaning(workflow: Workflow) -> None:
    outline = workflow.formula("OUTLINE")
    workflow.add_step(
        "holes",
        "native:deleteholes",
        "Fill holes",
        INPUT=output_of("segment", "OUTPUT"),
        MIN_AREA=Input("HOLES"),
    )
    workflow.add_step(
        "edges",
        "native:geometrybyexpression",
        "Round or straighten outlines",
        INPUT=output_of("holes", "OUTPUT"),
        OUTPUT_GEOMETRY=0,  # polygons
        # Right angles need straight edges: corners that are less than 8 % of the object's width
        # from the line between their neighbours go.
        EXPRESSION=f"case when {outline} = 'round' then smooth($geometry, 2, 0.25) "
        f"when {outline} = 'square' then simplify($geometry, 0.08 * sqrt(area($geometry))) "
        "else $geometry end",
    )
    workflow.add_step(
        "square",
        "native:orthogonalize",
        "Square outlines",
        INPUT=output_of("edges", "OUTPUT"),
        # No angle is within a tolerance of 0, so all stay as they are.
        ANGLE_TOLERANCE=expression(f"if({outline} = 'square', 25, 0)"),
    )
    workflow.add_step(
        "valid", "native:fixgeometries", "Repair outlines", INPUT=output_of("square", "OUTPUT")
    )
    workflow.add_output(
        "valid",
        "OUTPUT",
        "POLYGONS",
        "Polygons",
        "The objects, with the attributes of their prompts, score and area as segmented.",
    )
