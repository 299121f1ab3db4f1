"""Objects that prompts follow: they move, grow, split, vanish and return."""

from __future__ import annotations

from dataclasses import replace

import pytest
from affine import Affine

from geosam_processing.contract import (
    GONE,
    NOT_SEEN,
    SEEN,
    ContractError,
    Raster,
    SeriesInput,
    SeriesPrompt,
)
from geosam_processing.engine.errors import Cancelled, RasterError
from tests.engine.tracking.series_runs import Series, area_of, box_at, write_date

pytestmark = pytest.mark.slow

POND = (324, 192, 348, 208)
GROWN = (316, 184, 356, 216)
OTHER = (100, 100, 124, 116)


@pytest.fixture(autouse=True)
def model(components):
    return components


def test_an_object_that_grows_and_moves(tmp_path):
    places = [POND, (328, 192, 352, 208), (332, 188, 360, 212), (340, 188, 372, 216)]
    inputs = [write_date(tmp_path, 2015 + n, place, OTHER) for n, place in enumerate(places)]
    found = Series(inputs, [box_at(POND)], tmp_path)

    assert found.outlines() == places
    assert [row.prompted for row in found.rows.values()] == [True, False, False, False]
    areas = [row.area for row in found.rows.values()]
    assert areas == pytest.approx([area_of(place) for place in places], rel=0.015)
    assert [row.overlap for row in found.rows.values()][0] is None
    assert found.rows[1, 2016].overlap == pytest.approx(20 / 24, rel=1e-2)
    assert found.rows[1, 2015].contrast == pytest.approx(234, abs=1)
    assert found.result.seen_count == 4 and found.result.method == "prompts"
    assert found.result.dates == tuple(each.date for each in inputs)
    assert found.result.crs == "EPSG:32633"


def test_dates_may_come_in_any_order_and_the_start_may_be_the_last(tmp_path):
    places = [POND, (332, 192, 356, 208), (340, 192, 364, 208)]
    inputs = [write_date(tmp_path, 2015 + n, place) for n, place in enumerate(places)]
    shuffled = [inputs[1], inputs[0], inputs[2]]
    backward = Series(shuffled, [box_at(places[-1])], tmp_path, start="last")
    assert backward.outlines() == places
    assert [len(rows) for rows in backward.events] == [1, 1, 1]

    middle = SeriesPrompt(box_at(places[1]), "2016-07-01")
    assert Series(inputs, [middle], tmp_path, start="prompt").outlines() == places
    for direction, years in {"forward": [2016, 2017], "backward": [2015, 2016]}.items():
        one_way = Series(inputs, [middle], tmp_path, direction=direction)
        assert sorted(year for _, year in one_way.rows) == years


def test_what_vanishes_is_gone_and_may_return(tmp_path):
    inputs = [
        write_date(tmp_path, 2015 + n, *places) for n, places in enumerate([[POND], [], [POND]])
    ]
    found = Series(inputs, [box_at(POND), box_at(OTHER, 2)], tmp_path)

    assert found.states() == [SEEN, GONE, SEEN]
    assert found.outlines() == [POND, None, POND]
    assert found.rows[1, 2016].area == 0 and found.rows[1, 2016].reason
    assert found.states(2) == [GONE] * 3
    assert found.result.unanswered == (2,)
    assert (found.result.object_count, found.result.gone_count) == (1, 4)


def test_what_clouds_hide_is_not_seen_rather_than_gone(tmp_path):
    cloud = (300, 180, 400, 230)
    inputs = [
        write_date(tmp_path, 2015, POND),
        write_date(tmp_path, 2016, clouds=[cloud]),
        write_date(tmp_path, 2017, GROWN, clouds=[(348, 180, 400, 230)]),
    ]
    found = Series(inputs, [box_at(POND)], tmp_path)

    assert found.states() == [SEEN, NOT_SEEN, SEEN]
    assert found.rows[1, 2016].reason == "100% of its place have no data"
    # Half of a pond under a cloud is seen as far as there is data.
    assert found.outlines()[2] == (316, 184, 348, 216)


def test_an_object_starts_where_it_is_seen_first(tmp_path):
    inputs = [
        write_date(tmp_path, 2015, clouds=[(300, 180, 400, 230)]),
        write_date(tmp_path, 2016, POND),
        write_date(tmp_path, 2017, GROWN),
    ]
    found = Series(inputs, [box_at(POND)], tmp_path)
    assert found.outlines() == [None, POND, GROWN]


