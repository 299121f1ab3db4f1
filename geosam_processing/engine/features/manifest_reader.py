"""Reads ``manifest.parquet``, of anybody and in any state, and refuses what it cannot trust."""

from __future__ import annotations

import math
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from affine import Affine

from geosam_processing.contract.json_files import json_value
from geosam_processing.contract.texts import Text
from geosam_processing.engine import errors
from geosam_processing.engine.features.chip_file import FORMAT_VERSION
from geosam_processing.engine.features.empty_cells import are_cells
from geosam_processing.engine.features.manifest import (
    DIGEST,
    DIGESTED,
    FRACTIONS,
    GEOSAM_COLUMNS,
    MANIFEST_NAME,
    TEXTS,
    WHOLE_NUMBERS,
    Chip,
    Manifest,
    contents_digest,
    shortened,
)
from geosam_processing.engine.features.manifest_parts import part_paths

if TYPE_CHECKING:
    import pyarrow as arrow

# What no raster has, in pixels a side; a patch has a few thousand at most.
_LARGEST_SIDE = 1 << 24


def read_manifest(folder: Path, path: Path | None = None) -> Manifest:
    """The manifest in ``folder``, with every chip's path resolved but no chip opened.

    Args:
        path: a part of the manifest, which may have no patches; None: the manifest itself.

    Raises:
        FeaturesError: it is missing, damaged, empty, of another format version, or mixes
            CRSs or checkpoints.
    """
    whole = folder / MANIFEST_NAME
    table = _Table(path or whole)
    format_version = table.common("format_version", 0)
    if format_version not in (0, FORMAT_VERSION):
        raise errors.FeaturesError(
            "{} has feature format {}, but this version of GeoSAM reads "
            "format {}: update GeoSAM, or encode the raster again into another "
            "folder",
            folder,
            format_version,
            FORMAT_VERSION,
        )
    if not table.row_count and path in (None, whole):
        raise errors.FeaturesError("{} has no patches: encode the raster again", folder)
    locate = _Locator(folder)
    return Manifest(
        chips=tuple(_chip(table, row, locate) for row in range(table.row_count)),
        crs=table.common("crs", ""),
        model_type=table.common("model_type", ""),
        model_id=table.common("model_id", ""),
        checkpoint_path=table.common("checkpoint_file", "") or table.common("checkpoint_path", ""),
        checkpoint_sha256=table.common("checkpoint_sha256", ""),
        source_path=table.value("source_path", 0, ""),
        format_version=format_version,
        settings=table.common("settings", ""),
    )


