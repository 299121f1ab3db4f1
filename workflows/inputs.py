"""Inputs that several workflows have."""

from __future__ import annotations

from qgis.core import (
    QgsProcessing,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterLayer,
)

from geosam_processing.algorithms.parameters import common
from workflows.builder import Source, Workflow, expression


def add_raster(workflow: Workflow, name: str, title: str, help_text: str) -> None:
    workflow.add_input(QgsProcessingParameterRasterLayer(name, title), help_text)


def add_prompts(workflow: Workflow) -> None:
    kinds = [QgsProcessing.SourceType.TypeVectorAnyGeometry]
    workflow.add_input(
        QgsProcessingParameterFeatureSource("PROMPTS", "Prompts", kinds),
        "A layer of points, or of polygons or lines, whose bounding boxes are the boxes; in any "
        "CRS. Each feature is one object.",
    )


def add_model(workflow: Workflow) -> None:
    definition = common.model_parameter()
    workflow.add_input(definition, definition.help())


def add_stride(workflow: Workflow) -> None:
    whole = QgsProcessingParameterNumber.Type.Integer
    workflow.add_input(
        QgsProcessingParameterNumber(
            "STRIDE", "Stride (pixels)", whole, optional=True, minValue=1, maxValue=1024
        ),
        "How far a patch is from the next. None: half a patch of the model, which lets every "
        "object of up to that size lie whole in some patch; smaller ones take longer.",
    )


def stride(workflow: Workflow) -> Source:
    """What the user gave, or half a patch of the model."""
    half = f"if({workflow.formula('MODEL')} = 'geosam_nano', 256, 512)"
    return expression(f"coalesce({workflow.formula('STRIDE')}, {half})")
