"""``manifest.parquet``: which chips a feature folder has, where they lie, how they were made.

GeoParquet with the twelve columns of Geo-SAM v2 and ours after them. A manifest that has
the twelve only is read as well.
"""

from __future__ import annotations

import dataclasses
import hashlib
import io
import itertools
import json
import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from affine import Affine
from shapely import Polygon, to_wkb, total_bounds

from geosam_processing.contract import Bounds
from geosam_processing.contract.catalogue import geosam_file
from geosam_processing.contract.files import write_whole
from geosam_processing.contract.json_files import json_object
from geosam_processing.engine import errors
from geosam_processing.engine.features.chip_file import FORMAT_VERSION
from geosam_processing.engine.features.manifest_parts import NOTE, PartNote, part_path

MANIFEST_NAME = "manifest.parquet"
ROW_GROUP = 4096  # rows that are made at once
# Key of the file's metadata with the digest of what the columns hold.
DIGEST = b"geosam_digest"
GEOSAM_COLUMNS = (
    "feature_path",
    "chip_id",
    "source_path",
    "checkpoint_path",
    "model_type",
    "transform",
    "shape",
    "crs",
    "dst_shape",
    "chip_center_x",
    "chip_center_y",
    "geometry",
)

# The columns that are read again.
TEXTS = (
    "feature_path",
    "chip_id",
    "source_path",
    "checkpoint_path",
    "model_type",
    "transform",
    "shape",
    "crs",
    "dst_shape",
    "relative_path",
    "checksum",
    "checkpoint_file",
    "empty_cells",
    "model_id",
    "checkpoint_sha256",
    "settings",
)
WHOLE_NUMBERS = ("row", "column", "format_version")
FRACTIONS = ("nodata_share",)
DIGESTED = (*TEXTS, *WHOLE_NUMBERS, *FRACTIONS)


@dataclass(frozen=True)
class Chip:
    """One patch of a feature folder.

    Attributes:
        path: the file with its features.
        checksum: SHA-256 of that file, hexadecimal; empty if unknown.
        transform: pixel (column, row) of the patch to x, y in the folder's CRS.
        shape: height and width of the patch in pixels of the raster.
        dst_shape: height and width of the model's input, into which the patch was
            letterboxed.
        polygon: outline of the patch; a parallelogram if the raster is rotated.
        nodata_share: share of the patch without data, 0 to 1 (0 if unknown).
        empty_cells: where that is, see ``empty_cells``; empty if unknown.
        row, column: place in the grid of patches, -1 if unknown.
    """

    chip_id: str
    path: Path
    transform: Affine
    shape: tuple[int, int]
    dst_shape: tuple[int, int]
    checksum: str = ""
    nodata_share: float = 0.0
    row: int = -1
    column: int = -1
    empty_cells: str = ""

    @property
    def polygon(self) -> Polygon:
        height, width = self.shape
        corners = ((0, 0), (width, 0), (width, height), (0, height))
        return Polygon([self.transform * corner for corner in corners])

    @property
    def bounds(self) -> Bounds:
        """Smallest x, y and largest x, y, whichever way the raster is turned."""
        x_minimum, y_minimum, x_maximum, y_maximum = self.polygon.bounds
        return (x_minimum, y_minimum, x_maximum, y_maximum)

    @property
    def pixel_size(self) -> float:
        """The size of a pixel in units of the CRS."""
        return math.sqrt(abs(self.transform.determinant))

    @property
    def centre(self) -> tuple[float, float]:
        height, width = self.shape
        x, y = self.transform * (width / 2, height / 2)
        return (x, y)


@dataclass(frozen=True)
class Settings:
    """Everything that decides the content of a folder's chips. Chips of equal settings are equal.

    ``transform``, ``width`` and ``height`` are those of the grid that is encoded, after
    extent, CRS and resolution were applied.
    """

    layer_name: str
    source_fingerprint: str
    crs: str
    transform: tuple[float, ...]
    width: int
    height: int
    bands: tuple[int, ...]
    value_range: tuple[float, float]
    model_id: str
    model_type: str
    checkpoint_sha256: str
    patch_size: int
    stride: int
    precision: str
    include_nodata: bool
    compute_precision: str = "float32"  # in which all folders were made that do not say
    concepts: bool = False  # whether what words and examples need is kept, too

    def to_text(self) -> str:
        """Canonical JSON: equal for equal settings."""
        return json.dumps(dataclasses.asdict(self), sort_keys=True)

    def require_same(self, stored_text: str, folder: Path) -> None:
        """Raise FeaturesError, listing what differs, unless ``stored_text`` says the same."""
        differences = setting_differences(stored_text, self.to_text())
        if differences:
            raise errors.FeaturesError(
                "{} was encoded with other settings ({}): choose "
                "another output folder, or the settings of before to continue",
                folder,
                differences,
            )


