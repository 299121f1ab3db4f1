"""What a series found, into layers, tables and charts."""

import contextlib
import functools
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Optional

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsGeometry,
    QgsProcessingFeedback,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import QDate, QDateTime, QTime, QVariant

from ... import contract
from ...client.client import EngineCancelled
from ...contract.dates import date_text
from ...contract.series_summary import Point, Summary, changes_of, end_of, summary_of
from ...qgis_tools.inputs import Inputs
from ...translation import tr, worded
from .columns import numbers_fit
from .dated_inputs import DatedInputs
from .prompt_objects import PromptLayers
from .prompts import PromptFeature
from .results import (
    OBJECT_COUNT,
    OUTPUT,
    UNANSWERED,
    UNANSWERED_COUNT,
    UNANSWERED_FIELDS,
    summary_of_reasons,
)
from .series_chart import Dates, Line
from .series_page import page, write_page, write_picture
from .series_prompts import Asked, SeriesPrompts
from .sinks import Sink, closing, optional_sink, own_fields
from .temporal import SeriesLayer

SERIES = "SERIES"
SUMMARY = "SUMMARY"
CHART = "CHART"
CHART_PICTURE = "CHART_PICTURE"

_DATE = "date"  # stands for the type of dates, with or without times
OBJECT_FIELDS: tuple[tuple[str, Any], ...] = (
    ("object", QVariant.LongLong),
    ("step", QVariant.Int),
    ("date", _DATE),
    ("date_end", _DATE),
    ("state", QVariant.String),
    ("reason", QVariant.String),
    ("prompted", QVariant.Bool),
    ("score", QVariant.Double),
    ("object_score", QVariant.Double),
    ("contrast", QVariant.Double),
    ("likeness", QVariant.Double),
    ("overlap", QVariant.Double),
    ("area_m2", QVariant.Double),
    ("change_m2", QVariant.Double),
    ("change_percent", QVariant.Double),
    ("chip_id", QVariant.String),
    ("touches_edge", QVariant.Bool),
    ("resolution_m", QVariant.Double),
)
SUMMARY_FIELDS: tuple[tuple[str, Any], ...] = (
    ("object", QVariant.LongLong),
    ("seen", QVariant.Int),
    ("not_seen", QVariant.Int),
    ("gone", QVariant.Int),
    ("first_seen", _DATE),
    ("last_seen", _DATE),
    ("first_m2", QVariant.Double),
    ("last_m2", QVariant.Double),
    ("mean_m2", QVariant.Double),
    ("minimum_m2", QVariant.Double),
    ("minimum_date", _DATE),
    ("maximum_m2", QVariant.Double),
    ("maximum_date", _DATE),
    ("trend_m2_per_year", QVariant.Double),
    ("trend_low", QVariant.Double),
    ("trend_high", QVariant.Double),
    ("change_m2", QVariant.Double),
    ("change_date", _DATE),
)


