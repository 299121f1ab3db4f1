"""Outlines against the truth of generated scenes, and the time that many polygons take.

python -m benchmarks.outlines scenes [--scenes 200]     OUTLINE and Clean outlines, by size
python -m benchmarks.outlines many [--polygons 100000]  seconds for a layer
"""

from __future__ import annotations

import argparse
import gc
import resource
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import shapely
import torch
from numpy.typing import NDArray
from pyproj import CRS

from benchmarks.scene_shapes import as_array
from geosam_processing.contract import OUTLINES, OutlineOptions
from geosam_processing.contract.catalogue import BUNDLED_MODEL, CATALOGUE
from geosam_processing.contract.folders import bundled_folder
from geosam_processing.engine.assessment.boundary import boundary_agreement
from geosam_processing.engine.features.manifest import Affine, Chip
from geosam_processing.engine.outlines.job import clean_outlines
from geosam_processing.engine.overlap import intersection_over_union
from geosam_processing.engine.segmentation.mask_contours import mask_contours
from geosam_processing.engine.segmentation.mask_polygons import mask_polygons
from geosam_processing.engine.segmentation.vectorize import mask_parts
from training.evaluate import PATCH, SIZES, ModelPredictor
from training.prompts import choose_objects
from training.scenes import HELD_OUT_SEEDS, MIN_AREA, MIN_SIDE, generate_scene

METERS = CRS("EPSG:32633")
TOLERANCE = 2.5  # pixels
KINDS = {"building": "buildings", "field": "fields"}
CURVES = frozenset({"pond", "tree", "snow", "bare soil"})
CHIP = Chip("chip_000000", Path(), Affine.identity(), (PATCH, PATCH), (PATCH, PATCH))
# Objects of a layer stand this far apart.
_APART = 60.0
_BLOCK, _ROAD = 10, 12.0  # parcels, meters


@dataclass(frozen=True)
class Answer:
    """One object of a scene.

    Attributes:
        pixels: number of pixels of the true mask.
        stepped: the true mask along its pixels; the truth itself is drawn smooth.
        truth: the true mask with its steps cut halfway.
        outlines: the answer to the true box, one polygon for each of ``OUTLINES``.
    """

    name: str
    pixels: int
    stepped: shapely.Geometry
    truth: shapely.Geometry
    outlines: tuple[shapely.Geometry, ...]


def main() -> None:
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("scenes", "many"))
    parser.add_argument("--scenes", type=int, default=200)
    parser.add_argument("--polygons", type=int, default=100_000)
    given = parser.parse_args()
    torch.set_num_threads(1)
    if given.what == "many":
        measure_many(given.polygons)
        return
    model = ModelPredictor(bundled_folder() / CATALOGUE[BUNDLED_MODEL].official_file)
    answers = [each for number in range(given.scenes) for each in answers_of(model, number)]
    print(f"{given.scenes} scenes, {len(answers)} objects")
    compare_outlines(answers)
    compare_clean(answers)


def answers_of(model: ModelPredictor, number: int) -> Iterator[Answer]:
    """Up to ten objects of a held-out scene, each answered from its box."""
    seed = HELD_OUT_SEEDS + number
    scene = generate_scene(seed, PATCH, PATCH)
    random = np.random.default_rng(seed)
    chosen = choose_objects(random, scene.instances, 10, MIN_AREA, MIN_SIDE)
    if chosen is None:
        return
    model.look(scene.picture)
    answered, _ = model.logits(None, None, chosen.boxes, False)
    for mask, logits in zip(chosen.masks, answered[:, 0], strict=True):
        outlines = [shapely.union_all(mask_parts(logits, CHIP, PATCH, kind)) for kind in OUTLINES]
        if any(shapely.is_empty(outlines)):
            continue
        signed = np.where(mask, 1, -1).astype(np.float32)
        yield Answer(
            scene.classes[int(scene.instances[mask][0]) - 1],
            int(mask.sum()),
            shapely.union_all(mask_polygons(mask)),
            shapely.union_all(mask_contours(signed, PATCH, PATCH)),
            tuple(outlines),
        )


