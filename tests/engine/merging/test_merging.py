"""Merging by itself: with pieces that are cut out of an exact truth."""

import random

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import MultiPolygon, box

from geosam_processing.engine.merging import (
    CUT,
    DUPLICATE,
    Merger,
    MergeRules,
    Piece,
    SeenPatches,
    merge,
)
from tests.engine.merging.exact_decoder import ExactDecoder, grid, matched_f1, truth, truth_polygons

SIDE, SIZE = 128, 640
OFFSETS = [(0, 0), (100, 0), (37, 211)]


@pytest.fixture(scope="module")
def numbers() -> np.ndarray:
    return truth(SIZE, seed=3, smallest=56, largest=360)


def decoder(numbers: np.ndarray, stride: int, offset: tuple[int, int], seed: int) -> ExactDecoder:
    return ExactDecoder(numbers, grid(len(numbers), SIDE, stride, offset), SIDE, seed=seed)


def edge_share(shapes: list, lines: list[set[int]]) -> float:
    """Share of the outlines that runs within a pixel of one of the lines x = .. or y = .."""
    near = total = 0.0
    for shape in shapes:
        points, ring = shapely.get_coordinates(
            shapely.get_rings(shapely.get_parts(shape)), return_index=True
        )
        for axis in (0, 1):
            along = (ring[1:] == ring[:-1]) & (points[1:, axis] == points[:-1, axis])
            lengths = np.abs(np.diff(points[:, 1 - axis]))[along]
            places = points[:-1, axis][along]
            close = [bool(lines[axis] & {int(p) - 1, int(p), int(p) + 1}) for p in places]
            near += lengths[close].sum()
            total += lengths.sum()
    return near / total


@pytest.mark.slow
@pytest.mark.parametrize("stride", [32, 64, 96])
def test_grids_at_other_places_give_the_same_objects(numbers: np.ndarray, stride: int) -> None:
    runs = []
    for seed, offset in enumerate(OFFSETS):
        found, _ = decoder(numbers, stride, offset, seed).objects()
        assert not any(each.cut for each in found)
        runs.append([each.geometry for each in found])
        area = box(*offset, SIZE, SIZE).buffer(-3)
        assert matched_f1(runs[-1], truth_polygons(numbers), 0.9, area) >= 0.98
    common = box(100, 211, SIZE, SIZE).buffer(-3)
    for one, other in [(0, 1), (0, 2), (1, 2)]:
        assert matched_f1(runs[one], runs[other], 0.9, common) >= 0.98


@pytest.mark.slow
@pytest.mark.parametrize("stride", [64, 96])
def test_no_outline_runs_along_the_edges_of_patches(numbers: np.ndarray, stride: int) -> None:
    exact = decoder(numbers, stride, (0, 0), seed=0)
    found, _ = exact.objects()
    lines = [{x + end for x, *_ in exact.places for end in (0, SIDE)} - {0, SIZE}]
    lines.append({y + end for _, y in exact.places for end in (0, SIDE)} - {0, SIZE})
    share = edge_share([each.geometry for each in found], lines)
    chance = edge_share(truth_polygons(numbers), lines)
    assert share <= chance + 0.01


def test_pieces_that_no_patch_sees_whole_become_one_object(numbers: np.ndarray) -> None:
    exact = decoder(numbers, 64, (0, 0), seed=0)
    found, _ = exact.objects()
    large = [shape for shape in truth_polygons(numbers) if shape.area > 1.2 * SIDE**2]
    assert large
    for shape in large:
        (own,) = [o for o in found if o.geometry.intersection(shape).area > 0.5 * shape.area]
        assert len(own.members) > 1
        assert own.patch_count >= len({piece.patch for piece in own.members})


@pytest.mark.slow
@settings(max_examples=10, deadline=None)
@given(st.randoms(use_true_random=False))
def test_order_of_patches_does_not_matter(shuffled: random.Random) -> None:
    numbers = truth(384, seed=5, smallest=30, largest=250)
    order = list(range(len(decoder(numbers, 64, (0, 0), 0).places)))
    expected, _ = decoder(numbers, 64, (0, 0), 0).objects(order, follow=False)
    shuffled.shuffle(order)
    found, _ = decoder(numbers, 64, (0, 0), 0).objects(order, follow=False)
    assert {each.geometry.wkb for each in found} == {each.geometry.wkb for each in expected}
    assert {each.members[0].place for each in found} == {e.members[0].place for e in expected}


@pytest.mark.slow
def test_memory_does_not_grow_with_the_length_of_a_raster() -> None:

    def most(rows: int) -> int:
        polygons = [
            box(x, y, x + SIDE, y + SIDE) for y in range(0, rows * 64, 64) for x in (0, 64, 128)
        ]
        merger = Merger(SeenPatches(polygons, 1.0))
        largest = 0
        shape = box(20, 20, 90, 110)
        for patch, polygon in enumerate(polygons):
            left, bottom, *_ = polygon.bounds
            moved = shapely.transform(shape, lambda xy, by=(left, bottom): xy + by)
            merger.add(patch, [Piece(MultiPolygon([moved]), patch, 0)])
            largest = max(largest, merger.piece_count)
        return largest

    assert most(10) == most(300)


TWO_PATCHES = SeenPatches([box(0, 0, 100, 100), box(60, 0, 160, 100)], 1.0)


def piece(x0: float, x1: float, patch: int, number: int = 0, **more: object) -> Piece:
    return Piece(MultiPolygon([box(x0, 20, x1, 60)]), patch, number, **more)  # type: ignore[arg-type]