def setting_differences(one_text: str, other_text: str) -> str:
    """Return what differs between the settings in two texts; empty if nothing does."""
    one = {"compute_precision": "float32", "concepts": False, **stored_settings(one_text)}
    other = json.loads(other_text)
    return "; ".join(
        f"{key.replace('_', ' ')}: {shortened(one.get(key))} -> {shortened(other[key])}"
        for key in other
        if one.get(key) != other[key]
    )


@dataclass(frozen=True)
class Manifest:
    """What ``manifest.parquet`` says. ``format_version`` is 0 for one of Geo-SAM v2.

    ``model_id``, ``checkpoint_sha256`` and ``settings`` are empty if unknown.
    """

    chips: tuple[Chip, ...]
    crs: str
    model_type: str
    model_id: str
    checkpoint_path: str
    checkpoint_sha256: str
    source_path: str
    format_version: int
    settings: str

    @property
    def concepts(self) -> bool:
        """Whether what words and examples need is kept, too."""
        return bool(stored_settings(self.settings).get("concepts"))


def write_manifest(
    folder: Path,
    chips: Iterable[Chip],
    settings: Settings,
    source_path: str,
    checkpoint_path: str,
    note: PartNote | None = None,
) -> Path:
    """Write the manifest of ``chips`` whole or not at all.

    Args:
        folder: the feature folder; paths of chips are relative to it.
        note: states which patches have no chip. With a shard, the part of this shard is written.

    Raises:
        OSError: it cannot be written; the one before is untouched.
    """
    import pyarrow as arrow
    import pyarrow.parquet as parquet

    chips = sorted(chips, key=lambda chip: chip.chip_id)
    common = {
        "source_path": source_path,
        "checkpoint_path": geosam_checkpoint(settings.model_id, checkpoint_path),
        "checkpoint_file": checkpoint_path,
        "model_type": settings.model_type,
        "crs": settings.crs,
        "dtype": settings.precision,
        "compute_precision": settings.compute_precision,
        "bands": json.dumps(settings.bands),
        "value_range": json.dumps(settings.value_range),
        "source_fingerprint": settings.source_fingerprint,
        "model_id": settings.model_id,
        "checkpoint_sha256": settings.checkpoint_sha256,
        "stride": settings.stride,
        "layer_name": settings.layer_name,
        "settings": settings.to_text(),
        "format_version": FORMAT_VERSION,
    }
    schema = _schema(settings.crs, _bounds_of(chips))

    def values_of(name: str) -> Iterable[Any]:
        if name in common:
            return itertools.repeat(common[name], len(chips))
        return (_OF_A_CHIP[name](folder, chip) for chip in chips)

    digest = contents_digest(DIGESTED, values_of).encode()
    notes = {} if note is None else {NOTE: note.to_bytes()}
    schema = schema.with_metadata({**schema.metadata, **notes, DIGEST: digest})
    buffer = io.BytesIO()
    # In parts: a row is a hundred times as large in memory as in the file.
    with parquet.ParquetWriter(buffer, schema, write_page_checksum=True) as file:
        for part in _parts(chips):
            rows = [
                {**common, **{name: value(folder, chip) for name, value in _OF_A_CHIP.items()}}
                for chip in part
            ]
            file.write_table(arrow.Table.from_pylist(rows, schema=schema))
    path = folder / MANIFEST_NAME
    if note is not None and note.shard is not None:
        path = part_path(folder, note.shard)
    write_whole(path, buffer.getbuffer())
    return path


def geosam_checkpoint(model_id: str, checkpoint_path: str) -> str:
    """The checkpoint in Geo-SAM's places: it compares file names, and knows only its own."""
    return geosam_file(model_id) or checkpoint_path