def test_the_best_date_is_the_start(tmp_path):
    inputs = [
        write_date(tmp_path, 2015, OTHER),
        write_date(tmp_path, 2016, POND),
        write_date(tmp_path, 2017, GROWN),
    ]
    found = Series(inputs, [box_at(POND)], tmp_path, start="best")
    assert found.outlines() == [None, POND, GROWN]
    assert [row.prompted for _, row in sorted(found.rows.items())] == [False, True, False]


def test_thresholds_tell_what_is_gone(tmp_path):
    far = (POND[0] + 20, POND[1], POND[2] + 20, POND[3])
    inputs = [write_date(tmp_path, 2015, POND), write_date(tmp_path, 2016, far)]
    strict = Series(inputs, [box_at(POND)], tmp_path, minimum_score=0.75)
    assert strict.states() == [GONE, GONE] and "score (0.700)" in strict.rows[1, 2015].reason
    strict = Series(inputs, [box_at(POND)], tmp_path, minimum_contrast=240.0)
    assert strict.states() == [GONE, GONE] and "contrast (234" in strict.rows[1, 2015].reason
    near = [write_date(tmp_path, 2015, POND), write_date(tmp_path, 2016, (332, 196, 372, 228))]
    for least, state in {0.3: SEEN, 0.7: GONE}.items():
        found = Series(near, [box_at(POND)], tmp_path, minimum_overlap=least)
        assert found.states() == [SEEN, state]
        assert found.rows[1, 2016].overlap == pytest.approx(0.5, abs=1e-6)


def test_what_looks_otherwise_than_before_is_gone(tmp_path):
    inputs = [
        write_date(tmp_path, 2015, POND),
        write_date(tmp_path, 2016, POND, bright=(150, 150, 150)),
        write_date(tmp_path, 2017, POND, bright=(245, 10, 10)),
    ]
    found = Series(inputs, [box_at(POND)], tmp_path, minimum_likeness=0.7)
    assert found.states() == [SEEN, SEEN, GONE]
    assert found.rows[1, 2015].likeness is None
    # In weaker light it looks the same, in another color it does not.
    assert found.rows[1, 2016].likeness == pytest.approx(1.0)
    assert found.rows[1, 2017].likeness == pytest.approx(3**-0.5, abs=1e-3)
    assert "differs from its surroundings in another way" in found.rows[1, 2017].reason
    assert Series(inputs, [box_at(POND)], tmp_path, minimum_likeness=0.0).states() == [SEEN] * 3


def test_an_object_may_outgrow_its_patch(tmp_path):
    large = (240, 120, 400, 280)
    inputs = [write_date(tmp_path, 2015, POND), write_date(tmp_path, 2016, large)]
    found = Series(inputs, [box_at(POND)], tmp_path)
    assert found.outlines()[0] == POND
    assert found.outlines()[1] == pytest.approx(large, abs=8)
    assert not found.rows[1, 2016].touches_edge
    cut = Series(inputs, [box_at(POND)], tmp_path, whole=False)
    assert cut.rows[1, 2016].touches_edge


def test_a_prompt_on_a_later_date_is_asked_instead(tmp_path):
    inputs = [write_date(tmp_path, 2015 + n, POND, OTHER) for n in range(3)]
    correction = SeriesPrompt(box_at(OTHER), "2016-07-01")
    found = Series(inputs, [box_at(POND), correction], tmp_path)
    assert found.outlines() == [POND, OTHER, OTHER]
    assert [row.prompted for _, row in sorted(found.rows.items())] == [True, True, False]
    assert found.rows[1, 2016].overlap == 0


