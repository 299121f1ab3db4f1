"""Aerial-like scenes with the exact mask of every object, from an integer seed."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from training import objects
from training.canvas import Canvas
from training.sensors import choose_sensor, take_picture
from training.varied_scene import choose_theme, degrade, lay_out

MIN_SIDE = 12
MIN_AREA = 150
MIN_THICKNESS = 5.0
MIN_CONTRAST = 7.0


@dataclass(frozen=True)
class Worth:
    """What makes a thing worth a prompt; the rest is background.

    Attributes:
        side, area, thickness: least width and height, area and thickness, pixels.
        contrast: least difference to what surrounds it, of 255.
    """

    side: int
    area: int
    thickness: float
    contrast: float


CLEAR = Worth(MIN_SIDE, MIN_AREA, MIN_THICKNESS, MIN_CONTRAST)
FAINT = Worth(side=6, area=30, thickness=2.5, contrast=4.0)
_FLAT = frozenset({"field", "bare soil", "snow", "road"})
HELD_OUT_SEEDS = 1_000_000_000
"""Seeds from here on are for evaluation and demonstration; training uses smaller ones."""


@dataclass(frozen=True)
class Scene:
    """A picture and what it shows.

    Attributes:
        picture: (rows, columns, 3) uint8.
        instances: (rows, columns) uint16; 0 is background, k is object k.
        classes: the class of object k is ``classes[k - 1]``.
        metres: ground resolution in metres per pixel.
        sensor: one of ``sensors.SENSORS``.
        empty: (rows, columns) bool, open ground and fields: a box there holds nothing.
    """

    picture: NDArray[np.uint8]
    instances: NDArray[np.uint16]
    classes: tuple[str, ...]
    metres: float
    sensor: str
    empty: NDArray[np.bool_]


def generate_scene(
    seed: int,
    height: int = 512,
    width: int = 512,
    metres: float | None = None,
    sensor: str | None = None,
) -> Scene:
    """Make the scene of a seed; the same arguments give the same scene.

    Objects are the connected visible parts of things that a person would prompt at
    this resolution: at least ``MIN_SIDE`` pixels wide and high, ``MIN_AREA`` pixels
    large, ``MIN_THICKNESS`` pixels thick somewhere, and set off from what surrounds them.
    """
    rng = np.random.default_rng(seed)
    if metres is None:
        metres = float(np.exp(rng.uniform(np.log(0.15), np.log(5.0))))
    canvas = Canvas(rng, height, width, metres)
    _lay_out(canvas)
    chosen = sensor or choose_sensor(rng)
    picture = take_picture(canvas, chosen)
    instances, classes = _visible_objects(canvas, picture, CLEAR)
    return Scene(picture, instances, tuple(classes), metres, chosen, canvas.empty)


def generate_varied_scene(seed: int, height: int = 512, width: int = 512) -> Scene:
    """Make a scene nearer to the world, of a seed: one of ``varied_scene.THEMES``.

    Its objects are smaller and fainter than those of ``generate_scene``, as ``FAINT`` says,
    and its picture may be blurred, weak or compressed.
    """
    rng = np.random.default_rng([seed, 1])
    metres = float(np.exp(rng.uniform(np.log(0.15), np.log(6.0))))
    canvas = Canvas(rng, height, width, metres)
    theme, sensor = choose_theme(rng)
    lay_out(canvas, theme)
    picture = degrade(rng, take_picture(canvas, sensor))
    if sensor == "height":  # what has no height cannot be seen
        flat = np.array([False] + [name in _FLAT for name in canvas.classes])
        canvas.instances[flat[canvas.instances]] = 0
    instances, classes = _visible_objects(canvas, picture, FAINT)
    return Scene(picture, instances, tuple(classes), metres, sensor, canvas.empty)


def _lay_out(canvas: Canvas) -> None:
    """Paint a landscape from the ground up: later things hide earlier ones."""
    rng = canvas.rng
    span = canvas.metres * float(np.sqrt(canvas.height * canvas.width))  # metres across
    scale = span / canvas.metres / 512  # canvases larger than a patch hold more
    crowd = scale * scale
    objects.add_ground(canvas)
    style = str(rng.choice(["farmland", "village", "town", "wetland", "wild"]))
    if style in ("farmland", "village") or rng.random() < 0.3:
        side = float(np.clip(span / scale * rng.uniform(0.12, 0.45), 15, 400))
        objects.add_fields(canvas, side, rng.uniform(0, 1), rng.uniform(0.6, 1))
    if rng.random() < 0.12:
        objects.add_pivots(canvas, int(rng.integers(1, 6) * crowd) + 1)

    def some(low: int, high: int) -> int:
        return int(rng.integers(low, high + 1) * crowd)

    def sizes(least: float, most: float) -> tuple[float, float]:
        low = max(least, 14 * canvas.metres)
        return low, max(low * 1.3, min(most, 0.45 * span / scale))

    if rng.random() < 0.5:
        objects.add_patches(canvas, "bare soil", some(1, 8), *sizes(5, 150))
    if rng.random() < (0.5 if style == "wild" else 0.12):
        objects.add_patches(canvas, "snow", some(1, 12), *sizes(4, 200))
    if rng.random() < 0.25:
        objects.add_line(canvas, "river", rng.uniform(4, 45), rng.uniform(0.2, 1))
    if rng.random() < (1.0 if style == "wetland" else 0.45):
        count = some(6, 30) if style == "wetland" else some(1, 6)
        objects.add_patches(canvas, "pond", count, *sizes(6, 250))
    for _ in range(int(rng.integers(0, 3 if style != "town" else 5))):
        objects.add_line(canvas, "road", rng.uniform(3, 14), rng.choice([0, 0.1, 0.6]))
    if rng.random() < (0.9 if style == "wild" else 0.4):
        objects.add_forests(canvas, some(1, 7), *sizes(15, 300))
    if style in ("village", "town") or rng.random() < 0.15:
        plot = float(np.clip(rng.uniform(14, 45), 24 * canvas.metres, 60))
        objects.add_settlement(canvas, plot, rng.uniform(0.4, 1))
    if rng.random() < (0.5 if style == "town" else 0.2):
        objects.add_halls(canvas, some(1, 8))
    if rng.random() < 0.65:
        objects.add_trees(canvas, some(4, 40), *sizes(2.5, 14))


def _visible_objects(
    canvas: Canvas, picture: NDArray[np.uint8], worth: Worth
) -> tuple[NDArray[np.uint16], list[str]]:
    """Number the connected parts that are worth a prompt; the rest is background."""
    result = np.zeros(canvas.instances.shape, np.uint16)
    classes: list[str] = []
    for number, row, column, rows, columns in _extents(canvas.instances):
        window = (slice(row, row + rows), slice(column, column + columns))
        whole = (canvas.instances[window] == number).astype(np.uint8)
        _, labels, statistics, _ = cv2.connectedComponentsWithStats(whole, connectivity=4)
        for label in range(1, len(statistics)):
            left, top, part_width, part_height, area = statistics[label].tolist()
            if area < worth.area or min(part_width, part_height) < worth.side:
                continue
            piece = (slice(top, top + part_height), slice(left, left + part_width))
            mask = labels[piece] == label
            place = (row + top, column + left)
            if _thickness(mask) >= worth.thickness and _stands_out(
                mask, place, picture, worth.contrast
            ):
                classes.append(canvas.classes[number - 1])
                region = result[place[0] : place[0] + part_height]
                region[:, place[1] : place[1] + part_width][mask] = len(classes)
    return result, classes


def _extents(instances: NDArray[np.int32]) -> list[tuple[int, int, int, int, int]]:
    """(number, row, column, rows, columns) of every object present, in one pass."""
    flat = instances.ravel()
    order = np.argsort(flat, kind="stable")
    numbers, starts = np.unique(flat[order], return_index=True)
    ends = np.append(starts[1:], flat.size)
    extents = []
    for number, start, end in zip(numbers.tolist(), starts.tolist(), ends.tolist(), strict=True):
        if number == 0:
            continue
        rows, columns = np.divmod(order[start:end], instances.shape[1])
        row, column = int(rows.min()), int(columns.min())
        extents.append(
            (number, row, column, int(rows.max()) - row + 1, int(columns.max()) - column + 1)
        )
    return extents


def _thickness(mask: NDArray[np.bool_]) -> float:
    """Diameter in pixels of the largest disc inside a mask."""
    padded = np.pad(mask.astype(np.uint8), 1)
    return 2 * float(cv2.distanceTransform(padded, cv2.DIST_L2, 3).max()) - 1


def _stands_out(
    mask: NDArray[np.bool_],
    place: tuple[int, int],
    picture: NDArray[np.uint8],
    contrast: float,
) -> bool:
    """Whether the picture differs between an object's rim and what lies just beyond it.

    Compared in brightness or in texture, in the clearest band.
    """
    border = 7
    top, left = max(place[0] - border, 0), max(place[1] - border, 0)
    bottom = min(place[0] + mask.shape[0] + border, picture.shape[0])
    right = min(place[1] + mask.shape[1] + border, picture.shape[1])
    inside = np.zeros((bottom - top, right - left), np.uint8)
    inside[
        place[0] - top : place[0] - top + mask.shape[0],
        place[1] - left : place[1] - left + mask.shape[1],
    ] = mask
    kernel = np.ones((2 * border - 1, 2 * border - 1), np.uint8)
    ring = (cv2.dilate(inside, kernel) > 0) & (inside == 0)
    rim = (inside > 0) & (cv2.erode(inside, kernel, borderValue=0) == 0)
    if not ring.any() or not rim.any():
        return False
    region = picture[top:bottom, left:right]
    near, beyond = region[rim].astype(np.float32), region[ring].astype(np.float32)
    difference = np.abs(near.mean(0) - beyond.mean(0)).max()
    return bool(difference >= contrast)
