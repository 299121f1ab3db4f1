"""Feature folders: read by the segmentation, written by the encoding.

OUTPUT/manifest.parquet names the chips; they lie in OUTPUT/<layer name>/features/.
"""

from __future__ import annotations

import errno
import functools
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from geosam_processing.catalogue import model_of_file_name
from geosam_processing.contract import Bounds
from geosam_processing.engine import errors
from geosam_processing.engine.chip_file import (
    ChipHeader,
    checksum_of,
    chip_features,
    damaged,
    our_part,
    read_chip,
    write_chip,
)
from geosam_processing.engine.manifest import (
    MANIFEST_NAME,
    Chip,
    Manifest,
    Settings,
    read_manifest,
    write_manifest,
)
from geosam_processing.engine.models.adapter import PatchFeatures

if TYPE_CHECKING:
    from pyproj import CRS

__all__ = ["Chip", "FeatureFolder", "FeatureWriter", "Settings"]

Version = tuple[int, ...]

# Windows has no quota error.
_DISK_FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))
_RESERVED_NAMES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


class FeatureFolder:
    """A feature folder that can answer prompts, of ours or of Geo-SAM v2.

    Attributes:
        path: the folder that holds the manifest.
        chips: its patches, in the order of the manifest.
        crs_text: ``EPSG:n`` or WKT of the chips' coordinates.
        model_id: id in the catalogue, empty if unknown.
        model_type: ``sam``, ``sam2`` (Geo-SAM: also ``sam3``).
        checkpoint_path: where the checkpoint lay when the folder was written.
        checkpoint_sha256: its SHA-256, empty if unknown.
        source_path: the raster that was encoded.
        format_version: 0 for a folder of Geo-SAM v2.
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
        folder = Path(path).expanduser().absolute()
        if folder.name == MANIFEST_NAME and not folder.is_dir():
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
                f"{self.path} names a CRS that is unknown ({self.crs_text}): encode the raster "
                "again, with a target CRS"
            ) from error

    @property
    def bounds(self) -> Bounds:
        """Bounds of all patches, in ``crs``."""
        lefts, bottoms, rights, tops = zip(*(chip.bounds for chip in self.chips), strict=True)
        return (min(lefts), min(bottoms), max(rights), max(tops))

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
        if chip.checksum and self._intact.get(chip.chip_id) != version:
            try:
                checksum = checksum_of(chip.path)
            except OSError as error:
                raise damaged(chip.path, error.strerror or str(error)) from error
            if checksum != chip.checksum:
                raise damaged(chip.path, "its checksum differs")
            self._intact[chip.chip_id] = version
        features = chip_features(chip.path, payload)
        self._last = chip.chip_id, version, features
        return features


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


class FeatureWriter:
    """Writes a feature folder chip by chip, or continues one.

    Offer every chip to ``reuse`` before the first ``flush``: the manifest names those only
    that were reused or saved. ``reuse`` may run in several threads, the rest in one.
    """

    def __init__(
        self, output: str | Path, settings: Settings, source_path: str, checkpoint_path: str
    ) -> None:
        """Open ``output``, making it if need be. Nothing that is in it changes yet.

        Raises:
            OutputError: the folder cannot be made or written to.
            FeaturesError: it has a manifest that is damaged or of other settings.
        """
        self.folder = Path(output).expanduser().absolute()
        self.settings = settings
        self.settings_text = settings.to_text()
        self.source_path = source_path
        self.checkpoint_path = checkpoint_path
        self.features_folder = self.folder / safe_name(settings.layer_name) / "features"
        self._written: dict[str, Chip] = {}
        self._unflushed = True
        self._known = self._known_chips()
        self._require_writable()

    def path_of(self, chip_id: str) -> Path:
        """Where the chip's file is or will be."""
        return self.features_folder / f"{chip_id}.pt"

    @property
    def chip_count(self) -> int:
        """How many good chips the folder has."""
        return len(self._written)

    def reuse(self, chip: Chip) -> Chip | None:
        """The chip as it lies in the folder if it is whole and of these settings, else None.

        Raises:
            FeaturesError: a chip of another run lies where this one would.
        """
        known = self._known.get(chip.chip_id)
        found = self._from_manifest(chip, known) if known else self._from_file(chip)
        if found is not None:
            self._written[found.chip_id] = found
            self._unflushed = True
        return found

    def save(self, chip: Chip, features: PatchFeatures) -> Chip:
        """Write a chip; the next ``flush`` names it. ``features`` as ``chip_file.stored`` gives.

        Raises:
            OutputError: it cannot be written; the chips before it are kept.
        """
        header = ChipHeader(
            chip_id=chip.chip_id,
            family=self.settings.model_type,
            checkpoint_path=self.checkpoint_path,
            shape=chip.shape,
            dst_shape=chip.dst_shape,
            settings=self.settings_text,
            nodata_share=chip.nodata_share,
        )
        path = self.path_of(chip.chip_id)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            checksum = write_chip(path, header, features)
        except OSError as error:
            raise self._write_error(error, path) from error
        chip = replace(chip, path=path, checksum=checksum)
        self._written[chip.chip_id] = chip
        self._unflushed = True
        return chip

    def flush(self) -> Path:
        """Make the manifest name all chips that are there by now; return its path.

        Raises:
            OutputError: it cannot be written; the one before is kept.
        """
        path = self.folder / MANIFEST_NAME
        if not self._unflushed or not self._written:
            return path
        try:
            write_manifest(
                self.folder,
                self._written.values(),
                self.settings,
                self.source_path,
                self.checkpoint_path,
            )
        except OSError as error:
            raise self._write_error(error, path) from error
        self._unflushed = False
        return path

    def _known_chips(self) -> dict[str, Chip]:
        if not (self.folder / MANIFEST_NAME).exists():
            return {}
        manifest = read_manifest(self.folder)
        if not manifest.format_version:
            raise errors.FeaturesError(
                f"{self.folder} is a feature folder of Geo-SAM and cannot be continued: choose "
                "another output folder"
            )
        self.settings.require_same(manifest.settings, self.folder)
        return {chip.chip_id: chip for chip in manifest.chips}

    def _require_writable(self) -> None:
        probe = self.folder / ".geosam_writable"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            probe.touch()
            probe.unlink()
        except OSError as error:
            raise self._write_error(error, self.folder) from error

    def _from_manifest(self, chip: Chip, known: Chip) -> Chip | None:
        path = self.path_of(chip.chip_id)
        try:
            intact = checksum_of(path) == known.checksum
        except OSError:
            return None
        if not intact:
            return None
        return replace(chip, path=path, checksum=known.checksum, nodata_share=known.nodata_share)

    def _from_file(self, chip: Chip) -> Chip | None:
        """A chip that a run wrote which ended before it could name it in the manifest."""
        path = self.path_of(chip.chip_id)
        if not path.exists():
            return None
        try:
            payload = read_chip(path)
            chip_features(path, payload)
            checksum = checksum_of(path)
        except (errors.ChipError, OSError):
            return None
        ours = our_part(payload)
        if not ours:
            raise errors.FeaturesError(
                f"{path} was not written by GeoSAM Processing and is left as it is: choose "
                "another output folder"
            )
        self.settings.require_same(str(ours.get("settings", "")), self.folder)
        share = float(ours.get("nodata_share", 0.0))
        return replace(chip, path=path, checksum=checksum, nodata_share=share)

    def _write_error(self, error: OSError, path: Path) -> errors.OutputError:
        if error.errno in _DISK_FULL:
            return errors.OutputError(
                f"The disk of {self.folder} is full: free some space and run again with the same "
                f"settings, the {self.chip_count} patches that are done are kept"
            )
        return errors.OutputError(
            f"Cannot write {path} ({error.strerror or error}): choose an output folder that you "
            "can write to"
        )


def safe_name(layer_name: str) -> str:
    """``layer_name`` as the name of a folder on every system."""
    name = re.sub(r"[^\w.\- ]", "_", layer_name).strip(" .")[:100].strip(" .")
    return f"_{name}" if not name or _RESERVED_NAMES.fullmatch(name) else name
