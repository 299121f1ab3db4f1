"""A SAM3 of true architecture and small sizes, with random weights, and files of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from geosam_processing.engine.models.torchvision_operators import ensure_torchvision

WIDTH = 64
NECK_WIDTH = 32
DEPTH = 8
QUERIES = 12


def configuration(
    width: int = WIDTH, neck_width: int = NECK_WIDTH, depth: int = DEPTH, layers: int = 1
) -> dict[str, Any]:
    """Keyword arguments of ``transformers.Sam3Config``."""
    stack = {
        "hidden_size": neck_width,
        "num_layers": layers,
        "num_attention_heads": 8,
        "intermediate_size": 64,
    }
    return {
        "vision_config": {
            "model_type": "sam3_vision_model",
            "backbone_config": {
                "model_type": "sam3_vit_model",
                "hidden_size": width,
                "intermediate_size": 2 * width,
                "num_hidden_layers": depth,
                "num_attention_heads": width // 64,
                "global_attn_indexes": [7, 15, 23, 31][: depth // 8],
            },
            "fpn_hidden_size": neck_width,
        },
        "text_config": {
            "model_type": "clip_text_model",
            "vocab_size": 49408,
            "hidden_size": 64,
            "intermediate_size": 128,
            "projection_dim": 16,
            "num_hidden_layers": 2,
            "num_attention_heads": 1,
            "max_position_embeddings": 32,
            "hidden_act": "gelu",
        },
        "geometry_encoder_config": dict(stack),
        "detr_encoder_config": dict(stack),
        "detr_decoder_config": {**stack, "num_layers": 2, "num_queries": QUERIES},
        "mask_decoder_config": {"hidden_size": neck_width, "num_attention_heads": 8},
    }


@dataclass(frozen=True)
class TinySam3:
    """``transformers``' own networks: the detector, and the tracker with its neck."""

    detector: Any
    tracker: Any

    def transformers_state(self) -> dict[str, Tensor]:
        """The tensors as ``model.safetensors`` names them."""
        state = {f"detector_model.{k}": v for k, v in self.detector.state_dict().items()}
        for name, tensor in self.tracker.state_dict().items():
            if name.startswith("vision_encoder.neck."):
                state[f"tracker_neck.{name.removeprefix('vision_encoder.neck.')}"] = tensor
            elif not name.startswith("vision_encoder."):
                state[f"tracker_model.{name}"] = tensor
        return {name: tensor.clone() for name, tensor in state.items()}


def build(seed: int = 0, **sizes: int) -> TinySam3:
    """Networks that share their trunk."""
    ensure_torchvision()
    from transformers import Sam3Config, Sam3Model, Sam3TrackerVideoConfig, Sam3TrackerVideoModel

    torch.manual_seed(seed)
    detector_configuration = Sam3Config(**configuration(**sizes))
    detector = Sam3Model(detector_configuration).eval()
    neck_width = sizes.get("neck_width", NECK_WIDTH)
    tracker = Sam3TrackerVideoModel(
        Sam3TrackerVideoConfig(
            vision_config=configuration(**sizes)["vision_config"],
            prompt_encoder_config={"hidden_size": neck_width},
            mask_decoder_config={"hidden_size": neck_width, "iou_head_hidden_dim": 256},
            memory_attention_hidden_size=neck_width,
            memory_encoder_hidden_size=neck_width,
            mask_downsampler_embed_dim=neck_width,
            memory_fuser_embed_dim=neck_width,
            memory_fuser_intermediate_dim=4 * neck_width,
        )
    ).eval()
    tracker.vision_encoder.backbone = detector.vision_encoder.backbone
    with torch.no_grad():
        for network in (detector, tracker):
            for name, parameter in network.named_parameters():
                # As initialized, masks are flat, and an embedding of zeros hides that it is added.
                if "norm" not in name and (len(parameter) == 1 or parameter.std() < 0.1):
                    parameter.normal_(0, 0.05 if "backbone" in name else 0.1)
    return TinySam3(detector, tracker)


