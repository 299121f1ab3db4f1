"""Feature folders: read by the segmentation, written by the encoding.

OUTPUT/manifest.parquet names the chips; they lie in OUTPUT/<layer name>/features/.
"""

from __future__ import annotations

import functools
import os
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from geosam_processing.contract import Bounds
from geosam_processing.contract.catalogue import CATALOGUE, model_of_file_name
from geosam_processing.contract.files import checksum_of
from geosam_processing.contract.texts import Text
from geosam_processing.engine import errors
from geosam_processing.engine.features.chip_file import (
    chip_features,
    chip_trunk,
    damaged,
    read_chip,
    require_intact_chip,
)
from geosam_processing.engine.features.manifest import (
    MANIFEST_NAME,
    Chip,
    Manifest,
    stored_settings,
)
from geosam_processing.engine.features.manifest_reader import read_manifest
from geosam_processing.engine.models.adapter import PatchFeatures

if TYPE_CHECKING:
    import torch
    from pyproj import CRS

Version = tuple[int, ...]


class FeatureFolder:
    """A feature folder that can answer prompts, of ours or of Geo-SAM v2.

    Attributes:
        path: the folder that holds the manifest.
        chips: its patches, in the order of the manifest.
        crs_text: ``EPSG:n`` or WKT of the chips' coordinates.
        model_id: id in the catalogue, empty if unknown.
        model_type: ``sam``, ``sam2`` or ``sam3``.
        checkpoint_path: where the checkpoint lay when the folder was written.
        checkpoint_sha256: its SHA-256, empty if unknown.
        source_path: the raster that was encoded.
        format_version: 0 for a folder of Geo-SAM v2.
        has_concepts: whether it keeps what words and examples need.
        settings: of the encoding, as ``manifest.Settings`` names them; empty if unknown.
    """

    def __init__(self, path: Path, manifest: Manifest) -> None:
        self.path = path
        self.chips: list[Chip] = list(manifest.chips)
        self.crs_text = manifest.crs
        self.model_type = manifest.model_type
        self.checkpoint_path = manifest.checkpoint_path
        self.checkpoint_sha256 = manifest.checkpoint_sha256
        self.source_path = manifest.source_path
        self.format_version = manifest.format_version
        self.has_concepts = manifest.concepts
        self.settings = stored_settings(manifest.settings)
        self.model_id = manifest.model_id or model_of_file_name(manifest.checkpoint_path) or ""
        self._places = {place: _version(place) for place in {c.path.parent for c in self.chips}}
        self._intact: dict[str, Version] = {}
        self._last: tuple[str, Version, PatchFeatures] | None = None

    @staticmethod
    def open(path: str | Path) -> FeatureFolder:
        """Open the folder that holds ``manifest.parquet``, or that file itself.

        The last one that was opened is given again as long as its files are the same.

        Raises:
            FeaturesError: there is no manifest, or it cannot be read or used.
        """
        folder = Path(os.path.expanduser(path)).absolute()
        if folder.name == MANIFEST_NAME and not os.path.isdir(folder):
            folder = folder.parent
        opened = _opened(folder, _version(folder / MANIFEST_NAME))
        if any(_version(place) != version for place, version in opened._places.items()):
            # The chips may have to be looked for elsewhere.
            _opened.cache_clear()
            opened = _opened(folder, _version(folder / MANIFEST_NAME))
        return opened

    @functools.cached_property
    def crs(self) -> CRS:
        """The CRS of all coordinates in the folder.

        Raises:
            FeaturesError: the manifest names no CRS that PROJ knows.
        """
        from pyproj import CRS
        from pyproj.exceptions import CRSError

        try:
            return CRS.from_user_input(self.crs_text)
        except CRSError as error:
            raise errors.FeaturesError(
                "{} names a CRS that is unknown ({}): encode the raster again, with a target CRS",
                self.path,
                self.crs_text,
            ) from error

    @functools.cached_property
    def bounds(self) -> Bounds:
        """Bounds of all patches, in ``crs``."""
        a, b, c, d, e, f = np.array([chip.transform[:6] for chip in self.chips]).T
        heights, widths = np.array([chip.shape for chip in self.chips]).T
        columns, rows = (
            np.stack([0 * widths, widths, widths, 0 * widths]),
            np.stack([0 * heights, 0 * heights, heights, heights]),
        )
        x, y = a * columns + b * rows + c, d * columns + e * rows + f
        return (float(x.min()), float(y.min()), float(x.max()), float(y.max()))

    def load_trunk(self, chip: Chip) -> torch.Tensor:
        """The output of SAM3's trunk for ``chip``, float16 [1, C, h, w] on the CPU.

        Raises:
            ChipError: the chip or the file next to it is missing or damaged, or there is none.
        """
        return chip_trunk(chip.path, read_chip(chip.path))

    def load(self, chip: Chip) -> PatchFeatures:
        """The features of ``chip``, float32 on the CPU; not to be changed.

        Its checksum is compared the first time. The last one that was loaded is kept.

        Raises:
            ChipError: the chip is missing or damaged.
        """
        version = _version(chip.path)
        if version and self._last is not None and self._last[:2] == (chip.chip_id, version):
            return self._last[2]
        payload = read_chip(chip.path)
        if self._intact.get(chip.chip_id) != version:
            self._require_intact(chip)
            self._intact[chip.chip_id] = version
        features = chip_features(chip.path, payload, self.model_type, self._embedding_size(chip))
        self._last = chip.chip_id, version, features
        return features

    def _require_intact(self, chip: Chip) -> None:
        if not chip.checksum:
            # Geo-SAM records none, but the archive that a chip is has its own.
            require_intact_chip(chip.path)
            return
        try:
            checksum = checksum_of(chip.path)
        except OSError as error:
            raise damaged(chip.path, error.strerror or str(error)) from error
        if checksum != chip.checksum:
            raise damaged(chip.path, Text("its checksum differs"))

    def _embedding_size(self, chip: Chip) -> int | None:
        """The side of the image embedding in tokens, where the model is known."""
        entry = CATALOGUE.get(self.model_id)
        if entry is None:
            return None
        return max(chip.dst_shape[0] * entry.embedding_size // entry.patch_size, 1)


@functools.lru_cache(maxsize=1)
def _opened(folder: Path, version: Version) -> FeatureFolder:
    return FeatureFolder(folder, read_manifest(folder))


def _version(path: Path) -> Version:
    """What differs when a file is another one or was changed; empty if it is not there."""
    try:
        status = path.stat()
    except OSError:
        return ()
    return status.st_ino, status.st_size, status.st_mtime_ns
