"""What the demo reports about its polygons."""

import math
from pathlib import Path

from demo.accuracy import Accuracy

RESULTS = {
    "OBJECT_COUNT": "4",
    "REFERENCE_COUNT": "5",
    "MATCHED_COUNT": "3",
    "PRECISION": "0.75",
    "RECALL": "0.6",
    "MEAN_IOU": "0.8125",
    "BOUNDARY_DISTANCE": "1.5",
    "PAGE": "accuracy.html",
}


def test_figures_come_from_the_outputs() -> None:
    accuracy = Accuracy.of(RESULTS)
    assert accuracy == Accuracy(4, 5, 3, 0.75, 0.6, 0.8125, 1.5, Path("accuracy.html"))
    assert str(accuracy) == (
        "3 of 5 matched  precision 0.750  recall 0.600  mean IoU 0.812  boundary distance 1.50 m"
    )


def test_figure_without_a_meaning_is_nan() -> None:
    accuracy = Accuracy.of({**RESULTS, "MATCHED_COUNT": "0", "MEAN_IOU": "NULL"})
    assert math.isnan(accuracy.mean_iou)
