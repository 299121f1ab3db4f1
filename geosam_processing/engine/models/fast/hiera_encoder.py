"""SAM2's image encoder on a CPU, rearranged.

``FastHiera`` equals ``sam2.modeling.backbones.image_encoder.ImageEncoder``, followed by the two
convolutions of ``SAM2Base.forward_image``, up to rounding:

- The position embeddings of the neck, which only a memory of videos uses, are not made.
- Bias, GELU and residual sum are made inside the products, see ``matrix_products``.
- The first stages attend within windows that fill the image: their tokens stay in the order of
  the windows, and some windows at a time pass all these blocks, so that they stay in the
  processor's cache.
- A convolution of kernel 1 is a product on tokens. In the two finer levels the neck's and the
  mask decoder's convolution follow each other, so one product makes both.
- A patch at a time: batches are not faster on a CPU, and a patch's features do not depend on
  which others are encoded with it.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import conv2d, layer_norm, pad

from geosam_processing.engine.models.fast.blockwise_attention import attend
from geosam_processing.engine.models.fast.matrix_products import Linear

# Tokens of the windows that pass the first stages at a time.
_TOKENS_AT_ONCE = 2048


class FastHiera:
    """Takes the place of an ``ImageEncoder`` on a CPU; the neck computes in float32."""

    def __init__(
        self, encoder: Any, finest: nn.Module, finer: nn.Module, side: int, dtype: torch.dtype
    ) -> None:
        """Take the weights out of ``encoder``, which can no longer be used afterwards.

        Args:
            finest, finer: the mask decoder's convolutions for the two finer levels.
            side: of the images, in pixels.
        """
        trunk = encoder.trunk
        embedding = trunk.patch_embed.proj
        self._embed_weight = embedding.weight.detach().to(dtype, memory_format=torch.channels_last)
        self._embed_bias = embedding.bias.detach().to(dtype)
        self._stride, self._padding = embedding.stride, embedding.padding
        tokens = side // embedding.stride[0]
        self._position = trunk._get_pos_embed((tokens, tokens)).detach().to(dtype).contiguous()
        self._stage_ends = frozenset(trunk.stage_ends)
        self._window, self._windowed = _whole_windows(trunk.blocks, tokens)
        self._blocks = []
        for index, block in enumerate(trunk.blocks):
            self._blocks.append(_Block(block, dtype))
            # So that the weights are held twice for one block at a time.
            trunk.blocks[index] = nn.Identity()
        convolutions = [level.conv for level in reversed(encoder.neck.convs)]
        self._levels = [
            _joined(finest, convolutions[0]),
            _joined(finer, convolutions[1]),
            *(Linear(each.weight.flatten(1), each.bias) for each in convolutions[2:]),
        ]

    def __call__(self, images: Tensor) -> list[Tensor]:
        """Normalized images, float32 [B, 3, S, S], to float32 levels.

        Returns:
            [B, C/8, S/4, S/4], [B, C/4, S/8, S/8] and the embedding [B, C, S/16, S/16].
        """
        patches = [self._one(image[None]) for image in images]
        return [torch.cat(level) for level in zip(*patches, strict=True)]

    def _one(self, image: Tensor) -> list[Tensor]:
        image = image.to(self._embed_bias.dtype, memory_format=torch.channels_last)
        x = conv2d(image, self._embed_weight, self._embed_bias, self._stride, self._padding)
        x = x.permute(0, 2, 3, 1) + self._position
        levels: list[Tensor] = []
        if self._windowed:
            *levels, x = self._through_windows(x)
        for index, block in enumerate(self._blocks[self._windowed :], self._windowed):
            x = block(x)
            if index in self._stage_ends:
                levels.append(self._levels[len(levels)](x.float()))
        *finer, embedding, coarsest = levels
        # Enlarged to twice its size by its nearest neighbors.
        rows, columns = coarsest.shape[1:3]
        embedding.view(1, rows, 2, columns, 2, -1).add_(coarsest.view(1, rows, 1, columns, 1, -1))
        return [level.permute(0, 3, 1, 2).contiguous() for level in (*finer, embedding)]

    def _through_windows(self, x: Tensor) -> list[Tensor]:
        """[1, h, w, C] through the first blocks; the levels that end there, and the tokens."""
        count = x.shape[1] // self._window
        windows = _windows_of(x, self._window)
        at_once = max(1, _TOKENS_AT_ONCE // self._window**2)
        parts = [self._some_windows(some) for some in windows.split(at_once)]
        return [_image_of(torch.cat(level), count) for level in zip(*parts, strict=True)]

    def _some_windows(self, x: Tensor) -> list[Tensor]:
        """[n, w, w, C] to the same with smaller windows."""
        levels: list[Tensor] = []
        for index, block in enumerate(self._blocks[: self._windowed]):
            x = block.within(x)
            if index in self._stage_ends:
                levels.append(self._levels[len(levels)](x.float()))
        return [*levels, x]


class _Block:
    """Equals ``sam2.modeling.backbones.hieradet.MultiScaleBlock``."""

    def __init__(self, block: Any, dtype: torch.dtype) -> None:
        self._norms = [
            (norm.weight.detach().to(dtype), norm.bias.detach().to(dtype), norm.eps)
            for norm in (block.norm1, block.norm2)
        ]
        layers = (block.attn.qkv, block.attn.proj, *block.mlp.layers)
        self._qkv, self._project, self._widen, self._narrow = (
            Linear(layer.weight.to(dtype), layer.bias) for layer in layers
        )
        self._shortcut = None
        if block.dim != block.dim_out:
            self._shortcut = Linear(block.proj.weight.to(dtype), block.proj.bias)
        self._heads: int = block.attn.num_heads
        self._width: int = block.dim_out
        self._pools = block.pool is not None
        self._window: int = block.window_size

    def __call__(self, x: Tensor) -> Tensor:
        """[1, h, w, C] to [1, h', w', C']; h' and w' are halves where queries are pooled."""
        normed = self._norm(0, x)
        shortcut = self._short(x, normed)
        rows, columns = shortcut.shape[1:3]
        window = self._window
        if not window:
            return self._finish(self._attend(normed), shortcut)
        normed = pad(normed, (0, 0, 0, -x.shape[2] % window, 0, -x.shape[1] % window))
        found = self._attend(_windows_of(normed, window))
        found = _image_of(found, normed.shape[1] // window)[:, :rows, :columns].contiguous()
        return self._finish(found, shortcut)

    def within(self, x: Tensor) -> Tensor:
        """The same of windows of this block's size, [n, w, w, C] to [n, w', w', C']."""
        normed = self._norm(0, x)
        return self._finish(self._attend(normed), self._short(x, normed))

    def _norm(self, number: int, x: Tensor) -> Tensor:
        weight, bias, epsilon = self._norms[number]
        return layer_norm(x, x.shape[-1:], weight, bias, epsilon)

    def _short(self, x: Tensor, normed: Tensor) -> Tensor:
        if self._shortcut is None:
            return x
        shortcut = self._shortcut(normed)
        return _pooled(shortcut) if self._pools else shortcut

    def _attend(self, x: Tensor) -> Tensor:
        """Attention among the tokens of each of n squares, [n, w, w, C] to [n, w', w', C']."""
        count, side, _, _ = x.shape
        qkv = self._qkv(x)
        queries, keys, values = (
            part.flatten(1, 2).unflatten(2, (self._heads, -1)).transpose(1, 2)
            for part in qkv.split(self._width, dim=-1)
        )
        if self._pools:
            pooled = _pooled(qkv[..., : self._width])
            side //= 2
            queries = pooled.view(count, side**2, self._heads, -1).transpose(1, 2)
        return attend(queries, keys, values).reshape(count, side, side, -1)

    def _finish(self, found: Tensor, shortcut: Tensor) -> Tensor:
        x = self._project.plus(found, shortcut)
        return self._narrow.plus(self._widen.gelu(self._norm(1, x)), x)


def _whole_windows(blocks: Any, side: int) -> tuple[int, int]:
    """The size of the first windows, and how many blocks keep to them.

    A block does if its windows are those of the block before, or their halves after pooling, and
    fill an image of ``side`` x ``side`` tokens.
    """
    first = window = blocks[0].window_size
    for count, block in enumerate(blocks):
        if not window or block.window_size != window or side % window:
            return first, count
        if block.pool is not None:
            window, side = window // 2, side // 2
    return first, len(blocks)


def _joined(second: Any, first: Any) -> Linear:
    """Two convolutions of kernel 1 as one product."""
    outer, inner = (each.weight.detach().flatten(1).double() for each in (second, first))
    bias = outer @ first.bias.detach().double() + second.bias.detach().double()
    return Linear((outer @ inner).float(), bias.float())


def _windows_of(x: Tensor, size: int) -> Tensor:
    """[1, h, w, C] to [n, size, size, C], row by row."""
    blocks = x.view(x.shape[1] // size, size, x.shape[2] // size, size, -1)
    return blocks.transpose(1, 2).reshape(-1, size, size, x.shape[-1])


def _image_of(windows: Tensor, rows: int) -> Tensor:
    """The reverse of ``_windows_of`` with ``rows`` rows of windows."""
    size = windows.shape[1]
    blocks = windows.view(rows, -1, size, size, windows.shape[-1]).transpose(1, 2)
    return blocks.reshape(1, rows * size, -1, windows.shape[-1])


def _pooled(x: Tensor) -> Tensor:
    """The largest of 2 x 2 tokens, [n, h, w, C] to [n, h / 2, w / 2, C]."""
    blocks = x.unflatten(2, (-1, 2)).unflatten(1, (-1, 2))
    pairs = torch.maximum(blocks[:, :, 0], blocks[:, :, 1])
    return torch.maximum(pairs[..., 0, :], pairs[..., 1, :])
