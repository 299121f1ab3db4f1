"""Areas through dates as SVG: a sparkline an object, and the total of all."""

import html
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Optional

from ...contract.series import GONE, SEEN
from ...contract.series_summary import Point, Summary

SEEN_COLOR, GONE_COLOR, NOT_SEEN_COLOR = "#2f6f5e", "#e4572e", "#b8b8b8"
SPARK_WIDTH, SPARK_HEIGHT = 190, 40
MOST_SPARKLINES = 60  # of the picture
_COLUMNS = 4
_WIDTH, _TOTAL_HEIGHT = 900, 250
_LEFT, _RIGHT, _TOP, _BOTTOM = 80, 20, 44, 34
_TEXT = 'font-family="sans-serif" font-size="11" fill="#222222"'


@dataclass(frozen=True)
class Line:
    """An object: what it is called, its points in the order of their dates, and their summary."""

    label: str
    points: Sequence[Point]
    summary: Summary


@dataclass(frozen=True)
class Dates:
    """The dates of a series from the earliest to the latest, and what they are called."""

    moments: Sequence[datetime]
    labels: Sequence[str]

    def place(self, moment: datetime) -> float:
        """Where a date is between the first and the last, 0 to 1."""
        span = (self.moments[-1] - self.moments[0]).total_seconds()
        return (moment - self.moments[0]).total_seconds() / span if span else 0.5

    def label(self, moment: datetime) -> str:
        return self.labels[self.moments.index(moment)]


def area_text(area: Optional[float]) -> str:
    """An area with three digits in square meters, hectares or square kilometers."""
    if area is None:
        return "–"
    for unit, size in (("km²", 1e6), ("ha", 1e4)):
        if abs(area) >= size:
            return f"{area / size:,.3g} {unit}"
    return f"{area:,.3g} m²" if abs(area) < 1000 else f"{area:,.0f} m²"


def sparkline(line: Line, dates: Dates) -> str:
    """The areas of an object as an SVG element."""
    body = "".join(_spark(line, dates))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{SPARK_WIDTH}" height="{SPARK_HEIGHT}" '
        f'viewBox="0 0 {SPARK_WIDTH} {SPARK_HEIGHT}">{body}</svg>'
    )


def total_chart(lines: Sequence[Line], dates: Dates) -> str:
    """The total area of all objects on each date as an SVG element."""
    body = "\n".join(_total(lines, dates))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{_TOTAL_HEIGHT}" '
        f'viewBox="0 0 {_WIDTH} {_TOTAL_HEIGHT}" {_TEXT}>\n{body}\n</svg>'
    )


