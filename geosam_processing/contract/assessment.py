"""What crosses between QGIS and the engine when objects are compared with a reference.

Layers cross as files, because a message with a hundred thousand polygons would be too large.
"""

import math
from dataclasses import dataclass, field
from typing import Optional

from .checks import require
from .raster import Raster

# Columns of the files with polygons.
ID_COLUMN = "geosam_id"
SCORE_COLUMN = "geosam_score"
CLASS_COLUMN = "geosam_class"


@dataclass(frozen=True)
class AssessmentOptions:
    """How objects are compared with a reference.

    Attributes:
        iou: the least intersection over union of a match.
        boundary_tolerance: how far outlines may be apart in meters. If None, a twentieth of the
            median reference's side, which is the square root of its area.
        size_limits: areas in square meters between the size classes, ascending. Empty: three
            classes with equally many references.
    """

    iou: float = 0.5
    boundary_tolerance: Optional[float] = None
    size_limits: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        require(
            0 < self.iou <= 1,
            "Invalid IoU of a match ({}). Give a value above 0 and up to 1.",
            f"{self.iou:g}",
        )
        tolerance = self.boundary_tolerance
        require(
            tolerance is None or (math.isfinite(tolerance) and tolerance > 0),
            "Invalid boundary tolerance ({} m). Give a value above 0.",
            tolerance,
        )
        limits = self.size_limits
        require(
            all(math.isfinite(limit) and limit > 0 for limit in limits)
            and list(limits) == sorted(set(limits)),
            "Invalid size limits ({}). Give areas in "
            "square meters above 0, each larger than the one before.",
            ", ".join(f"{limit:g}" for limit in limits),
        )


@dataclass(frozen=True)
class PolygonFile:
    """Polygons in a file that GDAL reads, with the column ``ID_COLUMN``.

    ``has_scores`` and ``has_classes``: it also has the columns ``SCORE_COLUMN``, ``CLASS_COLUMN``.
    ``crs`` is that of the geometries, as ``EPSG:n`` or WKT.
    """

    path: str
    crs: str
    has_scores: bool = False
    has_classes: bool = False


@dataclass(frozen=True)
class AssessRequest:
    """Compare objects with a reference.

    Attributes:
        area: polygons within which the reference is complete. If None, it is complete everywhere.
        output: an existing folder, to which the tables of ``AssessResult`` are written.
        page: an HTML file to write, empty for none.
        raster: what the thumbnails on the page show. If None, outlines only.
    """

    objects: PolygonFile
    reference: PolygonFile
    output: str
    area: Optional[PolygonFile] = None
    options: AssessmentOptions = field(default_factory=AssessmentOptions)
    page: str = ""
    raster: Optional[Raster] = None

    def __post_init__(self) -> None:
        require(
            self.objects.has_classes == self.reference.has_classes,
            "Only one of the layers has classes. Name the class field of both layers, or of none.",
        )


@dataclass(frozen=True)
class Measures:
    """The figures of all polygons, of a class or of a size; None for one without a meaning.

    Attributes:
        kind: all, class or size.
        name: of the class or size; empty for all.
        object_count, reference_count, matched_count: numbers of polygons.
        precision, recall, f1: shares, 0 to 1.
        mean_iou: mean intersection over union of the matched pairs.
        ap50, ap: average precision at an IoU of 0.5, and its mean from 0.5 to 0.95.
        panoptic_quality: ``f1`` times ``mean_iou``.
        boundary_f1: mean F1 of the matched pairs' outlines within the tolerance.
        boundary_mean, boundary_95: mean and 95th percentile of the distance between the outlines
            of a matched pair, both as means over the pairs, in meters.
        shift_east, shift_north: mean displacement of the objects' centroids in meters.
        oversegmentation, undersegmentation: after Clinton et al. (2010), 0 to 1.
        split_count, merged_count: references split into several objects; objects that merge
            several references.
        object_area, reference_area: total areas in square meters.
        area_bias, area_bias_low, area_bias_high: difference of the total areas in percent of the
            references' one, and its 95 % confidence interval.
    """

    kind: str
    name: str
    object_count: int
    reference_count: int
    matched_count: int
    precision: Optional[float]
    recall: Optional[float]
    f1: Optional[float]
    mean_iou: Optional[float]
    ap50: Optional[float]
    ap: Optional[float]
    panoptic_quality: Optional[float]
    boundary_f1: Optional[float]
    boundary_mean: Optional[float]
    boundary_95: Optional[float]
    shift_east: Optional[float]
    shift_north: Optional[float]
    oversegmentation: Optional[float]
    undersegmentation: Optional[float]
    split_count: int
    merged_count: int
    object_area: float
    reference_area: float
    area_bias: Optional[float]
    area_bias_low: Optional[float]
    area_bias_high: Optional[float]


@dataclass(frozen=True)
class AssessResult:
    """The figures and the tables with their details.

    Attributes:
        measures: first of all polygons, then of each class and each size.
        boundary_tolerance: as used, in meters.
        repaired_count: invalid polygons that were repaired, of both layers.
        unusable_count: features without an area, of both layers, which do not count.
        outside_count: polygons outside the assessed area, of both layers.
        matches, missed, false_alarms, splits: CSV files with the columns of ``MATCH_COLUMNS``,
            ``MISSED_COLUMNS``, ``FALSE_ALARM_COLUMNS`` and ``SPLIT_COLUMNS``.
    """

    measures: tuple[Measures, ...]
    boundary_tolerance: Optional[float]
    repaired_count: int
    unusable_count: int
    outside_count: int
    matches: str
    missed: str
    false_alarms: str
    splits: str
