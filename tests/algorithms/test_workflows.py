"""The graphical models that come with GeoSAM."""

import dataclasses
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Callable

import pytest

pytest.importorskip("qgis.core")

from qgis.core import (
    Qgis,
    QgsExpression,
    QgsExpressionContext,
    QgsExpressionContextScope,
    QgsGeometry,
    QgsProcessingModelAlgorithm,
)

from geosam_processing.algorithms.workflow import Workflow, workflow_files
from geosam_processing.contract.catalogue import CATALOGUE
from geosam_processing.contract.folders import bundled_folder
from tests.algorithms.file_server import FileServer
from tests.algorithms.scene import (
    EPSG,
    HEIGHT,
    LEFT,
    SQUARES,
    TOP,
    Run,
    box_wkt,
    image,
    iou,
    map_box,
    memory_layer,
    write_raster,
)
from workflows.__main__ import write

pytestmark = pytest.mark.usefixtures("qgis_application")

Measure = Callable[..., list[float]]

FILES = workflow_files()


def model_in(path: Path) -> QgsProcessingModelAlgorithm:
    model = QgsProcessingModelAlgorithm()
    assert model.fromFile(str(path))
    return model


def boxes(count: int = len(SQUARES)) -> Any:
    rows = [(box_wkt(map_box(square)), str(at)) for at, square in enumerate(SQUARES[:count])]
    return memory_layer("Polygon", rows)


@pytest.fixture
def measure(
    record_property: Callable[[str, object], None],
    record_testsuite_property: Callable[[str, object], None],
) -> Measure:
    """The IoU of each square with the object that fits it best, also for ``make versions``."""

    def measured(workflow: str, rows: list[Any], squares: Sequence[Any] = SQUARES) -> list[float]:
        shapes = [row.geometry() for row in rows]
        found = [max(iou(shape, map_box(square)) for shape in shapes) for square in squares]
        record_testsuite_property("qgis", Qgis.QGIS_VERSION)
        record_property(f"iou {workflow}", " ".join(f"{each:.4f}" for each in found))
        return found

    return measured


def test_there_are_some() -> None:
    assert {path.stem for path in FILES} >= {
        "segmentraster",
        "segmenttiles",
        "encodeasrecommended",
        "downloadandsegment",
        "comparedates",
        "segmentandcompare",
        "segmentandcover",
        "lakesfromindex",
    }


@pytest.mark.skipif(
    Qgis.QGIS_VERSION_INT >= 32300, reason="written with the oldest version, for all to open"
)
def test_files_are_what_the_code_writes(tmp_path: Path) -> None:
    written = write(tmp_path)
    assert sorted(path.name for path in written) == [path.name for path in FILES]
    for path in FILES:
        assert model_in(path).toVariant() == model_in(tmp_path / path.name).toVariant()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_provider_has_it(path: Path, algorithms: dict[str, Any]) -> None:
    workflow = algorithms[path.stem]
    assert workflow.group() == "Workflows"
    assert workflow.canExecute() == (True, "")
    assert workflow.displayName() != path.stem
    assert workflow.helpUrl().endswith(("/docs/workflows.md", "/build/site/workflows.html"))
    copy = workflow.create()
    assert isinstance(copy, Workflow) and copy.name() == path.stem


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_everything_has_help(path: Path) -> None:
    model = model_in(path)
    help_content = model.helpContent()
    assert help_content["ALG_DESC"]
    names = [definition.name() for definition in model.parameterDefinitions()]
    assert [name for name in names if not help_content.get(name)] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_step_is_known_and_complete(path: Path) -> None:
    model = model_in(path)
    for step in model.childAlgorithms():
        good, problems = model.validateChildAlgorithm(step)
        assert good, (step, problems)


