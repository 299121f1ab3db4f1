"""Features pooled from boxes, as ``torchvision.ops.roi_align`` does by default.

Next to a CPU build of torch the registry's torchvision has no kernel for it, and what it does
instead needs a C++ compiler.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor


def roi_align(features: Tensor, boxes: Sequence[Tensor], size: int) -> Tensor:
    """Pool ``size`` x ``size`` cells of each box.

    A cell is the mean of samples that are spread evenly in it, at most one pixel apart. Each
    is interpolated between pixels; what lies more than a pixel outside the map is zero.

    Args:
        features: [B, C, h, w].
        boxes: for each of the B images [N, 4] as x0, y0, x1, y1 in pixels of the map.

    Returns:
        [sum of N, C, size, size], in the type of ``features``.
    """
    pooled = [
        _pool(image, box, size)
        for image, boxes_of_image in zip(features, boxes, strict=True)
        for box in boxes_of_image.tolist()
    ]
    if not pooled:
        return features.new_zeros((0, features.shape[1], size, size))
    return torch.stack(pooled).to(features.dtype)


def _pool(image: Tensor, box: Sequence[float], size: int) -> Tensor:
    """[C, h, w] and one box to [C, size, size]."""
    x0, y0, x1, y1 = box
    rows = _Samples(y0, y1, size, image.shape[1], image)
    columns = _Samples(x0, x1, size, image.shape[2], image)
    lines = image[:, rows.lower] * (1 - rows.share)[:, None]
    lines += image[:, rows.upper] * rows.share[:, None]
    values = lines[..., columns.lower] * (1 - columns.share)
    values += lines[..., columns.upper] * columns.share
    values *= rows.inside[:, None] & columns.inside
    return values.reshape(-1, size, rows.per_cell, size, columns.per_cell).mean((2, 4))


class _Samples:
    """Positions along one axis of a box, between the pixels ``lower`` and ``upper``.

    Attributes:
        share: how far from the center of ``lower`` to that of ``upper``, 0 to 1.
        inside: whether a position lies in the map, or at most a pixel outside.
    """

    def __init__(self, begin: float, end: float, cells: int, limit: int, like: Tensor) -> None:
        length = max(end - begin, 1.0)
        self.per_cell = max(int(-(-length // cells)), 1)
        steps = torch.arange(cells * self.per_cell, device=like.device) + 0.5
        positions = begin + steps * (length / cells / self.per_cell)
        self.inside = (positions >= -1) & (positions <= limit)
        positions = positions.clamp(0, limit - 1)
        self.lower = positions.floor().long()
        self.upper = (self.lower + 1).clamp(max=limit - 1)
        self.share = (positions - self.lower).to(like.dtype)
