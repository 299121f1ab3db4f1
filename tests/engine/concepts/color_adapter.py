"""A model that knows kinds by their color: a phrase names one, an example shows one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import torch

from geosam_processing.engine.models.adapter import PatchFeatures
from geosam_processing.engine.models.sam3.concepts import ConceptMasks, ConceptPrompt
from tests.engine.component_adapter import ComponentAdapter, _connected
from tests.engine.threshold_adapter import BLOCK

COLORS = {"red": (230.0, 60.0, 60.0), "blue": (60.0, 60.0, 230.0), "green": (60.0, 230.0, 60.0)}
MOST_OBJECTS = 26
# How fast scores fall with the distance of colors.
_TOLERANCE = 60.0


class ColorDetector:
    """Its candidates are areas in one piece that are not dark.

    Attributes:
        prompts: all that it was asked.
    """

    most_objects = MOST_OBJECTS

    def __init__(self) -> None:
        self.prompts: list[ConceptPrompt] = []

    def detect(
        self, trunk: torch.Tensor, prompts: Sequence[ConceptPrompt]
    ) -> Iterator[ConceptMasks]:
        self.prompts += prompts
        colors = trunk.float()[0]
        parts = _parts(colors.amax(0) - 120)
        for prompt in prompts:
            wanted, unwanted = self._templates(colors, prompt)
            logits = torch.full((MOST_OBJECTS, *colors.shape[1:]), -5.0)
            scores = torch.zeros(MOST_OBJECTS)
            for number, part in enumerate(parts[:MOST_OBJECTS]):
                color = colors[:, part].mean(1)
                distance = float(min((color - each).norm() for each in wanted))
                scores[number] = float(torch.exp(torch.tensor(-distance / _TOLERANCE)))
                if any(float((color - each).norm()) < distance for each in unwanted):
                    scores[number] = 0.0
                logits[number] = torch.where(part, 5.0, -5.0)
            yield ConceptMasks(
                logits, scores, torch.zeros(MOST_OBJECTS, 4), float(scores.max()) ** 0.5
            )

    @staticmethod
    def _templates(
        colors: torch.Tensor, prompt: ConceptPrompt
    ) -> tuple[list[torch.Tensor], list[torch.Tensor]]:
        wanted: list[torch.Tensor] = []
        unwanted: list[torch.Tensor] = []
        if prompt.boxes is not None and prompt.labels is not None:
            for box, label in zip(prompt.boxes.tolist(), prompt.labels.tolist(), strict=True):
                x, y = (int((box[i] + box[i + 2]) / 2 / BLOCK) for i in (0, 1))
                limit = colors.shape[-1] - 1
                (wanted if label else unwanted).append(colors[:, min(y, limit), min(x, limit)])
        if not wanted:
            wanted = [torch.tensor(COLORS[prompt.phrase])]
        return wanted, unwanted


class ColorAdapter(ComponentAdapter):
    """The trunk's output is the mean color of blocks."""

    def __init__(self) -> None:
        super().__init__()
        self.family = "sam3"
        self.concepts: ColorDetector | None = ColorDetector()
        self.asked = self.concepts.prompts

    def encode(self, images: torch.Tensor) -> list[PatchFeatures]:
        """Its finer levels are only there because the layout of SAM3 has them."""
        colors = torch.nn.functional.avg_pool2d(images, BLOCK)
        finer = (images, torch.nn.functional.avg_pool2d(images, 2))
        return [
            replace(
                features,
                trunk=colors[number : number + 1],
                high_resolution=tuple(level[number : number + 1] for level in finer),
            )
            for number, features in enumerate(super().encode(images))
        ]


def _parts(logits: torch.Tensor) -> list[torch.Tensor]:
    left = logits.clone()
    parts = []
    while bool((left > 0).any()):
        row, column = (int(value) for value in torch.nonzero(left > 0)[0])
        part = _connected(left, column, row) > 0
        parts.append(part)
        left[part] = -3
    return parts
