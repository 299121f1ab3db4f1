"""An output is never a file that the run reads, nor that of another output."""

import os
import shutil
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("qgis.core")

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingOutputLayerDefinition,
    QgsProject,
    QgsVectorFileWriter,
    QgsVectorLayer,
)

from geosam_processing.qgis_tools.inputs import Inputs
from geosam_processing.qgis_tools.overwriting import overwritten
from tests.algorithms.scene import SQUARES, Run, centre, memory_layer, point_wkt

pytestmark = pytest.mark.usefixtures("qgis_application")

INPUTS = {"source", "vector", "raster", "layer", "file"}
OUTPUTS = {"sink", "fileDestination", "rasterDestination", "vectorDestination"}


def write(path: Path, *names: str) -> Path:
    """A file with a layer of each name."""
    for number, name in enumerate(names):
        options = QgsVectorFileWriter.SaveVectorOptions()
        options.layerName = name
        options.driverName = QgsVectorFileWriter.driverForExtension(path.suffix[1:])
        if number:
            options.actionOnExistingFile = (
                QgsVectorFileWriter.ActionOnExistingFile.CreateOrOverwriteLayer
            )
        layer = memory_layer("Point", [(point_wkt(*centre(SQUARES[0])), name)])
        QgsVectorFileWriter.writeAsVectorFormatV3(
            layer, str(path), QgsProject.instance().transformContext(), options
        )
    return path


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A GeoPackage with the layers prompts and parcels."""
    return write(tmp_path / "project.gpkg", "prompts", "parcels")


def problem(algorithms: dict[str, Any], **parameters: Any) -> str:
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    return overwritten(Inputs(algorithms["segmentprompts"], parameters, context))


def test_every_pair_of_every_algorithm(
    algorithms: dict[str, Any], tmp_path: Path, raster: Path
) -> None:
    vector = write(tmp_path / "x.gpkg", "prompts")
    shutil.copy(raster, tmp_path / "x.tif")
    pairs = 0
    for algorithm in algorithms.values():
        definitions = algorithm.parameterDefinitions()
        outputs = [each.name() for each in definitions if each.type() in OUTPUTS]
        for definition in definitions:
            if definition.type() not in INPUTS:
                continue
            path = str(tmp_path / "x.tif") if definition.type() == "raster" else str(vector)
            for output in outputs:
                parameters = {definition.name(): path, output: path}
                found = overwritten(Inputs(algorithm, parameters, QgsProcessingContext()))
                assert f"{output} ({path}) is a file of {definition.name()}" in found
                pairs += 1
        for one, other in zip(outputs, outputs[1:]):
            same = str(tmp_path / "new.gpkg")
            parameters = {one: same, other: same}
            found = overwritten(Inputs(algorithm, parameters, QgsProcessingContext()))
            assert f"{one} and {other} are the same file ({same})" in found
    assert pairs > 40


def test_every_spelling_of_a_file(
    algorithms: dict[str, Any], project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "link.gpkg").symlink_to(project)
    (tmp_path / "folder").symlink_to(tmp_path, target_is_directory=True)
    os.link(project, tmp_path / "hard.gpkg")
    layer = QgsVectorLayer(f"{project}|layername=prompts|subset=name = 'prompts'", "p", "ogr")
    QgsProject.instance().addMapLayer(layer)
    virtual = QgsVectorLayer(f"?layer_ref={layer.id()}", "v", "virtual")
    assert virtual.isValid()
    inputs = (
        str(project),
        f"{project}|layername=prompts",
        "project.gpkg",
        "link.gpkg",
        layer,
        layer.id(),
        virtual,
    )
    outputs = (
        str(project),
        "project.gpkg",
        f"./../{tmp_path.name}/project.gpkg",
        "folder/project.gpkg",
        "link.gpkg",
        "hard.gpkg",
        f"file://{project}",
        QgsProcessingOutputLayerDefinition(str(project), QgsProject.instance()),
        "ogr:dbname='project.gpkg' table=\"prompts\" (geom)",
        f"ogr:dbname='{project}' table=\"PROMPTS\" (geom)",
    )
    try:
        for prompts in inputs:
            for output in outputs:
                found = problem(algorithms, PROMPTS=prompts, OUTPUT=output)
                assert "is a file of PROMPTS" in found, (prompts, output)
    finally:
        QgsProject.instance().removeMapLayer(layer.id())


def test_archives_shapefiles_and_virtual_rasters(
    algorithms: dict[str, Any], tmp_path: Path, raster: Path
) -> None:
    from osgeo import gdal

    write(tmp_path / "points.shp", "points")
    shutil.make_archive(str(tmp_path / "points"), "zip", tmp_path)
    for source, output in (
        ("points.shp", "points.dbf"),
        ("points.dbf", "points.shp"),
        ("/vsizip/{}/points.zip/points.shp", "points.zip"),
    ):
        given = source.format(tmp_path) if source.startswith("/") else str(tmp_path / source)
        assert problem(algorithms, PROMPTS=given, OUTPUT=str(tmp_path / output)), source
    shutil.copy(raster, tmp_path / "part.png")
    gdal.BuildVRT(str(tmp_path / "all.vrt"), [str(tmp_path / "part.png")]).FlushCache()
    parameters = {"INPUT": str(tmp_path / "all.vrt"), "PREVIEW": str(tmp_path / "part.png")}
    assert "PREVIEW" in overwritten(
        Inputs(algorithms["previewpatches"], parameters, QgsProcessingContext())
    )


def test_what_is_no_conflict(algorithms: dict[str, Any], project: Path, tmp_path: Path) -> None:
    """Another layer of the prompts' GeoPackage, memory, a file of the same name elsewhere."""
    for output in (
        f"ogr:dbname='{project}' table=\"res\" (geom)",
        "TEMPORARY_OUTPUT",
        "memory:project",
        str(tmp_path / "other.gpkg"),
        str(tmp_path / "below" / "project.gpkg"),
    ):
        found = problem(
            algorithms, PROMPTS=f"{project}|layername=prompts", OUTPUT=output, UNANSWERED=None
        )
        assert found == "", output
    two = {
        "OUTPUT": f"ogr:dbname='{project}' table=\"a\" (geom)",
        "UNANSWERED": f"ogr:dbname='{project}' table=\"b\" (geom)",
    }
    assert problem(algorithms, **two) == ""
    assert problem(algorithms, **{**two, "UNANSWERED": two["OUTPUT"]})
    assert problem(algorithms, **{**two, "UNANSWERED": str(project)})


