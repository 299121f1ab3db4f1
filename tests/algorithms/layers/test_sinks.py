"""Sinks: what is written is there, under its name only when it is complete."""

import contextlib
import json
import os
import resource
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Optional

import pytest

pytest.importorskip("qgis.core")

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsField,
    QgsFields,
    QgsGeometry,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProject,
    QgsVectorFileWriter,
    QgsVectorLayer,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import QVariant

from geosam_processing.algorithms.layers import columns
from geosam_processing.algorithms.layers.sinks import Sink, closing
from geosam_processing.client.client import EngineCancelled
from geosam_processing.qgis_tools.inputs import Inputs
from tests.algorithms.scene import EPSG, memory_layer, point_wkt

pytestmark = pytest.mark.usefixtures("qgis_application")

SQUARE = "MULTIPOLYGON (((0 0, 100 0, 100 100, 0 100, 0 0)))"
# Suffixes that QGIS offers and GDAL writes polygons with attributes to.
SUFFIXES = (
    *("gpkg", "shp", "csv", "fgb", "geojson", "geojsonl", "gml", "gxt", "json", "kml", "ods"),
    *("sql", "sqlite", "tab", "xlsx"),
)


def fields(**kinds: Any) -> QgsFields:
    made = QgsFields()
    for name, kind in kinds.items():
        made.append(QgsField(name, kind))
    return made


def sink_at(
    algorithms: dict[str, Any],
    destination: Any,
    own: Optional[QgsFields] = None,
    **options: Any,
) -> Sink:
    return Sink(
        Inputs(algorithms["segmentprompts"], {"OUTPUT": destination}, QgsProcessingContext()),
        "OUTPUT",
        own or fields(name=QVariant.String, score=QVariant.Double),
        QgsWkbTypes.Type.MultiPolygon,
        QgsCoordinateReferenceSystem(f"EPSG:{EPSG}"),
        **options,
    )


def fill(sink: Sink, count: int = 60) -> None:
    for number in range(count):
        sink.write(QgsGeometry.fromWkt(SQUARE), [f"row {number} {'x' * 200}", number / 7])


def rows(path: Any) -> list[Any]:
    layer = QgsVectorLayer(str(path), "", "ogr")
    assert layer.isValid(), path
    return list(layer.getFeatures())


