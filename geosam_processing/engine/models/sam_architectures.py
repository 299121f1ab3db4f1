"""The networks of the SAM architecture that this package can build, by name.

One table holds their sizes; ``build_sam`` turns a name into a network with random
weights. Training, the model adapters and the tests all build through it, so a
checkpoint that loads in one of them loads in all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from segment_anything.modeling import Sam

PROMPT_EMBED_DIM = 256
PIXEL_MEAN = (123.675, 116.28, 103.53)
PIXEL_STD = (58.395, 57.12, 57.375)


@dataclass(frozen=True)
class SamArchitecture:
    """Sizes of one network.

    Attributes:
        image_size: side of the square input patch in pixels; a multiple of ``token_size``.
        embed_dim: width of the image encoder.
        depth: number of transformer blocks in the image encoder.
        num_heads: attention heads of the image encoder; divides ``embed_dim``.
        global_attn_indexes: blocks that attend to the whole patch; the others
            attend within windows.
        window_size: side of an attention window in tokens.
        mlp_ratio: width of the encoder's hidden layers relative to ``embed_dim``.
        decoder_mlp_dim: width of the mask decoder's hidden layers.
        token_size: side of the square that becomes one token, in pixels; a mask has 4 x 4
            values a token.
    """

    image_size: int
    embed_dim: int
    depth: int
    num_heads: int
    global_attn_indexes: tuple[int, ...]
    window_size: int
    mlp_ratio: float
    decoder_mlp_dim: int
    token_size: int = 16

    def __post_init__(self) -> None:
        if self.image_size <= 0 or self.image_size % self.token_size:
            raise ValueError(
                f"image_size is {self.image_size}; it must be a positive multiple of token_size"
                f" ({self.token_size})."
            )
        if self.embed_dim % self.num_heads:
            raise ValueError(
                f"embed_dim is {self.embed_dim}; it must be a multiple of num_heads"
                f" ({self.num_heads})."
            )

    @property
    def embedding_size(self) -> int:
        """Side of the image embedding in tokens."""
        return self.image_size // self.token_size


SAM_ARCHITECTURES: dict[str, SamArchitecture] = {
    "vit_b": SamArchitecture(
        image_size=1024,
        embed_dim=768,
        depth=12,
        num_heads=12,
        global_attn_indexes=(2, 5, 8, 11),
        window_size=14,
        mlp_ratio=4.0,
        decoder_mlp_dim=2048,
    ),
    "vit_l": SamArchitecture(
        image_size=1024,
        embed_dim=1024,
        depth=24,
        num_heads=16,
        global_attn_indexes=(5, 11, 17, 23),
        window_size=14,
        mlp_ratio=4.0,
        decoder_mlp_dim=2048,
    ),
    "vit_h": SamArchitecture(
        image_size=1024,
        embed_dim=1280,
        depth=32,
        num_heads=16,
        global_attn_indexes=(7, 15, 23, 31),
        window_size=14,
        mlp_ratio=4.0,
        decoder_mlp_dim=2048,
    ),
    "geosam_nano": SamArchitecture(
        image_size=512,
        embed_dim=192,
        depth=9,
        num_heads=6,
        global_attn_indexes=(2, 5, 8),
        window_size=8,
        mlp_ratio=3.0,
        decoder_mlp_dim=1024,
        token_size=8,
    ),
}


def build_sam(architecture: str) -> Sam:
    """Build a network of the named architecture with random weights, in eval mode.

    Args:
        architecture: a key of ``SAM_ARCHITECTURES``.

    Raises:
        ValueError: the name is unknown.
    """
    sizes = SAM_ARCHITECTURES.get(architecture)
    if sizes is None:
        names = ", ".join(SAM_ARCHITECTURES)
        raise ValueError(f"Unknown SAM architecture {architecture!r}: use one of {names}.")
    return build_sam_from(sizes)


def build_sam_from(sizes: SamArchitecture) -> Sam:
    """Build a network of the given sizes with random weights, in eval mode."""
    from functools import partial

    import torch

    from geosam_processing.engine.models.official_packages import without_own_init

    with without_own_init("segment_anything"):
        from segment_anything.modeling import (
            ImageEncoderViT,
            MaskDecoder,
            PromptEncoder,
            Sam,
            TwoWayTransformer,
        )

    sam = Sam(
        image_encoder=ImageEncoderViT(
            img_size=sizes.image_size,
            patch_size=sizes.token_size,
            embed_dim=sizes.embed_dim,
            depth=sizes.depth,
            num_heads=sizes.num_heads,
            mlp_ratio=sizes.mlp_ratio,
            out_chans=PROMPT_EMBED_DIM,
            qkv_bias=True,
            norm_layer=partial(torch.nn.LayerNorm, eps=1e-6),
            use_rel_pos=True,
            window_size=sizes.window_size,
            global_attn_indexes=sizes.global_attn_indexes,
        ),
        prompt_encoder=PromptEncoder(
            embed_dim=PROMPT_EMBED_DIM,
            image_embedding_size=(sizes.embedding_size, sizes.embedding_size),
            input_image_size=(sizes.image_size, sizes.image_size),
            mask_in_chans=16,
        ),
        mask_decoder=MaskDecoder(
            num_multimask_outputs=3,
            transformer=TwoWayTransformer(
                depth=2,
                embedding_dim=PROMPT_EMBED_DIM,
                mlp_dim=sizes.decoder_mlp_dim,
                num_heads=8,
            ),
            transformer_dim=PROMPT_EMBED_DIM,
            iou_head_depth=3,
            iou_head_hidden_dim=256,
        ),
        pixel_mean=list(PIXEL_MEAN),
        pixel_std=list(PIXEL_STD),
    )
    return sam.eval()
