"""SAM3's head for points and boxes and its memory, as a network of ``sam2``."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from torch import Tensor, nn
from torch.nn.functional import interpolate

from geosam_processing.engine.models.families import WeightsDifferError
from geosam_processing.engine.models.sam3.sizes import GRID, PATCH_SIZE, TOKEN_SIZE
from geosam_processing.engine.models.sam3.weights import Part
from geosam_processing.engine.models.torchvision_operators import ensure_torchvision

if TYPE_CHECKING:
    from sam2.modeling.sam2_base import SAM2Base

_MEMORY_WIDTH = 64
# What the memory's encoder of masks takes: 16 pixels for each token.
_MASK_SIZE = 16 * GRID
# Parts of SAM2Base that SAM 3.1 has of another architecture or not at all.
_MEMORY = (
    "memory_attention",
    "memory_encoder",
    "obj_ptr_proj",
    "obj_ptr_tpos_proj",
    "maskmem_tpos_enc",
    "mask_downsample",
    "no_mem_pos_enc",
    "no_obj_ptr",
    "no_obj_embed_spatial",
)


def load_point_head(weights: Part, with_memory: bool) -> SAM2Base:
    """The head with the given weights, on the CPU, in eval mode.

    Args:
        with_memory: False leaves out what only propagation through a series needs.

    Raises:
        WeightsDifferError: the weights are not exactly those of the head.
    """
    embedding = weights.tensors.get("no_mem_embed")
    if embedding is None:
        raise WeightsDifferError("has no no_mem_embed")
    network = build_point_head(embedding.shape[-1])
    if not with_memory:
        for name in _MEMORY:
            setattr(network, name, None)
        points_only = {
            name: tensor for name, tensor in weights.tensors.items() if not name.startswith(_MEMORY)
        }
        weights = Part(points_only, weights.file_names)
    weights.load_into(network)
    return network


def build_point_head(width: int) -> SAM2Base:
    """The head with random weights, in eval mode; it has no image encoder.

    Args:
        width: channels of the maps that the neck makes, 256 in Meta's network.
    """
    ensure_torchvision()
    from sam2.modeling.memory_attention import MemoryAttention, MemoryAttentionLayer
    from sam2.modeling.memory_encoder import CXBlock, Fuser, MemoryEncoder
    from sam2.modeling.position_encoding import PositionEmbeddingSine
    from sam2.modeling.sam.transformer import RoPEAttention
    from sam2.modeling.sam2_base import SAM2Base

    rotary = {
        "embedding_dim": width,
        "num_heads": 1,
        "downsample_rate": 1,
        "dropout": 0.1,
        "rope_theta": 10000.0,
        "feat_sizes": (GRID, GRID),
    }
    attention = MemoryAttention(
        d_model=width,
        pos_enc_at_input=True,
        num_layers=4,
        layer=MemoryAttentionLayer(
            activation="relu",
            d_model=width,
            dim_feedforward=2048,
            dropout=0.1,
            pos_enc_at_attn=False,
            pos_enc_at_cross_attn_keys=True,
            pos_enc_at_cross_attn_queries=False,
            self_attention=RoPEAttention(**rotary),
            cross_attention=RoPEAttention(kv_in_dim=_MEMORY_WIDTH, rope_k_repeat=True, **rotary),
        ),
    )
    encoder = MemoryEncoder(
        out_dim=_MEMORY_WIDTH,
        in_dim=width,
        mask_downsampler=_mask_downsampler(width),
        fuser=Fuser(
            CXBlock(width, kernel_size=7, padding=3, layer_scale_init_value=1e-6, use_dwconv=True),
            num_layers=2,
        ),
        position_encoding=PositionEmbeddingSine(_MEMORY_WIDTH, normalize=True, temperature=10000),
    )
    # SAM2Base asks its image encoder for these two.
    image_encoder: Any = nn.Identity()
    image_encoder.neck = SimpleNamespace(
        d_model=width,
        position_encoding=PositionEmbeddingSine(width, normalize=True, temperature=10000),
    )
    network: SAM2Base = SAM2Base(
        image_encoder=image_encoder,
        memory_attention=attention,
        memory_encoder=encoder,
        num_maskmem=7,
        image_size=PATCH_SIZE,
        backbone_stride=TOKEN_SIZE,
        sigmoid_scale_for_mem_enc=20.0,
        sigmoid_bias_for_mem_enc=-10.0,
        use_mask_input_as_output_without_sam=True,
        directly_add_no_mem_embed=True,
        use_high_res_features_in_sam=True,
        multimask_output_in_sam=True,
        iou_prediction_use_sigmoid=True,
        use_obj_ptrs_in_encoder=True,
        add_tpos_enc_to_obj_ptrs=True,
        proj_tpos_enc_in_obj_ptrs=True,
        use_signed_tpos_enc_to_obj_ptrs=True,
        only_obj_ptrs_in_the_past_for_eval=True,
        pred_obj_scores=True,
        pred_obj_scores_mlp=True,
        fixed_no_obj_ptr=True,
        multimask_output_for_tracking=True,
        use_multimask_token_for_obj_ptr=True,
        multimask_min_pt_num=0,
        multimask_max_pt_num=1,
        use_mlp_for_obj_ptr_proj=True,
        no_obj_embed_spatial=True,
        max_cond_frames_in_attn=4,
        sam_mask_decoder_extra_args={
            "dynamic_multimask_via_stability": True,
            "dynamic_multimask_stability_delta": 0.05,
            "dynamic_multimask_stability_thresh": 0.98,
        },
    )
    return network.eval()


def _mask_downsampler(width: int) -> nn.Module:
    """SAM2's encoder of masks, which enlarges them first: 16 pixels a token instead of 14."""
    from sam2.modeling.memory_encoder import MaskDownSampler

    class EnlargingDownSampler(MaskDownSampler):
        def forward(self, masks: Tensor) -> Tensor:
            enlarged = interpolate(
                masks.float(),
                size=(_MASK_SIZE, _MASK_SIZE),
                mode="bilinear",
                align_corners=False,
                antialias=True,
            )
            return super().forward(enlarged)

    return EnlargingDownSampler(embed_dim=width, kernel_size=3, stride=2, padding=1)
