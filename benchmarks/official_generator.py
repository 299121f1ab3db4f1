"""Segment everything beside SAM's official automatic mask generator, with the same weights.

python -m benchmarks.official_generator patch FILE [--count N] [--points N]    one patch a scene
python -m benchmarks.official_generator patches FILE [--count N] [--points N]  16 patches a scene

Writes a row of JSON for each run to the file, without those that are in it, and prints the means.
"""

from __future__ import annotations

import argparse
import json
import resource
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import shapely
import torch
from numpy.typing import NDArray
from shapely import MultiPolygon

from benchmarks.everything import PATCH, encoded, everything
from benchmarks.scene_shapes import (
    FIRST_SEED,
    TRANSFORM,
    Shapes,
    as_array,
    matched,
    pairs_of,
    shapes_of,
    truth_of,
)
from benchmarks.workplace import METRES
from geosam_processing.contract import Model
from geosam_processing.contract.catalogue import BUNDLED_MODEL
from geosam_processing.engine.models import registry
from geosam_processing.engine.models.checkpoint import read_state
from geosam_processing.engine.models.sam_architectures import build_sam
from geosam_processing.engine.models.torchvision_operators import ensure_torchvision
from geosam_processing.engine.segmentation.mask_polygons import mask_polygons
from training.scenes import generate_scene

SCORE, STABILITY = 0.5, 0.75
# Masks of fewer pixels are left out of both.
LEAST = 144
STRIDE = PATCH // 2
# Patches along an axis of the picture of many patches.
SIDE = 4
_OURS_ON_PATCHES = "ours, 16 patches"
_RATES = ("objects", "truth", "R50", "P50", "F50", "R75", "F75")
_FIGURES = (*_RATES, "duplicates", "cut", "cut, truth", "calls", "ask", "encode")


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


class Official:
    """The official generator with the bundled model's weights."""

    def __init__(self, points: int) -> None:
        ensure_torchvision()
        from segment_anything import SamAutomaticMaskGenerator, automatic_mask_generator

        # That of torchvision needs compiled operators, which its package for this torch may lack.
        automatic_mask_generator.batched_nms = _box_suppression
        network = build_sam(BUNDLED_MODEL)
        network.load_state_dict(read_state(registry.resolve(Model(BUNDLED_MODEL)).path))
        self._generator = SamAutomaticMaskGenerator(
            network.eval(),
            points_per_side=points,
            pred_iou_thresh=SCORE,
            stability_score_thresh=STABILITY,
        )

    def shapes(
        self, picture: NDArray[np.uint8], corner: tuple[int, int] = (0, 0)
    ) -> tuple[Shapes, float]:
        """The outlines on a patch whose first pixel is ``corner``, and the CPU seconds."""
        start = time.process_time()
        with torch.inference_mode():
            masks = self._generator.generate(picture)
        seconds = time.process_time() - start
        found = [
            shapely.transform(
                MultiPolygon(list(mask_polygons(each["segmentation"]))),
                lambda xy: np.stack(TRANSFORM * (xy + corner).T, 1),
            )
            for each in masks
            if each["area"] >= LEAST
        ]
        return as_array(found), seconds


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


def ours(picture: NDArray[np.uint8], points: int) -> tuple[Shapes, dict[str, float]]:
    """Our objects of a picture, and what they cost."""
    with tempfile.TemporaryDirectory() as name:
        features, seconds = encoded(picture, (0, 0), Path(name), STRIDE)
        found, cost = everything(
            features,
            spacing=PATCH // points,
            minimum_score=SCORE,
            minimum_stability=STABILITY,
        )
    return shapes_of(found), {"encode": seconds, **cost}


def duplicates_of(shapes: Shapes) -> int:
    """Pairs of objects with an IoU above 0.7."""
    return sum(value > 0.7 for value, i, j in pairs_of(shapes, shapes) if i < j)


def cut_by(shapes: Shapes, windows: Sequence[tuple[int, int]], size: int) -> int:
    """Objects with a straight end of 5 pixels or more at the edge of a patch in the picture."""
    area = shapely.transform(
        shapely.box(0, 0, size, size), lambda xy: np.stack(TRANSFORM * xy.T, 1)
    )
    edges = [
        shapely.transform(
            shapely.box(x, y, x + PATCH, y + PATCH).exterior,
            lambda xy: np.stack(TRANSFORM * xy.T, 1),
        )
        for x, y in windows
    ]
    inner = shapely.intersection(shapely.union_all(edges), shapely.buffer(area, -METRES))
    band = shapely.buffer(inner, METRES, cap_style="flat")
    shapely.prepare(band)
    along = shapely.length(shapely.intersection(shapely.boundary(shapes), band))
    # A boundary that crosses the band has a length in it of at least the band's width.
    return int((along >= 5 * METRES + 4 * METRES).sum())


