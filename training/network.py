"""SAM's network, run for training: on parts of a patch, with a decoder that costs less.

The modules and their weights are those of ``segment_anything``; the arithmetic equals
theirs (a test compares them) but shares what all prompts of an image have in common
and never leaves the token layout.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

Sam = Any


def token_size(sam: Sam) -> int:
    """Side of a token in pixels."""
    return int(sam.image_encoder.patch_embed.proj.kernel_size[0])


def encode(sam: Sam, pixels: Tensor, offset: tuple[int, int]) -> Tensor:
    """Features of pictures that stand at an offset in the patch.

    Args:
        sam: the network.
        pixels: (images, 3, side, side) float, 0 to 255; side a multiple of a window.
        offset: (x, y) in pixels of the upper left corner in the patch, multiples of a token.

    Returns:
        (images, tokens, 256), tokens by row.
    """
    encoder = sam.image_encoder
    x = encoder.patch_embed((pixels - sam.pixel_mean) / sam.pixel_std)
    side, left, top = x.shape[1], offset[0] // token_size(sam), offset[1] // token_size(sam)
    x = x + encoder.pos_embed[:, top : top + side, left : left + side]
    for block in encoder.blocks:
        shortcut, x = x, block.norm1(x)
        x = (
            _windowed(block.attn, x, block.window_size)
            if block.window_size
            else _attention(x)(block.attn, x)
        )
        x = shortcut + x
        x = x + block.mlp(block.norm2(x))
    x = encoder.neck(x.permute(0, 3, 1, 2))
    features: Tensor = x.flatten(2).transpose(1, 2)
    return features


def _windowed(attention: Any, x: Tensor, size: int) -> Tensor:
    images, side, _, width = x.shape
    if side % size:
        raise ValueError(f"A side of {side} tokens is no multiple of the window, {size}.")
    count = side // size
    x = x.view(images, count, size, count, size, width).permute(0, 1, 3, 2, 4, 5)
    x = _attention(x)(attention, x.reshape(-1, size, size, width))
    x = x.view(images, count, count, size, size, width).permute(0, 1, 3, 2, 4, 5)
    return x.reshape(images, side, side, width)


def _attention(x: Tensor) -> Callable[[Any, Tensor], Tensor]:
    return attend_fused if x.is_cuda else _attend


def attend_fused(attention: Any, x: Tensor) -> Tensor:
    """The same as ``_attend`` for a GPU: one product that never writes all scores.

    Relative positions become features of their own. A query's part for the row of a key is the
    product of a query, which holds its parts for all rows, with a key that has a 1 at its row.
    """
    batch, side, _, width = x.shape
    heads, tokens = attention.num_heads, side * side
    qkv = attention.qkv(x).view(batch, tokens, 3, heads, width // heads).permute(2, 0, 3, 1, 4)
    query, key, value = qkv.unbind(0)
    places = torch.arange(side, device=x.device)
    middle = attention.rel_pos_h.shape[0] // 2
    # index_select, because its gradient is much cheaper than that of an index in brackets
    distance = (places[:, None] - places[None, :] + middle).flatten()
    up = attention.rel_pos_h.index_select(0, distance).view(side, side, -1)
    over = attention.rel_pos_w.index_select(0, distance).view(side, side, -1)
    grid = query.reshape(batch, heads, side, side, -1)
    rows = torch.einsum("nhyxc,ykc->nhyxk", grid, up)
    columns = torch.einsum("nhyxc,xkc->nhyxk", grid, over)
    longer = torch.cat([query * attention.scale, rows.flatten(2, 3), columns.flatten(2, 3)], -1)
    unit = torch.eye(side, device=x.device, dtype=longer.dtype)
    row, column = unit.repeat_interleave(side, 0), unit.repeat(side, 1)
    where = torch.cat([row, column], 1).expand(batch, heads, -1, -1)
    keys = torch.cat([key.to(longer.dtype), where], -1)
    values = F.pad(value.to(longer.dtype), (0, 2 * side))
    seen = F.scaled_dot_product_attention(longer, keys, values, scale=1.0)
    out = seen[..., : width // heads].transpose(1, 2).reshape(batch, side, side, width)
    projected: Tensor = attention.proj(out)
    return projected


def _attend(attention: Any, x: Tensor) -> Tensor:
    """Attention with the middle of its relative position tables, as long as needed.

    Where it is large, an eighth of the queries at a time, which a processor's cache holds.
    """
    batch, side, _, width = x.shape
    heads, tokens = attention.num_heads, side * side
    qkv = attention.qkv(x).view(batch, tokens, 3, heads, width // heads).permute(2, 0, 3, 1, 4)
    query, key, value = qkv.unbind(0)
    key = (key * attention.scale).transpose(-2, -1)
    distance = torch.arange(side)[:, None] - torch.arange(side)[None, :]
    middle = attention.rel_pos_h.shape[0] // 2
    grid = query.reshape(batch, heads, side, side, -1)
    rows = torch.einsum("nhyxc,ykc->nhyxk", grid, attention.rel_pos_h[distance + middle])
    columns = torch.einsum("nhyxc,xkc->nhyxk", grid, attention.rel_pos_w[distance + middle])
    seen, parts = [], 8 if tokens > 1024 else 1
    for some, up, across in zip(*(x.chunk(parts, 2) for x in (grid, rows, columns)), strict=True):
        scores = some.flatten(2, 3) @ key
        scores = scores.view(batch, heads, -1, side, side, side)
        scores += up[..., :, None]
        scores += across[..., None, :]
        weights = scores.view(batch, heads, -1, tokens).softmax(-1)
        seen.append(weights @ value)
    out = torch.cat(seen, 2).transpose(1, 2).reshape(batch, side, side, width)
    projected: Tensor = attention.proj(out)
    return projected


def position_encoding(sam: Sam, side: int, offset: tuple[int, int]) -> Tensor:
    """The encoding (tokens, 256) of a part of the patch, ``side`` pixels from an offset."""
    count, left, top = (length // token_size(sam) for length in (side, *offset))
    dense = sam.prompt_encoder.get_dense_pe()[0, :, top : top + count, left : left + count]
    positions: Tensor = dense.flatten(1).t()
    return positions


def embed_points(sam: Sam, points: Tensor, labels: Tensor) -> Tensor:
    """Prompt tokens (prompts, points, 256) of points and box corners.

    Args:
        points: (prompts, points, 2) float, (x, y) in the patch, pixels.
        labels: (prompts, points); 1 object, 0 background, -1 padding, 2 and 3 the
            upper left and lower right corner of a box.
    """
    encoder = sam.prompt_encoder
    tokens = encoder.pe_layer.forward_with_coords(points + 0.5, encoder.input_image_size)
    kinds = torch.stack(
        [encoder.not_a_point_embed.weight[0]] + [e.weight[0] for e in encoder.point_embeddings]
    )
    real = (labels >= 0).to(tokens.dtype)[..., None]
    embedded: Tensor = tokens * real + kinds[labels + 1]
    return embedded


def decode(sam: Sam, features: Tensor, positions: Tensor, prompts: Tensor) -> tuple[Tensor, Tensor]:
    """All four masks of every prompt.

    Args:
        features: from ``encode``, (tokens, 256) of the one image of all prompts, or
            (prompts, tokens, 256).
        positions: (tokens, 256) from ``position_encoding``.
        prompts: (prompts, points, 256) from ``embed_points``.

    Returns:
        Logits (prompts, 4, rows, columns) in float32, 4 x 4 a token, the single mask
        first, and predicted IoU (prompts, 4).
    """
    decoder = sam.mask_decoder
    count = prompts.shape[0]
    own = torch.cat([decoder.iou_token.weight, decoder.mask_tokens.weight])
    start = torch.cat([own.expand(count, -1, -1), prompts], 1)
    image = features if features.ndim == 3 else features[None]
    keys = image + sam.prompt_encoder.no_mask_embed.weight.to(image.dtype)
    queries = start
    for layer in decoder.transformer.layers:
        if layer.skip_first_layer_pe:
            queries = layer.self_attn(q=queries, k=queries, v=queries)
        else:
            q = queries + start
            queries = queries + layer.self_attn(q=q, k=q, v=queries)
        queries = layer.norm1(queries)
        look = _look_at_image(layer.cross_attn_token_to_image, queries + start, keys, positions)
        queries = layer.norm2(queries + look)
        queries = layer.norm3(queries + layer.mlp(queries))
        told = _tell_image(
            layer.cross_attn_image_to_token, queries + start, queries, keys, positions
        )
        keys = _normed(layer.norm4, keys + told)
    final = decoder.transformer.final_attn_token_to_image
    look = _look_at_image(final, queries + start, keys, positions)
    queries = decoder.transformer.norm_final_attn(queries + look)
    scores = decoder.iou_prediction_head(queries[:, 0])
    weights = torch.stack(
        [mlp(queries[:, 1 + i]) for i, mlp in enumerate(decoder.output_hypernetworks_mlps)], 1
    )
    return _paint(decoder.output_upscaling, keys, weights), scores.float()


def _look_at_image(attention: Any, queries: Tensor, keys: Tensor, positions: Tensor) -> Tensor:
    """Tokens attend to the image: keys and values are never projected, queries are instead."""
    heads, width = attention.num_heads, keys.shape[-1]
    batch, count, _ = queries.shape
    depth = attention.internal_dim // heads
    query = attention.q_proj(queries).view(batch, count, heads, depth) * depth**-0.5
    key_weight = attention.k_proj.weight.view(heads, depth, width)
    value_weight = attention.v_proj.weight.view(heads, depth, width)
    lifted = torch.einsum("bthd,hdc->bthc", query, key_weight).reshape(batch, -1, width)
    scores = lifted @ keys.transpose(1, 2) + lifted @ positions.t().to(lifted.dtype)
    seen = (scores.softmax(-1) @ keys).view(batch, count, heads, width)
    value = torch.einsum("bthc,hdc->bthd", seen, value_weight).reshape(batch, count, -1)
    result: Tensor = attention.out_proj(value + attention.v_proj.bias)
    return result


def _tell_image(
    attention: Any, tokens: Tensor, values: Tensor, keys: Tensor, positions: Tensor
) -> Tensor:
    """The image attends to the tokens; the same projections, on the tokens' side."""
    heads, width = attention.num_heads, keys.shape[-1]
    batch, count, _ = tokens.shape
    depth = attention.internal_dim // heads
    key = attention.k_proj(tokens).view(batch, count, heads, depth) * depth**-0.5
    query_weight = attention.q_proj.weight.view(heads, depth, width)
    out_weight = attention.out_proj.weight.t().reshape(heads, depth, width)
    lifted = torch.einsum("bthd,hdc->bhtc", key, query_weight).reshape(batch, -1, width)
    bias = torch.einsum("bthd,hd->bht", key, attention.q_proj.bias.view(heads, depth))
    scores = lifted @ keys.transpose(1, 2) + lifted @ positions.t().to(lifted.dtype)
    scores = scores.view(batch, heads, count, -1) + bias[..., None]
    weights = scores.softmax(2).view(batch, heads * count, -1)
    value = attention.v_proj(values).view(batch, count, heads, depth)
    told = torch.einsum("bthd,hdc->bhtc", value, out_weight).reshape(batch, -1, width)
    result: Tensor = weights.transpose(1, 2).to(told.dtype) @ told + attention.out_proj.bias
    return result


