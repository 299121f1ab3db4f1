"""The two-way transformer of SAM's and SAM2's mask decoders, for many prompts on one patch.

It equals ``segment_anything.modeling.transformer.TwoWayTransformer`` and
``sam2.modeling.sam.transformer.TwoWayTransformer`` up to rounding, and takes a
fraction of their time, by three rearrangements. With N image tokens X, T prompt
tokens Y (N is 4096, T about 8), and per head projections written as matrices:

- Prompts attend to the image: the scores are (Y Wq + bq) (X Wk + bk)'. The part with bk
  is the same for all image tokens, so softmax removes it, and the rest is
  ((Y Wq + bq) Wk') X': the T tokens are projected, not the N. Rows of the weights P sum
  to 1, so P (X Wv + bv) = (P X) Wv + bv, again on T tokens.
- The image attends to prompts: (X Wq + bq) (Y Wk + bk)' = X (Wq K') + bq K' with
  K = Y Wk + bk, and P V Wo = P (V Wo).
- All prompts see the same image, so up to the first time the image attends to them
  there is one set of image tokens, not one a prompt.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from geosam_processing.engine.models.fast.matrix_products import times_transposed


class SharedImageTransformer:
    """``transformer`` of a mask decoder rearranged; the weights stay its own.

    Every prompt of a call must see the same image: that is so for points and boxes on one
    patch, not for prompts that are masks.
    """

    def __init__(self, transformer: Any) -> None:
        self.transformer = transformer

    def __call__(
        self, image: Tensor, position: Tensor, point_embedding: Tensor
    ) -> tuple[Tensor, Tensor]:
        """As the official ``forward``, of tokens.

        Args:
            image: [1, N, C], what all prompts see.
            position: [1, N, C], that of the image tokens.
            point_embedding: [B, T, C].

        Returns:
            The prompt tokens [B, T, C] and the image tokens [B, N, C].
        """
        tokens = point_embedding
        for layer in self.transformer.layers:
            tokens, image = _layer(layer, tokens, image, point_embedding, position)
        attention = self.transformer.final_attn_token_to_image
        seen = _attend_to_image(attention, tokens + point_embedding, image + position, image)
        return self.transformer.norm_final_attn(tokens + seen), image


def _layer(
    layer: Any, tokens: Tensor, image: Tensor, token_position: Tensor, image_position: Tensor
) -> tuple[Tensor, Tensor]:
    """``TwoWayAttentionBlock``."""
    if layer.skip_first_layer_pe:
        tokens = layer.self_attn(q=tokens, k=tokens, v=tokens)
    else:
        placed = tokens + token_position
        tokens = tokens + layer.self_attn(q=placed, k=placed, v=tokens)
    tokens = layer.norm1(tokens)
    placed_image = image + image_position
    attention = layer.cross_attn_token_to_image
    seen = _attend_to_image(attention, tokens + token_position, placed_image, image)
    tokens = layer.norm2(tokens + seen)
    tokens = layer.norm3(tokens + layer.mlp(tokens))
    attention = layer.cross_attn_image_to_token
    change = _attend_to_tokens(attention, placed_image, tokens + token_position, tokens)
    return tokens, layer.norm4(change.add_(image))


def _attend_to_image(attention: Any, tokens: Tensor, keys: Tensor, values: Tensor) -> Tensor:
    """Prompt tokens [B, T, C] over image tokens [1 or B, N, C]; gives [B, T, C]."""
    heads = attention.num_heads
    queries = attention.q_proj(tokens).unflatten(-1, (heads, -1))
    queries = queries * queries.shape[-1] ** -0.5
    key_weight = attention.k_proj.weight.unflatten(0, (heads, -1))
    projected = torch.einsum("bthd,hdc->bthc", queries, key_weight).flatten(1, 2)
    weights = torch.softmax(times_transposed(projected, keys), dim=-1)
    seen = times_transposed(weights, values.transpose(1, 2)).unflatten(1, (-1, heads))
    value_weight = attention.v_proj.weight.unflatten(0, (heads, -1))
    answers = torch.einsum("bthc,hdc->bthd", seen, value_weight).flatten(2)
    projection: Tensor = attention.out_proj(answers + attention.v_proj.bias)
    return projection


def _attend_to_tokens(attention: Any, image: Tensor, tokens: Tensor, values: Tensor) -> Tensor:
    """Image tokens [1 or B, N, C] over prompt tokens [B, T, C]; gives [B, N, C]."""
    heads = attention.num_heads
    keys = attention.k_proj(tokens).unflatten(-1, (heads, -1))
    keys = keys * keys.shape[-1] ** -0.5
    query_weight = attention.q_proj.weight.unflatten(0, (heads, -1))
    query_bias = attention.q_proj.bias.unflatten(0, (heads, -1))
    projected = torch.einsum("bthd,hdc->bthc", keys, query_weight).flatten(1, 2)
    scores = times_transposed(projected, image)
    scores += (keys * query_bias).sum(-1).flatten(1).unsqueeze(-1)
    weights = torch.softmax(scores.unflatten(1, (-1, heads)), dim=1).flatten(1, 2)
    out_weight = attention.out_proj.weight.unflatten(1, (heads, -1))
    answers = attention.v_proj(values).unflatten(-1, (heads, -1))
    answers = torch.einsum("bthd,chd->bthc", answers, out_weight).flatten(1, 2)
    # The weights of a head sum to 1, so that the bias can be shared out among the heads.
    answers += attention.out_proj.bias / heads
    return times_transposed(weights.transpose(1, 2).contiguous(), answers.transpose(1, 2))
