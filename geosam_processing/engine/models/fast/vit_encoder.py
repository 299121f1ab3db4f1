"""SAM's image encoder on a CPU, rearranged.

``FastVit`` equals ``segment_anything.modeling.ImageEncoderViT`` up to rounding:

- The tokens are contiguous from the first product on. The official patch embedding gives them
  the strides of a convolution's result, which all residual sums and norms then pay for.
- Bias, GELU and residual sum are made inside the products, see ``matrix_products``.
- Attention goes in blocks, see ``blockwise_attention``.
- A patch at a time: batches are not faster on a CPU, and a patch's features do not depend on
  which others are encoded with it.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import conv2d, layer_norm, pad

from geosam_processing.engine.models.fast.blockwise_attention import Part, attend
from geosam_processing.engine.models.fast.matrix_products import Linear


class FastVit:
    """Takes the place of an ``ImageEncoderViT`` on a CPU; the neck computes in float32."""

    def __init__(self, encoder: Any, dtype: torch.dtype) -> None:
        """Take the weights out of ``encoder``, which can no longer be used afterwards."""
        embedding = encoder.patch_embed.proj
        weight = embedding.weight.permute(0, 2, 3, 1).flatten(1)
        self._embed = Linear(weight.to(dtype), embedding.bias)
        self._token_size: int = embedding.kernel_size[0]
        self._position = encoder.pos_embed.detach().to(dtype).contiguous()
        self._blocks = []
        for index, block in enumerate(encoder.blocks):
            self._blocks.append(_Block(block, self._position.shape[1], dtype))
            # So that the weights are held twice for one block at a time.
            encoder.blocks[index] = nn.Identity()
        first, self._first_norm, second, self._second_norm = encoder.neck
        self._first = Linear(first.weight.flatten(1))
        self._second = second.weight.detach().to(memory_format=torch.channels_last)
        self._padding = second.padding

    def __call__(self, images: Tensor) -> Tensor:
        """Normalized images, float32 [B, 3, S, S], to embeddings, float32 [B, C, h, w]."""
        return torch.cat([self._one(image) for image in images])

    def _one(self, image: Tensor) -> Tensor:
        """[3, S, S] to [1, C, h, w]."""
        size = self._token_size
        rows, columns = image.shape[1] // size, image.shape[2] // size
        squares = image.to(self._position.dtype).view(-1, rows, size, columns, size)
        x = squares.permute(1, 3, 2, 4, 0).reshape(1, rows, columns, -1)
        x = self._embed.plus(x, self._position)
        for block in self._blocks:
            x = block(x)
        x = _norm(self._first(x.float()), self._first_norm)
        x = conv2d(x.permute(0, 3, 1, 2), self._second, padding=self._padding).permute(0, 2, 3, 1)
        return _norm(x, self._second_norm).permute(0, 3, 1, 2).contiguous()


class _Block:
    """Equals ``segment_anything.modeling.image_encoder.Block``."""

    def __init__(self, block: Any, grid: int, dtype: torch.dtype) -> None:
        from segment_anything.modeling.image_encoder import get_rel_pos

        attention = block.attn
        self._norms = [_Norm(norm, dtype) for norm in (block.norm1, block.norm2)]
        layers = (attention.qkv, attention.proj, block.mlp.lin1, block.mlp.lin2)
        self._qkv, self._project, self._widen, self._narrow = (
            Linear(layer.weight.to(dtype), layer.bias) for layer in layers
        )
        self._heads: int = attention.num_heads
        self._window: int = block.window_size
        side = block.window_size or grid
        self._rows, self._columns = (
            get_rel_pos(side, side, positions).detach().to(dtype)
            for positions in (attention.rel_pos_h, attention.rel_pos_w)
        )

    def __call__(self, x: Tensor) -> Tensor:
        """[1, h, w, C] to the same."""
        found = self._attend(self._norms[0](x))
        x = self._project.plus(found, x)
        return self._narrow.plus(self._widen.gelu(self._norms[1](x)), x)

    def _attend(self, x: Tensor) -> Tensor:
        _, rows, columns, width = x.shape
        window = self._window
        if not window:
            return self._attend_within(x.flatten(1, 2), rows).view_as(x)
        # Padding is added after the norm, as the official code does: it takes part as zeros.
        x = pad(x, (0, 0, 0, -columns % window, 0, -rows % window))
        down, across = x.shape[1] // window, x.shape[2] // window
        x = x.view(down, window, across, window, width).transpose(1, 2)
        x = self._attend_within(x.reshape(down * across, window**2, width), window)
        x = x.view(down, across, window, window, width).transpose(1, 2)
        x = x.reshape(1, down * window, across * window, width)
        return x[:, :rows, :columns].contiguous()

    def _attend_within(self, x: Tensor, side: int) -> Tensor:
        """Attention among the tokens of each of n squares, [n, side * side, C]."""
        count, length, _ = x.shape
        qkv = self._qkv(x).view(count, length, 3, self._heads, -1)
        queries, keys, values = qkv.permute(2, 0, 3, 1, 4).unbind(0)
        # The bias, which ``add_decomposed_rel_pos`` adds, is the outer sum of these two.
        squares = queries.reshape(count * self._heads, side, side, -1)
        rows = torch.einsum("nhwc,hkc->nhwk", squares, self._rows).flatten(1, 2).contiguous()
        columns = torch.einsum("nhwc,wkc->nhwk", squares, self._columns).flatten(1, 2).contiguous()

        def write_bias(part: Part, scores: Tensor) -> None:
            outer = scores.view(*scores.shape[:2], side, side)
            torch.add(rows[part].unsqueeze(-1), columns[part].unsqueeze(-2), out=outer)

        return attend(queries, keys, values, write_bias).reshape(count, length, -1)


class _Norm:
    """A layer norm over the last dimension."""

    def __init__(self, norm: Any, dtype: torch.dtype) -> None:
        self._weight, self._bias = (each.detach().to(dtype) for each in (norm.weight, norm.bias))
        self._epsilon: float = norm.eps

    def __call__(self, x: Tensor) -> Tensor:
        return layer_norm(x, x.shape[-1:], self._weight, self._bias, self._epsilon)


def _norm(x: Tensor, norm: Any) -> Tensor:
    """``LayerNorm2d`` with the channels last."""
    return layer_norm(x, x.shape[-1:], norm.weight, norm.bias, norm.eps)
