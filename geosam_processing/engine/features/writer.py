"""Writes a feature folder so that it can be stopped at any moment and continued."""

from __future__ import annotations

import os
import re
from collections.abc import Container
from dataclasses import replace
from pathlib import Path

import numpy as np

from geosam_processing.contract.files import checksum_of, remove_abandoned
from geosam_processing.engine import errors
from geosam_processing.engine.features.chip_file import (
    ChipHeader,
    chip_features,
    has_whole_trunk,
    our_part,
    read_chip,
    require_intact_chip,
    write_chip,
)
from geosam_processing.engine.features.empty_cells import are_cells
from geosam_processing.engine.features.folder_lock import DISK_FULL, FolderLock
from geosam_processing.engine.features.manifest import (
    MANIFEST_NAME,
    Chip,
    Settings,
    geosam_checkpoint,
    write_manifest,
)
from geosam_processing.engine.features.manifest_parts import (
    Indices,
    PartNote,
    note_of,
    part_path,
    part_paths,
)
from geosam_processing.engine.features.manifest_reader import read_manifest
from geosam_processing.engine.models.adapter import PatchFeatures

_RESERVED_NAMES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


class ChipWriter:
    """Writes chips into a feature folder whose manifest another writer writes."""

    def __init__(
        self, folder: Path, settings: Settings, source_path: str, checkpoint_path: str
    ) -> None:
        """Prepare to write. Nothing in ``folder``, an absolute path, changes yet."""
        self.folder = folder
        self.settings = settings
        self.settings_text = settings.to_text()
        self.source_path = source_path
        self.checkpoint_path = checkpoint_path
        self.features_folder = folder / safe_name(settings.layer_name) / "features"

    def path_of(self, chip_id: str) -> Path:
        """Where the chip's file is or will be."""
        return self.features_folder / f"{chip_id}.pt"

    def save(self, chip: Chip, features: PatchFeatures) -> Chip:
        """Write a chip and return it with its path and checksum.

        Args:
            features: as ``chip_file.stored`` returns them.

        Raises:
            OutputError: it cannot be written; the chips before it are kept.
        """
        header = ChipHeader(
            chip_id=chip.chip_id,
            family=self.settings.model_type,
            checkpoint_path=geosam_checkpoint(self.settings.model_id, self.checkpoint_path),
            shape=chip.shape,
            dst_shape=chip.dst_shape,
            settings=self.settings_text,
            nodata_share=chip.nodata_share,
            empty_cells=chip.empty_cells,
        )
        path = self.path_of(chip.chip_id)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            checksum = write_chip(path, header, features)
        except OSError as error:
            raise self._write_error(error, path) from error
        return replace(chip, path=path, checksum=checksum)

    def skip(self, index: int) -> None:
        """Pass a patch without data, which gets no chip."""

    @property
    def chip_count(self) -> int:
        """How many chips a ``flush`` would name: none, as it names none."""
        return 0

    def flush(self) -> Path:
        """Return the path of the manifest, which this writer does not write."""
        return self.folder / MANIFEST_NAME

    def found(self, chip: Chip) -> Chip | None:
        """Return a chip that lies in the folder without being named, if it is whole, else None.

        It was written by a run that ended before it could name it in the manifest.

        Raises:
            FeaturesError: a chip of another run lies there.
        """
        path = self.path_of(chip.chip_id)
        if not path.exists():
            return None
        try:
            payload = read_chip(path)
            require_intact_chip(path)
            chip_features(path, payload, self.settings.model_type)
            checksum = checksum_of(path)
        except (errors.ChipError, OSError):
            return None
        ours = our_part(payload)
        if not ours:
            raise errors.FeaturesError(
                "{} was not written by GeoSAM Processing and is left as it is: choose "
                "another output folder",
                path,
            )
        self.settings.require_same(str(ours.get("settings", "")), self.folder)
        if not self._has_trunk_if_wanted(path):
            return None
        share = ours.get("nodata_share", 0.0)
        cells = ours.get("empty_cells", "")
        if not isinstance(share, float) or not 0 <= share <= 1:
            return None
        if not isinstance(cells, str) or not are_cells(cells):
            return None
        return replace(chip, path=path, checksum=checksum, nodata_share=share, empty_cells=cells)

    def _has_trunk_if_wanted(self, path: Path) -> bool:
        return not self.settings.concepts or has_whole_trunk(path)

    def _write_error(self, error: OSError, path: Path) -> errors.OutputError:
        if error.errno in DISK_FULL:
            return self._disk_full()
        return errors.OutputError(
            "Cannot write {} ({}): choose an output folder that you can write to",
            path,
            error.strerror or error,
        )

    def _disk_full(self) -> errors.OutputError:
        return errors.OutputError(
            "The disk of {} is full: free some space and run again with the same "
            "settings; finished chips are kept",
            self.folder,
        )


