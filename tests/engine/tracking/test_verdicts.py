"""What tells an object from another one in its place."""

from __future__ import annotations

import numpy as np
import pytest

from geosam_processing.engine.tracking.verdicts import likeness

DARK = np.array([-40.0, -20.0, 0.0])


@pytest.mark.parametrize(
    ("look", "expected"),
    [
        (DARK, 1.0),
        (DARK / 2, 1.0),
        (DARK / 8, 0.5),
        (0 * DARK, 0.0),
        (-DARK, -1.0),
        (np.array([0.0, 0.0, 80.0]), 0.0),
        (np.array([20.0, -40.0, 9.0]), 0.0),
        (None, None),
    ],
)
def test_likeness_compares_the_direction_of_differences(look, expected):
    assert likeness(look, DARK) == (None if expected is None else pytest.approx(expected))


def test_an_object_that_never_stood_out_cannot_look_otherwise():
    assert likeness(DARK, None) is None
    assert likeness(DARK, DARK / 5) is None
