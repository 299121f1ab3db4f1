"""Requests to follow objects through dates."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from geosam_processing.contract import (
    SEEN,
    ContractError,
    LiveCache,
    Model,
    Prompt,
    Raster,
    SeriesInput,
    SeriesPrompt,
    SeriesRequest,
    SeriesRow,
)
from geosam_processing.contract.messages import from_json, to_json

POINT = Prompt(1, ((0.0, 0.0),), (1,))
BOX = Prompt(1, box=(0.0, 0.0, 1.0, 1.0))
REQUEST = SeriesRequest(
    (SeriesInput("2019-07-21", Raster("a.tif")), SeriesInput("2018-07-21", Raster("b.tif"))),
    (SeriesPrompt(POINT),),
    Model("geosam_nano"),
    cache=LiveCache("cache", 100),
)


def test_a_request_and_a_row_survive_the_connection() -> None:
    assert from_json(SeriesRequest, json.loads(json.dumps(to_json(REQUEST)))) == REQUEST
    row = SeriesRow(1, "2019-07-21", SEEN, area=2.0)
    assert from_json(SeriesRow, json.loads(json.dumps(to_json(row)))) == row


@pytest.mark.parametrize("date", ["", "21.07.2019", "2019-13-01", "2019"])
def test_a_date_that_is_none_is_an_error(date: str) -> None:
    with pytest.raises(ContractError, match="Invalid date"):
        SeriesInput(date, Raster("a.tif"))


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"inputs": ()}, "for every date"),
        (
            {"inputs": (*REQUEST.inputs, SeriesInput("2019-07-21T00:00:00", Raster("c.tif")))},
            "Two inputs have the date 2019-07-21T00:00:00",
        ),
        (
            {"inputs": (*REQUEST.inputs, SeriesInput("2017-07-21", features="c"))},
            "the same for all dates",
        ),
        ({"model": None}, "Name a model"),
        ({"cache": None}, "a cache"),
        ({"prompts": ()}, "at least one prompt"),
        ({"start": "prompt"}, "has no date"),
        ({"prompts": (SeriesPrompt(POINT, "2017-01-01"),)}, "on 2017-01-01, a date without"),
        ({"prompts": (SeriesPrompt(POINT), SeriesPrompt(BOX))}, "has no date"),
        (
            {"prompts": (SeriesPrompt(POINT, "2019-07-21"), SeriesPrompt(BOX, "2019-07-21"))},
            "put their points into one",
        ),
        ({"prompts": (SeriesPrompt(POINT, refines=True),)}, "cannot refine"),
        (
            {"prompts": (SeriesPrompt(POINT), SeriesPrompt(BOX, "2019-07-21", refines=True))},
            "cannot refine",
        ),
        ({"memories": 0}, "valid values are 1 to 7"),
        ({"minimum_overlap": 1.5}, "Invalid minimum overlap"),
        ({"value_range": (1.0, 1.0)}, "below the maximum"),
        ({"method": "video"}, "choose one of auto, memory, prompts"),
    ],
)
def test_what_cannot_be_followed_is_an_error(changes: dict[str, Any], text: str) -> None:
    with pytest.raises(ContractError, match=text):
        replace(REQUEST, **changes)


def test_corrections_need_a_date_only() -> None:
    correction = SeriesPrompt(POINT, "2018-07-21", refines=True)
    request = replace(REQUEST, prompts=(SeriesPrompt(BOX), correction))
    assert request.prompts[1].date == "2018-07-21"