def picture(lines: Sequence[Line], dates: Dates, title: str) -> tuple[str, int, int]:
    """The total and the first ``MOST_SPARKLINES`` objects as one SVG, its width and its height."""
    shown = lines[:MOST_SPARKLINES]
    rows = -(-len(shown) // _COLUMNS)
    cell = (_WIDTH / _COLUMNS, SPARK_HEIGHT + 26)
    height = int(30 + _TOTAL_HEIGHT + rows * cell[1] + 10)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{height}" '
        f'viewBox="0 0 {_WIDTH} {height}" {_TEXT}>',
        f'<rect x="0" y="0" width="{_WIDTH}" height="{height}" fill="#ffffff"/>',
        f'<text x="16" y="24" font-size="15">{html.escape(title)}</text>',
        f'<g transform="translate(0 30)">{"".join(_total(lines, dates))}</g>',
    ]
    for number, line in enumerate(shown):
        x = (number % _COLUMNS) * cell[0] + 16
        y = 30 + _TOTAL_HEIGHT + (number // _COLUMNS) * cell[1]
        largest = line.summary.maximum
        text = f"{line.label}: {area_text(largest.area if largest else None)}"
        parts.append(
            f'<g transform="translate({x:.0f} {y:.0f})">'
            f'<text x="0" y="12">{html.escape(text)}</text>'
            f'<g transform="translate(0 16)">{"".join(_spark(line, dates))}</g></g>'
        )
    return "\n".join([*parts, "</svg>"]), _WIDTH, height


def _spark(line: Line, dates: Dates) -> Iterator[str]:
    top = max((point.area for point in line.points), default=0) or 1.0
    base, inner = SPARK_HEIGHT - 6, SPARK_HEIGHT - 12

    def place(point: Point) -> tuple[float, float]:
        x = 6 + dates.place(point.moment) * (SPARK_WIDTH - 12)
        return x, base - point.area / top * inner

    yield (f'<line x1="4" y1="{base}" x2="{SPARK_WIDTH - 4}" y2="{base}" stroke="#dddddd"/>')
    known = " ".join(
        f"{x:.1f},{y:.1f}" for x, y in map(place, (p for p in line.points if p.is_known))
    )
    yield f'<polyline points="{known}" fill="none" stroke="{SEEN_COLOR}" stroke-width="1.5"/>'
    for point in line.points:
        x, y = place(point)
        title = html.escape(f"{dates.label(point.moment)}: {point.state}, {area_text(point.area)}")
        if point.state == SEEN:
            yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.6" fill="{SEEN_COLOR}">'
            yield f"<title>{title}</title></circle>"
        elif point.state == GONE:
            left, right, high, low = x - 3, x + 3, y - 3, y + 3
            yield (
                f'<path d="M{left:.1f} {high:.1f} L{right:.1f} {low:.1f} '
                f'M{left:.1f} {low:.1f} L{right:.1f} {high:.1f}" stroke="{GONE_COLOR}" '
                f'stroke-width="1.5" fill="none"><title>{title}</title></path>'
            )
        else:
            yield (
                f'<line x1="{x:.1f}" y1="6" x2="{x:.1f}" y2="{base}" stroke="{NOT_SEEN_COLOR}" '
                f'stroke-dasharray="2 2"><title>{title}</title></line>'
            )


def _total(lines: Sequence[Line], dates: Dates) -> Iterator[str]:
    """Bars of the total area; lighter where objects are not seen, so that it is too small."""
    totals, hidden = [], []
    for moment in dates.moments:
        points = [point for line in lines for point in line.points if point.moment == moment]
        totals.append(sum(point.area for point in points))
        hidden.append(sum(not point.is_known for point in points))
    top = _round_up(max(totals, default=0) or 1.0)
    inner_width, inner_height = _WIDTH - _LEFT - _RIGHT, _TOTAL_HEIGHT - _TOP - _BOTTOM
    base = _TOTAL_HEIGHT - _BOTTOM
    yield f'<text x="{_LEFT}" y="20" font-size="13">Total area of all objects</text>'
    for share in (0, 0.25, 0.5, 0.75, 1):
        y = base - share * inner_height
        yield (
            f'<line x1="{_LEFT}" y1="{y:.1f}" x2="{_WIDTH - _RIGHT}" y2="{y:.1f}" '
            'stroke="#dddddd"/>'
            f'<text x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{area_text(share * top)}'
            "</text>"
        )
    count = len(dates.moments)
    step = inner_width / count
    bar = min(step * 0.6, 60)
    every = max(1, -(-count * 70 // inner_width))  # so that labels do not overlap
    for number, (total, unseen) in enumerate(zip(totals, hidden)):
        x = _LEFT + (number + 0.5) * step
        length = total / top * inner_height
        opacity = 0.4 if unseen else 1
        yield (
            f'<rect x="{x - bar / 2:.1f}" y="{base - length:.1f}" width="{bar:.1f}" '
            f'height="{length:.1f}" fill="{SEEN_COLOR}" fill-opacity="{opacity}">'
            f"<title>{html.escape(dates.labels[number])}: {area_text(total)}</title></rect>"
        )
        if unseen:
            yield (
                f'<text x="{x:.1f}" y="{base - length - 4:.1f}" text-anchor="middle" '
                f'fill="#777777">{unseen} not seen</text>'
            )
        if number % every == 0:
            yield (
                f'<text x="{x:.1f}" y="{base + 16}" text-anchor="middle">'
                f"{html.escape(dates.labels[number])}</text>"
            )


def _round_up(value: float) -> float:
    """The next number whose quarters are round."""
    size = 10.0 ** math.floor(math.log10(value))
    return next(digit * size for digit in (1, 2, 3, 4, 6, 8, 10) if digit * size >= value)
