"""Messages of encoding a raster, and of what a feature folder contains."""

from dataclasses import dataclass, field
from typing import Optional

from .assessment import PolygonFile
from .checks import Bounds, require, require_choice
from .cluster import require_cluster
from .raster import COMPUTE_PRECISIONS, Device, Model, Raster
from .shards import Shard

PRECISIONS = ("float16", "float32")
MEMORY_STRATEGIES = ("balanced", "low_memory")
MAXIMUM_STRIDE = 1024
MAXIMUM_SCALE = 64


@dataclass(frozen=True)
class EncodeRequest:
    """Encode a raster once into a feature folder.

    ``stride`` is in pixels of the grid that is encoded; if not set, it is half a patch of the
    model, and an ``overlap`` in percent of a patch overrules it. ``target_resolution`` is in
    meters on the ground; instead, ``resolution_scale`` makes pixels so many times as wide as the
    raster's own. ``value_range`` maps minimum..maximum to 0..255; if not set, it is taken from
    statistics in the extent, after cutting ``percentile_cut`` percent at both ends.
    ``batch_size`` 0 lets the engine choose. ``precision`` is that of the files,
    ``compute_precision`` that of the image encoder. The manifest is written after every
    ``flush_every`` patches, and of more than 20 times as many whenever a twentieth of it is new.
    The memory strategy ``low_memory`` holds one patch at a time and gives its memory back;
    ``balanced`` reads one batch ahead and gives memory back after every 16 patches.
    ``layer_name`` names the folder of the chips. ``concepts`` keeps what words and examples need,
    if the model knows them. ``scales`` are how many times as wide pixels are encoded: 1 is the
    resolution above, coarser ones lie in the folder with separate manifests. ``shard``
    encodes only its part of the patches, for a part of the manifest that ``MergeFeaturesRequest``
    merges. ``prune`` encodes only patches that a geometry of the file intersects. ``cluster``
    names the workers that encode, see ``contract.cluster``; if empty, the engine encodes.
    """

    raster: Raster
    model: Model
    output: str
    layer_name: str
    stride: Optional[int] = None
    device: Device = field(default_factory=Device)
    batch_size: int = 0
    target_crs: str = ""
    target_resolution: Optional[float] = None
    value_range: Optional[tuple[float, float]] = None
    percentile_cut: float = 0.0
    precision: str = "float16"
    compute_precision: str = "auto"
    flush_every: int = 16
    memory_strategy: str = MEMORY_STRATEGIES[0]
    include_nodata: bool = False
    overlap: Optional[float] = None
    resolution_scale: Optional[float] = None
    concepts: bool = True
    scales: tuple[int, ...] = (1,)
    shard: Optional[Shard] = None
    prune: Optional[PolygonFile] = None
    cluster: str = ""

    def __post_init__(self) -> None:
        require(bool(self.output), "Give an output folder")
        require(bool(self.layer_name), "Give the layer a name")
        require(
            self.stride is None or 1 <= self.stride <= MAXIMUM_STRIDE,
            "Invalid stride ({}): valid values are 1 to {} pixels",
            self.stride,
            MAXIMUM_STRIDE,
        )
        require(
            self.batch_size >= 0,
            "Invalid batch size ({}): give 1 or more, or 0 to let GeoSAM choose",
            self.batch_size,
        )
        require(self.flush_every >= 1, "Invalid flush interval ({}): at least 1", self.flush_every)
        require_choice("memory strategy", self.memory_strategy, MEMORY_STRATEGIES)
        require_choice("feature precision", self.precision, PRECISIONS)
        require_choice("computation precision", self.compute_precision, COMPUTE_PRECISIONS)
        if self.target_resolution is not None:
            require(
                self.target_resolution > 0,
                "Invalid resolution ({} m): it must be above 0",
                self.target_resolution,
            )
        if self.overlap is not None:
            require(
                0 <= self.overlap < 100,
                "Invalid overlap ({} %): valid values are 0 to below 100",
                f"{self.overlap:g}",
            )
        if self.resolution_scale is not None:
            require(
                self.resolution_scale > 0 and self.target_resolution is None,
                "Invalid resolution scale ({}): give a number above 0, and no resolution as well",
                f"{self.resolution_scale:g}",
            )
        require(
            self.scales[:1] == (1,)
            and all(a < b for a, b in zip(self.scales, self.scales[1:]))
            and self.scales[-1] <= MAXIMUM_SCALE,
            "Invalid scales ({}): give rising whole numbers of "
            "which the first is 1 and the last up to {}, such as 1,2,4",
            ", ".join(map(str, self.scales)),
            MAXIMUM_SCALE,
        )
        if self.value_range is not None:
            minimum, maximum = self.value_range
            require(
                minimum < maximum,
                "Invalid value range ({}, {}): the minimum must be below the maximum",
                minimum,
                maximum,
            )
        require_cluster(self.cluster)
        require(
            0 <= self.percentile_cut < 50,
            "Invalid percentile cut ({} %): valid values are 0 to below 50",
            self.percentile_cut,
        )


@dataclass(frozen=True)
class PatchRecord:
    """One patch of a feature folder; ``wkb`` is its outline, hexadecimal, in the cache's CRS.

    ``reused``: its chip was there before this run. ``skipped``: wholly nodata, so it has none.
    ``scale``: how many times as wide its pixels are as the finest.
    """

    chip_id: str
    row: int
    column: int
    nodata_share: float
    reused: bool
    skipped: bool
    wkb: str
    scale: int = 1


@dataclass(frozen=True)
class EncodeResult:
    """What an encoding made. ``patch_count`` counts the chips in the folder, of all scales."""

    output: str
    manifest: str
    patch_count: int
    reused_count: int
    skipped_count: int
    value_range: tuple[float, float]
    model: str
    crs: str
    patches: tuple[PatchRecord, ...]


@dataclass(frozen=True)
class DescribeFeaturesRequest:
    """Ask what a feature folder (the one that holds ``manifest.parquet``) contains."""

    features: str

    def __post_init__(self) -> None:
        require(bool(self.features), "Give a feature folder")


@dataclass(frozen=True)
class FeaturesDescription:
    """A feature folder at a glance; ``crs`` is WKT or ``EPSG:n``, ``bounds`` are in it."""

    crs: str
    model: str
    patch_count: int
    bounds: Bounds