def compare_outlines(answers: list[Answer]) -> None:
    """Print IoU and distance of the outlines of a mask, by size and against both truths."""
    print("\n| pixels | n | outline | IoU | distance | IoU, steps | distance, steps | vertices |")
    print("|---|---|---|---|---|---|---|---|")
    for least, below in (*SIZES, (0, SIZES[-1][1])):
        some = [each for each in answers if least <= each.pixels < below]
        for number, kind in enumerate(OUTLINES):
            drawn = as_array([each.outlines[number] for each in some])
            cells = []
            for truths in ([each.truth for each in some], [each.stepped for each in some]):
                iou = intersection_over_union(drawn, as_array(truths)).mean()
                distance = boundary_agreement(drawn, as_array(truths), 1.0).means.mean()
                cells += [f"{iou:.4f}", f"{distance:.3f}"]
            vertices = np.median(shapely.get_num_coordinates(drawn))
            size = f"{least} to {below}" if below < SIZES[-1][1] else f"from {least}"
            print(f"| {size} | {len(some)} | {kind} | {' | '.join(cells)} | {vertices:.0f} |")


def compare_clean(answers: list[Answer]) -> None:
    """Print what Clean outlines does to the masks of each kind of object."""
    groups = defaultdict(list)
    for each in answers:
        kind = "curves" if each.name in CURVES else KINDS.get(each.name)
        if kind:
            groups[kind].append(each)
    print("\n| objects | n | IoU before | after | distance before | after | vertices | after |")
    print("|---|---|---|---|---|---|---|---|")
    for kind, some in sorted(groups.items()):
        truths = as_array([each.truth for each in some])
        before = as_array([each.outlines[0] for each in some])
        overlap = intersection_over_union(before, truths)
        after = _cleaned(before, kind)
        for least in (0.5, 0.8):
            good = overlap > least
            figures = [
                f"{value:.3f}"
                for measure in (
                    lambda shapes, t=truths[good]: intersection_over_union(shapes, t).mean(),
                    lambda shapes, t=truths[good]: boundary_agreement(shapes, t, 1.0).means.mean(),
                )
                for value in (measure(before[good]), measure(after[good]))
            ]
            corners = [
                f"{np.median(shapely.get_num_coordinates(shapes[good]) - 1):.0f}"
                for shapes in (before, after)
            ]
            name = f"{kind}, IoU above {least:g}"
            print(f"| {name} | {good.sum()} | {' | '.join(figures + corners)} |")
            if kind == "buildings":
                true_corners = shapely.get_coordinates(_cleaned(truths[good], kind, 1.5))
                near = _near(true_corners, shapely.get_coordinates(after[good]), (1.0, 2.0))
                print(f"|   corners within 1 and 2 pixels | {near[0]:.2f}, {near[1]:.2f} |")


def _cleaned(
    shapes: NDArray[np.object_], kind: str, tolerance: float = TOLERANCE
) -> NDArray[np.object_]:
    """Objects cleaned each for itself: a pixel is a meter, and they are moved apart."""
    shift = np.arange(len(shapes))[:, None] * np.array([10.0 * PATCH, 0.0])
    origin = np.array([400_000.0, 5_000_000.0])
    rows = [
        shapely.transform(shape, lambda points, s=s: points * (1, -1) + s + origin)
        for shape, s in zip(shapes, shift, strict=True)
    ]
    gap = 1.0 if kind == "fields" else 0.0
    result = clean_outlines(as_array(rows), METERS, OutlineOptions(kind, tolerance, 10.0, gap))
    back = [
        shapely.transform(shape, lambda points, s=s: (points - s - origin) * (1, -1))
        for shape, s in zip(result.geometries, shift, strict=True)
    ]
    return as_array(back)


