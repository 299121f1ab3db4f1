"""A raster encoded once, and what can be done with it."""

from __future__ import annotations

import html
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas
import shapely
from pyproj import CRS

from geosam_processing.contract import (
    Bounds,
    Device,
    EncodeRequest,
    Model,
)
from geosam_processing.contract.catalogue import BUNDLED_MODEL
from geosam_processing.engine.compute import machine
from geosam_processing.engine.encoding.encode import encode as encode_raster
from geosam_processing.engine.features.folder import FeatureFolder
from geosam_processing.engine.notebook.arguments import (
    Source,
    cluster_of,
    device_of,
    model_or_bundled,
    path_of,
    raster_of,
    stem_of,
)
from geosam_processing.engine.notebook.finding import segment_concepts, segment_everything
from geosam_processing.engine.notebook.progress import watched
from geosam_processing.engine.notebook.segmenting import segment
from geosam_processing.engine.raster.target_grid import PixelGrid, metres_per_pixel, parse_crs
from geosam_processing.engine.run import RunContext

if TYPE_CHECKING:
    from distributed import Client

_DRAWN = 2000  # outlines of patches in a picture
_WIDTH = 320  # of the picture in pixels
_HEIGHTS = (40, 320)
# Keywords that a request has another name for.
_FIELDS = {"crs": "target_crs", "resolution": "target_resolution", "range": "value_range"}


class Features:
    """A feature folder: a raster that was encoded once, for any number of prompts.

    It can be given wherever a path of a feature folder is expected.
    """

    segment = segment
    segment_everything = segment_everything
    segment_concepts = segment_concepts

    def __init__(self, path: Source) -> None:
        """Open the folder that holds ``manifest.parquet``.

        Raises:
            FeaturesError: there is no manifest, or it cannot be read or used.
        """
        self._folder = FeatureFolder.open(path_of(path))

    def __fspath__(self) -> str:
        return str(self._folder.path)

    @property
    def path(self) -> Path:
        """The folder."""
        return self._folder.path

    @property
    def model(self) -> str:
        """The model that encoded the raster."""
        return self._folder.model_id or self._folder.model_type

    @property
    def crs(self) -> CRS:
        """The CRS of the features and of the objects that are segmented with them."""
        return self._folder.crs

    @property
    def bounds(self) -> Bounds:
        """xmin, ymin, xmax, ymax of all patches in ``crs``."""
        return self._folder.bounds

    @property
    def resolution(self) -> float:
        """The size of a pixel on the ground in meters."""
        chip = self._folder.chips[0]
        height, width = chip.shape
        crs = parse_crs(self._folder.crs_text)
        return metres_per_pixel(PixelGrid(crs, chip.transform, width, height))

    @property
    def patches(self) -> geopandas.GeoDataFrame:
        """The outlines of the patches, with chip_id, row, column and nodata_share."""
        chips = self._folder.chips
        names = ("chip_id", "row", "column", "nodata_share")
        columns = {name: [getattr(chip, name) for chip in chips] for name in names}
        outlines = [chip.polygon for chip in chips]
        return geopandas.GeoDataFrame(columns, geometry=outlines, crs=self.crs)

    def __len__(self) -> int:
        return len(self._folder.chips)

    def __repr__(self) -> str:
        return f"<{self._title()}: {self.path}>"

    def _repr_html_(self) -> str:
        return (
            f"<div><b>{html.escape(self._title())}</b><br>"
            f"<code>{html.escape(str(self.path))}</code><br>{_drawn(self.patches)}</div>"
        )

    def _title(self) -> str:
        authority = self.crs.to_authority()
        name = ":".join(authority) if authority else self.crs.name
        noun = "patch" if len(self) == 1 else "patches"
        return f"{len(self)} {noun} of {self.model}, {name}, {self.resolution:.3g} m"


def _drawn(patches: geopandas.GeoDataFrame) -> str:
    """The outlines of patches as SVG, north up."""
    west, south, east, north = patches.total_bounds
    scale = _WIDTH / (east - west)
    height = min(max(scale * (north - south), _HEIGHTS[0]), _HEIGHTS[1])
    scale = min(scale, height / (north - south))
    shapes = []
    for outline in patches.geometry[:_DRAWN]:
        points = shapely.get_coordinates(outline)[:-1]
        corners = " ".join(f"{scale * (x - west):.1f},{scale * (north - y):.1f}" for x, y in points)
        shapes.append(f'<polygon points="{corners}"/>')
    return (
        f'<svg width="{scale * (east - west) + 2:.0f}" height="{scale * (north - south) + 2:.0f}" '
        'fill="#3b82f6" fill-opacity="0.12" stroke="#3b82f6" stroke-width="1">'
        f'<g transform="translate(1 1)">{"".join(shapes)}</g></svg>'
    )


