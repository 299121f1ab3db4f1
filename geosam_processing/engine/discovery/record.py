"""What patches answered, kept on the disk so that a run that was stopped continues."""

from __future__ import annotations

import contextlib
import hashlib
import json
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import shapely
from shapely import MultiPolygon

from geosam_processing.engine.merging import Piece

_FOLDER = "everything"
_SCHEMA = "CREATE TABLE IF NOT EXISTS answers (patch INTEGER PRIMARY KEY, pieces TEXT NOT NULL)"


class Record:
    """The pieces that each patch gave, in one file for each set of settings."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def __len__(self) -> int:
        (count,) = self._connection.execute("SELECT count(*) FROM answers").fetchone()
        return int(count)

    def load(self, patch: int) -> list[Piece] | None:
        """The pieces of a patch, None if it has not answered yet."""
        row = self._connection.execute(
            "SELECT pieces FROM answers WHERE patch = ?", (patch,)
        ).fetchone()
        if row is None:
            return None
        return [_piece(patch, *values) for values in json.loads(row[0])]

    def store(self, patch: int, pieces: Sequence[Piece]) -> None:
        """Keep the pieces of a patch; they are on the disk when this returns, all or none."""
        rows = [
            (each.number, shapely.to_wkb(each.geometry, hex=True), each.score, each.content)
            for each in pieces
        ]
        with self._connection:
            self._connection.execute(
                "INSERT OR REPLACE INTO answers VALUES (?, ?)", (patch, json.dumps(rows))
            )


@contextlib.contextmanager
def open_record(
    folder: Path | None, settings: dict[str, Any], keep: bool = True
) -> Iterator[Record]:
    """The record of runs with these settings, in a feature folder or another one.

    It is kept in memory without a folder, and where the folder cannot be written to.

    Args:
        settings: everything that decides the results of patches, as JSON holds it.
        keep: whether it stays after the block. It always does if that raises.
    """
    file = None if folder is None else folder / _FOLDER / f"{_key(settings)}.sqlite"
    with contextlib.closing(_connection(file)) as connection:
        yield Record(connection)
    if file is not None and not keep:
        # Another run may use it, or other files may lie beside it.
        with contextlib.suppress(OSError):
            file.unlink()
            for empty in file.parents[:2]:
                empty.rmdir()


def _key(settings: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(settings, sort_keys=True).encode()).hexdigest()[:16]


def _connection(file: Path | None) -> sqlite3.Connection:
    if file is not None:
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            return _opened(str(file))
        except (OSError, sqlite3.Error):
            pass
    return _opened(":memory:")


def _opened(name: str) -> sqlite3.Connection:
    connection = sqlite3.connect(name, timeout=60)
    try:
        with connection:
            connection.execute(_SCHEMA)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _piece(patch: int, number: int, wkb: str, score: float, content: Any) -> Piece:
    return Piece(MultiPolygon(shapely.from_wkb(wkb)), patch, number, score, content=content)
