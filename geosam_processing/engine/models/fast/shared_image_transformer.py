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
  there is one set of image tokens, not one for each prompt.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import layer_norm

from geosam_processing.engine.models.fast.matrix_products import Linear, times_transposed


class SharedImageTransformer:
    """``transformer`` of a mask decoder rearranged.

    Every prompt of a call must see the same image: that is so for points and boxes on one
    patch, not for prompts that are masks.
    """

    def __init__(self, transformer: Any) -> None:
        self._layers = [_Layer(layer) for layer in transformer.layers]
        self._final = _ToImage(transformer.final_attn_token_to_image)
        self._norm = _Norm(transformer.norm_final_attn)

    def __call__(
        self, image: Tensor, position: Tensor, point_embedding: Tensor, placed: Tensor
    ) -> tuple[Tensor, Tensor]:
        """As the official ``forward``, of tokens.

        Args:
            image: [1, N, C], what all prompts see.
            position: [1, N, C], that of the image tokens.
            point_embedding: [B, T, C].
            placed: ``image + position``, which the prompts share too.

        Returns:
            The prompt tokens [B, T, C] and the image tokens [B, N, C].
        """
        tokens = point_embedding
        for layer in self._layers:
            tokens, image = layer(tokens, image, placed, point_embedding)
            placed = image + position
        tokens = self._final(tokens + point_embedding, placed, image, plus=tokens)
        return self._norm(tokens), image


class _Layer:
    """``TwoWayAttentionBlock``."""

    def __init__(self, layer: Any) -> None:
        self._skips_position: bool = layer.skip_first_layer_pe
        self._among_tokens = _AmongTokens(layer.self_attn)
        self._to_image = _ToImage(layer.cross_attn_token_to_image)
        self._to_tokens = _ToTokens(layer.cross_attn_image_to_token)
        norms = (layer.norm1, layer.norm2, layer.norm3, layer.norm4)
        self._norms = [_Norm(norm) for norm in norms]
        self._widen, self._narrow = (_linear_of(each) for each in _mlp_layers(layer.mlp))

    def __call__(
        self, tokens: Tensor, image: Tensor, placed_image: Tensor, token_position: Tensor
    ) -> tuple[Tensor, Tensor]:
        if self._skips_position:
            tokens = self._among_tokens(tokens, tokens)
        else:
            tokens = tokens + self._among_tokens(tokens + token_position, tokens)
        tokens = self._norms[0](tokens)
        tokens = self._to_image(tokens + token_position, placed_image, image, plus=tokens)
        tokens = self._norms[1](tokens)
        tokens = self._norms[2](self._narrow.plus(self._widen.relu(tokens), tokens))
        image = self._to_tokens(placed_image, tokens + token_position, tokens, plus=image)
        return tokens, self._norms[3](image)


class _AmongTokens:
    """Prompt tokens attend to each other."""

    def __init__(self, attention: Any) -> None:
        self._heads: int = attention.num_heads
        layers = (attention.q_proj, attention.k_proj, attention.v_proj, attention.out_proj)
        self._query, self._key, self._value, self._out = (_linear_of(each) for each in layers)

    def __call__(self, placed: Tensor, tokens: Tensor) -> Tensor:
        """[B, T, C] to the same; ``placed`` has the positions in it."""
        queries, keys, values = (
            linear(given).unflatten(-1, (self._heads, -1)).transpose(1, 2)
            for linear, given in (
                (self._query, placed),
                (self._key, placed),
                (self._value, tokens),
            )
        )
        scores = queries * queries.shape[-1] ** -0.5 @ keys.mT
        seen = torch.softmax(scores, dim=-1) @ values
        return self._out(seen.transpose(1, 2).flatten(2))