# From the names of ``transformers`` to those of Meta, written from Meta's side.
_TRUNK = "detector.backbone.vision_backbone.trunk"
_TEXT = "detector.backbone.language_backbone.encoder"
_DETECTOR_NAMES = [
    (r"vision_encoder\.backbone\.embeddings\.position_embeddings", f"{_TRUNK}.pos_embed"),
    (
        r"vision_encoder\.backbone\.embeddings\.patch_embeddings\.projection\.(\w+)",
        rf"{_TRUNK}.patch_embed.proj.\1",
    ),
    (r"vision_encoder\.backbone\.layer_norm\.(\w+)", rf"{_TRUNK}.ln_pre.\1"),
    (
        r"vision_encoder\.backbone\.layers\.(\d+)\.layer_norm(\d)\.(\w+)",
        rf"{_TRUNK}.blocks.\1.norm\2.\3",
    ),
    (
        r"vision_encoder\.backbone\.layers\.(\d+)\.attention\.o_proj\.(\w+)",
        rf"{_TRUNK}.blocks.\1.attn.proj.\2",
    ),
    (
        r"vision_encoder\.backbone\.layers\.(\d+)\.attention\.qkv\.(\w+)",
        rf"{_TRUNK}.blocks.\1.attn.qkv.\2",
    ),
    (
        r"vision_encoder\.backbone\.layers\.(\d+)\.mlp\.(fc\d)\.(\w+)",
        rf"{_TRUNK}.blocks.\1.mlp.\2.\3",
    ),
    (r"text_projection\.(\w+)", r"detector.backbone.language_backbone.resizer.\1"),
    (r"text_encoder\.text_projection\.weight", f"{_TEXT}.text_projection"),
    (
        r"text_encoder\.text_model\.embeddings\.token_embedding\.weight",
        f"{_TEXT}.token_embedding.weight",
    ),
    (
        r"text_encoder\.text_model\.embeddings\.position_embedding\.weight",
        f"{_TEXT}.positional_embedding",
    ),
    (r"text_encoder\.text_model\.final_layer_norm\.(\w+)", rf"{_TEXT}.ln_final.\1"),
    (
        r"text_encoder\.text_model\.encoder\.layers\.(\d+)\.self_attn\.(.+)",
        rf"{_TEXT}.transformer.resblocks.\1.attn.\2",
    ),
    (
        r"text_encoder\.text_model\.encoder\.layers\.(\d+)\.layer_norm(\d)\.(\w+)",
        rf"{_TEXT}.transformer.resblocks.\1.ln_\2.\3",
    ),
    (
        r"text_encoder\.text_model\.encoder\.layers\.(\d+)\.mlp\.fc1\.(\w+)",
        rf"{_TEXT}.transformer.resblocks.\1.mlp.c_fc.\2",
    ),
    (
        r"text_encoder\.text_model\.encoder\.layers\.(\d+)\.mlp\.fc2\.(\w+)",
        rf"{_TEXT}.transformer.resblocks.\1.mlp.c_proj.\2",
    ),
    (r"geometry_encoder\.vision_layer_norm\.(\w+)", r"detector.geometry_encoder.img_pre_norm.\1"),
    (r"geometry_encoder\.prompt_layer_norm\.(\w+)", r"detector.geometry_encoder.norm.\1"),
    (r"geometry_encoder\.output_layer_norm\.(\w+)", r"detector.geometry_encoder.encode_norm.\1"),
    (r"geometry_encoder\.layers\.(.+)", r"detector.geometry_encoder.encode.\1"),
    (r"detr_encoder\.layers\.(.+)", r"detector.transformer.encoder.layers.\1"),
    (
        r"detr_decoder\.layers\.(\d+)\.vision_cross_attn\.(.+)",
        r"detector.transformer.decoder.layers.\1.cross_attn.\2",
    ),
    (
        r"detr_decoder\.layers\.(\d+)\.text_cross_attn\.(.+)",
        r"detector.transformer.decoder.layers.\1.ca_text.\2",
    ),
    (
        r"detr_decoder\.layers\.(\d+)\.vision_cross_attn_layer_norm\.(.+)",
        r"detector.transformer.decoder.layers.\1.norm1.\2",
    ),
    (
        r"detr_decoder\.layers\.(\d+)\.text_cross_attn_layer_norm\.(.+)",
        r"detector.transformer.decoder.layers.\1.catext_norm.\2",
    ),
    (
        r"detr_decoder\.layers\.(\d+)\.self_attn_layer_norm\.(.+)",
        r"detector.transformer.decoder.layers.\1.norm2.\2",
    ),
    (
        r"detr_decoder\.layers\.(\d+)\.mlp_layer_norm\.(.+)",
        r"detector.transformer.decoder.layers.\1.norm3.\2",
    ),
    (r"detr_decoder\.layers\.(.+)", r"detector.transformer.decoder.layers.\1"),
    (r"detr_decoder\.presence_head\.(.+)", r"detector.transformer.decoder.presence_token_head.\1"),
    (
        r"detr_decoder\.presence_layer_norm\.(.+)",
        r"detector.transformer.decoder.presence_token_out_norm.\1",
    ),
    (r"detr_decoder\.output_layer_norm\.(.+)", r"detector.transformer.decoder.norm.\1"),
    (r"detr_decoder\.box_head\.(.+)", r"detector.transformer.decoder.bbox_embed.\1"),
    (
        r"detr_decoder\.box_rpb_embed_([xy])\.(.+)",
        r"detector.transformer.decoder.boxRPB_embed_\1.\2",
    ),
    (r"detr_decoder\.(.+)", r"detector.transformer.decoder.\1"),
    (r"dot_product_scoring\.text_mlp\.(.+)", r"detector.dot_prod_scoring.prompt_mlp.\1"),
    (
        r"dot_product_scoring\.text_mlp_out_norm\.(.+)",
        r"detector.dot_prod_scoring.prompt_mlp.out_norm.\1",
    ),
    (r"dot_product_scoring\.text_proj\.(.+)", r"detector.dot_prod_scoring.prompt_proj.\1"),
    (r"dot_product_scoring\.query_proj\.(.+)", r"detector.dot_prod_scoring.hs_proj.\1"),
    (
        r"mask_decoder\.mask_embedder\.(.+)",
        r"detector.segmentation_head.mask_predictor.mask_embed.\1",
    ),
    (
        r"mask_decoder\.instance_projection\.(.+)",
        r"detector.segmentation_head.instance_seg_head.\1",
    ),
    (
        r"mask_decoder\.semantic_projection\.(.+)",
        r"detector.segmentation_head.semantic_seg_head.\1",
    ),
    (
        r"mask_decoder\.prompt_cross_attn\.(.+)",
        r"detector.segmentation_head.cross_attend_prompt.\1",
    ),
    (
        r"mask_decoder\.prompt_cross_attn_norm\.(.+)",
        r"detector.segmentation_head.cross_attn_norm.\1",
    ),
    (r"mask_decoder\.(.+)", r"detector.segmentation_head.\1"),
    (r"(.+)", r"detector.\1"),
]


