"""How well polygons match the objects they were asked for."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from pathlib import Path

import geopandas
from shapely.geometry.base import BaseGeometry

OBJECT_ID = "object_id"


@dataclass(frozen=True)
class Match:
    """IoU of every object that was asked for; 0 for one without a polygon."""

    ious: tuple[float, ...]
    unanswered: int

    @property
    def mean(self) -> float:
        """Mean IoU."""
        return statistics.fmean(self.ious)

    @property
    def median(self) -> float:
        """Median IoU."""
        return statistics.median(self.ious)


def measure(polygons: Path, objects: Path) -> Match:
    """Compare polygons with the objects of the same ``object_id``, exactly, as polygons."""
    found = geopandas.read_file(polygons)
    true = geopandas.read_file(objects).to_crs(found.crs)
    answers: dict[int, BaseGeometry] = dict(zip(found[OBJECT_ID], found.geometry))
    ious = [
        intersection_over_union(answers.get(number), geometry)
        for number, geometry in zip(true[OBJECT_ID], true.geometry)
    ]
    unanswered = sum(number not in answers for number in true[OBJECT_ID])
    return Match(tuple(ious), unanswered)


def intersection_over_union(found: BaseGeometry | None, true: BaseGeometry) -> float:
    """IoU of two polygons in the same CRS; 0 without the first."""
    if found is None or found.is_empty:
        return 0.0
    found, true = found.buffer(0), true.buffer(0)
    return float(found.intersection(true).area / found.union(true).area)