def _near(
    wanted: NDArray[np.float64], found: NDArray[np.float64], distances: tuple[float, ...]
) -> list[float]:
    """The share of points [n, 2] with one of ``found`` within each of the distances."""
    points = shapely.points(found)
    _, least = shapely.STRtree(points).query_nearest(
        shapely.points(wanted), return_distance=True, all_matches=False
    )
    return [float((least <= each).mean()) for each in distances]


def measure_many(count: int) -> None:
    """Print the seconds and memory that a layer of noisy buildings and parcels takes."""
    # As in the engine, no garbage is looked for among the modules.
    gc.freeze()
    layers: dict[str, tuple[str, Callable[[int], NDArray[np.object_]]]] = {
        "buildings": ("buildings", _noisy),
        "curves": ("curves", _noisy),
        "fields that touch": ("fields", partial(_parcels, gap=0.0)),
        "fields with gaps": ("fields", partial(_parcels, gap=1.0)),
    }
    for name, (kind, made) in layers.items():
        shapes = made(count)
        started, used = time.perf_counter(), time.process_time()
        options = OutlineOptions(kind, 2.5, 10.0, 2.0 if kind == "fields" else 0.0)
        result = clean_outlines(shapes, METERS, options)
        changed = int((result.methods != "unchanged").sum())
        print(
            f"{name}: {count} polygons, {changed} changed, "
            f"{time.perf_counter() - started:.0f} s, {time.process_time() - used:.0f} s CPU, "
            f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB",
            flush=True,
        )


def _noisy(count: int) -> NDArray[np.object_]:
    """Turned L shapes with pixel steps, in rows."""
    random = np.random.default_rng(0)
    columns = int(np.ceil(np.sqrt(count)))
    shapes = []
    for number in range(count):
        long, short = random.uniform(12, 30), random.uniform(6, 10)
        shape = shapely.union(shapely.box(0, 0, long, short), shapely.box(0, 0, short, long))
        shape = shapely.affinity.rotate(shape, random.uniform(0, 90), origin=(0, 0))
        row, column = divmod(number, columns)
        at = np.array([400_000 + _APART * column, 5_000_000 + _APART * row])
        mask = _burnt(shape)
        shapes.append(shapely.transform(mask, lambda points, a=at: points + a))
    return as_array(shapes)


def _burnt(shape: shapely.Geometry) -> shapely.Geometry:
    left, bottom, right, top = np.floor(shape.bounds)
    xs, ys = np.meshgrid(np.arange(left, right + 1), np.arange(bottom, top + 1))
    inside = shapely.contains_xy(shape, xs + 0.5, ys + 0.5)
    parts = mask_polygons(inside, largest_only=True)
    return shapely.transform(parts[0], lambda points: points + (left, bottom))


def _parcels(count: int, gap: float) -> NDArray[np.object_]:
    """Parcels with wavy borders, 40 by 40 meters, with gaps of so many meters between them.

    After each ``_BLOCK`` of them, along both axes, there is a road.
    """
    random = np.random.default_rng(0)
    columns = int(np.ceil(np.sqrt(count)))
    side, steps = 40.0, 20
    ways = np.linspace(0, side, steps, endpoint=False)
    cells = []
    wave = random.normal(0, 0.5, (2, columns + 1, columns + 1, steps))
    for number in range(count):
        row, column = divmod(number, columns)
        x = 400_000 + column * side + column // _BLOCK * _ROAD
        y = 5_000_000 + row * side + row // _BLOCK * _ROAD
        low = np.column_stack([x + ways, y + wave[0, row, column]])
        right = np.column_stack([x + side + wave[1, row, column + 1], y + ways])
        high = np.column_stack([x + ways, y + side + wave[0, row + 1, column]])[::-1]
        left = np.column_stack([x + wave[1, row, column], y + ways])[::-1]
        ring = np.concatenate([low, right, high, left])
        cell = shapely.make_valid(shapely.Polygon(ring))
        cells.append(cell.buffer(-gap / 2, join_style="mitre") if gap else cell)
    return as_array(cells)


if __name__ == "__main__":
    main()