class SeriesResults:
    """Keeps the rows of all objects until the end, then writes them in the order of their dates.

    Raises:
        QgsProcessingException: an output cannot be made or written.
    """

    def __init__(
        self,
        inputs: Inputs,
        layers: PromptLayers,
        prompts: SeriesPrompts,
        dated: DatedInputs,
        crs: QgsCoordinateReferenceSystem,
    ) -> None:
        """``crs`` is that of the outlines."""
        self._inputs, self._prompts = inputs, prompts
        self._moments = dated.moments()
        self._ordered_only = dated.ordered_only
        self._has_times = any(date_text(moment).count("T") for moment in self._moments)
        self._rows: dict[int, dict[datetime, contract.SeriesRow]] = {}
        self._wkb: dict[tuple[int, datetime], bytes] = {}
        fields, source = layers.source.fields(), layers.source
        self._series_fields = own_fields(fields, self._typed(OBJECT_FIELDS))
        self._taken = fields.count()
        kinds, nowhere = QgsWkbTypes.Type, QgsCoordinateReferenceSystem()
        # An object has several rows, so that no field of the prompts numbers them.
        none_fits = (lambda column: False,)
        self._output = Sink(
            inputs, OUTPUT, self._series_fields, kinds.MultiPolygon, crs, *none_fits
        )
        self._series = optional_sink(
            inputs, SERIES, self._series_fields, kinds.NoGeometry, nowhere, *none_fits
        )
        self._summary = optional_sink(
            inputs,
            SUMMARY,
            own_fields(fields, self._typed(SUMMARY_FIELDS)),
            kinds.NoGeometry,
            nowhere,
            *none_fits,
        )
        self._unanswered = optional_sink(
            inputs,
            UNANSWERED,
            own_fields(fields, UNANSWERED_FIELDS),
            source.wkbType(),
            source.sourceCrs(),
            functools.partial(numbers_fit, layers.sources),
        )
        self._reasons: Counter[str] = Counter()

    def collect(self, event: contract.SeriesEvent) -> None:
        """Keep rows of the engine."""
        for row in event.rows:
            moment = datetime.fromisoformat(row.date)
            if row.wkb:
                self._wkb[row.key, moment] = bytes.fromhex(row.wkb)
            self._rows.setdefault(row.key, {})[moment] = replace(row, wkb="")

    @contextlib.contextmanager
    def writing(self, results: dict[str, Any], feedback: QgsProcessingFeedback) -> Iterator[None]:
        """Write all rows after the block, also if it was cancelled; ``results`` then names them."""
        sinks = (self._output, self._series, self._summary, self._unanswered)
        with closing(sinks, lambda: self._report(results, feedback)):
            try:
                yield
            except EngineCancelled:
                self._write(results)
                raise
            self._write(results)

    def _write(self, results: dict[str, Any]) -> None:
        for feature, reason in self._prompts.problems:
            self._write_unanswered(feature, reason)
        lines = []
        for key, asked in self._prompts.asked.items():
            rows = self._rows.get(key, {})
            points = [
                Point(moment, rows[moment].state, rows[moment].area)
                for moment in self._moments
                if moment in rows
            ]
            if not any(point.state == contract.SEEN for point in points):
                self._write_unanswered(asked.feature, _why(rows.values()))
            if not points:
                continue
            self._write_object(asked, points)
            summary = summary_of(points)
            lines.append(Line(asked.feature.object_id or str(key + 1), points, summary))
            if self._summary is not None:
                self._summary.write(None, [*asked.feature.attributes, *self._sums(key, summary)])
        self._write_charts(lines, results)

    def _write_object(self, asked: Asked, points: Sequence[Point]) -> None:
        for point, (change, percent) in zip(points, changes_of(points)):
            row = self._rows[asked.key][point.moment]
            step = self._moments.index(point.moment)
            attributes = [
                *asked.feature.attributes,
                asked.key + 1,
                step + 1,
                self._date(point.moment),
                self._date(end_of(step, self._moments)),
                row.state,
                worded(row.reason),
                row.prompted,
                row.score,
                row.object_score,
                row.contrast,
                row.likeness,
                row.overlap,
                row.area if point.is_known else None,
                change,
                percent,
                row.chip_id or None,
                row.touches_edge,
                row.resolution,
            ]
            geometry = None
            wkb = self._wkb.get((asked.key, point.moment))
            if wkb is not None:
                geometry = QgsGeometry()
                geometry.fromWkb(wkb)
            self._output.write(geometry, attributes)
            if self._series is not None:
                self._series.write(None, attributes)

    def _sums(self, key: int, summary: Summary) -> list[Any]:
        if self._ordered_only:
            summary = replace(summary, trend=None)
        columns = summary.columns()
        values = [columns[name] for name, _ in SUMMARY_FIELDS[1:]]
        return [
            key + 1,
            *(self._date(each) if isinstance(each, datetime) else each for each in values),
        ]

    def _write_charts(self, lines: Sequence[Line], results: dict[str, Any]) -> None:
        if not lines:
            return
        dates = Dates(self._moments, self._labels())
        chart, picture = self._inputs.output_file(CHART), self._inputs.output_file(CHART_PICTURE)
        if chart:
            write_page(chart, page(lines, dates, self._ordered_only))
            results[CHART] = chart
        if picture:
            write_picture(picture, lines, dates)
            results[CHART_PICTURE] = picture

    def _report(self, results: dict[str, Any], feedback: QgsProcessingFeedback) -> None:
        for key, sink in (
            (OUTPUT, self._output),
            (SERIES, self._series),
            (SUMMARY, self._summary),
            (UNANSWERED, self._unanswered),
        ):
            if sink is not None:
                results[key] = sink.destination
        names = self._series_fields.names()[self._taken :]
        start, end = ("", "") if self._ordered_only else (names[2], names[3])
        SeriesLayer.attach(
            self._output.destination, self._inputs, OUTPUT, (start, end, names[1]), self._labels()
        )
        seen = sum(
            any(row.state == contract.SEEN for row in rows.values()) for rows in self._rows.values()
        )
        results[OBJECT_COUNT] = seen
        results[UNANSWERED_COUNT] = sum(self._reasons.values())
        if self._reasons:
            feedback.pushWarning(summary_of_reasons(self._reasons))

    def _write_unanswered(self, feature: PromptFeature, reason: str) -> None:
        self._reasons[reason] += 1
        if self._unanswered is not None:
            self._unanswered.write(feature.geometry, [*feature.attributes, reason])

    def _typed(self, fields: Sequence[tuple[str, Any]]) -> list[tuple[str, Any]]:
        kind = QVariant.DateTime if self._has_times else QVariant.Date
        return [(name, kind if own == _DATE else own) for name, own in fields]

    def _date(self, moment: Optional[datetime]) -> Any:
        """A date as the fields have it; None where only the order of dates is known."""
        if moment is None or self._ordered_only:
            return None
        day = QDate(moment.year, moment.month, moment.day)
        if not self._has_times:
            return day
        return QDateTime(day, QTime(moment.hour, moment.minute, moment.second))

    def _labels(self) -> list[str]:
        if self._ordered_only:
            return [str(step) for step in range(1, len(self._moments) + 1)]
        # Names and tables often have the year alone.
        if all(moment == datetime(moment.year, 1, 1) for moment in self._moments):
            return [str(moment.year) for moment in self._moments]
        return [date_text(moment) for moment in self._moments]


def _why(rows: Any) -> str:
    """Why an object is seen on no date."""
    reasons = [row.reason for row in rows if row.prompted and row.reason]
    return reasons[0] if reasons else tr("The object was not seen on any date")
