"""``geosam:segmentseries`` beside its engine: dates, prompts, states, tables, charts, errors."""

import json
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("qgis.core")

from qgis.core import NULL, QgsProcessingException
from qgis.PyQt.QtCore import QDate
from qgis.PyQt.QtGui import QImage

from tests.algorithms.scene import Run, memory_layer
from tests.algorithms.series_stand_in import Use, prompts, rasters, run, stand_in

pytestmark = pytest.mark.usefixtures("qgis_application")

YEARS = (2014, 2015, 2016, 2017)


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Use:
    return stand_in(monkeypatch)


def test_rows_are_in_the_order_of_dates(use: Use, tmp_path: Path) -> None:
    use((400, 100, None, 900), (2500, 0, 0, 1600))
    done = run(
        tmp_path,
        [f"p_{year}0701" for year in (2016, 2014, 2017, 2015)],
        SERIES="memory:",
        SUMMARY="memory:",
    )
    found = [
        (row["name"], row["object"], row["step"], row["date"].year(), row["state"], row["area_m2"])
        for row in done.rows("OUTPUT")
    ]
    assert found[:4] == [
        ("a", 1, 1, 2014, "seen", 400),
        ("a", 1, 2, 2015, "seen", 100),
        ("a", 1, 3, 2016, "not seen", None),
        ("a", 1, 4, 2017, "seen", 900),
    ]
    assert [row[3:] for row in found[4:]] == [
        (2014, "seen", 2500),
        (2015, "gone", 0),
        (2016, "gone", 0),
        (2017, "seen", 1600),
    ]
    changes = [row["change_m2"] for row in done.rows("OUTPUT")]
    assert changes == [None, -300, None, 800, None, -2500, 0, 1600]
    percents = [row["change_percent"] for row in done.rows("OUTPUT")]
    assert percents == [None, -75, None, 800, None, -100, None, None]
    for row in done.rows("OUTPUT"):
        assert row.geometry().isNull() == (row["state"] != "seen")
    series = [row.attributes() for row in done.rows("SERIES")]
    assert series == [row.attributes() for row in done.rows("OUTPUT")]
    assert done.results["OBJECT_COUNT"] == 2 and done.results["DATE_COUNT"] == 4
    assert (done.results["SEEN_COUNT"], done.results["GONE_COUNT"]) == (5, 2)


def test_outlines_hold_until_the_next_date(use: Use, tmp_path: Path) -> None:
    use((1, 1, 1), (1, 1, 1))
    done = run(tmp_path, ["p_20140701", "p_20140801", "p_20150801"])
    ends = [row["date_end"] for row in done.rows("OUTPUT")][:3]
    assert ends == [QDate(2014, 8, 1), QDate(2015, 8, 1), QDate(2016, 7, 31)]


def test_summary_has_a_row_for_each_object(use: Use, tmp_path: Path) -> None:
    use((100, 200, 300, 400), (2500, 0, None, 1600))
    done = run(tmp_path, [f"p_{year}" for year in YEARS], SUMMARY="memory:")
    one, two = done.rows("SUMMARY")
    assert (one["name"], one["object"], one["seen"], one["gone"]) == ("a", 1, 4, 0)
    assert one["trend_m2_per_year"] == pytest.approx(100, rel=2e-3)
    assert one["trend_low"] <= one["trend_m2_per_year"] <= one["trend_high"]
    assert (two["minimum_m2"], two["maximum_m2"], two["first_m2"], two["last_m2"]) == (
        0,
        2500,
        2500,
        1600,
    )
    assert two["minimum_date"] == QDate(2015, 1, 1)
    assert (two["change_m2"], two["change_date"]) == (-2500, QDate(2015, 1, 1))
    assert (two["not_seen"], two["first_seen"]) == (1, QDate(2014, 1, 1))


def test_charts_are_written(use: Use, tmp_path: Path) -> None:
    use((100, 200, 300, 400), (2500, 0, None, 1600))
    page, picture = tmp_path / "chart.html", tmp_path / "chart.png"
    done = run(
        tmp_path,
        [f"p_{year}" for year in YEARS],
        CHART=str(page),
        CHART_PICTURE=str(picture),
    )
    assert (done.results["CHART"], done.results["CHART_PICTURE"]) == (str(page), str(picture))
    text = page.read_text(encoding="utf-8")
    assert text.count("<svg") == 3 and "1 not seen" in text
    assert "http" not in text.replace("http://www.w3.org/2000/svg", "")
    image = QImage(str(picture))
    assert image.width() == 1800
    colors = {image.pixelColor(x, y).name() for x in range(0, 1800, 3) for y in range(0, 900, 3)}
    assert {"#ffffff", "#2f6f5e"} <= colors


