"""The rows of manifests and of their parts, as they are on the disk, and one manifest of them."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geosam_processing.contract.files import write_whole
from geosam_processing.engine import errors
from geosam_processing.engine.features.manifest import (
    DIGEST,
    DIGESTED,
    MANIFEST_NAME,
    ROW_GROUP,
    contents_digest,
)
from geosam_processing.engine.features.manifest_parts import NOTE, PartNote
from geosam_processing.engine.features.manifest_reader import read_manifest

if TYPE_CHECKING:
    import pyarrow as arrow

# What differs among machines and is the same in all rows of a manifest.
_OF_THE_MACHINE = ("source_path", "checkpoint_path", "checkpoint_file")


@dataclass(frozen=True)
class PartTable:
    """A manifest, or a part of one.

    Attributes:
        folder: the feature folder; relative paths begin there.
        path: the file.
        table: its rows with all columns.
        note: what it states about its shard; of a manifest without a note, all patches.
    """

    folder: Path
    path: Path
    table: arrow.Table
    note: PartNote

    @cached_property
    def chip_ids(self) -> list[str]:
        return self._texts("chip_id")

    @cached_property
    def relative_paths(self) -> list[str]:
        return self._texts("relative_path")

    @cached_property
    def checksums(self) -> list[str]:
        return self._texts("checksum")

    def _texts(self, column: str) -> list[str]:
        values: list[str] = self.table.column(column).to_pylist()
        return values


def read_part_table(folder: Path, path: Path) -> PartTable:
    """Return the rows of a manifest or a part, which are checked.

    Raises:
        FeaturesError: it is damaged, or not written by this program.
    """
    import pyarrow.parquet as parquet

    manifest = read_manifest(folder, path)
    table = parquet.read_table(path)
    try:
        content = (table.schema.metadata or {}).get(NOTE)
        note = None if content is None else PartNote.from_bytes(content)
    except ValueError as error:
        raise errors.FeaturesError(
            "{} is damaged ({}). Encode its shard again", path, error
        ) from error
    if note is None:
        if not manifest.format_version or not manifest.settings:
            raise errors.FeaturesError(
                "{} was not written by GeoSAM Processing and cannot be merged", path
            )
        note = PartNote(manifest.settings)
    return PartTable(folder, path, table, note)


def write_merged(
    folder: Path,
    parts: Sequence[PartTable],
    rows: Sequence[tuple[int, int]],
    note: PartNote | None,
) -> Path:
    """Write one manifest of rows of parts, complete or not at all.

    Args:
        folder: the feature folder in which the chips are, at the relative paths that the rows name.
        rows: part and row of each chip, in the order of the manifest.
        note: as ``write_manifest`` takes it.

    Raises:
        OSError: it cannot be written.
    """
    import pyarrow as arrow
    import pyarrow.parquet as parquet

    starts = [0]
    for each in parts:
        starts.append(starts[-1] + each.table.num_rows)
    table = arrow.concat_tables([each.table for each in parts], promote_options="default")
    table = table.take([starts[number] + row for number, row in rows]).combine_chunks()
    relative = table.column("relative_path").to_pylist()
    table = _with_column(table, "feature_path", [str(folder / path) for path in relative])
    for name in _OF_THE_MACHINE:
        table = _with_column(table, name, [table.column(name)[0].as_py()] * len(table))
    digest = contents_digest(DIGESTED, lambda name: table.column(name).to_pylist()).encode()
    notes: dict[bytes, bytes] = {} if note is None else {NOTE: note.to_bytes()}
    geo = _geo(parts).encode()
    table = table.replace_schema_metadata({b"geo": geo, **notes, DIGEST: digest})
    buffer = io.BytesIO()
    parquet.write_table(table, buffer, row_group_size=ROW_GROUP, write_page_checksum=True)
    path = folder / MANIFEST_NAME
    write_whole(path, buffer.getbuffer())
    return path


def _with_column(table: arrow.Table, name: str, values: list[Any]) -> arrow.Table:
    import pyarrow as arrow

    index = table.column_names.index(name)
    return table.set_column(index, table.schema.field(name), arrow.array(values, arrow.string()))


def _geo(parts: Sequence[PartTable]) -> str:
    """Return the metadata of GeoParquet, with the bounds of all parts that have rows."""
    filled = [each for each in parts if each.table.num_rows]
    geo = [json.loads((each.table.schema.metadata or {})[b"geo"]) for each in filled]
    boxes = [each["columns"]["geometry"]["bbox"] for each in geo]
    lows, highs = zip(*((box[:2], box[2:]) for box in boxes), strict=True)
    bounds = [*map(min, zip(*lows, strict=True)), *map(max, zip(*highs, strict=True))]
    geo[0]["columns"]["geometry"]["bbox"] = bounds
    return json.dumps(geo[0])
