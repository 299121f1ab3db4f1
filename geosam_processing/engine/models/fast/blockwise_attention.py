"""The attention of SAM's and SAM2's image encoders, a block of queries at a time.

It equals ``segment_anything.modeling.image_encoder.Attention`` and
``sam2.modeling.backbones.hieradet.MultiScaleAttention`` up to rounding. Softmax works on each
query by itself: with the queries cut into blocks Q = [Q1; Q2; ...], and likewise the bias R of
SAM's relative positions,

    softmax(s Q K' + R) V  =  [softmax(s Q1 K' + R1) V; softmax(s Q2 K' + R2) V; ...]

so that only the scores of one block lie in memory, in one buffer that stays in the processor's
cache. R is written there first and the product added to it: where SAM's code makes five arrays
of all N x N scores, this makes none. Where windows are small, a block is several of them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from geosam_processing.engine.models.fast.matrix_products import linear, onednn_is_faster

# Scores in a block: 8 MiB of float32.
_BLOCK = 1 << 21

Part = tuple[slice, slice]


def use_blockwise_attention(encoder: nn.Module) -> None:
    """Replace the attention in an official image encoder that is on a CPU, where that is faster.

    SAM2 uses torch's own fused attention, which is as fast in float32, but for the large
    products of whole images where oneDNN is faster than what it multiplies with.
    """
    block: Any
    for block in encoder.modules():
        attention: Any = getattr(block, "attn", None)
        kind = type(attention).__name__
        if kind == "Attention" and attention.use_rel_pos:
            block.attn = BlockwiseAttention(attention)
        elif kind == "MultiScaleAttention" and (
            attention.qkv.weight.dtype == torch.bfloat16
            or (block.window_size == 0 and onednn_is_faster())
        ):
            block.attn = BlockwiseMultiScaleAttention(attention)


def attend(
    queries: Tensor,
    keys: Tensor,
    values: Tensor,
    write_bias: Callable[[Part, Tensor], None] | None = None,
    block: int = _BLOCK,
) -> Tensor:
    """softmax(s Q K' + R) V with s one over the root of c.

    Args:
        queries: [n, M, c], n counting images or windows, and heads.
        keys, values: [n, N, c].
        write_bias: writes R of a part of [n, M] into scores of [that part, N]; None for no R.
        block: about how many scores to hold at a time.

    Returns:
        [n, M, c].
    """
    count, length, width = queries.shape
    others = keys.shape[1]
    pairs = max(1, block // (length * others))
    step = min(length, max(1, block // others))
    large = length > step and queries.dtype == torch.float32
    attend_part = _attend_large if large else _attend_small
    # oneDNN multiplies slices of larger arrays at a hundredth of its speed.
    queries, keys = (queries * width**-0.5).contiguous(), keys.contiguous()
    buffer = torch.empty(pairs * step * others, dtype=queries.dtype)
    answers = torch.empty(queries.shape, dtype=queries.dtype)
    for i in range(0, count, pairs):
        some = slice(i, i + pairs)
        for start in range(0, length, step):
            part = some, slice(start, start + step)
            shape = (*queries[part].shape[:2], others)
            scores = buffer[: torch.Size(shape).numel()].view(shape)
            if write_bias is None:
                scores.zero_()
            else:
                write_bias(part, scores)
            answers[part] = attend_part(queries[part], keys[some], values[some], scores)
    return answers


def _attend_small(queries: Tensor, keys: Tensor, values: Tensor, scores: Tensor) -> Tensor:
    """softmax(Q K' + R) V, where ``scores`` holds R and may be overwritten."""
    scores.baddbmm_(queries, keys.mT)
    return torch.bmm(torch.softmax(scores, dim=-1, out=scores), values)


def _attend_large(queries: Tensor, keys: Tensor, values: Tensor, scores: Tensor) -> Tensor:
    """The same for one head, by the library that multiplies large matrices faster."""
    scores += linear(queries, keys[0])
    return linear(torch.softmax(scores, dim=-1, out=scores), values[0].T.contiguous())


class BlockwiseAttention(nn.Module):
    """Takes the place of SAM's ``Attention`` and has its weights."""

    def __init__(self, attention: Any) -> None:
        super().__init__()
        self.qkv, self.proj = attention.qkv, attention.proj
        self.rel_pos_h, self.rel_pos_w = attention.rel_pos_h, attention.rel_pos_w
        self.num_heads: int = attention.num_heads

    def forward(self, x: Tensor) -> Tensor:
        """[B, H, W, C] to [B, H, W, C]; B counts images, or windows."""
        batch, height, width, _ = x.shape
        qkv = self.qkv(x).reshape(batch, height * width, 3, self.num_heads, -1)
        queries, keys, values = qkv.permute(2, 0, 3, 1, 4).flatten(1, 2).unbind(0)
        bias_rows, bias_columns = self._bias(queries.unflatten(1, (height, width)))

        def write_bias(part: Part, scores: Tensor) -> None:
            outer = scores.view(*scores.shape[:2], height, width)
            torch.add(bias_rows[part].unsqueeze(-1), bias_columns[part].unsqueeze(-2), out=outer)

        answers = attend(queries, keys, values, write_bias)
        heads = answers.view(batch, self.num_heads, height, width, -1)
        projected: Tensor = self.proj(heads.permute(0, 2, 3, 1, 4).flatten(3))
        return projected

    def _bias(self, queries: Tensor) -> tuple[Tensor, Tensor]:
        """What ``add_decomposed_rel_pos`` adds is the outer sum of these.

        Args:
            queries: [n, H, W, c].

        Returns:
            For the H rows and the W columns of keys, [n, H * W, H] and [n, H * W, W].
        """
        from segment_anything.modeling.image_encoder import get_rel_pos

        height, width = queries.shape[1:3]
        rows = get_rel_pos(height, height, self.rel_pos_h)
        columns = get_rel_pos(width, width, self.rel_pos_w)
        return (
            torch.einsum("nhwc,hkc->nhwk", queries, rows).flatten(1, 2).contiguous(),
            torch.einsum("nhwc,wkc->nhwk", queries, columns).flatten(1, 2).contiguous(),
        )


class BlockwiseMultiScaleAttention(nn.Module):
    """Takes the place of SAM2's ``MultiScaleAttention`` and has its weights."""

    def __init__(self, attention: Any) -> None:
        super().__init__()
        self.qkv, self.proj, self.q_pool = attention.qkv, attention.proj, attention.q_pool
        self.num_heads: int = attention.num_heads

    def forward(self, x: Tensor) -> Tensor:
        """[B, H, W, C] to [B, H', W', C']; H' and W' are halves where queries are pooled."""
        from sam2.modeling.backbones.hieradet import do_pool

        batch, height, width, _ = x.shape
        qkv = self.qkv(x).reshape(batch, height * width, 3, self.num_heads, -1)
        queries, keys, values = qkv.unbind(2)
        if self.q_pool is not None:
            pooled = do_pool(queries.reshape(batch, height, width, -1), self.q_pool)
            height, width = pooled.shape[1:3]
            queries = pooled.reshape(batch, height * width, self.num_heads, -1)
        heads = [tensor.transpose(1, 2).flatten(0, 1) for tensor in (queries, keys, values)]
        answers = attend(*heads).unflatten(0, (batch, -1)).transpose(1, 2)
        projected: Tensor = self.proj(answers.reshape(batch, height, width, -1))
        return projected
