"""Charts of an assessment as SVG."""

from __future__ import annotations

import html
import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from geosam_processing.engine.assessment.average_precision import Curve
from geosam_processing.engine.assessment.pairs import Reals

GOOD, BAD = "#2f6f5e", "#c9b458"

_WIDTH, _HEIGHT = 420, 280
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 12, 12, 42
_TICKS = 5
_MOST_POINTS = 400  # of a curve
_BINS = 20  # bars of the histogram


def curve_chart(curve: Curve) -> str:
    """Draw precision over recall; of a long curve evenly chosen points."""
    count = len(curve.recalls)
    rows = np.unique(np.linspace(0, count - 1, min(count, _MOST_POINTS)).astype(int))
    points = [_place(curve.recalls[row], curve.precisions[row]) for row in rows]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    body = f'<polyline points="{line}" fill="none" stroke="{GOOD}" stroke-width="2"/>'
    return _chart("Recall", "Precision", 1.0, [body])


def histogram_chart(ious: Reals, threshold: float) -> str:
    """Draw how many references have which IoU with the best object; matches may begin at a line."""
    counts, edges = np.histogram(ious, bins=_BINS, range=(0, 1))
    # A multiple of the ticks, so that each one is a whole number.
    top = _TICKS * max(math.ceil(counts.max(initial=0) / _TICKS), 1)
    return _chart(
        "Best IoU of a reference",
        "References",
        float(top),
        [*_bars(counts, edges, top, threshold), _threshold_line(threshold)],
    )


def _bars(counts: NDArray[np.intp], edges: Reals, top: int, threshold: float) -> Iterator[str]:
    for count, left, right in zip(counts, edges, edges[1:]):
        (x, y), (end, base) = _place(left, count / top), _place(right, 0.0)
        color = GOOD if (left + right) / 2 >= threshold else BAD
        yield (
            f'<rect x="{x + 1:.1f}" y="{y:.1f}" width="{end - x - 2:.1f}" '
            f'height="{base - y:.1f}" fill="{color}">'
            f"<title>{left:.2f} to {right:.2f}: {count}</title></rect>"
        )


def _threshold_line(threshold: float) -> str:
    (x, top), (_, base) = _place(threshold, 1.0), _place(threshold, 0.0)
    return (
        f'<line x1="{x:.1f}" y1="{top:.1f}" x2="{x:.1f}" y2="{base:.1f}" '
        'stroke="#222222" stroke-dasharray="4 3"/>'
    )


def _place(x: float, y: float) -> tuple[float, float]:
    """Return the pixels of a place; both coordinates from 0 to 1."""
    return (
        _LEFT + float(x) * (_WIDTH - _LEFT - _RIGHT),
        _HEIGHT - _BOTTOM - float(y) * (_HEIGHT - _TOP - _BOTTOM),
    )


def _chart(x_label: str, y_label: str, y_maximum: float, body: list[str]) -> str:
    middle = (_HEIGHT - _BOTTOM + _TOP) / 2
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{_HEIGHT}" '
            f'viewBox="0 0 {_WIDTH} {_HEIGHT}" font-family="sans-serif" font-size="11">',
            *_grid(y_maximum),
            *body,
            f'<text x="{(_WIDTH + _LEFT) / 2:.0f}" y="{_HEIGHT - 6}" '
            f'text-anchor="middle">{html.escape(x_label)}</text>',
            f'<text x="12" y="{middle:.0f}" text-anchor="middle" '
            f'transform="rotate(-90 12 {middle:.0f})">{html.escape(y_label)}</text>',
            "</svg>",
        ]
    )


def _grid(y_maximum: float) -> Iterator[str]:
    for tick in range(_TICKS + 1):
        share = tick / _TICKS
        (x, base), (left, y), (right, _) = _place(share, 0), _place(0, share), _place(1, share)
        yield (
            f'<line x1="{left:.1f}" y1="{y:.1f}" x2="{right:.1f}" y2="{y:.1f}" stroke="#dddddd"/>'
        )
        yield f'<text x="{x:.1f}" y="{base + 16:.1f}" text-anchor="middle">{share:g}</text>'
        yield (
            f'<text x="{left - 6:.1f}" y="{y + 4:.1f}" text-anchor="end">'
            f"{share * y_maximum:,.6g}</text>"
        )
