"""The one protocol between the engine and the families of models.

An adapter owns a loaded model on a device. It encodes patches into features that
can be stored, and decodes prompts against stored features. All coordinates are in
pixels of the model's input (``patch_size`` x ``patch_size``), after the letterbox:
longest side resized to ``patch_size``, padding at the bottom and right.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True)
class PatchFeatures:
    """The features of one patch, in the layout of Geo-SAM v2's feature files.

    Attributes:
        image_embedding: [1, C, h, w].
        high_resolution: SAM2's two finer maps, [1, C/8, 4h, 4w] and [1, C/4, 2h, 2w];
            empty for SAM.
        trunk: output of SAM3's trunk, [1, C, h, w], from which objects are found by words and
            examples; None for other models, or if it was not kept.
    """

    image_embedding: torch.Tensor
    high_resolution: tuple[torch.Tensor, ...] = ()
    trunk: torch.Tensor | None = None


@dataclass(frozen=True)
class PromptBatch:
    """B prompts of one patch that have the same number of points and all or none a box.

    Attributes:
        points: float32 [B, N, 2] as x, y in input pixels; N may be 0.
        labels: int64 [B, N], 1 foreground, 0 background.
        boxes: float32 [B, 4] as x0, y0, x1, y1 in input pixels, or None.
    """

    points: torch.Tensor
    labels: torch.Tensor
    boxes: torch.Tensor | None = None

    def split(self, size: int) -> list[PromptBatch]:
        """The prompts in batches of ``size``; the last one may be smaller."""
        starts = range(0, len(self.points), size)
        return [self.part(slice(start, start + size)) for start in starts]

    def part(self, part: slice) -> PromptBatch:
        """Some of the prompts."""
        boxes = None if self.boxes is None else self.boxes[part]
        return PromptBatch(self.points[part], self.labels[part], boxes)


class ModelAdapter(Protocol):
    """A loaded model.

    Attributes:
        model_id: id in the catalogue.
        family: ``sam`` or ``sam2``; also ``model_type`` and ``feature_kind`` in files.
        patch_size: side of the model's square input, in pixels.
        embedding_size: side of its image embedding, in tokens; disk space and the memory of
            prompts go by it.
        reusable_features: whether stored features can answer prompts later. One that
            is False makes encoding raise ModelError before anything is read.
        pixel_mean: what a pixel without data is filled with (R, G, B in 0..255), so
            that it equals the model's own padding.
        device: the torch device the model is on.
        compute_precision: what ``encode`` computes in: ``float32``, ``bfloat16`` or
            ``float16``. Decoding is float32 always.
    """

    model_id: str
    family: str
    patch_size: int
    embedding_size: int
    reusable_features: bool
    pixel_mean: tuple[float, float, float]
    device: torch.device
    compute_precision: str

    def encode(self, images: torch.Tensor) -> list[PatchFeatures]:
        """Features of letterboxed patches.

        Args:
            images: float32 [B, 3, patch_size, patch_size], RGB in 0..255; padding holds
                ``pixel_mean``.

        Returns:
            B features, float32, on ``device``; they may share memory, see ``chip_file.stored``.
        """
        ...

    def decode(
        self, features: PatchFeatures, prompts: PromptBatch, multimask: bool
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Masks of a batch of prompts on one patch.

        Returns:
            logits: float32 [B, M, 4 embedding_size, 4 embedding_size], M = 3 with
                ``multimask``, else 1; a mask is where they are above 0.
            scores: float32 [B, M], the model's estimate of each mask's IoU.
        """
        ...
