"""Objects through dates in a notebook: the dates that are asked, and the table that is returned."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pandas as pd
import pytest
import shapely

import geosam_processing.engine as geosam
from geosam_processing.contract import GONE, NOT_SEEN, SEEN, SeriesEvent, SeriesRequest, SeriesRow
from geosam_processing.engine.notebook import series

SQUARE = shapely.box(0, 0, 10, 10)
PONDS = geopandas.GeoDataFrame(
    {"name": ["upper", "lower"]},
    index=["a", "b"],
    geometry=[SQUARE, SQUARE.buffer(5)],
    crs="EPSG:32633",
)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[SeriesRequest]:
    """The requests of ``segment_series``, whose first object grows, is hidden, dries out."""
    requests: list[SeriesRequest] = []

    def follow(request: SeriesRequest, run: geosam.RunContext) -> None:
        requests.append(request)
        dates = sorted(each.date for each in request.inputs)
        states = [(SEEN, 100.0), (SEEN, 150.0), (NOT_SEEN, 0.0), (GONE, 0.0)]
        rows = [
            SeriesRow(
                0, day, state, area=area, score=0.9, wkb=SQUARE.wkb_hex if state == SEEN else ""
            )
            for day, (state, area) in zip(dates, states)
        ]
        lost = SeriesRow(1, dates[0], GONE, "The score is too low", prompted=True)
        # The last ones first, as one pass backward in time has them.
        run.results(SeriesEvent((lost, *reversed(rows))))

    monkeypatch.setattr(series, "follow", follow)
    monkeypatch.setattr(series, "crs_of", lambda source: PONDS.crs)
    return requests


def run(inputs: Any, dates: Any = None, **options: Any) -> geopandas.GeoDataFrame:
    return geosam.segment_series(inputs, PONDS, dates, **options)


FOUR = [f"pond_{year}.tif" for year in (2010, 2011, 2012, 2014)]


def test_columns_are_those_of_the_algorithm(asked):
    assert list(run(FOUR)) == [
        "name",
        "object",
        "step",
        "date",
        "date_end",
        "state",
        "reason",
        "prompted",
        "score",
        "object_score",
        "contrast",
        "likeness",
        "overlap",
        "area_m2",
        "change_m2",
        "change_percent",
        "chip_id",
        "touches_edge",
        "resolution_m",
        "geometry",
    ]


def test_rows_are_in_the_order_of_dates_with_changes(asked):
    table = run(FOUR).loc["a"]
    assert table["object"].tolist() == [1, 1, 1, 1]
    assert table["step"].tolist() == [1, 2, 3, 4]
    assert table["date"].dt.year.tolist() == [2010, 2011, 2012, 2014]
    assert table["date_end"].dt.date.astype(str).tolist() == [
        "2011-01-01",
        "2012-01-01",
        "2014-01-01",
        "2016-01-02",  # as long as the one before
    ]
    np.testing.assert_array_equal(table["area_m2"], [100, 150, np.nan, 0])
    np.testing.assert_array_equal(table["change_m2"], [np.nan, 50, np.nan, -150])
    np.testing.assert_array_equal(table["change_percent"], [np.nan, 50, np.nan, -100])
    assert [shape is None for shape in table.geometry] == [False, False, True, True]


def test_objects_are_summed_up(asked):
    first, second = run(FOUR).attrs["summary"]
    assert (first["prompt"], first["object"]) == ("a", 1)
    assert (first["seen"], first["not_seen"], first["gone"]) == (2, 1, 1)
    assert (first["first_m2"], first["maximum_m2"], first["last_m2"]) == (100, 150, 0)
    assert (first["first_seen"], first["last_seen"]) == ("2010-01-01", "2011-01-01")
    assert (first["change_m2"], first["change_date"]) == (-150, "2014-01-01")
    assert first["trend_m2_per_year"] < 0
    assert (second["prompt"], second["gone"]) == ("b", 1)


def test_unseen_objects_have_the_reason_of_their_prompt(asked):
    assert run(FOUR).attrs["unanswered"] == [{"prompt": "b", "reason": "The score is too low"}]


def test_tables_can_be_joined_and_written(asked, tmp_path):
    table = run(FOUR)
    assert len(pd.concat([table, run(FOUR)])) == 2 * len(table)
    table.to_parquet(tmp_path / "ponds.parquet")
    again = geopandas.read_parquet(tmp_path / "ponds.parquet")
    assert again["date"].tolist() == table["date"].tolist()


ZONE = timezone(timedelta(hours=2))


@pytest.mark.parametrize(
    ("inputs", "dates", "expected"),
    [
        (["pond_2010.tif", "pond_2014.tif"], None, ["2010-01-01", "2014-01-01"]),
        (["2010/pond.tif", "2014/pond.tif"], None, ["2010-01-01", "2014-01-01"]),
        (
            ["pond_2014/manifest.parquet", "pond_2010/manifest.parquet"],
            None,
            ["2014-01-01", "2010-01-01"],
        ),
        (["a.tif", "b.tif"], ["2010", date(2014, 7, 1)], ["2010-01-01", "2014-07-01"]),
        (
            ["a.tif", "b.tif"],
            [datetime(2014, 7, 1, 12, tzinfo=ZONE), np.datetime64("2014-07-02")],
            ["2014-07-01T10:00:00", "2014-07-02"],
        ),
        (
            ["a.tif", "b.tif"],
            pd.to_datetime(["2010-05-06", "2011-01-02"]),
            ["2010-05-06", "2011-01-02"],
        ),
        (["a_10_3.tif", "a_12_5.tif"], "a_%y", ["2010-01-01", "2012-01-01"]),
        (["a2010b.tif", "a2012b.tif"], r"a(?P<year>\d{4})", ["2010-01-01", "2012-01-01"]),
        ({2010: "a.tif", date(2014, 7, 1): "b.tif"}, None, ["2010-01-01", "2014-07-01"]),
    ],
    ids=["names", "folders", "manifests", "list", "times", "index", "codes", "expression", "keys"],
)
def test_dates_are_understood(asked, inputs, dates, expected):
    run(inputs, dates)
    assert [each.date for each in asked[0].inputs] == expected


@pytest.mark.parametrize(
    ("inputs", "dates", "message"),
    [
        ("pond.tif", None, r"No date is known of pond.tif: give dates"),
        (["a_2010.tif", "b.tif"], "a_%Y", r"b.tif has no date by the pattern a_%Y"),
        (["a.tif", "b.tif"], ["2010"], "There are 1 dates of 2 inputs"),
        (["a.tif"], ["in July"], r"Invalid date \('in July'\)"),
        (["a.tif", "b.tif"], ["2010", "2010-01-01"], "have the date 2010-01-01: a.tif and b.tif"),
        ({"2010": "a.tif"}, ["2010"], "have dates already"),
        ([], None, "There is no input"),
    ],
)
def test_unknown_dates_are_errors(asked, inputs, dates, message):
    with pytest.raises(geosam.ContractError, match=message):
        run(inputs, dates)


def test_keywords_become_the_request(asked):
    run(FOUR, min_likeness=0.2, min_score=0.3, direction="forward", method="prompts", memories=2)
    (request,) = asked
    assert (request.minimum_likeness, request.minimum_score) == (0.2, 0.3)
    assert (request.direction, request.method, request.memories) == ("forward", "prompts", 2)
    assert Path(request.inputs[0].raster.source).name == "pond_2010.tif"  # type: ignore[union-attr]
