"""How much the total area of the objects differs from that of the references."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from geosam_processing.engine.assessment.pairs import Reals

_RESAMPLES = 1000
_DRAWN_AT_ONCE = 1_000_000  # places, which bounds the memory
_SEED = 0  # the same inputs give the same interval


@dataclass(frozen=True)
class AreaBias:
    """Difference of the total areas in percent of the references' one, with its 95 % interval."""

    percent: float
    low: float
    high: float


def area_bias(object_areas: Reals, reference_areas: Reals) -> AreaBias | None:
    """Return the bias of some places, and its bootstrap percentile interval.

    A place is a matched pair, an object without a reference or a reference without an object;
    the area that is not there is 0. Places are drawn with replacement.

    Args:
        object_areas: in square meters, [places].
        reference_areas: in square meters, [places].

    Returns:
        None if no reference has an area.
    """
    total = reference_areas.sum()
    if total <= 0:
        return None
    rng = np.random.default_rng(_SEED)
    count = len(reference_areas)
    sums = np.empty((2, _RESAMPLES))
    step = max(_DRAWN_AT_ONCE // count, 1)
    for start in range(0, _RESAMPLES, step):
        chunk = slice(start, min(start + step, _RESAMPLES))
        drawn = rng.integers(count, size=(chunk.stop - start, count))
        sums[:, chunk] = object_areas[drawn].sum(axis=1), reference_areas[drawn].sum(axis=1)
    biases = _percent(*sums[:, sums[1] > 0])
    low, high = np.percentile(biases, (2.5, 97.5))
    return AreaBias(float(_percent(object_areas.sum(), total)), float(low), float(high))


def _percent(objects: Any, references: Any) -> Any:
    return 100 * (objects / references - 1)
