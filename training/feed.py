"""Pictures and prompts from many processes: scenes are made while a GPU trains.

Memory that all processes share holds one picture a slot. A process makes a scene, cuts
several pictures from it, and writes each into a slot that is free.
"""

from __future__ import annotations

import multiprocessing
from dataclasses import dataclass
from multiprocessing.queues import Queue
from multiprocessing.sharedctypes import RawArray
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from training.pool import recolour
from training.prompts import bounding_box, draw_box, one_part, place_point
from training.scenes import Scene, generate_scene, generate_varied_scene

PATCH = 512
OBJECTS = 8
"""At most so many objects a picture."""
NOTHINGS = 3
"""At most so many boxes around nothing a picture."""
VARIED_SHARE = 0.65
"""Share of scenes by ``generate_varied_scene``."""
PICTURES_A_SCENE = 3
_PREFERRED = frozenset({"road", "river"})
_LEAST_AREA, _LEAST_SIDE = 30, 6

Mask = NDArray[np.bool_]
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class FedPicture:
    """A training picture with its prompts.

    Attributes:
        picture: (PATCH, PATCH, 3) uint8.
        labels: (PATCH, PATCH) uint8: k where object k is, k from 1; else 0.
        points: (OBJECTS, 2) float32, (x, y) on each object.
        boxes: (OBJECTS, 4) float32, drawn round each object.
        bounds: (OBJECTS, 4) float32, the exact bounding box.
        nothings: (NOTHINGS, 4) float32, boxes around nothing.
        counts: objects and boxes around nothing that there are, (2,) float32.
    """

    picture: NDArray[np.uint8]
    labels: NDArray[np.uint8]
    points: NDArray[np.float32]
    boxes: NDArray[np.float32]
    bounds: NDArray[np.float32]
    nothings: NDArray[np.float32]
    counts: NDArray[np.float32]


_SHAPES: dict[str, tuple[int, ...]] = {
    "picture": (PATCH, PATCH, 3),
    "labels": (PATCH, PATCH),
    "points": (OBJECTS, 2),
    "boxes": (OBJECTS, 4),
    "bounds": (OBJECTS, 4),
    "nothings": (NOTHINGS, 4),
    "counts": (2,),
}


def _views(memory: Any) -> FedPicture:
    """A slot's arrays in its memory."""
    start = 0
    parts: dict[str, Any] = {}
    for name, shape in _SHAPES.items():
        kind = np.uint8 if name in ("picture", "labels") else np.float32
        size = int(np.prod(shape)) * np.dtype(kind).itemsize
        parts[name] = np.frombuffer(memory, kind, int(np.prod(shape)), start).reshape(shape)
        start += size
    return FedPicture(**parts)


_SLOT_BYTES = sum(
    int(np.prod(shape)) * (1 if name in ("picture", "labels") else 4)
    for name, shape in _SHAPES.items()
)


class Feed:
    """Processes that fill slots; ``take`` waits for a filled one, ``give`` frees it again.

    Start it before CUDA is used: the processes are forks.
    """

    def __init__(self, workers: int, slots: int, seed: int) -> None:
        cv2.setNumThreads(1)  # a fork would wait for OpenCV's threads, which it has not
        context = multiprocessing.get_context("fork")
        self._memory = [RawArray("B", _SLOT_BYTES) for _ in range(slots)]
        self.pictures = [_views(memory) for memory in self._memory]
        self._free: Queue[int] = context.Queue()
        self._filled: Queue[int] = context.Queue()
        for slot in range(slots):
            self._free.put(slot)
        self._processes = [
            context.Process(target=self._work, args=(seed, number), daemon=True)
            for number in range(workers)
        ]
        for process in self._processes:
            process.start()

    def _work(self, seed: int, number: int) -> None:
        rng = np.random.default_rng([seed, number])
        while True:
            for example in pictures_of(rng, random_scene(rng)):
                slot = self._free.get()
                for name in _SHAPES:
                    getattr(self.pictures[slot], name)[:] = getattr(example, name)
                self._filled.put(slot)

    def take(self) -> int:
        """The number of a filled slot; waits for one."""
        return self._filled.get(timeout=120)

    def give(self, slot: int) -> None:
        """Let a slot be filled again."""
        self._free.put(slot)

    def waiting(self) -> int:
        """About how many slots are filled."""
        return self._filled.qsize()

    def close(self) -> None:
        """End the processes."""
        for process in self._processes:
            process.terminate()


def random_scene(rng: np.random.Generator) -> Scene:
    """A scene of a random seed below the held-out ones."""
    seed = int(rng.integers(1_000_000_000))
    return generate_varied_scene(seed) if rng.random() < VARIED_SHARE else generate_scene(seed)


def pictures_of(rng: np.random.Generator, scene: Scene) -> list[FedPicture]:
    """Several pictures cut from a scene; fewer where parts hold no object."""
    pictures = (cut(rng, scene) for _ in range(PICTURES_A_SCENE))
    return [picture for picture in pictures if picture is not None]


