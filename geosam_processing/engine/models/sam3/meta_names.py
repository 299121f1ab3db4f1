"""The names of tensors in Meta's files: ``sam3.pt`` and ``sam3.1_multiplex.pt``.

The detector's are renamed to those of ``transformers.Sam3Model``, the head's to those of
``sam2.modeling.sam2_base.SAM2Base``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from geosam_processing.engine.models.sam3.renaming import Named, compiled, renamed

TRUNK_POSITIONS = "detector.backbone.vision_backbone.trunk.pos_embed"
DETECTOR, HEAD = "detector.", "tracker."
# SAM 3.1 has its head for points below this prefix, beside a memory of another architecture.
_HEAD_31 = "tracker.model.interactiv"
_NECK_31 = "detector.backbone.vision_backbone.interactive_convs."

# Applied one after the other to a name without "detector.".
_DETECTOR_RULES = compiled(
    (r"^backbone\.vision_backbone\.trunk\.", "vision_encoder.backbone."),
    (r"^backbone\.vision_backbone\.convs\.", "vision_encoder.neck.fpn_layers."),
    (r"^backbone\.vision_backbone\.(?:sam2|interactive)_convs\.", "tracker_neck.fpn_layers."),
    (r"^backbone\.language_backbone\.resizer\.", "text_projection."),
    (r"^backbone\.language_backbone\.encoder\.", "text_encoder."),
    (r"^geometry_encoder\.encode\.", "geometry_encoder.layers."),
    (r"^transformer\.encoder\.", "detr_encoder."),
    (r"^transformer\.decoder\.", "detr_decoder."),
    (r"^dot_prod_scoring\.", "dot_product_scoring."),
    (r"^segmentation_head\.", "mask_decoder."),
    # The trunk.
    (r"backbone\.pos_embed$", "backbone.embeddings.position_embeddings"),
    (r"backbone\.patch_embed\.proj\.", "backbone.embeddings.patch_embeddings.projection."),
    (r"backbone\.ln_pre\.", "backbone.layer_norm."),
    (r"backbone\.blocks\.(\d+)\.norm([12])\.", r"backbone.layers.\1.layer_norm\2."),
    (r"backbone\.blocks\.(\d+)\.attn\.", r"backbone.layers.\1.attention."),
    (r"backbone\.blocks\.", "backbone.layers."),
    (r"(backbone\.layers\.\d+\.attention)\.proj\.", r"\1.o_proj."),
    # The necks.
    (r"\.dconv_2x2(?:_0)?\.", ".scale_layers.0."),
    (r"\.dconv_2x2_1\.", ".scale_layers.2."),
    (r"\.conv_1x1\.", ".proj1."),
    (r"\.conv_3x3\.", ".proj2."),
    # The text encoder.
    (r"^text_encoder\.text_projection$", "text_encoder.text_projection.weight"),
    (r"^text_encoder\.token_embedding\.", "text_encoder.text_model.embeddings.token_embedding."),
    (
        r"^text_encoder\.positional_embedding$",
        "text_encoder.text_model.embeddings.position_embedding.weight",
    ),
    (r"^text_encoder\.ln_final\.", "text_encoder.text_model.final_layer_norm."),
    (
        r"^text_encoder\.transformer\.resblocks\.(\d+)\.",
        r"text_encoder.text_model.encoder.layers.\1.",
    ),
    (r"^(text_encoder\.text_model.*)\.attn\.", r"\1.self_attn."),
    (r"^(text_encoder\.text_model.*)\.ln_([12])\.", r"\1.layer_norm\2."),
    (r"\.mlp\.c_fc\.", ".mlp.fc1."),
    (r"\.mlp\.c_proj\.", ".mlp.fc2."),
    # The encoder of examples.
    (r"^geometry_encoder\.img_pre_norm\.", "geometry_encoder.vision_layer_norm."),
    (r"^geometry_encoder\.norm\.", "geometry_encoder.prompt_layer_norm."),
    (r"^geometry_encoder\.encode_norm\.", "geometry_encoder.output_layer_norm."),
    # The transformer.
    (r"^((?:geometry|detr)_encoder\.layers\.\d+)\.cross_attn_image\.", r"\1.cross_attn."),
    (r"^((?:geometry|detr)_encoder\.layers\.\d+)\.norm(\d)\.", r"\1.layer_norm\2."),
    (r"^(detr_decoder\.layers\.\d+)\.cross_attn\.", r"\1.vision_cross_attn."),
    (r"^(detr_decoder\.layers\.\d+)\.ca_text\.", r"\1.text_cross_attn."),
    (r"^(detr_decoder\.layers\.\d+)\.norm1\.", r"\1.vision_cross_attn_layer_norm."),
    (r"^(detr_decoder\.layers\.\d+)\.catext_norm\.", r"\1.text_cross_attn_layer_norm."),
    (r"^(detr_decoder\.layers\.\d+)\.norm2\.", r"\1.self_attn_layer_norm."),
    (r"^(detr_decoder\.layers\.\d+)\.norm3\.", r"\1.mlp_layer_norm."),
    (r"^detr_decoder\.presence_token_head\.", "detr_decoder.presence_head."),
    (r"^detr_decoder\.presence_token_out_norm\.", "detr_decoder.presence_layer_norm."),
    (r"^detr_decoder\.norm\.", "detr_decoder.output_layer_norm."),
    (r"^detr_decoder\.bbox_embed\.", "detr_decoder.box_head."),
    (r"^detr_decoder\.boxRPB_embed_([xy])\.", r"detr_decoder.box_rpb_embed_\1."),
    (r"^((?:detr_\w+|geometry_encoder)\.layers\.\d+)\.linear([12])\.", r"\1.mlp.fc\2."),
    (
        r"^(detr_decoder\.(?:presence_head|box_head|ref_point_head|box_rpb_embed_[xy]))"
        r"\.layers\.(\d)\.",
        lambda match: f"{match[1]}.layer{int(match[2]) + 1}.",
    ),
    # Scores and masks.
    (
        r"^dot_product_scoring\.prompt_mlp\.layers\.(\d)\.",
        lambda match: f"dot_product_scoring.text_mlp.layer{int(match[1]) + 1}.",
    ),
    (r"^dot_product_scoring\.prompt_mlp\.out_norm\.", "dot_product_scoring.text_mlp_out_norm."),
    (r"^dot_product_scoring\.prompt_proj\.", "dot_product_scoring.text_proj."),
    (r"^dot_product_scoring\.hs_proj\.", "dot_product_scoring.query_proj."),
    (r"^mask_decoder\.mask_predictor\.mask_embed\.", "mask_decoder.mask_embedder."),
    (r"^mask_decoder\.instance_seg_head\.", "mask_decoder.instance_projection."),
    (r"^mask_decoder\.semantic_seg_head\.", "mask_decoder.semantic_projection."),
    (r"^mask_decoder\.cross_attend_prompt\.", "mask_decoder.prompt_cross_attn."),
    (r"^mask_decoder\.cross_attn_norm\.", "mask_decoder.prompt_cross_attn_norm."),
    (r"^(?!text_encoder)(.*)\.out_proj\.", r"\1.o_proj."),
)

# Applied to a name without "tracker.".
_HEAD_RULES = compiled(
    (r"^transformer\.encoder\.", "memory_attention."),
    (r"^maskmem_backbone\.", "memory_encoder."),
    (r"^(sam_mask_decoder\.transformer\..*\.mlp)\.lin1\.", r"\1.layers.0."),
    (r"^(sam_mask_decoder\.transformer\..*\.mlp)\.lin2\.", r"\1.layers.1."),
)
_HEAD_RULES_31 = compiled(
    (r"^model\.interactive_", ""), (r"^model\.interactivity_", ""), *_HEAD_RULES
)

# Weights of queries, keys and values in one tensor.
_JOINED = re.compile(r"\.(?:qkv\.|in_proj_)(weight|bias)$")


def is_meta_layout(names: Mapping[str, Any]) -> bool:
    """Whether tensors have the names of Meta's files."""
    return TRUNK_POSITIONS in names


