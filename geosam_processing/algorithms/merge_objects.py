"""``geosam:mergeobjects``."""

import os
import tempfile
from collections.abc import Iterator
from typing import Any, Optional

from qgis.core import (
    QgsProcessing,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterField,
    QgsVectorLayer,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import QVariant

from .. import contract
from ..qgis_tools.crs import crs_to_text
from ..qgis_tools.feedback import listener_of
from ..qgis_tools.inputs import Inputs
from ..translation import tr
from .base import GeoSamAlgorithm
from .layers.inputs import placed_source
from .layers.polygon_files import features_of, write_polygons
from .layers.settled_objects import (
    REMOVED_FIELDS,
    require_found_fields,
    write_found,
    write_settled,
)
from .layers.sinks import Sink, closing, optional_sink, own_fields
from .layers.styles import LayerStyle, segment_renderer
from .parameters.common import advanced, choice, number, optional_folder, with_help

FIELDS = (
    ("object_id", QVariant.LongLong),
    ("pieces", QVariant.Int),
    ("cut", QVariant.Bool),
)
COUNTS = (
    ("OBJECT_COUNT", "object_count", "Number of objects"),
    ("JOINED_COUNT", "joined_count", "Number of pieces that were joined to others"),
    ("DUPLICATE_COUNT", "duplicate_count", "Number of duplicates"),
    ("REPLACED_COUNT", "replaced_count", "Number of pieces that a complete object replaces"),
    ("CUT_COUNT", "cut_count", "Number of objects that end with their patches"),
)


class MergeObjects(GeoSamAlgorithm):
    """One object from what several patches saw of it."""

    NAME = "mergeobjects"
    TITLE = "Merge objects of overlapping patches"
    GROUP = "Objects"
    HELP = (
        "Merges objects that several overlapping patches (tiles) show, in layers of any program. "
        "Two objects are compared only in the area that both of their patches cover. A complete "
        "object replaces objects that agree with it. Pieces that the edge of a patch cuts are "
        "joined where they agree.\n\n"
        "It requires the patches: a layer of their outlines, or the folder that Encode raster "
        "wrote. If no field names the patch of each object, its position determines it."
    )
    TAGS = (
        "sam",
        "sam2",
        "tiles",
        "seams",
        "duplicates",
        "stitch",
        "non-maximum suppression",
        "dissolve",
        "union",
    )

    OBJECTS = "OBJECTS"
    PATCHES = "PATCHES"
    FEATURES = "FEATURES"
    PATCH_FIELD = "PATCH_FIELD"
    PATCHES_FIELD = "PATCHES_FIELD"
    SCORE_FIELD = "SCORE_FIELD"
    CLASS_FIELD = "CLASS_FIELD"
    MODE = "MODE"
    KEEP = "KEEP"
    AGREEMENT = "AGREEMENT"
    TOLERANCE = "TOLERANCE"
    OUTPUT = "OUTPUT"
    REMOVED = "REMOVED"

    def initAlgorithm(self, configuration: Optional[dict[str, Any]] = None) -> None:
        for parameter in (*self._inputs(), *self._rules(), *self._sinks()):
            self.addParameter(parameter)
        for key, _, label in COUNTS:
            self.addOutput(QgsProcessingOutputNumber(key, tr(label)))

    def _inputs(self) -> Iterator[QgsProcessingParameterDefinition]:
        polygons = [QgsProcessing.SourceType.TypeVectorPolygon]
        yield with_help(
            QgsProcessingParameterFeatureSource(self.OBJECTS, tr("Objects"), polygons),
            "The polygons of all patches in one layer, in any CRS.",
        )
        yield with_help(
            QgsProcessingParameterFeatureSource(
                self.PATCHES, tr("Patches"), polygons, optional=True
            ),
            "The outlines of the patches that the objects were seen in, such as PATCHES of Encode "
            "raster. They have to overlap.",
        )
        yield optional_folder(
            self.FEATURES,
            "Features",
            "Instead of a layer of patches: the folder that Encode raster or Geo-SAM made.",
        )
        for key, label, layer, help_text in (
            (
                self.PATCH_FIELD,
                "Patch field",
                self.OBJECTS,
                "Names the patch that saw an object. With features, it has chip ids. If not set, "
                "it is a patch that cuts the object, else the one whose center is nearest.",
            ),
            (
                self.PATCHES_FIELD,
                "Patch field of the patches",
                self.PATCHES,
                "The same names in the layer of patches. If not set, the field of that name.",
            ),
            (
                self.SCORE_FIELD,
                "Score field",
                self.OBJECTS,
                "Of two otherwise equal objects, the one with the higher score stays.",
            ),
            (
                self.CLASS_FIELD,
                "Class field",
                self.OBJECTS,
                "Only objects with the same value are merged.",
            ),
        ):
            field = QgsProcessingParameterField(
                key, tr(label), parentLayerParameterName=layer, optional=True
            )
            yield with_help(field, help_text)

    def _rules(self) -> Iterator[QgsProcessingParameterDefinition]:
        yield choice(
            self.MODE,
            "Mode",
            f"One of {', '.join(contract.MERGE_MODES)}. join: only join pieces that an edge cuts; "
            "duplicates: only remove what a better object shows as well; both: both; shards: merge "
            "what shards of Segment everything found, which needs no patches.",
            contract.MERGE_MODES,
            contract.MERGE_MODES[0],
        )
        yield number(
            self.AGREEMENT,
            "Agreement (0 to 1)",
            "The least intersection over union, in the area that two patches saw, of two pieces "
            "of one object.",
            0.5,
            0,
            1,
        )
        yield advanced(
            choice(
                self.KEEP,
                "Objects to keep",
                f"One of {', '.join(contract.KEEP)}, as in Segment everything. Only for shards.",
                contract.KEEP,
                contract.KEEP[0],
            )
        )
        yield advanced(
            number(
                self.TOLERANCE,
                "Distance to patch edges",
                "Objects within this distance of an edge of their patch are cut by it, in units "
                "of the CRS of the patches. If not set, 2 pixels of the features, or a 500th of "
                "a patch's side.",
                None,
                0,
            )
        )

    def _sinks(self) -> Iterator[QgsProcessingParameterDefinition]:
        polygons = QgsProcessing.SourceType.TypeVectorPolygon
        yield with_help(
            QgsProcessingParameterFeatureSink(self.OUTPUT, tr("Merged objects"), polygons),
            "With the fields of the largest piece of each object, its id, the number of pieces, "
            "and whether the object ends where its patches do.",
        )
        removed = QgsProcessingParameterFeatureSink(
            self.REMOVED,
            tr("Removed objects"),
            polygons,
            optional=True,
            createByDefault=False,
        )
        yield with_help(
            removed,
            "All others, with the id of the object that contains or replaces them, and the "
            "reason: joined, duplicate, cut (a complete object replaces it), without area.",
        )

    def resolve(self, inputs: Inputs) -> None:
        self._objects = placed_source(inputs, self.OBJECTS)
        self._mode = inputs.choice(self.MODE)
        self._keep = inputs.choice(self.KEEP)
        if self._mode == contract.SHARDS_MODE:
            require_found_fields(self._objects)
            place = ""
        else:
            place = inputs.one_of(self.PATCHES, self.FEATURES)
        self._patches = placed_source(inputs, self.PATCHES) if place == self.PATCHES else None
        self._features = inputs.file(self.FEATURES) if place == self.FEATURES else ""
        self._names, self._scores, self._classes, patches_field = (
            inputs.text(key)
            for key in (self.PATCH_FIELD, self.SCORE_FIELD, self.CLASS_FIELD, self.PATCHES_FIELD)
        )
        self._patches_field = patches_field or self._names
        if (
            self._patches is not None
            and self._names
            and self._patches.fields().lookupField(self._patches_field) < 0
        ):
            raise QgsProcessingException(
                tr("PATCHES ({}) has no field {}: give PATCHES_FIELD, or no PATCH_FIELD").format(
                    self._patches.sourceName(), self._patches_field
                )
            )
        self._agreement = inputs.number(self.AGREEMENT)
        self._tolerance = inputs.optional_number(self.TOLERANCE)
        file = contract.PolygonFile("-", "")
        # Tried here, where a problem is told before the run.
        self._request(file, None if self._patches is None else file, "-")

    def _request(
        self, objects: contract.PolygonFile, patches: Optional[contract.PolygonFile], output: str
    ) -> contract.MergeObjectsRequest:
        return contract.MergeObjectsRequest(
            objects=objects,
            output=output,
            patches=patches,
            features=self._features,
            named=bool(self._names),
            agreement=self._agreement,
            mode=self._mode,
            keep=self._keep,
            tolerance=self._tolerance,
        )

    def work(
        self, inputs: Inputs, feedback: QgsProcessingFeedback, results: dict[str, Any]
    ) -> None:
        with tempfile.TemporaryDirectory(prefix="geosam_merging_") as folder:
            objects = self._write_objects(
                os.path.join(folder, "objects.gpkg"), inputs.context, feedback
            )
            patches = None
            if self._patches is not None:
                path = os.path.join(folder, "patches.gpkg")
                field = self._patches_field
                columns = [(contract.PATCH_COLUMN, field, QVariant.String)] if self._names else []
                write_polygons(path, self._patches, columns, inputs.context, feedback)
                patches = contract.PolygonFile(path, crs_to_text(self._patches.sourceCrs()))
            output = os.path.join(folder, "merged.gpkg")
            result = self.engine().call(
                contract.MERGE_OBJECTS,
                self._request(objects, patches, output),
                listener_of(feedback),
                feedback.isCanceled,
            )
            self._write(output, inputs, results)
        results.update({key: getattr(result, name) for key, name, _ in COUNTS})
        self._report(result, feedback)

    def _write_objects(
        self, path: str, context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> contract.PolygonFile:
        if self._mode == contract.SHARDS_MODE:
            return write_found(path, self._objects, context, feedback)
        columns = [
            (column, field, kind)
            for column, field, kind in (
                (contract.PATCH_COLUMN, self._names, QVariant.String),
                (contract.SCORE_COLUMN, self._scores, QVariant.Double),
                (contract.CLASS_COLUMN, self._classes, QVariant.String),
            )
            if field
        ]
        write_polygons(path, self._objects, columns, context, feedback)
        crs = crs_to_text(self._objects.sourceCrs())
        return contract.PolygonFile(path, crs, bool(self._scores), bool(self._classes))

    def _write(self, path: str, inputs: Inputs, results: dict[str, Any]) -> None:
        if self._mode == contract.SHARDS_MODE:
            write_settled(path, self._objects, inputs, (self.OUTPUT, self.REMOVED), results)
            return
        taken, crs = self._objects.fields(), self._objects.sourceCrs()
        kind = QgsWkbTypes.Type.MultiPolygon
        output = Sink(inputs, self.OUTPUT, own_fields(taken, FIELDS), kind, crs)
        fields = own_fields(taken, REMOVED_FIELDS)
        removed = optional_sink(inputs, self.REMOVED, fields, self._objects.wkbType(), crs)

        def tell() -> None:
            results[self.OUTPUT] = output.destination
            LayerStyle.attach(segment_renderer, output.destination, inputs, self.OUTPUT)
            if removed is not None:
                results[self.REMOVED] = removed.destination

        merged = QgsVectorLayer(path, "", "ogr")
        with closing((output, removed), tell):
            # The engine's rows are in the order of the features.
            for feature, row in zip(features_of(self._objects), merged.getFeatures()):
                kept, state = row[contract.KEPT_COLUMN], row[contract.STATE_COLUMN]
                own = feature.attributes()
                if state == contract.KEPT_STATE:
                    pieces, cut = row[contract.PIECES_COLUMN], row[contract.CUT_COLUMN]
                    output.write(row.geometry(), [*own, kept, pieces, cut])
                elif removed is not None:
                    removed.write(feature.geometry(), [*own, kept, state])
        # Windows keeps the file of an open layer.
        del merged

    def _report(self, result: contract.MergeObjectsResult, feedback: QgsProcessingFeedback) -> None:
        feedback.pushInfo(
            tr("Objects: {}. Joined: {}, duplicates: {}, replaced by complete ones: {}.").format(
                result.object_count,
                result.joined_count,
                result.duplicate_count,
                result.replaced_count,
            )
        )
        if result.outside_count:
            feedback.pushWarning(
                tr("Objects that no patch saw whole, which are as they were: {}").format(
                    result.outside_count
                )
            )
        if result.unusable_count:
            feedback.pushWarning(
                tr("Features without an area, which are left out: {}").format(result.unusable_count)
            )
