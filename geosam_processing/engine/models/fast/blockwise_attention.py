"""The attention of SAM's and SAM2's image encoders on a CPU.

It equals ``segment_anything.modeling.image_encoder.Attention`` and
``sam2.modeling.backbones.hieradet.MultiScaleAttention`` up to rounding. Softmax works on each
query separately: with the queries cut into blocks Q = [Q1; Q2; ...], and likewise the bias R of
SAM's relative positions,

    softmax(s Q K' + R) V  =  [softmax(s Q1 K' + R1) V; softmax(s Q2 K' + R2) V; ...]

so that only R, or the scores, of one block lie in memory, in one buffer that stays in the
processor's cache. Where windows are small, a block is several of them. PyTorch's fused attention
then takes R as its mask. It multiplies by MKL, so on processors other than Intel's, where MKL
reaches half the speed of oneDNN, the products of a block are made one after the other instead.
Which way is taken depends on the processor's maker, the type and the sizes, never on a timing.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn.functional import scaled_dot_product_attention

from geosam_processing.engine.compute.machine import processor_vendor
from geosam_processing.engine.models.fast.matrix_products import has_onednn, times_transposed

# Scores in a block: 8 MiB of float32.
_BLOCK = 1 << 21

Part = tuple[slice, slice]
WriteBias = Callable[[Part, Tensor], None]


def attend(
    queries: Tensor,
    keys: Tensor,
    values: Tensor,
    write_bias: WriteBias | None = None,
    block: int = _BLOCK,
) -> Tensor:
    """softmax(s Q K' + R) V with s one over the root of c.

    Args:
        queries: [n, h, M, c], n counting images or windows, h heads.
        keys, values: [n, h, N, c].
        write_bias: writes R of a part of [n * h, M] into scores of [that part, N]; None for no R.
        block: about how many scores to hold at a time.

    Returns:
        [n, M, h, c].
    """
    small = queries.shape[2] * keys.shape[2] <= block
    plain = queries.dtype == torch.float32 and small and write_bias is None
    if not plain and not fused_is_fast(queries.dtype):
        return _attend_in_steps(queries, keys, values, write_bias, block)
    if write_bias is None:
        return scaled_dot_product_attention(queries, keys, values).transpose(1, 2)
    return _attend_fused(queries, keys, values, write_bias, block)


def fused_is_fast(dtype: torch.dtype) -> bool:
    """Whether PyTorch's fused attention of large matrices uses all that the processor can do.

    Without oneDNN there is nothing faster.
    """
    return processor_vendor() == "GenuineIntel" or not has_onednn(dtype)


def attention_name() -> str:
    """Which attention computes on the CPU, for a report."""
    return "PyTorch's fused attention" if fused_is_fast(torch.float32) else "attention in steps"


def _attend_fused(
    queries: Tensor, keys: Tensor, values: Tensor, write_bias: WriteBias, block: int
) -> Tensor:
    count, heads, length, width = queries.shape
    others = keys.shape[2]
    answers = queries.new_empty(count, length, heads, width)
    step = max(1, block // (heads * length * others))
    if heads * length * others <= block:
        buffer = queries.new_empty(step * heads, length, others)
        for start in range(0, count, step):
            some = slice(start, min(start + step, count))
            part = slice(some.start * heads, some.stop * heads), slice(0, length)
            mask = buffer[: part[0].stop - part[0].start]
            write_bias(part, mask)
            mask = mask.unflatten(0, (-1, heads))
            found = _fused(queries[some], keys[some], values[some], mask)
            answers[some] = found.transpose(1, 2)
        return answers
    keys, values = keys.contiguous(), values.contiguous()
    step = min(length, max(1, block // others))
    buffer = queries.new_empty(1, step, others)
    for pair in range(count * heads):
        image, head = divmod(pair, heads)
        one = slice(image, image + 1), slice(head, head + 1)
        for start in range(0, length, step):
            rows = slice(start, min(start + step, length))
            mask = buffer[:, : rows.stop - rows.start]
            write_bias((slice(pair, pair + 1), rows), mask)
            found = _fused(queries[(*one, rows)], keys[one], values[one], mask[None])
            answers[image, rows, head] = found[0, 0]
    return answers


def _fused(queries: Tensor, keys: Tensor, values: Tensor, mask: Tensor) -> Tensor:
    return scaled_dot_product_attention(queries, keys, values, attn_mask=mask)


def _attend_in_steps(
    queries: Tensor, keys: Tensor, values: Tensor, write_bias: WriteBias | None, block: int
) -> Tensor:
    heads = queries.shape[1]
    queries, keys, values = (tensor.flatten(0, 1) for tensor in (queries, keys, values))
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
    return answers.unflatten(0, (-1, heads)).transpose(1, 2)


def _attend_small(queries: Tensor, keys: Tensor, values: Tensor, scores: Tensor) -> Tensor:
    """softmax(Q K' + R) V, where ``scores`` holds R and may be overwritten."""
    scores.baddbmm_(queries, keys.mT)
    return torch.bmm(torch.softmax(scores, dim=-1, out=scores), values)


def _attend_large(queries: Tensor, keys: Tensor, values: Tensor, scores: Tensor) -> Tensor:
    """The same for one head, by the library that multiplies large matrices faster."""
    scores += times_transposed(queries, keys)
    torch.softmax(scores, dim=-1, out=scores)
    return times_transposed(scores, values.transpose(1, 2).contiguous())
