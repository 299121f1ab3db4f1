"""``geosam:promptsfromraster``."""

import os
import tempfile
from typing import Any, Optional

from qgis.core import (
    QgsFields,
    QgsProcessing,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingParameterFeatureSink,
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
from .layers.inputs import placed_source, raster_of_layer
from .layers.polygon_files import write_polygons
from .layers.sinks import Sink, closing, optional_sink, own_fields
from .layers.styles import LayerStyle, patch_renderer
from .parameters.common import advanced, with_help
from .parameters.raster_prompts import (
    BAND,
    EXTENT,
    INPUT,
    POLYGONS,
    advanced_parameters,
    input_parameters,
    place_parameters,
    places_of,
    selection_of,
)

POINT_FIELDS = (
    (contract.OBJECT_COLUMN, QVariant.LongLong),
    (contract.POINT_LABEL_COLUMN, QVariant.Int),
)
BOX_FIELDS = (
    (contract.OBJECT_COLUMN, QVariant.LongLong),
    (contract.AREA_COLUMN, QVariant.Double),
)
COUNTS = (
    ("OBJECT_COUNT", "object_count", "Number of objects"),
    ("POINT_COUNT", "point_count", "Number of points"),
    ("SMALL_COUNT", "small_count", "Number of objects below the minimum area"),
    ("LARGE_COUNT", "large_count", "Number of objects above the maximum area"),
)


class PromptsFromRaster(GeoSamAlgorithm):
    """Points and boxes from a mask, an index or older polygons."""

    NAME = "promptsfromraster"
    TITLE = "Prompts from a mask or index"
    GROUP = "Segmentation"
    HELP = (
        "Creates points and boxes for Segment from prompts from existing data: a water or snow "
        "index, a canopy height model, a mask, or the polygons of an inventory.\n\n"
        "Pixels above a threshold that share edges are an object. If no threshold is set, Otsu's "
        "method chooses it. Each object gets a point as far from its border as possible, a box, "
        "and more points on request. For tree tops, choose maxima.\n\n"
        "Then run Segment from prompts with POINTS as prompts, BOXES as boxes, object as the "
        "object id field and label as the label field."
    )
    TAGS = (
        "sam",
        "sam2",
        "points",
        "boxes",
        "threshold",
        "otsu",
        "ndwi",
        "ndvi",
        "ndsi",
        "water",
        "tree tops",
        "canopy height model",
        "local maxima",
        "mask",
        "pole of inaccessibility",
    )

    POINTS = "POINTS"
    BOXES = "BOXES"
    THRESHOLD_USED = "THRESHOLD_USED"

    def initAlgorithm(self, configuration: Optional[dict[str, Any]] = None) -> None:
        for parameter in (
            *input_parameters(),
            *place_parameters(),
            *map(advanced, advanced_parameters()),
        ):
            self.addParameter(parameter)
        kinds = QgsProcessing.SourceType
        points = QgsProcessingParameterFeatureSink(self.POINTS, tr("Points"), kinds.TypeVectorPoint)
        help_text = (
            "With the number of the object and the label (1 on the object, 0 outside it). An "
            "object made from a polygon has its id."
        )
        self.addParameter(with_help(points, help_text))
        boxes = QgsProcessingParameterFeatureSink(
            self.BOXES, tr("Boxes"), kinds.TypeVectorPolygon, optional=True
        )
        help_text = "One for each object, with its number and the area of the object."
        self.addParameter(with_help(boxes, help_text))
        for key, _, label in COUNTS:
            self.addOutput(QgsProcessingOutputNumber(key, tr(label)))
        self.addOutput(
            QgsProcessingOutputNumber(self.THRESHOLD_USED, tr("Threshold that was used"))
        )

    def resolve(self, inputs: Inputs) -> None:
        polygons = inputs.one_of(INPUT, POLYGONS) == POLYGONS
        self._raster = None if polygons else self._raster_of(inputs)
        self._source = None
        if polygons:
            self._source = placed_source(inputs, POLYGONS)
            self._crs = self._source.sourceCrs()
        self._selection = selection_of(inputs)
        self._places = places_of(inputs)
        # Tried here, where a problem is told before the run.
        self._request(contract.PolygonFile("-", "") if polygons else None, "-")

    def _raster_of(self, inputs: Inputs) -> contract.Raster:
        layer = inputs.raster(INPUT)
        if not layer.isValid():
            raise QgsProcessingException(
                inputs.algorithm.invalidRasterError(inputs.parameters, INPUT)
            )
        extent = None
        if inputs.is_given(EXTENT):
            extent = inputs.extent(EXTENT, layer.crs())
        self._crs = layer.crs()
        band = inputs.whole_number(BAND)
        return raster_of_layer(layer, INPUT, [band], extent)

    def _request(
        self, polygons: Optional[contract.PolygonFile], folder: str
    ) -> contract.MakePromptsRequest:
        return contract.MakePromptsRequest(
            points=os.path.join(folder, "points.gpkg"),
            boxes=os.path.join(folder, "boxes.gpkg"),
            raster=self._raster,
            polygons=polygons,
            selection=self._selection,
            places=self._places,
        )

    def work(
        self, inputs: Inputs, feedback: QgsProcessingFeedback, results: dict[str, Any]
    ) -> None:
        with tempfile.TemporaryDirectory(prefix="geosam_prompts_") as folder:
            polygons = None
            if self._source is not None:
                path = os.path.join(folder, "objects.gpkg")
                write_polygons(path, self._source, (), inputs.context, feedback)
                polygons = contract.PolygonFile(path, crs_to_text(self._crs))
            request = self._request(polygons, folder)
            result = self.engine().call(
                contract.MAKE_PROMPTS, request, listener_of(feedback), feedback.isCanceled
            )
            self._write(request, inputs, results)
        results.update({key: getattr(result, name) for key, name, _ in COUNTS})
        results[self.THRESHOLD_USED] = result.threshold
        self._report(result, feedback)

    def _write(
        self, request: contract.MakePromptsRequest, inputs: Inputs, results: dict[str, Any]
    ) -> None:
        kinds = QgsWkbTypes.Type
        points = Sink(
            inputs, self.POINTS, own_fields(QgsFields(), POINT_FIELDS), kinds.Point, self._crs
        )
        boxes = optional_sink(
            inputs, self.BOXES, own_fields(QgsFields(), BOX_FIELDS), kinds.Polygon, self._crs
        )

        def tell() -> None:
            results[self.POINTS] = points.destination
            if boxes is not None:
                results[self.BOXES] = boxes.destination
                LayerStyle.attach(patch_renderer, boxes.destination, inputs, self.BOXES)

        with closing((points, boxes), tell):
            _copy(request.points, points, POINT_FIELDS)
            if boxes is not None:
                _copy(request.boxes, boxes, BOX_FIELDS)

    def _report(self, result: contract.MakePromptsResult, feedback: QgsProcessingFeedback) -> None:
        if result.threshold is not None:
            feedback.pushInfo(tr("Threshold: {:.6g}").format(result.threshold))
        feedback.pushInfo(
            tr("Objects: {}, points: {}. Too small: {}, too large: {}.").format(
                result.object_count, result.point_count, result.small_count, result.large_count
            )
        )
        if result.unusable_count:
            feedback.pushWarning(
                tr("Features without an area, which get no prompts: {}").format(
                    result.unusable_count
                )
            )
        if not result.object_count:
            feedback.pushWarning(
                tr("There is no object: try another threshold, or other limits of area")
            )


def _copy(path: str, sink: Sink, fields: tuple[tuple[str, Any], ...]) -> None:
    layer = QgsVectorLayer(path, "", "ogr")
    for row in layer.getFeatures():
        sink.write(row.geometry(), [row[name] for name, _ in fields])
    # Windows keeps the file of an open layer.
    del layer
