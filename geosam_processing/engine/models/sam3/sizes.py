"""The sizes of a SAM3 network, taken from the shapes of its weights.

What shapes do not show is as in Meta's network: heads of 64 channels in the trunk and in the
text encoder, eight heads elsewhere, windows of 24 tokens, and every eighth block of the trunk
attends to all tokens.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from geosam_processing.engine.models.families import WeightsDifferError
from geosam_processing.engine.models.sam3.weights import Part, Sam3Weights

if TYPE_CHECKING:
    from transformers import Sam3Config

PATCH_SIZE = 1008  # pixels
GRID = 72  # tokens along a side
TOKEN_SIZE = PATCH_SIZE // GRID
_HEAD_WIDTH = 64
_HEADS = 8
_WINDOW = 24
_GLOBAL_EVERY = 8

_BACKBONE = "vision_encoder.backbone."
_TEXT = "text_encoder.text_model."


@dataclass(frozen=True)
class VisionSizes:
    """The trunk and the width of what the necks make of its output."""

    width: int
    mlp_width: int
    depth: int
    pretrained_grid: int
    neck_width: int

    @classmethod
    def of(cls, weights: Sam3Weights) -> VisionSizes:
        """The sizes in ``weights``.

        Raises:
            WeightsDifferError: tensors that show them are missing.
        """
        detector = weights.detector
        positions = _shape(detector, _BACKBONE + "embeddings.position_embeddings")
        return cls(
            width=positions[-1],
            mlp_width=_shape(detector, _BACKBONE + "layers.0.mlp.fc1.weight")[0],
            depth=_count(detector, _BACKBONE + "layers"),
            pretrained_grid=int(positions[1] ** 0.5),
            neck_width=_shape(weights.neck, "fpn_layers.0.proj2.weight")[0],
        )

    @property
    def configuration(self) -> dict[str, Any]:
        """``vision_config`` of ``transformers``."""
        return {
            "backbone_config": {
                "model_type": "sam3_vit_model",
                "hidden_size": self.width,
                "intermediate_size": self.mlp_width,
                "num_hidden_layers": self.depth,
                "num_attention_heads": max(self.width // _HEAD_WIDTH, 1),
                "global_attn_indexes": list(range(_GLOBAL_EVERY - 1, self.depth, _GLOBAL_EVERY)),
                "image_size": PATCH_SIZE,
                "patch_size": TOKEN_SIZE,
                "window_size": _WINDOW,
                "pretrain_image_size": TOKEN_SIZE * self.pretrained_grid,
            },
            "fpn_hidden_size": self.neck_width,
        }


def detector_configuration(weights: Sam3Weights) -> Sam3Config:
    """The configuration of the detector whose weights these are.

    Raises:
        WeightsDifferError: tensors that show it are missing.
    """
    from transformers import Sam3Config

    vision = VisionSizes.of(weights)
    part = weights.detector

    def stack(name: str) -> dict[str, Any]:
        return {
            "hidden_size": vision.neck_width,
            "num_layers": _count(part, f"{name}.layers"),
            "num_attention_heads": _HEADS,
            "intermediate_size": _shape(part, f"{name}.layers.0.mlp.fc1.weight")[0],
        }

    vocabulary, text_width = _shape(part, _TEXT + "embeddings.token_embedding.weight")
    return Sam3Config(
        vision_config={"model_type": "sam3_vision_model", **vision.configuration},
        text_config={
            "model_type": "clip_text_model",
            "vocab_size": vocabulary,
            "hidden_size": text_width,
            "intermediate_size": _shape(part, _TEXT + "encoder.layers.0.mlp.fc1.weight")[0],
            "projection_dim": _shape(part, "text_encoder.text_projection.weight")[0],
            "num_hidden_layers": _count(part, _TEXT + "encoder.layers"),
            "num_attention_heads": max(text_width // _HEAD_WIDTH, 1),
            "max_position_embeddings": _shape(part, _TEXT + "embeddings.position_embedding.weight")[
                0
            ],
            "hidden_act": "gelu",
        },
        geometry_encoder_config=stack("geometry_encoder"),
        detr_encoder_config=stack("detr_encoder"),
        detr_decoder_config={
            **stack("detr_decoder"),
            "num_queries": _shape(part, "detr_decoder.query_embed.weight")[0],
        },
        mask_decoder_config={"hidden_size": vision.neck_width, "num_attention_heads": _HEADS},
    )


def _shape(part: Part, name: str) -> tuple[int, ...]:
    tensor = part.tensors.get(name)
    if tensor is None:
        raise WeightsDifferError(f"has no {name}")
    return tuple(tensor.shape)


def _count(part: Part, prefix: str) -> int:
    pattern = re.compile(rf"{re.escape(prefix)}\.(\d+)\.")
    matches = (pattern.match(name) for name in part.tensors)
    return len({match[1] for match in matches if match})