def meta_state(tiny: TinySam3, version: str = "sam3") -> dict[str, Tensor]:
    """The tensors as ``sam3.pt`` or ``sam3.1_multiplex.pt`` names them."""
    joined: dict[str, dict[str, Tensor]] = {}
    state: dict[str, Tensor] = {}
    for name, tensor in tiny.detector.state_dict().items():
        if "vision_encoder.neck." in name:
            continue
        match = re.fullmatch(r"(.+)\.([qkv])_proj\.(weight|bias)", name)
        if match is None:
            state[_meta_name(name)] = tensor
        else:
            joint = ".qkv." if "backbone" in name else ".in_proj_"
            joined.setdefault(f"{match[1]}{joint}{match[3]}", {})[match[2]] = tensor
    for name, parts in joined.items():
        state[_meta_name(name)] = torch.cat([parts[letter] for letter in "qkv"])
    positions = state[f"{_TRUNK}.pos_embed"]
    state[f"{_TRUNK}.pos_embed"] = torch.cat([torch.zeros_like(positions[:, :1]), positions], dim=1)
    state[f"{_TEXT}.text_projection"] = state[f"{_TEXT}.text_projection"].T.contiguous()
    # What transformers leaves out.
    for block in range(len(tiny.detector.vision_encoder.backbone.layers)):
        state[f"{_TRUNK}.blocks.{block}.attn.freqs_cis"] = torch.zeros(4, 2, dtype=torch.complex64)
    for kind in ("direct", "pool", "pos_enc"):
        for what in ("weight", "bias"):
            state[f"detector.geometry_encoder.points_{kind}_project.{what}"] = torch.zeros(1)
    vision = "detector.backbone.vision_backbone"
    own = "sam2_convs" if version == "sam3" else "interactive_convs"
    necks = ((tiny.detector, "convs"), (tiny.tracker, own))
    for network, neck in necks:
        for name, tensor in network.vision_encoder.neck.state_dict().items():
            state[f"{vision}.{neck}.{_meta_neck_name(name)}"] = tensor
    state.update(_meta_head(tiny, version))
    return {name: tensor.clone() for name, tensor in state.items()}


