"""Objects of one patch that a phrase or examples describe."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from geosam_processing.engine.models.sam3.sizes import PATCH_SIZE
from geosam_processing.engine.models.sam3.tokens import LENGTH, tokens_of

if TYPE_CHECKING:
    from pathlib import Path

    from transformers import Sam3Model

# What SAM3 was trained to take as text where there are examples only.
EXAMPLES_ONLY = "visual"


@dataclass(frozen=True)
class ConceptPrompt:
    """What to find in a patch.

    Attributes:
        phrase: a short noun phrase; empty where ``boxes`` say all.
        boxes: examples in this patch, float32 [N, 4] as x0, y0, x1, y1 in input pixels.
        labels: int64 [N], 1 for an example and 0 for a counterexample.
    """

    phrase: str
    boxes: Tensor | None = None
    labels: Tensor | None = None


@dataclass(frozen=True)
class ConceptMasks:
    """Candidates in one patch; the model makes the same number of them for each prompt.

    Attributes:
        logits: float32 [Q, 288, 288]; a mask is where they are above 0.
        scores: float32 [Q], 0 to 1: how well a candidate fits, times ``presence``.
        boxes: float32 [Q, 4] as x0, y0, x1, y1 in input pixels.
        presence: 0 to 1: whether the patch has any object of the kind.
    """

    logits: Tensor
    scores: Tensor
    boxes: Tensor
    presence: float


class ConceptDetector:
    """SAM3's detector of concepts on stored outputs of its trunk."""

    def __init__(
        self, network: Sam3Model, device: torch.device, vocabulary_folder: Path | None = None
    ) -> None:
        self._network = network
        self._device = device
        self._vocabulary_folder = vocabulary_folder
        self._text: dict[str, tuple[Any, Tensor]] = {}

    @property
    def most_objects(self) -> int:
        """How many objects of a prompt a patch can have at most."""
        return int(self._network.config.detr_decoder_config.num_queries)

    @torch.inference_mode()
    def detect(self, trunk: Tensor, prompts: Sequence[ConceptPrompt]) -> Iterator[ConceptMasks]:
        """The candidates of each prompt in one patch.

        Args:
            trunk: output of the trunk, [1, C, 72, 72] of any floating type.

        Raises:
            PhraseError: a phrase is too long.
        """
        from transformers.models.sam3.modeling_sam3 import Sam3VisionEncoderOutput

        grid = trunk.to(self._device, torch.float32)
        maps, positions = self._network.vision_encoder.neck(grid)
        vision = Sam3VisionEncoderOutput(fpn_hidden_states=maps, fpn_position_encoding=positions)
        for prompt in prompts:
            text, mask = self._encoded(prompt.phrase or EXAMPLES_ONLY)
            found = self._network(
                vision_embeds=vision,
                text_embeds=text,
                attention_mask=mask,
                **self._examples(prompt),
            )
            presence = found.presence_logits.sigmoid().flatten()[0]
            yield ConceptMasks(
                found.pred_masks[0],
                found.pred_logits[0].sigmoid() * presence,
                found.pred_boxes[0] * PATCH_SIZE,
                float(presence),
            )

    def _examples(self, prompt: ConceptPrompt) -> dict[str, Tensor]:
        if prompt.boxes is None or not len(prompt.boxes):
            return {}
        # Outside of the patch there are no features to pool.
        boxes = prompt.boxes.to(self._device, torch.float32).clamp(0, PATCH_SIZE) / PATCH_SIZE
        begin, end = boxes.split(2, dim=1)
        labels = prompt.labels
        if labels is None:
            labels = torch.ones(len(boxes), dtype=torch.int64)
        return {
            "input_boxes": torch.cat([(begin + end) / 2, end - begin], dim=1)[None],
            "input_boxes_labels": labels.to(self._device)[None],
        }

    def _encoded(self, phrase: str) -> tuple[Any, Tensor]:
        """The text encoder's output and mask for a phrase; encoded once."""
        if phrase not in self._text:
            tokens = tokens_of(phrase, self._vocabulary_folder)
            padding = LENGTH - len(tokens)
            numbers = torch.tensor([tokens + [0] * padding], device=self._device)
            mask = torch.tensor([[1] * len(tokens) + [0] * padding], device=self._device)
            text = self._network.get_text_features(input_ids=numbers, attention_mask=mask)
            self._text[phrase] = (text, mask)
        return self._text[phrase]
