"""Objects from workers are those of one process, from prompts and without, in the same order."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from geosam_processing.contract import (
    DiscoverRequest,
    MaskOptions,
    ObjectsEvent,
    ProgressEvent,
    Prompt,
    SegmentRequest,
)
from geosam_processing.engine import errors
from geosam_processing.engine.discovery.discover import discover
from geosam_processing.engine.encoding.encode import encode
from geosam_processing.engine.run import RunContext
from geosam_processing.engine.segmentation.segment import segment
from tests.engine.component_adapter import ComponentAdapter
from tests.engine.execution.clusters import ProcessCluster
from tests.engine.stand_in_adapter import NORTH_UP, PATCH, encode_request, write_raster

pytestmark = pytest.mark.slow

SIDE = 5 * PATCH
# Left, top, right, bottom in pixels; the last one is larger than a patch.
RECTANGLES = ((20, 24, 36, 48), (52, 60, 104, 84), (200, 30, 232, 60), (100, 120, 220, 236))
EVERYTHING: dict[str, Any] = {"minimum_score": 0.5, "minimum_stability": 0.3, "spacing": 8}


@pytest.fixture
def raster(tmp_path: Path) -> Path:
    """A dark raster with bright rectangles."""
    values = np.full((3, SIDE, SIDE), 10, dtype=np.uint8)
    for left, top, right, bottom in RECTANGLES:
        values[:, top:bottom, left:right] = 245
    return write_raster(tmp_path / "scene.tif", SIDE, SIDE, values=values)


@pytest.fixture
def features(components: ComponentAdapter, raster: Path, tmp_path: Path) -> Path:
    encode(encode_request(raster, tmp_path / "features", precision="float32"))
    return tmp_path / "features"


def prompts() -> tuple[Prompt, ...]:
    """Points all over the raster, and some beside it."""
    places = np.random.default_rng(5).uniform(-20, SIDE + 20, (120, 2)).tolist()
    return tuple(
        Prompt(key, points=(NORTH_UP * (x, y),), labels=(1,)) for key, (x, y) in enumerate(places)
    )


def answers(request: SegmentRequest) -> tuple[list[Any], Any]:
    events: list[ObjectsEvent] = []
    result = segment(request, RunContext(results=events.append))
    return [each for event in events for each in (*event.objects, *event.unanswered)], result


@pytest.mark.parametrize("whole", [False, True])
def test_prompts_get_what_one_process_gives(
    cluster: ProcessCluster, features: Path, whole: bool
) -> None:
    plain = SegmentRequest(str(features), prompts(), masks=MaskOptions("single"), whole=whole)
    expected, counts = answers(plain)
    found, result = answers(replace(plain, cluster=cluster.address))
    assert found == expected
    assert (result.object_count, result.unanswered_count) == (
        counts.object_count,
        counts.unanswered_count,
    )
    assert counts.object_count > 10 and counts.unanswered_count > 10


def test_prompts_of_a_block_that_fails_have_its_reason(
    cluster: ProcessCluster, features: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from geosam_processing.engine.segmentation import on_workers

    job = on_workers.SegmentJob
    monkeypatch.setattr(on_workers, "SegmentJob", lambda request, count: job(request, count + 1))
    request = SegmentRequest(str(features), prompts(), cluster=cluster.address)
    found, result = answers(request)
    assert (result.object_count, result.unanswered_count) == (0, len(request.prompts))
    assert all("The worker sees 81 patches" in each.reason for each in found)


def everything(request: DiscoverRequest, **context: Any) -> tuple[list[Any], Any]:
    objects: list[Any] = []
    result = discover(
        request, RunContext(results=lambda event: objects.extend(event.objects), **context)
    )
    return objects, replace(result, seconds=0.0)


def test_everything_on_a_folder_is_what_one_process_finds(
    cluster: ProcessCluster, features: Path
) -> None:
    plain = DiscoverRequest(str(features), resume=False, **EVERYTHING)
    steps: list[ProgressEvent] = []
    expected = everything(plain)
    spread = replace(plain, cluster=cluster.address)
    assert everything(spread, progress=steps.append) == expected
    assert len(expected[0]) == len(RECTANGLES)
    assert (steps[-1].done, steps[-1].total) == (81, 81)


def test_everything_on_a_raster_is_what_one_process_finds(
    cluster: ProcessCluster, components: ComponentAdapter, raster: Path, tmp_path: Path
) -> None:
    plain = DiscoverRequest(
        encode=encode_request(raster, tmp_path / "unused", value_range=None), **EVERYTHING
    )
    expected = everything(plain)
    assert everything(replace(plain, cluster=cluster.address)) == expected
    assert len(expected[0]) == len(RECTANGLES)
    assert not (tmp_path / "unused").exists()


def test_cancelled_everything_goes_on_where_it_stopped(
    cluster: ProcessCluster, features: Path
) -> None:
    request = DiscoverRequest(str(features), cluster=cluster.address, **EVERYTHING)
    begun = threading.Event()

    def progress(event: ProgressEvent) -> None:
        if event.done >= 8:
            begun.set()

    with pytest.raises(errors.Cancelled):
        everything(request, progress=progress, cancelled=begun.is_set)
    objects, result = everything(request)
    assert 0 < result.resumed_count < 81
    assert objects == everything(replace(request, cluster="", resume=False))[0]
