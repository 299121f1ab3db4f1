"""Raster and prompts to objects, and how well they agree with a reference."""

from __future__ import annotations

from qgis.core import (
    QgsProcessing,
    QgsProcessingModelAlgorithm,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterNumber,
)

from workflows import inputs, outputs
from workflows.builder import Input, Workflow, output_of

FILE = "segmentandcompare.model3"
DECIMAL = QgsProcessingParameterNumber.Type.Double


def build() -> QgsProcessingModelAlgorithm:
    workflow = Workflow(
        "Segment and compare",
        "Encodes a raster, turns a layer of points or boxes into polygons, and compares these with "
        "a reference: how many are right, how many references were found, and how well outlines "
        "and areas fit. Try a model and its settings on a small area before you map all objects.",
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
    )
    workflow.add_step(
        "compare",
        "geosam:assessaccuracy",
        "Compare with the reference",
        OBJECTS=output_of("segment", "OUTPUT"),
        REFERENCE=Input("REFERENCE"),
        AREA=Input("AREA"),
        IOU=Input("IOU"),
        SCORE_FIELD="score",
        RASTER=Input("RASTER"),
    )
    _add_outputs(workflow)
    return workflow.finished()


def _add_inputs(workflow: Workflow) -> None:
    polygons = [QgsProcessing.SourceType.TypeVectorPolygon]
    inputs.add_raster(workflow, "RASTER", "Raster", "The image that the objects are seen in.")
    inputs.add_prompts(workflow)
    workflow.add_input(
        QgsProcessingParameterFeatureSource("REFERENCE", "Reference", polygons),
        "The true polygons. To try boxes, it can be the prompts as well.",
    )
    workflow.add_input(
        QgsProcessingParameterFeatureSource("AREA", "Assessed area", polygons, optional=True),
        "Polygons in which the reference is complete. If not set, all counts.",
    )
    inputs.add_model(workflow)
    inputs.add_stride(workflow)
    workflow.add_input(
        QgsProcessingParameterNumber(
            "IOU",
            "Minimum IoU of a match (0 to 1)",
            DECIMAL,
            defaultValue=0.5,
            minValue=0.01,
            maxValue=1,
        ),
        "An object matches a reference if their shared area is at least this share of the area of "
        "both together.",
    )


def _add_outputs(workflow: Workflow) -> None:
    for output, name, title, help_text in (
        ("PAGE", "PAGE", "Page", "All figures, charts, and pictures of the worst cases."),
        ("TABLE", "FIGURES", "Figures", "All figures as a table."),
        ("MATCHES", "MATCHES", "Matches", "The objects that match a reference."),
        ("MISSED", "MISSED", "Missed references", "The references without a match."),
        ("FALSE_ALARMS", "FALSE_ALARMS", "False alarms", "The objects without a match."),
    ):
        workflow.add_output("compare", output, name, title, help_text)
    outputs.add_features(workflow)
    outputs.add_unanswered(workflow)
