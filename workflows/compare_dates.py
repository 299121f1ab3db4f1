"""Two rasters of one place and the same prompts to the change of each object's area."""

from __future__ import annotations

from qgis.core import (
    QgsProcessingModelAlgorithm,
    QgsProcessingParameterField,
    QgsProcessingParameterNumber,
)

from workflows import inputs
from workflows.builder import Input, Source, Workflow, output_of

FILE = "comparedates.model3"

DECIMAL = QgsProcessingParameterNumber.Type.Double
# Field types of native:fieldcalculator.
NUMBER, TEXT = 0, 2
TEXT_LENGTH = 10


def build() -> QgsProcessingModelAlgorithm:
    workflow = Workflow(
        "Compare two dates",
        "Segments the same prompts in two rasters of one place, and tells for each object its area "
        "before and after, the change in square meters and in percent. An object that has no "
        "polygon on one of the dates has an area of 0 then; one that has none on both is left out.",
    )
    inputs.add_raster(workflow, "BEFORE", "Raster before", "The earlier image.")
    inputs.add_raster(workflow, "AFTER", "Raster after", "The later image.")
    inputs.add_prompts(workflow)
    workflow.add_input(
        QgsProcessingParameterField(
            "OBJECT_FIELD", "Object id field", parentLayerParameterName="PROMPTS"
        ),
        "Tells the objects apart; prompts with the same value are one object.",
    )
    inputs.add_model(workflow)
    inputs.add_stride(workflow)
    workflow.add_input(
        QgsProcessingParameterNumber(
            "MIN_SCORE", "Minimum score (0 to 1)", DECIMAL, defaultValue=0.5, minValue=0, maxValue=1
        ),
        "An object whose mask has a lower score, as the model estimates it, is gone.",
    )
    workflow.add_input(
        QgsProcessingParameterNumber(
            "MIN_CONTRAST",
            "Minimum contrast (gray levels)",
            DECIMAL,
            defaultValue=10,
            minValue=0,
            maxValue=255,
        ),
        "An object that differs less from its surroundings is gone: a model outlines something at "
        "every prompt, also where the ground is bare.",
    )
    workflow.add_input(
        QgsProcessingParameterNumber(
            "MIN_CONTRAST",
            "Minimum contrast (gray levels)",
            DECIMAL,
            defaultValue=0,
            minValue=0,
            maxValue=255,
        ),
        "An object that differs less from its surroundings is not there. 0 does not check.",
    )
    _add_date(workflow, "before", "BEFORE")
    _add_date(workflow, "after", "AFTER")
    _add_comparison(workflow)
    return workflow.finished()


def _add_date(workflow: Workflow, date: str, raster: str) -> None:
    workflow.add_step(
        f"encode_{date}",
        "geosam:encoderaster",
        f"Encode the raster {date}",
        INPUT=Input(raster),
        MODEL=Input("MODEL"),
        STRIDE=inputs.stride(workflow),
    )
    workflow.add_step(
        f"segment_{date}",
        "geosam:segmentprompts",
        f"Segment {date}",
        FEATURES=output_of(f"encode_{date}", "OUTPUT"),
        PROMPTS=Input("PROMPTS"),
        OBJECT_FIELD=Input("OBJECT_FIELD"),
        LARGEST_PART=True,
        MIN_SCORE=Input("MIN_SCORE"),
        MIN_CONTRAST=Input("MIN_CONTRAST"),
    )
    workflow.add_output(
        f"segment_{date}",
        "OUTPUT",
        f"POLYGONS_{date.upper()}",
        f"Polygons {date}",
        f"The objects as they are {date}.",
    )


def _add_comparison(workflow: Workflow) -> None:
    _add_join(workflow, "there", "after", "before")
    _add_field(workflow, "later", output_of("there", "OUTPUT"), "outline", "'after'", TEXT)
    _add_join(workflow, "gone", "before", "after")
    _add_field(workflow, "earlier", output_of("gone", "NON_MATCHING"), "outline", "'before'", TEXT)
    workflow.add_step(
        "all",
        "native:mergevectorlayers",
        "Objects of both dates",
        LAYERS=[output_of("later", "OUTPUT"), output_of("earlier", "OUTPUT")],
    )
    step = "all"
    for field, formula in (
        ("before_m2", 'if("outline" = \'before\', "area_m2", coalesce("before_area_m2", 0))'),
        ("after_m2", 'if("outline" = \'before\', 0, "area_m2")'),
        ("change_m2", '"after_m2" - "before_m2"'),
        ("change_percent", 'if("before_m2" > 0, 100 * ("change_m2" / "before_m2"), NULL)'),
    ):
        _add_field(workflow, field, output_of(step, "OUTPUT"), field, formula, NUMBER)
        step = field
    workflow.add_step(
        "changes",
        "native:deletecolumn",
        "Drop what the steps left",
        INPUT=output_of(step, "OUTPUT"),
        COLUMN="area_m2;before_area_m2;layer;path",
    )
    workflow.add_output(
        "changes",
        "OUTPUT",
        "CHANGES",
        "Changes",
        "An object a row: before_m2, after_m2 and change_m2 in square meters, change_percent. The "
        "outline is that of the later date, or of the earlier one if the object is gone: the "
        "field outline tells.",
    )


def _add_join(workflow: Workflow, step: str, date: str, other: str) -> None:
    """The objects of a date with their area at the other one; and those not found there."""
    workflow.add_step(
        step,
        "native:joinattributestable",
        f"Objects {date}, their area {other}",
        INPUT=output_of(f"segment_{date}", "OUTPUT"),
        FIELD=Input("OBJECT_FIELD"),
        INPUT_2=output_of(f"segment_{other}", "OUTPUT"),
        FIELD_2=Input("OBJECT_FIELD"),
        FIELDS_TO_COPY="area_m2",
        METHOD=1,  # the first match: there is one polygon an object
        PREFIX=f"{other}_",
    )


def _add_field(
    workflow: Workflow, step: str, layer: Source, field: str, formula: str, kind: int
) -> None:
    workflow.add_step(
        step,
        "native:fieldcalculator",
        f"Calculate {field}",
        INPUT=layer,
        FIELD_NAME=field,
        FIELD_TYPE=kind,
        # Of a text without a length QGIS 3.22 makes one of a single character.
        FIELD_LENGTH=TEXT_LENGTH if kind == TEXT else 0,
        FIELD_PRECISION=0 if kind == TEXT else 3,
        FORMULA=formula,
    )
