"""The scales in a feature folder: the finest is the folder itself, coarser ones lie in it.

Each scale has a manifest of its own, so that Geo-SAM opens the finest as ever.
"""

from __future__ import annotations

from pathlib import Path

from geosam_processing.engine.features.manifest import MANIFEST_NAME

_PREFIX = "scale_"


def scale_folder(folder: Path, scale: int) -> Path:
    """Where the features of a scale lie in a feature folder; 1 is the finest."""
    return folder if scale == 1 else folder / f"{_PREFIX}{scale}"


def scales_of(folder: Path) -> dict[int, Path]:
    """The folders of all scales in a feature folder, the finest first."""
    found = {1: folder}
    for path in folder.glob(f"{_PREFIX}*/{MANIFEST_NAME}"):
        number = path.parent.name.removeprefix(_PREFIX)
        if number.isdecimal() and int(number) > 1:
            found[int(number)] = path.parent
    return dict(sorted(found.items()))