# The columns that differ from chip to chip.
_OF_A_CHIP: dict[str, Callable[[Path, Chip], Any]] = {
    "feature_path": lambda folder, chip: str(chip.path),
    "chip_id": lambda folder, chip: chip.chip_id,
    "transform": lambda folder, chip: json.dumps(list(chip.transform)[:6]),
    "shape": lambda folder, chip: json.dumps(chip.shape),
    "dst_shape": lambda folder, chip: json.dumps(chip.dst_shape),
    "chip_center_x": lambda folder, chip: chip.centre[0],
    "chip_center_y": lambda folder, chip: chip.centre[1],
    "geometry": lambda folder, chip: to_wkb(chip.polygon),
    "relative_path": lambda folder, chip: chip.path.relative_to(folder).as_posix(),
    "checksum": lambda folder, chip: chip.checksum,
    "nodata_share": lambda folder, chip: chip.nodata_share,
    "empty_cells": lambda folder, chip: chip.empty_cells,
    "row": lambda folder, chip: chip.row,
    "column": lambda folder, chip: chip.column,
}


def _parts(chips: Sequence[Chip]) -> Iterator[Sequence[Chip]]:
    for start in range(0, len(chips), ROW_GROUP):
        yield chips[start : start + ROW_GROUP]


def _bounds_of(chips: Sequence[Chip]) -> list[float]:
    """Smallest x, y and largest x, y of all chips; empty without any."""
    import numpy as np

    each = [total_bounds([chip.polygon for chip in part]) for part in _parts(chips)]
    if not each:
        return []
    return [*np.min(each, axis=0)[:2].tolist(), *np.max(each, axis=0)[2:].tolist()]


def _schema(crs: str, bounds: list[float]) -> Any:
    import pyarrow as arrow
    from pyproj import CRS

    text, integer, real = arrow.string(), arrow.int64(), arrow.float64()
    kinds = dict.fromkeys(GEOSAM_COLUMNS, text)
    kinds.update(chip_center_x=real, chip_center_y=real, geometry=arrow.binary())
    kinds.update(relative_path=text, checksum=text, dtype=text, compute_precision=text)
    kinds.update(checkpoint_file=text, empty_cells=text)
    kinds.update(bands=text, value_range=text)
    kinds.update(source_fingerprint=text, model_id=text, checkpoint_sha256=text)
    kinds.update(nodata_share=real, row=integer, column=integer, stride=integer)
    kinds.update(layer_name=text, settings=text, format_version=integer)
    geometry: dict[str, Any] = {
        "encoding": "WKB",
        "geometry_types": ["Polygon"],
        "crs": CRS.from_user_input(crs).to_json_dict(),
    }
    if bounds:
        geometry["bbox"] = bounds
    geo = {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": geometry}}
    return arrow.schema(kinds.items(), metadata={"geo": json.dumps(geo)})


def stored_settings(text: str) -> dict[str, Any]:
    """The settings in a manifest's or a chip's text; empty if it holds none."""
    try:
        return json_object(text)
    except ValueError:
        return {}


def contents_digest(names: Iterable[str], values_of: Callable[[str], Iterable[Any]]) -> str:
    """SHA-256 of the values that are read again, hexadecimal: the same after reading.

    The checksums of Parquet cover its pages, but not its footer, which says what they mean.

    Args:
        names: of the columns.
        values_of: returns the values of a column. It is called for one after the other, and
            none is in memory as a whole for this.
    """
    digest = hashlib.sha256(b"{")
    for number, name in enumerate(sorted(names)):
        digest.update(f"{', ' if number else ''}{json.dumps(name)}: [".encode())
        values, separator = map(json.dumps, values_of(name)), ""
        while part := ", ".join(itertools.islice(values, ROW_GROUP)):
            digest.update((separator + part).encode("utf-8", "surrogatepass"))
            separator = ", "
        digest.update(b"]")
    digest.update(b"}")
    return digest.hexdigest()


def shortened(value: Any) -> str:
    text = "nothing" if value is None else str(value)
    if re.fullmatch("[0-9a-f]{64}", text):  # a SHA-256, whose beginning tells it
        return f"{text[:8]}..."
    return text if len(text) <= 70 else f"{text[:67]}..."
