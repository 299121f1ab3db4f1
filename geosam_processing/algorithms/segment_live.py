"""``geosam:segmentlive``."""

import tempfile
from dataclasses import replace
from typing import Any, Optional

from qgis.core import (
    QgsFeature,
    QgsGeometry,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingParameterExtent,
    QgsProcessingParameterPoint,
    QgsProcessingParameterRasterLayer,
    QgsVectorLayer,
)

from .. import contract, settings
from ..qgis_tools.feedback import WholeRun
from ..qgis_tools.inputs import Inputs
from ..translation import tr
from .base import GeoSamAlgorithm
from .layers.live_layer import LiveLayer
from .layers.live_rounds import LiveRounds
from .layers.prompt_objects import PromptLayers
from .layers.results import Answers
from .parameters.common import (
    BATCH_SIZE,
    advanced,
    batch_parameter,
    checkpoint_parameter,
    cuda_parameter,
    device_of,
    device_parameter,
    flag,
    model_of,
    model_parameter,
    number,
    with_help,
)
from .parameters.prompts import (
    BOXES,
    PROMPTS,
    WHOLE,
    count_outputs,
    mask_parameters,
    masks_of,
    prompt_parameters,
    sink_parameters,
)
from .parameters.raster import bands_of, bands_parameter, range_parameter, value_range_of
from .parameters.tiles import ZOOM, limits_of, tile_limit_parameters, zoom_parameter


