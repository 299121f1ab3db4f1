"""The development measure: prompts, rules without a model, and the true objects of the rasters."""

import os
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch")

from training.real import RealMeasurement, prompts_of, report, separation
from training.real_objects import RealRaster, real_rasters


def raster():
    instances = np.zeros((80, 120), np.int32)
    instances[10:30, 20:50] = 1
    instances[50:70, 80:100] = 2
    view = np.where(instances > 0, 40, 160).astype(np.uint8)
    return RealRaster(
        "ponds", Path("none.tif"), (1,), (0, 255), view, False, instances, instances == 0
    )


def test_every_object_has_a_prompt_and_a_box_around_nothing():
    prompts = prompts_of(raster())
    objects = [prompt for prompt in prompts if prompt.truth is not None]
    nothing = [prompt for prompt in prompts if prompt.truth is None]
    assert len(objects) == len(nothing) == 2
    for prompt in objects:
        assert prompt.truth is not None
        assert prompt.truth[int(prompt.point[1]), int(prompt.point[0])]
    for prompt in nothing:
        left, top, right, bottom = map(int, prompt.box)
        assert (raster().instances[top:bottom, left:right] > 0).mean() <= 0.02


def test_separation_is_the_share_of_pairs_in_order():
    assert separation([0.9, 0.8], [0.1, 0.2]) == 1
    assert separation([0.5], [0.5]) == 0.5
    assert separation([0.9, 0.1], [0.5, 0.0]) == 0.75


def test_report_names_objects_and_scores_of_nothing():
    rows = [
        RealMeasurement("roofs", 1.0, 120, 0.5, 0.6, 0.8, 0.9, 0.7, 0.6),
        RealMeasurement("roofs", 1.0, 80, 0.5, 0.6, 0.6, 0.7, 0.5, 0.6),
        RealMeasurement("roofs", 1.0, 0, 0.0, 0.0, 0.0, 0.1, 0.0, 0.2),
    ]
    lines = report(rows).splitlines()
    assert "| roofs | x 1 | 2 | 0.500 | 0.600 | 0.700 | 0.600 |" in lines
    assert "| roofs >= 400 m2 | x 1 | 1 | 0.500 | 0.600 | 0.800 | 0.700 |" in lines
    assert "| roofs | x 1 | 0.80 | 0.10 | 0.70 | 1.000 |" in lines


@pytest.mark.skipif("GEOSAM_SAMPLE_DATA" not in os.environ, reason="needs the real rasters")
def test_true_objects_of_the_rasters():
    rasters = real_rasters(Path(os.environ["GEOSAM_SAMPLE_DATA"]))
    counts = {raster.name: len(np.unique(raster.instances)) - 1 for raster in rasters}
    assert counts == {"ponds 2010": 55, "ponds 2014": 47, "lakes": 12, "roofs": 73}
