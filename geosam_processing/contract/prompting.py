"""What crosses between QGIS and the engine when prompts are made of a raster or of polygons.

Layers cross as files, as those of an assessment do.
"""

import math
from dataclasses import dataclass, field
from typing import Optional

from .assessment import PolygonFile
from .checks import require, require_choice
from .raster import Raster

SELECTIONS = ("above", "below", "between")
PROMPT_MODES = ("regions", "maxima")
MOST_POINTS = 100  # of an object, on it and beside it

# Columns of the files of points and boxes.
OBJECT_COLUMN = "object"
POINT_LABEL_COLUMN = "label"
AREA_COLUMN = "area_m2"


@dataclass(frozen=True)
class Selection:
    """Which pixels of a band are objects.

    Attributes:
        method: ``above`` and ``below`` a threshold, which itself counts; ``between`` two values.
        threshold: if None, the value that splits the raster's values best (Otsu 1979).
        value_range: for ``between``, smallest and largest value.
    """

    method: str = SELECTIONS[0]
    threshold: Optional[float] = None
    value_range: Optional[tuple[float, float]] = None

    def __post_init__(self) -> None:
        require_choice("method", self.method, SELECTIONS)
        require(
            self.threshold is None or math.isfinite(self.threshold),
            "Invalid threshold ({}): give a number",
            self.threshold,
        )
        if self.method == "between":
            require(
                self.value_range is not None,
                "No range of values is given: pixels between two values need one, such as 0.2,0.8",
            )
        if self.value_range is not None:
            low, high = self.value_range
            require(
                low <= high,
                "Invalid range of values ({} to {}): give the smaller value first",
                low,
                high,
            )


@dataclass(frozen=True)
class PromptPlaces:
    """Which objects get prompts, and where.

    Attributes:
        mode: one of ``PROMPT_MODES``: an object for each connected region, or for each local
            maximum, with what of its region is nearest to it.
        spacing: for maxima, the least distance of two of them in meters.
        neck: regions are cut where they are narrower than this, in meters; 0: nowhere.
        minimum_area, maximum_area: of an object in square meters; 0 as maximum: no limit.
        positive: points on each object, 1 or more.
        negative: points outside each object.
        padding: of the boxes on each side, in percent of their width and height.
        padding_meters: as ``padding``, and added to it, in meters.
    """

    mode: str = PROMPT_MODES[0]
    spacing: float = 3.0
    neck: float = 0.0
    minimum_area: float = 0.0
    maximum_area: float = 0.0
    positive: int = 1
    negative: int = 0
    padding: float = 0.0
    padding_meters: float = 0.0

    def __post_init__(self) -> None:
        require_choice("mode", self.mode, PROMPT_MODES)
        require(
            math.isfinite(self.spacing) and self.spacing > 0,
            "Invalid distance between maxima ({} m): give meters above 0",
            self.spacing,
        )
        for name, value in (
            ("width of necks", self.neck),
            ("minimum area", self.minimum_area),
            ("maximum area", self.maximum_area),
            ("padding", self.padding),
            ("padding in meters", self.padding_meters),
        ):
            require(
                math.isfinite(value) and value >= 0,
                "Invalid {} ({}): give 0 or more",
                name,
                value,
            )
        require(
            not self.maximum_area or self.maximum_area >= self.minimum_area,
            "Invalid maximum area ({} m2): give 0 for no limit, or at least the minimum ({} m2)",
            self.maximum_area,
            self.minimum_area,
        )
        for name, count, least in (
            ("points on an object", self.positive, 1),
            ("points outside an object", self.negative, 0),
        ):
            require(
                least <= count <= MOST_POINTS,
                "Invalid number of {} ({}): give {} to {}",
                name,
                count,
                least,
                MOST_POINTS,
            )


@dataclass(frozen=True)
class MakePromptsRequest:
    """Make points and boxes of the objects in a raster's band, or of polygons.

    Attributes:
        points, boxes: GeoPackages to write, in the CRS of the raster or of the polygons.
            Points have ``OBJECT_COLUMN`` and ``POINT_LABEL_COLUMN`` (1 on the object, 0 outside),
            boxes ``OBJECT_COLUMN`` and ``AREA_COLUMN``. Objects of a raster are numbered from
            1; polygons keep their ids.
        raster: with one band. If None, ``polygons`` are the objects.
    """

    points: str
    boxes: str
    raster: Optional[Raster] = None
    polygons: Optional[PolygonFile] = None
    selection: Selection = field(default_factory=Selection)
    places: PromptPlaces = field(default_factory=PromptPlaces)

    def __post_init__(self) -> None:
        require(
            (self.raster is None) != (self.polygons is None),
            "Prompts are made of a raster or of polygons: give one of them",
        )
        require(
            self.raster is None or len(self.raster.bands) == 1,
            "Prompts are made of one band of a raster: give one",
        )
        require(
            self.raster is not None or self.places.mode == PROMPT_MODES[0],
            "Maxima are those of a raster: give one, or take the regions of the polygons",
        )


@dataclass(frozen=True)
class MakePromptsResult:
    """How many objects got prompts, and how many did not.

    ``threshold`` is the one that was used, None without one. ``small_count`` and ``large_count``
    are objects outside the limits of area, ``unusable_count`` features without an area.
    """

    object_count: int
    point_count: int
    small_count: int
    large_count: int
    unusable_count: int
    threshold: Optional[float]