def is_version_31(names: Mapping[str, Any]) -> bool:
    """Whether tensors, which have Meta's names, are of SAM 3.1."""
    return any(name.startswith(_NECK_31) for name in names)


def detector_tensors(state: Mapping[str, Any]) -> Iterator[Named]:
    """The detector's tensors, and those of the other neck below ``tracker_neck.``.

    Left out are tables that are computed, and examples given as points, which ``transformers``
    does not have.
    """
    for name, tensor in state.items():
        rest = name.removeprefix(DETECTOR)
        if rest == name or rest.endswith("freqs_cis") or ".points_" in rest:
            continue
        new = renamed(rest, _DETECTOR_RULES)
        if new.endswith("position_embeddings"):
            tensor = tensor[:, 1:]  # without the class token
        elif new == "text_encoder.text_projection.weight":
            tensor = tensor.T
        joined = _JOINED.search(new)
        if joined is None:
            yield Named(new, name, tensor)
            continue
        for letter, part in zip("qkv", tensor.chunk(3), strict=True):
            yield Named(f"{new[: joined.start()]}.{letter}_proj.{joined[1]}", name, part)


def head_tensors(state: Mapping[str, Any]) -> Iterator[Named]:
    """The tensors of the head for points and boxes, and of the memory."""
    for name, tensor in state.items():
        if name.startswith(HEAD):
            yield Named(renamed(name.removeprefix(HEAD), _HEAD_RULES), name, tensor)


def head_tensors_31(state: Mapping[str, Any]) -> Iterator[Named]:
    """The tensors of SAM 3.1's head for points and boxes.

    Its memory has another architecture and is left out.
    """
    for name, tensor in state.items():
        if name.startswith(_HEAD_31):
            yield Named(renamed(name.removeprefix(HEAD), _HEAD_RULES_31), name, tensor)


def is_foreign(name: str) -> bool:
    """Whether a name belongs to none of the parts above."""
    return not name.startswith((DETECTOR, HEAD))
