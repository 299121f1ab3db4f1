"""The mask decoders of SAM and SAM2, for many prompts on one patch.

``SharedImageDecoder`` equals ``segment_anything.modeling.mask_decoder.MaskDecoder`` and
``sam2.modeling.sam.mask_decoder.MaskDecoder`` up to rounding, and takes a fraction of
their time. ``shared_image_transformer`` rearranges the transformer; here the rest is:

- A transposed convolution of kernel and stride 2 makes of each token four, from that token
  alone: a matrix product on tokens whose channels come last, where the norm and the
  product after it want them. Tokens stay in the order (y, x, dy, dx, ey, ex), and only the
  masks, of one value a token, are put in the order of an image.
- Only the masks that are asked for are made of the 32 channels of each token.
- The positions of the image tokens belong to the model, and are made once.
- On a CPU the prompts are decoded one by one. What a prompt needs then stays in the processor's
  cache, and its masks do not depend on the other prompts, to the last bit.
"""

from __future__ import annotations

from typing import Any, Protocol

import torch
from torch import Tensor, nn
from torch.nn.functional import gelu, layer_norm

from geosam_processing.engine.models.fast.matrix_products import Linear, times_transposed
from geosam_processing.engine.models.fast.shared_image_transformer import SharedImageTransformer

_REARRANGED = ("segment_anything.modeling.mask_decoder", "sam2.modeling.sam.mask_decoder")


class MaskDecoder(Protocol):
    """Masks of prompts on one patch."""

    def __call__(
        self,
        image: Tensor,
        sparse: Tensor,
        dense: Tensor,
        multimask: bool,
        finer: tuple[Tensor, ...] = (),
    ) -> tuple[Tensor, Tensor]:
        """Decode.

        Args:
            image: embedding of the patch, [1, C, h, w].
            sparse: embeddings of the prompts' points and boxes, [B, T, C].
            dense: embedding of "no mask" as the prompt encoder gives it, [B, C, h, w].
            multimask: whether to make three masks of each prompt or one.
            finer: SAM2's two finer maps, [1, C/8, 4h, 4w] and [1, C/4, 2h, 2w].

        Returns:
            Logits [B, M, 4h, 4w] and scores [B, M].
        """
        ...


def fast_decoder(mask_decoder: Any, prompt_encoder: Any) -> MaskDecoder:
    """The rearranged decoder, or the official one if it is not of a kind that is known here."""
    activations = {type(layer.mlp.act) for layer in mask_decoder.transformer.layers}
    if type(mask_decoder).__module__ in _REARRANGED and activations == {nn.ReLU}:
        return SharedImageDecoder(mask_decoder, prompt_encoder)
    return OfficialDecoder(mask_decoder, prompt_encoder)


def prompts_at_once(device: torch.device, count: int) -> int:
    """How many of ``count`` prompts to compute together: one on a CPU, see above."""
    return 1 if device.type == "cpu" else count


class OfficialDecoder:
    """The official mask decoder as it is."""

    def __init__(self, mask_decoder: Any, prompt_encoder: Any) -> None:
        self._decoder = mask_decoder
        self._position = prompt_encoder.get_dense_pe()

    def __call__(
        self,
        image: Tensor,
        sparse: Tensor,
        dense: Tensor,
        multimask: bool,
        finer: tuple[Tensor, ...] = (),
    ) -> tuple[Tensor, Tensor]:
        """See ``MaskDecoder``."""
        of_sam2 = hasattr(self._decoder, "use_high_res_features")
        more = {"repeat_image": True, "high_res_features": list(finer)} if of_sam2 else {}
        logits, scores, *_ = self._decoder(
            image_embeddings=image,
            image_pe=self._position,
            sparse_prompt_embeddings=sparse,
            dense_prompt_embeddings=dense,
            multimask_output=multimask,
            **more,
        )
        return logits, scores