def test_a_raster_into_clean_polygons(raster: Path, tmp_path: Path, measure: Measure) -> None:
    squares = boxes()
    parameters = {
        "RASTER": str(raster),
        "PROMPTS": squares,
        "encode:FEATURES": str(tmp_path / "features"),
        "segment:UNANSWERED": "memory:",
        "clean:POLYGONS": "memory:",
    }
    run = Run("geosam:segmentraster", {**parameters, "FOR": "buildings", "TOLERANCE": 4})
    assert (tmp_path / "features" / "manifest.parquet").is_file()
    square_rows = run.rows("clean:POLYGONS")
    assert sorted(row["name"] for row in square_rows) == ["0", "1", "2", "3"]
    for row in square_rows:
        shape = iou(row.geometry(), map_box(SQUARES[int(row["name"])]))
        assert shape > 0.7
    measure("segmentraster, FOR=buildings", square_rows)
    round_rows = Run("geosam:segmentraster", parameters).rows("clean:POLYGONS")
    assert vertices(round_rows) > 2 * vertices(square_rows)
    assert min(measure("segmentraster, FOR=curves", round_rows)) > 0.6
    # The bundled model meets this one best.
    (second,) = (row for row in square_rows if row["name"] == "1")
    assert second["method"] == "right angles" and right_angles(second) == 4
    assert second["moved_m"] <= 4 and iou(second.geometry(), map_box(SQUARES[1])) > 0.95


def test_everything_into_a_map_without_overlaps(
    raster: Path, tmp_path: Path, measure: Measure
) -> None:
    run = Run(
        "geosam:segmentandcover",
        {
            "RASTER": str(raster),
            "MIN_AREA": 4000,
            "encode:FEATURES": str(tmp_path / "features"),
            "clean:OBJECTS": "memory:",
        },
    )
    assert (tmp_path / "features" / "scale_4" / "manifest.parquet").is_file()
    shapes = [row.geometry() for row in run.rows("clean:OBJECTS")]
    measure("segmentandcover", run.rows("clean:OBJECTS"))
    for square in SQUARES:
        assert sum(iou(shape, map_box(square)) > 0.6 for shape in shapes) == 1
    for at, shape in enumerate(shapes):
        assert all(shape.intersection(other).area() < 1 for other in shapes[at + 1 :])


def test_an_index_into_lakes(tmp_path: Path, measure: Measure) -> None:
    """Green and red alike; water is dark in near infrared, land is bright."""
    values = image(4)
    values[3] = 255 - values[3]
    scene = write_raster(tmp_path / "scene.tif", values)
    run = Run(
        "geosam:lakesfromindex",
        {
            "RASTER": str(scene),
            "encode:FEATURES": str(tmp_path / "features"),
            "prompts:POINTS": "memory:",
            "segment:LAKES": "memory:",
            "segment:UNANSWERED": "memory:",
        },
    )
    assert len(run.rows("prompts:POINTS")) == 7 * len(SQUARES)
    assert not run.rows("segment:UNANSWERED")
    lakes = run.rows("segment:LAKES")
    assert len(lakes) == len(SQUARES)
    measure("lakesfromindex", lakes)
    for square in SQUARES:
        assert sum(iou(lake.geometry(), map_box(square)) > 0.7 for lake in lakes) == 1


def right_angles(row: Any) -> int:
    """How many corners of an outline are within two degrees of 90."""
    ring = row.geometry().asMultiPolygon()[0][0][:-1]
    turns = [
        ring[at - 1].azimuth(ring[at]) - ring[at - 2].azimuth(ring[at - 1])
        for at in range(len(ring))
    ]
    return sum(abs(abs((turn + 180) % 360 - 180) - 90) < 2 for turn in turns)


