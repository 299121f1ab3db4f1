"""SAM3 behind the protocol of ``ModelAdapter``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from geosam_processing.engine.models.adapter import PatchFeatures, PromptBatch
from geosam_processing.engine.models.fast.matrix_products import use_fast_linears
from geosam_processing.engine.models.sam2 import PointDecoder
from geosam_processing.engine.models.sam3.concepts import ConceptDetector
from geosam_processing.engine.models.sam3.detector import load_detector
from geosam_processing.engine.models.sam3.point_head import load_point_head
from geosam_processing.engine.models.sam3.sizes import GRID, PATCH_SIZE
from geosam_processing.engine.models.sam3.weights import SAM31, sorted_weights

if TYPE_CHECKING:
    from pathlib import Path

    from sam2.modeling.sam2_base import SAM2Base
    from transformers import Sam3Model
    from transformers.models.sam3.modeling_sam3 import Sam3VisionNeck

# Mean and standard deviation of each color in 0..255.
_MIDDLE = 127.5


class Sam3Adapter:
    """A SAM3 network.

    The features are those of Geo-SAM for SAM3: maps of 72, 144 and 288 cells for points and
    boxes. With them goes the output of the trunk, from which ``concepts`` works.

    Attributes:
        concepts: finds objects by words and examples; None if the weights are for points only.
        network: ``sam2``'s network of the head and the memory.
    """

    family = "sam3"
    reusable_features = True
    pixel_mean = (_MIDDLE, _MIDDLE, _MIDDLE)
    patch_size = PATCH_SIZE
    embedding_size = GRID

    def __init__(
        self,
        model_id: str,
        detector: Sam3Model,
        neck: Sam3VisionNeck,
        head: SAM2Base,
        device: torch.device,
        compute_precision: str = "float32",
        with_concepts: bool = True,
        vocabulary_folder: Path | None = None,
    ) -> None:
        """Take over the networks, whose trunk is changed to compute as asked."""
        self.model_id = model_id
        self.device = device
        self.compute_precision = compute_precision
        self.network = head.to(device).eval()
        self._trunk = detector.vision_encoder.backbone.to(device)
        self._neck = neck.to(device)
        self._decoder = PointDecoder(self.network, device)
        self.concepts: ConceptDetector | None = None
        if with_concepts:
            self.concepts = ConceptDetector(detector.to(device), device, vocabulary_folder)
        self._prepare_trunk()

    def _prepare_trunk(self) -> None:
        dtype: torch.dtype = getattr(torch, self.compute_precision)
        if dtype != torch.float32:
            # Not the buffers: the tables of positions are computed in float32.
            for parameter in self._trunk.parameters():
                parameter.data = parameter.data.to(dtype)
        if self.device.type == "cpu":
            use_fast_linears(self._trunk)

    @torch.inference_mode()
    def encode(self, images: Tensor) -> list[PatchFeatures]:
        """See ``ModelAdapter.encode``."""
        if self.device.type == "cpu" and len(images) > 1:
            # A patch's features must not depend on which others are encoded with it.
            return [features for image in images.split(1) for features in self.encode(image)]
        pixels = (images.to(self.device, torch.float32) - _MIDDLE) / _MIDDLE
        tokens = self._trunk(pixels).last_hidden_state.float()
        trunk = tokens.unflatten(1, (GRID, GRID)).permute(0, 3, 1, 2)
        # The fourth level and the positions, which the neck makes as well, are for concepts only.
        finest, finer, coarse = (layer(trunk) for layer in self._neck.fpn_layers[:3])
        head = self.network.sam_mask_decoder
        maps = (
            coarse + self.network.no_mem_embed.view(1, -1, 1, 1),
            head.conv_s0(finest),
            head.conv_s1(finer),
        )
        outputs = [None] * len(images) if self.concepts is None else trunk.split(1)
        return [
            PatchFeatures(embedding, (first, second), output)
            for embedding, first, second, output in zip(
                *(level.split(1) for level in maps), outputs, strict=True
            )
        ]

    @torch.inference_mode()
    def decode(
        self, features: PatchFeatures, prompts: PromptBatch, multimask: bool
    ) -> tuple[Tensor, Tensor]:
        """See ``ModelAdapter.decode``; features of any floating type are taken."""
        return self._decoder(features, prompts, multimask)


def load_sam3(
    state: Mapping[str, Tensor],
    device: torch.device,
    compute_precision: str = "float32",
    vocabulary_folder: Path | None = None,
) -> Sam3Adapter:
    """A SAM3 network with the weights of a file of Meta's or of ``transformers``' layout.

    Weights on the CPU are not copied, so those of a mapped file are read as they are used.

    Args:
        compute_precision: of the trunk; all else is float32.
        vocabulary_folder: where the vocabulary for phrases may be if its package is not installed.

    Raises:
        WeightsDifferError: the weights do not fit the network exactly.
        ImportError: ``transformers`` is not installed.
    """
    weights = sorted_weights(state)
    weights.require_no_foreign()
    is_31 = weights.model_id == SAM31
    head = load_point_head(weights.head, with_memory=not is_31)
    detector, neck = load_detector(weights)
    return Sam3Adapter(
        weights.model_id,
        detector,
        neck,
        head,
        device,
        compute_precision,
        with_concepts=not is_31,
        vocabulary_folder=vocabulary_folder,
    )
