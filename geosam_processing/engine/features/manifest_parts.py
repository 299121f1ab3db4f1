"""The parts of a manifest that runs of shards write: ``manifest.parts/0003-of-0016.parquet``.

A part is a manifest of its chips. Its metadata states the shard and which patches have no chip:
those without data, and those that were pruned.
"""

from __future__ import annotations

import base64
import json
import re
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geosam_processing.contract import Shard
from geosam_processing.engine.features.folder_lock import PARTS_FOLDER

Indices = NDArray[np.int64]

# Key of the file's metadata with a ``PartNote``.
NOTE = b"geosam_shard"
_NAME = re.compile(r"(\d{4})-of-(\d{4})\.parquet")


@dataclass(frozen=True)
class PartNote:
    """What a part states about its shard.

    Attributes:
        settings: the text of the settings, see ``Settings``.
        shard: None for the manifest of all patches.
        skipped: indices of patches without data.
        kept: indices of the patches of the whole grid that were not pruned. If None, all.
    """

    settings: str
    shard: Shard | None = None
    skipped: tuple[int, ...] = ()
    kept: Indices | None = None

    def to_bytes(self) -> bytes:
        """Return the note as a Parquet file keeps it."""
        facts = {
            "settings": self.settings,
            "shard": "" if self.shard is None else str(self.shard),
            "skipped": sorted(self.skipped),
            "kept": None if self.kept is None else _packed(self.kept),
        }
        return json.dumps(facts, sort_keys=True).encode()

    @classmethod
    def from_bytes(cls, content: bytes) -> PartNote:
        """Return the note in a Parquet file.

        Raises:
            ValueError: it is damaged.
        """
        try:
            facts: dict[str, Any] = json.loads(content)
            kept = facts["kept"]
            return cls(
                settings=str(facts["settings"]),
                shard=Shard.parse(facts["shard"]) if facts["shard"] else None,
                skipped=tuple(int(index) for index in facts["skipped"]),
                kept=None if kept is None else _unpacked(kept),
            )
        except (KeyError, TypeError, AttributeError, zlib.error) as error:
            raise ValueError(f"its note is damaged ({error!r})") from error


def part_path(folder: Path, shard: Shard) -> Path:
    """Return the path of a shard's part in a feature folder."""
    return folder / PARTS_FOLDER / f"{shard.name}.parquet"


def part_paths(folder: Path) -> list[Path]:
    """Return the parts in a feature folder, sorted by their names."""
    found = (folder / PARTS_FOLDER).glob("*.parquet")
    return sorted(path for path in found if _NAME.fullmatch(path.name))


def note_of(path: Path) -> PartNote | None:
    """Return the note of a part, from its metadata alone; None if it cannot be read or has none."""
    import pyarrow as arrow
    import pyarrow.parquet as parquet

    try:
        content = (parquet.read_schema(path).metadata or {}).get(NOTE)
        return None if content is None else PartNote.from_bytes(content)
    except (OSError, ValueError, arrow.ArrowException):
        return None


def _packed(indices: Indices) -> str:
    """Return indices as text: compressed bits, one for each index up to the largest."""
    flags = np.zeros(int(indices.max(initial=-1)) + 1, dtype=bool)
    flags[indices] = True
    return base64.b64encode(zlib.compress(np.packbits(flags).tobytes())).decode("ascii")


def _unpacked(text: str) -> Indices:
    content = zlib.decompress(base64.b64decode(text, validate=True))
    return np.flatnonzero(np.unpackbits(np.frombuffer(content, dtype=np.uint8))).astype(np.int64)