def test_the_stride_is_half_a_patch_of_the_model() -> None:
    """Unless the user says otherwise."""
    for file, step in (
        ("segmentraster", "encode"),
        ("comparedates", "encode_after"),
        ("downloadandsegment", "encode"),
        ("segmentandcover", "encode"),
        ("lakesfromindex", "encode"),
    ):
        model = model_in(bundled_folder() / f"{file}.model3")
        (source,) = model.childAlgorithm(step).parameterSources()["STRIDE"]
        for values, stride in (
            ({"MODEL": "geosam_nano"}, 256),
            ({"MODEL": "vit_b"}, 512),
            ({"MODEL": "vit_b", "STRIDE": 300}, 300),
        ):
            scope = QgsExpressionContextScope()
            for name in ("MODEL", "STRIDE"):
                scope.setVariable(name, values.get(name))
            context = QgsExpressionContext()
            context.appendScope(scope)
            assert QgsExpression(source.expression()).evaluate(context) == stride


def test_segmented_objects_are_compared_with_a_reference(
    raster: Path, tmp_path: Path, measure: Measure
) -> None:
    """Boxes for three squares of four; the fourth one is missed."""
    page = tmp_path / "page.html"
    parameters = {
        "RASTER": str(raster),
        "PROMPTS": boxes(3),
        "REFERENCE": boxes(),
        "compare:PAGE": str(page),
        "compare:FIGURES": "memory:",
        "compare:MATCHES": "memory:",
        "compare:MISSED": "memory:",
        "encode:FEATURES": str(tmp_path / "features"),
    }
    run = Run("geosam:segmentandcompare", parameters)
    assert sorted(row["name"] for row in run.rows("compare:MATCHES")) == ["0", "1", "2"]
    assert [row["name"] for row in run.rows("compare:MISSED")] == ["3"]
    measure("segmentandcompare", run.rows("compare:MATCHES"), SQUARES[:3])
    (total, *_) = run.rows("compare:FIGURES")
    assert (total["precision"], total["recall"]) == (1, 0.75)
    assert total["ap50"] == pytest.approx(76 / 101)
    assert "data:image/jpeg" in page.read_text(encoding="utf-8")


def vertices(rows: list[Any]) -> int:
    return sum(row.geometry().constGet().nCoordinates() for row in rows)