class FeatureWriter(ChipWriter):
    """Writes a feature folder chip by chip, or continues one; the only writer until closed.

    Offer every chip to ``reuse`` before the first ``flush``: the manifest names those only
    that were reused or saved. ``reuse`` may run in several threads, the rest in one.
    """

    def __init__(
        self,
        output: str | Path,
        settings: Settings,
        source_path: str,
        checkpoint_path: str,
        lock: FolderLock | None = None,
        kept: Indices | None = None,
    ) -> None:
        """Open ``output``, making it if need be. Nothing that is in it changes yet.

        Args:
            lock: that of ``output``, or of a shard in it, which stays held; None takes it until
                ``close``.
            kept: the patches of the whole grid that are not pruned. If None, all are kept.

        Raises:
            OutputError: the folder cannot be made or written to, or another run writes it.
            FeaturesError: it has a manifest that is damaged or of other settings.
        """
        self._lock = lock or FolderLock(output)
        self._keeps_lock = lock is not None
        super().__init__(self._lock.folder, settings, source_path, checkpoint_path)
        self.shard = self._lock.shard
        self._written: dict[str, Chip] = {}
        self._unflushed = True
        self._skipped: set[int] = set()
        self._kept = kept
        if self.shard is None:
            for folder in (self.folder, self.features_folder):
                remove_abandoned(folder)
        try:
            self._known = self._known_chips()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> FeatureWriter:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let others write to the folder. What was not flushed is found by the next run."""
        if not self._keeps_lock:
            self._lock.release()

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
        found = self._from_manifest(chip, known) if known else self.found(chip)
        if found is not None:
            self.add(found)
        return found

    def save(self, chip: Chip, features: PatchFeatures) -> Chip:
        """Write a chip, see ``ChipWriter``; the next ``flush`` names it."""
        chip = super().save(chip, features)
        self.add(chip)
        return chip

    def add(self, chip: Chip) -> None:
        """Name a chip that was written into this folder in the next ``flush``."""
        self._written[chip.chip_id] = chip
        self._unflushed = True

    def keep_others(self, chosen: Container[str]) -> None:
        """Keep the chips in the manifest that are not among the ``chosen`` ones.

        An earlier run that was pruned otherwise made them. Their files are not read.
        """
        if self._kept is None:
            return
        for chip_id, chip in self._own.items():
            if chip_id not in chosen and os.path.isfile(self.path_of(chip_id)):
                self._written[chip_id] = replace(chip, path=self.path_of(chip_id))

    def skip(self, index: int) -> None:
        """Note a patch without data, which gets no chip."""
        self._skipped.add(index)

    def flush(self) -> Path:
        """Make the manifest name all chips that are there by now; return its path.

        Raises:
            OutputError: it cannot be written; the one before is kept.
        """
        path = self.manifest_path
        # A shard without data has a part nevertheless: it is done.
        if not self._unflushed or not (self._written or self.shard):
            return path
        note = None
        if self.shard is not None or self._kept is not None:
            note = PartNote(self.settings_text, self.shard, tuple(self._skipped), self._kept)
        try:
            write_manifest(
                self.folder,
                self._written.values(),
                self.settings,
                self.source_path,
                self.checkpoint_path,
                note,
            )
        except OSError as error:
            raise self._write_error(error, path) from error
        self._unflushed = False
        return path

    @property
    def manifest_path(self) -> Path:
        """The manifest, or the part of it, that this writer writes."""
        if self.shard is None:
            return self.folder / MANIFEST_NAME
        return part_path(self.folder, self.shard)

    def _known_chips(self) -> dict[str, Chip]:
        """The chips that the manifest of all patches names, and those of the shard's part."""
        known: dict[str, Chip] = {}
        self._own: dict[str, Chip] = {}
        for path in dict.fromkeys((self.folder / MANIFEST_NAME, self.manifest_path)):
            if not os.path.exists(path):
                continue
            manifest = read_manifest(self.folder, path)
            if not manifest.chips:
                continue  # a part of a shard without data
            if not manifest.format_version:
                raise errors.FeaturesError(
                    "{} is a feature folder of Geo-SAM and cannot be continued: choose "
                    "another output folder",
                    self.folder,
                )
            self.settings.require_same(manifest.settings, self.folder)
            own = {chip.chip_id: chip for chip in manifest.chips}
            known |= own
            if path == self.manifest_path:
                self._own = own
                self._keep_note(path)
        self._compare_with_parts()
        return known

    def _keep_note(self, path: Path) -> None:
        """Go on with what the part states, if its patches were pruned otherwise."""
        note = note_of(path)
        if self._kept is not None and note is not None and note.kept is not None:
            self._kept = np.union1d(self._kept, note.kept)

    def _compare_with_parts(self) -> None:
        """Raise FeaturesError if another shard was encoded with other settings."""
        for path in part_paths(self.folder):
            note = note_of(path)
            if note is not None:
                self.settings.require_same(note.settings, self.folder)
                return

    def _from_manifest(self, chip: Chip, known: Chip) -> Chip | None:
        path = self.path_of(chip.chip_id)
        try:
            intact = checksum_of(path) == known.checksum
        except OSError:
            return None
        if not intact or not self._has_trunk_if_wanted(path):
            return None
        return replace(
            chip,
            path=path,
            checksum=known.checksum,
            nodata_share=known.nodata_share,
            empty_cells=known.empty_cells,
        )

    def _disk_full(self) -> errors.OutputError:
        return errors.OutputError(
            "The disk of {} is full: free some space and run again with the same "
            "settings, the {} patches that are done are kept",
            self.folder,
            self.chip_count,
        )


def safe_name(layer_name: str) -> str:
    """``layer_name`` as the name of a folder on every system."""
    name = re.sub(r"[^\w.\- ]", "_", layer_name).strip(" .")[:100].strip(" .")
    return f"_{name}" if not name or _RESERVED_NAMES.fullmatch(name) else name
