"""What crosses between QGIS and the engine process, and nothing else.

Both sides import this module, so it needs the standard library only and runs on
Python 3.9. A request validates itself: one that exists can be sent. Coordinates
are always in a CRS that the request names, as x, y (longitude, latitude).
"""

from dataclasses import dataclass, field
from typing import Optional

VERSION = "0.1.0"

# Methods that QGIS calls.
INITIALIZE = "initialize"
ENCODE = "encode"
DESCRIBE_FEATURES = "describeFeatures"
SEGMENT = "segment"
SHUTDOWN = "shutdown"
CANCEL = "$/cancelRequest"

# Notifications that the engine sends while a request runs; `id` in their
# parameters is the id of that request.
PROGRESS = "progress"
LOG = "log"
OBJECTS = "objects"

# Error codes: a problem that the user can solve, a bug, a cancelled request.
USER_ERROR = -32000
INTERNAL_ERROR = -32603
REQUEST_CANCELLED = -32800

DEVICES = ("auto", "cpu", "cuda", "mps")
PRECISIONS = ("float16", "float32")
COMPUTE_PRECISIONS = ("auto", "float32", "bfloat16", "float16")
MASK_CHOICES = ("auto", "best", "smallest", "largest", "single")
LOG_LEVELS = ("info", "warning")
MAXIMUM_STRIDE = 1024

Bounds = tuple[float, float, float, float]


class ContractError(ValueError):
    """A value that cannot be sent; the text is meant for the user."""


def _require(condition: bool, message: str) -> None:
    if not condition:
        raise ContractError(message)


def _require_choice(name: str, value: str, allowed: tuple[str, ...]) -> None:
    _require(value in allowed, f"Invalid {name} ({value}): choose one of {', '.join(allowed)}")


def _require_bounds(name: str, bounds: Bounds) -> None:
    x_minimum, y_minimum, x_maximum, y_maximum = bounds
    _require(
        x_minimum < x_maximum and y_minimum < y_maximum,
        f"The {name} is empty (xmin {x_minimum}, ymin {y_minimum}, xmax {x_maximum}, "
        f"ymax {y_maximum}): give one whose minima are below its maxima",
    )


@dataclass(frozen=True)
class EngineInfo:
    """The engine's answer to ``initialize``."""

    version: str
    python: str
    torch: str


@dataclass(frozen=True)
class Device:
    """Where the model runs. ``auto`` takes a GPU that works, else the CPU.

    ``index`` counts CUDA devices from 0.
    """

    name: str = "auto"
    index: int = 0

    def __post_init__(self) -> None:
        _require_choice("device", self.name, DEVICES)
        _require(self.index >= 0, f"Invalid CUDA device index ({self.index}): it counts from 0")


@dataclass(frozen=True)
class Model:
    """Which model, and where its checkpoint lies.

    ``model`` is a catalogue id such as ``sam2.1_hiera_tiny``; empty means: recognise
    it from ``checkpoint``. ``checkpoint`` is a file; empty means: look for the
    model's official file in ``folder`` (empty: the default model folder).
    """

    model: str = ""
    checkpoint: str = ""
    folder: str = ""

    def __post_init__(self) -> None:
        _require(bool(self.model or self.checkpoint), "Name a model or give its checkpoint file")


@dataclass(frozen=True)
class Raster:
    """A raster and the part of it to look at.

    ``source`` is what GDAL opens; ``crs`` (WKT or ``EPSG:n``) overrules the file's
    own, empty keeps that; ``bands`` count from 1, up to three, none means the first
    one to three; ``extent`` is in the raster's CRS, none means all of it.
    """

    source: str
    crs: str = ""
    bands: tuple[int, ...] = ()
    extent: Optional[Bounds] = None

    def __post_init__(self) -> None:
        _require(bool(self.source), "Give a raster: its source is empty")
        _require(
            len(self.bands) <= 3,
            f"Invalid BANDS ({', '.join(map(str, self.bands))}): a model takes up to 3 bands",
        )
        for band in self.bands:
            _require(band >= 1, f"Invalid band number ({band}): bands count from 1")
        if self.extent is not None:
            _require_bounds("extent", self.extent)


