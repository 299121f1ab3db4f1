"""Comparisons made by hand, with exact figures."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import CRS
from shapely import Polygon, box

from geosam_processing.contract import AssessmentOptions, Measures
from geosam_processing.engine.assessment import Assessment, PolygonLayer, assess
from geosam_processing.engine.errors import AssessmentError

UTM = CRS("EPSG:32633")
NEAR = 1e-4


def layer(
    polygons: Sequence[Polygon],
    scores: Sequence[float] | None = None,
    classes: Sequence[str] | None = None,
) -> PolygonLayer:
    """Polygons in meters from the middle of a UTM zone, with ids 1, 2, ..."""
    shapes = np.empty(len(polygons), dtype=object)
    shapes[:] = [
        shapely.transform(polygon, lambda points: points + [500_000, 5_000_000])
        for polygon in polygons
    ]
    return PolygonLayer(
        shapes,
        UTM,
        np.arange(len(polygons)) + 1,
        None if scores is None else np.array(scores, np.float64),
        None if classes is None else np.array(classes, dtype=object),
    )


def square(x: float, y: float = 0, side: float = 10) -> Polygon:
    return box(x, y, x + side, y + side)


THREE = [square(0), square(50), square(100)]


def pairs(assessment: Assessment) -> list[tuple[int, int]]:
    frame = assessment.matches
    return list(zip(frame["object_id"].tolist(), frame["reference_id"].tolist()))


def test_equal_layers_agree_completely() -> None:
    assessment = assess(layer(THREE, scores=[0.9, 0.5, 0.7]), layer(THREE))
    total = assessment.total
    assert pairs(assessment) == [(1, 1), (2, 2), (3, 3)]
    assert (total.object_count, total.reference_count, total.matched_count) == (3, 3, 3)
    for name in ("precision", "recall", "f1", "mean_iou", "ap50", "ap", "panoptic_quality"):
        assert getattr(total, name) == pytest.approx(1), name
    assert total.boundary_f1 == 1
    for name in ("boundary_mean", "boundary_95", "shift_east", "shift_north"):
        assert getattr(total, name) == pytest.approx(0, abs=1e-6), name
    assert total.oversegmentation == pytest.approx(0, abs=1e-6)
    assert total.undersegmentation == pytest.approx(0, abs=1e-6)
    assert total.area_bias == pytest.approx(0, abs=1e-6)
    assert total.split_count == total.merged_count == 0
    assert assessment.missed.empty and assessment.false_alarms.empty and assessment.splits.empty


def test_no_reference_makes_all_objects_false_alarms() -> None:
    assessment = assess(layer(THREE, scores=[0.9, 0.5, 0.7]), layer([]))
    total = assessment.total
    assert (total.precision, total.recall, total.f1, total.panoptic_quality) == (0, None, 0, 0)
    assert total.mean_iou is total.ap is total.boundary_mean is total.area_bias is None
    assert assessment.boundary_tolerance is None and assessment.curve is None
    assert assessment.false_alarms["object_id"].tolist() == [1, 2, 3]
    assert assessment.false_alarms["best_reference_id"].isna().all()


def test_no_objects_miss_all_references() -> None:
    assessment = assess(layer([], scores=[]), layer(THREE))
    total = assessment.total
    assert (total.precision, total.recall, total.f1, total.panoptic_quality) == (None, 0, 0, 0)
    assert (total.ap, total.ap50) == (0, 0)
    assert total.area_bias == -100
    assert assessment.missed["reference_id"].tolist() == [1, 2, 3]


def test_two_empty_layers_have_no_figures() -> None:
    total = assess(layer([]), layer([])).total
    assert total.object_count == total.reference_count == total.split_count == 0
    assert total.precision is total.recall is total.f1 is total.panoptic_quality is None


def test_some_matched_some_missed_some_wrong() -> None:
    """Half an object in width, one complete, one nowhere."""
    objects = layer([box(0, 0, 6, 10), square(50), square(500), square(700)])
    assessment = assess(objects, layer(THREE))
    total = assessment.total
    assert pairs(assessment) == [(1, 1), (2, 2)]
    assert total.precision == 0.5
    assert total.recall == pytest.approx(2 / 3)
    assert total.f1 == pytest.approx(4 / 7)
    assert total.mean_iou == pytest.approx(0.8, abs=NEAR)
    assert total.panoptic_quality == pytest.approx(0.8 * 4 / 7, abs=NEAR)
    assert total.area_bias == pytest.approx(100 * (360 / 300 - 1), abs=0.01)
    assert total.shift_east == pytest.approx(-1, abs=0.001)
    assert total.oversegmentation == pytest.approx(0.2, abs=NEAR)
    assert total.ap is None
    assert assessment.missed["reference_id"].tolist() == [3]
    assert assessment.false_alarms["object_id"].tolist() == [3, 4]


def test_one_object_over_two_references_merges_them() -> None:
    """Its IoU with each one is a half."""
    objects, references = [box(0, 0, 20, 10)], [square(0), square(10)]
    strict = assess(layer(objects), layer(references), options=AssessmentOptions(iou=0.6))
    assert (strict.total.merged_count, strict.total.split_count) == (1, 0)
    assert strict.total.matched_count == 0
    assert strict.missed["best_object_id"].tolist() == [1, 1]
    assert strict.missed["best_iou"].tolist() == pytest.approx([0.5, 0.5], abs=NEAR)
    assert strict.splits.values.tolist() == [["merged", 1, (1, 2)]]
    assert strict.total.undersegmentation == pytest.approx(0.5, abs=NEAR)
    assert assess(layer(objects), layer(references)).total.matched_count == 1


def test_two_objects_over_one_reference_split_it() -> None:
    objects = [box(0, 0, 4, 10), box(4, 0, 10, 10)]
    assessment = assess(layer(objects), layer([square(0)]))
    assert assessment.total.split_count == 1
    assert pairs(assessment) == [(2, 1)]
    assert assessment.splits.values.tolist() == [["split", 1, (1, 2)]]
    assert assessment.total.oversegmentation == pytest.approx(0.5, abs=NEAR)


def test_nested_objects_match_once() -> None:
    objects = [square(0), square(1, 1, 8)]
    assessment = assess(layer(objects), layer([square(0)]))
    assert pairs(assessment) == [(1, 1)]
    assert assessment.false_alarms["best_iou"].tolist() == pytest.approx([0.64], abs=NEAR)
    assert assessment.total.split_count == 0


def test_nested_references_find_their_own_objects() -> None:
    nested = [square(0), square(1, 1, 8)]
    assert pairs(assess(layer(nested[::-1]), layer(nested))) == [(1, 2), (2, 1)]


def test_touching_polygons_do_not_overlap() -> None:
    """Neighbors that share an edge, and one that shares a corner."""
    assessment = assess(layer([square(10), square(10, 10)]), layer([square(0)]))
    assert assessment.total.matched_count == 0
    assert assessment.missed["best_iou"].max() < NEAR


def test_duplicates_are_false_alarms() -> None:
    assessment = assess(layer([square(0)] * 3), layer([square(0)]))
    assert assessment.total.precision == pytest.approx(1 / 3)
    assert assessment.total.recall == 1
    assert assessment.false_alarms["best_iou"].tolist() == pytest.approx([1, 1], abs=NEAR)
    assert assessment.total.split_count == 0


def test_matching_finds_more_than_greed() -> None:
    """Object 1 fits both references; object 2 only the one that object 1 fits best."""
    objects = [box(0, 0, 10, 10), box(-1.5, 0, 8, 10)]
    references = [box(-0.5, 0, 9.5, 10), box(2, 0, 12, 10)]
    assert pairs(assess(layer(objects), layer(references))) == [(1, 2), (2, 1)]


def test_crs_of_the_layers_may_differ() -> None:
    objects = layer([square(0, side=100)])
    geographic = CRS("EPSG:4326")
    degrees = shapely.transform(
        shapely.segmentize(objects.geometries, 1.0),
        lambda points: np.column_stack(_to_degrees(points)),
    )
    reference = PolygonLayer(degrees, geographic, np.array([1]))
    assert assess(objects, reference).total.mean_iou == pytest.approx(1, abs=1e-6)
    assert assess(reference, objects).total.mean_iou == pytest.approx(1, abs=1e-6)


def _to_degrees(points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    from pyproj import Transformer

    x, y = Transformer.from_crs(UTM, "EPSG:4326", always_xy=True).transform(*points.T)
    return x, y


def test_area_weighs_what_its_border_cuts() -> None:
    """The area ends at x = 55: half of the second square of both layers, none of the third."""
    objects = [square(0), square(50), square(100), square(20), square(52.5, 30)]
    assessment = assess(layer(objects), layer(THREE), layer([box(-50, -50, 55, 50)]))
    total = assessment.total
    assert (total.object_count, total.reference_count, total.matched_count) == (4, 2, 2)
    # Objects: 1 and 0.5 matched, 1 and 0.25 not.
    assert total.precision == pytest.approx(1.5 / 2.75, abs=NEAR)
    assert total.recall == pytest.approx(1)
    assert total.object_area == pytest.approx(275, rel=1e-3)
    assert assessment.comparison.objects.outside == 1
    assert assessment.matches["boundary_mean"].isna().tolist() == [False, True]
    weights = assessment.false_alarms.set_index("object_id")["weight"]
    assert weights[4] == pytest.approx(1) and weights[5] == pytest.approx(0.25, abs=NEAR)


def test_object_is_compared_with_the_cut_reference_inside_the_area() -> None:
    """The reference was drawn up to the border only, so the object loses nothing beyond it."""
    area = layer([box(-50, -50, 5, 50)])
    inside = assess(layer([square(0)]), layer([box(0, 0, 5, 10)]), area).total
    assert inside.mean_iou == pytest.approx(1, abs=NEAR)
    assert inside.precision == pytest.approx(1)
    assert inside.recall == pytest.approx(1)


def test_classes_match_among_themselves() -> None:
    objects = layer(THREE, scores=[0.9, 0.8, 0.7], classes=["tree", "tree", "pond"])
    references = layer(THREE, classes=["tree", "house", "pond"])
    assessment = assess(objects, references)
    assert pairs(assessment) == [(1, 1), (3, 3)]
    assert assessment.confusion is not None
    assert assessment.confusion.names == ("house", "pond", "tree")
    assert assessment.confusion.counts.tolist() == [
        [0, 0, 1, 0],
        [0, 1, 0, 0],
        [0, 0, 1, 0],
        [0, 0, 0, 0],
    ]
    rows = {row.name: row for row in assessment.measures if row.kind == "class"}
    assert (rows["tree"].precision, rows["tree"].recall) == (0.5, 1)
    assert (rows["house"].precision, rows["house"].recall) == (None, 0)
    assert rows["pond"].f1 == 1
    assert [rows[name].ap for name in ("house", "pond", "tree")] == pytest.approx([0, 1, 1])
    assert assessment.total.ap == pytest.approx(2 / 3)
    # The missed house and the false tree are each other's best overlap.
    assert assessment.missed["best_iou"].tolist() == pytest.approx([1], abs=NEAR)


def test_field_of_ids_is_no_field_of_classes() -> None:
    many = [square(20 * number) for number in range(201)]
    objects = layer(many, classes=[str(number) for number in range(201)])
    with pytest.raises(AssessmentError, match="201 classes, and at most 200"):
        assess(objects, objects)


def test_confusion_prefers_the_same_class() -> None:
    """The tree of the better outline is a pond; the other one is right."""
    objects = layer([square(0), square(1)], classes=["pond", "tree"])
    confusion = assess(objects, layer([square(0)], classes=["tree"])).confusion
    assert confusion is not None
    assert confusion.counts.tolist() == [[0, 0, 0], [0, 1, 0], [1, 0, 0]]


def test_unmatched_polygons_are_in_the_last_row_and_column_of_the_confusion() -> None:
    objects = layer([square(0), square(500)], classes=["tree", "tree"])
    references = layer([square(900), square(0)], classes=["pond", "tree"])
    confusion = assess(objects, references).confusion
    assert confusion is not None
    assert confusion.counts.tolist() == [[0, 0, 1], [0, 1, 0], [0, 1, 0]]


def test_sizes_part_the_polygons() -> None:
    """A matched object belongs to the size of its reference."""
    objects = [square(0, side=9.9), square(100, side=31), square(300, side=5)]
    references = [square(0, side=10.1), square(100, side=30), square(500, side=30)]
    options = AssessmentOptions(size_limits=(100, 900))
    rows = assess(layer(objects), layer(references), options=options).measures
    sizes = {row.name: row for row in rows if row.kind == "size"}
    assert list(sizes) == ["below 100 m²", "100 to 900 m²", "900 m² and more"]
    counts = {
        name: (row.object_count, row.reference_count, row.matched_count)
        for name, row in sizes.items()
    }
    assert list(counts.values()) == [(1, 0, 0), (1, 1, 1), (1, 2, 1)]
    for name in ("object_count", "reference_count", "matched_count", "object_area"):
        parts = sum(getattr(row, name) for row in sizes.values())
        assert parts == pytest.approx(getattr(rows[0], name))


def test_usual_sizes_have_equally_many_references() -> None:
    squares = [square(100 * number, side=10 + number) for number in range(9)]
    rows = assess(layer(squares), layer(squares)).measures
    assert [row.reference_count for row in rows if row.kind == "size"] == [3, 3, 3]


def test_boundary_tolerance_is_a_twentieth_of_the_median_side() -> None:
    moved = [square(0.4), square(50.6), square(100.4)]
    assessment = assess(layer(moved), layer(THREE))
    assert assessment.boundary_tolerance == pytest.approx(0.5, rel=1e-3)
    given_one = assess(
        layer(moved), layer(THREE), options=AssessmentOptions(boundary_tolerance=0.7)
    )
    assert given_one.total.boundary_f1 == 1
    assert assessment.total.boundary_f1 is not None and assessment.total.boundary_f1 < 1
    assert assessment.total.shift_east == pytest.approx(1.4 / 3, abs=0.001)


def test_object_without_a_score_chooses_last() -> None:
    """With the lowest score, the duplicate costs nothing at that recall."""
    duplicate = layer([square(0), square(0.1)], scores=[np.nan, 0.1])
    assert assess(duplicate, layer([square(0)])).total.ap50 == pytest.approx(1)


def test_repaired_and_unusable_polygons_are_counted() -> None:
    bow_tie = Polygon([(0, 0), (20, 20), (20, 0), (0, 20)])
    assessment = assess(layer([bow_tie, Polygon(), square(50)]), layer([bow_tie, square(50)]))
    assert assessment.comparison.objects.repaired == 1
    assert assessment.comparison.references.repaired == 1
    assert assessment.comparison.objects.unusable_ids.tolist() == [2]
    assert assessment.total.precision == assessment.total.recall == 1


def test_progress_rises_to_the_end() -> None:
    done: list[int] = []
    assess(layer(THREE), layer(THREE), progress=lambda now, total, text: done.append(now))
    assert done == sorted(done) and done[-1] == 100


places = st.tuples(st.integers(0, 12), st.integers(0, 12), st.integers(2, 6))
squares = st.lists(places.map(lambda place: square(*place)), max_size=7)


@pytest.mark.slow
@settings(max_examples=30, deadline=None)
@given(squares, squares, st.sampled_from([0.2, 0.5, 0.7]))
def test_figures_hold_together(
    objects: list[Polygon], references: list[Polygon], iou: float
) -> None:
    """Counts, sides and bounds that no comparison may break."""
    options = AssessmentOptions(iou=iou)
    there = assess(layer(objects), layer(references), options=options)
    back = assess(layer(references), layer(objects), options=options)
    total, turned = there.total, back.total
    assert len(there.matches) + len(there.false_alarms) == len(objects)
    assert len(there.matches) + len(there.missed) == len(references)
    assert (there.matches["iou"] >= iou - 1e-6).all()
    assert there.matches["iou"].sum() == pytest.approx(back.matches["iou"].sum(), abs=1e-4)
    assert total.split_count == turned.merged_count
    for name in Measures.__dataclass_fields__:
        value = getattr(total, name)
        if name in ("precision", "recall", "f1", "mean_iou", "boundary_f1", "panoptic_quality"):
            assert value is None or 0 <= value <= 1, name
