"""``geosam:segmenteverything``."""

import os
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Optional

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsProcessing,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFile,
    QgsProcessingParameterRasterLayer,
)

from .. import contract
from ..contract.fields import FOUND_FIELDS
from ..qgis_tools.feedback import listener_of
from ..qgis_tools.inputs import Inputs
from ..translation import tr
from .base import GeoSamAlgorithm
from .layers.feature_folders import place_of_features
from .layers.found_objects import found_objects
from .layers.search_area import search_area_of, search_area_parameters
from .parameters.cluster import cluster_of, cluster_parameter, report_cluster
from .parameters.common import (
    BATCH_SIZE,
    advanced,
    batch_parameter,
    checkpoint_of,
    checkpoint_parameter,
    choice,
    cuda_parameter,
    device_of,
    device_parameter,
    flag,
    model_of,
    model_parameter,
    number,
    with_help,
)
from .parameters.encoding import (
    STRIDE,
    scales_of,
    scales_parameter,
    stride_parameter,
)
from .parameters.prompts import (
    MIN_AREA,
    MIN_SCORE,
    OBJECT_COUNT,
    OUTPUT,
    contrast_parameter,
    found_shape_of,
    shape_parameters,
)
from .parameters.raster import bands_parameter, range_parameter, value_range_of
from .parameters.raster_encoding import INPUT
from .parameters.raster_input import RasterInput, raster_input_parameters, unfinished_run
from .parameters.shards import report_shard, shard_of, shard_parameter


