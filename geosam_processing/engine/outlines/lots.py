"""Many objects a few thousand at a time: for the memory, the progress and all cores."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from geosam_processing.engine.outlines.rings import Indices

Progress = Callable[[float], None]

_LOT = 2500
# NumPy and GEOS work without Python's lock; beyond that many threads wait for it.
_MOST_THREADS = 8


def in_lots(count: int, work: Callable[[Indices], None], progress: Progress) -> None:
    """Do work for lots of objects, several lots at once.

    Args:
        work: gets the numbers of some objects; lots have none in common.
        progress: receives the share that is done, in the calling thread. It may raise.
    """
    each_lot([np.arange(at, min(at + _LOT, count)) for at in range(0, count, _LOT)], work, progress)


def each_lot(lots: Sequence[Indices], work: Callable[[Indices], None], progress: Progress) -> None:
    """``in_lots`` for lots that are given."""
    if len(lots) < 2:
        for lot in lots:
            work(lot)
        progress(1.0)
        return
    ends = np.cumsum([len(lot) for lot in lots])
    with ThreadPoolExecutor(min(os.cpu_count() or 1, _MOST_THREADS)) as pool:
        try:
            for end, _ in zip(ends, pool.map(work, lots), strict=True):
                progress(float(end / ends[-1]))
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
