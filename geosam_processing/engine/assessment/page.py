"""An assessment as a page of HTML that needs no other file and no network."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence

import numpy as np

from geosam_processing.contract import Measures
from geosam_processing.engine.assessment.assess import Assessment, Confusion
from geosam_processing.engine.assessment.cases import (
    OBJECT_COLOR,
    REFERENCE_COLOR,
    Thumbnails,
    worst_cases,
)
from geosam_processing.engine.assessment.charts import curve_chart, histogram_chart
from geosam_processing.engine.raster.view import RasterView

_PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{title}</title>
<style>
body {{ font-family: sans-serif; font-size: 11pt; margin: 24px; color: #222222; }}
h1 {{ font-size: 17pt; color: #2f6f5e; }}
h2 {{ font-size: 12pt; color: #2f6f5e; margin-top: 22px; margin-bottom: 6px; }}
p.note {{ background-color: #fff3c4; padding: 8px; }}
table {{ border-collapse: collapse; }}
td, th {{ padding: 3px 10px; text-align: right; border-bottom: 1px solid #e5e5e5; }}
td:first-child, th:first-child {{ text-align: left; white-space: nowrap; }}
.scroll {{ overflow-x: auto; }}
.cards span {{ display: inline-block; margin: 0 8px 8px 0; padding: 8px 14px;
  background-color: #e3f1ec; }}
.cards b {{ display: block; font-size: 15pt; }}
figure {{ display: inline-block; margin: 0 12px 12px 0; vertical-align: top; }}
figcaption {{ font-size: 9pt; max-width: 420px; }}
.cases figcaption {{ max-width: 200px; }}
</style>
</head>
<body>
<h1>{title}</h1>
{body}
</body>
</html>
"""

_SHARE, _METERS, _COUNT, _PERCENT = "{:.3f}", "{:.2f}", "{:,}", "{:+.1f}"
_COLUMNS = (
    ("Objects", "object_count", _COUNT),
    ("References", "reference_count", _COUNT),
    ("Matched", "matched_count", _COUNT),
    ("Precision", "precision", _SHARE),
    ("Recall", "recall", _SHARE),
    ("F1", "f1", _SHARE),
    ("Mean IoU", "mean_iou", _SHARE),
    ("AP50", "ap50", _SHARE),
    ("AP 50:95", "ap", _SHARE),
    ("PQ", "panoptic_quality", _SHARE),
    ("Boundary F1", "boundary_f1", _SHARE),
    ("Boundary distance (m)", "boundary_mean", _METERS),
    ("95 % (m)", "boundary_95", _METERS),
    ("Shift east (m)", "shift_east", _METERS),
    ("Shift north (m)", "shift_north", _METERS),
    ("Over-segm.", "oversegmentation", _SHARE),
    ("Under-segm.", "undersegmentation", _SHARE),
    ("Split", "split_count", _COUNT),
    ("Merged", "merged_count", _COUNT),
    ("Area bias (%)", "area_bias", _PERCENT),
)
_CARDS = ("precision", "recall", "f1", "mean_iou", "ap", "boundary_mean", "area_bias")


def page(assessment: Assessment, iou: float, view: RasterView | None = None) -> str:
    """Return the page.

    Args:
        iou: the least IoU of a match.
        view: what the thumbnails show; None for outlines only.

    Raises:
        RasterError: the raster cannot be read.
    """
    parts = [
        _summary(assessment, iou),
        _cards(assessment.total),
        *(f'<p class="note">{html.escape(note)}</p>' for note in assessment.notes()),
        "<h2>All figures</h2>",
        _table(assessment.measures),
        f"<p>Outlines agree in boundary F1 within {assessment.boundary_tolerance or 0:.3g} m. "
        "Areas and distances are those of an equal-area projection centered on the data.</p>",
        *_charts(assessment, iou),
    ]
    if assessment.confusion is not None:
        parts += ["<h2>Confusion of classes</h2>", _confusion(assessment.confusion)]
    parts += _cases(assessment, view)
    return _PAGE.format(title="Comparison with a reference", body="\n".join(parts))


