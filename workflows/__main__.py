"""Write the graphical models. Runs in QGIS's Python: ``make workflows``."""

from __future__ import annotations

import sys
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "models"


def main() -> int:
    from workflows.qgis_session import qgis_session

    with qgis_session():
        write(FOLDER)
    return 0


def write(folder: Path) -> list[Path]:
    """Write each workflow's model into ``folder``; answers their paths.

    The order of XML attributes is the same each time if QT_HASH_SEED is 0.
    """
    from workflows import (
        compare_dates,
        download_and_segment,
        encode_as_recommended,
        lakes_from_index,
        segment_and_compare,
        segment_everything,
        segment_raster,
        segment_tiles,
    )

    paths = []
    for module in (
        segment_raster,
        segment_tiles,
        encode_as_recommended,
        download_and_segment,
        compare_dates,
        segment_and_compare,
        segment_everything,
        lakes_from_index,
    ):
        path = folder / module.FILE
        if not module.build().toFile(str(path)):
            raise OSError(f"{path} cannot be written")
        paths.append(path)
    return paths


if __name__ == "__main__":
    sys.exit(main())
