"""``manifest.parquet``: which chips a feature folder has, where they lie, how they were made.

GeoParquet with the twelve columns of Geo-SAM v2 and ours after them. A manifest that has
the twelve only is read as well.
"""

from __future__ import annotations

import dataclasses
import io
import json
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from affine import Affine
from shapely import Polygon, from_wkb, to_wkb

from geosam_processing.contract import Bounds
from geosam_processing.contract.files import write_whole
from geosam_processing.engine import errors
from geosam_processing.engine.features.chip_file import FORMAT_VERSION

MANIFEST_NAME = "manifest.parquet"
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
    def centre(self) -> tuple[float, float]:
        height, width = self.shape
        x, y = self.transform * (width / 2, height / 2)
        return (x, y)


@dataclass(frozen=True)
class Settings:
    """All that decides what the chips of a folder hold. Chips of equal settings are equal.

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
        stored = {"compute_precision": "float32", "concepts": False, **_json_object(stored_text)}
        asked = json.loads(self.to_text())
        differences = [
            f"{key.replace('_', ' ')}: {_shortened(stored.get(key))} -> {_shortened(asked[key])}"
            for key in asked
            if stored.get(key) != asked[key]
        ]
        if differences:
            raise errors.FeaturesError(
                f"{folder} was encoded with other settings ({'; '.join(differences)}): choose "
                "another output folder, or the settings of before to continue"
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
        return bool(_json_object(self.settings).get("concepts"))


def write_manifest(
    folder: Path,
    chips: Iterable[Chip],
    settings: Settings,
    source_path: str,
    checkpoint_path: str,
) -> Path:
    """Write the manifest of ``chips`` whole or not at all.

    Raises:
        OSError: it cannot be written; the one before is untouched.
    """
    import pyarrow as arrow
    import pyarrow.parquet as parquet

    chips = sorted(chips, key=lambda chip: chip.chip_id)
    common = {
        "source_path": source_path,
        "checkpoint_path": checkpoint_path,
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
    schema = _schema(settings.crs, [chip.polygon for chip in chips])
    rows = [{**common, **_row(folder, chip)} for chip in chips]
    buffer = io.BytesIO()
    parquet.write_table(arrow.Table.from_pylist(rows, schema=schema), buffer)
    path = folder / MANIFEST_NAME
    write_whole(path, buffer.getbuffer())
    return path


def read_manifest(folder: Path) -> Manifest:
    """The manifest in ``folder``, with every chip's path resolved but no chip opened.

    Raises:
        FeaturesError: it is missing, damaged, empty, of another format version, or mixes
            CRSs or checkpoints.
    """
    columns = _read_columns(folder / MANIFEST_NAME)
    chip_count = len(columns["chip_id"])
    format_version = _common(folder, columns, "format_version", 0)
    if format_version not in (0, FORMAT_VERSION):
        raise errors.FeaturesError(
            f"{folder} has feature format {format_version}, but this version of GeoSAM reads "
            f"format {FORMAT_VERSION}: update GeoSAM, or encode the raster again into another "
            "folder"
        )
    if chip_count == 0:
        raise errors.FeaturesError(f"{folder} has no patches: encode the raster again")
    locate = _Locator(folder)
    try:
        chips = tuple(_chip(columns, index, locate) for index in range(chip_count))
    except (ValueError, TypeError) as error:
        raise _unreadable(folder / MANIFEST_NAME, error) from error
    return Manifest(
        chips=chips,
        crs=str(_common(folder, columns, "crs", "")),
        model_type=str(_common(folder, columns, "model_type", "")),
        model_id=str(_common(folder, columns, "model_id", "")),
        checkpoint_path=str(_common(folder, columns, "checkpoint_path", "")),
        checkpoint_sha256=str(_common(folder, columns, "checkpoint_sha256", "")),
        source_path=str(columns["source_path"][0]),
        format_version=format_version,
        settings=str(_common(folder, columns, "settings", "")),
    )


def _row(folder: Path, chip: Chip) -> dict[str, Any]:
    centre_x, centre_y = chip.centre
    return {
        "feature_path": str(chip.path),
        "chip_id": chip.chip_id,
        "transform": json.dumps(list(chip.transform)[:6]),
        "shape": json.dumps(chip.shape),
        "dst_shape": json.dumps(chip.dst_shape),
        "chip_center_x": centre_x,
        "chip_center_y": centre_y,
        "geometry": to_wkb(chip.polygon),
        "relative_path": chip.path.relative_to(folder).as_posix(),
        "checksum": chip.checksum,
        "nodata_share": chip.nodata_share,
        "row": chip.row,
        "column": chip.column,
    }


def _schema(crs: str, polygons: Sequence[Polygon]) -> Any:
    import pyarrow as arrow
    from pyproj import CRS
    from shapely import total_bounds

    text, integer, real = arrow.string(), arrow.int64(), arrow.float64()
    kinds = dict.fromkeys(GEOSAM_COLUMNS, text)
    kinds.update(chip_center_x=real, chip_center_y=real, geometry=arrow.binary())
    kinds.update(relative_path=text, checksum=text, dtype=text, compute_precision=text)
    kinds.update(bands=text, value_range=text)
    kinds.update(source_fingerprint=text, model_id=text, checkpoint_sha256=text)
    kinds.update(nodata_share=real, row=integer, column=integer, stride=integer)
    kinds.update(layer_name=text, settings=text, format_version=integer)
    geometry: dict[str, Any] = {
        "encoding": "WKB",
        "geometry_types": ["Polygon"],
        "crs": CRS.from_user_input(crs).to_json_dict(),
    }
    if polygons:
        geometry["bbox"] = total_bounds(polygons).tolist()
    geo = {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": geometry}}
    return arrow.schema(kinds.items(), metadata={"geo": json.dumps(geo)})


def _read_columns(path: Path) -> dict[str, list[Any]]:
    import pyarrow as arrow
    import pyarrow.parquet as parquet

    if not os.path.isfile(path):
        raise errors.FeaturesError(
            f"{path.parent} has no {MANIFEST_NAME}: choose the output folder of Encode raster, "
            "or the folder of a Geo-SAM v2 cache that holds it"
        )
    try:
        columns: dict[str, list[Any]] = parquet.ParquetFile(path).read().to_pydict()
    except (arrow.ArrowException, OSError) as error:
        raise _unreadable(path, error) from error
    missing = [name for name in GEOSAM_COLUMNS if name not in columns]
    if missing:
        raise errors.FeaturesError(
            f"{path} is not the manifest of a feature folder, it lacks the columns "
            f"{', '.join(missing)}: choose the output folder of Encode raster"
        )
    return columns


def _common(folder: Path, columns: dict[str, list[Any]], name: str, default: Any) -> Any:
    """The one value of a column that must not vary; ``default`` for an absent column."""
    values = list(dict.fromkeys(columns.get(name) or [default]))
    if len(values) > 1:
        raise errors.FeaturesError(
            f"The patches of {folder} differ in {name.replace('_', ' ')} "
            f"({_shortened(values[0])}, {_shortened(values[1])}): use one folder for each"
        )
    return default if values[0] is None else values[0]


def _chip(columns: dict[str, list[Any]], index: int, locate: _Locator) -> Chip:
    def ours(name: str, default: Any) -> Any:
        values = columns.get(name)
        return default if values is None or values[index] is None else values[index]

    height, width = json.loads(columns["shape"][index])
    dst_height, dst_width = json.loads(columns["dst_shape"][index])
    # A geometry that is no geometry shows a damaged manifest before it misleads.
    from_wkb(columns["geometry"][index])
    return Chip(
        chip_id=str(columns["chip_id"][index]),
        path=locate(str(ours("relative_path", "")), str(columns["feature_path"][index])),
        transform=Affine(*json.loads(columns["transform"][index])[:6]),
        shape=(int(height), int(width)),
        dst_shape=(int(dst_height), int(dst_width)),
        checksum=str(ours("checksum", "")),
        nodata_share=float(ours("nodata_share", 0.0)),
        row=int(ours("row", -1)),
        column=int(ours("column", -1)),
    )


class _Locator:
    """Finds a chip's file: where the manifest stands first, the absolute path next, else by name
    in any ``features`` folder beside the manifest."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.by_name: dict[tuple[str, ...], Path] | None = None

    def __call__(self, relative: str, absolute: str) -> Path:
        if relative and os.path.isfile(beside := self.folder / relative):
            return beside
        if absolute and os.path.isfile(absolute):
            return Path(absolute)
        parts = tuple(absolute.replace("\\", "/").split("/"))
        found = self._named().get(parts[-3:]) or self._named().get(parts[-1:])
        return found or (self.folder / relative if relative else Path(absolute))

    def _named(self) -> dict[tuple[str, ...], Path]:
        if self.by_name is None:
            self.by_name = {}
            for pattern in ("features/*.pt", "*/features/*.pt"):
                for path in sorted(self.folder.glob(pattern)):
                    self.by_name[path.parts[-3:]] = path
                    self.by_name.setdefault(path.parts[-1:], path)
        return self.by_name


def _json_object(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _shortened(value: Any) -> str:
    text = "nothing" if value is None else str(value)
    if re.fullmatch("[0-9a-f]{64}", text):  # a SHA-256, whose beginning tells it
        return f"{text[:8]}..."
    return text if len(text) <= 70 else f"{text[:67]}..."


def _unreadable(path: Path, error: Exception) -> errors.FeaturesError:
    return errors.FeaturesError(
        f"{path} is damaged and cannot be read ({error}): restore it, or encode the raster again "
        "into another folder"
    )
