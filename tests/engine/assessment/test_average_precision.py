"""Average precision by hand, and as pycocotools has it."""

from __future__ import annotations

import contextlib
import io

import numpy as np
import pytest
import shapely
from pyproj import CRS

from geosam_processing.engine.assessment import PolygonLayer, assess
from geosam_processing.engine.assessment.average_precision import curve

LOCAL = CRS.from_proj4("+proj=laea +lat_0=10 +lon_0=20 +datum=WGS84 +units=m")


def test_average_precision_by_hand() -> None:
    """Hits and misses by falling score: hit, miss, hit; one of three references is not found."""
    found = curve(
        scores=np.array([0.5, 0.9, 0.7]),
        matched=np.array([True, True, False]),
        weights=np.ones(3),
        found=np.array([1.0, 1.0, 0.0]),
        reference_weight=3.0,
    )
    assert found.scores.tolist() == [0.9, 0.7, 0.5]
    assert found.precisions.tolist() == pytest.approx([1, 1 / 2, 2 / 3])
    assert found.recalls.tolist() == pytest.approx([1 / 3, 1 / 3, 2 / 3])
    # Recalls 0 to 0.33 have precision 1, those up to 0.66 have 2/3, the others have 0.
    assert found.average_precision() == pytest.approx((34 + 33 * 2 / 3) / 101)


def test_average_precision_weighs_objects_and_references() -> None:
    """A hit of half weight, then a miss of full weight, for a reference of half weight."""
    found = curve(
        scores=np.array([0.9, 0.8]),
        matched=np.array([True, False]),
        weights=np.array([0.5, 1.0]),
        found=np.array([0.5, 0.0]),
        reference_weight=1.0,
    )
    assert found.precisions.tolist() == pytest.approx([1, 1 / 3])
    assert found.recalls.tolist() == [0.5, 0.5]
    assert found.average_precision() == pytest.approx(51 / 101)


def test_average_precision_of_no_objects_is_zero() -> None:
    nothing = np.zeros(0)
    found = curve(nothing, nothing.astype(bool), nothing, nothing, 1.0)
    assert found.average_precision() == 0


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("class_count", [1, 3])
def test_average_precision_is_that_of_pycocotools(seed: int, class_count: int) -> None:
    coco = pytest.importorskip("pycocotools.coco")
    evaluation = pytest.importorskip("pycocotools.cocoeval")
    rng = np.random.default_rng(seed)
    truth = random_boxes(rng, 60)
    moved = truth[rng.integers(len(truth), size=90)] + rng.normal(0, 1.5, (90, 4))
    boxes = np.concatenate([moved, random_boxes(rng, 20)])
    boxes[:, 2:] = np.maximum(boxes[:, 2:], 1)
    scores = np.round(rng.random(len(boxes)), 1)  # with ties
    true_classes = rng.integers(class_count, size=len(truth)) + 1
    classes = rng.integers(class_count, size=len(boxes)) + 1
    with contextlib.redirect_stdout(io.StringIO()):
        reference = coco.COCO()
        reference.dataset = {
            "images": [{"id": 1}],
            "categories": [{"id": number + 1} for number in range(class_count)],
            "annotations": [
                {
                    "id": number + 1,
                    "image_id": 1,
                    "category_id": int(category),
                    "bbox": place.tolist(),
                    "area": float(place[2] * place[3]),
                    "iscrowd": 0,
                }
                for number, (place, category) in enumerate(zip(truth, true_classes))
            ],
        }
        reference.createIndex()
        detections = reference.loadRes(
            np.column_stack([np.ones(len(boxes)), boxes, scores, classes])
        )
        coco_run = evaluation.COCOeval(reference, detections, "bbox")
        coco_run.params.maxDets = [1, 10, 1000]
        coco_run.evaluate()
        coco_run.accumulate()
    precisions = coco_run.eval["precision"][..., 0, -1]  # all sizes, all detections
    ours = assess(layer_of(boxes, classes, scores), layer_of(truth, true_classes, None)).total
    assert ours.ap == pytest.approx(precisions.mean(), abs=1e-9)
    assert ours.ap50 == pytest.approx(precisions[0].mean(), abs=1e-9)


def random_boxes(rng: np.random.Generator, count: int) -> np.ndarray:
    """Boxes (x, y, width, height) that overlap here and there."""
    return np.column_stack([rng.uniform(0, 100, (count, 2)), rng.uniform(5, 20, (count, 2))])


def layer_of(boxes: np.ndarray, classes: np.ndarray, scores: np.ndarray | None) -> PolygonLayer:
    x, y, width, height = boxes.T
    return PolygonLayer(
        shapely.box(x, y, x + width, y + height),
        LOCAL,
        np.arange(len(boxes)),
        scores,
        classes.astype(str).astype(object),
    )