def test_two_dates(tmp_path: Path) -> None:
    before = image()
    after = before.copy()
    column, row, side = SQUARES[0]
    # The first square shrinks to its left half; the last one is beyond the later image.
    after[:, row : row + side, column + side // 2 : column + side] = before[:, :side, : side // 2]
    parameters = {
        "BEFORE": str(write_raster(tmp_path / "before.tif", before)),
        "AFTER": str(write_raster(tmp_path / "after.tif", after[:, :, :450])),
        "PROMPTS": boxes(),
        "OBJECT_FIELD": "name",
        "MIN_SCORE": 0,
        "segment_before:POLYGONS_BEFORE": "memory:",
        "segment_after:POLYGONS_AFTER": "memory:",
        "changes:CHANGES": "memory:",
    }
    rows = {
        row["name"]: row for row in Run("geosam:comparedates", parameters).rows("changes:CHANGES")
    }
    assert {name: row["outline"] for name, row in rows.items()} == {
        "0": "after",
        "1": "after",
        "2": "after",
        "3": "before",
    }
    assert -65 < rows["0"]["change_percent"] < -30
    assert abs(rows["2"]["change_percent"]) < 5
    assert rows["3"]["after_m2"] == 0 and rows["3"]["change_percent"] == -100
    for row in rows.values():
        assert row["change_m2"] == pytest.approx(row["after_m2"] - row["before_m2"])
        side = SQUARES[int(row["name"])][2]
        assert row["before_m2"] == pytest.approx(side**2, rel=0.35)


def test_an_online_map_into_areas(
    raster: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, measure: Measure
) -> None:
    monkeypatch.setenv("GEOSAM_CACHE_FOLDER", str(tmp_path / "live"))
    x_minimum, y_minimum, x_maximum, y_maximum = map_box(SQUARES[2])
    # The third square twice, by boxes that overlap; the last one is outside of the area.
    rows = [
        (box_wkt(map_box(SQUARES[0])), "0"),
        (box_wkt((x_minimum, y_minimum, x_maximum, y_maximum)), "2"),
        (box_wkt((x_minimum - 3, y_minimum, x_maximum, y_maximum + 3)), "2"),
        (box_wkt(map_box(SQUARES[3])), "3"),
    ]
    area = f"{LEFT},{LEFT + 400},{TOP - HEIGHT},{TOP} [EPSG:{EPSG}]"
    parameters = {
        "LAYER": str(raster),
        "PROMPTS": memory_layer("Polygon", rows),
        "AREA": area,
        "objects:OBJECTS": "memory:",
        "statistics:STATISTICS": "memory:",
    }
    run = Run("geosam:segmenttiles", parameters)
    objects = run.rows("objects:OBJECTS")
    assert len(objects) == 2
    measure("segmenttiles", objects, [SQUARES[0], SQUARES[2]])
    for row in objects:
        assert max(iou(row.geometry(), map_box(SQUARES[at])) for at in (0, 2)) > 0.7
        assert row["object_m2"] == pytest.approx(row.geometry().area(), rel=0.002)
    (statistics,) = run.rows("statistics:STATISTICS")
    assert statistics["objects"] == 2
    assert statistics["total_m2"] == pytest.approx(sum(row["object_m2"] for row in objects))
    assert statistics["smallest_m2"] == pytest.approx(min(row["object_m2"] for row in objects))


def test_a_model_that_is_not_there_yet(
    raster: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, measure: Measure
) -> None:
    # The bundled model in the place of vit_b: the engine sees by its weights which it is.
    body = (bundled_folder() / CATALOGUE["geosam_nano"].official_file).read_bytes()
    known: dict[str, Any] = {"size": len(body), "sha256": hashlib.sha256(body).hexdigest()}
    monkeypatch.setitem(CATALOGUE, "vit_b", dataclasses.replace(CATALOGUE["vit_b"], **known))
    monkeypatch.setenv("GEOSAM_MODEL_FOLDER", str(tmp_path / "models"))
    server = FileServer(body)
    parameters = {
        "RASTER": str(raster),
        "PROMPTS": boxes(),
        "MODEL": "vit_b",
        "MIRROR": server.url,
        "encode:FEATURES": str(tmp_path / "features"),
        "segment:POLYGONS": "memory:",
    }
    try:
        run = Run("geosam:downloadandsegment", parameters)
        rows = run.rows("segment:POLYGONS")
        assert sorted(row["name"] for row in rows) == ["0", "1", "2", "3"]
        assert min(measure("downloadandsegment", rows)) > 0.6
        assert (tmp_path / "models" / CATALOGUE["vit_b"].official_file).read_bytes() == body
        Run("geosam:downloadandsegment", parameters)
        assert len(server.asked) == 1
    finally:
        server.close()


def test_encoding_as_recommended_has_the_objects_whole(raster: Path, tmp_path: Path) -> None:
    # Larger than half a patch, in the middle between two: whole only with a smaller stride
    # or larger pixels.
    objects = [
        (box_wkt((LEFT + 100, TOP - 420, LEFT + 600, TOP - 20)), "wide"),
        (box_wkt(map_box(SQUARES[0])), "small"),
    ]
    run = Run(
        "geosam:encodeasrecommended",
        {
            "RASTER": str(raster),
            "OBJECTS": memory_layer("Polygon", objects),
            "SHARE": 100,
            "encode:FEATURES": str(tmp_path / "features"),
            "encode:PATCHES": "memory:",
            "preview:OBJECT_FITS": "memory:",
        },
    )
    assert (tmp_path / "features" / "manifest.parquet").is_file()
    patches = [row.geometry() for row in run.rows("encode:PATCHES")]
    for wkt, _ in objects:
        whole = QgsGeometry.fromWkt(wkt)
        assert any(patch.contains(whole) for patch in patches)
    assert len(run.rows("preview:OBJECT_FITS")) == 2
