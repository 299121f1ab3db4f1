"""Ranking by likeness to examples: exact cases."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geosam_processing.engine.concepts.similarity import Block, rank


def block(candidates: list[list[float]], examples: list[list[float]], weight: float = 1.0) -> Block:
    return Block(np.array(candidates, float), np.array(examples, float), weight)


def test_the_nearest_to_an_example_comes_first() -> None:
    ranking = rank([block([[9, 9], [1, 1], [5, 5]], [[1, 1.2], [1.2, 1]])], np.array([True, True]))
    assert ranking.ranks.tolist() == [3, 1, 2]
    assert ranking.similarity[1] > ranking.similarity[2] > ranking.similarity[0] > 0
    assert ranking.similarity.max() <= 1


def test_a_candidate_that_is_an_example_is_alike_in_full() -> None:
    ranking = rank([block([[0, 0], [3, 4]], [[3, 4]])], np.array([True]))
    assert ranking.similarity[1] == 1 and ranking.ranks.tolist() == [2, 1]
    assert ranking.example_ranks == ()


def test_negative_examples_push_away() -> None:
    candidates, examples = [[0.0], [1.0], [2.0]], [[0.9], [2.1]]
    alone = rank([block(candidates, examples)], np.array([True, True]))
    apart = rank([block(candidates, examples)], np.array([True, False]))
    assert alone.ranks[2] < alone.ranks[0]
    assert apart.ranks[2] > apart.ranks[0]
    assert apart.nearest.tolist() == [0, 0, 0]


def test_what_sets_the_examples_apart_counts_more() -> None:
    # The class differs in one number of ten. By the distance alone, 0.56 of it are found.
    is_wanted = np.arange(200) < 30
    found = []
    for seed in range(5):
        rows = np.random.default_rng(seed).normal(size=(200, 10))
        rows[is_wanted, 0] += 4
        ranking = rank([Block(rows[3:], rows[:3])], np.ones(3, bool))
        found.append((ranking.ranks[:27] <= 35).mean())
    assert np.mean(found) > 0.7


def test_units_do_not_matter() -> None:
    candidates, examples = np.random.default_rng(1).normal(size=(2, 30, 4))
    scaled = np.array([1e6, 1e-6, 1.0, 1e3])
    one = rank([Block(candidates, examples[:3])], np.ones(3, bool))
    other = rank([Block(candidates * scaled, examples[:3] * scaled)], np.ones(3, bool))
    assert one.ranks.tolist() == other.ranks.tolist()


def test_what_cannot_be_described_has_no_rank() -> None:
    ranking = rank([block([[1.0], [np.nan], [2.0]], [[1.1], [np.nan]])], np.array([True, True]))
    assert ranking.ranks.tolist() == [1, 0, 2]
    assert np.isnan(ranking.similarity[1])
    with pytest.raises(ValueError, match="no positive example"):
        rank([block([[1.0]], [[np.nan]])], np.array([True]))


def test_examples_left_out_find_each_other() -> None:
    near = [[0.0], [0.1], [0.2]]
    ranking = rank([block([[5.0], [6.0], *near], near)], np.ones(3, bool))
    # Among the candidates are the examples themselves; only the others count.
    assert max(ranking.example_ranks) <= 3


@given(st.integers(0, 2**32 - 1))
def test_the_order_of_candidates_does_not_matter(seed: int) -> None:
    generator = np.random.default_rng(seed)
    candidates, examples = generator.normal(size=(12, 3)), generator.normal(size=(4, 3))
    positive = np.array([True, True, False, True])
    order = generator.permutation(12)
    one, other = (
        rank([Block(rows, examples)], positive) for rows in (candidates, candidates[order])
    )
    assert one.ranks[order].tolist() == other.ranks.tolist()