def on_patches(seed: int, points: int) -> list[dict[str, Any]]:
    """A scene of 16 overlapping patches: ours, the official one on all, and on its tiles."""
    size = PATCH + (SIDE - 1) * STRIDE
    scene = generate_scene(seed, size, size)
    truth, _ = truth_of(scene)
    windows = [(x * STRIDE, y * STRIDE) for y in range(SIDE) for x in range(SIDE)]
    shapes, cost = ours(scene.picture, points)
    rows = [_row(_OURS_ON_PATCHES, shapes, truth, windows, size, cost)]
    generator = Official(points)
    answers = {}
    for x, y in windows:
        picture = np.ascontiguousarray(scene.picture[y : y + PATCH, x : x + PATCH])
        answers[x, y] = generator.shapes(picture, (x, y))
        print(f"patch {len(answers)} of {len(windows)}", flush=True)
    tiles = [(x, y) for x, y in windows if x % PATCH == 0 and y % PATCH == 0]
    tiled = PATCH * (SIDE // 2)
    part = shapely.transform(
        shapely.box(0, 0, tiled, tiled), lambda xy: np.stack(TRANSFORM * xy.T, 1)
    )
    inside = truth[shapely.intersects(truth, part)]
    for name, used, known, side in (
        ("official, 16 patches", windows, truth, size),
        ("official, 4 tiles", tiles, inside, tiled),
    ):
        found = np.concatenate([answers[window][0] for window in used])
        spent = {
            "ask": sum(answers[window][1] for window in used),
            "calls": points**2 * len(used),
        }
        rows.append(_row(name, found, known, used, side, spent))
    inside_ours = shapes[shapely.intersects(shapes, part)]
    rows.append(_row("ours, in the 4 tiles", inside_ours, inside, tiles, tiled, {}))
    return rows


def _row(
    name: str,
    shapes: Shapes,
    truth: Shapes,
    windows: Sequence[tuple[int, int]],
    size: int,
    cost: dict[str, float],
) -> dict[str, Any]:
    return {
        "what": name,
        **rates(shapes, truth),
        "duplicates": duplicates_of(shapes),
        "cut": cut_by(shapes, windows, size),
        # By chance, or at the end of the scene.
        "cut, truth": cut_by(truth, windows, size),
        **cost,
        "peak MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def on_a_patch(seed: int, points: int, is_ours: bool) -> dict[str, Any]:
    """The figures of one patch."""
    scene = generate_scene(seed, PATCH, PATCH)
    truth, _ = truth_of(scene)
    if is_ours:
        shapes, cost = ours(scene.picture, points)
    else:
        shapes, seconds = Official(points).shapes(scene.picture)
        cost = {"ask": seconds, "calls": points**2}
    return {"what": "ours" if is_ours else "official", **rates(shapes, truth), **cost}


def means(rows: Sequence[dict[str, Any]]) -> str:
    """Means of the rows of each kind, of the seeds that all of them have."""
    lines = []
    for points in sorted({row["points"] for row in rows}):
        own = [row for row in rows if row["points"] == points]
        kinds = list(dict.fromkeys(row["what"] for row in own))
        common = set.intersection(
            *({row["seed"] for row in own if row["what"] == kind} for kind in kinds)
        )
        for kind in kinds:
            chosen = [row for row in own if row["what"] == kind and row["seed"] in common]
            keys = [key for key in _FIGURES if all(key in row for row in chosen)]
            text = ", ".join(f"{key} {np.mean([row[key] for row in chosen]):.3f}" for key in keys)
            lines.append(f"{points} x {points}, {kind}, {len(chosen)} scenes: {text}")
    return "\n".join(lines)


def main() -> None:
    torch.set_num_threads(1)
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("patch", "patches"))
    parser.add_argument("file", type=Path)
    parser.add_argument("--count", type=int, default=10)
    parser.add_argument("--points", type=int, default=PATCH // 32, help="along a side")
    options = parser.parse_args()
    rows = _rows(options.file)
    known = {(row["seed"], row["points"], row["what"]) for row in rows}

    def add(seed: int, row: dict[str, Any]) -> None:
        rows.append({"seed": seed, "points": options.points, **row})
        _append(options.file, rows[-1])

    for seed in range(FIRST_SEED, FIRST_SEED + options.count):
        if options.what == "patches":
            if (seed, options.points, _OURS_ON_PATCHES) not in known:
                for row in on_patches(seed, options.points):
                    add(seed, row)
            continue
        for what in ("ours", "official"):
            if (seed, options.points, what) not in known:
                add(seed, on_a_patch(seed, options.points, what == "ours"))
    print(means(rows))


def _rows(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def _append(file: Path, row: dict[str, Any]) -> None:
    short = {k: round(v, 4) if isinstance(v, float) else v for k, v in row.items()}
    print(json.dumps(short), flush=True)
    with file.open("a") as target:
        target.write(json.dumps(short) + "\n")


if __name__ == "__main__":
    main()
