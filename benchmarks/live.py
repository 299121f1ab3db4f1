"""What prompts cost straight on a raster: the first time, and again from the cache."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np

from benchmarks.workplace import (
    CPU,
    LEFT,
    METRES,
    TOP,
    Benchmarked,
    Finding,
    Seconds,
    write_raster,
)
from geosam_processing.contract import (
    LiveCache,
    LivePrompt,
    LiveSource,
    Prompt,
    Raster,
    SegmentLiveRequest,
    SegmentLiveResult,
)
from geosam_processing.engine.run import RunContext
from geosam_processing.engine.segmentation.live import segment_live


def second_run(
    folder: Path, benchmarked: Benchmarked, patches_a_side: int, count: int, rounds: int
) -> Finding:
    """``count`` boxes on a raster, over the same run once their patches are in the cache."""
    adapter = benchmarked.adapter()
    side = adapter.patch_size * patches_a_side
    raster = write_raster(folder / f"{benchmarked.model.model}_live.tif", side)
    decoding, decode = Seconds(), adapter.decode

    def timed(*arguments: Any) -> Any:
        start = time.perf_counter()
        try:
            return decode(*arguments)
        finally:
            decoding.wall[-1] += time.perf_counter() - start

    results: list[SegmentLiveResult] = []

    def run(cache: Path) -> None:
        request = SegmentLiveRequest(
            LiveSource(Raster(str(raster))),
            tuple(LivePrompt(prompt) for prompt in _boxes(count, side)),
            benchmarked.model,
            LiveCache(str(cache), 2048),
            device=CPU,
        )
        results.append(segment_live(request, RunContext(results=lambda event: None)))

    first, second = Seconds(), Seconds()
    with mock.patch.object(adapter, "decode", timed):
        for number in range(rounds):
            cache = folder / f"{benchmarked.model.model}_live_{number}"
            decoding.wall.append(0.0)
            first.measure(partial(run, cache))
            decoding.wall[-1] = 0.0
            second.measure(partial(run, cache))
    return Finding(
        f"Segment without encoding, {count} boxes: second run / first, wall",
        benchmarked.title,
        f"{second.median_wall / first.median_wall:.3f}",
        "",
        f"first {first.median_wall:.2f} s for {len(results[-2].encoded)} patches of "
        f"{adapter.patch_size} px, second {second.median_wall:.2f} s for "
        f"{len(results[-1].cached)} from the cache, of which the decoder "
        f"{decoding.median_wall:.2f} s; median of {rounds}",
    )


def _boxes(count: int, side: int) -> list[Prompt]:
    """Boxes of 20 to 60 pixels anywhere on the raster."""
    generator = np.random.default_rng(4)
    sizes = generator.uniform(20, 60, count)
    corners = generator.uniform(0, 1, (count, 2)) * (side - sizes[:, None])
    return [
        Prompt(
            key,
            box=(
                LEFT + METRES * x,
                TOP - METRES * (y + size),
                LEFT + METRES * (x + size),
                TOP - METRES * y,
            ),
        )
        for key, ((x, y), size) in enumerate(zip(corners.tolist(), sizes.tolist(), strict=True))
    ]
