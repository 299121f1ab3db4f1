"""Dates in names and in text: what is read, and what is refused."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geosam_processing.contract.checks import ContractError
from geosam_processing.contract.dates import (
    COMMON_PATTERNS,
    FIRST_YEAR,
    LAST_YEAR,
    NamePattern,
    date_text,
    dates_in_names,
    read_date,
)

MOMENTS = st.datetimes(datetime(FIRST_YEAR, 1, 1), datetime(LAST_YEAR, 12, 31)).map(
    lambda moment: moment.replace(microsecond=0)
)
CODED = [pattern for pattern in COMMON_PATTERNS if "%" in pattern]


@pytest.mark.parametrize(
    ("names", "pattern", "expected"),
    [
        (["naip_2010.tif", "naip_2014.tif"], "%Y", ["2010-01-01", "2014-01-01"]),
        (
            [
                "LC08_L1TP_044034_20140318_20170307_01_T1",
                "LC08_L1TP_044034_20150321_20170307_01_T1",
            ],
            "%Y%m%d",
            ["2014-03-18", "2015-03-21"],
        ),
        (["LC80440342014185LGN00", "LC80440342015188LGN01"], COMMON_PATTERNS[12], None),
        (
            ["S2A_MSIL2A_20190212T192651_N0211_R013_T07HFE_20201007T160857"],
            "%Y%m%dT%H%M%S",
            ["2019-02-12T19:26:51"],
        ),
        (["MOD09A1.A2014185.h10v09.006.2015289"], "%Y%j", ["2014-07-04"]),
        (["m_3709813_ne_14_1_20140704_20141201"], "%Y%m%d", ["2014-07-04"]),
        (["lake-2014-07", "lake-2014-08"], "%Y-%m", ["2014-07-01", "2014-08-01"]),
        (["Bild 01.07.2014", "Bild 02.07.2014"], "%d.%m.%Y", ["2014-07-01", "2014-07-02"]),
        (["ortho_03Jul2014"], "%d%b%Y", ["2014-07-03"]),
    ],
)
def test_common_names_are_read(names, pattern, expected):
    found, dates = dates_in_names(names)
    assert found == pattern
    if expected is None:
        expected = ["2014-07-04", "2015-07-07"]
    assert [date_text(each) for each in dates if each] == expected


def test_number_that_all_names_share_is_no_date():
    pattern, dates = dates_in_names(["tile_2001_2014", "tile_2001_2015"])
    assert pattern == "%Y"
    assert dates == [datetime(2014, 1, 1), datetime(2015, 1, 1)]


def test_doubles_stay_doubles():
    _, dates = dates_in_names(["a_2014", "b_2014"])
    assert dates == [datetime(2014, 1, 1)] * 2


def test_name_without_a_date_is_none():
    pattern, dates = dates_in_names(["pond_2014", "pond_2015", "overview"])
    assert pattern == "%Y"
    assert dates == [datetime(2014, 1, 1), datetime(2015, 1, 1), None]


def test_no_name_with_a_date():
    assert dates_in_names(["a", "b"]) == ("", [None, None])


@pytest.mark.parametrize("name", ["2014-02-30", "2014-13-01", "1492-10-12", "12014-01-01", ""])
def test_days_that_do_not_exist_are_not_read(name):
    assert NamePattern("%Y-%m-%d").find(name) is None


def test_given_regular_expression_is_used():
    pattern = r"(?P<day>\d\d)of(?P<month>\d\d)in(?P<year>\d{4})"
    assert dates_in_names(["x03of07in2014y"], pattern) == (pattern, [datetime(2014, 7, 3)])


@pytest.mark.parametrize(
    ("pattern", "part"),
    [
        ("%Q", "the code %Q is not known"),
        ("%", "the code % is not known"),
        ("date", "it has no year"),
        ("(?P<year>[)", "Use codes such as %Y%m%d"),
        (r"(?P<year>\d{4})(?P<week>\d\d)", "it has the group week"),
    ],
)
def test_invalid_patterns_are_explained(pattern, part):
    with pytest.raises(ContractError, match="Invalid date pattern") as error:
        NamePattern(pattern)
    assert part in str(error.value)


@given(MOMENTS, st.sampled_from(CODED), st.sampled_from(["", "scene_", "T7-"]))
def test_written_dates_are_read_again(moment, pattern, prefix):
    name = f"{prefix}{moment.strftime(pattern)}.tif"
    read = NamePattern(pattern).find(name)
    assert read is not None
    assert read.strftime(pattern) == moment.strftime(pattern)


@given(MOMENTS)
def test_text_of_a_date_is_read_again(moment):
    assert read_date(date_text(moment)) == moment


@pytest.mark.slow
@given(st.text())
def test_any_text_is_read_or_refused(text):
    moment = read_date(text)
    assert moment is None or FIRST_YEAR <= moment.year <= LAST_YEAR


@given(st.lists(st.text(), max_size=4))
def test_any_names_are_read_or_refused(names):
    _, dates = dates_in_names(names)
    assert len(dates) == len(names)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2014:07:01 10:30:00", datetime(2014, 7, 1, 10, 30)),
        ("2014-07-01T23:30:00-02:00", datetime(2014, 7, 2, 1, 30)),
        ("2014-07-01T10:30:00.123Z", datetime(2014, 7, 1, 10, 30)),
        ("20140701", datetime(2014, 7, 1)),
        ("01.07.2014", datetime(2014, 7, 1)),
        ("2014-07", datetime(2014, 7, 1)),
        (" 2014 ", datetime(2014, 1, 1)),
        ("2014-02-30", None),
        ("July", None),
    ],
)
def test_text_is_read(text, expected):
    assert read_date(text) == expected
