"""From the ground to the picture: what a sensor, the air and a display stretch make of it."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from training.canvas import Canvas

Picture = NDArray[np.uint8]
SENSORS = ("colour", "false colour", "grey", "height", "index", "mixed")
_SHARES = (0.62, 0.10, 0.09, 0.08, 0.05, 0.06)


def choose_sensor(rng: np.random.Generator) -> str:
    """A sensor at random, natural colour most often."""
    return str(rng.choice(SENSORS, p=_SHARES))


def take_picture(canvas: Canvas, sensor: str) -> Picture:
    """Render a canvas as (rows, columns, 3) uint8 as one of ``SENSORS`` sees it.

    One-band sensors repeat their band three times, as SAM's input wants it.
    """
    rng = canvas.rng
    bands = np.clip(canvas.bands, 0, 1.2)
    if rng.random() < 0.6:
        bands = _blur(bands, rng.uniform(0.35, 1.3))
    view: NDArray[Any]
    if sensor == "height":
        heights = _blur(canvas.heights, rng.uniform(0.4, 1.2))
        view = heights + rng.normal(0, rng.uniform(0.02, 0.15), heights.shape)
        view = view[..., None]
    elif sensor == "index":
        one, two = (3, 0) if rng.random() < 0.7 else (1, 3)
        view = (bands[..., one] - bands[..., two]) / (bands[..., one] + bands[..., two] + 0.02)
        view = view[..., None]
    elif sensor == "grey":
        weights = rng.dirichlet([2, 3, 1, 1])
        view = (bands @ weights.astype(np.float32))[..., None]
    elif sensor == "false colour":
        view = bands[..., [3, 0, 1]]
    elif sensor == "mixed":
        mixing = np.abs(rng.normal(0, 0.5, (4, 3))) + np.eye(4, 3)
        view = bands @ (mixing / mixing.sum(0)).astype(np.float32)
    else:
        view = bands[..., :3]
    picture = _expose(rng, np.asarray(view, np.float32), sensor)
    return np.asarray(np.repeat(picture, 3, 2)) if picture.shape[2] == 1 else picture


def _blur(planes: NDArray[np.float32], sigma: float) -> NDArray[np.float32]:
    return np.asarray(cv2.GaussianBlur(planes, (0, 0), float(sigma)), np.float32)


def _expose(rng: np.random.Generator, view: NDArray[Any], sensor: str) -> Picture:
    """Haze, light, noise and the stretch to bytes."""
    if sensor in ("colour", "false colour", "mixed"):
        gain = 1 + rng.normal(0, 0.06, (1, 1, view.shape[2]))
        view = view * gain.astype(np.float32)
        haze = max(0.0, rng.normal(0, 0.15))
        view = view * (1 - haze) + haze * np.float32(0.7)
    if sensor in ("height", "index") or rng.random() < 0.45:  # a percentile stretch
        low, high = np.percentile(view[::4, ::4], [rng.uniform(0, 3), rng.uniform(97, 100)])
    else:
        low, high = rng.uniform(-0.08, 0.06), rng.uniform(0.6, 1.15)
    view = np.clip((view - low) / max(high - low, 1e-3), 0, 1) ** np.float32(rng.uniform(0.65, 1.3))
    strength = rng.uniform(0, 6) if rng.random() < 0.7 else rng.uniform(6, 14)
    noise = rng.standard_normal(view.shape, dtype=np.float32) * np.float32(strength)
    picture = np.clip(view * 255 + noise, 0, 255).astype(np.uint8)
    if rng.random() < 0.3 and picture.shape[2] == 3:  # compressed as web tiles are
        quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(45, 95))]
        picture = np.asarray(
            cv2.imdecode(cv2.imencode(".jpg", picture, quality)[1], cv2.IMREAD_COLOR), np.uint8
        )
    return picture