@pytest.mark.parametrize(
    ("names", "parameters", "source"),
    [
        (["a_2014", "a_2015"], {}, "from the names, by %Y"),
        (["a_01072014", "a_01072015"], {"DATE_PATTERN": "%d%m%Y"}, "from the names, by %d%m%Y"),
        (["x", "y"], {"DATES": "order"}, "the order given"),
        (["x", "y"], {}, "the order given"),
    ],
)
def test_dates_that_were_understood_are_listed(
    use: Use, tmp_path: Path, names: list[str], parameters: dict[str, Any], source: str
) -> None:
    use((1, 1), (1, 1))
    done = run(tmp_path, names, **parameters)
    place = next(n for n, line in enumerate(done.feedback.lines) if line.startswith("Dates ("))
    assert source in done.feedback.lines[place]
    assert done.feedback.lines[place + 1].endswith(f"  {names[0]}.tif")


def test_order_alone_has_no_dates_and_no_trend(use: Use, tmp_path: Path) -> None:
    engine = use((1, 2), (1, 1))
    done = run(tmp_path, ["y", "x"], SUMMARY="memory:")
    assert [each.date for each in engine.requests[0].inputs] == ["0001-01-01", "0002-01-01"]
    assert [(row["step"], row["date"]) for row in done.rows("OUTPUT")][:2] == [(1, None), (2, None)]
    assert done.rows("SUMMARY")[0]["trend_m2_per_year"] == NULL
    assert any("there are no trends" in line for line in done.feedback.warnings)


def test_dates_come_from_metadata(use: Use, tmp_path: Path) -> None:
    from osgeo import gdal

    engine = use((1, 2, 3), (1, 1, 1))
    paths = rasters(tmp_path, ["x", "y", "z"])
    gdal.Open(paths[0], gdal.GA_Update).SetMetadataItem("TIFFTAG_DATETIME", "2014:07:01 10:30:00")
    item = {"type": "Feature", "properties": {"datetime": "2015-07-01T10:30:00Z"}}
    (tmp_path / "y.json").write_text(json.dumps(item), encoding="utf-8")
    item = {
        "type": "Feature",
        "properties": {"datetime": None, "start_datetime": "2016-07-01T00:00:00Z"},
        "assets": {"data": {"href": "./z.tif"}},
    }
    (tmp_path / "item_7.json").write_text(json.dumps(item), encoding="utf-8")
    done = run(tmp_path, INPUTS=paths)
    assert [each.date for each in engine.requests[0].inputs] == [
        "2014-07-01T10:30:00",
        "2015-07-01T10:30:00",
        "2016-07-01",
    ]
    assert done.rows("OUTPUT")[0]["date"].time().hour() == 10


def test_dates_come_from_a_table(use: Use, tmp_path: Path) -> None:
    engine = use((1, 2), (1, 1))
    rows = [(None, "X.tif", "2014-07-01"), (None, "y", "2013"), (None, "other", "")]
    table = memory_layer("NoGeometry", rows, "file:string,day:string", "")
    parameters = {
        "DATE_TABLE": table,
        "DATE_TABLE_NAME": "file",
        "DATE_TABLE_DATE": "day",
    }
    run(tmp_path, ["x", "y"], **parameters)
    assert [each.date for each in engine.requests[0].inputs] == ["2014-07-01", "2013-01-01"]


def test_prompts_have_their_dates(use: Use, tmp_path: Path) -> None:
    engine = use((1, 1), (1, 1))
    layer = prompts("id:int,day:string", [(1, "2015-07-01"), (1, "2014"), (2, None), (3, "2019")])
    done = run(
        tmp_path,
        ["p_20140701", "p_20150701"],
        PROMPTS=layer,
        OBJECT_FIELD="id",
        DATE_FIELD="day",
        UNANSWERED="memory:",
    )
    asked = [(each.prompt.key, each.date, each.refines) for each in engine.requests[0].prompts]
    assert asked == [(0, "2015-07-01", False), (0, "2014-07-01", False), (1, "", False)]
    (row,) = done.rows("UNANSWERED")
    assert row["id"] == 3
    assert "no raster or feature folder of 2019" in row["reason"]
    assert "2014-07-01, 2015-07-01" in row["reason"]


def test_points_on_a_later_date_correct(use: Use, tmp_path: Path) -> None:
    engine = use((1, 1))
    layer = memory_layer(
        "Point",
        [("POINT (500100 4999900)", 1, "2014", 1), ("POINT (500100 4999990)", 1, "2015", 0)],
        "id:int,day:string,label:int",
    )
    run(tmp_path, PROMPTS=layer, OBJECT_FIELD="id", DATE_FIELD="day", LABEL_FIELD="label")
    assert [(each.date, each.refines) for each in engine.requests[0].prompts] == [
        ("2014-01-01", False),
        ("2015-01-01", True),
    ]


def test_object_that_is_never_seen_is_unanswered(use: Use, tmp_path: Path) -> None:
    use((0, 0), (1, 1))
    done = run(tmp_path, UNANSWERED="memory:")
    (row,) = done.rows("UNANSWERED")
    assert (row["name"], row["reason"]) == ("a", "The score is 0.2")
    assert (done.results["OBJECT_COUNT"], done.results["UNANSWERED_COUNT"]) == (1, 1)
    assert len(done.rows("OUTPUT")) == 4


