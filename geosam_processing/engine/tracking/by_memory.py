"""Objects followed by the memory of a model, place by place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from geosam_processing.contract import SeriesRow
from geosam_processing.engine.tracking.dates import Place
from geosam_processing.engine.tracking.memory_pass import MemoryPass, MemoryRun
from geosam_processing.engine.tracking.objects import Followed
from geosam_processing.engine.tracking.progress import Delivery

# Objects that go through the memory together. A processor gains nothing by it, and memory and
# what an interrupted run loses grow with it.
_AT_ONCE = 8
# Places that objects are tried on until they lie in one on all dates.
_PLACES = 3


def follow_by_memory(run: MemoryRun, objects: Sequence[Followed], delivery: Delivery) -> None:
    """Follow objects from their start, those of one place through all dates, then the next.

    Raises:
        Cancelled: the caller asked to stop.
    """
    for place, group in _groups(objects):
        step = f"objects {', '.join(str(each.key) for each in group)}"
        if delivery.known(step) is None:
            delivery.deliver(step, _rows(run, place, group))


def _groups(objects: Sequence[Followed]) -> Iterator[tuple[Place | None, list[Followed]]]:
    """Objects of one place that are prompted on the same dates."""
    groups: dict[tuple[object, ...], list[Followed]] = {}
    for each in objects:
        prompted = tuple(sorted((p, prompt.refines) for p, prompt in each.corrections.items()))
        groups.setdefault((each.home, each.start, prompted), []).append(each)
    for (place, *_), group in groups.items():
        for first in range(0, len(group), _AT_ONCE):
            yield place, group[first : first + _AT_ONCE]


def _rows(run: MemoryRun, place: Place | None, group: Sequence[Followed]) -> list[SeriesRow]:
    """The rows of objects; those that are cut on a date are followed in a better place instead."""
    rows: list[SeriesRow] = []
    waiting = {place: list(group)}
    for attempt in range(_PLACES):
        again: dict[Place | None, list[Followed]] = {}
        for where, members in waiting.items():
            is_last = attempt == _PLACES - 1
            one = MemoryPass(run, where, members, is_last)
            rows += one.rows()
            for each in members:
                if each.key in one.better:
                    again.setdefault(one.better[each.key], []).append(each)
        waiting = again
    return rows
