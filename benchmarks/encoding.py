"""What encoding costs. Things that are compared run in turn, on the same machine."""

from __future__ import annotations

import shutil
from functools import partial
from pathlib import Path

import torch

from benchmarks.workplace import Benchmarked, Finding, Seconds, encode_request, write_raster
from geosam_processing.engine.encoding.encode import encode


def encoding_overhead(
    folder: Path, benchmarked: Benchmarked, patches_a_side: int, rounds: int
) -> Finding:
    """Encoding a raster into files, over the bare forward pass of as many patches."""
    adapter = benchmarked.adapter()
    side, count = adapter.patch_size, patches_a_side**2
    raster = write_raster(folder / f"{benchmarked.model.model}.tif", side * patches_a_side)
    output = folder / f"{benchmarked.model.model}_encoded"
    request = encode_request(raster, benchmarked, output)
    images = 255 * torch.rand(1, 3, side, side, generator=torch.Generator().manual_seed(0))
    ours, forward = Seconds(), Seconds()

    def pure_forward(times: int) -> None:
        for _ in range(times):
            adapter.encode(images)

    pure_forward(1)
    for _ in range(rounds):
        # Half before, half after: what else the machine does weighs on both alike.
        before, after = Seconds(), Seconds()
        before.measure(partial(pure_forward, count // 2))
        shutil.rmtree(output, ignore_errors=True)
        ours.measure(partial(encode, request))
        after.measure(partial(pure_forward, count - count // 2))
        forward.wall.append(before.wall[0] + after.wall[0])
        forward.cpu.append(before.cpu[0] + after.cpu[0])
    return Finding(
        "G1 encode / (patches x pure forward), wall",
        benchmarked.title,
        f"{ours.median_wall / forward.median_wall:.3f}",
        "<= 1.05",
        f"{count} patches of {side} px in {ours.median_wall:.2f} s, forward alone "
        f"{forward.median_wall:.2f} s; CPU ratio {ours.median_cpu / forward.median_cpu:.3f}; "
        f"median of {rounds}",
    )
