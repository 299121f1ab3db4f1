"""Both algorithms as a server runs them: by qgis_process, results read with GDAL."""

import re
from pathlib import Path
from typing import Any, Callable

import numpy
import pytest

pytest.importorskip("qgis.core")

from osgeo import ogr, osr

from tests.algorithms.scene import EPSG, SQUARES, centre, image, point_wkt, write_raster
from tests.algorithms.tile_server import TileServer, tile_bounds

Run = Callable[..., dict[str, Any]]


def write_points(path: Path) -> None:
    """A point in the middle of each square, in longitude and latitude, and one far away."""
    here, there = osr.SpatialReference(), osr.SpatialReference()
    here.ImportFromEPSG(EPSG)
    there.ImportFromEPSG(4326)
    for crs in (here, there):
        crs.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    transformation = osr.CoordinateTransformation(here, there)
    source = ogr.GetDriverByName("GPKG").CreateDataSource(str(path))
    layer = source.CreateLayer("points", there, ogr.wkbPoint)
    layer.CreateField(ogr.FieldDefn("name", ogr.OFTString))
    places = {f"s{number}": centre(square) for number, square in enumerate(SQUARES)}
    for name, (x, y) in {**places, "away": (400000.0, 5200000.0)}.items():
        feature = ogr.Feature(layer.GetLayerDefn())
        feature["name"] = name
        point = ogr.Geometry(ogr.wkbPoint)
        point.AddPoint_2D(*transformation.TransformPoint(x, y)[:2])
        feature.SetGeometry(point)
        layer.CreateFeature(feature)


