"""Feature folders as dates: the same patches on each, or a clear error."""

from __future__ import annotations

from dataclasses import replace

import pytest
from affine import Affine

from geosam_processing.contract import (
    GONE,
    NOT_SEEN,
    SEEN,
    Raster,
    SeriesInput,
    SeriesPrompt,
    SeriesRequest,
)
from geosam_processing.engine.encoding.encode import encode
from geosam_processing.engine.errors import FeaturesError
from geosam_processing.engine.models import families
from geosam_processing.engine.run import RunContext
from geosam_processing.engine.tracking.follow import segment_series
from tests.engine.stand_in_adapter import encode_request
from tests.engine.tracking.series_runs import ComponentTracker, area_of, box_at, write_date

pytestmark = pytest.mark.slow

POND = (324, 192, 348, 208)
LONG = (300, 192, 372, 208)
EXTENT = (500400.0, 5799400.0, 501000.0, 5799800.0)


@pytest.fixture(autouse=True)
def model(components, monkeypatch):
    family = replace(families.FAMILIES["sam"], track=ComponentTracker)
    monkeypatch.setitem(families.FAMILIES, "sam", family)
    return components


def folder_of(tmp_path, year, *rectangles, extent=EXTENT, **options):
    """An encoded date."""
    name = f"{year} {extent[0]:.0f}"
    (tmp_path / name).mkdir()
    dated = write_date(tmp_path / name, year, *rectangles, **options)
    path, output = tmp_path / name / f"{year}.tif", tmp_path / name / "features"
    encode(encode_request(path, output, source=Raster(str(path), extent=extent)))
    return SeriesInput(dated.date, features=str(output))


def rows_of(inputs, *prompts, **changes):
    rows = {}
    request = SeriesRequest(
        tuple(inputs), tuple(SeriesPrompt(prompt) for prompt in prompts), **changes
    )
    result = segment_series(
        request,
        RunContext(
            results=lambda event: rows.update({int(row.date[:4]): row for row in event.rows})
        ),
    )
    return result, rows


@pytest.mark.parametrize("method", ["memory", "prompts"])
def test_objects_are_followed_and_completed_beyond_their_patch(tmp_path, method):
    seen = {2015: [POND], 2016: [LONG], 2017: [], 2018: [POND]}
    inputs = [folder_of(tmp_path, year, *places) for year, places in seen.items()]
    result, rows = rows_of(inputs, box_at(POND), method=method)
    assert [rows[year].state for year in seen] == [SEEN, SEEN, GONE, SEEN]
    assert rows[2015].area == pytest.approx(area_of(POND), rel=0.02)
    assert rows[2016].area == pytest.approx(area_of(LONG), rel=0.03)
    assert rows[2016].contrast == pytest.approx(234, abs=2)
    assert (result.crs, result.method, result.encoded_count) == ("EPSG:32633", method, 0)


def test_clouds_and_patches_without_a_chip_are_not_seen(tmp_path):
    inputs = [
        folder_of(tmp_path, 2015, POND),
        folder_of(tmp_path, 2016, clouds=[(300, 180, 400, 230)]),
        folder_of(tmp_path, 2017, POND, clouds=[(260, 100, 640, 480)]),
    ]
    for method in ("memory", "prompts"):
        _, rows = rows_of(inputs, box_at(POND), method=method)
        assert [rows[year].state for year in (2015, 2016, 2017)] == [SEEN, NOT_SEEN, NOT_SEEN]


def test_other_patches_are_an_error(tmp_path):
    first = folder_of(tmp_path, 2015, POND)
    shifted = tuple(value + 34 for value in EXTENT)
    other = folder_of(tmp_path, 2016, POND, extent=shifted)
    with pytest.raises(FeaturesError, match="Only 0 of the .* patches .* give the rasters"):
        rows_of([first, other], box_at(POND))


def test_another_crs_is_an_error(tmp_path):
    first = folder_of(tmp_path, 2015, POND)
    west = Affine(2.0, 0.0, 500000.0, 0.0, -2.0, 5800000.0)
    other = folder_of(tmp_path, 2016, POND, transform=west, crs="EPSG:32632")
    with pytest.raises(FeaturesError, match="another CRS"):
        rows_of([first, other], box_at(POND))


def test_a_folder_that_is_missing_is_told(tmp_path):
    inputs = [folder_of(tmp_path, 2015, POND), SeriesInput("2016-07-01", features="nowhere")]
    result, rows = rows_of(inputs, box_at(POND))
    assert rows[2016].state == NOT_SEEN
    assert [date for date, _ in result.unread] == ["2016-07-01"]
    with pytest.raises(FeaturesError):
        rows_of(inputs[::-1], box_at(POND))