@pytest.mark.parametrize(
    ("crs", "transform"),
    [
        ("EPSG:32633", Affine(4.0, 0.0, 500000.0, 0.0, -4.0, 5800000.0)),
        ("EPSG:32633", Affine(2.0, 0.0, 499800.0, 0.0, -2.0, 5800100.0)),
        ("EPSG:3857", None),
    ],
)
def test_dates_in_other_pixels_and_crs(tmp_path, crs, transform):
    """The same ground: half as many pixels, another extent, another CRS."""
    import rasterio
    from rasterio.warp import Resampling, calculate_default_transform, reproject

    first = write_date(tmp_path, 2015, POND)
    other = write_date(tmp_path, 2016, POND)
    warped = tmp_path / "warped.tif"
    with rasterio.open(tmp_path / "2016.tif") as source:
        size = (source.width, source.height)
        if transform is None:
            transform, *size = calculate_default_transform(
                source.crs, crs, source.width, source.height, *source.bounds
            )
        profile = {**source.profile, "crs": crs, "transform": transform}
        profile.update(width=size[0], height=size[1])
        with rasterio.open(warped, "w", **profile) as target:
            for band in (1, 2, 3):
                reproject(
                    rasterio.band(source, band),
                    rasterio.band(target, band),
                    resampling=Resampling.nearest,
                )
    found = Series([first, replace(other, raster=Raster(str(warped)))], [box_at(POND)], tmp_path)
    assert found.states() == [SEEN, SEEN]
    assert found.outlines()[1] == pytest.approx(POND, abs=4)
    assert found.rows[1, 2016].area == pytest.approx(area_of(POND), rel=0.3)


@pytest.mark.parametrize(("ranges", "state"), [("all", GONE), ("each", SEEN)])
def test_one_range_of_values_for_all_dates_or_one_each(tmp_path, ranges, state):
    inputs = [
        write_date(tmp_path, 2015, POND, dtype="uint16", bright=(4000,) * 3),
        write_date(tmp_path, 2016, POND, dtype="uint16", bright=(1000,) * 3),
    ]
    found = Series(inputs, [box_at(POND)], tmp_path, ranges=ranges)
    assert found.states() == [SEEN, state]
    given = Series(inputs, [box_at(POND)], tmp_path, value_range=(0.0, 1000.0))
    assert given.states() == [SEEN, SEEN]


def test_a_date_that_cannot_be_read_is_told(tmp_path):
    inputs = [write_date(tmp_path, 2015 + n, POND) for n in range(3)]
    (tmp_path / "2016.tif").write_bytes(b"no raster")
    found = Series(inputs, [box_at(POND)], tmp_path)
    assert found.states() == [SEEN, NOT_SEEN, SEEN]
    assert [date for date, _ in found.result.unread] == ["2016-07-01"]
    assert "2016.tif" in found.rows[1, 2016].reason
    assert sum("2016-07-01 cannot be read" in line for line in found.log) == 1

    (tmp_path / "2015.tif").unlink()
    with pytest.raises(RasterError, match="2015.tif"):
        Series(inputs, [box_at(POND)], tmp_path)


def test_a_series_of_one_date(tmp_path):
    found = Series([write_date(tmp_path, 2015, POND)], [box_at(POND)], tmp_path)
    assert found.outlines() == [POND]


def test_doubles_of_a_date_are_an_error(tmp_path):
    one = write_date(tmp_path, 2015, POND)
    with pytest.raises(ContractError, match="Two inputs have the date 2015-07-01"):
        Series([one, SeriesInput(one.date, one.raster)], [box_at(POND)], tmp_path)


def test_a_run_continues_where_it_was_stopped(tmp_path, model):
    places = [POND, (328, 192, 352, 208), (332, 188, 360, 212), (340, 188, 372, 216)]
    inputs = [write_date(tmp_path, 2015 + n, place) for n, place in enumerate(places)]
    journal = tmp_path / "run.journal"
    whole = Series(inputs, [box_at(POND)], tmp_path)
    count = len(model.decoded)
    with pytest.raises(Cancelled):
        Series(
            inputs,
            [box_at(POND)],
            tmp_path,
            cancelled=lambda: len(model.decoded) >= count + 2,
            journal=str(journal),
        )
    with journal.open("a") as file:
        file.write('{"step": "half a li')
    model.decoded.clear()
    again = Series(inputs, [box_at(POND)], tmp_path, journal=str(journal))
    assert again.rows == whole.rows
    assert (again.result.resumed_count, len(model.decoded)) == (2, count - 2)
    assert not journal.exists()


def test_another_request_begins_its_journal_again(tmp_path, model):
    inputs = [write_date(tmp_path, 2015 + n, POND) for n in range(3)]
    journal = tmp_path / "run.journal"
    with pytest.raises(Cancelled):
        Series(
            inputs,
            [box_at(POND)],
            tmp_path,
            cancelled=lambda: len(model.decoded) >= 2,
            journal=str(journal),
        )
    changed = Series(inputs, [box_at(POND)], tmp_path, journal=str(journal), minimum_score=0.6)
    assert changed.result.resumed_count == 0
    assert changed.states() == [SEEN] * 3
