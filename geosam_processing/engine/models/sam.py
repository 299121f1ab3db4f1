"""SAM: networks of the ``segment-anything`` package, and the bundled one of the same kind."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import torch
from torch import nn

from geosam_processing.engine.models.adapter import PatchFeatures, PromptBatch
from geosam_processing.engine.models.fast.fast_encoder import fast_vit
from geosam_processing.engine.models.fast.shared_image_decoder import (
    MaskDecoder,
    fast_decoder,
    prompts_at_once,
)
from geosam_processing.engine.models.official_packages import WithoutRandomValues
from geosam_processing.engine.models.sam_architectures import PIXEL_MEAN, PIXEL_STD, build_sam

if TYPE_CHECKING:
    from segment_anything.modeling import Sam


class SamAdapter:
    """A SAM network behind the protocol of ``ModelAdapter``.

    It computes what ``segment_anything.SamPredictor`` does, in float32 up to rounding: see
    ``fast_encoder`` and ``shared_image_decoder``.
    """

    family = "sam"
    reusable_features = True
    pixel_mean = PIXEL_MEAN

    def __init__(
        self,
        model_id: str,
        network: Sam,
        device: torch.device,
        compute_precision: str = "float32",
    ) -> None:
        """Take over ``network``, whose image encoder is changed to compute as asked."""
        self.model_id = model_id
        self.compute_precision = compute_precision
        self.device = device
        self.patch_size: int = network.image_encoder.img_size
        self.embedding_size: int = network.prompt_encoder.image_embedding_size[0]
        self._network = network.to(device).eval()
        self._mean = torch.tensor(PIXEL_MEAN, device=device).view(1, 3, 1, 1)
        self._std = torch.tensor(PIXEL_STD, device=device).view(1, 3, 1, 1)

    @functools.cached_property
    def _decoder(self) -> MaskDecoder:
        """Made on first use: callers that only encode need not wait."""
        network = self._network
        decoder = fast_decoder(network.mask_decoder, network.prompt_encoder)
        # The decoder holds the weights in another layout; without this they are held twice.
        network.mask_decoder = nn.Identity()
        return decoder

    @functools.cached_property
    def _encoder(self) -> Callable[[torch.Tensor], torch.Tensor]:
        """Made on first use: callers that only decode need not wait."""
        network = self._network
        encoder = fast_vit(network.image_encoder, self.compute_precision, self.device)
        network.image_encoder = nn.Identity()
        return encoder

    @torch.no_grad()
    def encode(self, images: torch.Tensor) -> list[PatchFeatures]:
        """See ``ModelAdapter.encode``."""
        pixels = (images.to(self.device, torch.float32) - self._mean) / self._std
        return [PatchFeatures(embedding[None]) for embedding in self._encoder(pixels)]

    @torch.no_grad()
    def decode(
        self, features: PatchFeatures, prompts: PromptBatch, multimask: bool
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """See ``ModelAdapter.decode``; features of any floating type are taken."""
        at_once = prompts_at_once(self.device, len(prompts.points))
        encoded = [self._encode_prompts(part) for part in prompts.split(at_once)]
        sparse, dense = torch.cat([sparse for sparse, _ in encoded]), encoded[0][1]
        image = features.image_embedding.to(self.device, torch.float32)
        return self._decoder(image, sparse, dense, multimask)

    def _encode_prompts(self, prompts: PromptBatch) -> tuple[torch.Tensor, torch.Tensor]:
        """The official prompt encoder's embeddings of the prompts and of no mask."""
        points = None
        if prompts.points.shape[1]:
            points = (prompts.points.to(self.device), prompts.labels.to(self.device))
        boxes = None if prompts.boxes is None else prompts.boxes.to(self.device)
        encoder = self._network.prompt_encoder
        encoded: tuple[torch.Tensor, torch.Tensor] = encoder(points=points, boxes=boxes, masks=None)
        return encoded


def load_sam(
    model_id: str,
    state: Mapping[str, torch.Tensor],
    device: torch.device,
    compute_precision: str = "float32",
) -> SamAdapter:
    """A SAM network with the given weights of any type.

    Args:
        model_id: a key of ``SAM_ARCHITECTURES``.
        compute_precision: of the image encoder; all else is float32.

    Raises:
        RuntimeError: the weights do not fit the network exactly.
    """
    with WithoutRandomValues():
        network = build_sam(model_id)
    network.load_state_dict(state, strict=True)
    return SamAdapter(model_id, network, device, compute_precision)
