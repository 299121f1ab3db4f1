"""``geosam:segmentseries`` in projects and models, and with the real engine."""

import shutil
from pathlib import Path

import pytest

pytest.importorskip("qgis.core")

from qgis.core import (
    Qgis,
    QgsProcessing,
    QgsProcessingModelAlgorithm,
    QgsProcessingModelChildAlgorithm,
    QgsProcessingModelChildParameterSource,
    QgsProcessingModelOutput,
    QgsProcessingModelParameter,
    QgsProcessingOutputLayerDefinition,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterRasterLayer,
    QgsProject,
    QgsVectorLayer,
)

from tests.algorithms.scene import (
    SQUARES,
    Run,
    box_wkt,
    image,
    iou,
    map_box,
    memory_layer,
    write_raster,
)
from tests.algorithms.series_stand_in import Use, prompts, rasters, run, stand_in

pytestmark = pytest.mark.usefixtures("qgis_application")

Source = QgsProcessingModelChildParameterSource


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Use:
    return stand_in(monkeypatch)


def test_loaded_layer_is_played_by_the_time_slider(use: Use, tmp_path: Path) -> None:
    import processing

    use((1, 2), (3, 4))
    project = QgsProject.instance()
    boxes = prompts("date:string,name:string", [("x", "a"), ("x", "b")])
    project.addMapLayer(boxes)
    try:
        processing.runAndLoadResults(
            "geosam:segmentseries",
            {
                "INPUTS": rasters(tmp_path, ["p_2014", "p_2015"]),
                "PROMPTS": boxes.id(),
                "DEVICE": False,
                "OUTPUT": QgsProcessingOutputLayerDefinition("TEMPORARY_OUTPUT", project),
            },
        )
        (layer,) = [each for each in project.mapLayers().values() if each.name() == "Objects"]
        assert isinstance(layer, QgsVectorLayer)
        temporal = layer.temporalProperties()
        assert temporal.isActive()
        assert temporal.mode() == Qgis.VectorTemporalMode.FeatureDateTimeStartAndEndFromFields
        assert (temporal.startField(), temporal.endField()) == ("date_2", "date_end")
        assert layer.fields().lookupField("date_2") >= 0
        labels = [each.label() for each in layer.renderer().categories()]
        assert labels == ["2014", "2015"]
    finally:
        project.clear()


def test_outputs_feed_other_algorithms_in_a_model(use: Use, tmp_path: Path) -> None:
    use((100, 0), (400, 900))
    one, two = rasters(tmp_path, ["p_2014", "p_2015"])
    model = QgsProcessingModelAlgorithm("two dates")
    kinds = QgsProcessing.SourceType
    for definition in (
        QgsProcessingParameterRasterLayer("ONE", "One"),
        QgsProcessingParameterRasterLayer("TWO", "Two"),
        QgsProcessingParameterFeatureSource("PROMPTS", "Prompts", [kinds.TypeVectorPolygon]),
    ):
        model.addModelParameter(definition, QgsProcessingModelParameter(definition.name()))
    follow = QgsProcessingModelChildAlgorithm("geosam:segmentseries")
    follow.setChildId("follow")
    follow.addParameterSources(
        "INPUTS", [Source.fromModelParameter("ONE"), Source.fromModelParameter("TWO")]
    )
    follow.addParameterSources("PROMPTS", [Source.fromModelParameter("PROMPTS")])
    follow.addParameterSources("DEVICE", [Source.fromStaticValue(False)])
    model.addChildAlgorithm(follow)
    for child, output, name, value in (
        ("outlines", "OUTPUT", "state", "seen"),
        ("series", "SERIES", "state", "gone"),
        ("summary", "SUMMARY", "gone", "1"),
    ):
        extract = QgsProcessingModelChildAlgorithm("native:extractbyattribute")
        extract.setChildId(child)
        extract.addParameterSources("INPUT", [Source.fromChildOutput("follow", output)])
        extract.addParameterSources("FIELD", [Source.fromStaticValue(name)])
        extract.addParameterSources("VALUE", [Source.fromStaticValue(value)])
        result = QgsProcessingModelOutput("FOUND")
        result.setChildId(child)
        result.setChildOutputName("OUTPUT")
        extract.setModelOutputs({"FOUND": result})
        model.addChildAlgorithm(extract)
    sinks = {each.name(): "memory:" for each in model.destinationParameterDefinitions()}
    done = Run(model, {"ONE": one, "TWO": two, "PROMPTS": prompts(), **sinks})
    found = {sink.partition(":")[0]: done.rows(sink) for sink in sinks}
    assert [row["area_m2"] for row in found["outlines"]] == [100, 400, 900]
    assert [row["name"] for row in found["series"]] == ["a"]
    assert [row["name"] for row in found["summary"]] == ["a"]


@pytest.mark.slow
def test_squares_are_followed_by_the_engine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEOSAM_CACHE_FOLDER", str(tmp_path / "live"))
    first = image()
    second = first.copy()
    ground = first[:, :40, :40].mean()
    column, row, side = SQUARES[0]
    second[:, row : row + side, column + 65 : column + side] = ground
    column, row, side = SQUARES[1]
    second[:, row : row + side, column : column + side] = ground
    third = first.copy()
    column, row, side = SQUARES[2]
    third[:, row - 20 : row + side + 20, column - 20 : column + side + 20] = 0
    paths = [
        str(write_raster(tmp_path / f"scene_{year}.tif", values, nodata=0))
        for year, values in ((2014, first), (2015, second), (2016, third))
    ]
    squares = [(box_wkt(map_box(square)), str(at)) for at, square in enumerate(SQUARES)]
    done = Run(
        "geosam:segmentseries",
        {
            "INPUTS": paths,
            "PROMPTS": memory_layer("Polygon", squares),
            "DEVICE": False,
            "MIN_CONTRAST": 20,
            "OUTPUT": "memory:",
        },
    )
    rows = {(row["name"], row["date"].year()): row for row in done.rows("OUTPUT")}
    assert len(rows) == 12
    states = {key: row["state"] for key, row in rows.items() if row["state"] != "seen"}
    assert states == {("1", 2015): "gone", ("2", 2016): "not seen"}
    assert -50 < rows["0", 2015]["change_percent"] < -20
    for at, square in enumerate(SQUARES):
        assert iou(rows[str(at), 2014].geometry(), map_box(square)) > 0.7
    assert iou(rows["1", 2016].geometry(), map_box(SQUARES[1])) > 0.7


@pytest.mark.slow
def test_feature_folders_are_followed(features: str, tmp_path: Path) -> None:
    for year in (2014, 2015):
        shutil.copytree(features, tmp_path / f"scene_{year}")
    squares = [(box_wkt(map_box(square)), str(at)) for at, square in enumerate(SQUARES)]
    done = run(
        tmp_path,
        FEATURES=[str(tmp_path)],
        PROMPTS=memory_layer("Polygon", squares),
        START="last",
        DIRECTION="backward",
    )
    assert done.layer("OUTPUT").crs().authid() == "EPSG:32632"
    rows = {(row["name"], row["date"].year()): row for row in done.rows("OUTPUT")}
    assert len(rows) == 8
    for at, square in enumerate(SQUARES):
        for year in (2014, 2015):
            assert iou(rows[str(at), year].geometry(), map_box(square)) > 0.7
        assert rows[str(at), 2015]["prompted"] and not rows[str(at), 2014]["prompted"]