def _meta_name(name: str) -> str:
    for pattern, meta in _DETECTOR_NAMES:
        match = re.fullmatch(pattern, name)
        if match is not None:
            name = match.expand(meta)
            break
    if ".decoder." in name or ".encoder." in name or "geometry_encoder" in name:
        name = re.sub(r"(transformer.+|geometry_encoder.+)\.layer_norm(\d)\.", r"\1.norm\2.", name)
    if not name.startswith((_TRUNK, _TEXT)):
        name = re.sub(r"\.mlp\.fc(\d)\.", r".linear\1.", name)
        name = re.sub(r"\.layer(\d)\.", lambda match: f".layers.{int(match[1]) - 1}.", name)
        name = name.replace(".o_proj.", ".out_proj.")
    if "transformer.encoder" in name or "geometry_encoder" in name:
        name = name.replace(".cross_attn.", ".cross_attn_image.")
    return name


def _meta_neck_name(name: str) -> str:
    _, level, rest = name.split(".", 2)
    first = "dconv_2x2_0" if level == "0" else "dconv_2x2"
    for old, new in (
        ("scale_layers.0", first),
        ("scale_layers.2", "dconv_2x2_1"),
        ("proj1", "conv_1x1"),
        ("proj2", "conv_3x3"),
    ):
        rest = rest.replace(old, new)
    return f"{level}.{rest}"


def _meta_head(tiny: TinySam3, version: str) -> dict[str, Tensor]:
    from geosam_processing.engine.models.sam3.transformers_names import head_tensors

    state = {}
    for named in head_tensors(tiny.transformers_state()):
        name = named.name.replace("memory_attention.", "transformer.encoder.", 1)
        name = name.replace("memory_encoder.", "maskmem_backbone.", 1)
        if name.startswith("sam_mask_decoder.transformer."):
            name = name.replace(".mlp.layers.0.", ".mlp.lin1.")
            name = name.replace(".mlp.layers.1.", ".mlp.lin2.")
        if version == "sam3":
            state[f"tracker.{name}"] = named.tensor
        elif name.startswith("sam_"):
            state[f"tracker.model.interactive_{name}"] = named.tensor
        elif name == "no_mem_embed":
            state["tracker.model.interactivity_no_mem_embed"] = named.tensor
        else:
            # The memory is of another architecture there.
            state[f"tracker.model.{name}"] = named.tensor.flatten()
    return state


def write_checkpoint(path: Path, state: dict[str, Tensor], below: str = "") -> Path:
    """A file of PyTorch's format, or of safetensors if ``path`` ends so."""
    if path.suffix == ".safetensors":
        from safetensors.torch import save_file

        save_file({name: tensor.contiguous() for name, tensor in state.items()}, path)
    else:
        torch.save({below: state} if below else state, path)
    return path
