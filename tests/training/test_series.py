"""Generated series: the same seed, the same series; objects that do what they are to do."""

import geopandas
import numpy as np
import pytest

from training.series import (
    BEHAVIOURS,
    CLOUDY,
    DATE_COUNT,
    GONE,
    NOT_SEEN,
    SEEN,
    Series,
    generate_series,
    write_series,
)


@pytest.fixture(scope="module")
def series() -> Series:
    return generate_series(3)


def test_same_seed_gives_same_series(series):
    again = generate_series(3)
    for one, two in zip(series.scenes, again.scenes, strict=True):
        assert one.day == two.day
        np.testing.assert_array_equal(one.picture, two.picture)
        np.testing.assert_array_equal(one.instances, two.instances)


def test_dates_follow_each_other(series):
    days = [scene.day for scene in series.scenes]
    assert len(days) == DATE_COUNT
    assert days == sorted(set(days))


def test_all_behaviours_and_classes_occur(series):
    assert {each.behaviour for each in series.followed} == set(BEHAVIOURS)
    pairs = {(each.behaviour, each.kind) for each in series.followed}
    assert len(pairs) > len(BEHAVIOURS)


def test_nodata_is_where_clouds_are(series):
    for number, scene in enumerate(series.scenes):
        np.testing.assert_array_equal((scene.picture == 0).all(2), scene.clouds)
        assert scene.clouds.any() == (number == CLOUDY)


def test_objects_do_what_they_are_to_do(series):
    for number, each in enumerate(series.followed, 1):
        areas = [int((scene.instances == number).sum()) for scene in series.scenes]
        states = [scene.state(number) for scene in series.scenes]
        if each.behaviour == "grows":
            assert areas[-1] > 2 * areas[0]
        elif each.behaviour == "shrinks":
            assert areas[-1] < areas[0] / 2
        elif each.behaviour == "vanishes":
            assert states[-1] == GONE and GONE not in states[:3]
        elif each.behaviour == "returns":
            assert GONE in states and states[-1] == SEEN
        elif each.behaviour == "moves":
            first, last = series.scenes[0].instances, series.scenes[-1].instances
            shift = np.argwhere(last == number).mean(0) - np.argwhere(first == number).mean(0)
            assert shift == pytest.approx((22, 36), abs=3)
        assert set(states) <= {SEEN, NOT_SEEN, GONE}


def test_series_is_written_with_its_truth(series, tmp_path):
    paths = write_series(series, tmp_path)
    truth, prompts = (geopandas.read_file(paths[name]) for name in ("truth", "prompts"))
    assert len(truth) == DATE_COUNT * len(series.followed)
    assert (truth.geometry.isna() == (truth["state"] == GONE)).all()
    there = truth[~truth.geometry.isna()]
    assert there.area.to_numpy() == pytest.approx(there["area_m2"].to_numpy())
    assert prompts["object_id"].tolist() == list(range(1, len(series.followed) + 1))
