"""Objects that shards of Segment everything found: to the engine, and merged into a sink."""

from typing import Any

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeatureSource,
    QgsProcessingFeedback,
    QgsVectorLayer,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import QVariant

from ... import contract
from ...contract.merging import (
    EDGE_COLUMN,
    KEY_COLUMN,
    LEVEL_COLUMN,
    PARENT_COLUMN,
    SCALE_COLUMN,
    SQUARE_METERS_COLUMN,
)
from ...qgis_tools.crs import crs_to_text
from ...qgis_tools.inputs import Inputs
from ...translation import tr
from .polygon_files import features_of, write_polygons
from .sinks import Sink, closing, optional_sink, own_fields
from .styles import LayerStyle, segment_renderer

REMOVED_FIELDS = (("object_id", QVariant.LongLong), ("reason", QVariant.String))
# Fields of Segment everything that the merging reads, and those that it writes again.
_READ = (
    (contract.SCORE_COLUMN, "score", QVariant.Double),
    (SCALE_COLUMN, "scale", QVariant.Int),
    (EDGE_COLUMN, "touches_edge", QVariant.Bool),
)
_WRITTEN = (
    ("object_id", KEY_COLUMN),
    ("parent_id", PARENT_COLUMN),
    ("level", LEVEL_COLUMN),
    ("area_m2", SQUARE_METERS_COLUMN),
)


def require_found_fields(source: QgsProcessingFeatureSource) -> None:
    """Raise QgsProcessingException unless a layer has the fields of Segment everything."""
    for name in (*(name for _, name, _ in _READ), *(name for name, _ in _WRITTEN)):
        if source.fields().lookupField(name) < 0:
            raise QgsProcessingException(
                tr(
                    "OBJECTS ({}) has no field {}: give the objects of all shards of Segment "
                    "everything in one layer, such as Merge vector layers makes"
                ).format(source.sourceName(), name)
            )


def write_found(
    path: str,
    source: QgsProcessingFeatureSource,
    context: QgsProcessingContext,
    feedback: QgsProcessingFeedback,
) -> contract.PolygonFile:
    """Write the objects of all shards for the engine.

    Raises:
        QgsProcessingException: the file cannot be written.
        EngineCancelled: the user cancelled.
    """
    write_polygons(path, source, _READ, context, feedback)
    return contract.PolygonFile(path, crs_to_text(source.sourceCrs()), has_scores=True)


def write_settled(
    path: str,
    source: QgsProcessingFeatureSource,
    inputs: Inputs,
    keys: tuple[str, str],
    results: dict[str, Any],
) -> None:
    """Write the objects that the engine kept, in the order of their ids, and the removed ones.

    Args:
        path: what the engine wrote.
        keys: of the sinks for kept and for removed objects.

    Raises:
        QgsProcessingException: a sink cannot be made or written to.
    """
    fields, crs = source.fields(), source.sourceCrs()
    kept_key, removed_key = keys
    output = Sink(inputs, kept_key, fields, QgsWkbTypes.Type.MultiPolygon, crs)
    removed = optional_sink(
        inputs, removed_key, own_fields(fields, REMOVED_FIELDS), source.wkbType(), crs
    )

    def report() -> None:
        results[kept_key] = output.destination
        LayerStyle.attach(segment_renderer, output.destination, inputs, kept_key)
        if removed is not None:
            results[removed_key] = removed.destination

    # Layers of several GeoPackages have each number several times; the output counts its own.
    fid = fields.lookupField("fid")
    features = {feature.id(): feature for feature in features_of(source)}
    numbers: dict[int, int] = {}
    settled = QgsVectorLayer(path, "", "ogr")
    with closing((output, removed), report):
        for row in settled.getFeatures():
            feature = features[row[contract.ID_COLUMN]]
            own = feature.attributes()
            if fid >= 0:
                own[fid] = None
            if row[contract.STATE_COLUMN] == contract.KEPT_STATE:
                numbers[feature.id()] = row[KEY_COLUMN]
                for name, column in _WRITTEN:
                    value = row[column]
                    own[fields.lookupField(name)] = None if value == -1 else value
                output.write(row.geometry(), own)
            elif removed is not None:
                winner = numbers.get(row[contract.KEPT_COLUMN])
                removed.write(feature.geometry(), [*own, winner, row[contract.STATE_COLUMN]])
    # Windows keeps the file of an open layer.
    del settled
