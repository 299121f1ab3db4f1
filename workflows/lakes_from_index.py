"""Lakes of a multispectral raster, without prompts of one's own."""

from __future__ import annotations

from qgis.core import (
    QgsProcessingModelAlgorithm,
    QgsProcessingParameterBand,
    QgsProcessingParameterNumber,
)

from workflows import inputs, outputs
from workflows.builder import Input, Workflow, output_of

FILE = "lakesfromindex.model3"
DECIMAL = QgsProcessingParameterNumber.Type.Double


def build() -> QgsProcessingModelAlgorithm:
    workflow = Workflow(
        "Lakes from an index",
        "Computes the water index NDWI of a raster, makes points and boxes of the water in it, and "
        "segments these in the raster: the index tells where lakes are, the model where they end. "
        "The features can be kept.",
    )
    inputs.add_raster(workflow, "RASTER", "Raster", "An image with green and near infrared.")
    for name, title, band in (
        ("GREEN", "Band of green", 2),
        ("NIR", "Band of near infrared", 4),
    ):
        workflow.add_input(
            QgsProcessingParameterBand(
                name, title, band, parentLayerParameterName="RASTER", optional=True
            ),
            f"Counts from 1. If not set, {band}.",
        )
    for name, title, default, help_text in (
        (
            "THRESHOLD",
            "Threshold of the index",
            0.1,
            "Water is where the index (-1 to 1) is at least as high.",
        ),
        (
            "MIN_AREA",
            "Minimum area (square meters)",
            1000,
            "Smaller lakes are left out.",
        ),
    ):
        workflow.add_input(
            QgsProcessingParameterNumber(name, title, DECIMAL, defaultValue=default), help_text
        )
    inputs.add_model(workflow)
    inputs.add_stride(workflow)
    workflow.add_step(
        "index",
        "gdal:rastercalculator",
        "Compute the index",
        INPUT_A=Input("RASTER"),
        BAND_A=Input("GREEN"),
        INPUT_B=Input("RASTER"),
        BAND_B=Input("NIR"),
        # Whole numbers could not hold a difference below 0.
        FORMULA="(A.astype(float)-B)/(A.astype(float)+B)",
    )
    workflow.add_step(
        "prompts",
        "geosam:promptsfromraster",
        "Make prompts of the index",
        INPUT=output_of("index", "OUTPUT"),
        THRESHOLD=Input("THRESHOLD"),
        MIN_AREA=Input("MIN_AREA"),
        POSITIVE=3,
        NEGATIVE=4,
    )
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
        "Segment the lakes",
        FEATURES=output_of("encode", "OUTPUT"),
        PROMPTS=output_of("prompts", "POINTS"),
        BOXES=output_of("prompts", "BOXES"),
        OBJECT_FIELD="object",
        LABEL_FIELD="label",
    )
    workflow.add_output(
        "segment", "OUTPUT", "LAKES", "Lakes", "The lakes, with score, stability and area."
    )
    workflow.add_output(
        "prompts", "POINTS", "POINTS", "Points", "On the lakes (label 1) and beside them (0)."
    )
    outputs.add_features(workflow)
    outputs.add_unanswered(workflow)
    return workflow.finished()