def _summary(assessment: Assessment, iou: float) -> str:
    total = assessment.total
    return (
        f"<p>{total.matched_count:,} of {total.object_count:,} objects match one of "
        f"{total.reference_count:,} references with an IoU of at least {iou:g}.</p>"
    )


def _cards(total: Measures) -> str:
    cards = [
        f"<span>{html.escape(label)}<b>{_shown(total, name, pattern)}</b></span>"
        for label, name, pattern in _COLUMNS
        if name in _CARDS and getattr(total, name) is not None
    ]
    if total.area_bias_low is not None and total.area_bias_high is not None:
        cards.append(
            "<span>95 % interval of the area bias (%)"
            f"<b>{total.area_bias_low:+.1f} to {total.area_bias_high:+.1f}</b></span>"
        )
    return f'<div class="cards">{"".join(cards)}</div>'


def _table(rows: Sequence[Measures]) -> str:
    head = "".join(f"<th>{html.escape(label)}</th>" for label, _, _ in _COLUMNS)
    lines = [f"<tr><th></th>{head}</tr>"]
    for row in rows:
        title = {"all": "All", "class": "Class ", "size": ""}[row.kind] + row.name
        cells = "".join(f"<td>{_shown(row, name, pattern)}</td>" for _, name, pattern in _COLUMNS)
        lines.append(f"<tr><td>{html.escape(title)}</td>{cells}</tr>")
    return f'<div class="scroll"><table>{"".join(lines)}</table></div>'


def _shown(row: Measures, name: str, pattern: str) -> str:
    value = getattr(row, name)
    return "–" if value is None else pattern.format(value)


def _charts(assessment: Assessment, iou: float) -> Iterator[str]:
    references, pairs = assessment.comparison.references, assessment.comparison.overlapping
    yield "<h2>Charts</h2>"
    if assessment.curve is not None and len(assessment.curve.scores):
        yield (
            f"<figure>{curve_chart(assessment.curve)}<figcaption>Precision and recall when only "
            f"objects above a falling score count, at an IoU of {iou:g}.</figcaption></figure>"
        )
    best = np.zeros(len(references))
    np.maximum.at(best, pairs.references, pairs.ious)
    yield (
        f"<figure>{histogram_chart(best, iou)}<figcaption>IoU of each reference with the object "
        "that fits it best. The line is the least IoU of a match.</figcaption></figure>"
    )


def _confusion(confusion: Confusion) -> str:
    top = max(int(confusion.counts.max()), 1)
    names = [html.escape(name) for name in confusion.names]
    head = "".join(f"<th>{name}</th>" for name in (*names, "missed"))
    lines = [f"<tr><th>Reference \\ object</th>{head}</tr>"]
    for title, counts in zip((*names, "false alarm"), confusion.counts):
        cells = "".join(
            f'<td style="background-color: rgba(47, 111, 94, {0.7 * count / top:.2f})">{count:,}'
            "</td>"
            for count in counts
        )
        lines.append(f"<tr><td>{title}</td>{cells}</tr>")
    return f'<div class="scroll"><table>{"".join(lines)}</table></div>'


def _cases(assessment: Assessment, view: RasterView | None) -> Iterator[str]:
    groups = worst_cases(assessment)
    if not groups:
        return
    yield (
        f'<p>Outlines of objects are <b style="color: {OBJECT_COLOR}">orange</b>, those of '
        f'references <b style="color: {REFERENCE_COLOR}">blue</b>.</p>'
    )
    thumbnails = Thumbnails(assessment, view)
    for group in groups:
        figures = "".join(
            f"<figure>{thumbnails.draw(case)}"
            f"<figcaption>{html.escape(case.caption)}</figcaption></figure>"
            for case in group.cases
        )
        yield f'<h2>{html.escape(group.title)}</h2><div class="cases">{figures}</div>'
