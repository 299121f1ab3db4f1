"""Segment everything with the bundled model on held-out scenes.

python -m benchmarks.everything FOLDER [--first N] [--count N] [--size PIXELS] [--grids N]

Writes what each scene gives on each grid into the folder, without what lies there already, and
prints the figures of all that lies there.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import numpy as np
import shapely
import torch
from numpy.typing import NDArray

from benchmarks.scene_shapes import (
    FIRST_SEED,
    TRANSFORM,
    Shapes,
    matched,
    pairs_of,
    read_shapes,
    truth_of,
    write_picture,
)
from benchmarks.workplace import METRES
from geosam_processing.contract import (
    Device,
    DiscoverRequest,
    EncodeRequest,
    FoundObject,
    Model,
    ObjectsEvent,
    Prompt,
    Raster,
    SegmentRequest,
)
from geosam_processing.contract.catalogue import BUNDLED_MODEL
from geosam_processing.contract.files import write_whole
from geosam_processing.engine.discovery.discover import discover
from geosam_processing.engine.encoding.encode import encode
from geosam_processing.engine.run import RunContext
from geosam_processing.engine.segmentation.segment import segment
from training.scenes import generate_scene

PATCH = 512
SHIFTS = ((0, 0), (100, 0), (37, 211))
SIZES = (500, 2000, 8000, 32000)  # limits of the classes of size, in pixels


def encoded(
    picture: NDArray[np.uint8], corner: tuple[int, int], folder: Path, stride: int = PATCH // 2
) -> tuple[Path, float]:
    """The features of a picture, and the CPU seconds that they cost."""
    raster, features = folder / "scene.tif", folder / "features"
    write_picture(raster, picture, corner)
    start = time.process_time()
    encode(
        EncodeRequest(
            Raster(str(raster)),
            Model(BUNDLED_MODEL),
            str(features),
            "scene",
            stride=stride,
            value_range=(0, 255),
            device=Device("cpu"),
        )
    )
    return features, time.process_time() - start


def everything(features: Path, **settings: Any) -> tuple[list[FoundObject], dict[str, float]]:
    """All objects on a feature folder, and what they cost in CPU seconds and calls."""
    found: list[FoundObject] = []
    start = time.process_time()
    result = discover(
        DiscoverRequest(str(features), device=Device("cpu"), resume=False, **settings),
        RunContext(results=lambda event: found.extend(event.objects)),
    )
    cost = {
        "ask": time.process_time() - start,
        "calls": result.call_count,
        "patches": result.patch_count,
    }
    return found, cost


def same_points(features: Path, shapes: Shapes) -> list[str]:
    """What one point deep in each object gives, WKB; empty where it gives nothing."""
    points = [shapely.centroid(shapely.maximum_inscribed_circle(each)) for each in shapes]
    prompts = tuple(Prompt(i, ((p.x, p.y),), (1,)) for i, p in enumerate(points))
    answers = [""] * len(prompts)

    def receive(event: ObjectsEvent) -> None:
        for each in event.objects:
            answers[each.key] = each.wkb

    segment(
        SegmentRequest(str(features), prompts, device=Device("cpu")), RunContext(results=receive)
    )
    return answers


def measure(
    seed: int, size: int, corner: tuple[int, int], first: Sequence[str] | None
) -> dict[str, Any]:
    """The objects of a scene on one grid, with what they cost.

    Args:
        first: the objects of the scene on its first grid, WKB; None for that grid itself.
    """
    scene = generate_scene(seed, size, size)
    truth, classes = truth_of(scene)
    with tempfile.TemporaryDirectory() as name:
        features, seconds = encoded(scene.picture[corner[1] :, corner[0] :], corner, Path(name))
        found, cost = everything(features)
        same = same_points(features, truth)
        wkbs = [each.wkb for each in found] if first is None else first
        of_found = same_points(features, read_shapes(wkbs))
    return {
        "cost": {"encode": seconds, **cost},
        "truth": [shapely.to_wkb(each, hex=True) for each in truth],
        "classes": classes,
        "objects": [each.wkb for each in found],
        "touching": [each.touches_edge for each in found],
        "same": same,
        "of found": of_found,
    }


@dataclass(frozen=True)
class Seen:
    """What was found of a scene on one grid, in the part that the grid covers."""

    truth: Shapes
    classes: list[str]
    objects: Shapes
    true_ious: list[float]  # of the object that each true one was matched with
    object_ious: list[float]
    duplicates: int
    cut: int
    cost: dict[str, float]
    same: Shapes  # of a point in each true object
    of_found: Shapes  # of a point in each object of the first grid

    @classmethod
    def of(cls, row: dict[str, Any], corner: tuple[int, int], size: int) -> Seen:
        """From what ``measure`` returned."""
        area = shapely.box(*_bounds(corner, size))
        truth = read_shapes(row["truth"])
        inside = shapely.intersects(truth, area)
        same = read_shapes(row["same"])
        objects = read_shapes(row["objects"])
        own = truth[inside]
        pairs = pairs_of(objects, own)
        ious = {(i, j): value for value, i, j in pairs}
        true_ious, object_ious = [0.0] * len(own), [0.0] * len(objects)
        for i, j in matched(pairs, 0.0):
            true_ious[j] = object_ious[i] = ious[i, j]
        inner = shapely.contains(shapely.buffer(area, -3 * METRES), objects)
        return cls(
            own,
            [name for name, is_inside in zip(row["classes"], inside, strict=True) if is_inside],
            objects,
            true_ious,
            object_ious,
            sum(value > 0.7 for value, i, j in pairs_of(objects, objects) if i < j),
            int(np.sum(inner & np.array(row["touching"], dtype=bool))),
            row["cost"],
            same,
            read_shapes(row["of found"]),
        )


def table(seen: Sequence[Seen]) -> str:
    """Recall by class and size, precision by size, duplicates and open ends of all grids."""
    lines = ["| | truth | R50 | R75 | objects | P50 | P75 |", "|---|---|---|---|---|---|---|"]
    true = [(c, _pixels(t), v) for s in seen for c, t, v in _zip(s.classes, s.truth, s.true_ious)]
    own = [(_pixels(o), v) for s in seen for o, v in _zip(s.objects, s.object_ious)]

    def line(name: str, ious: Sequence[float], found: Sequence[float] | None) -> str:
        recall = [f"{_share(ious, limit):.3f}" for limit in (0.5, 0.75)]
        if found is None:
            return f"| {name} | {len(ious)} | {' | '.join(recall)} | | | |"
        precision = [f"{_share(found, limit):.3f}" for limit in (0.5, 0.75)]
        return (
            f"| {name} | {len(ious)} | {' | '.join(recall)} | {len(found)} | "
            f"{' | '.join(precision)} |"
        )

    lines.append(line("all", [v for *_, v in true], [v for _, v in own]))
    for low, high in pairwise((0, *SIZES, np.inf)):
        lines.append(
            line(
                f"{low} to {high:g} pixels",
                [v for _, area, v in true if low <= area < high],
                [v for area, v in own if low <= area < high],
            )
        )
    for name in sorted({name for name, *_ in true}):
        lines.append(line(name, [v for c, _, v in true if c == name], None))
    recall = [_share([v for *_, v in true], limit) for limit in (0.5, 0.75)]
    precision = [_share([v for _, v in own], limit) for limit in (0.5, 0.75)]
    f1 = [2 * r * p / max(r + p, 1e-9) for r, p in zip(recall, precision, strict=True)]
    duplicates, cut = sum(s.duplicates for s in seen), sum(s.cut for s in seen)
    costs = {key: sum(s.cost[key] for s in seen) for key in ("encode", "ask", "calls")}
    lines += [
        "",
        f"{len(seen)} grids: F1 {f1[0]:.3f} at 0.5 and {f1[1]:.3f} at 0.75; {duplicates} "
        f"duplicates and {cut} open ends of {len(own)} objects; {costs['calls']} calls, "
        f"{costs['ask']:.0f} CPU s and {costs['encode']:.0f} to encode",
    ]
    return "\n".join(lines)


def agreement(grids: dict[tuple[int, int], Seen], size: int) -> dict[str, list[tuple[int, int]]]:
    """How much of what is found agrees between grids, beside the ceiling.

    Returns:
        Hits and how many there could be, of each pair of grids, for the IoUs 0.5 and 0.75: of the
        objects of two grids (F1), and of the true objects and those of the first grid for which the
        same point gives the same object on both.
    """
    found: dict[str, list[tuple[int, int]]] = {}
    common = shapely.buffer(shapely.box(*_bounds((100, 211), size)), -3 * METRES)
    for one, other in combinations(sorted(grids), 2):
        first, second = grids[one], grids[other]
        ious = _ious_inside(common, first.same, second.same)
        ious_of_found = _ious_inside(common, first.of_found, second.of_found)
        for limit in (0.5, 0.75):
            name = f"{100 * limit:.0f}"
            same, same_found = ious >= limit, ious_of_found >= limit
            found.setdefault(f"ceiling of found {name}", []).append(
                (int(same_found.sum()), len(same_found))
            )
            found.setdefault(f"F{name}", []).append(
                _shift(first.objects, second.objects, common, limit)
            )
            found.setdefault(f"ceiling{name}", []).append((int(same.sum()), len(same)))
    return found


def _ious_inside(area: Any, one: Shapes, other: Shapes) -> NDArray[np.float64]:
    """IoU of each with its counterpart, if either lies in an area."""
    inside = shapely.contains(area, one) | shapely.contains(area, other)
    a, b = one[inside], other[inside]
    union = np.maximum(shapely.area(shapely.union(a, b)), 1e-9)
    return np.asarray(shapely.area(shapely.intersection(a, b)) / union)


def _share(ious: Sequence[float], limit: float) -> float:
    return sum(value >= limit for value in ious) / max(len(ious), 1)


def _pixels(shape: Any) -> float:
    return float(shape.area) / METRES**2


def _zip(*columns: Any) -> Any:
    return zip(*columns, strict=True)


def _shift(one: Shapes, other: Shapes, area: Any, limit: float) -> tuple[int, int]:
    """How many objects of two runs inside an area have a partner, and how many there are."""
    pairs = matched(pairs_of(one, other), limit)
    in_one, in_other = shapely.contains(area, one), shapely.contains(area, other)
    hits = sum(int(in_one[i]) + int(in_other[j]) for i, j in pairs)
    return hits, int(in_one.sum() + in_other.sum())


def _bounds(corner: tuple[int, int], size: int) -> tuple[float, float, float, float]:
    left, top = TRANSFORM * corner
    right, bottom = TRANSFORM * (size, size)
    return left, bottom, right, top


def main() -> None:
    torch.set_num_threads(1)
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--count", type=int, default=10)
    parser.add_argument("--size", type=int, default=1536)
    parser.add_argument("--grids", type=int, default=len(SHIFTS))
    options = parser.parse_args()
    options.folder.mkdir(exist_ok=True)
    for number in range(options.first, options.first + options.count):
        first: list[str] | None = None
        for corner in SHIFTS[: options.grids]:
            file = _file(options.folder, number, corner)
            if not file.exists():
                row = measure(FIRST_SEED + number, options.size, corner, first)
                write_whole(file, json.dumps(row))
            if first is None:
                first = json.loads(file.read_text())["objects"]
    seen: list[Seen] = []
    shifts: dict[str, list[tuple[int, int]]] = {}
    for number in range(10_000):
        grids = {
            corner: Seen.of(json.loads(file.read_text()), corner, options.size)
            for corner in SHIFTS
            if (file := _file(options.folder, number, corner)).exists()
        }
        if not grids:
            continue
        seen += grids.values()
        for name, values in agreement(grids, options.size).items():
            shifts.setdefault(name, []).extend(values)
    print(table(seen))
    for name, values in shifts.items():
        hits, most = np.sum(values, axis=0)
        print(f"{name}: {hits / max(most, 1):.3f} ({hits} of {most}, {len(values)} pairs of grids)")


def _file(folder: Path, number: int, corner: tuple[int, int]) -> Path:
    return folder / f"{number}_{corner[0]}_{corner[1]}.json"


if __name__ == "__main__":
    main()