def cut(rng: np.random.Generator, scene: Scene) -> FedPicture | None:
    """The scene or an enlarged part of it, turned and re-coloured, with prompts."""
    scale = 1.0
    if rng.random() < 0.4:
        scale = float(np.exp(rng.uniform(np.log(1.1), np.log(4.5))))
    side = round(PATCH / scale)
    row = int(rng.integers(scene.picture.shape[0] - side + 1))
    column = int(rng.integers(scene.picture.shape[1] - side + 1))
    piece = (slice(row, row + side), slice(column, column + side))
    turns, flip = int(rng.integers(4)), rng.random() < 0.5

    def turned(plane: NDArray[Any]) -> NDArray[Any]:
        plane = np.rot90(plane[piece], turns)
        return np.ascontiguousarray(plane[:, ::-1] if flip else plane)

    picture, instances = turned(scene.picture), turned(scene.instances)
    empty = turned(scene.empty)
    if side != PATCH:
        way = cv2.INTER_LINEAR if rng.random() < 0.6 else cv2.INTER_CUBIC
        picture = np.asarray(cv2.resize(picture, (PATCH, PATCH), interpolation=way), np.uint8)
    found = _prompted(rng, instances, scene.classes)
    if found is None:
        return None
    labels, points, boxes, bounds, count = found
    nothings = np.zeros((NOTHINGS, 4), np.float32)
    whole = (PATCH, PATCH)
    large = np.asarray(cv2.resize(instances, whole, interpolation=cv2.INTER_NEAREST), np.uint16)
    open_ground = cv2.resize(empty.astype(np.uint8), whole, interpolation=cv2.INTER_NEAREST) > 0
    held = empty_boxes(rng, large, open_ground, NOTHINGS)
    nothings[: len(held)] = np.array(held, np.float32).reshape(-1, 4)
    counts = np.array([count, len(held)], np.float32)
    return FedPicture(recolour(rng, picture), labels, points, boxes, bounds, nothings, counts)


def _prompted(
    rng: np.random.Generator, instances: NDArray[np.uint16], classes: tuple[str, ...]
) -> (
    tuple[NDArray[np.uint8], NDArray[np.float32], NDArray[np.float32], NDArray[np.float32], int]
    | None
):
    """Objects of a part, enlarged to a patch: labels, points, boxes, bounds and their number.

    Six of ten are chosen by the square root of their area; lines are preferred.
    """
    areas = np.bincount(instances.ravel(), minlength=len(classes) + 1)
    enlarged = (PATCH / instances.shape[0]) ** 2
    numbers = np.flatnonzero(areas[1:] * enlarged >= _LEAST_AREA) + 1
    if not len(numbers):
        return None
    root = np.sqrt(areas[numbers])
    weight = 0.4 / len(numbers) + 0.6 * root / root.sum()
    weight *= [3.0 if classes[number - 1] in _PREFERRED else 1.0 for number in numbers]
    order = rng.choice(
        numbers, min(2 * OBJECTS, len(numbers)), replace=False, p=weight / weight.sum()
    )
    labels = np.zeros((PATCH, PATCH), np.uint8)
    points = np.zeros((OBJECTS, 2), np.float32)
    boxes, bounds = (np.zeros((OBJECTS, 4), np.float32) for _ in "bb")
    count = 0
    for number in order.tolist():
        mask = one_part(rng, instances == number)
        if mask.shape[0] != PATCH:
            smooth = cv2.resize(mask.astype(np.float32), (PATCH, PATCH))
            mask = smooth > 0.5
            if not mask.any():
                continue
        left, top, right, bottom = bounding_box(mask)
        area = int(mask.sum())
        if min(right - left, bottom - top) < _LEAST_SIDE or area < _LEAST_AREA:
            continue
        if area > 0.9 * PATCH * PATCH:
            continue
        x, y = place_point(rng, mask[top:bottom, left:right], float(rng.choice([0.3, 0.5, 0.9])))
        points[count] = x + left, y + top
        looseness, slack = ((0.06, 1.0), (0.03, 0.5))[int(rng.random() < 0.4)]
        boxes[count] = draw_box(rng, mask, looseness, slack)
        bounds[count] = left, top, right, bottom
        count += 1
        labels[mask] = count
        if count == OBJECTS:
            break
    return (labels, points, boxes, bounds, count) if count else None


def empty_boxes(
    rng: np.random.Generator, instances: NDArray[np.uint16], empty: Mask, count: int
) -> list[tuple[float, float, float, float]]:
    """Up to ``count`` boxes on open ground or in fields that nobody would draw round anything.

    None holds more than a quarter of any object and itself together.
    """
    rows, columns = empty.shape
    sums = np.pad(cv2.integral((~empty).astype(np.uint8)), 0)
    areas = np.bincount(instances.ravel())
    found: list[tuple[float, float, float, float]] = []
    for _ in range(8 * count):
        across = np.exp(rng.uniform(np.log(8), np.log(240)))
        ratio = np.exp(rng.normal(0, 0.4))
        width, height = round(across * ratio**0.5), round(across / ratio**0.5)
        if width >= columns or height >= rows:
            continue
        x, y = int(rng.integers(columns - width)), int(rng.integers(rows - height))
        held = sums[y + height, x + width] - sums[y, x + width] - sums[y + height, x] + sums[y, x]
        if held > 0.02 * width * height:
            continue
        inside = np.bincount(instances[y : y + height, x : x + width].ravel(), minlength=1)
        whole = areas[: len(inside)] + width * height - inside
        if (inside[1:] / whole[1:]).max(initial=0) > 0.25:
            continue
        found.append((float(x), float(y), float(x + width), float(y + height)))
        if len(found) == count:
            break
    return found
