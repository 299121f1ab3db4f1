"""The ways in which QGIS feeds algorithms: iteration, expressions, other algorithms' outputs."""

from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("qgis.core")

from osgeo import ogr
from qgis.core import (
    QgsExpressionContext,
    QgsExpressionContextScope,
    QgsProcessingContext,
    QgsProcessingModelAlgorithm,
    QgsProcessingModelChildAlgorithm,
    QgsProcessingModelChildParameterSource,
    QgsProcessingModelOutput,
    QgsProcessingModelParameter,
    QgsProcessingOutputLayerDefinition,
    QgsProcessingParameterFeatureSource,
    QgsProject,
    QgsProperty,
)

from tests.algorithms.scene import (
    SQUARES,
    Feedback,
    Run,
    box_wkt,
    destination_key,
    map_box,
    memory_layer,
)

pytestmark = pytest.mark.usefixtures("qgis_application")

Source = QgsProcessingModelChildParameterSource


def boxes() -> Any:
    rows = [(box_wkt(map_box(square)), str(at)) for at, square in enumerate(SQUARES)]
    return memory_layer("Polygon", rows)


def test_iterating_over_prompts_gives_a_file_an_object(
    algorithms: Any, features: str, tmp_path: Path
) -> None:
    from processing.gui.AlgorithmExecutor import executeIterating

    layer = boxes()
    QgsProject.instance().addMapLayer(layer)
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    parameters = {
        "FEATURES": features,
        "PROMPTS": layer.id(),
        "DEVICE": False,
        "OUTPUT": str(tmp_path / "object.gpkg"),
    }
    try:
        algorithm = algorithms["segmentprompts"]
        assert executeIterating(algorithm, parameters, "PROMPTS", context, Feedback())
    finally:
        QgsProject.instance().removeMapLayer(layer.id())
    files = [ogr.Open(str(path)) for path in sorted(tmp_path.glob("*.gpkg"))]
    assert [file.GetLayer(0).GetFeatureCount() for file in files] == [1, 1, 1, 1]


def test_numbers_and_choices_may_be_expressions(raster: Path, tmp_path: Path) -> None:
    scope = QgsExpressionContextScope("project")
    scope.setVariable("stride", 128)
    scope.setVariable("gpu", False)
    expressions = QgsExpressionContext()
    expressions.appendScope(scope)
    context = QgsProcessingContext()
    context.setExpressionContext(expressions)
    import processing

    results = processing.run(
        "geosam:encoderaster",
        {
            "INPUT": str(raster),
            "STRIDE": QgsProperty.fromExpression("@stride / 1"),
            "MODEL": QgsProperty.fromExpression("'geosam' || '_nano'"),
            "DEVICE": QgsProperty.fromExpression("@gpu"),
            "OUTPUT": "TEMPORARY_OUTPUT",
        },
        context=context,
        feedback=Feedback(),
    )
    assert results["PATCH_COUNT"] == 2
    assert Path(results["MANIFEST"]).is_file()


@pytest.mark.parametrize(
    ("key", "expression"),
    [
        ("POINT", "make_point({x}, {y})"),
        ("EXTENT", "buffer(make_point({x}, {y}), {half})"),
        ("EXTENT", "'{left},{right},{bottom},{top}'"),
    ],
)
def test_places_may_be_expressions(
    key: str, expression: str, raster: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEOSAM_CACHE_FOLDER", str(tmp_path / "live"))
    left, bottom, right, top = map_box(SQUARES[0])
    formula = expression.format(
        x=(left + right) / 2,
        y=(bottom + top) / 2,
        half=(right - left) / 2,
        left=left,
        right=right,
        bottom=bottom,
        top=top,
    )
    run = Run(
        "geosam:segmentlive",
        {
            "INPUT": str(raster),
            key: QgsProperty.fromExpression(formula),
            "DEVICE": False,
            "OUTPUT": "memory:",
        },
    )
    assert run.results["OBJECT_COUNT"] == 1


def test_bands_may_be_an_expression(raster: Path) -> None:
    run = Run(
        "geosam:encoderaster",
        {
            "INPUT": str(raster),
            "BANDS": QgsProperty.fromExpression("array(3, 2, 1)"),
            "DEVICE": False,
            "OUTPUT": "TEMPORARY_OUTPUT",
        },
    )
    assert run.results["PATCH_COUNT"] == 2


def nothing() -> Any:
    """What the batch dialog gives for a layer that is not wanted."""
    return QgsProcessingOutputLayerDefinition("", QgsProject.instance())


@pytest.mark.parametrize(
    ("algorithm", "keys"),
    [
        ("encoderaster", ["PATCHES"]),
        ("previewpatches", ["PATCHES", "COMPARISON", "OBJECT_FITS"]),
        ("segmentlive", ["UNANSWERED"]),
    ],
)
def test_the_batch_dialog_may_leave_layers_out(
    algorithm: str, keys: list[str], raster: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEOSAM_CACHE_FOLDER", str(tmp_path / "live"))
    parameters: dict[str, Any] = {"INPUT": str(raster), **{key: nothing() for key in keys}}
    if algorithm == "segmentlive":
        parameters["PROMPTS"] = boxes()
    if algorithm != "previewpatches":
        parameters["OUTPUT"] = "TEMPORARY_OUTPUT"
    run = Run(f"geosam:{algorithm}", parameters)
    assert [run.results.get(key) for key in keys] == [None] * len(keys)


def test_a_workflow_in_the_batch_dialog(raster: Path, tmp_path: Path) -> None:
    parameters = {
        "RASTER": str(raster),
        "PROMPTS": boxes(),
        "encode:FEATURES": "TEMPORARY_OUTPUT",
        "segment:UNANSWERED": nothing(),
        "clean:POLYGONS": "memory:",
    }
    assert len(Run("geosam:segmentraster", parameters).rows("clean:POLYGONS")) == 4


def test_a_models_next_step_takes_numbers_and_folders(features: str) -> None:
    model = QgsProcessingModelAlgorithm("Count", "GeoSAM")
    prompts = QgsProcessingParameterFeatureSource("prompts", "prompts")
    model.addModelParameter(prompts, QgsProcessingModelParameter("prompts"))
    segment = QgsProcessingModelChildAlgorithm("geosam:segmentprompts")
    segment.setChildId("segment")
    segment.addParameterSources("FEATURES", [Source.fromStaticValue(features)])
    segment.addParameterSources("PROMPTS", [Source.fromModelParameter("prompts")])
    segment.addParameterSources("DEVICE", [Source.fromStaticValue(False)])
    model.addChildAlgorithm(segment)
    count = QgsProcessingModelChildAlgorithm("native:fieldcalculator")
    count.setChildId("count")
    count.addParameterSources("INPUT", [Source.fromChildOutput("segment", "OUTPUT")])
    count.addParameterSources("FIELD_NAME", [Source.fromStaticValue("of")])
    count.addParameterSources(
        "FORMULA", [Source.fromExpression("to_string(@segment_OBJECT_COUNT)")]
    )
    output = QgsProcessingModelOutput("counted", "counted")
    output.setChildId("count")
    output.setChildOutputName("OUTPUT")
    count.setModelOutputs({"counted": output})
    model.addChildAlgorithm(count)
    counted = destination_key(model)
    run = Run(model, {"prompts": boxes(), counted: "memory:"})
    assert [row["of"] for row in run.rows(counted)] == [4, 4, 4, 4]
