import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geosam_processing.contract import Shard
from geosam_processing.engine.encoding.grid import PatchGrid, patch_windows
from geosam_processing.engine.encoding.shards import (
    blocks,
    curve_order,
    grid_order,
    shard_patches,
)


def grid_of(columns: int, rows: int) -> PatchGrid:
    return patch_windows(columns, rows, 1, 1)


sides = st.integers(1, 40)


@given(sides, sides, st.integers(1, 60))
def test_every_patch_is_in_one_shard_and_shards_are_equal(columns, rows, count):
    grid = grid_of(columns, rows)
    parts = [shard_patches(grid, Shard(number, count)) for number in range(1, count + 1)]
    assert sorted(np.concatenate(parts)) == list(range(columns * rows))
    lengths = {len(each) for each in parts}
    assert max(lengths) - min(lengths) <= 1
    assert all((np.diff(each) > 0).all() for each in parts)


@given(sides, sides, st.integers(1, 20), st.data())
def test_shards_divide_the_kept_patches_only(columns, rows, count, data):
    grid = grid_of(columns, rows)
    kept = data.draw(st.lists(st.integers(0, len(grid) - 1), max_size=60))
    indices = np.array(kept, dtype=np.int64)
    parts = [shard_patches(grid, Shard(number, count), indices) for number in range(1, count + 1)]
    assert sorted(np.concatenate(parts)) == sorted(set(kept))


@pytest.mark.parametrize("bits", range(1, 8))
def test_the_curve_through_a_square_moves_to_a_neighbor_each_time(bits):
    side = 1 << bits
    order = grid_order(grid_of(side, side))
    rows, columns = np.divmod(order, side)
    assert set(np.abs(np.diff(rows)) + np.abs(np.diff(columns))) == {1}
    assert order[0] == 0


@pytest.mark.parametrize("shape", [(50, 1), (1, 50)])
def test_the_shards_of_a_strip_are_its_pieces(shape):
    assert list(shard_patches(grid_of(*shape), Shard(2, 5))) == list(range(10, 20))


@given(st.integers(20, 120), st.integers(20, 120), st.integers(1, 12))
def test_shards_have_short_borders(columns, rows, count):
    # A square of n patches shares 4 sqrt(n) sides with others, each of which counts once.
    grid = grid_of(columns, rows)
    shard_of = np.empty((rows, columns), dtype=np.int64)
    for number in range(1, count + 1):
        shard_of.flat[shard_patches(grid, Shard(number, count))] = number
    borders = np.count_nonzero(np.diff(shard_of, axis=0)) + np.count_nonzero(np.diff(shard_of))
    assert borders <= 3.5 * count * (columns * rows / count) ** 0.5


def test_the_division_stays_as_it_is():
    # Shards that were encoded by an earlier version must fit those of a later one.
    grid = grid_of(5, 4)
    parts = [shard_patches(grid, Shard(number, 3)) for number in (1, 2, 3)]
    assert [each.tolist() for each in parts] == [
        [0, 1, 2, 3, 5, 6],
        [7, 8, 12, 13, 16, 17, 18],
        [4, 9, 10, 11, 14, 15, 19],
    ]


@given(st.lists(st.integers(0, 99), max_size=80), st.integers(1, 30))
def test_blocks_have_at_most_their_size_and_contain_all(places, size):
    order = np.array(places, dtype=np.int64)
    found = list(blocks(order, size))
    assert sorted(places) == sorted(index for block in found for index in block)
    assert all(1 <= len(block) <= size for block in found)
    assert len(found) == -(-len(places) // size)


def test_a_block_without_patches_is_refused():
    with pytest.raises(ValueError, match="size of a block"):
        next(blocks(np.arange(3), 0))


def test_patches_in_one_place_keep_their_order():
    zeros = np.zeros(4, dtype=np.int64)
    assert list(curve_order(zeros, zeros)) == [0, 1, 2, 3]


def test_a_million_patches_are_divided_in_seconds():
    begin = time.process_time()
    assert len(shard_patches(grid_of(1000, 1000), Shard(3, 16))) == 62500
    assert time.process_time() - begin < 5
