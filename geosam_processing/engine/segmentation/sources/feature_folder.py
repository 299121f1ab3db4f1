"""Patches of a feature folder, encoded before."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from geosam_processing.contract import Prompt, Shard
from geosam_processing.engine.encoding.shards import shard_of_chips
from geosam_processing.engine.features.folder import FeatureFolder
from geosam_processing.engine.segmentation.contrast import Contrast, unknown_contrast
from geosam_processing.engine.segmentation.placing import PatchFinder, PlacedPrompt
from geosam_processing.engine.segmentation.run import AskAgain, LoadedPatch
from geosam_processing.engine.segmentation.segmenter import Answer

if TYPE_CHECKING:
    from pyproj import CRS


@dataclass(frozen=True)
class FolderPrompt:
    """A prompt, and the patches to try if the one that it is asked on is damaged, best first."""

    prompt: Prompt
    others: tuple[int, ...] = ()


class FolderSource:
    """A feature folder as a source; a place is the index of a patch.

    Attributes:
        chips_loaded: how many chips were read.
    """

    def __init__(
        self,
        folder: FeatureFolder,
        patch_size: int,
        contrast: Contrast = unknown_contrast,
        shard: Shard | None = None,
    ) -> None:
        self.chips_loaded = 0
        self._shard = shard
        self._own = None if shard is None else shard_of_chips(folder.chips, shard)
        self._contrast = contrast
        self._folder = folder
        self._patch_size = patch_size
        self._finder = _finder(folder)

    @property
    def crs(self) -> CRS:
        return self._folder.crs

    @staticmethod
    def prompts(prompts: Sequence[Prompt]) -> list[FolderPrompt]:
        """``prompts`` as this source remembers them."""
        return [FolderPrompt(prompt) for prompt in prompts]

    def plan(
        self, prompts: Sequence[FolderPrompt]
    ) -> tuple[dict[int, list[FolderPrompt]], list[Answer]]:
        groups: dict[int, list[FolderPrompt]] = {}
        unplaced = []
        for each in prompts:
            candidates, reason = self._finder.find(each.prompt)
            if self._is_elsewhere(candidates):
                continue
            if candidates:
                asked = FolderPrompt(each.prompt, tuple(candidates[1:]))
                groups.setdefault(candidates[0], []).append(asked)
            else:
                unplaced.append(Answer(each.prompt, reason=reason))
        return dict(sorted(groups.items())), unplaced

    def _is_elsewhere(self, candidates: Sequence[int]) -> bool:
        """Whether a prompt on these patches, the best first, belongs to another shard."""
        if self._shard is None or self._own is None:
            return False
        return candidates[0] not in self._own if candidates else self._shard.number > 1

    def load(self, place: int) -> LoadedPatch:
        chip = self._folder.chips[place]
        features = self._folder.load(chip)
        self.chips_loaded += 1
        return LoadedPatch(chip, features, self._contrast)

    def placed(self, place: int, prompt: Prompt) -> PlacedPrompt:
        return self._finder.place(place, prompt, self._patch_size)

    def has_data(self, place: int, prompt: Prompt) -> bool:
        # The plan leaves out the other patches.
        return True

    def judge(self, asked: FolderPrompt, place: int, answer: Answer) -> Answer:
        return answer

    def failed(
        self, asked: FolderPrompt, place: int, reason: str
    ) -> Answer | AskAgain[FolderPrompt, int]:
        if not asked.others:
            return Answer(asked.prompt, reason=reason)
        following, *others = asked.others
        return AskAgain(FolderPrompt(asked.prompt, tuple(others)), following)


@functools.lru_cache(maxsize=1)
def _finder(folder: FeatureFolder) -> PatchFinder:
    return PatchFinder(folder.chips)
