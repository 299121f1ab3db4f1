"""Areas of an object through dates: what they add up to."""

import random
from datetime import datetime, timedelta

import pytest

from geosam_processing.contract.series import GONE, NOT_SEEN, SEEN
from geosam_processing.contract.series_summary import (
    Point,
    changes_of,
    end_of,
    student_quantile,
    summary_of,
    trend_of,
)

START = datetime(2014, 7, 1)


def years(*areas: float) -> list[Point]:
    return [
        Point(START + timedelta(days=365.2425 * number), SEEN, area)
        for number, area in enumerate(areas)
    ]


@pytest.mark.parametrize(
    ("freedom", "expected"),
    [(1, 12.7062), (2, 4.3027), (3, 3.1824), (4, 2.7764), (8, 2.3060), (30, 2.0423)],
)
def test_quantiles_are_those_of_tables(freedom: int, expected: float) -> None:
    assert student_quantile(0.975, freedom) == pytest.approx(expected, rel=2e-3)


def test_trend_of_a_line_is_exact() -> None:
    trend = trend_of(years(100, 130, 160, 190))
    assert trend is not None
    assert trend.per_year == pytest.approx(30)
    assert trend.low == pytest.approx(30) and trend.high == pytest.approx(30)


def test_trend_has_its_interval() -> None:
    # Slope 20, residuals 10, -10, -10, 10: error = sqrt(400 / 2 / 5).
    trend = trend_of(years(110, 110, 130, 170))
    reach = student_quantile(0.975, 2) * (400 / 2 / 5) ** 0.5
    assert trend is not None
    assert (trend.per_year, trend.low, trend.high) == pytest.approx((20, 20 - reach, 20 + reach))


def test_interval_holds_the_truth_as_often_as_it_says() -> None:
    random.seed(3)
    hits = 0
    for _ in range(500):
        trend = trend_of(years(*(50 * year + random.gauss(0, 40) for year in range(6))))
        assert trend is not None and trend.low is not None and trend.high is not None
        hits += trend.low <= 50 <= trend.high
    assert 0.92 <= hits / 500 <= 0.98


def test_few_dates_have_no_interval() -> None:
    assert trend_of(years(5)) is None
    trend = trend_of(years(5, 9))
    assert trend is not None and trend.per_year == pytest.approx(4)
    assert trend.low is None and trend.high is None


def test_gone_counts_as_nothing_and_not_seen_does_not_count() -> None:
    points = years(100, 80, 0, 0, 60)
    points[2] = Point(points[2].moment, GONE, 0)
    points[3] = Point(points[3].moment, NOT_SEEN, 0)
    summary = summary_of(points)
    assert (summary.seen, summary.gone, summary.not_seen) == (3, 1, 1)
    assert (summary.first, summary.last, summary.mean) == (100, 60, 60)
    assert (summary.first_seen, summary.last_seen) == (points[0].moment, points[4].moment)
    assert summary.minimum == points[2] and summary.maximum == points[0]
    assert (summary.change, summary.change_moment) == (-80, points[2].moment)


def test_object_that_is_never_seen() -> None:
    summary = summary_of([Point(START, NOT_SEEN, 0)])
    assert (summary.not_seen, summary.first, summary.trend, summary.change) == (1, None, None, None)


def test_changes_skip_dates_without_pixels() -> None:
    states = [(SEEN, 100.0), (NOT_SEEN, 0.0), (SEEN, 80.0), (GONE, 0.0), (SEEN, 20.0)]
    points = [Point(START + timedelta(number), *each) for number, each in enumerate(states)]
    assert changes_of(points) == [
        (None, None),
        (None, None),
        (-20, -20),
        (-80, -100),
        (20, None),  # of nothing, there is no percentage
    ]


def test_outlines_end_with_the_next_date() -> None:
    days = [START, START + timedelta(3), START + timedelta(5)]
    assert [end_of(step, days) for step in range(3)] == [days[1], days[2], days[2] + timedelta(2)]
