"""Rows at the end of layers that stay: counted where they are.

With a PostGIS database in GEOSAM_TEST_POSTGIS ("dbname='geo' host=/tmp/pg user='me'"), also there.
"""

import os
import sqlite3
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("qgis.core")

from osgeo import ogr
from qgis.core import (
    QgsAbstractDatabaseProviderConnection,
    QgsCoordinateReferenceSystem,
    QgsGeometry,
    QgsProcessingException,
    QgsProcessingOutputLayerDefinition,
    QgsProperty,
    QgsProviderRegistry,
    QgsRemappingSinkDefinition,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QVariant

from tests.algorithms.layers.test_sinks import SQUARE, fields, fill, sink_at
from tests.algorithms.scene import EPSG

pytestmark = pytest.mark.usefixtures("qgis_application")

POSTGIS = os.environ.get("GEOSAM_TEST_POSTGIS", "")
needs_postgis = pytest.mark.skipif(not POSTGIS, reason="GEOSAM_TEST_POSTGIS names no database")


def end_of(destination: str, layer: QgsVectorLayer) -> QgsProcessingOutputLayerDefinition:
    """The output that QGIS's "Append to layer" makes."""
    assert layer.isValid()
    mapping = QgsRemappingSinkDefinition()
    mapping.setDestinationCrs(QgsCoordinateReferenceSystem(f"EPSG:{EPSG}"))
    mapping.setDestinationWkbType(layer.wkbType())
    mapping.setDestinationFields(layer.fields())
    mapping.setFieldMap({name: QgsProperty.fromField(name) for name in ("name", "score")})
    definition = QgsProcessingOutputLayerDefinition(destination)
    definition.setRemappingDefinition(mapping)
    return definition


@pytest.mark.parametrize("suffix", ["gpkg", "sqlite", "shp", "geojson", "fgb"])
def test_rows_are_added_to_a_file(algorithms: dict[str, Any], tmp_path: Path, suffix: str) -> None:
    path = str(tmp_path / f"out.{suffix}")
    fill(older := sink_at(algorithms, path), 3)
    older.close()
    fill(sink := sink_at(algorithms, end_of(path, QgsVectorLayer(path, "", "ogr"))), 5)
    sink.close()
    rows = list(QgsVectorLayer(path, "", "ogr").getFeatures())
    assert len(rows) == 8 and all(row["name"] and row["score"] is not None for row in rows)


def test_rows_that_a_file_refuses_are_counted(algorithms: dict[str, Any], tmp_path: Path) -> None:
    path = str(tmp_path / "out.gpkg")
    fill(older := sink_at(algorithms, path), 3)
    older.close()
    with sqlite3.connect(path) as database:
        database.execute(
            "CREATE TRIGGER few BEFORE INSERT ON out WHEN NEW.score > 1 "
            "BEGIN SELECT RAISE(IGNORE); END"
        )
    sink = sink_at(algorithms, end_of(path, QgsVectorLayer(path, "", "ogr")))
    with pytest.raises(QgsProcessingException, match="OUTPUT.*(8 of 20|cannot be written to)"):
        fill(sink, 20)
        sink.close()


def test_table_of_a_spatialite_database_is_read_back(
    algorithms: dict[str, Any], tmp_path: Path
) -> None:
    path = tmp_path / "out.sqlite"
    made = ogr.GetDriverByName("SQLite").CreateDataSource(str(path), ["SPATIALITE=YES"])
    made.CreateLayer("kept", None, ogr.wkbPoint)
    del made
    place = f"dbname='{path}' table=\"res\" (geom)"
    own = fields(name=QVariant.String, touches_edge=QVariant.Bool)
    for count in (3, 2):
        sink = sink_at(algorithms, f"spatialite:{place}", own)
        for number in range(count):
            sink.write(QgsGeometry.fromWkt(SQUARE), [f"row {number}", number % 2 == 1])
        sink.close()
        rows = list(QgsVectorLayer(place, "", "spatialite").getFeatures())
        assert [row["touches_edge"] for row in rows] == [0, 1, 0][:count]


@pytest.fixture
def table() -> Iterator[str]:
    """A new name in the database; the table of it is dropped in the end."""
    name = f"geosam_{uuid.uuid4().hex}"
    yield name
    connection().executeSql(f"DROP TABLE IF EXISTS {name}")


def connection() -> QgsAbstractDatabaseProviderConnection:
    return QgsProviderRegistry.instance().providerMetadata("postgres").createConnection(POSTGIS, {})


def layer_of(table: str) -> QgsVectorLayer:
    return QgsVectorLayer(f'{POSTGIS} key=\'id\' table="public"."{table}" (geom)', "", "postgres")


def make(table: str, rule: str = "") -> None:
    columns = "id serial PRIMARY KEY, name text, score float8, geom geometry(MultiPolygon, 32633)"
    connection().executeSql(f"CREATE TABLE {table} ({columns}{rule})")
    connection().executeSql(f"INSERT INTO {table} (name) VALUES ('mine'), ('mine as well')")


@needs_postgis
@pytest.mark.parametrize("prefix", ["postgres:", "postgres://"])
def test_rows_are_added_to_a_table(algorithms: dict[str, Any], table: str, prefix: str) -> None:
    make(table)
    layer = layer_of(table)
    fill(sink := sink_at(algorithms, end_of(prefix + layer.source(), layer)), 5)
    sink.close()
    assert sum(1 for _ in layer_of(table).getFeatures()) == 7


@needs_postgis
def test_rows_that_a_table_refuses_are_told(algorithms: dict[str, Any], table: str) -> None:
    make(table, ", CHECK (id <= 4)")
    layer = layer_of(table)
    sink = sink_at(algorithms, end_of(f"postgres:{layer.source()}", layer))
    with pytest.raises(QgsProcessingException, match="OUTPUT.*(check constraint|of 5 rows)"):
        fill(sink, 5)
        sink.close()


@needs_postgis
def test_rows_that_a_table_drops_are_counted(algorithms: dict[str, Any], table: str) -> None:
    make(table)
    rule = f"CREATE RULE few AS ON INSERT TO {table} WHERE NEW.id > 4 DO INSTEAD NOTHING"
    connection().executeSql(rule)
    layer = layer_of(table)
    sink = sink_at(algorithms, end_of(f"postgres:{layer.source()}", layer))
    with pytest.raises(QgsProcessingException, match="OUTPUT.*Check the rights and rules there"):
        fill(sink, 5)
        sink.close()


@needs_postgis
def test_new_table_is_read_back(algorithms: dict[str, Any], table: str) -> None:
    for count in (5, 3):
        place = f'postgis:{POSTGIS} table="public"."{table}" (geom)'
        fill(sink := sink_at(algorithms, place), count)
        sink.close()
        found = QgsVectorLayer(f'{POSTGIS} table="public"."{table}" (geom)', "", "postgres")
        assert sum(1 for row in found.getFeatures() if row["name"]) == count
