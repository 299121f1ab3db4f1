"""What crosses between QGIS and the engine when patches are previewed.

Both sides import this module, so it needs the standard library only and runs on
Python 3.9.
"""

import math
from dataclasses import dataclass
from typing import Optional

from .checks import Bounds, require
from .discovery import DEFAULT_SPACING, MAXIMUM_SPACING, MINIMUM_SPACING
from .encoding import MAXIMUM_STRIDE, EncodeRequest

MAXIMUM_COMPARISONS = 400


@dataclass(frozen=True)
class ExampleObject:
    """The bounding box of an object that is to lie whole in a patch, in the raster's CRS.

    ``key`` is the caller's name for it.
    """

    key: int
    box: Bounds

    def __post_init__(self) -> None:
        x_minimum, y_minimum, x_maximum, y_maximum = self.box
        require(
            all(map(math.isfinite, self.box)) and x_minimum <= x_maximum and y_minimum <= y_maximum,
            "Invalid box of object {} ({}): give minima that are not above its maxima",
            self.key,
            self.box,
        )


@dataclass(frozen=True)
class PreviewRequest:
    """Ask what ``encode`` would make, without encoding.

    ``encode.output`` is not written to. ``features`` is a feature folder whose patches count as
    cached (empty: none). ``patch_limit`` is how many patches are sent at most. ``share`` (0 to
    1) of the ``objects`` are to lie whole inside a patch, ``margin`` pixels from its edge.
    ``picture`` is a PNG file to write (empty: none). ``seconds_per_patch`` None measures it.
    Resolutions to compare are in meters, strides in pixels; none takes that of ``encode``.
    ``spacing`` is that of the points for segmenting everything, in pixels.
    """

    encode: EncodeRequest
    features: str = ""
    patch_limit: int = 0
    objects: tuple[ExampleObject, ...] = ()
    share: float = 0.95
    margin: int = 0
    picture: str = ""
    seconds_per_patch: Optional[float] = None
    compare: bool = False
    compare_resolutions: tuple[float, ...] = ()
    compare_strides: tuple[int, ...] = ()
    spacing: int = DEFAULT_SPACING

    def __post_init__(self) -> None:
        require(
            0 < self.share <= 1,
            "Invalid SHARE ({} %): valid values are above 0 to 100",
            f"{100 * self.share:g}",
        )
        require(
            MINIMUM_SPACING <= self.spacing <= MAXIMUM_SPACING,
            "Invalid SPACING ({}): valid values are {} to {} pixels",
            self.spacing,
            MINIMUM_SPACING,
            MAXIMUM_SPACING,
        )
        require(self.margin >= 0, "Invalid MARGIN ({}): give 0 or more pixels", self.margin)
        require(
            self.seconds_per_patch is None or self.seconds_per_patch > 0,
            "Invalid SECONDS_PER_PATCH ({} s): it must be above 0",
            self.seconds_per_patch,
        )
        for resolution in self.compare_resolutions:
            require(
                math.isfinite(resolution) and resolution > 0,
                "Invalid COMPARE_RESOLUTIONS ({} m): each must be above 0",
                f"{resolution:g}",
            )
        for stride in self.compare_strides:
            require(
                1 <= stride <= MAXIMUM_STRIDE,
                "Invalid stride to compare ({}): valid values are 1 to {} pixels",
                stride,
                MAXIMUM_STRIDE,
            )
        count = max(len(self.compare_resolutions), 1) * max(len(self.compare_strides), 1)
        require(
            count <= MAXIMUM_COMPARISONS,
            "{} combinations of resolutions and strides to compare are too many: give "
            "lists that make up to {}",
            count,
            MAXIMUM_COMPARISONS,
        )


@dataclass(frozen=True)
class PatchPreview:
    """One patch that would be encoded.

    ``x``, ``y``, ``width`` and ``height`` are in pixels of the grid that is encoded; ``wkb`` is
    the outline, hexadecimal, in its CRS. ``skipped``: it is wholly nodata, so it gets no chip.
    ``cached``: its chip is in the feature folder that was given. ``scale``: how many times as wide
    its pixels are as the finest.
    """

    chip_id: str
    row: int
    column: int
    x: int
    y: int
    width: int
    height: int
    nodata_share: float
    skipped: bool
    cached: bool
    wkb: str
    scale: int = 1


@dataclass(frozen=True)
class PatchesEvent:
    """Patches, row by row, in the order in which they are encoded."""

    patches: tuple[PatchPreview, ...]
    crs: str


@dataclass(frozen=True)
class ObjectFit:
    """How an example object lies in the patches.

    ``chip_id`` is the best patch: of those that contain it whole (``containing_count``), or else
    of all, the one whose center is nearest; empty for an object outside the raster.
    ``size_in_patches`` is its longer side in widths of a patch, None outside the raster.
    ``covered``: it lies whole in a patch, the margin included.
    """

    key: int
    chip_id: str
    containing_count: int
    size_in_patches: Optional[float]
    covered: bool


@dataclass(frozen=True)
class Comparison:
    """What one resolution (meters) and stride (pixels) would cost and cover.

    ``seconds`` is None where no rate is known, ``covered_share`` (0 to 1) without objects.
    """

    resolution: float
    stride: int
    patch_count: int
    disk_bytes: int
    seconds: Optional[float]
    covered_share: Optional[float]


@dataclass(frozen=True)
class Recommendation:
    """The finest resolution (meters) and the largest stride (pixels) that cover the objects.

    ``covered_share`` (0 to 1) of them lie whole in a patch then.
    """

    resolution: float
    stride: int
    covered_share: float


@dataclass(frozen=True)
class PreviewResult:
    """The numbers of a preview; the patches themselves came as ``PatchesEvent``.

    ``width`` x ``height`` pixels of ``resolution`` meters in ``crs`` are encoded, with patches
    of ``patch_size`` pixels that are ``patch_width`` units of the CRS wide. The counts and costs
    are those of all scales. ``overlap`` is in
    percent. ``value_range`` is None where only a run can determine it. ``disk_bytes`` are those of
    the whole folder, ``seconds`` those of the patches that are still to be encoded, None
    without a known rate. ``covered_share`` is that of the objects with the settings as they are.
    ``everything_points`` are the points that segmenting everything asks at most, and
    ``everything_seconds`` what they take, None if unknown.
    """

    crs: str
    width: int
    height: int
    resolution: float
    model: str
    patch_size: int
    stride: int
    patch_count: int
    skipped_count: int
    cached_count: int
    patch_width: float
    overlap: float
    value_range: Optional[tuple[float, float]]
    disk_bytes: int
    memory_bytes: int
    seconds: Optional[float]
    objects: tuple[ObjectFit, ...]
    covered_share: Optional[float]
    recommendation: Optional[Recommendation]
    comparisons: tuple[Comparison, ...]
    everything_points: int = 0
    everything_seconds: Optional[float] = None
