"""Small objects from boxes, with and without an enlarged patch.

python -m benchmarks.small_objects FILE [DATA_DIR] [--scenes N] [--rasters N]

Segments boxes straight on generated scenes, and on the real rasters that ``training.real`` names
if their folder is given. Writes a row for each box to the file, scene by scene, without the scenes
that are in it, and prints mean IoU by the longer side of the box.
"""

from __future__ import annotations

import argparse
import functools
import json
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from rasterio.features import rasterize
from shapely import from_wkb

from benchmarks.scene_shapes import FIRST_SEED, TRANSFORM, write_picture
from geosam_processing.contract import (
    Device,
    LiveCache,
    LivePrompt,
    LiveSource,
    Model,
    ObjectsEvent,
    Prompt,
    Raster,
    SegmentedObject,
    SegmentLiveRequest,
)
from geosam_processing.contract.catalogue import BUNDLED_MODEL
from geosam_processing.engine.overlap import mask_intersection_over_union
from geosam_processing.engine.raster.letterbox import SMALL
from geosam_processing.engine.run import RunContext
from geosam_processing.engine.segmentation.live import segment_live
from geosam_processing.engine.segmentation.sources import live_grid
from training.prompts import bounding_box, draw_box
from training.real import box_on_map, copy_of, overlap_of, prompts_of
from training.real_objects import RealRaster, real_rasters
from training.scenes import generate_scene

# Limits of the classes of size: the longer side of a box in pixels.
SIDES = (6, 12, 24, 36, 48, 64)
SIZE = 512
LEAST = 6


@dataclass(frozen=True)
class Compared:
    """One box: where it is from, its longer side in pixels, and the IoUs."""

    where: str
    side: float
    plain: float
    enlarged: float


@contextmanager
def enlarging(small: float) -> Iterator[None]:
    """Boxes below this share of a patch are enlarged."""
    live_grid.SMALL = small
    try:
        yield
    finally:
        live_grid.SMALL = SMALL


def answered(
    raster: Path, prompts: Sequence[Prompt], value_range: tuple[float, float]
) -> dict[int, SegmentedObject]:
    """What the prompts give straight on a raster, by key."""
    found: list[SegmentedObject] = []

    def receive(event: ObjectsEvent) -> None:
        found.extend(event.objects)

    request = SegmentLiveRequest(
        LiveSource(Raster(str(raster))),
        tuple(LivePrompt(prompt) for prompt in prompts),
        Model(BUNDLED_MODEL),
        LiveCache(str(raster.parent / "cache"), 0),
        device=Device("cpu"),
        value_range=value_range,
    )
    segment_live(request, RunContext(results=receive))
    return {each.key: each for each in found}


def on_scene(seed: int) -> Iterator[Compared]:
    """The boxes of a generated scene."""
    scene = generate_scene(seed, SIZE, SIZE)
    rng = np.random.default_rng(seed)
    prompts: list[Prompt] = []
    truths: list[NDArray[np.bool_]] = []
    for number in range(1, int(scene.instances.max()) + 1):
        truth = scene.instances == number
        if not truth.any():
            continue
        left, top, right, bottom = bounding_box(truth)
        if not LEAST <= max(right - left, bottom - top) < SIDES[-1]:
            continue
        x0, y0, x1, y1 = draw_box(rng, truth)
        low, high = TRANSFORM * (x0, y1), TRANSFORM * (x1, y0)
        prompts.append(Prompt(len(prompts), box=(*low, *high)))
        truths.append(truth)
    with tempfile.TemporaryDirectory() as folder:
        raster = Path(folder) / "scene.tif"
        write_picture(raster, scene.picture)
        both = []
        for small in (0.0, SMALL):
            with enlarging(small):
                both.append(answered(raster, prompts, (0, 255)))
    for prompt, truth in zip(prompts, truths, strict=True):
        ious = [_overlap(each.get(prompt.key), truth) for each in both]
        yield Compared(f"scene {seed}", float(max(np.ptp(np.nonzero(truth), axis=1)) + 1), *ious)


def _overlap(found: SegmentedObject | None, truth: NDArray[np.bool_]) -> float:
    if found is None:
        return 0.0
    mask = rasterize([from_wkb(found.wkb)], out_shape=truth.shape, transform=TRANSFORM) > 0
    return float(mask_intersection_over_union(mask, truth))


def on_raster(raster: RealRaster) -> Iterator[Compared]:
    """The boxes of a real raster."""
    asked = [prompt for prompt in prompts_of(raster) if prompt.truth is not None]
    prompts = [box_on_map(key, prompt) for key, prompt in enumerate(asked)]
    with tempfile.TemporaryDirectory() as folder:
        copy = copy_of(raster, Path(folder))
        both = []
        for small in (0.0, SMALL):
            with enlarging(small):
                both.append(answered(copy, prompts, raster.value_range))
    for key, prompt in enumerate(asked):
        truth = prompt.truth
        if truth is None:
            raise RuntimeError("only prompts on objects are asked")
        ious = [overlap_of(each[key], truth) if key in each else 0.0 for each in both]
        left, top, right, bottom = prompt.box
        yield Compared(raster.name, max(right - left, bottom - top), *ious)


def table(rows: Sequence[Compared]) -> str:
    """Mean IoU by place and size."""
    lines = ["| objects | longer side of the box | n | plain | enlarged |", "|---|---|---|---|---|"]
    groups = dict.fromkeys(row.where.split(" ")[0] for row in rows)
    for where in groups:
        for low, high in pairwise((*SIDES, np.inf)):
            of_group = [row for row in rows if row.where.split(" ")[0] == where]
            own = [row for row in of_group if low <= row.side < high]
            if own:
                plain, enlarged = (
                    np.mean([getattr(row, key) for row in own]) for key in ("plain", "enlarged")
                )
                lines.append(
                    f"| {where} | {low} to {high:g} | {len(own)} | {plain:.3f} | {enlarged:.3f} |"
                )
    return "\n".join(lines)


def main() -> None:
    torch.set_num_threads(1)
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("data", type=Path, nargs="?", help="default: GEOSAM_SAMPLE_DATA")
    parser.add_argument("--scenes", type=int, default=10)
    parser.add_argument("--rasters", type=int, default=10)
    options = parser.parse_args()
    rows: list[Compared] = []
    if options.file.exists():
        rows = [Compared(**json.loads(line)) for line in options.file.read_text().splitlines()]
    known = {row.where for row in rows}
    pending = [
        functools.partial(on_scene, seed)
        for seed in range(FIRST_SEED, FIRST_SEED + options.scenes)
        if f"scene {seed}" not in known
    ]
    folder = options.data or os.environ.get("GEOSAM_SAMPLE_DATA")
    if folder and options.rasters:
        rasters = real_rasters(Path(folder))[: options.rasters]
        pending += [functools.partial(on_raster, r) for r in rasters if r.name not in known]
    for measure in pending:
        found = list(measure())
        rows += found
        with options.file.open("a") as target:
            target.writelines(json.dumps(asdict(row)) + "\n" for row in found)
    print(table(rows))


if __name__ == "__main__":
    main()
