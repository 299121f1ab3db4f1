"""The layers of a comparison: into files for the engine, and back with what it found."""

import csv
import functools
import os
from collections.abc import Iterator
from typing import Any, Optional

from qgis.core import (
    QgsCoordinateTransform,
    QgsFields,
    QgsProcessingException,
    QgsProcessingFeatureSource,
    QgsProcessingFeedback,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import QVariant

from ... import contract
from ...qgis_tools.crs import crs_to_text
from ...qgis_tools.inputs import Inputs
from ...translation import tr
from .columns import numbers_fit
from .inputs import placed_source
from .polygon_files import features_of, with_straight_edges, write_polygons
from .sinks import Sink, closing, optional_sink, own_fields
from .styles import LayerStyle, false_alarm_renderer, match_renderer, missed_renderer

# A field, its type, and the column of the engine's table.
MATCH_FIELDS = (
    ("object_id", QVariant.LongLong, "object_id"),
    ("reference_id", QVariant.LongLong, "reference_id"),
    ("iou", QVariant.Double, "iou"),
    ("boundary_mean_m", QVariant.Double, "boundary_mean"),
    ("boundary_95_m", QVariant.Double, "boundary_95"),
    ("shift_east_m", QVariant.Double, "shift_east"),
    ("shift_north_m", QVariant.Double, "shift_north"),
    ("object_area_m2", QVariant.Double, "object_area"),
    ("reference_area_m2", QVariant.Double, "reference_area"),
)
MISSED_FIELDS = (
    ("reference_id", QVariant.LongLong, "reference_id"),
    ("best_iou", QVariant.Double, "best_iou"),
    ("best_object_id", QVariant.LongLong, "best_object_id"),
    ("inside_area_m2", QVariant.Double, "area"),
    ("inside_share", QVariant.Double, "weight"),
)
FALSE_ALARM_FIELDS = (
    ("object_id", QVariant.LongLong, "object_id"),
    ("best_iou", QVariant.Double, "best_iou"),
    ("best_reference_id", QVariant.LongLong, "best_reference_id"),
    ("inside_area_m2", QVariant.Double, "area"),
    ("inside_share", QVariant.Double, "weight"),
)
SPLIT_FIELDS = (
    ("kind", QVariant.String),
    ("complete_id", QVariant.LongLong),
    ("piece_count", QVariant.Int),
    ("piece_ids", QVariant.String),
)

Row = dict[str, str]
Columns = tuple[tuple[str, Any, str], ...]


class AssessedLayers:
    """Objects, reference and assessed area of an algorithm's parameters.

    Raises:
        QgsProcessingException: a layer cannot be read, or has no geometry or CRS.
    """

    MATCHES = "MATCHES"
    MISSED = "MISSED"
    FALSE_ALARMS = "FALSE_ALARMS"
    SPLITS = "SPLITS"

    def __init__(self, inputs: Inputs) -> None:
        self._inputs = inputs
        self._objects = self._source("OBJECTS")
        self._reference = self._source("REFERENCE")
        self._area = self._source("AREA") if inputs.is_given("AREA") else None
        self._score_field = inputs.text("SCORE_FIELD")
        self._class_field = inputs.text("CLASS_FIELD")
        self._reference_class_field = inputs.text("REFERENCE_CLASS_FIELD")
        if bool(self._class_field) != bool(self._reference_class_field):
            raise QgsProcessingException(
                tr(
                    "Only one of CLASS_FIELD ({}) and REFERENCE_CLASS_FIELD ({}) is set. Name the "
                    "class field of both layers, or of none."
                ).format(self._class_field, self._reference_class_field)
            )

    def _source(self, key: str) -> QgsProcessingFeatureSource:
        return placed_source(self._inputs, key)

    def write_inputs(
        self, folder: str, feedback: QgsProcessingFeedback
    ) -> tuple[contract.PolygonFile, contract.PolygonFile, Optional[contract.PolygonFile]]:
        """Write objects, reference and assessed area to files in a folder.

        Raises:
            QgsProcessingException: a file cannot be written.
            EngineCancelled: the user cancelled.
        """

        def write(
            name: str, source: QgsProcessingFeatureSource, score: str, category: str
        ) -> contract.PolygonFile:
            path = os.path.join(folder, f"{name}.gpkg")
            columns = (
                (contract.SCORE_COLUMN, score, QVariant.Double),
                (contract.CLASS_COLUMN, category, QVariant.String),
            )
            chosen = [column for column in columns if column[1]]
            write_polygons(path, source, chosen, self._inputs.context, feedback)
            return contract.PolygonFile(
                path, crs_to_text(source.sourceCrs()), bool(score), bool(category)
            )

        return (
            write("objects", self._objects, self._score_field, self._class_field),
            write("reference", self._reference, "", self._reference_class_field),
            None if self._area is None else write("area", self._area, "", ""),
        )

    def write_outputs(self, result: contract.AssessResult, results: dict[str, Any]) -> None:
        """Write matches, missed references, false alarms and splits, as far as they are wanted.

        Raises:
            QgsProcessingException: a feature cannot be written.
        """
        objects, reference = self._objects, self._reference
        for key, source, path, columns, renderer in (
            (self.MATCHES, objects, result.matches, MATCH_FIELDS, match_renderer),
            (self.MISSED, reference, result.missed, MISSED_FIELDS, missed_renderer),
            (
                self.FALSE_ALARMS,
                objects,
                result.false_alarms,
                FALSE_ALARM_FIELDS,
                false_alarm_renderer,
            ),
        ):
            self._write_rows(key, source, path, columns, results)
            if key in results:
                LayerStyle.attach(renderer, results[key], self._inputs, key)
        self._write_splits(result.splits, results)

    def _write_rows(
        self,
        key: str,
        source: QgsProcessingFeatureSource,
        path: str,
        columns: Columns,
        results: dict[str, Any],
    ) -> None:
        """Write the features of a source that a table has rows for; its first column has ids."""
        sink = self._sink(key, source, [(name, kind) for name, kind, _ in columns])
        if sink is None:
            return
        identity = columns[0][2]
        rows = {int(row[identity]): row for row in _rows(path)}
        with closing((sink,), lambda: results.update({key: sink.destination})):
            for feature in features_of(source):
                row = rows.get(feature.id())
                if row is not None:
                    own = [_value(row[column], kind) for _, kind, column in columns]
                    sink.write(feature.geometry(), [*feature.attributes(), *own])

    def _write_splits(self, path: str, results: dict[str, Any]) -> None:
        """Write the complete polygons of splits and merges, all in the CRS of the reference."""
        crs = self._reference.sourceCrs()
        fields = own_fields(QgsFields(), SPLIT_FIELDS)
        sink = optional_sink(
            self._inputs,
            self.SPLITS,
            fields,
            QgsWkbTypes.Type.MultiPolygon,
            crs,
        )
        if sink is None:
            return
        transform = QgsCoordinateTransform(
            self._objects.sourceCrs(), crs, self._inputs.context.transformContext()
        )
        rows = list(_rows(path))
        with closing((sink,), lambda: results.update({self.SPLITS: sink.destination})):
            for kind, source in (("split", self._reference), ("merged", self._objects)):
                wanted = {int(row["complete_id"]): row for row in rows if row["kind"] == kind}
                for feature in features_of(source) if wanted else ():
                    row = wanted.get(feature.id())
                    if row is None:
                        continue
                    geometry = with_straight_edges(feature.geometry())
                    geometry.convertToMultiType()
                    if kind == "merged":
                        geometry.transform(transform)
                    pieces = row["piece_ids"].split()
                    sink.write(geometry, [kind, feature.id(), len(pieces), ", ".join(pieces)])

    def _sink(
        self, key: str, source: QgsProcessingFeatureSource, own: list[tuple[str, Any]]
    ) -> Optional[Sink]:
        return optional_sink(
            self._inputs,
            key,
            own_fields(source.fields(), own),
            source.wkbType(),
            source.sourceCrs(),
            functools.partial(numbers_fit, [source]),
        )


def _rows(path: str) -> Iterator[Row]:
    with open(path, encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _value(text: str, kind: Any) -> Any:
    if not text:
        return None
    return int(text) if kind == QVariant.LongLong else float(text)
