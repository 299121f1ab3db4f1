"""What crosses between QGIS and the engine when outlines are cleaned.

Layers cross as files, as those of an assessment do.
"""

import math
from dataclasses import dataclass

from .assessment import PolygonFile
from .checks import require, require_choice

OUTLINE_KINDS = ("buildings", "fields", "curves", "as they are")
DEFAULT_TOLERANCE = 1.0  # meters
# The tolerance, if only the raster is known: its pixels leave steps of one pixel, and a model
# rounds corners and bends walls by as much again.
DEFAULT_TOLERANCE_PIXELS = 2.5
# Where Segment from prompts writes the size of a pixel.
RESOLUTION_COLUMN = "resolution_m"
MOST_AREA_CHANGE = 100.0  # percent

# Columns of the files: the group of an object; what was done with it.
GROUP_COLUMN = "geosam_group"
MOVED_COLUMN = "moved"
AREA_CHANGE_COLUMN = "area_change"
IOU_COLUMN = "iou"
METHOD_COLUMN = "method"

# Methods that mark an object which could not be drawn as its kind within the limits.
SIMPLIFIED = "simplified"
UNCHANGED = "unchanged"


@dataclass(frozen=True)
class OutlineOptions:
    """How outlines are drawn.

    Attributes:
        kind: one of ``OUTLINE_KINDS``.
        tolerance: no point of an outline before or after is farther than this from the other
            one, in meters.
        area_change: greatest change of an object's area in percent.
        gap: for fields: gaps between objects of up to this width in meters are closed. At most
            the tolerance, as closing them moves outlines, too.
    """

    kind: str = OUTLINE_KINDS[0]
    tolerance: float = DEFAULT_TOLERANCE
    area_change: float = 10.0
    gap: float = 0.0

    def __post_init__(self) -> None:
        require_choice("kind of outlines", self.kind, OUTLINE_KINDS)
        require(
            math.isfinite(self.tolerance) and self.tolerance > 0,
            "Invalid tolerance of outlines ({} m). Give meters above 0.",
            f"{self.tolerance:g}",
        )
        require(
            0 <= self.area_change <= MOST_AREA_CHANGE,
            "Invalid change of areas ({} %). Give 0 to {} percent.",
            f"{self.area_change:g}",
            f"{MOST_AREA_CHANGE:g}",
        )
        require(
            0 <= self.gap <= self.tolerance,
            "Invalid width of gaps ({} m). Give 0 up to the tolerance "
            "({} m), or a larger tolerance.",
            f"{self.gap:g}",
            f"{self.tolerance:g}",
        )


@dataclass(frozen=True)
class CleanOutlinesRequest:
    """Draw the outlines of a layer as people do.

    Attributes:
        grouped: the file has a ``GROUP_COLUMN``, and only objects of one group are neighbors.
            An object without a group has none.
        output: a GeoPackage to write, with a row for each object and in their order:
            ``ID_COLUMN``, ``MOVED_COLUMN`` in meters, ``AREA_CHANGE_COLUMN`` in percent,
            ``IOU_COLUMN``, ``METHOD_COLUMN`` and a multipolygon, if there is one.
    """

    objects: PolygonFile
    output: str
    options: OutlineOptions
    grouped: bool = False


@dataclass(frozen=True)
class CleanOutlinesResult:
    """How many objects were drawn as their kind, only simplified, or left as they were.

    ``repaired_count`` and ``unusable_count`` are those with an invalid geometry, and those
    without an area.
    """

    cleaned_count: int
    simplified_count: int
    unchanged_count: int
    repaired_count: int
    unusable_count: int