def request_of(
    input: Source,
    output: str,
    *,
    model: str | Model | None = None,
    checkpoint: Source | None = None,
    bands: Sequence[int] | None = None,
    extent: Bounds | None = None,
    device: str | Device | None = None,
    cuda_id: int = 0,
    scales: Sequence[int] = (1,),
    **options: Any,
) -> EncodeRequest:
    """The request that the keywords of ``encode`` make.

    Raises:
        ContractError: a value is invalid.
        TypeError: there is no such keyword.
    """
    return EncodeRequest(
        raster=raster_of(input, bands, extent),
        model=model_or_bundled(model, checkpoint),
        output=output,
        layer_name=stem_of(input),
        device=device_of(device, cuda_id),
        scales=tuple(scales),
        **{_FIELDS.get(name, name): value for name, value in options.items()},
    )


def encode(
    input: Source,
    output: Source | None = None,
    *,
    model: str | Model | None = None,
    checkpoint: Source | None = None,
    bands: Sequence[int] | None = None,
    extent: Bounds | None = None,
    stride: int | None = None,
    overlap: float | None = None,
    crs: str = "",
    resolution: float | None = None,
    resolution_scale: float | None = None,
    range: tuple[float, float] | None = None,
    percentile_cut: float = 0.0,
    precision: str = "float16",
    compute_precision: str = "auto",
    memory_strategy: str = "balanced",
    include_nodata: bool = False,
    concepts: bool = True,
    scales: Sequence[int] = (1,),
    device: str | Device | None = None,
    cuda_id: int = 0,
    batch_size: int = 0,
    cluster: str | Client | None = None,
    context: RunContext | None = None,
) -> Features:
    """Encode a raster once into a feature folder. A run that was stopped continues.

    Args:
        input: a file, or what GDAL opens.
        output: the feature folder. If not set, ``NAME_MODEL`` next to the file.
        model: name of a model. If not set, the bundled one.
        checkpoint: file of a model.
        bands: numbers from 1, up to three. If not set, the first one to three.
        extent: xmin, ymin, xmax, ymax in the CRS of the raster. If not set, all of it.
        stride: distance between the starts of neighboring patches in pixels. If not set, half a
            patch.
        overlap: of neighboring patches in percent, instead of a stride.
        crs: CRS to encode in, as ``EPSG:n`` or WKT. If not set, the raster's.
        resolution: pixel size to encode in meters. If not set, the raster's.
        resolution_scale: how many times as wide pixels become, instead of a resolution.
        range: values that become 0 and 255. If not set, the smallest and largest in the extent.
        percentile_cut: percent of the values to cut at both ends of the range.
        precision: of the files, float16 or float32.
        compute_precision: of the model, auto, float32, bfloat16 or float16.
        memory_strategy: balanced or low_memory.
        include_nodata: encode patches without data.
        concepts: with SAM3, keep what words and examples need.
        scales: how many times as wide pixels are encoded as well, such as ``(1, 2, 4)``.
        device: auto, cpu, cuda or mps. If not set, ``GEOSAM_DEVICE``, or else auto.
        cuda_id: number of the CUDA device.
        batch_size: patches that are encoded together. 0 chooses it.
        cluster: processes or computers that share the work: ``local``, ``local:4``, the
            address of a Dask scheduler, or a ``distributed.Client``. If not set,
            ``GEOSAM_CLUSTER``.
        context: own callbacks instead of a progress bar and the log.

    Returns:
        The features.

    Raises:
        ContractError: an argument is invalid.
        RasterError, ModelError, DeviceError: the raster or the model cannot be used.
        FeaturesError: the folder was encoded with other settings.
        OutputError: the folder cannot be written.
        ClusterError: the cluster cannot be used, or failed at some patches.
    """
    request = request_of(
        input,
        path_of(output) if output else str(_beside(input, model, checkpoint)),
        model=model,
        checkpoint=checkpoint,
        bands=bands,
        extent=extent,
        stride=stride,
        overlap=overlap,
        crs=crs,
        resolution=resolution,
        resolution_scale=resolution_scale,
        range=range,
        percentile_cut=percentile_cut,
        precision=precision,
        compute_precision=compute_precision,
        memory_strategy=memory_strategy,
        include_nodata=include_nodata,
        concepts=concepts,
        scales=scales,
        device=device,
        cuda_id=cuda_id,
        batch_size=batch_size,
    )
    workers = cluster_of(cluster)
    all_cores = compute_precision == "bfloat16"
    with watched("Encoding", context) as run, machine.large_run(all_cores=all_cores):
        return Features(encode_raster(request, run, workers).output)


def _beside(input: Source, model: str | Model | None, checkpoint: Source | None) -> Path:
    """``NAME_MODEL`` next to a file; in the current folder for what is none."""
    path = Path(path_of(input))
    chosen = model_or_bundled(model, checkpoint)
    name = chosen.model or Path(chosen.checkpoint).stem or BUNDLED_MODEL
    folder = path.parent if path.exists() else Path()
    return folder / f"{stem_of(input)}_{name}"
