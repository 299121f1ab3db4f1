"""Matchings against brute force."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from geosam_processing.engine.assessment import matching
from geosam_processing.engine.assessment.matching import greedy_matching, optimal_matching
from geosam_processing.engine.assessment.pairs import Pairs, Reals

# Many are 0, so that there are several groups; steps of 0.05 make ties.
tables = arrays(
    np.float64,
    array_shapes(min_dims=2, max_dims=2, max_side=5),
    elements=st.one_of(st.just(0.0), st.integers(1, 20).map(lambda step: step / 20)),
)


def pairs_of(ious: Reals) -> Pairs:
    objects, references = np.nonzero(ious)
    return Pairs(objects, references, np.ones(len(objects)), ious[objects, references])


def greatest_total(ious: Reals, threshold: float) -> float:
    """The greatest total IoU of one-to-one pairs that reach the threshold, by trying them all."""
    gains = np.where(ious >= threshold, ious, 0.0)
    if gains.shape[0] > gains.shape[1]:
        gains = gains.T
    rows = np.arange(gains.shape[0])
    return max(
        float(gains[rows, list(columns)].sum())
        for columns in permutations(range(gains.shape[1]), len(rows))
    )


@pytest.fixture(params=["dense", "sparse"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both ways to solve a group of pairs."""
    if request.param == "sparse":
        monkeypatch.setattr(matching, "_LARGEST_DENSE", 0)
    return str(request.param)


@pytest.mark.slow
@pytest.mark.parametrize("threshold", [0.05, 0.5])
def test_optimal_matching_has_the_total_of_brute_force(way: str, threshold: float) -> None:
    @settings(deadline=None)
    @given(tables)
    def check(ious: Reals) -> None:
        pairs = pairs_of(ious)
        matched = pairs.where(optimal_matching(pairs, threshold))
        assert len(set(matched.objects.tolist())) == len(matched)
        assert len(set(matched.references.tolist())) == len(matched)
        assert (matched.ious >= threshold).all()
        assert matched.ious.sum() == pytest.approx(greatest_total(ious, threshold))

    check()


def test_optimal_matching_is_not_greedy() -> None:
    """The best pair alone would leave two polygons without one."""
    pairs = pairs_of(np.array([[0.8, 0.7], [0.7, 0.0]]))
    matched = pairs.where(optimal_matching(pairs, 0.5))
    assert list(zip(matched.objects, matched.references)) == [(0, 1), (1, 0)]
    by_score = pairs.where(greedy_matching(pairs, np.array([0.9, 0.1]), 0.5))
    assert list(zip(by_score.objects, by_score.references)) == [(0, 0)]


def test_iou_of_the_threshold_matches_in_spite_of_rounding() -> None:
    pairs = pairs_of(np.array([[0.5 - 1e-9]]))
    assert len(optimal_matching(pairs, 0.5)) == len(greedy_matching(pairs, np.ones(1), 0.5)) == 1
    pairs = pairs_of(np.array([[0.4999]]))
    assert len(optimal_matching(pairs, 0.5)) == len(greedy_matching(pairs, np.ones(1), 0.5)) == 0


def test_no_pairs_give_no_matches() -> None:
    nothing = pairs_of(np.zeros((3, 2)))
    assert len(optimal_matching(nothing, 0.5)) == 0
    assert len(greedy_matching(nothing, np.ones(3), 0.5)) == 0


@settings(deadline=None)
@given(tables, st.data(), st.sampled_from([0.05, 0.5, 0.75]))
def test_greedy_matching_lets_objects_choose_by_score(
    ious: Reals, data: st.DataObject, threshold: float
) -> None:
    count = ious.shape[0]
    drawn = st.lists(st.sampled_from([0.2, 0.5, 0.9]), min_size=count, max_size=count)
    scores = np.array(data.draw(drawn))
    pairs = pairs_of(ious)
    matched = pairs.where(greedy_matching(pairs, scores, threshold))
    expected, free = {}, set(range(ious.shape[1]))
    for item in sorted(range(count), key=lambda row: -scores[row]):
        choice = max(free, key=lambda column: (ious[item, column], column), default=None)
        if choice is not None and ious[item, choice] >= threshold:
            expected[item] = choice
            free.remove(choice)
    assert dict(zip(matched.objects.tolist(), matched.references.tolist())) == expected
