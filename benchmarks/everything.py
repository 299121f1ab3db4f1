"""Segment everything with the bundled model on held-out scenes, beside the official generator.

python -m benchmarks.everything scenes [--count N] [--size PIXELS]   recall, precision, shifts
python -m benchmarks.everything official [--count N]                 one patch, same weights
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
import shapely
import torch
from numpy.typing import NDArray
from rasterio.transform import from_origin
from shapely import MultiPolygon, STRtree

from benchmarks.workplace import EPSG, LEFT, METRES, TOP
from geosam_processing.contract import (
    Device,
    DiscoverRequest,
    EncodeRequest,
    FoundObject,
    Model,
    Raster,
)
from geosam_processing.contract.catalogue import BUNDLED_MODEL
from geosam_processing.engine.discovery.discover import discover
from geosam_processing.engine.encoding.encode import encode
from geosam_processing.engine.models import registry
from geosam_processing.engine.models.checkpoint import read_state
from geosam_processing.engine.models.sam_architectures import build_sam
from geosam_processing.engine.models.torchvision_operators import ensure_torchvision
from geosam_processing.engine.run import RunContext
from geosam_processing.engine.segmentation.mask_polygons import mask_polygons
from training.scenes import HELD_OUT_SEEDS, Scene, generate_scene

PATCH = 512
FIRST_SEED = HELD_OUT_SEEDS + 5_000
SHIFTS = ((0, 0), (100, 0), (37, 211))
# Objects that are worth finding: pixels, and pixels of the shorter side.
LEAST, SIDE = 150, 12
TRANSFORM = from_origin(LEFT, TOP, METRES, METRES)

Shapes = NDArray[np.object_]


def write_picture(path: Path, picture: NDArray[np.uint8], corner: tuple[int, int] = (0, 0)) -> None:
    """A picture [rows, columns, 3] as a GeoTIFF whose first pixel is ``corner`` of the scene."""
    transform = TRANSFORM * TRANSFORM.translation(*corner)
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        count=3,
        dtype="uint8",
        height=picture.shape[0],
        width=picture.shape[1],
        crs=f"EPSG:{EPSG}",
        transform=transform,
    ) as target:
        target.write(picture.transpose(2, 0, 1))


def truth_of(scene: Scene) -> tuple[Shapes, list[str]]:
    """Outlines in map units, and classes, of the objects that are worth finding."""
    shapes, classes = [], []
    for number, name in enumerate(scene.classes, start=1):
        rows, columns = np.nonzero(scene.instances == number)
        if len(rows) < LEAST or min(np.ptp(rows), np.ptp(columns)) + 1 < SIDE:
            continue
        top, left = rows.min(), columns.min()
        mask = np.zeros((np.ptp(rows) + 1, np.ptp(columns) + 1), dtype=bool)
        mask[rows - top, columns - left] = True
        parts = shapely.multipolygons(mask_polygons(mask))
        shapes.append(
            shapely.transform(
                parts,
                lambda xy, by=(left, top): np.stack(TRANSFORM * (xy + by).T, 1),
            )
        )
        classes.append(name)
    return as_array(shapes), classes


def as_array(shapes: Sequence[Any]) -> Shapes:
    """Geometries as an array."""
    found: Shapes = np.empty(len(shapes), dtype=object)
    found[:] = list(shapes)
    return found


def pairs_of(one: Shapes, other: Shapes) -> list[tuple[float, int, int]]:
    """IoU and indices of all pairs that overlap, the best first."""
    if not len(one) or not len(other):
        return []
    left, right = STRtree(other).query(one)
    common = shapely.area(shapely.intersection(one[left], other[right]))
    union = shapely.area(one[left]) + shapely.area(other[right]) - common
    found = zip((common / union).tolist(), left.tolist(), right.tolist(), strict=True)
    return sorted(found, key=lambda pair: (-pair[0], pair[1], pair[2]))


def matched(pairs: Sequence[tuple[float, int, int]], limit: float) -> list[tuple[int, int]]:
    """One to one, the best pairs first."""
    firsts: set[int] = set()
    seconds: set[int] = set()
    found = []
    for value, one, other in pairs:
        if value >= limit and one not in firsts and other not in seconds:
            firsts.add(one)
            seconds.add(other)
            found.append((one, other))
    return found


def rates(shapes: Shapes, truth: Shapes) -> dict[str, float]:
    """Recall, precision and F1 at an IoU of 0.5 and 0.75."""
    pairs = pairs_of(shapes, truth)
    found: dict[str, float] = {"objects": len(shapes), "truth": len(truth)}
    for limit in (0.5, 0.75):
        hits = len(matched(pairs, limit))
        name = f"{100 * limit:.0f}"
        found[f"R{name}"] = hits / max(len(truth), 1)
        found[f"P{name}"] = hits / max(len(shapes), 1)
        found[f"F{name}"] = 2 * hits / max(len(shapes) + len(truth), 1)
    return found


def everything(
    picture: NDArray[np.uint8], corner: tuple[int, int], folder: Path, **settings: Any
) -> tuple[Shapes, list[FoundObject], dict[str, float]]:
    """All objects of a picture, and what they cost in CPU seconds and calls."""
    raster = folder / "scene.tif"
    write_picture(raster, picture, corner)
    features = folder / "features"
    start = time.process_time()
    encode(
        EncodeRequest(
            Raster(str(raster)),
            Model(BUNDLED_MODEL),
            str(features),
            "scene",
            stride=PATCH // 2,
            value_range=(0, 255),
            device=Device("cpu"),
        )
    )
    encoded = time.process_time()
    found: list[FoundObject] = []
    result = discover(
        DiscoverRequest(str(features), device=Device("cpu"), resume=False, **settings),
        RunContext(results=lambda event: found.extend(event.objects)),
    )
    cost = {
        "encode": encoded - start,
        "ask": time.process_time() - encoded,
        "calls": result.call_count,
        "patches": result.patch_count,
    }
    return as_array([shapely.from_wkb(each.wkb) for each in found]), found, cost


def scenes(count: int, size: int) -> None:
    """Print recall, precision, duplicates, cut objects and agreement of shifted grids."""
    for seed in range(FIRST_SEED, FIRST_SEED + count):
        scene = generate_scene(seed, size, size)
        truth, _ = truth_of(scene)
        runs = []
        for corner in SHIFTS:
            with tempfile.TemporaryDirectory() as name:
                window = scene.picture[corner[1] :, corner[0] :]
                shapes, found, cost = everything(window, corner, Path(name))
            runs.append(shapes)
            area = shapely.box(*_bounds(corner, size))
            duplicates = sum(value > 0.7 for value, i, j in pairs_of(shapes, shapes) if i < j)
            inner = shapely.buffer(area, -3 * METRES)
            cut = sum(
                each.touches_edge and inner.contains(shapely.from_wkb(each.wkb)) for each in found
            )
            inside = truth[shapely.intersects(truth, area)]
            row = {"seed": seed, "corner": corner, **rates(shapes, inside), **cost}
            row |= {"duplicates": duplicates, "cut": int(cut)}
            _say(row)
        common = shapely.buffer(shapely.box(*_bounds((100, 211), size)), -3 * METRES)
        for one, other in ((0, 1), (0, 2), (1, 2)):
            values = {
                f"F{100 * at:.0f}": _shift(runs[one], runs[other], common, at) for at in (0.5, 0.75)
            }
            print(
                json.dumps({"seed": seed, "grids": [SHIFTS[one], SHIFTS[other]], **values}),
                flush=True,
            )


def official(count: int, side: int) -> None:
    """Print ours and the official generator's figures for one patch of each scene."""
    ensure_torchvision()
    from segment_anything import SamAutomaticMaskGenerator, automatic_mask_generator

    # That of torchvision needs compiled operators, which its package for this torch may lack.
    automatic_mask_generator.batched_nms = _box_suppression
    resolved = registry.resolve(Model(BUNDLED_MODEL))
    network = build_sam(BUNDLED_MODEL)
    network.load_state_dict(read_state(resolved.path))
    generator = SamAutomaticMaskGenerator(
        network.eval(),
        points_per_side=side,
        pred_iou_thresh=0.5,
        stability_score_thresh=0.75,
    )
    for seed in range(FIRST_SEED, FIRST_SEED + count):
        scene = generate_scene(seed, PATCH, PATCH)
        truth, _ = truth_of(scene)
        with tempfile.TemporaryDirectory() as name:
            shapes, _, cost = everything(scene.picture, (0, 0), Path(name))
        _say({"seed": seed, "ours": True, **rates(shapes, truth), **cost})
        start = time.process_time()
        with torch.inference_mode():
            masks = generator.generate(scene.picture)
        seconds = time.process_time() - start
        shapes = as_array(
            [
                shapely.transform(
                    MultiPolygon(list(mask_polygons(each["segmentation"]))),
                    lambda xy: np.stack(TRANSFORM * xy.T, 1),
                )
                for each in masks
                if each["area"] >= (0.75 * 16) ** 2
            ]
        )
        row = {
            "seed": seed,
            "ours": False,
            **rates(shapes, truth),
            "ask": seconds,
            "calls": side**2,
        }
        _say(row)


