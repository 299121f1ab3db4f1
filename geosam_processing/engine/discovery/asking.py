"""All objects of one patch: coarse points first, finer ones where nothing was found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from geosam_processing.engine.discovery.lattice import STEPS
from geosam_processing.engine.discovery.packed_masks import Bits, area, pack, suppress, unpack
from geosam_processing.engine.features.manifest import Chip
from geosam_processing.engine.segmentation.vectorize import without_padding

if TYPE_CHECKING:
    import torch

    from geosam_processing.engine.models.adapter import ModelAdapter, PatchFeatures
    from geosam_processing.engine.segmentation.batch_decoder import BatchDecoder

# Above this share of a patch a mask is its background.
_BACKGROUND = 0.9


@dataclass(frozen=True)
class Filters:
    """What a mask needs to be kept.

    Attributes:
        score: the model's own estimate of its IoU.
        stability: the IoU of the masks at logits -1 and +1.
        least: area in pixels of the patch.
        side: the longer side of its bounding box in pixels of the patch.
        duplicate: masks with a higher IoU than this are duplicates.
        votes: a point in so many rejected or large masks is not asked; 0 asks all.
        large: masks of a larger share of a patch may have objects in them.
    """

    score: float
    stability: float
    least: float
    side: float = 0.0
    duplicate: float = 0.7
    votes: int = 12
    large: float = 0.03


@dataclass(frozen=True)
class FoundMask:
    """A mask on a patch, as ``ModelAdapter.decode`` returns it."""

    logits: torch.Tensor
    score: float
    stability: float


@dataclass
class _Answers:
    """Masks of some points: [n, m] each, and what of the logits is worth keeping."""

    bits: Bits
    scores: NDArray[np.float32]
    stability: NDArray[np.float32]
    passed: NDArray[np.bool_]
    logits: list[torch.Tensor]  # of those that passed, in their order


class PatchAsker:
    """Asks the points of patches, one patch after the other."""

    def __init__(self, adapter: ModelAdapter, decoder: BatchDecoder, filters: Filters) -> None:
        self._adapter = adapter
        self._decoder = decoder
        self._filters = filters
        self.calls = 0

    def masks(
        self,
        chip: Chip,
        features: PatchFeatures,
        points: NDArray[np.float64],
        steps: NDArray[np.intp],
    ) -> list[FoundMask]:
        """The masks on a patch that pass, without duplicates, best first.

        Finer points are skipped in masks that were kept and are not large, and in what ``votes``
        rejected or large masks hold: nothing stands out there. Objects are holes in a rejected
        mask of their background, so they are asked.

        Args:
            points: [n, 2] x and y in pixels of the patch.
            steps: [n] in which of ``STEPS`` each is asked.
        """
        kept = _Kept()
        covered: NDArray[np.bool_] | None = None
        held: NDArray[np.int16] | None = None
        for step in STEPS:
            wanted = steps == step
            if covered is not None and held is not None:
                at = _cells(points, chip.shape, covered.shape)
                wanted &= ~covered[at]
                if self._filters.votes:
                    wanted &= held[at] < self._filters.votes
            if not wanted.any():
                continue
            answers, shape = self._ask(chip, features, points[wanted])
            kept.add(answers, self._filters.duplicate)
            votes = _held(answers, shape, self._filters.large)
            held = votes if held is None else held + votes
            covered = kept.covered(shape, self._filters.large)
        return kept.masks()

    def _ask(
        self, chip: Chip, features: PatchFeatures, points: NDArray[np.float64]
    ) -> tuple[_Answers, tuple[int, int]]:
        import torch

        from geosam_processing.engine.models.adapter import PromptBatch

        self.calls += len(points)
        factor = self._adapter.patch_size / max(chip.shape)
        places = torch.from_numpy((points * factor).astype(np.float32))[:, None]
        bits, scores, stability, passed = [], [], [], []
        kept: list[torch.Tensor] = []
        shape = (0, 0)
        for start in range(0, len(points), self._decoder.batch_size):
            part = places[start : start + self._decoder.batch_size]
            batch = PromptBatch(part, torch.ones(part.shape[:2], dtype=torch.int64))
            logits, score = self._decoder.decode(features, batch, multimask=True)
            shown = without_padding(logits, chip, self._adapter.patch_size).numpy()
            shape = (shown.shape[-2], shown.shape[-1])
            masks = shown > 0
            stable = _counts(shown > 1) / np.maximum(_counts(shown > -1), 1)
            pixel = max(chip.shape) / self._adapter.patch_size
            good = self._passed(score.numpy(), stable, masks, pixel * factor_of(self._adapter))
            kept += [logits[i, j].clone() for i, j in np.argwhere(good).tolist()]
            bits.append(pack(masks))
            scores.append(score.numpy())
            stability.append(stable.astype(np.float32))
            passed.append(good)
        answers = _Answers(
            np.concatenate(bits),
            np.concatenate(scores),
            np.concatenate(stability),
            np.concatenate(passed),
            kept,
        )
        return answers, shape

    def _passed(
        self,
        scores: NDArray[np.float32],
        stability: NDArray[np.float64],
        masks: NDArray[np.bool_],
        pixel: float,
    ) -> NDArray[np.bool_]:
        """Which masks [n, m, h, w] to keep; ``pixel`` is the size of theirs in the patch's."""
        filters = self._filters
        good = (scores >= filters.score) & (stability >= filters.stability)
        sizes = _counts(masks)
        good &= (sizes * pixel**2 >= filters.least) & (sizes > 0)
        good &= sizes <= _BACKGROUND * masks.shape[-1] * masks.shape[-2]
        if filters.side:
            for i, j in np.argwhere(good).tolist():
                sides = (np.ptp(np.flatnonzero(masks[i, j].any(axis))) + 1 for axis in (0, 1))
                good[i, j] = max(sides) * pixel >= filters.side
        return np.asarray(good)