def test_what_was_found_before_a_cancellation_is_kept(use: Use, tmp_path: Path) -> None:
    use((1, 2, 3), (4, 5, 6), stop_after=4)
    done = run(tmp_path, ["p_2014", "p_2015", "p_2016"])
    found = [(row["object"], row["step"]) for row in done.rows("OUTPUT")]
    assert found == [(1, 3), (2, 1), (2, 2), (2, 3)]
    assert any("Cancelled" in line for line in done.feedback.lines)


def test_same_request_finds_its_journal_again(use: Use, tmp_path: Path) -> None:
    engine = use((1, 1), (1, 1))
    run(tmp_path)
    run(tmp_path)
    run(tmp_path, MIN_SCORE=0.4)
    one, two, three = (request.journal for request in engine.requests)
    assert one == two != three


def test_parameters_reach_the_engine(use: Use, tmp_path: Path) -> None:
    engine = use((1, 1), (1, 1))
    run(
        tmp_path,
        START="last",
        DIRECTION="backward",
        METHOD="prompts",
        MEMORIES=5,
        MIN_SCORE=0.7,
        MIN_CONTRAST=12,
        MIN_OVERLAP=0.2,
        MIN_LIKENESS=0.6,
        RANGES="each",
        RANGE="0,200",
        BANDS="3;2;1",
        RESOLUTION=2,
        MINUTES=3,
        MIN_AREA=7,
        WHOLE=False,
    )
    (request,) = engine.requests
    assert (request.start, request.direction, request.method) == ("last", "backward", "prompts")
    assert (request.memories, request.acceptable_minutes, request.resolution) == (5, 3, 2)
    limits = (request.minimum_score, request.minimum_contrast, request.minimum_overlap)
    assert (*limits, request.minimum_likeness) == (0.7, 12, 0.2, 0.6)
    assert (request.ranges, request.value_range, request.whole) == ("each", (0, 200), False)
    assert request.masks.minimum_area == 7
    first = request.inputs[0].raster
    assert first is not None and first.bands == (3, 2, 1)


@pytest.mark.parametrize(
    ("names", "parameters", "text"),
    [
        (["p_2014"], {}, "INPUTS (p_2014.tif) has one date only"),
        (["a_2014", "b_2014"], {}, "a_2014.tif and b_2014.tif have the same date (2014-01-01)"),
        (["a_2014", "b"], {}, "The names of 1 of 2 in INPUTS have no date by the pattern %Y"),
        (["a_2014", "b_2015"], {"DATE_PATTERN": "%Y%m%d"}, "the first is a_2014.tif"),
        (["a", "b"], {"DATES": "name"}, "have no date by the pattern of any common kind"),
        (["a_2014", "b_2015"], {"DATE_PATTERN": "%Q"}, "the code %Q is not known"),
        (["a", "b"], {"DATES": "metadata"}, "INPUTS (a.tif) has no date in its metadata"),
        (["a", "b"], {"DATES": "table"}, "DATE_TABLE is not set"),
        (["a", "b"], {"DATE_FIELD": "name"}, "the dates of the inputs are not known"),
        (["a_2014", "b_2015"], {"START": "prompt"}, "DATE_FIELD is not set"),
        (["a_2014", "b_2015"], {"DATE_FIELD": "day"}, "The fields of PROMPTS are name"),
        (["a_2014", "b_2015"], {"BANDS": "1;9"}, "valid values for the input raster are 1 to 3"),
    ],
)
def test_bad_input_is_explained(
    use: Use, tmp_path: Path, names: list[str], parameters: dict[str, Any], text: str
) -> None:
    use((1, 1), (1, 1))
    with pytest.raises(QgsProcessingException) as error:
        run(tmp_path, names, **parameters)
    assert text in str(error.value)


def test_table_without_a_row_is_explained(use: Use, tmp_path: Path) -> None:
    use((1, 1), (1, 1))
    table = memory_layer("NoGeometry", [(None, "x", "soon")], "file:string,day:string", "")
    parameters = {"DATE_TABLE": table, "DATE_TABLE_NAME": "file", "DATE_TABLE_DATE": "day"}
    with pytest.raises(QgsProcessingException, match="no row for y.tif"):
        run(tmp_path, ["y", "x"], **parameters)
    with pytest.raises(QgsProcessingException, match=r"x\.tif in DATE_TABLE \(soon\) cannot be"):
        run(tmp_path, ["x", "y"], **parameters)


def test_rasters_or_features_are_needed(tmp_path: Path) -> None:
    with pytest.raises(QgsProcessingException, match="but not both"):
        Run("geosam:segmentseries", {"PROMPTS": prompts(), "OUTPUT": "memory:"})
    with pytest.raises(QgsProcessingException, match="no feature folder and has none"):
        run(tmp_path, FEATURES=[str(tmp_path)])
