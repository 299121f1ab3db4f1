"""Checkpoints in the model folder: which are there, and whether they are the right files.

Both sides import this module, so it needs the standard library only and runs on Python 3.9.
"""

from pathlib import Path
from typing import Optional

from .catalogue import ModelEntry
from .files import write_whole
from .folders import bundled_folder


def checkpoint_path(entry: ModelEntry, folder: Path) -> Path:
    """Where a model's checkpoint is or would be; the bundled one's place is fixed."""
    path = (bundled_folder() if entry.bundled else folder) / entry.official_file
    if entry.other_file and not path.is_file() and (folder / entry.other_file).is_file():
        return folder / entry.other_file
    return path


def expected_sha256(entry: ModelEntry, folder: Path) -> str:
    """The hash that the checkpoint must have; empty if nobody knows it yet.

    Where the catalogue has none, it is that of the first download, which is kept next to the
    file as ``sha256sum`` writes it.
    """
    if entry.sha256:
        return entry.sha256
    note = _note(entry, folder)
    words = note.read_text(encoding="utf-8").split() if note.is_file() else []
    return words[0].lower() if words else ""


def record_sha256(entry: ModelEntry, folder: Path, sha256: str) -> None:
    """Keep the hash of a first download, if the catalogue has none."""
    if not expected_sha256(entry, folder):
        text = f"{sha256}  {checkpoint_path(entry, folder).name}\n"
        write_whole(_note(entry, folder), text)


def is_right(entry: ModelEntry, folder: Path, sha256: str) -> Optional[bool]:
    """Whether a checkpoint of this hash is the official one; None if nobody knows."""
    expected = expected_sha256(entry, folder)
    return sha256 == expected if expected else None


def _note(entry: ModelEntry, folder: Path) -> Path:
    return folder / f"{checkpoint_path(entry, folder).name}.sha256"