class SegmentEverything(GeoSamAlgorithm):
    """All objects of a feature folder."""

    NAME = "segmenteverything"
    TITLE = "Segment everything"
    GROUP = "Segmentation"
    HELP = (
        "Segments all objects of a raster without prompts, from the features of Encode raster, "
        "or directly on a raster or tile layer. The model is prompted with a grid of points on "
        "each patch. An object that several patches show becomes one polygon, without seams and "
        "duplicates.\n\n"
        "An interrupted run continues when it is started again: the answers of each patch are "
        "kept in the feature folder, or in the cache. With features, a second run with other "
        "options for objects and outlines takes seconds."
    )
    TAGS = (
        "segment anything",
        "sam",
        "sam2",
        "automatic mask generator",
        "instance segmentation",
        "objects",
        "polygons",
        "deep learning",
    )

    FEATURES = "FEATURES"
    SPACING = "SPACING"
    MIN_STABILITY = "MIN_STABILITY"
    MAX_AREA = "MAX_AREA"
    KEEP = "KEEP"
    RESUME = "RESUME"
    PATCH_COUNT = "PATCH_COUNT"
    CALL_COUNT = "CALL_COUNT"

    def initAlgorithm(self, configuration: Optional[dict[str, Any]] = None) -> None:
        kinds = QgsProcessing.SourceType
        for parameter in (
            with_help(
                QgsProcessingParameterFile(
                    self.FEATURES,
                    tr("Features"),
                    QgsProcessingParameterFile.Behavior.Folder,
                    optional=True,
                ),
                "The folder that Encode raster or Geo-SAM made: the one that holds "
                "manifest.parquet. Patches that overlap by half give objects without seams.",
            ),
            with_help(
                QgsProcessingParameterRasterLayer(INPUT, tr("Raster or tile layer"), optional=True),
                "Instead of features: each patch is encoded and asked, and its features are not "
                "kept. For a raster whose features would fill the disk. Of a tile layer the extent "
                "or the area to search is fetched first.",
            ),
            *search_area_parameters(),
            number(
                self.SPACING,
                "Spacing of points (pixels)",
                "The distance of the finest points. Half the spacing finds smaller objects and "
                "takes up to four times as long. If not set, the minimum area determines it; "
                "without one, it is 16.",
                None,
                contract.MINIMUM_SPACING,
                contract.MAXIMUM_SPACING,
                whole=True,
            ),
            number(
                MIN_AREA,
                "Minimum area (square meters)",
                "Smaller objects are left out. 0 keeps objects of all sizes.",
                0,
                0,
            ),
            number(
                self.MAX_AREA,
                "Maximum area (square meters)",
                "Larger objects are left out. 0 is no limit.",
                0,
                0,
            ),
            choice(
                self.KEEP,
                "Objects to keep",
                f"One of {', '.join(contract.KEEP)}. all keeps nested objects, with the id of the "
                "object that contains them. leaves keeps objects that contain no others, largest "
                "those in no others. coverage removes overlaps: smaller objects lie on top.",
                contract.KEEP,
                contract.KEEP[0],
            ),
            *shape_parameters(),
            device_parameter(),
            advanced(
                number(
                    MIN_SCORE,
                    "Minimum score (0 to 1)",
                    "Masks with a lower score, as the model estimates it, are dropped. If not "
                    "set, the value that suits the model: 0.88 for SAM, 0.8 for SAM2, 0.5 for "
                    "geosam_nano.",
                    None,
                    0,
                    1,
                )
            ),
            advanced(
                number(
                    self.MIN_STABILITY,
                    "Minimum stability (0 to 1)",
                    "Masks that change more when they are cut a little tighter or looser are "
                    "dropped. If not set, the value that suits the model: 0.95 for SAM and SAM2, "
                    "0.75 for geosam_nano.",
                    None,
                    0,
                    1,
                )
            ),
            advanced(contrast_parameter()),
            *self._encoding_parameters(),
            advanced(cuda_parameter()),
            advanced(batch_parameter("points")),
            advanced(checkpoint_parameter()),
            advanced(
                flag(
                    self.RESUME,
                    "Keep answers to continue",
                    "If unchecked, no answers are written to the feature folder or the cache, and "
                    "every run asks all points again.",
                    True,
                )
            ),
            cluster_parameter("the patches"),
            shard_parameter("Merge objects with MODE=shards"),
            with_help(
                QgsProcessingParameterFeatureSink(OUTPUT, tr("Objects"), kinds.TypeVectorPolygon),
                "The objects, in the CRS of the features or of the raster.",
            ),
        ):
            self.addParameter(parameter)
        for key, label in (
            (OBJECT_COUNT, "Number of objects"),
            (self.PATCH_COUNT, "Number of patches"),
            (self.CALL_COUNT, "Number of points that were asked"),
        ):
            self.addOutput(QgsProcessingOutputNumber(key, tr(label)))

    def _encoding_parameters(self) -> Iterator[QgsProcessingParameterDefinition]:
        """How a raster is encoded that is given instead of features."""
        for parameter in (
            model_parameter(),
            bands_parameter(INPUT),
            range_parameter("from the values of the raster, nodata left out."),
            stride_parameter(),
            scales_parameter(),
            *raster_input_parameters(),
        ):
            parameter.setHelp(f"{parameter.help()} {tr('Only without features.')}")
            yield advanced(parameter)

    def resolve(self, inputs: Inputs) -> None:
        spacing = inputs.optional_whole_number(self.SPACING)
        cluster, self._cluster_from = cluster_of(inputs)
        self._fields: dict[str, Any] = {
            "spacing": spacing,
            "minimum_score": inputs.optional_number(MIN_SCORE),
            "minimum_stability": inputs.optional_number(self.MIN_STABILITY),
            "minimum_area": inputs.number(MIN_AREA),
            "maximum_area": inputs.number(self.MAX_AREA),
            "keep": inputs.choice(self.KEEP),
            "masks": found_shape_of(inputs),
            "device": device_of(inputs),
            "batch_size": inputs.whole_number(BATCH_SIZE),
            "resume": inputs.flag(self.RESUME),
            "cluster": cluster,
        }
        self._fields["shard"], self._variable = shard_of(inputs)
        has_features = inputs.one_of(self.FEATURES, INPUT) == self.FEATURES
        self._raster = None if has_features else RasterInput(inputs, INPUT)
        encode = None if self._raster is None else self._encoding(inputs, self._raster)
        self._encode = encode
        contract.DiscoverRequest("." if has_features else "", encode, **self._fields)

    def _encoding(self, inputs: Inputs, layer: RasterInput) -> contract.EncodeRequest:
        """How the patches of a layer are encoded; its raster and folder are not there yet."""
        return contract.EncodeRequest(
            raster=contract.Raster("."),
            model=model_of(inputs),
            output=".",
            layer_name=layer.name,
            stride=inputs.optional_whole_number(STRIDE),
            scales=scales_of(inputs),
            device=device_of(inputs),
            target_crs=layer.target_crs,
            target_resolution=layer.target_resolution,
            value_range=value_range_of(inputs) or layer.value_range,
        )

    def work(
        self, inputs: Inputs, feedback: QgsProcessingFeedback, results: dict[str, Any]
    ) -> None:
        report_cluster(self._fields["cluster"], self._cluster_from, feedback)
        if self._raster is not None:
            self._work_on_raster(inputs, self._raster, feedback, results)
            return
        features = os.path.abspath(inputs.file(self.FEATURES))
        crs, _ = place_of_features(self.engine(), features, feedback)
        request = contract.DiscoverRequest(
            features,
            model=checkpoint_of(inputs),
            **self._fields,
        )
        self._discover(inputs, request, crs, feedback, results)

    def _work_on_raster(
        self,
        inputs: Inputs,
        layer: RasterInput,
        feedback: QgsProcessingFeedback,
        results: dict[str, Any],
    ) -> None:
        if self._encode is None:
            raise RuntimeError("a raster has settings of its encoding")
        with unfinished_run(layer.key) as folder:
            encode = replace(self._encode, raster=layer.raster(folder, feedback), output=folder)
            request = contract.DiscoverRequest(encode=encode, **self._fields)
            self._discover(inputs, request, layer.crs, feedback, results)

    def _discover(
        self,
        inputs: Inputs,
        request: contract.DiscoverRequest,
        crs: QgsCoordinateReferenceSystem,
        feedback: QgsProcessingFeedback,
        results: dict[str, Any],
    ) -> None:
        """Run the request in the search area; ``crs`` is that of the objects."""
        request = replace(request, area=search_area_of(inputs, crs))
        report_shard(request.shard, self._variable, feedback)
        if request.shard is not None and request.keep != contract.KEEP[0]:
            feedback.pushInfo(tr("KEEP of a shard counts when the shards are merged"))
        with found_objects(inputs, crs, FOUND_FIELDS, results) as write:
            result = self.engine().call(
                contract.DISCOVER,
                request,
                listener_of(feedback, write),
                feedback.isCanceled,
            )
            results[self.PATCH_COUNT] = result.patch_count
            results[self.CALL_COUNT] = result.call_count
            feedback.pushInfo(
                tr("{} objects on {} patches, {} points in {} s").format(
                    result.object_count,
                    result.patch_count,
                    result.call_count,
                    round(result.seconds, 1),
                )
            )
