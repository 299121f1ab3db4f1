"""What crosses between QGIS and the engine when patches are encoded as prompts need them.

A layer that the engine reads itself is done in one call. Of a tile layer only QGIS can
fetch the pixels, so that goes in rounds: what a call lacks comes back as waiting prompts
with the patches to fetch, and the next call provides those as files. Only these are kept
between calls than the features in the cache's folder.

Both sides import this module, so it needs the standard library only and runs on
Python 3.9.
"""

from dataclasses import dataclass, field, replace
from typing import Optional

from .checks import Bounds, require
from .prompts import MaskOptions, Prompt
from .raster import Device, Model, Raster
from .segmentation import SegmentedObject

DEFAULT_ATTEMPTS = 6
MAXIMUM_ATTEMPTS = 12


@dataclass(frozen=True)
class LiveCache:
    """Where features are kept, and how many megabytes of them; 0 keeps none."""

    folder: str
    megabytes: int

    def __post_init__(self) -> None:
        require(bool(self.folder), "Give the live cache a folder")
        require(self.megabytes >= 0, "Invalid cache size ({} MB): give 0 or more", self.megabytes)


@dataclass(frozen=True)
class TileGrid:
    """The pixels of a layer that QGIS fetches: ``columns`` x ``rows`` of them, north up.

    ``source`` names what is fetched, the same in each session. ``left`` and ``top`` are their
    upper left corner and ``resolution`` the size of one, in ``crs`` (WKT or ``EPSG:n``).
    ``bands`` are those of the files, as ``Raster`` has them.
    """

    source: str
    crs: str
    left: float
    top: float
    resolution: float
    columns: int
    rows: int
    bands: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        require(bool(self.source), "Give the tile layer a source")
        require(self.resolution > 0, "Invalid resolution ({}): it must be above 0", self.resolution)
        require(
            self.columns > 0 and self.rows > 0,
            "The layer has {} x {} pixels: give one that knows its extent",
            self.columns,
            self.rows,
        )


@dataclass(frozen=True)
class LiveSource:
    """What prompts are on: a raster that the engine opens, or the grid of a tile layer.

    ``resolution`` is that at which to look at the raster, in meters; none keeps its own. It
    stays in its CRS.
    """

    raster: Optional[Raster] = None
    resolution: Optional[float] = None
    tiles: Optional[TileGrid] = None

    def __post_init__(self) -> None:
        require((self.raster is None) != (self.tiles is None), "Give a raster or a tile layer")
        if self.resolution is not None:
            require(
                self.resolution > 0,
                "Invalid resolution ({} m): it must be above 0",
                self.resolution,
            )


@dataclass(frozen=True)
class LivePatch:
    """A patch of the live grid.

    ``x``, ``y``, ``width`` and ``height`` are in pixels of the grid; it is seen as ``columns``
    x ``rows`` pixels, which are 2 to the power of ``level`` as large; one of level -1 has the
    pixels of the grid, but fewer, and is enlarged for the model. ``bounds`` are in the CRS of the
    grid.
    """

    level: int
    x: int
    y: int
    width: int
    height: int
    columns: int
    rows: int
    bounds: Bounds

    @property
    def name(self) -> str:
        """The patch's id in the answers."""
        return f"live_{self.level}_{self.x}_{self.y}"


@dataclass(frozen=True)
class FetchedPatch:
    """The pixels of a patch in a GeoTIFF; ``complete`` if no tile of it was missing."""

    patch: LivePatch
    path: str
    complete: bool


@dataclass(frozen=True)
class LivePrompt:
    """A prompt on its way.

    ``patch`` is the one that it goes to next, none lets the engine place it. ``attempts``
    counts the patches that were asked, ``answer`` is the best of what they gave. ``shown_on`` is
    the patch that shows all of the object of ``answer``; its outline then waits for ``patch`` and
    for ``others``. ``detail_on`` is the one that shows it while a larger object is looked for. The
    last ``lent`` points of ``prompt`` are not the user's: a patch showed them to be on the object.
    """

    prompt: Prompt
    patch: Optional[LivePatch] = None
    attempts: int = 0
    answer: Optional[SegmentedObject] = None
    shown_on: Optional[LivePatch] = None
    others: tuple[LivePatch, ...] = ()
    detail_on: Optional[LivePatch] = None
    lent: int = 0

    @property
    def own(self) -> Prompt:
        """The prompt as the user gave it."""
        if not self.lent:
            return self.prompt
        points, labels = self.prompt.points[: -self.lent], self.prompt.labels[: -self.lent]
        return replace(self.prompt, points=points, labels=labels)


@dataclass(frozen=True)
class SegmentLiveRequest:
    """Turn prompts into polygons, encoding what they need.

    ``value_range`` maps minimum..maximum to 0..255; none is 0..255 for bytes and the raster's
    smallest and largest value otherwise. ``attempts`` is how many patches an object may be
    tried on until it lies wholly in one. With ``whole``, coarser patches are asked for objects
    of which a patch shows no border, and the outlines of objects on coarse patches are drawn on
    fine ones.
    """

    source: LiveSource
    prompts: tuple[LivePrompt, ...]
    model: Model
    cache: LiveCache
    device: Device = field(default_factory=Device)
    batch_size: int = 0
    masks: MaskOptions = field(default_factory=MaskOptions)
    value_range: Optional[tuple[float, float]] = None
    attempts: int = DEFAULT_ATTEMPTS
    whole: bool = False
    fetched: tuple[FetchedPatch, ...] = ()

    def __post_init__(self) -> None:
        require(
            self.batch_size >= 0,
            "Invalid batch size ({}): give 1 or more, or 0 to let GeoSAM choose",
            self.batch_size,
        )
        require(
            1 <= self.attempts <= MAXIMUM_ATTEMPTS,
            "Invalid number of attempts ({}): valid values are 1 to {}",
            self.attempts,
            MAXIMUM_ATTEMPTS,
        )
        if self.value_range is not None:
            minimum, maximum = self.value_range
            require(
                minimum < maximum,
                "Invalid value range ({}, {}): the minimum must be below the maximum",
                minimum,
                maximum,
            )


@dataclass(frozen=True)
class SegmentLiveResult:
    """What a call did; the answers themselves came as ``ObjectsEvent``.

    ``encoded`` and ``cached`` name the patches that were encoded in this call and those that
    came from the cache. ``waiting`` prompts have a patch that has to be fetched.
    """

    object_count: int
    unanswered_count: int
    encoded: tuple[str, ...]
    cached: tuple[str, ...]
    waiting: tuple[LivePrompt, ...]


@dataclass(frozen=True)
class CacheRequest:
    """Describe or clear the live cache in ``folder``."""

    folder: str

    def __post_init__(self) -> None:
        require(bool(self.folder), "Give the live cache a folder")


@dataclass(frozen=True)
class CacheContents:
    """What is in the live cache, or was removed from it."""

    count: int
    size: int  # bytes

    @property
    def megabytes(self) -> float:
        return self.size / 1_000_000