def read(path: Path) -> tuple[str, list[dict[str, Any]]]:
    """The EPSG code and the rows of a file's first layer; a row's geometry is under ``wkt``."""
    source = ogr.Open(str(path))
    layer = source.GetLayer(0)
    rows = [{**row.items(), "wkt": row.GetGeometryRef().ExportToWkt()} for row in layer]
    return layer.GetSpatialRef().GetAuthorityCode(None), rows


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with ortho.tif and points.gpkg."""
    folder = tmp_path_factory.mktemp("work")
    write_raster(folder / "ortho.tif", image())
    write_points(folder / "points.gpkg")
    return folder


def test_lists_the_algorithms(qgis_process: Any) -> None:
    algorithms = qgis_process("list").stdout
    assert "geosam:encoderaster\tEncode raster" in algorithms
    assert "geosam:segmentprompts\tSegment from prompts" in algorithms
    assert "geosam:segmentlive\tSegment without encoding" in algorithms
    assert "geosam:clearcache\tClear live cache" in algorithms


@pytest.mark.parametrize("name", ["encoderaster", "segmentprompts", "segmentlive"])
def test_help_names_every_parameter(qgis_process: Any, name: str) -> None:
    text = qgis_process("help", f"geosam:{name}").stdout
    arguments = text.split("\nArguments\n")[1].split("\nOutputs\n")[0]
    blocks = re.split(r"^([A-Z_]+): .*$", arguments, flags=re.MULTILINE)[1:]
    assert len(blocks) // 2 >= 16
    assert all("Argument type" not in help_text[:20] for help_text in blocks[1::2])
    assert not re.search("<(p|b|br|h[1-6])>", text)


def test_encodes_and_segments_with_relative_paths(folder: Path, run: Run) -> None:
    encoded = run(
        "encoderaster", folder, INPUT="ortho.tif", OUTPUT="features/", PATCHES="patches.gpkg"
    )
    assert (encoded["PATCH_COUNT"], encoded["REUSED_COUNT"]) == (2, 0)
    assert (folder / "features" / "manifest.parquet").is_file()
    assert len(read(folder / "patches.gpkg")[1]) == 2

    segmented = run(
        "segmentprompts",
        folder,
        FEATURES="features/",
        PROMPTS="points.gpkg",
        OUTPUT="objects.gpkg",
        UNANSWERED="unanswered.gpkg",
    )
    assert (segmented["OBJECT_COUNT"], segmented["UNANSWERED_COUNT"]) == (4, 1)
    code, objects = read(folder / "objects.gpkg")
    assert code == str(EPSG)
    assert sorted(row["name"] for row in objects) == ["s0", "s1", "s2", "s3"]
    for row in objects:
        assert row["score"] > 0 and row["area_m2"] > 0
        geometry = ogr.CreateGeometryFromWkt(row["wkt"])
        assert geometry.GetGeometryName() == "MULTIPOLYGON"
        middle = ogr.CreateGeometryFromWkt(point_wkt(*centre(SQUARES[int(row["name"][1:])])))
        assert geometry.Contains(middle)
    code, (away,) = read(folder / "unanswered.gpkg")
    assert code == "4326" and away["name"] == "away" and away["reason"]

    again = run("encoderaster", folder, INPUT="ortho.tif", OUTPUT="features/")
    assert (again["PATCH_COUNT"], again["REUSED_COUNT"]) == (2, 2)


def test_segments_live_and_clears_the_cache(folder: Path, run: Run) -> None:
    parameters = {"INPUT": "ortho.tif", "PROMPTS": "points.gpkg", "OUTPUT": "live.gpkg"}
    first = run("segmentlive", folder, **parameters)
    assert (first["OBJECT_COUNT"], first["UNANSWERED_COUNT"]) == (4, 1)
    assert first["ENCODED_COUNT"] > 0 and first["CACHED_COUNT"] == 0
    code, objects = read(folder / "live.gpkg")
    assert code == str(EPSG)
    assert all(row["resolution_m"] == pytest.approx(1, rel=0.01) for row in objects)
    x, y = centre(SQUARES[2])
    again = run("segmentlive", folder, INPUT="ortho.tif", POINT=f"{x},{y}", OUTPUT="one.gpkg")
    assert (again["OBJECT_COUNT"], again["ENCODED_COUNT"]) == (1, 0)
    assert run("reportcache", folder)["COUNT"] == first["ENCODED_COUNT"]
    assert run("clearcache", folder)["REMOVED_COUNT"] == first["ENCODED_COUNT"]


def test_segments_live_on_tiles(folder: Path, run: Run) -> None:
    zoom, column, row = 17, 69_450, 38_090  # near Oslo

    def pixels(at_zoom: int, x: int, y: int) -> numpy.ndarray:
        values = numpy.full((3, 256, 256), 45, numpy.uint8)
        if (at_zoom, x, y) == (zoom, column, row):
            values[:, 60:180, 60:180] = 215
        return values

    left, bottom, right, top = tile_bounds(zoom, column, row)
    x, y = (left + right) / 2, (bottom + top) / 2
    server = TileServer(pixels)
    try:
        result = run(
            "segmentlive",
            folder,
            INPUT=f"wms://{server.uri(zmax=zoom)}",
            EXTENT=f"{left + 70},{right - 85},{bottom + 85},{top - 70} [EPSG:3857]",
            OUTPUT="tiles.gpkg",
        )
    finally:
        server.close()
    assert (result["OBJECT_COUNT"], result["ENCODED_COUNT"]) == (1, 1)
    code, (found,) = read(folder / "tiles.gpkg")
    assert code == "3857" and found["resolution_m"] == pytest.approx(0.597, rel=0.01)
    geometry = ogr.CreateGeometryFromWkt(found["wkt"])
    assert geometry.Contains(ogr.CreateGeometryFromWkt(point_wkt(x, y)))
    assert geometry.GetArea() == pytest.approx((120 * 1.194) ** 2, rel=0.4)


def test_exported_settings_run_unchanged(folder: Path, run: Run) -> None:
    shown = run(
        "previewpatches",
        folder,
        INPUT="ortho.tif",
        STRIDE=400,
        RANGE="0,255",
        EXTENT="500010,500500,4999600,4999900",
        RESOLUTION=1.5,
        SECONDS_PER_PATCH=1,
        OBJECTS="points.gpkg",
        PATCHES="preview.gpkg",
        SETTINGS_FILE="settings.json",
        PREVIEW="preview.png",
    )
    assert (folder / "preview.png").is_file() and shown["RECOMMENDED_STRIDE"] > 0
    encoded = run(
        "encoderaster",
        folder,
        INPUT="ortho.tif",
        SETTINGS="settings.json",
        OUTPUT="from_settings/",
        PATCHES="encoded.gpkg",
    )
    assert encoded["PATCH_COUNT"] == shown["PATCH_COUNT"] == shown["ESTIMATED_SECONDS"]
    previewed, written = read(folder / "preview.gpkg")[1], read(folder / "encoded.gpkg")[1]
    assert [(r["chip_id"], r["wkt"]) for r in previewed] == [
        (r["chip_id"], r["wkt"]) for r in written
    ]


def test_error_is_one_clean_sentence(folder: Path, qgis_process: Any) -> None:
    answer = qgis_process(
        "run", "geosam:encoderaster", "--", "INPUT=ortho.tif", "OUTPUT=bad", "BANDS=7", cwd=folder
    )
    assert "Invalid band number for BANDS (7): valid values for the input raster are 1 to 3" in (
        answer.stderr
    )
    assert "Traceback" not in answer.stdout + answer.stderr
    assert not (folder / "bad").exists()


def test_a_run_starts_one_engine_and_help_none(
    folder: Path, qgis_process: Any, environment: dict[str, str], tmp_path: Path
) -> None:
    starts = tmp_path / "starts"
    python = tmp_path / "python"
    engine = environment["GEOSAM_ENGINE_PYTHON"]
    python.write_text(f'#!/bin/sh\necho start >> "{starts}"\nexec "{engine}" "$@"\n')
    python.chmod(0o700)
    variables = {"GEOSAM_ENGINE_PYTHON": str(python)}
    assert qgis_process("help", "geosam:enginereport", variables=variables).returncode == 0
    assert not starts.exists()
    report = ("run", "geosam:enginereport", "--", "DEVICE=cpu")
    answer = qgis_process(*report, cwd=folder, variables=variables)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert starts.read_text().splitlines() == ["start"]


def test_without_an_engine_it_says_what_to_run(folder: Path, qgis_process: Any) -> None:
    arguments = ("run", "geosam:encoderaster", "--", "INPUT=ortho.tif", "OUTPUT=none")
    answer = qgis_process(*arguments, cwd=folder, variables={"GEOSAM_ENGINE_PYTHON": "/none"})
    assert "names no Python (/none)" in answer.stderr
    assert (
        "geosam:encoderaster"
        in qgis_process("list", variables={"GEOSAM_ENGINE_PYTHON": "/none"}).stdout
    )