@contextlib.contextmanager
def little_room(size: int) -> Iterator[None]:
    """Files grow to so many bytes only, as on a full disk.

    For a part of a test, not for a fixture: between a test and its fixtures' ends pytest reports,
    perhaps into a file.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def existing_layers(path: Path) -> None:
    """A GeoPackage with the layers "kept" and "res", one row each."""
    for number, name in enumerate(("kept", "res")):
        options = QgsVectorFileWriter.SaveVectorOptions()
        options.layerName = name
        if number:
            options.actionOnExistingFile = (
                QgsVectorFileWriter.ActionOnExistingFile.CreateOrOverwriteLayer
            )
        layer = memory_layer("Point", [(point_wkt(1, 1), name)])
        QgsVectorFileWriter.writeAsVectorFormatV3(
            layer, str(path), QgsProject.instance().transformContext(), options
        )


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_every_format_is_read_back(algorithms: dict[str, Any], tmp_path: Path, suffix: str) -> None:
    sink = sink_at(algorithms, str(tmp_path / f"out.{suffix}"))
    assert [name for name in os.listdir(tmp_path) if not name.startswith(".")] == []
    fill(sink)
    sink.close()
    assert sink.count == 60
    path = Path(sink.destination.partition("|")[0])
    assert path.parent == tmp_path and path.is_file()
    assert not list(tmp_path.glob(".*")), "nothing of the work is left"


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_layer_without_rows_is_complete(
    algorithms: dict[str, Any], tmp_path: Path, suffix: str
) -> None:
    sink = sink_at(algorithms, str(tmp_path / f"out.{suffix}"))
    sink.close()
    assert sink.count == 0 and Path(sink.destination.partition("|")[0]).is_file()


@pytest.mark.parametrize(
    ("suffix", "room"),
    [("gpkg", 20_000), *((suffix, 60) for suffix in ("gpkg", "shp", "fgb", "sqlite", "tab"))],
)
def test_a_full_disk_leaves_the_older_file_also_if_there_is_no_row(
    algorithms: dict[str, Any], tmp_path: Path, suffix: str, room: int
) -> None:
    path = tmp_path / f"out.{suffix}"
    fill(older := sink_at(algorithms, str(path)))
    older.close()
    before = {each.name: each.read_bytes() for each in tmp_path.iterdir()}
    with little_room(room), pytest.raises(QgsProcessingException, match="OUTPUT"):
        sink_at(algorithms, str(path)).close()
    assert {each.name: each.read_bytes() for each in tmp_path.iterdir()} == before


@pytest.mark.parametrize(
    ("suffix", "room"),
    [
        *((suffix, 300) for suffix in SUFFIXES),
        # These are compressed, and fit.
        *((suffix, 9000) for suffix in SUFFIXES if suffix not in ("ods", "xlsx")),
    ],
)
def test_a_full_disk_leaves_the_older_file_in_every_format(
    algorithms: dict[str, Any], tmp_path: Path, suffix: str, room: int
) -> None:
    first = sink_at(algorithms, str(tmp_path / f"out.{suffix}"))
    fill(first, 3)
    first.close()
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(QgsProcessingException, match=r"OUTPUT.*out\."), little_room(room):
        sink = sink_at(algorithms, str(tmp_path / f"out.{suffix}"))
        with closing((sink,), lambda: None):
            fill(sink)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


@pytest.mark.parametrize("room", [60_000, 110_000])
def test_a_layer_in_a_file_with_others_is_not_lost_silently(
    algorithms: dict[str, Any], tmp_path: Path, room: int
) -> None:
    path = tmp_path / "x.gpkg"
    existing_layers(path)
    destination = f"ogr:dbname='{path}' table=\"res\" (geom)"
    with pytest.raises(QgsProcessingException, match=r"OUTPUT.*x\.gpkg"), little_room(room):
        sink = sink_at(algorithms, destination)
        with closing((sink,), lambda: None):
            fill(sink, 400)
    assert [row["name"] for row in rows(f"{path}|layername=kept")] == ["kept"]


def test_a_layer_in_a_file_with_others_is_replaced_at_the_first_row(
    algorithms: dict[str, Any], tmp_path: Path
) -> None:
    path = tmp_path / "x.gpkg"
    existing_layers(path)
    destination = f"ogr:dbname='{path}' table=\"res\" (geom)"
    refused = sink_at(algorithms, destination)
    with pytest.raises(ValueError), closing((refused,), lambda: None):
        raise ValueError("refused before a row came")
    assert [row["name"] for row in rows(f"{path}|layername=res")] == ["res"]
    sink = sink_at(algorithms, destination)
    fill(sink, 5)
    sink.close()
    assert (sink.count, len(rows(f"{path}|layername=res"))) == (5, 5)
    assert len(rows(f"{path}|layername=kept")) == 1


def test_a_failed_run_leaves_the_older_output(algorithms: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "out.gpkg"
    for count in (2, 3):
        sink = sink_at(algorithms, str(path))
        with pytest.raises(KeyError), closing((sink,), lambda: None):
            fill(sink, count)
            raise KeyError("failed later")
        assert len(rows(path)) == 2, "what came stays, but does not replace an older file"
        assert [each.name for each in tmp_path.iterdir()] == ["out.gpkg"]


def test_a_cancelled_run_keeps_what_is_done(algorithms: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "out.gpkg"
    for count in (2, 3):
        sink = sink_at(algorithms, str(path))
        with pytest.raises(EngineCancelled), closing((sink,), lambda: None):
            fill(sink, count)
            raise EngineCancelled("")
        assert len(rows(path)) == count


def test_a_link_stays_a_link(algorithms: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    (tmp_path / "out.gpkg").symlink_to(tmp_path / "far" / "real.gpkg")
    sink = sink_at(algorithms, str(tmp_path / "out.gpkg"))
    fill(sink, 2)
    sink.close()
    assert (tmp_path / "out.gpkg").is_symlink()
    assert len(rows(tmp_path / "far" / "real.gpkg")) == 2


def test_nothing_of_an_older_database_is_taken_for_a_part_of_the_new_one(
    algorithms: dict[str, Any], tmp_path: Path
) -> None:
    for name in ("out.gpkg", "out.gpkg-wal", "out.gpkg-shm"):
        (tmp_path / name).write_bytes(b"of another")
    sink = sink_at(algorithms, str(tmp_path / "out.gpkg"))
    fill(sink, 2)
    sink.close()
    assert [path.name for path in tmp_path.iterdir()] == ["out.gpkg"]


def test_a_layer_of_a_file_is_not_named_as_one_is_read(
    algorithms: dict[str, Any], tmp_path: Path
) -> None:
    with pytest.raises(QgsProcessingException, match=r"ogr:dbname='.*x.gpkg' table=\"res\""):
        sink_at(algorithms, f"{tmp_path / 'x.gpkg'}|layername=res")


@pytest.mark.parametrize("suffix", ["gpkg", "sqlite", "shp"])
def test_names_equal_but_for_case_are_told_apart(
    algorithms: dict[str, Any], tmp_path: Path, suffix: str
) -> None:
    own = fields(type=QVariant.String, TYPE=QVariant.String, geom=QVariant.String)
    sink = sink_at(algorithms, str(tmp_path / f"out.{suffix}"), own)
    sink.write(QgsGeometry.fromWkt(SQUARE), ["a", "b", "c"])
    sink.close()
    (row,) = rows(tmp_path / f"out.{suffix}")
    geometry = "geom_2" if suffix == "gpkg" else "geom"
    assert (row["type"], row["TYPE_2"], row[geometry]) == ("a", "b", "c")


@pytest.mark.parametrize("suffix", ["gpkg", "geojson", "shp"])
def test_nested_values_become_json(algorithms: dict[str, Any], tmp_path: Path, suffix: str) -> None:
    own = fields(tags=QVariant.Map, list=QVariant.StringList)
    sink = sink_at(algorithms, str(tmp_path / f"out.{suffix}"), own)
    sink.write(QgsGeometry.fromWkt(SQUARE), [{"building": "yes", "n": [1, None]}, ["a", "b"]])
    sink.write(QgsGeometry.fromWkt(SQUARE), [None, None])
    sink.close()
    row, empty = rows(tmp_path / f"out.{suffix}")
    found = [
        row[name] if isinstance(row[name], (dict, list)) else json.loads(row[name])
        for name in ("tags", "list")
    ]
    assert found == [{"building": "yes", "n": [1, None]}, ["a", "b"]]
    assert not empty["tags"]


def test_a_default_of_the_provider_is_no_value(algorithms: dict[str, Any], tmp_path: Path) -> None:
    own = fields(fid=QVariant.LongLong, count=QVariant.Int, name=QVariant.String)
    sink = sink_at(algorithms, str(tmp_path / "out.gpkg"), own, numbers_fit=lambda column: False)
    for fid in (7, "Autogenerate"):
        sink.write(QgsGeometry.fromWkt(SQUARE), [fid, "nextval('a')", "nextval('a')"])
    sink.close()
    saved, drawn = rows(tmp_path / "out.gpkg")
    assert (saved["fid_2"], columns.is_null(drawn["fid_2"])) == (7, True)
    assert columns.is_null(saved["count"]) and saved["name"] == "nextval('a')"


@pytest.mark.parametrize(
    ("kind", "values", "fit"),
    [
        ("integer", [1, 2], True),
        ("integer", [0, 5], True),
        ("integer", [1, 1], False),
        ("integer", [3, 1, 2], True),
        ("integer", [1, 2, 3, 2], False),
        ("integer", [1, None], False),
        ("int8", [2**62, 70_000, 1], True),
        ("int8", [2**62, 70_000, 1, 70_000], False),
        ("int8", [2**62, 1, 2**62], False),
        ("integer", [-3, 1], False),
        ("double", [0.5, 1.5], False),
        ("string", ["way/1", "way/2"], False),
    ],
)
def test_which_fields_can_number_rows(
    algorithms: dict[str, Any], tmp_path: Path, kind: str, values: list[Any], fit: bool
) -> None:
    layer = memory_layer("Point", [(point_wkt(1, 1), each) for each in values], f"fid:{kind}")
    algorithm = algorithms["segmentprompts"]
    source = algorithm.parameterAsSource({"PROMPTS": layer}, "PROMPTS", QgsProcessingContext())
    assert columns.numbers_fit([source], "fid") is fit
    assert not columns.numbers_fit([source], "ogc_fid")
    sink = sink_at(
        algorithms,
        str(tmp_path / "out.gpkg"),
        layer.fields(),
        numbers_fit=lambda column: columns.numbers_fit([source], column),
    )
    for value in values:
        sink.write(QgsGeometry.fromWkt(SQUARE), [value])
    sink.close()
    name = "fid" if fit else "fid_2"
    found = [
        None if columns.is_null(row[name]) else row[name] for row in rows(tmp_path / "out.gpkg")
    ]
    # Rows come in the order of their numbers.
    assert found == (sorted(values) if fit else values)