class _Table:
    """The columns of a manifest that are read, each of its kind."""

    def __init__(self, path: Path) -> None:
        """Read the file at ``path``.

        Raises:
            FeaturesError: it is missing, damaged, or another Parquet file.
        """
        self._path = path
        if not os.path.isfile(path):
            if part_paths(path.parent):
                raise errors.FeaturesError(
                    "{} holds shards that are not merged yet: run Merge feature shards first",
                    path.parent,
                )
            raise errors.FeaturesError(
                "{} has no {}: choose the output folder of Encode raster, "
                "or the folder of a Geo-SAM v2 cache that holds it",
                path.parent,
                MANIFEST_NAME,
            )
        read = self._read()
        self._columns = {name: self._values(name, read.column(name)) for name in read.column_names}
        self.row_count: int = read.num_rows
        digest = (read.schema.metadata or {}).get(DIGEST)
        if digest is not None and digest.decode("ascii", "replace") != self._digest():
            raise self.damaged(Text("its contents are not those that were written"))

    def value(self, name: str, row: int, default: Any) -> Any:
        """The value of a column in a row; ``default`` for an absent column or no value."""
        values = self._columns.get(name)
        if values is None or row >= len(values) or values[row] is None:
            return default
        return values[row]

    def common(self, name: str, default: Any) -> Any:
        """The one value of a column that must not vary; ``default`` for an absent column."""
        values = list(dict.fromkeys(self._columns.get(name) or [default]))
        if len(values) > 1:
            raise errors.FeaturesError(
                "The patches of {} differ in {} ({}, {}): use one folder for each",
                self._path.parent,
                name.replace("_", " "),
                shortened(values[0]),
                shortened(values[1]),
            )
        return default if values[0] is None else values[0]

    def damaged(
        self, reason: str, column: str = "", row: int | None = None
    ) -> errors.FeaturesError:
        """The error for a manifest that cannot be used; rows count from 1."""
        place = Text("column {}", column) if column else ""
        if row is not None:
            place = Text("column {}, row {}", column, row + 1)
        if not isinstance(reason, Text):
            reason = shortened(" ".join(reason.split()))
        return errors.FeaturesError(
            "{} is damaged and cannot be read "
            "({}{}{}): restore it, or encode the "
            "raster again into another folder",
            self._path,
            place,
            ": " if place else "",
            reason,
        )

    def _read(self) -> arrow.Table:
        import pyarrow.parquet as parquet

        try:
            with parquet.ParquetFile(self._path, page_checksum_verification=True) as file:
                names = file.schema_arrow.names
                missing = [name for name in GEOSAM_COLUMNS if name not in names]
                # Nested columns count their leaves, so the columns are chosen afterwards.
                table = None if missing else file.read(use_threads=False)
        except Exception as error:  # pyarrow raises whatever a broken file provokes
            raise self.damaged(str(error) or repr(error)) from error
        if table is None:
            raise errors.FeaturesError(
                "{} is not the manifest of a feature folder, it lacks the columns "
                "{}: choose the output folder of Encode raster",
                self._path,
                ", ".join(missing),
            )
        twice = [name for name in DIGESTED if names.count(name) > 1]
        if twice:
            raise self.damaged(Text("it is there twice"), twice[0])
        return table.select([name for name in DIGESTED if name in names])

    def _values(self, name: str, column: arrow.ChunkedArray) -> list[Any]:
        import pyarrow as arrow

        kind = column.type
        if arrow.types.is_dictionary(kind):
            kind = kind.value_type
        text = arrow.types.is_string(kind) or arrow.types.is_large_string(kind)
        whole = arrow.types.is_integer(kind)
        fits = {
            TEXTS: text,
            WHOLE_NUMBERS: whole,
            FRACTIONS: whole or arrow.types.is_floating(kind),
        }
        wanted = next(names for names in fits if name in names)
        if not fits[wanted] and not arrow.types.is_null(kind):
            spoken = Text("it holds {} instead of text", kind)
            if wanted is not TEXTS:
                spoken = Text("it holds {} instead of numbers", kind)
            raise self.damaged(spoken, name)
        try:
            column.validate(full=True)
            values: list[Any] = column.to_pylist()
        except (arrow.ArrowException, ValueError) as error:
            raise self.damaged(str(error), name, _bad_row(column)) from error
        return values

    def _digest(self) -> str:
        # Of the columns that are there: a folder of an earlier version has fewer.
        return contents_digest(self._columns, self._columns.__getitem__)


def _bad_row(column: arrow.ChunkedArray) -> int | None:
    """The first row whose value cannot be read, such as text that is not UTF-8."""
    for row in range(len(column)):
        try:
            column[row].as_py()
        except ValueError:
            return row
    return None


def _chip(table: _Table, row: int, locate: _Locator) -> Chip:
    def numbers(name: str, count: int) -> list[Any]:
        text = table.value(name, row, "")
        try:
            value = json_value(text)
        except ValueError as error:
            raise table.damaged(str(error), name, row) from error
        if not isinstance(value, list) or len(value) < count:
            raise table.damaged(
                Text("{} is no list of {} numbers", shortened(text), count), name, row
            )
        if not all(type(number) in (int, float) for number in value[:count]):
            raise table.damaged(Text("{} holds other than numbers", shortened(text)), name, row)
        return value[:count]

    def size(name: str) -> tuple[int, int]:
        height, width = numbers(name, 2)
        if not (0 < height <= _LARGEST_SIDE and 0 < width <= _LARGEST_SIDE):
            raise table.damaged(Text("{} x {} is the size of no patch", height, width), name, row)
        return int(height), int(width)

    try:
        transform = Affine(*map(float, numbers("transform", 6)))
        degenerate = not math.isfinite(1 / transform.determinant)
    except (OverflowError, ZeroDivisionError):
        degenerate = True
    if degenerate:
        raise table.damaged(Text("its pixels have no size"), "transform", row)
    share = float(table.value("nodata_share", row, 0.0))
    if not 0 <= share <= 1:
        raise table.damaged(Text("{} is not between 0 and 1", share), "nodata_share", row)
    cells = table.value("empty_cells", row, "")
    if not are_cells(cells):
        raise table.damaged(Text("it holds no cells"), "empty_cells", row)
    return Chip(
        chip_id=table.value("chip_id", row, ""),
        path=locate(table.value("relative_path", row, ""), table.value("feature_path", row, "")),
        transform=transform,
        shape=size("shape"),
        dst_shape=size("dst_shape"),
        checksum=table.value("checksum", row, ""),
        nodata_share=share,
        row=table.value("row", row, -1),
        column=table.value("column", row, -1),
        empty_cells=cells,
    )


class _Locator:
    """Finds a chip's file: where the manifest stands first, the absolute path next, else by name
    in any ``features`` folder next to the manifest."""

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
