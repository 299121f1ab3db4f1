"""Scenes nearer to the world than those of ``scenes._lay_out``, and pictures less perfect."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from training import objects
from training.canvas import Canvas
from training.fractals import fractal
from training.varied_nature import add_level_waters, add_mottled_ground, add_things, mottle
from training.varied_town import add_blocks

Picture = NDArray[np.uint8]
THEMES = ("waters", "town", "things", "lines", "mixture")
_SHARES = (0.32, 0.25, 0.20, 0.12, 0.11)
_SENSORS = {  # colour, false colour, grey, height, index, mixed
    "waters": (0.68, 0.12, 0.06, 0.02, 0.04, 0.08),
    "town": (0.36, 0.06, 0.08, 0.44, 0.02, 0.04),
    "things": (0.46, 0.12, 0.16, 0.10, 0.06, 0.10),
    "lines": (0.6, 0.12, 0.1, 0.06, 0.04, 0.08),
    "mixture": (0.54, 0.12, 0.12, 0.08, 0.04, 0.10),
}


def choose_theme(rng: np.random.Generator) -> tuple[str, str]:
    """A theme, and a sensor that suits it."""
    from training.sensors import SENSORS

    theme = str(rng.choice(THEMES, p=_SHARES))
    return theme, str(rng.choice(SENSORS, p=_SENSORS[theme]))


def lay_out(canvas: Canvas, theme: str) -> None:
    """Paint the landscape of a theme."""
    rng = canvas.rng
    terrain = add_mottled_ground(canvas)
    span = canvas.metres * canvas.width
    if rng.random() < (0.25 if theme == "things" else 0.6):
        side = float(span * rng.uniform(0.1, 0.6))
        objects.add_fields(canvas, side, rng.uniform(0, 1), rng.uniform(0.4, 1))
    mottle(canvas, terrain)
    if theme == "mixture" and rng.random() < 0.5:
        objects.add_patches(canvas, "bare soil", int(rng.integers(1, 8)), span / 60, span / 4)
    if theme == "waters":
        add_level_waters(canvas, terrain, rng.uniform(0.03, 0.4))
        if rng.random() < 0.4:
            objects.add_patches(canvas, "pond", int(rng.integers(1, 20)), span / 80, span / 8)
    elif theme != "town" and rng.random() < 0.35:
        add_level_waters(canvas, terrain, rng.uniform(0.02, 0.15))
    if theme == "lines":
        _add_lines(canvas)
    elif rng.random() < 0.35:
        objects.add_line(canvas, "road", span / 512 * rng.uniform(2, 12), rng.choice([0, 0.1, 0.5]))
    if theme == "things":
        least = float(rng.choice([6, 10, 25, 60]))
        count = int(rng.integers(5, 60) if least < 20 else rng.integers(2, 14))
        add_things(canvas, count, least, min(500.0, least * rng.uniform(2, 12)))
    elif rng.random() < 0.3:
        add_things(canvas, int(rng.integers(1, 15)), 6, 150)
    if rng.random() < (0.35 if theme in ("mixture", "waters") else 0.15):
        objects.add_forests(canvas, int(rng.integers(1, 6)), span / 30, span / 2.5)
    if theme == "town":
        add_blocks(canvas, float(np.exp(rng.uniform(np.log(14), np.log(130)))), rng.uniform(0.4, 1))
    elif rng.random() < 0.12:
        add_blocks(canvas, float(np.exp(rng.uniform(np.log(14), np.log(80)))), rng.uniform(0.1, 1))
    if rng.random() < 0.4:
        objects.add_trees(canvas, int(rng.integers(2, 60)), span / 100, span / 100 * 4)


def _add_lines(canvas: Canvas) -> None:
    """Several roads, rivers and tracks, 3 to 60 pixels wide."""
    rng = canvas.rng
    for _ in range(int(rng.integers(1, 7))):
        width = canvas.metres * float(np.exp(rng.uniform(np.log(4), np.log(45))))
        kind = "river" if rng.random() < 0.5 else "road"
        bend = rng.uniform(0.2, 1.2) if kind == "river" else rng.choice([0, 0.1, 0.6])
        objects.add_line(canvas, kind, width, float(bend))


def degrade(rng: np.random.Generator, picture: Picture) -> Picture:
    """What resampling, weak light and compression take away; the same shape comes back."""
    rows, columns = picture.shape[:2]
    view = picture
    if rng.random() < 0.4:  # shown finer than it was taken
        factor = rng.uniform(1.2, 3.2)
        size = (round(columns / factor), round(rows / factor))
        way = cv2.INTER_AREA if rng.random() < 0.7 else cv2.INTER_NEAREST
        small = cv2.resize(view, size, interpolation=way)
        if rng.random() < 0.5:
            small = _noisy(rng, np.asarray(small, np.uint8), rng.uniform(0, 5))
        ways = (cv2.INTER_LINEAR, cv2.INTER_CUBIC, cv2.INTER_NEAREST, cv2.INTER_LANCZOS4)
        way = int(rng.choice(ways, p=[0.5, 0.3, 0.1, 0.1]))
        view = np.asarray(cv2.resize(small, (columns, rows), interpolation=way), np.uint8)
    if rng.random() < 0.35:  # weak contrast, uneven light
        mean = float(view.mean())
        scale = np.float32(rng.uniform(0.3, 0.9))
        light = 1 + np.float32(rng.uniform(0, 0.12)) * fractal(rng, (rows, columns), 512, 256)
        weak = (view.astype(np.float32) - mean) * scale + mean + rng.normal(0, 25)
        view = np.clip(weak * light[..., None], 0, 255).astype(np.uint8)
    if rng.random() < 0.2:
        quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(35, 92))]
        code = cv2.imencode(".jpg", view, quality)[1]
        view = np.asarray(cv2.imdecode(code, cv2.IMREAD_COLOR), np.uint8)
    return view


def _noisy(rng: np.random.Generator, picture: Picture, strength: float) -> Picture:
    noise = rng.standard_normal(picture.shape, dtype=np.float32) * np.float32(strength)
    if (picture[..., 0] == picture[..., 2]).all():
        noise[:] = noise[..., :1]
    return np.clip(picture + noise, 0, 255).astype(np.uint8)
