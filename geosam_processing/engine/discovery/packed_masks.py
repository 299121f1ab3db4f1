"""Many masks of one patch as bits, which makes comparing them cheap."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Bits = NDArray[np.uint16]
_WORD = 16
# NumPy counts bits itself from version 2 on only.
_ONES = np.array([bin(word).count("1") for word in range(1 << _WORD)], dtype=np.uint8)


def pack(masks: NDArray[np.bool_]) -> Bits:
    """Masks [..., h, w] as words [..., n], the last ones filled up with False."""
    flat = masks.reshape(*masks.shape[:-2], -1)
    rest = -flat.shape[-1] % _WORD
    if rest:
        flat = np.concatenate([flat, np.zeros((*flat.shape[:-1], rest), dtype=bool)], axis=-1)
    return np.packbits(flat, axis=-1).view(np.uint16)


def unpack(bits: Bits, shape: tuple[int, int]) -> NDArray[np.bool_]:
    """The inverse of ``pack``."""
    flat = np.unpackbits(np.ascontiguousarray(bits).view(np.uint8), axis=-1)
    flat = flat[..., : shape[0] * shape[1]]
    return flat.reshape(*bits.shape[:-1], *shape).astype(bool)


def area(bits: Bits) -> NDArray[np.int64]:
    """How many pixels each mask has."""
    return np.asarray(_ONES[bits].sum(-1, dtype=np.int64))


def best_first(scores: NDArray[np.float32], bits: Bits) -> NDArray[np.intp]:
    """Indices by falling score; of equal scores the larger mask first, then the earlier."""
    return np.lexsort((np.arange(len(scores)), -area(bits), -scores))


def suppress(bits: Bits, scores: NDArray[np.float32], limit: float) -> NDArray[np.intp]:
    """Mask non-maximum suppression.

    Returns:
        Indices of the masks that no better one overlaps with an IoU above ``limit``, best first.
    """
    order = best_first(scores, bits)
    sizes = area(bits)
    chosen = []
    while len(order):
        best, rest = order[0], order[1:]
        chosen.append(best)
        # Sizes alone bound the IoU from above: most pairs need no comparison of pixels.
        smaller = np.minimum(sizes[rest], sizes[best])
        (near,) = np.nonzero(smaller > limit * np.maximum(sizes[rest], sizes[best]))
        common = area(bits[rest[near]] & bits[best])
        iou = common / np.maximum(sizes[rest[near]] + sizes[best] - common, 1)
        stays = np.ones(len(rest), dtype=bool)
        stays[near[iou > limit]] = False
        order = rest[stays]
    return np.array(chosen, dtype=np.intp)
