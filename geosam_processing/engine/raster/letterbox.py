"""From the values of a raster to the pixels that a model sees."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

# Objects whose longer side is a smaller share of a patch than this are outlined better when their
# pixels are enlarged for the model.
SMALL = 3 / 32


def letterbox_scale(height: int, width: int, patch_size: int) -> float:
    """Model pixels per chip pixel when the longest side becomes ``patch_size``."""
    return patch_size / max(height, width)


def letterbox_shape(height: int, width: int, patch_size: int) -> tuple[int, int]:
    """Height and width of a chip inside the model's input, without the padding."""
    scale = letterbox_scale(height, width, patch_size)
    return max(int(height * scale + 0.5), 1), max(int(width * scale + 0.5), 1)


def to_model_pixels(
    values: NDArray[np.floating[Any]],
    valid: NDArray[np.bool_],
    value_range: tuple[float, float],
    patch_size: int,
    pixel_mean: tuple[float, float, float],
) -> NDArray[np.float32]:
    """Scale, color and letterbox a chip.

    One band becomes three, two become b1, b2, b2. The chip lies in the upper left
    corner; its longest side is resized to ``patch_size`` (bilinear, antialiased)
    unless it has that length already.

    Args:
        values: [B, H, W] with B from 1 to 3; the scaling is done in their precision.
        valid: [H, W]; where it is False, ``pixel_mean`` is shown.
        value_range: the values that become 0 and 255; others are clipped.
        patch_size: side of the model's input in pixels.
        pixel_mean: red, green, blue in 0..255, also the padding.

    Returns:
        [3, patch_size, patch_size] in 0..255.

    Raises:
        ValueError: the number of bands or a shape does not fit, or the range is empty.
    """
    if values.ndim != 3 or not 1 <= len(values) <= 3 or values.shape[1:] != valid.shape:
        raise ValueError(f"Values {values.shape} and valid {valid.shape} are no chip of 1-3 bands")
    minimum, maximum = value_range
    if not minimum < maximum:
        raise ValueError(f"Empty value range ({minimum}, {maximum})")
    mean = np.asarray(pixel_mean, dtype=np.float32)[:, None, None]

    everywhere = bool(valid.all())
    if not everywhere:
        # Nodata first becomes a harmless number: it may be NaN or overflow when scaled.
        values = np.where(valid, values, values.dtype.type(minimum))
    scaled = np.clip(values, minimum, maximum)
    scaled -= minimum
    scaled *= 255.0 / (maximum - minimum)
    colours = scaled.astype(np.float32, copy=False)
    # Rounding may pass 255 by an ulp.
    np.clip(colours, 0.0, 255.0, out=colours)
    if len(colours) < 3:
        colours = colours[[0, len(colours) - 1, len(colours) - 1]]
    if not everywhere:
        colours = np.where(valid, colours, mean)

    height, width = letterbox_shape(valid.shape[0], valid.shape[1], patch_size)
    if (height, width) != valid.shape:
        colours = _resize(colours, height, width)
    if (height, width) == (patch_size, patch_size):
        return np.ascontiguousarray(colours)
    pixels = np.empty((3, patch_size, patch_size), dtype=np.float32)
    pixels[:] = mean
    pixels[:, :height, :width] = colours
    return pixels


def _resize(image: NDArray[np.float32], height: int, width: int) -> NDArray[np.float32]:
    import torch
    from torch.nn.functional import interpolate

    batch = torch.from_numpy(np.ascontiguousarray(image))[None]
    resized = interpolate(
        batch, size=(height, width), mode="bilinear", align_corners=False, antialias=True
    )
    result: NDArray[np.float32] = resized[0].numpy()
    return result
