"""``geosam:encodetilelayer``."""

import os
from typing import Any, Optional

from qgis.core import (
    QgsProcessing,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingMultiStepFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingParameterExtent,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterRasterDestination,
    QgsProcessingParameterRasterLayer,
    QgsRasterLayer,
    QgsRectangle,
)

from .. import contract
from ..qgis_tools.crs import crs_to_text
from ..qgis_tools.inputs import Inputs
from ..tiles.grid import TileGrid, choose_grid
from ..tiles.raster import copy_raster, raster_of_tiles
from ..tiles.reader import TileReader, needs_reader
from ..translation import tr
from .base import GeoSamAlgorithm
from .layers.inputs import layer_folder_name
from .layers.prompts import PromptReader, extent_of
from .parameters.cluster import cluster_of, cluster_parameter, report_cluster
from .parameters.common import (
    advanced,
    batch_parameter,
    cuda_parameter,
    device_parameter,
    model_parameter,
    number,
    with_help,
)
from .parameters.encoding import (
    encode,
    encoding_of,
    encoding_outputs,
    encoding_parameters,
    features_parameter,
    patches_parameter,
    stride_parameter,
    target_crs_parameter,
)
from .parameters.raster import bands_of, bands_parameter
from .parameters.shards import (
    prune_parameter,
    prune_source_of,
    pruned,
    report_shard,
    shard_of,
    shard_parameter,
)
from .parameters.tiles import ZOOM, limits_of, tile_limit_parameters, zoom_parameter


