"""Rows of a series as a table, with the columns of the layer of Segment time series."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

import geopandas
import pandas as pd
import shapely

from geosam_processing.contract import NOT_SEEN, SEEN, SeriesRow
from geosam_processing.contract.dates import date_text
from geosam_processing.contract.fields import SERIES_FIELDS
from geosam_processing.contract.series_summary import Point, changes_of, end_of, summary_of
from geosam_processing.engine.notebook.prompts import Prompts
from geosam_processing.engine.notebook.tables import columns_of, joined


def series_table(
    rows: Sequence[SeriesRow], moments: Sequence[datetime], asked: Prompts, crs: Any
) -> geopandas.GeoDataFrame:
    """Return a row for each object and date, with the attributes of the object's prompt.

    Args:
        rows: in any order; their keys are numbers of the rows of ``asked``.
        moments: the dates of the series, in any order.
        asked: the prompts.
        crs: of the outlines.

    Returns:
        The table. Its ``attrs`` have the lists ``summary``, of all objects, and ``unanswered``, of
        prompts whose object was seen on no date. Lists of JSON values, as a table in ``attrs``
        would break ``to_parquet``, ``concat`` and ``merge``.
    """
    rows = sorted(rows, key=lambda row: (row.key, _moment(row)))
    order = sorted(moments)
    steps = [order.index(_moment(row)) for row in rows]
    by_object = {key: list(group) for key, group in groupby(rows, key=lambda row: row.key)}
    points = {
        key: [Point(_moment(row), row.state, row.area) for row in group]
        for key, group in by_object.items()
    }
    changes = [change for group in points.values() for change in changes_of(group)]
    found = columns_of(rows, SeriesRow, SERIES_FIELDS)
    found["object"] += 1
    found["date"] = pd.to_datetime([_moment(row) for row in rows])
    found["area_m2"] = found["area_m2"].mask(found["state"] == NOT_SEEN)
    found.insert(1, "step", pd.Series([step + 1 for step in steps], dtype="int64"))
    found.insert(3, "date_end", pd.to_datetime([end_of(step, order) for step in steps]))
    place = found.columns.get_loc("area_m2") + 1
    for name, values in (
        ("change_percent", [percent for _, percent in changes]),
        ("change_m2", [change for change, _ in changes]),
    ):
        found.insert(place, name, pd.Series(values, dtype="float64"))
    found["geometry"] = [shapely.from_wkb(row.wkb) if row.wkb else None for row in rows]
    attributes = asked.rows.iloc[[row.key for row in rows]]
    table = geopandas.GeoDataFrame(joined(attributes, found), geometry="geometry", crs=crs)
    labels = asked.rows.index.tolist()
    table.attrs["summary"] = [
        {"prompt": labels[key], "object": key + 1, **_summary(group)}
        for key, group in points.items()
    ]
    table.attrs["unanswered"] = [
        {"prompt": label, "reason": asked.problems.get(key) or _why(by_object.get(key, ()))}
        for key, label in enumerate(labels)
        if not any(row.state == SEEN for row in by_object.get(key, ()))
    ]
    return table


def _moment(row: SeriesRow) -> datetime:
    return datetime.fromisoformat(row.date)


def _summary(points: Sequence[Point]) -> dict[str, Any]:
    columns = summary_of(points).columns()
    return {
        name: date_text(value) if isinstance(value, datetime) else value
        for name, value in columns.items()
    }


def _why(rows: Sequence[SeriesRow]) -> str:
    """Why an object was seen on no date."""
    reasons = [str(row.reason) for row in rows if row.prompted and row.reason]
    return reasons[0] if reasons else "The object was not seen on any date"
