"""A series as a page of HTML that needs no other file and no network, and as a picture."""

import html
import os
from collections.abc import Iterator, Sequence

from qgis.core import QgsProcessingException
from qgis.PyQt.QtCore import QByteArray
from qgis.PyQt.QtGui import QImage, QPainter
from qgis.PyQt.QtSvg import QSvgRenderer

from ...translation import tr
from .series_chart import (
    GONE_COLOR,
    NOT_SEEN_COLOR,
    SEEN_COLOR,
    Dates,
    Line,
    area_text,
    picture,
    sparkline,
    total_chart,
)

TITLE = "Objects through dates"
_SCALE = 2  # pixels of the picture for one of the SVG
_PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{title}</title>
<style>
body {{ font-family: sans-serif; font-size: 11pt; margin: 24px; color: #222222; }}
h1 {{ font-size: 17pt; color: #2f6f5e; }}
table {{ border-collapse: collapse; }}
td, th {{ padding: 3px 10px; text-align: right; border-bottom: 1px solid #e5e5e5; }}
td:first-child, th:first-child {{ text-align: left; }}
td svg {{ display: block; }}
.scroll {{ overflow-x: auto; }}
</style>
</head>
<body>
<h1>{title}</h1>
{body}
</body>
</html>
"""
_HEAD = (
    "Object",
    "Area",
    "First",
    "Last",
    "Minimum",
    "Maximum",
    "Trend a year",
    "95 % interval",
    "Largest change",
    "Seen",
    "Not seen",
    "Gone",
)


def page(lines: Sequence[Line], dates: Dates, ordered_only: bool) -> str:
    """Return the page.

    Args:
        ordered_only: there are no dates, and so no trends.
    """
    return _PAGE.format(title=TITLE, body="\n".join(_body(lines, dates, ordered_only)))


def write_page(path: str, text: str) -> None:
    """Write a page.

    Raises:
        QgsProcessingException: it cannot be written.
    """
    staged = f"{path}.part"
    try:
        with open(staged, "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(staged, path)
    except OSError as error:
        raise QgsProcessingException(
            tr("{} cannot be written ({}). Choose another place.").format(path, error.strerror)
        ) from error


def write_picture(path: str, lines: Sequence[Line], dates: Dates) -> None:
    """Write a picture in the format that the name of the file ends with.

    Raises:
        QgsProcessingException: it cannot be written.
    """
    svg, width, height = picture(lines, dates, TITLE)
    image = QImage(width * _SCALE, height * _SCALE, QImage.Format.Format_RGB32)
    image.fill(0xFFFFFFFF)
    painter = QPainter(image)
    QSvgRenderer(QByteArray(svg.encode())).render(painter)
    painter.end()
    root, ending = os.path.splitext(path)
    staged = f"{root}.part{ending}"
    if not image.save(staged):
        raise QgsProcessingException(
            tr("{} cannot be written. Choose another place, or a name with .png.").format(path)
        )
    os.replace(staged, path)


def _body(lines: Sequence[Line], dates: Dates, ordered_only: bool) -> Iterator[str]:
    yield (
        f"<p>{len(lines):,} objects on {len(dates.moments):,} dates, {dates.labels[0]} to "
        f'{dates.labels[-1]}. <b style="color: {SEEN_COLOR}">●</b> seen '
        f'<b style="color: {GONE_COLOR}">×</b> gone, which counts as 0 '
        f'<b style="color: {NOT_SEEN_COLOR}">┆</b> not seen, which does not count.</p>'
    )
    if ordered_only:
        yield "<p>The dates are not known, only their order: there are no trends.</p>"
    yield total_chart(lines, dates)
    head = "".join(f"<th>{name}</th>" for name in _HEAD)
    rows = "\n".join(_row(line, dates, ordered_only) for line in lines)
    yield f'<div class="scroll"><table><tr>{head}</tr>\n{rows}</table></div>'


def _row(line: Line, dates: Dates, ordered_only: bool) -> str:
    summary = line.summary
    trend = None if ordered_only else summary.trend
    interval = "–"
    if trend is not None and trend.low is not None and trend.high is not None:
        interval = f"{area_text(trend.low)} to {area_text(trend.high)}"
    cells = [
        html.escape(line.label),
        sparkline(line, dates),
        area_text(summary.first),
        area_text(summary.last),
        area_text(summary.minimum.area if summary.minimum else None),
        area_text(summary.maximum.area if summary.maximum else None),
        area_text(trend.per_year if trend else None),
        interval,
        area_text(summary.change),
        str(summary.seen),
        str(summary.not_seen),
        str(summary.gone),
    ]
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"