@dataclass(frozen=True)
class EncodeRequest:
    """Encode a raster once into a feature folder.

    ``stride`` is in pixels of the grid that is encoded; an ``overlap`` in percent of a patch
    overrules it. ``target_resolution`` is in metres on the ground; instead, ``resolution_scale``
    makes pixels so many times as wide as the raster's own. ``value_range`` maps minimum..maximum to
    0..255; none takes it from statistics in the extent, after cutting ``percentile_cut`` percent
    at both ends. ``batch_size`` 0 lets the engine choose. ``precision`` is that of the files,
    ``compute_precision`` that of the image encoder. The manifest is written after every
    ``flush_every`` patches, and of more than 20 times as many whenever a twentieth of it is new.
    ``layer_name`` names the folder of the chips.
    """

    raster: Raster
    model: Model
    output: str
    layer_name: str
    stride: int = 512
    device: Device = field(default_factory=Device)
    batch_size: int = 0
    target_crs: str = ""
    target_resolution: Optional[float] = None
    value_range: Optional[tuple[float, float]] = None
    percentile_cut: float = 0.0
    precision: str = "float16"
    compute_precision: str = "auto"
    flush_every: int = 16
    include_nodata: bool = False
    overlap: Optional[float] = None
    resolution_scale: Optional[float] = None

    def __post_init__(self) -> None:
        _require(bool(self.output), "Give an output folder")
        _require(bool(self.layer_name), "Give the layer a name")
        _require(
            1 <= self.stride <= MAXIMUM_STRIDE,
            f"Invalid STRIDE ({self.stride}): valid values are 1 to {MAXIMUM_STRIDE} pixels",
        )
        _require(
            self.batch_size >= 0,
            f"Invalid BATCH_SIZE ({self.batch_size}): give 1 or more, or 0 to let GeoSAM choose",
        )
        _require(self.flush_every >= 1, f"Invalid flush interval ({self.flush_every}): at least 1")
        _require_choice("feature precision", self.precision, PRECISIONS)
        _require_choice("COMPUTE_PRECISION", self.compute_precision, COMPUTE_PRECISIONS)
        if self.target_resolution is not None:
            _require(
                self.target_resolution > 0,
                f"Invalid RESOLUTION ({self.target_resolution} m): it must be above 0",
            )
        if self.overlap is not None:
            _require(
                0 <= self.overlap < 100,
                f"Invalid OVERLAP ({self.overlap:g} %): valid values are 0 to below 100",
            )
        if self.resolution_scale is not None:
            _require(
                self.resolution_scale > 0 and self.target_resolution is None,
                f"Invalid RESOLUTION_SCALE ({self.resolution_scale:g}): give a number above 0, "
                "and no RESOLUTION as well",
            )
        if self.value_range is not None:
            minimum, maximum = self.value_range
            _require(
                minimum < maximum,
                f"Invalid RANGE ({minimum}, {maximum}): the minimum must be below the maximum",
            )
        _require(
            0 <= self.percentile_cut < 50,
            f"Invalid percentile cut ({self.percentile_cut} %): valid values are 0 to below 50",
        )


@dataclass(frozen=True)
class PatchRecord:
    """One patch of a feature folder; ``wkb`` is its outline, hexadecimal, in the cache's CRS.

    ``reused``: its chip was there before this run. ``skipped``: wholly nodata, so it has none.
    """

    chip_id: str
    row: int
    column: int
    nodata_share: float
    reused: bool
    skipped: bool
    wkb: str


@dataclass(frozen=True)
class EncodeResult:
    """What an encoding made. ``patch_count`` counts the chips in the folder."""

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
        _require(bool(self.features), "Give a feature folder")


@dataclass(frozen=True)
class FeaturesDescription:
    """A feature folder at a glance; ``crs`` is WKT or ``EPSG:n``, ``bounds`` are in it."""

    crs: str
    model: str
    patch_count: int
    bounds: Bounds


