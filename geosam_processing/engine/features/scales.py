"""The scales in a feature folder: the finest is the folder itself, coarser ones lie in it.

Each scale has a separate manifest, so that Geo-SAM opens the finest as before.
"""

from __future__ import annotations

from pathlib import Path

from geosam_processing.engine.features.manifest import MANIFEST_NAME

_PREFIX = "scale_"


def scale_folder(folder: Path, scale: int) -> Path:
    """Where the features of a scale lie in a feature folder; 1 is the finest."""
    return folder if scale == 1 else folder / f"{_PREFIX}{scale}"


def scale_of(folder: Path) -> int | None:
    """Return the scale that is coarser than the finest and lies in a folder of such a name."""
    number = folder.name.removeprefix(_PREFIX)
    if number == folder.name or not number.isdecimal() or int(number) < 2:
        return None
    return int(number)


def scales_of(folder: Path) -> dict[int, Path]:
    """The folders of all scales in a feature folder, the finest first."""
    found = {1: folder}
    for path in folder.glob(f"{_PREFIX}*/{MANIFEST_NAME}"):
        scale = scale_of(path.parent)
        if scale is not None:
            found[scale] = path.parent
    return dict(sorted(found.items()))
