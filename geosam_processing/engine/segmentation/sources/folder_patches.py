"""The patches on which everything is segmented, of one or more scales."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from geosam_processing.engine.features.folder import Chip, FeatureFolder
from geosam_processing.engine.features.outlines import outlines
from geosam_processing.engine.features.scales import scales_of
from geosam_processing.engine.merging import SeenPatches

if TYPE_CHECKING:
    from pyproj import CRS

    from geosam_processing.engine.models.adapter import PatchFeatures

# Patches whose features are kept in memory.
_KEPT = 8


class Patches(Protocol):
    """Patches in one CRS, whose features can be had one by one.

    Attributes:
        chips: all patches, those of the finest scale first.
        scales: how many times coarser than the finest each one's pixels are.
        crs: of all coordinates.
        fingerprint: differs when the features differ.
    """

    chips: Sequence[Chip]
    scales: Sequence[int]
    crs: CRS
    fingerprint: str

    def load(self, index: int) -> PatchFeatures | None:
        """The features of a patch, None if it has no data.

        Raises:
            ChipError: they are missing or damaged.
        """
        ...


class FolderPatches:
    """The patches of a feature folder and of the coarser scales in it."""

    def __init__(self, folders: dict[int, FeatureFolder]) -> None:
        """``folders`` by scale."""
        self.folder = folders[min(folders)]
        self.crs = self.folder.crs
        chips: list[Chip] = []
        scales: list[int] = []
        self._folders: list[FeatureFolder] = []
        self._loaded: dict[int, PatchFeatures] = {}
        digest = hashlib.sha256()
        for scale, folder in sorted(folders.items()):
            chips += folder.chips
            scales += [scale] * len(folder.chips)
            self._folders += [folder] * len(folder.chips)
            for chip in folder.chips:
                # Geo-SAM's folders have no checksums.
                known = chip.checksum or str(chip.path)
                digest.update(f"{scale} {chip.chip_id} {known} {tuple(chip.transform)}\n".encode())
        self.chips: Sequence[Chip] = chips
        self.scales: Sequence[int] = scales
        self.fingerprint = digest.hexdigest()

    def load(self, index: int) -> PatchFeatures | None:
        """The features of a patch; those that were loaded last are kept."""
        features = self._loaded.pop(index, None)
        if features is None:
            features = self._folders[index].load(self.chips[index])
            if len(self._loaded) == _KEPT:
                del self._loaded[next(iter(self._loaded))]
        self._loaded[index] = features
        return features


def folders_by_scale(folder: FeatureFolder) -> dict[int, FeatureFolder]:
    """A feature folder and the coarser scales in it that the same checkpoint encoded."""
    folders = {1: folder}
    for scale, path in scales_of(folder.path).items():
        if scale > 1:
            coarser = FeatureFolder.open(path)
            same = coarser.checkpoint_sha256 == folder.checkpoint_sha256
            if same and coarser.crs_text == folder.crs_text:
                folders[scale] = coarser
    return folders


def seen_patches(patches: Patches, margin: float) -> SeenPatches:
    """The patches as the merging wants them; ``margin`` in pixels."""
    return SeenPatches(
        outlines(patches.chips).tolist(),
        [chip.pixel_size for chip in patches.chips],
        patches.scales,
        margin,
    )