class SegmentLive(GeoSamAlgorithm):
    """Prompts straight on a raster or tile layer into polygons."""

    NAME = "segmentlive"
    TITLE = "Segment without encoding"
    GROUP = "Segmentation"
    HELP = (
        "Segments objects from points and boxes directly on a raster or an online tile layer, "
        "without encoding it first. Only the patches around the prompts are encoded. They are "
        "kept in a cache for the next prompts nearby. Give a layer of prompts or, for one "
        "object, a point or a box.\n\n"
        "An object that reaches the edge of its patch is segmented again on a patch around it, "
        "then on coarser ones, until it is complete. The polygons have the CRS of the raster "
        "layer, the attributes of their first prompt, and the score, area and other properties "
        "of the object. Prompts without an object are listed with the reason."
    )
    TAGS = (
        "segment anything",
        "sam",
        "sam2",
        "sam3",
        "tiles",
        "xyz",
        "wms",
        "click",
        "points",
        "boxes",
        "deep learning",
    )

    INPUT = "INPUT"
    POINT = "POINT"
    EXTENT = "EXTENT"
    RESOLUTION = "RESOLUTION"
    ATTEMPTS = "ATTEMPTS"
    ENCODED_COUNT = "ENCODED_COUNT"
    CACHED_COUNT = "CACHED_COUNT"

    def initAlgorithm(self, configuration: Optional[dict[str, Any]] = None) -> None:
        self._add_input_parameters()
        for parameter in (
            *mask_parameters(),
            flag(
                WHOLE,
                "Complete large objects",
                "Points inside very large objects are segmented on coarser patches, and large "
                "objects get fine outlines, which takes more encoding. If unchecked, large "
                "objects have coarse outlines.",
                True,
            ),
            device_parameter(),
            *map(advanced, self._advanced_parameters()),
            *sink_parameters("outside the raster"),
        ):
            self.addParameter(parameter)
        for output in count_outputs():
            self.addOutput(output)
        for key, label in (
            (self.ENCODED_COUNT, "Number of patches that were encoded"),
            (self.CACHED_COUNT, "Number of patches that came from the cache"),
        ):
            self.addOutput(QgsProcessingOutputNumber(key, tr(label)))

    def _add_input_parameters(self) -> None:
        prompts, *others = prompt_parameters(optional=True)
        for parameter in (
            with_help(
                QgsProcessingParameterRasterLayer(self.INPUT, tr("Raster or tile layer")),
                "Any raster layer that has a CRS: files, XYZ, WMTS, WMS, WCS and others. In a "
                "command, a tile layer is INPUT='wms://type=xyz&url=...&zmin=0&zmax=19'.",
            ),
            model_parameter(),
            prompts,
            with_help(
                QgsProcessingParameterPoint(self.POINT, tr("Point on one object"), optional=True),
                "Instead of a layer of prompts: click on the object. In a command: x,y in the "
                "CRS of the raster layer, or x,y [EPSG:4326].",
            ),
            with_help(
                QgsProcessingParameterExtent(self.EXTENT, tr("Box of one object"), optional=True),
                "Instead of a layer of prompts: draw the box around the object. With a point in "
                "it, both are one object. In a command: xmin,xmax,ymin,ymax in the CRS of the "
                "raster layer, or with [EPSG:4326] after it.",
            ),
            *others,
            number(
                self.RESOLUTION,
                "Resolution (meters)",
                "Size on the ground of the pixels that the model sees first. If not set, the "
                "pixel size of the layer, or of the finest zoom level of a tile layer.",
                None,
                0,
            ),
            zoom_parameter("The zoom level of a tile layer, instead of a resolution."),
        ):
            self.addParameter(parameter)

    def _advanced_parameters(self) -> tuple[Any, ...]:
        return (
            bands_parameter(self.INPUT),
            range_parameter(
                "0,255 for bytes and tiles, else the smallest and largest value of the raster."
            ),
            number(
                self.ATTEMPTS,
                "Maximum patches per object",
                "The number of patches that are tried for an object that reaches the edge of its "
                "patch. With 1, only the first patch is used.",
                contract.DEFAULT_ATTEMPTS,
                1,
                contract.MAXIMUM_ATTEMPTS,
                whole=True,
            ),
            *tile_limit_parameters(),
            cuda_parameter(),
            batch_parameter("prompts"),
            checkpoint_parameter(),
        )

    def resolve(self, inputs: Inputs) -> None:
        layer = inputs.raster(self.INPUT)
        self._layer = LiveLayer(
            layer,
            self.INPUT,
            bands_of(inputs),
            inputs.optional_number(self.RESOLUTION),
            inputs.optional_whole_number(ZOOM),
            limits_of(inputs),
        )
        self._require_prompts(inputs)
        self._request = contract.SegmentLiveRequest(
            source=self._layer.source(),
            prompts=(),
            model=model_of(inputs),
            cache=contract.LiveCache(str(settings.cache_folder()), settings.cache_megabytes()),
            device=device_of(inputs),
            batch_size=inputs.whole_number(BATCH_SIZE),
            masks=masks_of(inputs),
            value_range=value_range_of(inputs),
            attempts=inputs.whole_number(self.ATTEMPTS),
            whole=inputs.flag(WHOLE),
        )

    def _require_prompts(self, inputs: Inputs) -> None:
        given = [key for key in (PROMPTS, BOXES, self.POINT, self.EXTENT) if inputs.is_given(key)]
        if PROMPTS in given and not {self.POINT, self.EXTENT}.isdisjoint(given):
            raise QgsProcessingException(
                tr("PROMPTS and {} are given: leave one of them empty").format(given[-1])
            )
        if not {PROMPTS, self.POINT, self.EXTENT}.intersection(given):
            raise QgsProcessingException(
                tr("There is no prompt: give PROMPTS (a layer), POINT or EXTENT (a box)")
            )
        if BOXES in given and PROMPTS not in given:
            raise QgsProcessingException(
                tr("BOXES go with the points of PROMPTS: give that, too, or give them as PROMPTS")
            )

    def work(
        self, inputs: Inputs, feedback: QgsProcessingFeedback, results: dict[str, Any]
    ) -> None:
        inputs = replace(inputs, parameters={**inputs.parameters, **self._one_object(inputs)})
        layers = PromptLayers(inputs, self._layer.crs, self._layer.extent)
        answers = Answers(inputs, layers, self._layer.crs)
        centre = layers.centre() if self._layer.is_fetched else None
        request = replace(self._request, source=self._layer.source(centre))
        rounds = LiveRounds(self.engine(), self._layer, request, answers, feedback)
        with answers.writing(results, feedback):
            # Each call repeats what it says of the model and the raster.
            asked, log = 0, WholeRun(feedback, 0).log
            with tempfile.TemporaryDirectory(prefix="geosam_") as folder:
                for objects in layers.batches(feedback):
                    prompts = answers.requests(objects)
                    asked += len(prompts)
                    rounds.run(prompts, folder, log)
            if not asked:
                feedback.pushWarning(tr("There is no prompt that the model could be asked"))
            # A run that was cancelled does not know them.
            encoded, cached = len(rounds.encoded), len(rounds.cached)
            results[self.ENCODED_COUNT], results[self.CACHED_COUNT] = encoded, cached
            feedback.pushInfo(tr("Patches encoded: {}; from the cache: {}").format(encoded, cached))

    def _one_object(self, inputs: Inputs) -> dict[str, QgsVectorLayer]:
        """The point and the box of the parameters as layers of prompts."""
        crs = self._layer.crs
        layers = []
        if inputs.is_given(self.POINT):
            point = inputs.algorithm.parameterAsPoint(
                inputs.parameters, self.POINT, inputs.context, crs
            )
            layers.append(self._layer_of("Point", QgsGeometry.fromPointXY(point)))
        if inputs.is_given(self.EXTENT):
            box = inputs.extent(self.EXTENT, crs)
            layers.append(self._layer_of("Polygon", QgsGeometry.fromRect(box)))
        return dict(zip((PROMPTS, BOXES), layers))

    def _layer_of(self, kind: str, geometry: QgsGeometry) -> QgsVectorLayer:
        layer = QgsVectorLayer(kind, tr("Prompt"), "memory")
        layer.setCrs(self._layer.crs)
        feature = QgsFeature()
        feature.setGeometry(geometry)
        layer.dataProvider().addFeature(feature)
        return layer
