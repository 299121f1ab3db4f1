"""From a model's name to polygons, on a machine that has no checkpoint yet."""

from __future__ import annotations

from qgis.core import (
    QgsProcessingModelAlgorithm,
    QgsProcessingParameterEnum,
    QgsProcessingParameterString,
)

from geosam_processing.algorithms.download_model import DOWNLOADABLE
from workflows import inputs, outputs
from workflows.builder import Input, Workflow, output_of

FILE = "downloadandsegment.model3"


def build() -> QgsProcessingModelAlgorithm:
    workflow = Workflow(
        "Download a model and segment",
        "Fetches an official model, if it is not there yet, encodes a raster with it, and turns a "
        "layer of points or boxes into polygons. What an earlier run fetched or encoded into the "
        "same folder is used again.",
    )
    _add_inputs(workflow)
    workflow.add_step(
        "download",
        "geosam:downloadmodel",
        "Download the model",
        MODEL=Input("MODEL"),
        MIRROR=Input("MIRROR"),
    )
    workflow.add_step(
        "encode",
        "geosam:encoderaster",
        "Encode the raster",
        INPUT=Input("RASTER"),
        CHECKPOINT=output_of("download", "CHECKPOINT"),
        STRIDE=inputs.stride(workflow),
    )
    workflow.add_step(
        "segment",
        "geosam:segmentprompts",
        "Segment the prompts",
        FEATURES=output_of("encode", "OUTPUT"),
        PROMPTS=Input("PROMPTS"),
        CHECKPOINT=output_of("download", "CHECKPOINT"),
    )
    outputs.add_features(workflow)
    workflow.add_output(
        "segment",
        "OUTPUT",
        "POLYGONS",
        "Polygons",
        "The objects, with the attributes of their prompts, score and area.",
    )
    outputs.add_unanswered(workflow)
    return workflow.finished()


def _add_inputs(workflow: Workflow) -> None:
    inputs.add_raster(workflow, "RASTER", "Raster", "The image that the objects are seen in.")
    inputs.add_prompts(workflow)
    workflow.add_input(
        QgsProcessingParameterEnum(
            "MODEL",
            "Model",
            list(DOWNLOADABLE),
            defaultValue="sam2.1_hiera_tiny",
            usesStaticStrings=True,
        ),
        "An official model. tiny is the quickest without a GPU; base_plus is finer.",
    )
    inputs.add_stride(workflow)
    workflow.add_input(
        QgsProcessingParameterString("MIRROR", "Mirror", optional=True),
        "Address of a folder that has the checkpoints under their official names. None: the "
        "makers' own server.",
    )
