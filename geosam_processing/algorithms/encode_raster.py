"""``geosam:encoderaster``."""

import os
from typing import Any, Optional

from qgis.core import (
    QgsFields,
    QgsProcessing,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputFile,
    QgsProcessingOutputNumber,
    QgsProcessingParameterCrs,
    QgsProcessingParameterExtent,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFolderDestination,
    QgsProcessingParameterRasterLayer,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import QVariant

from .. import contract
from .base import GeoSamAlgorithm, Parameters, tr
from .feedback import log_to, progress_to
from .layers import (
    crs_from_text,
    crs_to_text,
    geometry_from_wkb,
    layer_folder_name,
    optional_sink,
    own_fields,
    raster_of_layer,
)
from .parameters import (
    BATCH_SIZE,
    advanced,
    batch_parameter,
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
from .raster_parameters import bands_of, bands_parameter, range_parameter, value_range_of

FLUSH_EVERY = {"balanced": 16, "low_memory": 1}
PATCH_FIELDS = (
    ("chip_id", QVariant.String),
    ("row", QVariant.Int),
    ("column", QVariant.Int),
    ("nodata_share", QVariant.Double),
    ("reused", QVariant.Bool),
    ("skipped", QVariant.Bool),
)


class EncodeRaster(GeoSamAlgorithm):
    """A raster into a feature folder."""

    NAME = "encoderaster"
    TITLE = "Encode raster"
    GROUP = "Encoding"
    HELP = (
        "Runs the image encoder of a Segment Anything model over a raster, patch by patch, and "
        "keeps the features in a folder. This is the slow part, and is done once: with the "
        "folder, Segment from prompts turns any number of points and boxes into polygons "
        "quickly.\n\n"
        "Stopped or failed, a run with the same settings continues where it was. The folder can "
        "be moved, and Geo-SAM can open it."
    )
    TAGS = ("segment anything", "sam", "sam2", "features", "embedding", "encoder", "deep learning")

    INPUT = "INPUT"
    EXTENT = "EXTENT"
    STRIDE = "STRIDE"
    OUTPUT = "OUTPUT"
    CRS = "CRS"
    RESOLUTION = "RESOLUTION"
    PERCENTILE_CUT = "PERCENTILE_CUT"
    PRECISION = "PRECISION"
    COMPUTE_PRECISION = "COMPUTE_PRECISION"
    MEMORY_STRATEGY = "MEMORY_STRATEGY"
    INCLUDE_NODATA = "INCLUDE_NODATA"
    PATCHES = "PATCHES"
    MANIFEST = "MANIFEST"
    PATCH_COUNT = "PATCH_COUNT"
    REUSED_COUNT = "REUSED_COUNT"
    SKIPPED_COUNT = "SKIPPED_COUNT"

    def initAlgorithm(self, configuration: Optional[dict[str, Any]] = None) -> None:
        self._add_common_parameters()
        self._add_advanced_parameters()
        self.addOutput(QgsProcessingOutputFile(self.MANIFEST, tr("Manifest")))
        for key, label in (
            (self.PATCH_COUNT, "Number of patches in the folder"),
            (self.REUSED_COUNT, "Number of patches that an earlier run had encoded"),
            (self.SKIPPED_COUNT, "Number of patches without data, which were skipped"),
        ):
            self.addOutput(QgsProcessingOutputNumber(key, tr(label)))

    def _add_common_parameters(self) -> None:
        for parameter in (
            with_help(
                QgsProcessingParameterRasterLayer(self.INPUT, tr("Raster layer")),
                "Any raster that GDAL opens and that has a CRS: images, indices, radar, elevation.",
            ),
            bands_parameter(self.INPUT),
            model_parameter(),
            with_help(
                QgsProcessingParameterExtent(self.EXTENT, tr("Extent"), optional=True),
                "Only this part of the raster is encoded. None: all of it.",
            ),
            number(
                self.STRIDE,
                "Stride (pixels)",
                "From the start of a patch to that of the next. Half a patch (512; for "
                "geosam_nano 256) has every object of up to half a patch whole in some patch; "
                "smaller takes longer, larger is quicker. No more than the model's patch.",
                512,
                1,
                contract.MAXIMUM_STRIDE,
                whole=True,
            ),
            device_parameter(),
            with_help(
                QgsProcessingParameterFolderDestination(self.OUTPUT, tr("Features")),
                "The folder for the features. One that an earlier run with the same settings "
                "began is completed; one with other settings is an error that says what differs.",
            ),
        ):
            self.addParameter(parameter)

    def _add_advanced_parameters(self) -> None:
        for parameter in (
            cuda_parameter(),
            batch_parameter("patches"),
            with_help(
                QgsProcessingParameterCrs(self.CRS, tr("Target CRS"), optional=True),
                "The raster is warped into this CRS before it is encoded. None: its own.",
            ),
            number(
                self.RESOLUTION,
                "Target resolution (metres)",
                "The raster is warped to pixels of this size. A raster in degrees is put into its "
                "UTM zone, unless a target CRS is given. None: its own resolution.",
                None,
                0,
            ),
            range_parameter("from the values in the extent, nodata left out."),
            number(
                self.PERCENTILE_CUT,
                "Percentile cut (percent at each end)",
                "Leaves out so much of the lowest and of the highest values where the value range "
                "is taken from the raster. 2 brightens a raster with a few extreme values.",
                0,
                0,
                49.9,
            ),
            choice(
                self.PRECISION,
                "Precision of the features",
                f"One of {', '.join(contract.PRECISIONS)}. float16 takes half the space and keeps "
                "masks at an IoU of 0.9998 with those of float32, on average.",
                contract.PRECISIONS,
                contract.PRECISIONS[0],
            ),
            choice(
                self.COMPUTE_PRECISION,
                "Precision of the computation",
                f"One of {', '.join(contract.COMPUTE_PRECISIONS)}. auto: float32 on a processor, "
                "which is exact, float16 on an NVIDIA GPU. bfloat16 is faster on a processor that "
                "has AVX-512 BF16 or AMX; float16 needs a GPU.",
                contract.COMPUTE_PRECISIONS,
                contract.COMPUTE_PRECISIONS[0],
            ),
            choice(
                self.MEMORY_STRATEGY,
                "Memory strategy",
                "One of balanced (the manifest is written every 16 patches) and low_memory (after "
                "every patch, which also loses none if the computer fails).",
                tuple(FLUSH_EVERY),
                "balanced",
            ),
            flag(
                self.INCLUDE_NODATA,
                "Encode patches without data too",
                "Off: patches that are wholly nodata are skipped.",
                False,
            ),
            checkpoint_parameter(),
        ):
            self.addParameter(advanced(parameter))
        patches = QgsProcessingParameterFeatureSink(
            self.PATCHES,
            tr("Patches"),
            QgsProcessing.SourceType.TypeVectorPolygon,
            optional=True,
            createByDefault=False,
        )
        self.addParameter(
            with_help(patches, "Outlines of the patches, so that you see what was encoded.")
        )

    def resolve(self, parameters: Parameters, context: QgsProcessingContext) -> None:
        layer = self.parameterAsRasterLayer(parameters, self.INPUT, context)
        if layer is None:
            raise QgsProcessingException(self.invalidRasterError(parameters, self.INPUT))
        extent = None
        if parameters.get(self.EXTENT) not in (None, ""):
            extent = self.parameterAsExtent(parameters, self.EXTENT, context, layer.crs())
        bands = bands_of(self, parameters, context)
        resolution = None
        if parameters.get(self.RESOLUTION) not in (None, ""):
            resolution = self.parameterAsDouble(parameters, self.RESOLUTION, context)
        strategy = self.parameterAsEnumString(parameters, self.MEMORY_STRATEGY, context)
        self._settings = {
            "raster": raster_of_layer(layer, self.INPUT, bands, extent),
            "model": model_of(self, parameters, context),
            "layer_name": layer_folder_name(layer),
            "stride": self.parameterAsInt(parameters, self.STRIDE, context),
            "device": device_of(self, parameters, context),
            "batch_size": self.parameterAsInt(parameters, BATCH_SIZE, context),
            "target_crs": crs_to_text(self.parameterAsCrs(parameters, self.CRS, context)),
            "target_resolution": resolution,
            "value_range": value_range_of(self, parameters, context),
            "percentile_cut": self.parameterAsDouble(parameters, self.PERCENTILE_CUT, context),
            "precision": self.parameterAsEnumString(parameters, self.PRECISION, context),
            "compute_precision": self.parameterAsEnumString(
                parameters, self.COMPUTE_PRECISION, context
            ),
            "flush_every": FLUSH_EVERY[strategy],
            "include_nodata": self.parameterAsBool(parameters, self.INCLUDE_NODATA, context),
        }
        # Its folder is not known yet, but all else can be tried.
        contract.EncodeRequest(output=".", **self._settings)

    def work(
        self,
        parameters: Parameters,
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
        results: dict[str, Any],
    ) -> None:
        folder = os.path.abspath(self.parameterAsString(parameters, self.OUTPUT, context))
        results[self.OUTPUT] = folder
        result = self.engine().encode(
            contract.EncodeRequest(output=folder, **self._settings),
            progress=progress_to(feedback),
            log=log_to(feedback),
            cancelled=feedback.isCanceled,
        )
        results[self.MANIFEST] = result.manifest
        results[self.PATCH_COUNT] = result.patch_count
        results[self.REUSED_COUNT] = result.reused_count
        results[self.SKIPPED_COUNT] = result.skipped_count
        sink = optional_sink(
            self,
            parameters,
            self.PATCHES,
            context,
            own_fields(QgsFields(), PATCH_FIELDS),
            QgsWkbTypes.Type.Polygon,
            crs_from_text(result.crs),
        )
        if sink is not None:
            for patch in result.patches:
                sink.write(
                    geometry_from_wkb(patch.wkb),
                    [getattr(patch, name) for name, _ in PATCH_FIELDS],
                )
            sink.close()
            results[self.PATCHES] = sink.destination
