"""Shards, into which the patches of a raster are divided among machines, and their merging."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Optional

from .checks import ContractError, require

MAXIMUM_SHARDS = 9999
# Variable of the environment, and the text that means all patches in spite of it.
SHARD_VARIABLE = "GEOSAM_SHARD"
ALL_SHARDS = "all"
_TASK = "SLURM_ARRAY_TASK_"
_TEXT = re.compile(r"(\d{1,9})\s*/\s*(\d{1,9})")


@dataclass(frozen=True, order=True)
class Shard:
    """Part ``number``, counted from 1, of ``count`` parts of nearly equal size."""

    number: int
    count: int

    def __post_init__(self) -> None:
        require(
            1 <= self.count <= MAXIMUM_SHARDS,
            "Invalid number of shards ({}): valid values are 1 to {}",
            self.count,
            MAXIMUM_SHARDS,
        )
        require(
            1 <= self.number <= self.count,
            "Invalid shard ({}/{}): the first number is 1 to {}",
            self.number,
            self.count,
            self.count,
        )

    @classmethod
    def parse(cls, text: str) -> "Shard":
        """Return the shard of a text such as ``3/16``.

        Raises:
            ContractError: the text is no shard.
        """
        found = _TEXT.fullmatch(text.strip())
        if found is None:
            raise ContractError(
                "Invalid shard ({}): give the number of a part and the number of all parts, "
                "such as 3/16",
                text,
            )
        return cls(int(found[1]), int(found[2]))

    @property
    def name(self) -> str:
        """The name that files of this shard have, such as ``0003-of-0016``."""
        return f"{self.number:04d}-of-{self.count:04d}"

    def __str__(self) -> str:
        return f"{self.number}/{self.count}"


def chosen_shard(text: str, environment: Mapping[str, str]) -> tuple[Optional[Shard], str]:
    """Return the shard of a text, else of ``GEOSAM_SHARD``, else of a Slurm array task.

    Args:
        text: such as ``3/16``; ``all`` for no shard; empty to go by the environment.

    Returns:
        The shard, None for all patches, and the variable that it is from, empty for the text.

    Raises:
        ContractError: it is no shard, or the array is not numbered from 0 or 1 without gaps.
    """
    variable = ""
    if not text.strip():
        text, variable = environment.get(SHARD_VARIABLE, ""), SHARD_VARIABLE
    if text.strip():
        return (None if text.strip() == ALL_SHARDS else Shard.parse(text)), variable
    if f"{_TASK}ID" in environment:
        return _shard_of_task(environment), f"{_TASK}ID"
    return None, ""


def _shard_of_task(environment: Mapping[str, str]) -> Shard:
    try:
        number, count, least, most = (
            int(environment[_TASK + name]) for name in ("ID", "COUNT", "MIN", "MAX")
        )
    except (KeyError, ValueError):
        number, count, least, most = 0, 0, -1, 0
    if least not in (0, 1) or most - least + 1 != count:
        # Such as the tasks of an array that are run again: their count is not that of the shards.
        raise ContractError(
            "The Slurm array does not give the number of shards ({} tasks from {} to {}): number "
            "it from 0 or 1 without gaps, or give the shard, such as 3/16, or {} for no shard",
            environment.get(f"{_TASK}COUNT", "?"),
            environment.get(f"{_TASK}MIN", "?"),
            environment.get(f"{_TASK}MAX", "?"),
            ALL_SHARDS,
        )
    return Shard(number - least + 1, count)


@dataclass(frozen=True)
class MergeFeaturesRequest:
    """Merge the shards of an encoding into one feature folder.

    ``folders`` are output folders of shards, or folders that contain such folders. ``output`` may
    be empty, or one of them, if all shards lie in one folder: nothing is copied then. Chips of
    other folders are copied to ``output``. Missing patches are an error unless ``allow_missing``.
    """

    folders: tuple[str, ...]
    output: str = ""
    allow_missing: bool = False

    def __post_init__(self) -> None:
        require(bool(self.folders) and all(self.folders), "Give the folder of the shards")


@dataclass(frozen=True)
class MissingPatch:
    """A patch that no shard has; ``wkb`` is its outline, hexadecimal, in the CRS of the folder.

    ``shard`` is the shard that has to encode it, such as ``3/16``; empty if no part states one.
    ``reason``: why it is missing.
    """

    chip_id: str
    row: int
    column: int
    scale: int
    shard: str
    reason: str
    wkb: str


@dataclass(frozen=True)
class MergeFeaturesResult:
    """A merged feature folder. Counts are of all scales.

    ``skipped_count``: patches without data, which have no features. ``copied_count``: chips that
    were copied from other folders. ``missing``: patches that no shard has.
    """

    output: str
    manifest: str
    crs: str
    part_count: int
    patch_count: int
    skipped_count: int
    copied_count: int
    missing: tuple[MissingPatch, ...] = ()
