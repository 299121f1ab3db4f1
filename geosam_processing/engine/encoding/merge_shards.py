"""Merge the shards of an encoding: one manifest from its parts, in one folder or in several."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import shapely
from affine import Affine

from geosam_processing.contract import (
    MergeFeaturesRequest,
    MergeFeaturesResult,
    MissingPatch,
    ProgressEvent,
    Shard,
)
from geosam_processing.contract.files import checksum_of, remove_abandoned, whole_file
from geosam_processing.contract.texts import Text
from geosam_processing.engine import errors
from geosam_processing.engine.encoding.grid import PatchWindow, patch_windows
from geosam_processing.engine.encoding.shards import grid_order, part
from geosam_processing.engine.features.chip_file import has_whole_trunk
from geosam_processing.engine.features.folder_lock import PARTS_FOLDER, FolderLock, not_writable
from geosam_processing.engine.features.manifest import (
    MANIFEST_NAME,
    setting_differences,
    stored_settings,
)
from geosam_processing.engine.features.manifest_parts import PartNote, part_paths
from geosam_processing.engine.features.part_tables import PartTable, read_part_table, write_merged
from geosam_processing.engine.features.scales import scale_folder, scale_of
from geosam_processing.engine.features.trunk_file import trunk_path
from geosam_processing.engine.run import SILENT, RunContext

_DISK_RESERVE = 64 << 20
_NAMED = 20  # shards that an error names
NOT_ENCODED = Text("It is not encoded")
NO_FILE = Text("Its file is missing")
DAMAGED = Text("Its file is damaged")


def merge_features(
    request: MergeFeaturesRequest, context: RunContext = SILENT
) -> MergeFeaturesResult:
    """Write one manifest for the shards of a request.

    Chips stay where they are if the output is their folder. Others are copied to it, each complete
    or not at all.

    Args:
        context: its progress counts copied chips; it is asked before each step whether to stop.

    Raises:
        Cancelled: the caller asked to stop. The manifest of before is unchanged.
        FeaturesError: there are no shards, they differ in their settings, are damaged, or patches
            are missing and may not be.
        OutputError: the output cannot be written to, or a run writes to it.
    """
    folders = list(dict.fromkeys(found for each in request.folders for found in _folders(each)))
    if not folders:
        raise errors.FeaturesError(
            "{} holds no shards. Give the output folder of an encoding with shards",
            ", ".join(request.folders),
        )
    if not request.output and len(folders) > 1:
        raise errors.OutputError(
            "The shards lie in {} folders. Give an output folder to merge them into", len(folders)
        )
    output = Path(os.path.expanduser(request.output)).absolute() if request.output else folders[0]
    with ExitStack() as locks:
        locks.enter_context(FolderLock(output))
        for folder in folders:
            if folder != output and os.access(folder, os.W_OK):
                locks.enter_context(FolderLock(folder))
        scales = sorted({scale for folder in folders for scale in _scales(folder)})
        merging = [_ScaleMerging(scale, folders, output, context) for scale in scales]
        if not request.allow_missing:
            _require_complete(merging, output)
        copied = _copy_chips(merging, output, context)
        if not request.allow_missing:
            _require_complete(merging, output)
        context.require_not_cancelled()
        for each in merging:
            each.write()
    return MergeFeaturesResult(
        output=str(output),
        manifest=str(output / MANIFEST_NAME),
        crs=str(stored_settings(merging[0].settings).get("crs", "")),
        part_count=sum(len(each.parts) for each in merging),
        patch_count=sum(len(each.rows) for each in merging),
        skipped_count=sum(len(each.skipped) for each in merging),
        copied_count=copied,
        missing=tuple(patch for each in merging for patch in each.missing()),
    )


class _ScaleMerging:
    """The parts of one scale.

    Attributes:
        parts: manifests and parts of manifests.
        rows: part and row of each chip, by its id.
        skipped: indices of patches without data.
        settings: the text that all parts share.
    """

    def __init__(
        self, scale: int, folders: Sequence[Path], output: Path, context: RunContext
    ) -> None:
        """Read the parts.

        Raises:
            Cancelled: the caller asked to stop.
            FeaturesError: the parts are damaged or do not belong together.
        """
        self.scale = scale
        self.output = scale_folder(output, scale)
        self.parts: list[PartTable] = []
        for folder in (scale_folder(each, scale) for each in folders):
            for path in _manifests(folder):
                context.require_not_cancelled()
                self.parts.append(read_part_table(folder, path))
        self.settings = self._common_settings()
        facts = stored_settings(self.settings)
        self._transform = Affine(*facts["transform"])
        self._grid = patch_windows(
            facts["width"], facts["height"], facts["patch_size"], facts["stride"]
        )
        self.skipped = {index for each in self.parts for index in each.note.skipped}
        self._reasons: dict[str, str] = {}
        self.rows = self._found_rows()

    def missing(self) -> list[MissingPatch]:
        """Return the patches that no shard has, row by row."""
        kept = self._kept()
        expected = np.zeros(len(self._grid), dtype=bool)
        expected[slice(None) if kept is None else kept] = True
        expected[list(self.skipped)] = False
        expected[[int(chip_id.removeprefix("chip_")) for chip_id in self.rows]] = False
        windows = [self._grid[index] for index in np.flatnonzero(expected).tolist()]
        shards = self._shards_of(windows)
        return [
            MissingPatch(
                chip_id=window.chip_id,
                row=window.row,
                column=window.column,
                scale=self.scale,
                shard=shard,
                reason=self._reasons.get(window.chip_id, NOT_ENCODED),
                wkb=shapely.to_wkb(self._outline(window), hex=True),
            )
            for window, shard in zip(windows, shards, strict=True)
        ]

    def to_copy(self) -> Iterator[tuple[str, Path, Path, str]]:
        """Yield id, source, target and checksum of each chip that lies in another folder."""
        for chip_id, (number, row) in self.rows.items():
            each = self.parts[number]
            if each.folder != self.output:
                relative = each.relative_paths[row]
                yield (
                    chip_id,
                    each.folder / relative,
                    self.output / relative,
                    each.checksums[row],
                )

    def drop(self, chip_id: str) -> None:
        """Leave out a chip whose file is damaged."""
        del self.rows[chip_id]
        self._reasons[chip_id] = DAMAGED

    def write(self) -> None:
        """Write the manifest.

        Raises:
            FeaturesError: no patch has features.
            OutputError: it cannot be written.
        """
        if not self.rows:
            raise errors.FeaturesError(
                "No shard has features. Encode another extent or raster, or nodata patches as well"
            )
        kept = self._kept()
        skipped = tuple(self.skipped)
        note = None if kept is None else PartNote(self.settings, None, skipped, kept)
        try:
            write_merged(
                self.output, self.parts, [self.rows[key] for key in sorted(self.rows)], note
            )
        except OSError as error:
            raise not_writable(self.output / MANIFEST_NAME, error) from error
        chips = {(self.output / path).parent for each in self.parts for path in each.relative_paths}
        for folder in (self.output, self.output / PARTS_FOLDER, *chips):
            remove_abandoned(folder)

    def _common_settings(self) -> str:
        first = self.parts[0]
        for each in self.parts[1:]:
            differences = setting_differences(first.note.settings, each.note.settings)
            if differences:
                raise errors.FeaturesError(
                    "{} and {} were encoded with different settings ({}). "
                    "Encode all shards with the same settings",
                    first.path,
                    each.path,
                    differences,
                )
        return first.note.settings

    def _kept(self) -> np.ndarray | None:
        """Return the patches that are not pruned, None for all."""
        stated = [each.note.kept for each in self.parts if each.path.name != MANIFEST_NAME]
        stated = stated or [each.note.kept for each in self.parts]
        kept = [each for each in stated if each is not None]
        return np.unique(np.concatenate(kept)) if len(kept) == len(stated) else None

    def _found_rows(self) -> dict[str, tuple[int, int]]:
        """Return where each chip is named whose file is there."""
        rows: dict[str, tuple[int, int]] = {}
        listed: dict[Path, set[str]] = {}
        for number, each in enumerate(self.parts):
            names = zip(each.chip_ids, each.relative_paths, strict=True)
            for row, (chip_id, relative) in enumerate(names):
                path = each.folder / relative
                if path.parent not in listed:
                    listed[path.parent] = _names_in(path.parent)
                if path.name not in listed[path.parent]:
                    self._reasons[chip_id] = NO_FILE
                elif chip_id not in rows or self._is_better((number, row), rows[chip_id]):
                    rows[chip_id] = number, row
        return rows

    def _is_better(self, one: tuple[int, int], other: tuple[int, int]) -> bool:
        """Whether one of two rows that name a chip fits its file, and the other does not."""
        places = [(self.parts[number], row) for number, row in (one, other)]
        checksums = [each.checksums[row] for each, row in places]
        if checksums[0] == checksums[1]:
            return False
        each, row = places[0]
        return checksum_of(each.folder / each.relative_paths[row]) == checksums[0]

    def _shards_of(self, windows: Sequence[PatchWindow]) -> list[str]:
        """Return the shard that makes each patch, going by the number of shards of the parts."""
        counts = {each.note.shard.count for each in self.parts if each.note.shard}
        if not counts or not windows:
            return [""] * len(windows)
        count = max(counts)
        order = grid_order(self._grid, self._kept())
        made = np.zeros(len(self._grid), dtype=np.int64)
        for number in range(1, count + 1):
            made[part(order, Shard(number, count))] = number
        return [f"{made[window.index]}/{count}" for window in windows]

    def _outline(self, window: PatchWindow) -> shapely.Polygon:
        x, y, width, height = window.x, window.y, window.width, window.height
        corners = ((x, y), (x + width, y), (x + width, y + height), (x, y + height))
        return shapely.Polygon([self._transform * corner for corner in corners])


def _folders(given: str) -> list[Path]:
    """Return a feature folder, or those in a folder."""
    folder = Path(os.path.expanduser(given)).absolute()
    if folder.name == MANIFEST_NAME and not folder.is_dir():
        folder = folder.parent
    if _manifests(folder):
        return [folder]
    try:
        return sorted(each for each in folder.iterdir() if each.is_dir() and _manifests(each))
    except OSError as error:
        raise errors.FeaturesError(
            "The folder {} cannot be read ({})", folder, error.strerror or error
        ) from error


def _manifests(folder: Path) -> list[Path]:
    """Return the parts in a folder, and after them the manifest."""
    whole = folder / MANIFEST_NAME
    return [*part_paths(folder), *([whole] if whole.is_file() else [])]


def _scales(folder: Path) -> Iterator[int]:
    yield 1
    for each in folder.iterdir():
        scale = scale_of(each)
        if scale is not None and _manifests(each):
            yield scale


def _names_in(folder: Path) -> set[str]:
    try:
        return set(os.listdir(folder))
    except OSError:
        return set()


def _require_complete(merging: Iterable[_ScaleMerging], output: Path) -> None:
    missing = [patch for each in merging for patch in each.missing()]
    if not missing:
        return
    shards = sorted({Shard.parse(patch.shard) for patch in missing if patch.shard})
    named = ", ".join(map(str, shards[:_NAMED])) + (", ..." if len(shards) > _NAMED else "")
    if not named:
        raise errors.FeaturesError(
            "{} patches are missing in {}, such as {} ({}). "
            "Encode the raster again into the same folder, or allow missing patches",
            len(missing),
            output,
            missing[0].chip_id,
            missing[0].reason,
        )
    raise errors.FeaturesError(
        "{} patches are missing in {}, such as {} ({}). "
        "Run these shards again, or allow missing patches: {}",
        len(missing),
        output,
        missing[0].chip_id,
        missing[0].reason,
        named,
    )


def _copy_chips(merging: Sequence[_ScaleMerging], output: Path, context: RunContext) -> int:
    """Copy the chips of other folders; return how many there are now."""
    chips = [(each, *chip) for each in merging for chip in each.to_copy()]
    _require_disk_space([(source, target) for _, _, source, target, _ in chips], output)
    copied = 0
    for number, (each, chip_id, source, target, checksum) in enumerate(chips, start=1):
        context.require_not_cancelled()
        try:
            if _copied(source, target, checksum):
                copied += 1
            else:
                each.drop(chip_id)
        except OSError as error:
            raise not_writable(target, error) from error
        context.progress(
            ProgressEvent(number, len(chips), Text("chip {} of {}", number, len(chips)))
        )
    return copied


def _copied(source: Path, target: Path, checksum: str) -> bool:
    """Copy a chip and the files next to it; return whether it is undamaged."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if not target.is_file() or checksum_of(target) != checksum:
        _copy(source, target)
    if checksum_of(target) != checksum:
        target.unlink()
        return False
    trunk = trunk_path(source)
    if trunk.is_file() and not has_whole_trunk(target):
        _copy(trunk, trunk_path(target))
    return True


def _copy(source: Path, target: Path) -> None:
    with source.open("rb") as content, whole_file(target) as file:
        shutil.copyfileobj(content, file, 1 << 20)


def _require_disk_space(chips: Sequence[tuple[Path, Path]], output: Path) -> None:
    needed = sum(
        path.stat().st_size
        for source, target in chips
        if not target.is_file()
        for path in (source, trunk_path(source))
        if path.is_file()
    )
    free = shutil.disk_usage(output).free
    if needed and needed + _DISK_RESERVE > free:
        raise errors.OutputError(
            "The chips to copy take {} MB, but the disk of {} has {} MB free. Free some space",
            needed // 1_000_000,
            output,
            free // 1_000_000,
        )
