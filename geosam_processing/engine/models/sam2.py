"""SAM2 and SAM2.1: networks of the ``sam2`` package."""

from __future__ import annotations

import functools
import importlib.util
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from geosam_processing.engine.models.adapter import PatchFeatures, PromptBatch
from geosam_processing.engine.models.fast.fast_encoder import fast_hiera
from geosam_processing.engine.models.fast.shared_image_decoder import fast_decoder, prompts_at_once
from geosam_processing.engine.models.official_packages import (
    WithoutRandomValues,
    built_as_configured,
    without_own_init,
)

if TYPE_CHECKING:
    from sam2.modeling.sam2_base import SAM2Base

# ImageNet's, for colors in 0..1.
_MEAN = (0.485, 0.456, 0.406)
_STD = (0.229, 0.224, 0.225)

# Labels by which SAM2 tells the corners of a box from points.
BOX_LABELS = (2, 3)

# ``build_sam2`` sets these on top of the configuration: a single mask that is not stable is
# replaced by the best of three.
_STABLE_MASKS = {
    "dynamic_multimask_via_stability": True,
    "dynamic_multimask_stability_delta": 0.05,
    "dynamic_multimask_stability_thresh": 0.98,
}

_CONFIG_SUFFIXES = {"tiny": "t", "small": "s", "base_plus": "b+", "large": "l"}


class Sam2Adapter:
    """A SAM2 or SAM2.1 network behind the protocol of ``ModelAdapter``.

    It computes what ``sam2.sam2_image_predictor.SAM2ImagePredictor`` does, in float32 up to
    rounding: see ``fast_encoder`` and ``shared_image_decoder``. The letterbox in front of it
    differs, for patches that are not square.

    Attributes:
        network: ``sam2``'s network; its image encoder is no longer the official one.
    """

    family = "sam2"
    reusable_features = True
    pixel_mean = (255 * _MEAN[0], 255 * _MEAN[1], 255 * _MEAN[2])

    def __init__(
        self,
        model_id: str,
        network: SAM2Base,
        device: torch.device,
        compute_precision: str = "float32",
    ) -> None:
        """Take over ``network``, whose image encoder is changed to compute as asked."""
        self.model_id = model_id
        self.compute_precision = compute_precision
        self.device = device
        self.patch_size: int = network.image_size
        self.embedding_size: int = network.sam_image_embedding_size
        self.network = network.to(device).eval()
        self._mean = torch.tensor(_MEAN, device=device).view(1, 3, 1, 1)
        self._std = torch.tensor(_STD, device=device).view(1, 3, 1, 1)

    @functools.cached_property
    def _decoder(self) -> PointDecoder:
        """Made on first use: callers that only encode need not wait."""
        return PointDecoder(self.network, self.device)

    @functools.cached_property
    def _encoder(self) -> Callable[[torch.Tensor], list[torch.Tensor]]:
        """Made on first use: callers that only decode need not wait."""
        return fast_hiera(self.network, self.compute_precision, self.device)

    @torch.no_grad()
    def encode(self, images: torch.Tensor) -> list[PatchFeatures]:
        """See ``ModelAdapter.encode``."""
        colours = images.to(self.device, torch.float32) / 255
        *finer, embeddings = self._encoder((colours - self._mean) / self._std)
        if self.network.directly_add_no_mem_embed:
            embeddings = embeddings + self.network.no_mem_embed.view(1, -1, 1, 1)
        return [
            PatchFeatures(embedding, tuple(levels))
            for *levels, embedding in zip(
                *(level.split(1) for level in (*finer, embeddings)), strict=True
            )
        ]

    @torch.no_grad()
    def decode(
        self, features: PatchFeatures, prompts: PromptBatch, multimask: bool
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """See ``ModelAdapter.decode``; features of any floating type are taken."""
        return self._decoder(features, prompts, multimask)


class PointDecoder:
    """Masks of points and boxes by the prompt encoder and mask decoder of a SAM2 network."""

    def __init__(self, network: SAM2Base, device: torch.device) -> None:
        """``network`` is in eval mode and on ``device``."""
        self._prompt_encoder = network.sam_prompt_encoder
        self._decoder = fast_decoder(network.sam_mask_decoder, network.sam_prompt_encoder)
        self._device = device

    def __call__(
        self, features: PatchFeatures, prompts: PromptBatch, multimask: bool
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """See ``ModelAdapter.decode``; features of any floating type are taken."""
        at_once = prompts_at_once(self._device, len(prompts.points))
        encoded = [self._encode(part) for part in prompts.split(at_once)]
        sparse, dense = torch.cat([sparse for sparse, _ in encoded]), encoded[0][1]
        image, *finer = (
            level.to(self._device, torch.float32)
            for level in (features.image_embedding, *features.high_resolution)
        )
        return self._decoder(image, sparse, dense, multimask, tuple(finer))

    def _encode(self, prompts: PromptBatch) -> tuple[torch.Tensor, torch.Tensor]:
        """The official embeddings of the prompts and of no mask."""
        points, labels = prompts.points.to(self._device), prompts.labels.to(self._device)
        if prompts.boxes is not None:
            corners = prompts.boxes.to(self._device).reshape(-1, 2, 2)
            corner_labels = torch.tensor([BOX_LABELS], dtype=labels.dtype, device=self._device)
            points = torch.cat([corners, points], dim=1)
            labels = torch.cat([corner_labels.expand(len(corners), -1), labels], dim=1)
        encoded: tuple[torch.Tensor, torch.Tensor] = self._prompt_encoder(
            points=(points, labels), boxes=None, masks=None
        )
        return encoded


def build_sam2_network(model_id: str, device: torch.device) -> SAM2Base:
    """The network of a model id such as ``sam2.1_hiera_tiny`` with random weights, in eval mode.

    It is configured as ``SAM2ImagePredictor``'s users get it.
    """
    version, size = model_id.split("_hiera_")
    name = f"{version}_hiera_{_CONFIG_SUFFIXES[size]}.yaml"
    with without_own_init("sam2"):
        spec = importlib.util.find_spec("sam2")
        folder = Path((spec and spec.origin) or "").parent
        path = folder / "configs" / version / name
        network: SAM2Base = built_as_configured(path, sam_mask_decoder_extra_args=_STABLE_MASKS)
    return network.to(device).eval()


def load_sam2(
    model_id: str,
    state: Mapping[str, torch.Tensor],
    device: torch.device,
    compute_precision: str = "float32",
) -> Sam2Adapter:
    """A SAM2 network with the given weights of any type.

    Args:
        compute_precision: of the image encoder; all else is float32.

    Raises:
        RuntimeError: the weights do not fit the network exactly.
    """
    with WithoutRandomValues():
        network = build_sam2_network(model_id, torch.device("cpu"))
    network.load_state_dict(state, strict=True)
    return Sam2Adapter(model_id, network, device, compute_precision)
