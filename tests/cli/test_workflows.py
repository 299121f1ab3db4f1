"""Graphical models run by their path, as a server would."""

from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("qgis.core")

from osgeo import ogr, osr

from geosam_processing.package_folders import bundled_folder
from tests.algorithms.scene import EPSG, SQUARES, box_wkt, image, map_box, write_raster


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with scene.tif and boxes.gpkg."""
    folder = tmp_path_factory.mktemp("work")
    write_raster(folder / "scene.tif", image())
    crs = osr.SpatialReference()
    crs.ImportFromEPSG(EPSG)
    source = ogr.GetDriverByName("GPKG").CreateDataSource(str(folder / "boxes.gpkg"))
    layer = source.CreateLayer("boxes", crs, ogr.wkbPolygon)
    layer.CreateField(ogr.FieldDefn("name", ogr.OFTString))
    for name, square in enumerate(SQUARES):
        feature = ogr.Feature(layer.GetLayerDefn())
        feature["name"] = str(name)
        feature.SetGeometry(ogr.CreateGeometryFromWkt(box_wkt(map_box(square))))
        layer.CreateFeature(feature)
    return folder


def run(qgis_process: Any, workflow: str, folder: Path, **parameters: str) -> str:
    """The log of a model that is run by its path. A colon in a key is written as two _."""
    values = [f"{key.replace('__', ':')}={value}" for key, value in parameters.items()]
    path = bundled_folder() / f"{workflow}.model3"
    answer = qgis_process("run", str(path), "--", *values, cwd=folder)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    log: str = answer.stdout
    return log


def rows(path: Path) -> list[dict[str, Any]]:
    source = ogr.Open(str(path))
    return [row.items() for row in source.GetLayer(0)]


def test_a_raster_into_clean_polygons(qgis_process: Any, folder: Path) -> None:
    log = run(
        qgis_process,
        "segmentraster",
        folder,
        RASTER="scene.tif",
        PROMPTS="boxes.gpkg",
        encode__FEATURES=str(folder / "features"),
        valid__POLYGONS=str(folder / "polygons.gpkg"),
    )
    assert {row["name"] for row in rows(folder / "polygons.gpkg")} == {"0", "1", "2", "3"}
    # As with the stride of Encode raster, had the workflow not passed on its own.
    assert "The patches do not overlap" not in log


def test_two_dates(qgis_process: Any, folder: Path) -> None:
    run(
        qgis_process,
        "comparedates",
        folder,
        BEFORE="scene.tif",
        AFTER="scene.tif",
        PROMPTS="boxes.gpkg",
        OBJECT_FIELD="name",
        segment_before__POLYGONS_BEFORE="TEMPORARY_OUTPUT",
        segment_after__POLYGONS_AFTER="TEMPORARY_OUTPUT",
        changes__CHANGES=str(folder / "changes.gpkg"),
    )
    changes = rows(folder / "changes.gpkg")
    assert {row["name"] for row in changes} == {"0", "1", "2", "3"}
    assert [row["change_m2"] for row in changes] == [0, 0, 0, 0]