class _ToImage:
    """Prompt tokens attend to image tokens."""

    def __init__(self, attention: Any) -> None:
        self._heads: int = attention.num_heads
        self._query, self._out = _linear_of(attention.q_proj), _linear_of(attention.out_proj)
        self._key_weight, self._value_weight = (
            projection.weight.detach().unflatten(0, (self._heads, -1))
            for projection in (attention.k_proj, attention.v_proj)
        )
        self._value_bias = attention.v_proj.bias.detach()

    def __call__(self, tokens: Tensor, keys: Tensor, values: Tensor, plus: Tensor) -> Tensor:
        """Prompt tokens [B, T, C] over image tokens [1 or B, N, C]; gives [B, T, C]."""
        queries = self._query(tokens).unflatten(-1, (self._heads, -1))
        queries = queries * queries.shape[-1] ** -0.5
        projected = torch.einsum("bthd,hdc->bthc", queries, self._key_weight).flatten(1, 2)
        weights = torch.softmax(times_transposed(projected, keys), dim=-1)
        seen = times_transposed(weights, values.transpose(1, 2)).unflatten(1, (-1, self._heads))
        answers = torch.einsum("bthc,hdc->bthd", seen, self._value_weight).flatten(2)
        return self._out.plus(answers + self._value_bias, plus)


class _ToTokens:
    """Image tokens attend to prompt tokens."""

    def __init__(self, attention: Any) -> None:
        self._heads: int = attention.num_heads
        self._key, self._value = _linear_of(attention.k_proj), _linear_of(attention.v_proj)
        self._query_weight = attention.q_proj.weight.detach().unflatten(0, (self._heads, -1))
        self._query_bias = attention.q_proj.bias.detach().unflatten(0, (self._heads, -1))
        self._out_weight = attention.out_proj.weight.detach().unflatten(1, (self._heads, -1))
        # The weights of a head sum to 1, so that the bias can be shared out among the heads.
        self._out_bias = attention.out_proj.bias.detach() / self._heads

    def __call__(self, image: Tensor, tokens: Tensor, values: Tensor, plus: Tensor) -> Tensor:
        """Image tokens [1 or B, N, C] over prompt tokens [B, T, C]; gives [B, N, C]."""
        keys = self._key(tokens).unflatten(-1, (self._heads, -1))
        keys = keys * keys.shape[-1] ** -0.5
        projected = torch.einsum("bthd,hdc->bthc", keys, self._query_weight).flatten(1, 2)
        scores = times_transposed(projected, image)
        scores += (keys * self._query_bias).sum(-1).flatten(1).unsqueeze(-1)
        weights = _softmax_over_tokens(scores.unflatten(1, (-1, self._heads))).flatten(1, 2)
        answers = self._value(values).unflatten(-1, (self._heads, -1))
        answers = torch.einsum("bthd,chd->bthc", answers, self._out_weight)
        answers = (answers + self._out_bias).flatten(1, 2)
        weights, answers = (each.transpose(1, 2).contiguous() for each in (weights, answers))
        return times_transposed(weights, answers, plus)


def _softmax_over_tokens(scores: Tensor) -> Tensor:
    """Softmax over T of [B, T, heads, N], in place.

    ``torch.softmax`` over a dimension that is not the last one rounds differently with another
    number of threads.
    """
    scores -= scores.amax(1, keepdim=True)
    scores.exp_()
    scores /= scores.sum(1, keepdim=True)
    return scores


class _Norm:
    """A layer norm over the last dimension."""

    def __init__(self, norm: Any) -> None:
        self._weight, self._bias = norm.weight.detach(), norm.bias.detach()
        self._epsilon: float = norm.eps

    def __call__(self, x: Tensor) -> Tensor:
        return layer_norm(x, x.shape[-1:], self._weight, self._bias, self._epsilon)


def _linear_of(layer: Any) -> Linear:
    return Linear(layer.weight, layer.bias)


def _mlp_layers(mlp: Any) -> Any:
    """The two layers of SAM's ``MLPBlock`` or SAM2's ``MLP``."""
    return mlp.layers if hasattr(mlp, "layers") else (mlp.lin1, mlp.lin2)
