"""A tile layer, an extent and prompts to polygons without overlaps, and their areas."""

from __future__ import annotations

from qgis.core import (
    QgsProcessingModelAlgorithm,
    QgsProcessingParameterExtent,
    QgsProcessingParameterNumber,
)

from workflows import inputs, outputs
from workflows.builder import Input, Workflow, output_of

FILE = "segmenttiles.model3"

# On an equal-area projection, because the meters of web maps are not those on the ground.
_AREA = "area(transform($geometry, @layer_crs, 'EPSG:6933'))"


def build() -> QgsProcessingModelAlgorithm:
    workflow = Workflow(
        "Segment an online map",
        "Segments the prompts of an area straight on a tile layer or another raster layer, merges "
        "polygons that overlap or touch, and tells the number and areas of the objects. Only the "
        "patches around the prompts are fetched and encoded; they stay in the live cache for the "
        "next run.",
    )
    inputs.add_raster(workflow, "LAYER", "Tile layer", "XYZ, WMTS, WMS, or any raster layer.")
    inputs.add_prompts(workflow)
    workflow.add_input(
        QgsProcessingParameterExtent("AREA", "Area"), "Prompts outside of it are left out."
    )
    inputs.add_model(workflow)
    workflow.add_input(
        QgsProcessingParameterNumber(
            "RESOLUTION",
            "Resolution (meters)",
            QgsProcessingParameterNumber.Type.Double,
            optional=True,
            minValue=0,
        ),
        "Size of a pixel at which the layer is looked at. None: as fine as it is.",
    )
    _add_segmentation(workflow)
    _add_areas(workflow)
    return workflow.finished()


def _add_segmentation(workflow: Workflow) -> None:
    workflow.add_step(
        "within",
        "native:extractbyextent",
        "Prompts in the area",
        INPUT=Input("PROMPTS"),
        EXTENT=Input("AREA"),
    )
    workflow.add_step(
        "segment",
        "geosam:segmentlive",
        "Segment without encoding",
        INPUT=Input("LAYER"),
        PROMPTS=output_of("within", "OUTPUT"),
        MODEL=Input("MODEL"),
        RESOLUTION=Input("RESOLUTION"),
        LARGEST_PART=True,
        SIMPLIFY=1,
    )
    outputs.add_unanswered(workflow)


def _add_areas(workflow: Workflow) -> None:
    workflow.add_step(
        "merge",
        "native:dissolve",
        "Merge what overlaps",
        INPUT=output_of("segment", "OUTPUT"),
    )
    workflow.add_step(
        "parts",
        "native:multiparttosingleparts",
        "An object each",
        INPUT=output_of("merge", "OUTPUT"),
    )
    workflow.add_step(
        "area",
        "native:fieldcalculator",
        "Measure areas",
        INPUT=output_of("parts", "OUTPUT"),
        FIELD_NAME="object_m2",
        FIELD_TYPE=0,  # a decimal number
        FIELD_PRECISION=3,
        FORMULA=_AREA,
    )
    workflow.add_step(
        "objects",
        "native:retainfields",
        "Keep the area",
        INPUT=output_of("area", "OUTPUT"),
        FIELDS="object_m2",
    )
    workflow.add_output(
        "objects",
        "OUTPUT",
        "OBJECTS",
        "Objects",
        "The objects without overlaps, with their area in square meters, object_m2.",
    )
    workflow.add_step(
        "statistics",
        "native:aggregate",
        "Count and sum",
        INPUT=output_of("objects", "OUTPUT"),
        GROUP_BY="NULL",
        AGGREGATES=[
            _aggregate(function, f"{name}_m2" if name != "objects" else name)
            for name, function in (
                ("objects", "count"),
                ("total", "sum"),
                ("mean", "mean"),
                ("smallest", "minimum"),
                ("largest", "maximum"),
            )
        ],
    )
    workflow.add_output(
        "statistics",
        "OUTPUT",
        "STATISTICS",
        "Area statistics",
        "One row: number of objects, total, mean, smallest and largest area in square meters.",
    )


def _aggregate(function: str, name: str) -> dict[str, object]:
    """A column of native:aggregate: a decimal number."""
    return {
        "aggregate": function,
        "delimiter": "",
        "input": '"object_m2"',
        "length": 0,
        "name": name,
        "precision": 3,
        "type": 6,
    }