def test_complete_piece_beats_the_cut_one() -> None:
    (found,) = merge([piece(70, 130, 1), piece(70, 100, 0, score=0.9)], TWO_PATCHES)
    assert found.geometry.bounds == (70, 20, 130, 60)
    assert not found.cut
    assert [(each.patch, reason) for each, reason in found.removed] == [(0, CUT)]
    assert found.patch_count == 2


def test_complete_piece_nearest_to_the_centre_of_its_patch_wins() -> None:
    # Centres at 50 and 110; the object's is at 82.
    (found,) = merge([piece(70, 92, 0), piece(70, 94, 1)], TWO_PATCHES)
    assert found.members[0].patch == 1
    assert [reason for _, reason in found.removed] == [DUPLICATE]


def test_cut_pieces_that_agree_are_joined() -> None:
    (found,) = merge([piece(20, 100, 0, score=1), piece(60, 140, 1, score=0.5)], TWO_PATCHES)
    assert found.geometry.bounds == (20, 20, 140, 60)
    assert not found.cut
    assert found.score == 0.75


def test_cut_pieces_of_different_objects_stay_apart() -> None:
    one = Piece(MultiPolygon([box(20, 20, 100, 40)]), 0, 0)
    other = Piece(MultiPolygon([box(60, 50, 140, 80)]), 1, 0)
    found = merge([one, other], TWO_PATCHES)
    assert sorted(each.geometry.bounds[0] for each in found) == [20, 60]
    assert all(each.cut for each in found)


def test_piece_is_joined_with_the_one_that_agrees_best() -> None:
    # In the second patch a field (number 0) and the field with its margin (number 1).
    field = Piece(MultiPolygon([box(20, 20, 100, 60)]), 0, 0)
    same = Piece(MultiPolygon([box(60, 20, 140, 60)]), 1, 0)
    wider = Piece(MultiPolygon([box(60, 10, 140, 75)]), 1, 1)
    found = merge([field, same, wider], TWO_PATCHES)
    assert sorted(len(each.members) for each in found) == [1, 2]
    (joined,) = [each for each in found if len(each.members) == 2]
    assert joined.geometry.bounds == (20, 20, 140, 60)


def test_complete_object_in_a_cut_one_leaves_that_alone() -> None:
    nested = [piece(62, 95, 0, 1), piece(62, 95, 1, 1)]
    found = merge([piece(20, 100, 0), piece(60, 140, 1), *nested], TWO_PATCHES)
    assert sorted(each.geometry.bounds for each in found) == [(20, 20, 140, 60), (62, 20, 95, 60)]


def test_object_at_the_end_of_all_patches_is_not_cut() -> None:
    (found,) = merge([piece(0, 40, 0)], TWO_PATCHES)
    assert not found.cut


def test_object_that_the_next_patch_did_not_see_is_cut() -> None:
    (found,) = merge([piece(20, 100, 0)], TWO_PATCHES)
    assert found.cut


def test_pieces_of_other_kinds_are_not_compared() -> None:
    pieces = [piece(70, 92, 0, kind="roof"), piece(70, 92, 1, kind="pond")]
    assert len(merge(pieces, TWO_PATCHES)) == 2


def test_joining_and_duplicates_can_be_chosen() -> None:
    cut = [piece(20, 100, 0), piece(60, 140, 1)]
    twins = [
        Piece(MultiPolygon([box(70, 70, right, 90)]), patch, 1)
        for patch, right in enumerate((92, 94))
    ]
    only_duplicates = merge([*cut, *twins], TWO_PATCHES, MergeRules(join=False))
    assert len(only_duplicates) == 3
    only_joined = merge([*cut, *twins], TWO_PATCHES, MergeRules(duplicates=False))
    assert len(only_joined) == 3


def test_finer_level_wins() -> None:
    patches = SeenPatches([box(0, 0, 100, 100), box(0, 0, 200, 200)], [1.0, 2.0], [0, 1])
    coarse = Piece(MultiPolygon([box(20, 20, 62, 60)]), 1, 0, score=1)
    (found,) = merge([coarse, piece(20, 60, 0, score=0.5)], patches)
    assert found.members[0].patch == 0
    assert found.level == 0


def test_coarse_complete_object_replaces_what_stays_cut() -> None:
    patches = SeenPatches(
        [box(0, 0, 100, 100), box(80, 0, 180, 100), box(0, 0, 180, 100)], [1.0, 1.0, 2.0], [0, 0, 1]
    )
    whole = Piece(MultiPolygon([box(20, 20, 102, 60)]), 2, 0)
    (found,) = merge([piece(20, 100, 0), whole], patches)
    assert found.geometry.bounds == (20, 20, 102, 60)


def test_rotated_patches_are_compared_as_upright_ones() -> None:
    def turned(shape):  # type: ignore[no-untyped-def]
        return shapely.affinity.rotate(shape, 30, origin=(0, 0))

    patches = SeenPatches([turned(shape) for shape in TWO_PATCHES.polygons], 1.0)
    pieces = [
        Piece(turned(each.geometry), each.patch, 0)
        for each in (piece(20, 100, 0), piece(60, 140, 1))
    ]
    (found,) = merge(pieces, patches)
    assert found.geometry.area == pytest.approx(120 * 40)
    assert not found.cut


def test_patch_added_twice_is_refused() -> None:
    merger = Merger(TWO_PATCHES)
    merger.add(0, [])
    with pytest.raises(ValueError, match="Patch 0 was added before"):
        merger.add(0, [])
