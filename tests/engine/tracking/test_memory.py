"""Objects that a memory follows, patch by patch."""

from __future__ import annotations

from dataclasses import replace

import pytest

from geosam_processing.contract import GONE, NOT_SEEN, SEEN, Prompt, SeriesPrompt
from geosam_processing.engine.errors import Cancelled, ModelError
from geosam_processing.engine.models import families
from tests.engine.rasters import NORTH_UP
from tests.engine.tracking.series_runs import ComponentTracker, Series, box_at, write_date

pytestmark = pytest.mark.slow

POND = (324, 192, 348, 208)
GROWN = (316, 184, 356, 216)
NEAR = (312, 172, 320, 180)
OTHER = (300, 160, 312, 176)


@pytest.fixture
def trackers(components, monkeypatch):
    """The trackers that are made."""
    made = []

    def track(adapter, frame_count, memories):
        made.append(ComponentTracker(adapter, frame_count, memories))
        return made[-1]

    family = replace(families.FAMILIES["sam"], track=track)
    monkeypatch.setitem(families.FAMILIES, "sam", family)
    return made


def test_objects_of_a_patch_go_through_the_memory_together(tmp_path, trackers):
    places = [POND, (332, 192, 356, 208), (340, 188, 364, 212), GROWN]
    inputs = [write_date(tmp_path, 2015 + n, place, NEAR) for n, place in enumerate(places)]
    start = "2016-07-01"
    prompts = [SeriesPrompt(box_at(places[1]), start), SeriesPrompt(box_at(NEAR, 2), start)]
    found = Series(inputs, prompts, tmp_path, method="memory")

    assert found.outlines(1) == places
    assert found.outlines(2) == [NEAR] * 4
    assert [row.prompted for _, row in sorted(found.rows.items())][:4] == [
        False,
        True,
        False,
        False,
    ]
    assert found.rows[1, 2016].overlap is None and found.rows[1, 2015].object_score == 1
    assert found.rows[1, 2015].contrast == pytest.approx(234, abs=1)
    # One more is made to measure how long a step takes.
    _, tracker = trackers
    assert tracker.frame_count == 4
    assert tracker.steps == [(2, False), (3, False), (0, True)]
    assert len(found.events) == 1 and found.result.expected_seconds > 0


def test_what_the_memory_does_not_find_is_gone_and_may_return(tmp_path, trackers):
    seen = {2015: [POND], 2016: [], 2017: [POND]}
    inputs = [write_date(tmp_path, year, *places) for year, places in seen.items()]
    found = Series(inputs, [box_at(POND)], tmp_path, method="memory")
    assert found.states() == [SEEN, GONE, SEEN]
    assert found.rows[1, 2016].object_score == -1
    assert "The memory does not find it" in found.rows[1, 2016].reason


def test_dates_without_pixels_are_no_frames(tmp_path, trackers):
    everything = [(0, 0, 640, 480)]
    inputs = [
        write_date(tmp_path, 2015, clouds=everything),
        write_date(tmp_path, 2016, POND),
        write_date(tmp_path, 2017, clouds=everything),
        write_date(tmp_path, 2018, POND),
        write_date(tmp_path, 2019, clouds=[(300, 180, 400, 230)]),
        write_date(tmp_path, 2020, GROWN),
    ]
    (tmp_path / "2018.tif").write_bytes(b"no raster")
    found = Series(inputs, [box_at(POND)], tmp_path, method="memory")

    assert found.states() == [NOT_SEEN, SEEN, NOT_SEEN, NOT_SEEN, NOT_SEEN, SEEN]
    assert trackers[-1].frame_count == 3
    assert "2018.tif" in found.rows[1, 2018].reason
    assert found.rows[1, 2019].reason == "100% of its place have no data"


def test_an_object_that_outgrows_its_patch_gets_a_larger_one(tmp_path, trackers):
    large = (240, 128, 400, 272)
    inputs = [write_date(tmp_path, 2015, POND), write_date(tmp_path, 2016, large)]
    found = Series(inputs, [box_at(POND)], tmp_path, method="memory")
    assert found.outlines()[1] == pytest.approx(large, abs=8)
    assert found.rows[1, 2015].chip_id == found.rows[1, 2016].chip_id
    cut = Series(inputs, [box_at(POND)], tmp_path, method="memory", whole=False)
    assert cut.rows[1, 2016].touches_edge


def test_prompts_on_later_dates_describe_again_or_refine(tmp_path, trackers):
    inputs = [write_date(tmp_path, 2015 + n, POND, OTHER) for n in range(4)]
    for refines in (False, True):
        prompt = Prompt(1, (NORTH_UP * (306, 168),), (1,)) if refines else box_at(OTHER)
        correction = SeriesPrompt(prompt, "2017-07-01", refines)
        found = Series(inputs, [box_at(POND), correction], tmp_path, method="memory")
        # One patch has to show both places, in larger pixels.
        for outline, place in zip(found.outlines(), [POND, POND, OTHER, OTHER], strict=True):
            assert outline == pytest.approx(place, abs=4)
        assert found.rows[1, 2017].prompted


def test_a_run_continues_with_the_objects_that_are_left(tmp_path, trackers, components):
    far = (100, 100, 124, 116)
    inputs = [write_date(tmp_path, 2015 + n, POND, far) for n in range(3)]
    prompts = [box_at(POND), box_at(far, 2)]
    journal = str(tmp_path / "run.journal")
    whole = Series(inputs, prompts, tmp_path, method="memory")
    stop = len(trackers) + 3
    with pytest.raises(Cancelled):
        Series(
            inputs,
            prompts,
            tmp_path,
            method="memory",
            cancelled=lambda: len(trackers) == stop,
            journal=journal,
        )
    again = Series(inputs, prompts, tmp_path, method="memory", journal=journal)
    assert again.rows == whole.rows
    assert again.result.resumed_count == 3


def test_the_method_goes_by_the_model_and_the_time(tmp_path, trackers, monkeypatch):
    inputs = [write_date(tmp_path, 2015 + n, POND) for n in range(2)]
    assert Series(inputs, [box_at(POND)], tmp_path, method="auto").result.method == "memory"
    short = Series(inputs, [box_at(POND)], tmp_path, method="auto", acceptable_minutes=0.0)
    assert short.result.method == "prompts"
    assert any("more than 0 min" in line for line in short.log)

    plain = replace(families.FAMILIES["sam"], track=None)
    monkeypatch.setitem(families.FAMILIES, "sam", plain)
    assert Series(inputs, [box_at(POND)], tmp_path, method="auto").result.method == "prompts"
    with pytest.raises(ModelError, match="stand_in has no memory"):
        Series(inputs, [box_at(POND)], tmp_path, method="memory")