def _box_suppression(
    boxes: torch.Tensor, scores: torch.Tensor, groups: torch.Tensor, iou_threshold: float
) -> torch.Tensor:
    """What ``torchvision.ops.batched_nms`` does, for one group."""
    order = scores.argsort(descending=True, stable=True)
    kept = []
    while len(order):
        best, order = order[0], order[1:]
        kept.append(best)
        low = torch.maximum(boxes[best, :2], boxes[order, :2])
        high = torch.minimum(boxes[best, 2:], boxes[order, 2:])
        common = (high - low).clamp(min=0).prod(1)
        areas = (boxes[:, 2:] - boxes[:, :2]).prod(1)
        order = order[common / (areas[best] + areas[order] - common) <= iou_threshold]
    return torch.stack(kept) if kept else torch.zeros(0, dtype=torch.int64)


def _shift(one: Shapes, other: Shapes, area: Any, limit: float) -> float:
    """F1 of the objects of two runs inside an area."""
    pairs = matched(pairs_of(one, other), limit)
    in_one, in_other = shapely.contains(area, one), shapely.contains(area, other)
    hits = sum(in_one[i] for i, _ in pairs) + sum(in_other[j] for _, j in pairs)
    return round(float(hits / max(in_one.sum() + in_other.sum(), 1)), 3)


def _bounds(corner: tuple[int, int], size: int) -> tuple[float, float, float, float]:
    left, top = TRANSFORM * corner
    right, bottom = TRANSFORM * (size, size)
    return left, bottom, right, top


def _say(row: dict[str, Any]) -> None:
    short = {k: round(v, 3) if isinstance(v, float) else v for k, v in row.items()}
    print(json.dumps(short), flush=True)


def main() -> None:
    torch.set_num_threads(1)
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("scenes", "official"))
    parser.add_argument("--count", type=int, default=10)
    parser.add_argument("--size", type=int, default=1536)
    parser.add_argument("--points", type=int, default=PATCH // 16, help="official: a side")
    options = parser.parse_args()
    if options.what == "scenes":
        scenes(options.count, options.size)
    else:
        official(options.count, options.points)


if __name__ == "__main__":
    main()