class _Kept:
    """Masks that passed, without duplicates."""

    def __init__(self) -> None:
        self._bits: Bits | None = None
        self._scores = np.zeros(0, dtype=np.float32)
        self._found: list[FoundMask] = []

    def add(self, answers: _Answers, duplicate: float) -> None:
        rows, columns = np.nonzero(answers.passed)
        if not len(rows):
            return
        bits, scores = answers.bits[rows, columns], answers.scores[rows, columns]
        stable = answers.stability[rows, columns]
        found = [
            FoundMask(logits, float(score), float(stability))
            for logits, score, stability in zip(answers.logits, scores, stable, strict=True)
        ]
        if self._bits is not None:
            bits = np.concatenate([self._bits, bits])
            scores = np.concatenate([self._scores, scores])
            found = self._found + found
        chosen = suppress(bits, scores, duplicate)
        self._bits, self._scores = bits[chosen], scores[chosen]
        self._found = [found[index] for index in chosen]

    def covered(self, shape: tuple[int, int], large: float) -> NDArray[np.bool_]:
        """The pixels that lie in a mask of at most this share of all pixels."""
        if self._bits is None:
            return np.zeros(shape, dtype=bool)
        small = self._bits[area(self._bits) <= large * shape[0] * shape[1]]
        return unpack(np.bitwise_or.reduce(small, axis=0), shape)

    def masks(self) -> list[FoundMask]:
        return self._found


def factor_of(adapter: ModelAdapter) -> float:
    """How many pixels of the model's input one of its masks' is wide."""
    return adapter.patch_size / (4 * adapter.embedding_size)


def _held(answers: _Answers, shape: tuple[int, int], large: float) -> NDArray[np.int16]:
    """How many points have each pixel in their best mask, if that is large or none passed."""
    result = np.zeros(shape, dtype=np.int16)
    best = answers.scores.argmax(1)
    rows = np.arange(len(best))
    sizes = area(answers.bits[rows, best])
    nothing_new = ~answers.passed.any(1) | (sizes > large * shape[0] * shape[1])
    for row in np.flatnonzero(nothing_new):
        result += unpack(answers.bits[row, best[row]], shape)
    return result


def _cells(
    points: NDArray[np.float64], shape: tuple[int, int], cells: tuple[int, ...]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rows and columns of points in an array of ``cells`` over a patch of ``shape``."""
    rows = (points[:, 1] * cells[0] / shape[0]).astype(np.intp)
    columns = (points[:, 0] * cells[1] / shape[1]).astype(np.intp)
    return np.minimum(rows, cells[0] - 1), np.minimum(columns, cells[1] - 1)


def _counts(masks: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Pixels of masks [n, m, h, w]; counting bytes is far quicker than summing booleans."""
    counts = [[np.count_nonzero(mask) for mask in row] for row in masks]
    return np.array(counts, dtype=np.int64)
