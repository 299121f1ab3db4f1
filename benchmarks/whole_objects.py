"""Objects of half a patch to five patches with exact truth, one point and one box each.

python -m benchmarks.whole_objects FILE [--count N] [--sizes 0.5,1,2,3,5]

Writes a row of JSON for each object to the file, without those that are in it, and prints a table.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import cv2
import numpy as np
import shapely
import torch
from numpy.typing import NDArray
from rasterio.features import rasterize as burn

from benchmarks.scene_shapes import TRANSFORM, write_picture
from benchmarks.workplace import METRES
from geosam_processing.contract import (
    Device,
    EncodeRequest,
    LiveCache,
    LivePrompt,
    LiveSource,
    Model,
    ObjectsEvent,
    Prompt,
    Raster,
    SegmentLiveRequest,
    SegmentRequest,
)
from geosam_processing.contract.catalogue import BUNDLED_MODEL
from geosam_processing.engine.encoding.encode import encode
from geosam_processing.engine.overlap import mask_intersection_over_union
from geosam_processing.engine.run import RunContext
from geosam_processing.engine.segmentation.live import segment_live
from geosam_processing.engine.segmentation.segment import segment
from training import materials, objects
from training.canvas import Canvas
from training.materials import pick
from training.scenes import HELD_OUT_SEEDS
from training.sensors import take_picture
from training.shapes import blob, rasterize

PATCH = 512
# Ground around the object, in patches.
MARGIN = 0.4

Mask = NDArray[np.bool_]


def scene_of(size: float, seed: int) -> tuple[NDArray[np.uint8], Mask]:
    """A picture of one field, pond or bare place of ``size`` patches, and its mask."""
    rng = np.random.default_rng(HELD_OUT_SEEDS + seed)
    side = int(PATCH * (size + 2 * MARGIN))
    canvas = Canvas(rng, side, side, METRES)
    objects.add_ground(canvas)
    kind = (materials.FIELDS, materials.WATER, materials.SOIL)[seed % 3]
    for _ in range(100):
        outline = blob(rng, np.full(2, side / 2), PATCH * size / 2, 0.25, rng.uniform(0.6, 1))
        stamp = rasterize(outline, side, side)
        if stamp is not None and max(stamp.mask.shape) < PATCH * size * 1.2:
            break
    if stamp is None:
        raise ValueError(f"No outline of {size} patches with seed {seed}")
    canvas.paint(stamp, canvas.surface(stamp, pick(rng, kind, 0.1)), "object")
    objects.add_trees(canvas, int(8 * size + 4), 4, 14)
    # Trees on the object are holes in what one sees of it, but not in the object.
    truth = np.zeros((side, side), dtype=bool)
    truth[stamp.window] = stamp.mask
    return take_picture(canvas, "colour"), truth


def pole_of(mask: Mask) -> tuple[float, float]:
    """The pixel (x, y) that is furthest from the border of a mask."""
    depth = cv2.distanceTransform(np.pad(mask.astype(np.uint8), 1), cv2.DIST_L2, 5)
    row, column = np.unravel_index(depth.argmax(), depth.shape)
    return column - 0.5, row - 0.5


def prompts_of(mask: Mask) -> tuple[Prompt, Prompt]:
    """A point deep inside and the bounding box of a mask."""
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    left, top = TRANSFORM * (int(columns[0]), int(rows[0]))
    right, bottom = TRANSFORM * (int(columns[-1]) + 1, int(rows[-1]) + 1)
    return (
        Prompt(0, (TRANSFORM * pole_of(mask),), (1,)),
        Prompt(1, box=(left, bottom, right, top)),
    )


def measure(size: float, seed: int, folder: Path) -> dict[str, object]:
    """IoU and seconds by prompt: of one patch, completed, and completed without encoding."""
    picture, truth = scene_of(size, seed)
    raster = folder / f"{seed}.tif"
    write_picture(raster, picture)
    features = str(folder / f"features_{seed}")
    encode(
        EncodeRequest(
            Raster(str(raster)),
            Model(BUNDLED_MODEL),
            features,
            "scene",
            stride=PATCH // 2,
            value_range=(0, 255),
            device=Device("cpu"),
            scales=(1, 2, 4, 8) if size > 3 else (1, 2, 4),
        )
    )
    found: dict[str, object] = {"size": size, "seed": seed}
    prompts = prompts_of(truth)
    live = SegmentLiveRequest(
        LiveSource(Raster(str(raster))),
        tuple(LivePrompt(each) for each in prompts),
        Model(BUNDLED_MODEL),
        LiveCache(str(folder / "cache"), 1000),
        device=Device("cpu"),
        whole=True,
    )
    asks: dict[str, Callable[[RunContext], object]] = {
        "patch": partial(segment, SegmentRequest(features, prompts, device=Device("cpu"))),
        "whole": partial(
            segment, SegmentRequest(features, prompts, device=Device("cpu"), whole=True)
        ),
        "live": partial(segment_live, live),
    }
    for name, ask in asks.items():
        start = time.process_time()
        ious = [0.0, 0.0]

        def receive(event: ObjectsEvent, ious: list[float] = ious) -> None:
            for each in event.objects:
                mask = burn(
                    [shapely.from_wkb(each.wkb)], truth.shape, transform=TRANSFORM, dtype="uint8"
                ).astype(bool)
                ious[each.key] = float(mask_intersection_over_union(mask, truth))

        ask(RunContext(results=receive))
        found[f"{name} point"], found[f"{name} box"] = (round(each, 4) for each in ious)
        found[f"{name} seconds"] = round(time.process_time() - start, 2)
    return found


def table(rows: Sequence[dict[str, object]]) -> str:
    """Mean IoU by size, with the worst one."""
    columns = [f"{name} {kind}" for kind in ("point", "box") for name in ("patch", "whole", "live")]
    lines = [f"| size (patches) | n | {' | '.join(columns)} | worst | s | s, live |"]
    lines.append("|---" * (len(columns) + 5) + "|")
    for size in sorted({float(str(row["size"])) for row in rows}):
        own = [row for row in rows if row["size"] == size]

        def of(key: str, own: Sequence[dict[str, object]] = own) -> list[float]:
            return [float(str(row[key])) for row in own]

        cells = [f"{np.mean(of(key)):.3f}" for key in columns]
        cells.append(f"{min(min(of(key)) for key in columns if not key.startswith('patch')):.2f}")
        cells += [f"{np.mean(of(f'{name} seconds')):.1f}" for name in ("whole", "live")]
        lines.append(f"| {size:g} | {len(own)} | {' | '.join(cells)} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--sizes", default="0.5,1,2,3,5")
    options = parser.parse_args()
    torch.set_num_threads(1)
    rows: list[dict[str, object]] = []
    if options.file.exists():
        rows = [json.loads(line) for line in options.file.read_text().splitlines()]
    known = {(row["size"], row["seed"]) for row in rows}
    for number in range(options.count):
        for size in map(float, options.sizes.split(",")):
            seed = 100 * number + int(10 * size)
            if (size, seed) in known:
                continue
            with tempfile.TemporaryDirectory() as name:
                rows.append(measure(size, seed, Path(name)))
            with options.file.open("a") as target:
                target.write(json.dumps(rows[-1]) + "\n")
    print(table(rows))


if __name__ == "__main__":
    main()