@dataclass(frozen=True)
class Prompt:
    """One object to segment, in the CRS of the feature folder.

    ``key`` is the caller's name for it and comes back with the answer. ``points``
    are (x, y), ``labels`` 1 for foreground and 0 for background, one a point.
    """

    key: int
    points: tuple[tuple[float, float], ...] = ()
    labels: tuple[int, ...] = ()
    box: Optional[Bounds] = None

    def __post_init__(self) -> None:
        _require(
            len(self.points) == len(self.labels),
            f"Prompt {self.key} has {len(self.points)} points but {len(self.labels)} labels",
        )
        _require(bool(self.points) or self.box is not None, f"Prompt {self.key} is empty")
        for label in self.labels:
            _require(
                label in (0, 1),
                f"Invalid label ({label}) of prompt {self.key}: "
                "use 1 for foreground and 0 for background",
            )


@dataclass(frozen=True)
class MaskOptions:
    """How masks are chosen and turned into polygons.

    ``choice``: ``auto`` asks the model for three masks of a lone point and keeps the
    one with the best score, and for a single mask of every other prompt; ``best``,
    ``smallest`` and ``largest`` always ask for three; ``single`` never does. Areas
    are in square metres on the ellipsoid, ``simplify`` is in pixels (0: off).
    """

    choice: str = "auto"
    minimum_score: float = 0.0
    minimum_area: float = 0.0
    largest_part_only: bool = False
    fill_holes_up_to: float = 0.0
    simplify: float = 0.0

    def __post_init__(self) -> None:
        _require_choice("mask choice", self.choice, MASK_CHOICES)
        for name in ("minimum_score", "minimum_area", "fill_holes_up_to", "simplify"):
            value = getattr(self, name)
            _require(value >= 0, f"Invalid {name.replace('_', ' ')} ({value}): give 0 or more")


@dataclass(frozen=True)
class SegmentRequest:
    """Turn prompts into polygons with the features in a folder.

    ``model`` is optional: by default the model that the folder names is used.
    """

    features: str
    prompts: tuple[Prompt, ...]
    model: Optional[Model] = None
    device: Device = field(default_factory=Device)
    batch_size: int = 0
    masks: MaskOptions = field(default_factory=MaskOptions)

    def __post_init__(self) -> None:
        _require(bool(self.features), "Give a feature folder")
        _require(
            self.batch_size >= 0,
            f"Invalid BATCH_SIZE ({self.batch_size}): give 1 or more, or 0 to let GeoSAM choose",
        )


@dataclass(frozen=True)
class SegmentedObject:
    """The polygon that answers a prompt.

    ``wkb`` is a multipolygon, hexadecimal, in the CRS of the feature folder; ``score``
    the model's own estimate of the mask's IoU; ``stability`` the IoU of the masks at
    logits -1 and +1; ``area`` in square metres on the ellipsoid; ``resolution`` the size of a
    pixel of its patch in metres on the ground.
    """

    key: int
    wkb: str
    score: float
    stability: float
    area: float
    foreground_points: int
    background_points: int
    chip_id: str
    model: str
    touches_edge: bool
    resolution: float


@dataclass(frozen=True)
class UnansweredPrompt:
    """A prompt without a polygon, and why."""

    key: int
    reason: str


@dataclass(frozen=True)
class ObjectsEvent:
    """Answers, sent as they come so that none is lost if the run ends early."""

    objects: tuple[SegmentedObject, ...] = ()
    unanswered: tuple[UnansweredPrompt, ...] = ()


@dataclass(frozen=True)
class SegmentResult:
    """The counts of a finished run; the answers themselves came as ``ObjectsEvent``."""

    object_count: int
    unanswered_count: int
    chips_loaded: int


@dataclass(frozen=True)
class ProgressEvent:
    """``done`` of ``total`` steps; ``text`` says what they are, their rate and time left."""

    done: int
    total: int
    text: str = ""


@dataclass(frozen=True)
class LogEvent:
    """A line for the log of the algorithm."""

    text: str
    level: str = "info"


@dataclass(frozen=True)
class ErrorData:
    """The ``data`` of an error: the class that was raised, its traceback for a bug."""

    kind: str
    traceback: str = ""