def test_files_of_a_feature_folder(algorithms: dict[str, Any], features: str) -> None:
    manifest = next(Path(features).rglob("manifest.parquet"))
    assert "FEATURES" in problem(algorithms, FEATURES=features, OUTPUT=str(manifest))
    assert problem(algorithms, FEATURES=features, OUTPUT=f"{features}/objects.gpkg") == ""


def test_a_run_leaves_the_prompts(features: str, project: Path) -> None:
    before = project.read_bytes()
    parameters = {
        "FEATURES": features,
        "PROMPTS": f"{project}|layername=prompts",
        "OUTPUT": str(project),
        "DEVICE": False,
    }
    with pytest.raises(QgsProcessingException, match="OUTPUT .* is a file of PROMPTS"):
        Run("geosam:segmentprompts", parameters)
    assert project.read_bytes() == before


def test_a_refused_run_leaves_the_older_output(features: str, project: Path) -> None:
    output = write(project.with_name("old.gpkg"), "old")
    before = output.read_bytes()
    parameters = {
        "FEATURES": features,
        "PROMPTS": f"{project}|layername=prompts",
        "OUTPUT": str(output),
        "CHECKPOINT": "mistyped.pt",
        "DEVICE": False,
    }
    with pytest.raises(QgsProcessingException, match="mistyped"):
        Run("geosam:segmentprompts", parameters)
    assert output.read_bytes() == before
