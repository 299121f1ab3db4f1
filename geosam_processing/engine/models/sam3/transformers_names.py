"""The names of ``model.safetensors``, which are those of ``transformers``.

The detector has them already. Those of the head are renamed to those of
``sam2.modeling.sam2_base.SAM2Base``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from geosam_processing.engine.models.sam3.renaming import Named, compiled, renamed

TRUNK_POSITIONS = "detector_model.vision_encoder.backbone.embeddings.position_embeddings"
DETECTOR, NECK, HEAD = "detector_model.", "tracker_neck.", "tracker_model."
# The head's copies of what the detector, the neck and the prompt encoder hold.
_COPIES = ("vision_encoder.", "shared_image_embedding.")
_POINT_EMBEDDINGS = "prompt_encoder.point_embed.weight"

_MLPS = r"iou_prediction_head|pred_obj_score_head|output_hypernetworks_mlps\.\d+"

# Applied one after the other to a name without "tracker_model.".
_HEAD_RULES = compiled(
    (
        r"^prompt_encoder\.shared_embedding\.positional_embedding$",
        "prompt_encoder.pe_layer.positional_encoding_gaussian_matrix",
    ),
    # Between the convolutions stand activations, which have a number but no weights.
    (
        r"^prompt_encoder\.mask_embed\.conv(\d)\.",
        lambda match: f"prompt_encoder.mask_downscaling.{3 * (int(match[1]) - 1)}.",
    ),
    (
        r"^prompt_encoder\.mask_embed\.layer_norm(\d)\.",
        lambda match: f"prompt_encoder.mask_downscaling.{3 * (int(match[1]) - 1) + 1}.",
    ),
    (r"^mask_decoder\.upscale_conv1\.", "mask_decoder.output_upscaling.0."),
    (r"^mask_decoder\.upscale_layer_norm\.", "mask_decoder.output_upscaling.1."),
    (r"^mask_decoder\.upscale_conv2\.", "mask_decoder.output_upscaling.3."),
    (r"^(mask_decoder\.transformer\.layers\.\d+\.mlp)\.proj_in\.", r"\1.layers.0."),
    (r"^(mask_decoder\.transformer\.layers\.\d+\.mlp)\.proj_out\.", r"\1.layers.1."),
    (rf"^(mask_decoder\.(?:{_MLPS})|object_pointer_proj)\.layers\.0\.", r"\1.layers.1."),
    (rf"^(mask_decoder\.(?:{_MLPS})|object_pointer_proj)\.proj_in\.", r"\1.layers.0."),
    (rf"^(mask_decoder\.(?:{_MLPS})|object_pointer_proj)\.proj_out\.", r"\1.layers.2."),
    (
        r"^mask_decoder\.transformer\.layer_norm_final_attn\.",
        "mask_decoder.transformer.norm_final_attn.",
    ),
    (r"^(prompt_encoder|mask_decoder)\.", r"sam_\1."),
    (
        r"^memory_encoder\.mask_downsampler\.layers\.(\d+)\.conv\.",
        lambda match: f"memory_encoder.mask_downsampler.encoder.{3 * int(match[1])}.",
    ),
    (
        r"^memory_encoder\.mask_downsampler\.layers\.(\d+)\.layer_norm\.",
        lambda match: f"memory_encoder.mask_downsampler.encoder.{3 * int(match[1]) + 1}.",
    ),
    (
        r"^memory_encoder\.mask_downsampler\.final_conv\.",
        "memory_encoder.mask_downsampler.encoder.12.",
    ),
    (r"^memory_encoder\.feature_projection\.", "memory_encoder.pix_feat_proj."),
    (r"^memory_encoder\.projection\.", "memory_encoder.out_proj."),
    (r"^memory_encoder\.memory_fuser\.", "memory_encoder.fuser."),
    (r"\.depthwise_conv\.", ".dwconv."),
    (r"\.pointwise_conv", ".pwconv"),
    (r"^(memory_encoder\.fuser\.layers\.\d+)\.scale$", r"\1.gamma"),
    (r"^object_pointer_proj\.", "obj_ptr_proj."),
    (r"^temporal_positional_encoding_projection_layer\.", "obj_ptr_tpos_proj."),
    (r"^memory_temporal_positional_encoding$", "maskmem_tpos_enc"),
    (r"^no_memory_embedding$", "no_mem_embed"),
    (r"^no_memory_positional_encoding$", "no_mem_pos_enc"),
    (r"^no_object_pointer$", "no_obj_ptr"),
    (r"^occlusion_spatial_embedding_parameter$", "no_obj_embed_spatial"),
    (r"\.layer_norm(\d*)\.", r".norm\1."),
    (r"\.o_proj\.", ".out_proj."),
)


def is_transformers_layout(names: Mapping[str, Any]) -> bool:
    """Whether tensors have the names of ``transformers``."""
    return TRUNK_POSITIONS in names


def detector_tensors(state: Mapping[str, Any]) -> Iterator[Named]:
    """The detector's tensors, and those of the other neck below ``tracker_neck.``."""
    for name, tensor in state.items():
        if name.startswith(DETECTOR):
            yield Named(name.removeprefix(DETECTOR), name, tensor)
        elif name.startswith(NECK):
            yield Named(name, name, tensor)


def head_tensors(state: Mapping[str, Any]) -> Iterator[Named]:
    """The tensors of the head for points and boxes, and of the memory."""
    for name, tensor in state.items():
        rest = name.removeprefix(HEAD)
        if rest == name or rest.startswith(_COPIES):
            continue
        if rest == _POINT_EMBEDDINGS:
            for index, row in enumerate(tensor.split(1)):
                yield Named(f"sam_prompt_encoder.point_embeddings.{index}.weight", name, row)
        else:
            yield Named(renamed(rest, _HEAD_RULES), name, tensor)


def is_foreign(name: str) -> bool:
    """Whether a name belongs to none of the parts above."""
    return not name.startswith((DETECTOR, NECK, HEAD))
