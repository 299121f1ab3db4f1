"""Weights to begin training with, of a network that differs in its patch or its tokens."""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F


def adapted(weights: dict[str, torch.Tensor], network: Any) -> dict[str, torch.Tensor]:
    """Weights of the same network at a smaller patch, larger tokens or fewer blocks, made to fit.

    Positions repeat, relative positions are padded with their ends, prompts keep their
    frequencies per pixel, a smaller token is seen as if it were enlarged, and additional blocks
    add nothing yet.
    """
    wanted = network.state_dict()
    weights = _deepened(weights, wanted)
    result = {}
    for name, target in wanted.items():
        value = weights[name].float()
        if value.shape == target.shape:
            result[name] = value
            continue
        if name.endswith("pos_embed"):
            times = target.shape[1] // value.shape[1]
            result[name] = value.repeat(1, times, times, 1)
        elif name.endswith("patch_embed.proj.weight"):
            result[name] = _for_smaller_tokens(value, target.shape[-1])
        else:
            more = (target.shape[0] - value.shape[0]) // 2
            result[name] = torch.cat([value[:1].repeat(more, 1), value, value[-1:].repeat(more, 1)])
    matrix = "prompt_encoder.pe_layer.positional_encoding_gaussian_matrix"
    result[matrix] = result[matrix] * (_patch_side(wanted) / _patch_side(weights))
    return result


def _patch_side(weights: dict[str, torch.Tensor]) -> int:
    """Side in pixels of the patch that weights are for."""
    tokens = weights["image_encoder.pos_embed"].shape[1]
    return tokens * weights["image_encoder.patch_embed.proj.weight"].shape[-1]


def _for_smaller_tokens(kernel: torch.Tensor, size: int) -> torch.Tensor:
    """The kernel (width, bands, size, size) that sees a token as ``kernel`` sees it enlarged."""
    larger = tuple(kernel.shape[-2:])
    pixels = torch.eye(size * size).view(-1, 1, size, size)
    enlarged = F.interpolate(pixels, larger, mode="bilinear").flatten(1)
    return (kernel.flatten(2) @ enlarged.t()).unflatten(2, (size, size))


_BLOCK = "image_encoder.blocks."


def _deepened(
    weights: dict[str, torch.Tensor], wanted: dict[str, torch.Tensor]
) -> dict[str, torch.Tensor]:
    """Weights with additional blocks in the middle of the image encoder.

    They are copies of those that follow, whose last layers are zeroed: they add nothing to what
    passes through them, and training begins where the weights had got.
    """
    had, has = _depth(weights), _depth(wanted)
    if had == has:
        return weights
    first, more = had // 2, has - had
    result = {name: value for name, value in weights.items() if not name.startswith(_BLOCK)}
    for block in range(has):
        new = first <= block < first + more
        source = block if block < first else block - more
        if new:
            source = first + (block - first) % (had - first)
        for name, value in weights.items():
            start = f"{_BLOCK}{source}."
            if name.startswith(start):
                part = name[len(start) :]
                silent = new and part.startswith(("attn.proj.", "mlp.lin2."))
                result[f"{_BLOCK}{block}.{part}"] = value * 0 if silent else value
    return result


def _depth(weights: dict[str, torch.Tensor]) -> int:
    """The number of an image encoder's blocks."""
    return len({name.split(".")[2] for name in weights if name.startswith(_BLOCK)})