def _normed(norm: Any, x: Tensor) -> Tensor:
    """Layer norm that stays in the precision of what comes; on GPUs autocast leaves it."""
    with torch.autocast(x.device.type, enabled=False):
        weight, bias = norm.weight.to(x.dtype), norm.bias.to(x.dtype)
        return F.layer_norm(x, (x.shape[-1],), weight, bias, norm.eps)


def _paint(upscaling: Any, keys: Tensor, weights: Tensor) -> Tensor:
    """Logits from image tokens: a transposed convolution of stride 2 is a linear layer."""
    first, norm, _, second, _ = upscaling
    batch, tokens, _ = keys.shape
    side = round(tokens**0.5)
    x = F.linear(keys, first.weight.permute(2, 3, 1, 0).flatten(0, 2), first.bias.repeat(4))
    x = x.view(batch, tokens * 4, -1)
    x = F.gelu(_normed(norm, x))
    x = F.linear(x, second.weight.permute(2, 3, 1, 0).flatten(0, 2), second.bias.repeat(4))
    x = F.gelu(x).view(batch, tokens * 16, -1)
    logits = (weights @ x.transpose(1, 2)).float()
    logits = logits.view(batch, weights.shape[1], side, side, 2, 2, 2, 2)
    return logits.permute(0, 1, 2, 4, 6, 3, 5, 7).reshape(batch, -1, 4 * side, 4 * side)