class EncodeTileLayer(GeoSamAlgorithm):
    """A part of a tile layer into a feature folder."""

    NAME = "encodetilelayer"
    TITLE = "Encode tile layer"
    GROUP = "Encoding"
    HELP = (
        "Encodes a part of an online map: XYZ tiles, WMTS, WMS, WCS, ArcGIS and other raster "
        "layers of QGIS that are not files. QGIS fetches the tiles with its settings for "
        "authentication and proxies. The features are used like those of Encode raster.\n\n"
        "Missing tiles are counted and left out. An interrupted run continues with the same "
        "settings, and fetches no tile twice. Respect the server's terms of use: many allow "
        "viewing, but not bulk downloads."
    )
    TAGS = (
        "segment anything",
        "sam",
        "sam2",
        "sam3",
        "features",
        "xyz",
        "wmts",
        "wms",
        "wcs",
        "basemap",
        "online",
        "encoder",
    )

    INPUT = "INPUT"
    EXTENT = "EXTENT"
    PROMPTS = "PROMPTS"
    SURROUNDINGS = "SURROUNDINGS"
    RESOLUTION = "RESOLUTION"
    OUTPUT = "OUTPUT"
    RASTER = "RASTER"
    TILE_COUNT = "TILE_COUNT"
    MISSING_SHARE = "MISSING_SHARE"

    def initAlgorithm(self, configuration: Optional[dict[str, Any]] = None) -> None:
        for parameter in (
            with_help(
                QgsProcessingParameterRasterLayer(self.INPUT, tr("Tile layer")),
                "A raster layer that is no file. In a command, XYZ tiles are "
                "'wms://type=xyz&url=https://host/{z}/{x}/{y}.png&zmin=0&zmax=19'; write %26 for "
                "an & and %3D for an = inside the address.",
            ),
            with_help(
                QgsProcessingParameterExtent(self.EXTENT, tr("Extent"), optional=True),
                "The part to encode. Give this or prompts.",
            ),
            with_help(
                QgsProcessingParameterFeatureSource(
                    self.PROMPTS,
                    tr("Prompts to surround"),
                    [QgsProcessing.SourceType.TypeVectorAnyGeometry],
                    optional=True,
                ),
                "Points or boxes that you will segment. The rectangle around all of them is "
                "encoded, and its surroundings. Give this or an extent.",
            ),
            number(
                self.SURROUNDINGS,
                "Surroundings of the prompts (pixels)",
                "Distance beyond the outermost prompts that is encoded. It must contain each "
                "complete object.",
                512,
                0,
                whole=True,
            ),
            zoom_parameter(
                "Tiles of this level are used without resampling, which is sharpest. Give this "
                "or a resolution."
            ),
            number(
                self.RESOLUTION,
                "Resolution (meters)",
                "Size of a pixel on the ground; tiles of the next finer level are resampled. "
                "Give this or a zoom level; for layers with a fixed pixel size, such as WCS, "
                "neither is needed.",
                None,
                0,
            ),
            model_parameter(),
            stride_parameter(),
            device_parameter(),
            *map(advanced, tile_limit_parameters()),
            advanced(bands_parameter(self.INPUT)),
            advanced(cuda_parameter()),
            advanced(batch_parameter("patches")),
            advanced(target_crs_parameter()),
            *encoding_parameters(
                "0 to 255 for images, else from the values in the extent, nodata left out."
            ),
            shard_parameter("Merge feature shards"),
            prune_parameter(),
            cluster_parameter("the patches"),
            features_parameter(self.OUTPUT),
            with_help(
                QgsProcessingParameterRasterDestination(
                    self.RASTER, tr("Raster of the tiles"), optional=True, createByDefault=False
                ),
                "A GeoTIFF that joins the tiles.",
            ),
            patches_parameter(),
        ):
            self.addParameter(parameter)
        for output in (
            *encoding_outputs(),
            QgsProcessingOutputNumber(self.TILE_COUNT, tr("Number of tiles")),
            QgsProcessingOutputNumber(self.MISSING_SHARE, tr("Missing pixels (0 to 1)")),
        ):
            self.addOutput(output)

    def resolve(self, inputs: Inputs) -> None:
        layer = inputs.raster(self.INPUT)
        if not needs_reader(layer):
            raise QgsProcessingException(
                tr(
                    "{} ({}) is a raster that GDAL opens, not a tile layer: take Encode raster "
                    "(geosam:encoderaster)"
                ).format(self.INPUT, layer.name())
            )
        self._shard, self._variable = shard_of(inputs)
        self._cluster, self._cluster_from = cluster_of(inputs)
        self._prune = prune_source_of(inputs)
        self._reader = TileReader(layer, limits_of(inputs))
        settings = encoding_of(inputs)
        self._grid = self._choose_grid(layer, settings, inputs)
        self._reader.check_count(self._grid.extent, self._grid.width, self._grid.height)
        settings["target_resolution"] = self._grid.target_resolution
        if self._reader.is_image and not settings["percentile_cut"]:
            settings["value_range"] = settings["value_range"] or (0.0, 255.0)
        self._settings = {**settings, "layer_name": layer_folder_name(layer)}
        self._raster: dict[str, Any] = {
            "crs": crs_to_text(self._reader.crs),
            "bands": tuple(bands_of(inputs)),
        }
        # Folder and raster are not there yet, but all else can be tried.
        self._request("raster.tif", ".")

    def work(
        self, inputs: Inputs, feedback: QgsProcessingFeedback, results: dict[str, Any]
    ) -> None:
        folder = os.path.abspath(inputs.text(self.OUTPUT))
        destination = self._destination(inputs)
        results[self.OUTPUT] = folder
        report_shard(self._shard, self._variable, feedback)
        report_cluster(self._cluster, self._cluster_from, feedback)
        steps = QgsProcessingMultiStepFeedback(2, feedback)
        path, report = raster_of_tiles(
            self._reader, self._grid, folder, steps, waits=self._shard is not None
        )
        results[self.TILE_COUNT] = report.tile_count
        results[self.MISSING_SHARE] = report.missing_share
        if destination:
            copy_raster(path, destination)
            results[self.RASTER] = destination
        steps.setCurrentStep(1)
        request = self._request(path, folder)
        with pruned(request, self._prune, inputs, feedback) as pruned_request:
            encode(self.engine(), pruned_request, inputs, steps, results)

    def _choose_grid(
        self, layer: QgsRasterLayer, settings: dict[str, Any], inputs: Inputs
    ) -> TileGrid:
        margin = 0
        if inputs.one_of(self.EXTENT, self.PROMPTS) == self.EXTENT:
            extent = inputs.extent(self.EXTENT, layer.crs())
        else:
            extent = self._extent_of_prompts(layer, inputs)
            margin = inputs.whole_number(self.SURROUNDINGS)
        return choose_grid(
            self._reader,
            extent,
            margin,
            inputs.optional_whole_number(ZOOM),
            settings["target_resolution"],
            settings["target_crs"] not in ("", crs_to_text(layer.crs())),
        )

    def _extent_of_prompts(self, layer: QgsRasterLayer, inputs: Inputs) -> QgsRectangle:
        source = inputs.source(self.PROMPTS)
        reader = PromptReader(
            source,
            self.PROMPTS,
            layer.crs(),
            inputs.context.transformContext(),
            extent=layer.extent(),
        )
        extent = extent_of(reader)
        if extent is None:
            raise QgsProcessingException(
                tr(
                    "PROMPTS ({}) has no point and no box in the layer's CRS ({}): give a layer "
                    "that has"
                ).format(source.sourceName(), layer.crs().authid())
            )
        return extent

    def _destination(self, inputs: Inputs) -> str:
        if not inputs.is_given(self.RASTER):
            return ""
        destination = str(
            inputs.algorithm.parameterAsOutputLayer(inputs.parameters, self.RASTER, inputs.context)
        )
        if not destination.lower().endswith((".tif", ".tiff")):
            raise QgsProcessingException(
                tr("Invalid RASTER ({}): it is a GeoTIFF, so let it end in .tif").format(
                    destination
                )
            )
        return destination

    def _request(self, path: str, folder: str) -> contract.EncodeRequest:
        raster = contract.Raster(source=path, **self._raster)
        return contract.EncodeRequest(
            raster=raster,
            output=folder,
            shard=self._shard,
            cluster=self._cluster,
            **self._settings,
        )
