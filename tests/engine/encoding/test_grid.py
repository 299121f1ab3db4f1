import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geosam_processing.engine.encoding.grid import patch_windows

sizes = st.integers(1, 400)
patch_sizes = st.integers(1, 150)


def expected_starts(size: int, patch_size: int, stride: int) -> list[int]:
    chip = min(patch_size, size)
    starts = list(range(0, size - chip + 1, stride))
    return starts if starts[-1] == size - chip else [*starts, size - chip]


@given(sizes, sizes, patch_sizes, st.integers(1, 300))
def test_starts_are_every_stride_and_the_last_shifts_inward(width, height, patch_size, stride):
    grid = patch_windows(width, height, patch_size, stride)
    columns = expected_starts(width, patch_size, stride)
    rows = expected_starts(height, patch_size, stride)
    assert (grid.column_count, grid.row_count) == (len(columns), len(rows))
    assert len(grid) == len(columns) * len(rows)
    for row in {0, len(rows) // 2, len(rows) - 1}:
        for column in {0, len(columns) // 2, len(columns) - 1}:
            window = grid[row * len(columns) + column]
            assert (window.row, window.column) == (row, column)
            assert (window.x, window.y) == (columns[column], rows[row])
            assert (window.width, window.height) == (
                min(patch_size, width),
                min(patch_size, height),
            )


@settings(deadline=None)
@given(st.integers(1, 60), st.integers(1, 60), st.integers(1, 40), st.data())
def test_every_pixel_is_covered(width, height, patch_size, data):
    stride = data.draw(st.integers(1, patch_size))
    covered = set()
    for window in patch_windows(width, height, patch_size, stride):
        assert window.x >= 0 and window.x + window.width <= width
        assert window.y >= 0 and window.y + window.height <= height
        covered |= {
            (x, y)
            for x in range(window.x, window.x + window.width)
            for y in range(window.y, window.y + window.height)
        }
    assert len(covered) == width * height


@given(st.integers(1, 10**9), st.integers(1, 10**9), st.integers(1, 2048), st.integers(1, 1024))
def test_grids_of_any_size_are_indexed_without_being_built(width, height, patch_size, stride):
    grid = patch_windows(width, height, patch_size, stride)
    first, last = grid[0], grid[-1]
    assert (first.x, first.y, first.index) == (0, 0, 0)
    assert (last.x + last.width, last.y + last.height) == (width, height)
    assert last.index == len(grid) - 1


@given(st.integers(1, 90), st.integers(1, 90), st.integers(1, 40), st.integers(1, 50))
def test_order_is_row_major_and_agrees_with_indexing(width, height, patch_size, stride):
    grid = patch_windows(width, height, patch_size, stride)
    windows = list(grid)
    assert [window.index for window in windows] == list(range(len(grid)))
    assert [(w.y, w.x) for w in windows] == sorted({(w.y, w.x) for w in windows})
    assert windows[:5] == grid[:5]


def test_one_patch_for_a_raster_that_is_smaller():
    (window,) = patch_windows(300, 200, 1024, 512)
    assert (window.x, window.y, window.width, window.height) == (0, 0, 300, 200)
    assert window.chip_id == "chip_000000"


def test_windows_of_a_common_raster():
    grid = patch_windows(2000, 1024, 1024, 512)
    assert [(window.x, window.y) for window in grid] == [(0, 0), (512, 0), (976, 0)]
    assert grid[2].chip_id == "chip_000002"


def test_what_is_not_there():
    grid = patch_windows(10, 10, 10, 5)
    with pytest.raises(IndexError):
        grid[1]
    with pytest.raises(IndexError):
        grid[-2]


@pytest.mark.parametrize("position", range(4))
def test_sizes_below_one_pixel(position):
    sizes = [10, 10, 10, 10]
    sizes[position] = 0
    with pytest.raises(ValueError, match=r"\(0\)"):
        patch_windows(*sizes)
