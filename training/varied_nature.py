"""Ground, waters and things without a name, nearer to the world than ``objects``.

Real ground is mottled at every size, real shores are belts of reeds, mud and salt, real
water is dark in one pond and of the color of a field in the next. Outlines are levels of
fractal terrain, so they have bays, arms and islands.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from training import materials
from training.canvas import Canvas
from training.fractals import Plane, fractal, step, veins, warped
from training.materials import Material, pick
from training.shapes import Stamp, blob, footprint, rasterize, rectangle, stroke

Mask = NDArray[np.bool_]
_TAKEN = 0.03


def _whole(canvas: Canvas) -> Stamp:
    return Stamp(0, 0, np.ones((canvas.height, canvas.width), bool))


def add_mottled_ground(canvas: Canvas) -> Plane:
    """Cover the canvas with two mingled grounds; returns its terrain, deviation 1."""
    rng, shape = canvas.rng, (canvas.height, canvas.width)
    whole = _whole(canvas)
    terrain = fractal(rng, shape, rng.uniform(80, 400), 2, rng.uniform(0.35, 0.62))
    if rng.random() < 0.4:
        terrain = warped(rng, terrain, rng.uniform(4, 25), rng.uniform(30, 120))
    low, high = (
        canvas.surface(whole, pick(rng, materials.GROUND + materials.FIELDS, 0.1)) for _ in "lh"
    )
    share = step(terrain, rng.uniform(-0.5, 0.5), rng.uniform(0.8, 4))[..., None]
    canvas.paint(whole, np.asarray(low * (1 - share) + high * share, np.float32), None)
    canvas.empty[:] = True
    canvas.heights += terrain * np.float32(rng.uniform(0, 3))
    return terrain


def mottle(canvas: Canvas, terrain: Plane) -> None:
    """Moist and eroded places, paths of water and stripes on all that is painted by now."""
    rng, shape = canvas.rng, (canvas.height, canvas.width)
    light = np.ones(shape, np.float32)
    light += np.float32(rng.uniform(0, 0.10)) * fractal(rng, shape, rng.uniform(20, 200), 1.5, 0.6)
    light += np.float32(rng.normal(0, 0.06)) * terrain
    if rng.random() < 0.5:
        pale = fractal(rng, shape, rng.uniform(20, 120), 3, 0.5)
        light += np.float32(rng.normal(0, 0.15)) * step(pale, rng.uniform(0.8, 1.6), 0.7)
    if rng.random() < 0.4:
        lines = veins(rng, shape, rng.uniform(40, 200), rng.uniform(0.01, 0.08))
        light += np.float32(rng.normal(0, 0.12)) * lines
    if rng.random() < 0.3:
        _, across = canvas.local_grid(_whole(canvas), rng.choice([0, 0.5]) * np.pi)
        wave = np.sin(across * np.float32(2 * np.pi / rng.uniform(2.5, 14)))
        light += np.float32(rng.uniform(0, 0.05)) * wave
    canvas.bands *= np.clip(light, 0.3, 1.8)[..., None]


def add_level_waters(canvas: Canvas, terrain: Plane, share: float) -> None:
    """Flood the lowest ``share`` of the terrain; each connected water is a pond."""
    rng = canvas.rng
    surface = terrain
    if rng.random() < 0.7:  # shores smoother than the ground, or rougher
        sigma = rng.uniform(0.7, 5)
        surface = np.asarray(cv2.GaussianBlur(terrain, (0, 0), sigma), np.float32)
    wet = (surface < np.quantile(surface[::4, ::4], share)).astype(np.uint8)
    count, labels, statistics, _ = cv2.connectedComponentsWithStats(wet, connectivity=4)
    large = np.flatnonzero(statistics[:, cv2.CC_STAT_AREA] >= 25)
    large = large[large > 0][:150]
    wet = np.isin(labels, large).astype(np.uint8)
    if not wet.any():
        return
    beyond = np.asarray(cv2.distanceTransform(1 - wet, cv2.DIST_L2, 3), np.float32)
    within = np.asarray(cv2.distanceTransform(wet, cv2.DIST_L2, 3), np.float32)
    _shores(canvas, beyond)
    kinds = [_water_surface(canvas, within) for _ in range(int(rng.integers(1, 4)))]
    of_label = rng.integers(len(kinds), size=count)
    for number in large.tolist():
        left, top, width, height, _ = statistics[number].tolist()
        window = (slice(top, top + height), slice(left, left + width))
        stamp = Stamp(top, left, labels[window] == number)
        heights = canvas.heights[window]
        heights[stamp.mask] = heights[stamp.mask].min()
        canvas.paint(stamp, kinds[int(of_label[number])][window], "pond")
    if rng.random() < 0.3:  # weeds in the water, part of it
        weeds = fractal(rng, wet.shape, rng.uniform(4, 20), 1.5, 0.7) > rng.uniform(1.3, 2.5)
        near = weeds & (wet > 0) & (within < rng.uniform(3, 30))
        canvas.bands[near] *= np.float32(rng.uniform(0.8, 1.6))


def _shores(canvas: Canvas, beyond: Plane) -> None:
    """Belts round the waters: reeds, mud, salt; each of a width that varies along the shore."""
    rng = canvas.rng
    shape = beyond.shape
    wobble = fractal(rng, shape, rng.uniform(15, 80), 4, 0.5)
    outer = rng.uniform(2, 16)
    for _ in range(int(rng.integers(0, 4))):
        outer *= rng.uniform(0.35, 0.9)
        reach = np.float32(outer) * np.clip(1 + np.float32(rng.uniform(0.2, 0.9)) * wobble, 0, 3)
        belt = (beyond < reach) & (beyond > 0)
        choices = materials.GROUND + materials.SOIL + materials.TREES + materials.FIELDS
        surface = canvas.surface(_whole(canvas), pick(rng, choices, 0.1))
        opacity = np.float32(rng.uniform(0.3, 1.0))
        canvas.bands[belt] = (1 - opacity) * canvas.bands[belt] + opacity * surface[belt]
        canvas.instances[belt] = 0
        canvas.empty[belt] = False


def _water_surface(canvas: Canvas, within: Plane) -> NDArray[np.float32]:
    """Water for the whole canvas: dark, turbid, or of the color of what lies about."""
    rng = canvas.rng
    whole = _whole(canvas)
    shape = within.shape
    first = _water_material(canvas)
    surface = canvas.surface(whole, first)
    if rng.random() < 0.65:  # two waters mingle, here and there or from one side to the other
        second = canvas.surface(whole, _water_material(canvas))
        plane = fractal(rng, shape, rng.uniform(60, 400), rng.uniform(4, 60), 0.5, 2)
        if rng.random() < 0.4:
            along, _ = canvas.local_grid(whole, rng.uniform(0, 2 * np.pi))
            plane = 0.5 * plane + along / np.float32(rng.uniform(20, 150))
            plane -= plane[rng.integers(shape[0]), rng.integers(shape[1])]
        share = step(plane, rng.normal(0, 0.7), rng.uniform(0.5, 4))[..., None]
        share *= np.float32(rng.uniform(0.2, 1))
        surface = surface * (1 - share) + second * share
    if rng.random() < 0.5:  # shallows
        depth = np.exp(-within / np.float32(rng.uniform(1, 12)))
        tone = np.float32(rng.normal(0.04, 0.07))
        surface = surface + tone * depth[..., None]
    if rng.random() < 0.35:  # waves and glint
        wave = fractal(rng, shape, rng.uniform(3, 12), 1, 0.8, rng.uniform(1, 4))
        surface = surface + np.float32(rng.uniform(0.003, 0.03)) * wave[..., None]
    return np.asarray(np.clip(surface, 0.01, 1), np.float32)


def _water_material(canvas: Canvas) -> Material:
    """A water, or one in the color of the ground at some place, darker."""
    rng = canvas.rng
    if rng.random() < 0.65:
        return pick(rng, materials.WATER, canvas.strangeness)
    row, column = int(rng.integers(canvas.height)), int(rng.integers(canvas.width))
    near = canvas.bands[row, column]
    red, green, blue = np.clip(near[:3] * rng.uniform(0.4, 1.0) + rng.normal(0, 0.03, 3), 0.02, 0.9)
    return Material((float(red), float(green), float(blue), 0.05), 0.03, 0.006, 6)


def add_things(canvas: Canvas, count: int, least: float, most: float) -> None:
    """Things without a name: any outline, ``least`` to ``most`` pixels across.

    Each has the color and texture of what it lies on, changed a little or a lot, so that a
    model learns edges rather than names.
    """
    rng = canvas.rng
    for _ in range(count):
        across = float(np.exp(rng.uniform(np.log(least), np.log(most))))
        stamp = _any_outline(canvas, across)
        if stamp is None or canvas.covered(stamp, frozenset({"thing", "pond"})) > _TAKEN:
            continue
        below = canvas.bands[stamp.window]
        mean = below[stamp.mask].mean(0)
        change = rng.normal(0, 1, 4)
        change = change / np.linalg.norm(change) + rng.normal(0, 0.7)
        strength = float(np.exp(rng.uniform(np.log(0.03), np.log(0.4))))
        red, green, blue, infrared = np.clip(mean + change * strength, 0.02, 0.98).tolist()
        grain = float(np.exp(rng.uniform(np.log(0.004), np.log(0.06))))
        material = Material((red, green, blue, infrared), 0, grain, float(rng.uniform(0.5, 8)))
        surface = canvas.surface(stamp, material)
        if rng.random() < 0.5:  # it lets through what it lies on
            surface = 0.5 * surface + 0.5 * (below - mean + np.array(material.colour))
        if rng.random() < 0.3:  # light on one side
            along, _ = canvas.local_grid(stamp, rng.uniform(0, 2 * np.pi))
            slope = (along - along.mean()) / max(float(np.abs(along).max()), 1.0)
            surface = surface * (1 + np.float32(rng.uniform(0, 0.6)) * slope[..., None])
        tall = rng.normal(0, 5)
        canvas.raise_ground(stamp, float(tall))
        if tall > 0 and rng.random() < 0.4:
            canvas.shadow(stamp, tall)
        canvas.paint(stamp, np.asarray(surface, np.float32), "thing")


def _any_outline(canvas: Canvas, across: float) -> Stamp | None:
    rng = canvas.rng
    centre = rng.uniform(-0.02, 1.02, 2) * (canvas.width, canvas.height)
    angle = rng.uniform(0, np.pi)
    kind = rng.choice(4, p=[0.4, 0.15, 0.2, 0.25])
    if kind == 3:  # a strip: an oxbow, a hedge, a ditch
        return _strip(canvas, centre, across)
    if kind == 0:
        outline = blob(rng, centre, across / 2, rng.uniform(0.05, 0.7), rng.uniform(0.35, 1))
    elif kind == 1:
        size = (across, across * rng.uniform(0.2, 1))
        outline = rectangle(centre, size, angle)
    else:
        size = (across, across * rng.uniform(0.4, 1))
        outline = footprint(rng, centre, size, angle)
    return rasterize(outline, canvas.height, canvas.width)


def _strip(canvas: Canvas, centre: NDArray[np.float64], length: float) -> Stamp | None:
    """A bent band of a length in pixels, a fifth to a twentieth as wide, at least 3 pixels."""
    rng = canvas.rng
    turn = rng.uniform(0.01, 4)  # radians that the band turns by
    angle = np.linspace(-0.5, 0.5, 24) * turn
    radius = length * 1.3 / turn
    line = np.stack([np.sin(angle), 1 - np.cos(angle)], 1) * radius
    line += rng.normal(0, length * 0.01, line.shape)
    turned = rng.uniform(0, 2 * np.pi)
    matrix = np.array([[np.cos(turned), np.sin(turned)], [-np.sin(turned), np.cos(turned)]])
    width = max(3.0, length * rng.uniform(0.05, 0.22))
    return stroke((line - line.mean(0)) @ matrix + centre, width, canvas.height, canvas.width)
