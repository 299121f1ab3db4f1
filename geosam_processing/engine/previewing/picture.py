"""A picture of a raster as the model sees it, with the patches over it."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from geosam_processing.contract.files import write_whole
from geosam_processing.engine import errors
from geosam_processing.engine.encoding.plan import EncodePlan
from geosam_processing.engine.previewing.overview import Overview
from geosam_processing.engine.raster.letterbox import to_model_pixels

SIDE = 1024  # pixels of the longer side
# Where more patches lie side by side, every n-th is drawn: lines alone would be seen.
_MOST_DRAWN = 24
# Four colors, so that patches that overlap can be told apart.
_COLOURS = ((255, 210, 63), (63, 200, 255), (255, 110, 160), (140, 255, 120))
_SHADE = 22  # opacity of white, for each patch more that lies over a pixel, up to three
_OBJECT_COLOUR = (255, 255, 255)
# What a pixel without data looks like.
_NO_DATA = (96.0, 96.0, 96.0)


def write_picture(
    path: Path,
    overview: Overview,
    value_range: tuple[float, float],
    plan: EncodePlan,
    objects: NDArray[np.float64],
) -> None:
    """Write a PNG whole or not at all.

    Args:
        overview: the plan's grid at a glance, on a lattice.
        objects: [N, 4] left, top, right, bottom in pixels of the grid.

    Raises:
        OutputError: the file cannot be written.
    """
    height, width = overview.valid.shape
    pixels = to_model_pixels(
        overview.values, overview.valid, value_range, max(height, width), _NO_DATA
    )
    scene = Image.fromarray(
        np.ascontiguousarray(pixels[:, :height, :width].transpose(1, 2, 0)).astype(np.uint8)
    )
    scale = SIDE / max(height, width)
    size = max(round(width * scale), 1), max(round(height * scale), 1)
    smooth = Image.Resampling.NEAREST if scale > 1 else Image.Resampling.BILINEAR
    scene = scene.resize(size, smooth).convert("RGBA")
    scene.alpha_composite(_patches(plan, size))
    draw = ImageDraw.Draw(scene)
    for box in objects:
        draw.rectangle(_on_picture(box, plan, size, 0), outline=_OBJECT_COLOUR)
    content = io.BytesIO()
    scene.convert("RGB").save(content, "PNG")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, content.getbuffer())
    except OSError as error:
        raise errors.OutputError(
            "The picture {} cannot be written ({}): choose another file for PREVIEW",
            path,
            error.strerror or error,
        ) from error


def _patches(plan: EncodePlan, size: tuple[int, int]) -> Image.Image:
    """The outlines of the patches, each a little inside its own; overlaps are shaded."""
    grid = plan.patches
    row_step = -(-grid.row_count // _MOST_DRAWN)
    column_step = -(-grid.column_count // _MOST_DRAWN)
    width, height = grid.window_size
    depth = np.zeros(size[::-1])
    lines = Image.new("RGBA", size)
    draw = ImageDraw.Draw(lines)
    for row in range(0, grid.row_count, row_step):
        for column in range(0, grid.column_count, column_step):
            x, y = grid.column_start(column), grid.row_start(row)
            odd = row // row_step % 2 * 2 + column // column_step % 2
            box = _on_picture((x, y, x + width, y + height), plan, size, 1 + 2 * odd)
            left, top, right, bottom = (round(edge) for edge in box)
            depth[top : bottom + 1, left : right + 1] += 1
            draw.rectangle(box, outline=(*_COLOURS[odd], 235), width=2)
    shade = np.full((*depth.shape, 4), 255, dtype=np.uint8)
    shade[..., 3] = np.minimum(np.maximum(depth - 1, 0) * _SHADE, 3 * _SHADE)
    picture = Image.fromarray(shade)
    picture.alpha_composite(lines)
    return picture


def _on_picture(
    box: NDArray[np.float64] | tuple[float, float, float, float],
    plan: EncodePlan,
    size: tuple[int, int],
    inset: int,
) -> tuple[float, float, float, float]:
    x_scale, y_scale = size[0] / plan.width, size[1] / plan.height
    left, top = float(box[0]) * x_scale + inset, float(box[1]) * y_scale + inset
    right, bottom = float(box[2]) * x_scale - 1 - inset, float(box[3]) * y_scale - 1 - inset
    return left, top, max(right, left), max(bottom, top)