class SharedImageDecoder:
    """A mask decoder whose prompts share the work on their image."""

    def __init__(self, mask_decoder: Any, prompt_encoder: Any) -> None:
        """Both are in eval mode and on their device."""
        self._position = _tokens_of(prompt_encoder.get_dense_pe())
        self._transformer = SharedImageTransformer(mask_decoder.transformer)
        first, self._norm, _, second, _ = mask_decoder.output_upscaling
        self._first, self._second = _Upscaling(first), _Upscaling(second)
        self._masks = [_Mlp(each) for each in mask_decoder.output_hypernetworks_mlps]
        self._scores = _Mlp(mask_decoder.iou_prediction_head)
        output = [mask_decoder.iou_token.weight, mask_decoder.mask_tokens.weight]
        if getattr(mask_decoder, "pred_obj_scores", False):
            output.insert(0, mask_decoder.obj_score_token.weight)
        self._output = torch.cat(output).detach()
        self._score_token = len(output) - 2
        # SAM2 may prefer one of the three masks to the one that was asked for.
        self._preferring = None
        if getattr(mask_decoder, "dynamic_multimask_via_stability", False):
            self._preferring = mask_decoder._dynamic_multimask_via_stability

    def __call__(
        self,
        image: Tensor,
        sparse: Tensor,
        dense: Tensor,
        multimask: bool,
        finer: tuple[Tensor, ...] = (),
    ) -> tuple[Tensor, Tensor]:
        """See ``MaskDecoder``."""
        size = image.shape[-2:]
        pixels = _tokens_of(image + dense[:1])
        placed = pixels + self._position
        finer = tuple(_blocks_of(level, size) for level in finer)
        at_once = prompts_at_once(image.device, len(sparse))
        parts = [
            self._decode(pixels, placed, part, multimask, finer) for part in sparse.split(at_once)
        ]
        logits, scores = (torch.cat(each) for each in zip(*parts, strict=True))
        return _as_image(logits, size), scores

    def _decode(
        self,
        pixels: Tensor,
        placed: Tensor,
        sparse: Tensor,
        multimask: bool,
        finer: tuple[Tensor, ...],
    ) -> tuple[Tensor, Tensor]:
        """Logits [B, M, 16 * h * w] and scores [B, M] of prompts [B, T, C]."""
        tokens = torch.cat([self._output.expand(len(sparse), -1, -1), sparse], dim=1)
        tokens, pixels = self._transformer(pixels, self._position, tokens, placed)
        wanted = slice(1, None) if multimask else slice(None if self._preferring else 1)
        scores = self._scores(tokens[:, self._score_token])[:, wanted]
        heads = list(enumerate(self._masks, self._score_token + 1))[wanted]
        hyper = torch.stack([head(tokens[:, token]) for token, head in heads], dim=1)
        logits = times_transposed(hyper, self._up(pixels, finer))
        if self._preferring and not multimask:
            # It looks at each mask as a whole, so that the order of the tokens does not matter.
            logits, scores = self._preferring(logits[..., None], scores)
            logits = logits[..., 0]
        return logits, scores

    def _up(self, pixels: Tensor, finer: tuple[Tensor, ...]) -> Tensor:
        """Image tokens [B, h * w, C] to [B, 16 * h * w, C / 8]."""
        norm = self._norm
        pixels = self._first(pixels)
        if finer:
            pixels += finer[1]
        pixels = gelu(layer_norm(pixels, pixels.shape[-1:], norm.weight, norm.bias, norm.eps))
        if not finer:
            return self._second.gelu(pixels)
        pixels = self._second(pixels)
        pixels += finer[0]
        return gelu(pixels)


class _Upscaling:
    """A transposed convolution of kernel and stride 2, on tokens with channels last."""

    def __init__(self, convolution: nn.ConvTranspose2d) -> None:
        weight = convolution.weight.detach()  # [in, out, dy, dx]
        self._channels = weight.shape[1]
        bias = weight.new_zeros(self._channels) if convolution.bias is None else convolution.bias
        self._linear = Linear(weight.permute(2, 3, 1, 0).flatten(0, 2), bias.repeat(4))

    def __call__(self, tokens: Tensor) -> Tensor:
        """[B, N, in] to [B, 4 * N, out]."""
        return self._linear(tokens).view(len(tokens), -1, self._channels)

    def gelu(self, tokens: Tensor) -> Tensor:
        """The same and GELU."""
        return self._linear.gelu(tokens).view(len(tokens), -1, self._channels)


class _Mlp:
    """``MLP`` of the official mask decoders."""

    def __init__(self, mlp: Any) -> None:
        self._layers = [Linear(layer.weight, layer.bias) for layer in mlp.layers]
        self._is_sigmoid: bool = mlp.sigmoid_output

    def __call__(self, x: Tensor) -> Tensor:
        *hidden, last = self._layers
        for layer in hidden:
            x = layer.relu(x)
        x = last(x)
        return torch.sigmoid(x) if self._is_sigmoid else x


def _tokens_of(image: Tensor) -> Tensor:
    """[1, C, h, w] to [1, h * w, C]."""
    return image.flatten(2).transpose(1, 2).contiguous()


def _blocks_of(level: Tensor, size: torch.Size) -> Tensor:
    """[1, C, 2h, 2w] or [1, C, 4h, 4w] to tokens in the order (y, x, dy, dx, ey, ex)."""
    height, width = size
    if level.shape[-1] == 2 * width:
        blocks = level.view(-1, height, 2, width, 2)
        return blocks.permute(1, 3, 2, 4, 0).flatten(0, 3)[None]
    blocks = level.view(-1, height, 2, 2, width, 2, 2)
    return blocks.permute(1, 4, 2, 5, 3, 6, 0).flatten(0, 5)[None]


def _as_image(masks: Tensor, size: torch.Size) -> Tensor:
    """[B, M, 16 * h * w] in the order (y, x, dy, dx, ey, ex) to [B, M, 4h, 4w]."""
    height, width = size
    blocks = masks.unflatten(2, (height, width, 2, 2, 2, 2))
    return blocks.permute(0, 1, 2, 4, 6, 3, 5, 7).reshape(*masks.shape[:2], 4 * height, 4 * width)
