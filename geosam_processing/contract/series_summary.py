"""The changes and the summary of an object's areas on the dates of a series."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from statistics import NormalDist, fmean
from typing import Optional, Union

from .series import GONE, NOT_SEEN, SEEN

CONFIDENCE = 0.95
_DAYS_PER_YEAR = 365.2425
_SECONDS_PER_YEAR = _DAYS_PER_YEAR * 86400


@dataclass(frozen=True)
class Point:
    """An object on a date: its state, and its area in square meters, 0 unless it is seen."""

    moment: datetime
    state: str
    area: float

    @property
    def is_known(self) -> bool:
        """Whether its area is: an object that is gone has 0."""
        return self.state != NOT_SEEN


@dataclass(frozen=True)
class Trend:
    """A line through areas by least squares.

    Attributes:
        per_year: its slope, square meters a year.
        low, high: the 95 % confidence interval of the slope; None of two points.
    """

    per_year: float
    low: Optional[float]
    high: Optional[float]


@dataclass(frozen=True)
class Summary:
    """An object through all dates.

    Dates on which it is not seen do not count; one on which it is gone counts with 0.

    Attributes:
        seen, not_seen, gone: number of dates of each state.
        first_seen, last_seen: dates, None if there is none.
        first, last, mean: areas in square meters; None without a known date.
        minimum, maximum: points of the least and the largest area.
        trend: None with fewer than two known dates.
        change: largest change from one known date to the next, square meters.
        change_moment: the date after it.
    """

    seen: int
    not_seen: int
    gone: int
    first_seen: Optional[datetime] = None
    last_seen: Optional[datetime] = None
    first: Optional[float] = None
    last: Optional[float] = None
    mean: Optional[float] = None
    minimum: Optional[Point] = None
    maximum: Optional[Point] = None
    trend: Optional[Trend] = None
    change: Optional[float] = None
    change_moment: Optional[datetime] = None

    def columns(self) -> dict[str, Union[int, float, datetime, None]]:
        """Return the values by the names of the columns of a table."""
        low, high, trend = self.minimum, self.maximum, self.trend
        return {
            "seen": self.seen,
            "not_seen": self.not_seen,
            "gone": self.gone,
            "first_seen": self.first_seen,
            "last_seen": self.last_seen,
            "first_m2": self.first,
            "last_m2": self.last,
            "mean_m2": self.mean,
            "minimum_m2": low.area if low else None,
            "minimum_date": low.moment if low else None,
            "maximum_m2": high.area if high else None,
            "maximum_date": high.moment if high else None,
            "trend_m2_per_year": trend.per_year if trend else None,
            "trend_low": trend.low if trend else None,
            "trend_high": trend.high if trend else None,
            "change_m2": self.change,
            "change_date": self.change_moment,
        }


def changes_of(points: Sequence[Point]) -> list[tuple[Optional[float], Optional[float]]]:
    """Return the change of each point since the known date before it.

    Args:
        points: of an object, in the order of their dates.

    Returns:
        Square meters and percent. Both are None if an area is not known, the percentage also
        after an area of 0.
    """
    changes: list[tuple[Optional[float], Optional[float]]] = []
    before: Optional[Point] = None
    for point in points:
        change = percent = None
        if before is not None and point.is_known:
            change = point.area - before.area
            percent = 100 * change / before.area if before.area else None
        changes.append((change, percent))
        before = point if point.is_known else before
    return changes


def end_of(step: int, moments: Sequence[datetime]) -> datetime:
    """Return until when an outline is valid: the next date, or as long as the outline before.

    Args:
        step: position of the outline's date.
        moments: all dates, from the earliest to the latest.
    """
    if step + 1 < len(moments):
        return moments[step + 1]
    return moments[step] + (moments[step] - moments[step - 1])


def summary_of(points: Sequence[Point]) -> Summary:
    """Sum up the points of an object, which are in the order of their dates."""
    states = [each.state for each in points]
    counts = Summary(states.count(SEEN), states.count(NOT_SEEN), states.count(GONE))
    known = [each for each in points if each.is_known]
    if not known:
        return counts
    seen = [each.moment for each in known if each.state == SEEN]
    steps = [(after.area - before.area, after.moment) for before, after in zip(known, known[1:])]
    change, moment = max(steps, key=lambda step: abs(step[0]), default=(None, None))
    return replace(
        counts,
        first_seen=seen[0] if seen else None,
        last_seen=seen[-1] if seen else None,
        first=known[0].area,
        last=known[-1].area,
        mean=fmean(each.area for each in known),
        minimum=min(known, key=lambda each: each.area),
        maximum=max(known, key=lambda each: each.area),
        trend=trend_of(known),
        change=change,
        change_moment=moment,
    )


def trend_of(points: Sequence[Point]) -> Optional[Trend]:
    """The trend of points with different dates; None of fewer than two."""
    count = len(points)
    if count < 2:
        return None
    start = points[0].moment
    years = [(each.moment - start).total_seconds() / _SECONDS_PER_YEAR for each in points]
    areas = [each.area for each in points]
    middle, level = fmean(years), fmean(areas)
    spread = math.fsum((year - middle) ** 2 for year in years)
    slope = math.fsum((year - middle) * (area - level) for year, area in zip(years, areas)) / spread
    if count == 2:
        return Trend(slope, None, None)
    rest = math.fsum(
        (area - level - slope * (year - middle)) ** 2 for year, area in zip(years, areas)
    )
    error = math.sqrt(rest / (count - 2) / spread)
    reach = student_quantile((1 + CONFIDENCE) / 2, count - 2) * error
    return Trend(slope, slope - reach, slope + reach)


def student_quantile(probability: float, freedom: int) -> float:
    """The quantile of Student's distribution, to a thousandth.

    Abramowitz and Stegun (1964): Handbook of Mathematical Functions, 26.7.5.
    """
    if freedom == 1:
        return math.tan(math.pi * (probability - 0.5))
    if freedom == 2:
        twice = 2 * probability - 1
        return twice * math.sqrt(2 / (1 - twice**2))
    normal = NormalDist().inv_cdf(probability)
    square = normal**2
    terms = (
        (square + 1) / 4,
        ((5 * square + 16) * square + 3) / 96,
        (((3 * square + 19) * square + 17) * square - 15) / 384,
        ((((79 * square + 776) * square + 1482) * square - 1920) * square - 945) / 92160,
    )
    return normal * (1 + math.fsum(term / freedom**power for power, term in enumerate(terms, 1)))
