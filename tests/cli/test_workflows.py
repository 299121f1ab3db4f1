"""Graphical models run by their path, as a server would."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy
import pytest

pytest.importorskip("qgis.core")

from osgeo import ogr, osr

from geosam_processing.contract.folders import bundled_folder
from tests.algorithms.file_server import FileServer
from tests.algorithms.scene import EPSG, SQUARES, box_wkt, image, map_box, write_raster
from tests.algorithms.tile_server import TileServer, tile_bounds

# Metres on the ground of a metre of the map, at the 60 degrees north of the tiles below.
MERCATOR_SCALE = 0.4987


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with scene.tif and boxes.gpkg."""
    folder = tmp_path_factory.mktemp("work")
    write_raster(folder / "scene.tif", image())
    write_boxes(folder / "boxes.gpkg", EPSG, [map_box(square) for square in SQUARES])
    return folder


def write_boxes(path: Path, epsg: int, boxes: list[tuple[float, float, float, float]]) -> None:
    """A layer of boxes, named by their numbers."""
    crs = osr.SpatialReference()
    crs.ImportFromEPSG(epsg)
    source = ogr.GetDriverByName("GPKG").CreateDataSource(str(path))
    layer = source.CreateLayer("boxes", crs, ogr.wkbPolygon)
    layer.CreateField(ogr.FieldDefn("name", ogr.OFTString))
    for name, box in enumerate(boxes):
        feature = ogr.Feature(layer.GetLayerDefn())
        feature["name"] = str(name)
        feature.SetGeometry(ogr.CreateGeometryFromWkt(box_wkt(box)))
        layer.CreateFeature(feature)


def run(
    qgis_process: Any,
    workflow: str,
    folder: Path,
    variables: Mapping[str, str] = MappingProxyType({}),
    **parameters: str,
) -> str:
    """The log of a model that is run by its path. A colon in a key is written as two _."""
    values = [f"{key.replace('__', ':')}={value}" for key, value in parameters.items()]
    path = bundled_folder() / f"{workflow}.model3"
    answer = qgis_process("run", str(path), "--", *values, cwd=folder, variables=variables)
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
        clean__POLYGONS=str(folder / "polygons.gpkg"),
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
    # A pixel may flip: sums of floats depend on how many threads share them.
    assert [row["change_m2"] for row in changes] == pytest.approx([0] * 4, abs=4)


def test_an_online_map_into_areas(qgis_process: Any, folder: Path, tmp_path: Path) -> None:
    zoom, first_x, first_y = 17, 70000, 38000

    def pixels(zoom: int, x: int, y: int) -> numpy.ndarray:
        """A bright square in the middle of each tile."""
        tile = numpy.random.default_rng(x + y).integers(40, 56, (3, 256, 256)).astype(numpy.uint8)
        tile[:, 64:192, 64:192] += 170
        return tile

    def square(x: int, y: int) -> tuple[float, float, float, float]:
        left, bottom, right, top = tile_bounds(zoom, x, y)
        quarter = (right - left) / 4
        return left + quarter, bottom + quarter, right - quarter, top - quarter

    places = [(first_x, first_y), (first_x + 1, first_y), (first_x + 20, first_y)]
    write_boxes(tmp_path / "boxes.gpkg", 3857, [square(*place) for place in places])
    left, bottom, _, top = tile_bounds(zoom, first_x, first_y)
    server = TileServer(pixels)
    try:
        run(
            qgis_process,
            "segmenttiles",
            tmp_path,
            LAYER=f"wms://{server.uri(zmin=zoom, zmax=zoom)}",
            PROMPTS="boxes.gpkg",
            AREA=f"{left},{square(*places[1])[2]},{bottom},{top} [EPSG:3857]",
            objects__OBJECTS=str(tmp_path / "objects.gpkg"),
            statistics__STATISTICS=str(tmp_path / "statistics.gpkg"),
            variables={"GEOSAM_CACHE_FOLDER": str(tmp_path / "live")},
        )
    finally:
        server.close()
    (statistics,) = rows(tmp_path / "statistics.gpkg")
    assert statistics["objects"] == 2
    objects = ogr.Open(str(tmp_path / "objects.gpkg"))
    outlines = [row.GetGeometryRef().Clone() for row in objects.GetLayer(0)]
    for place in places[:2]:
        box = ogr.CreateGeometryFromWkt(box_wkt(square(*place)))
        assert (
            max(box.Intersection(each).Area() / box.Union(each).Area() for each in outlines) > 0.5
        )
    # A metre of the map is half a metre on the ground here.
    expected = sum(each.Area() for each in outlines) * MERCATOR_SCALE**2
    assert statistics["total_m2"] == pytest.approx(expected, rel=0.01)


def test_a_model_that_no_server_has(qgis_process: Any, folder: Path, tmp_path: Path) -> None:
    server = FileServer(b"")
    server.faults = [404]
    values = {
        "RASTER": "scene.tif",
        "PROMPTS": "boxes.gpkg",
        "MIRROR": server.url,
        "encode:FEATURES": str(tmp_path / "features"),
        "segment:POLYGONS": str(tmp_path / "polygons.gpkg"),
    }
    answer = qgis_process(
        "run",
        str(bundled_folder() / "downloadandsegment.model3"),
        "--",
        *(f"{key}={value}" for key, value in values.items()),
        cwd=folder,
        variables={"GEOSAM_MODEL_FOLDER": str(tmp_path / "models")},
    )
    server.close()
    said = answer.stdout + answer.stderr
    assert "sam2.1_hiera_tiny.pt cannot be downloaded: the server answers 404" in said
    assert not list(tmp_path.rglob("*.pt")) and not (tmp_path / "features").exists()
