"""The raster that tiles make up, in the folder of the features made from it."""

import contextlib
import hashlib
import json
import os
import shutil
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Optional

from qgis.core import QgsProcessingFeedback

from ..client.client import EngineCancelled
from ..contract.file_lock import FileLock
from ..contract.files import whole_file, write_whole
from ..contract.json_files import read_json_object
from ..translation import tr
from .grid import TileGrid
from .pieces import TileError
from .reader import FetchReport, TileReader

_LOCK = ".geosam-tiles.lock"
_PAUSE = 1.0  # seconds between two looks at a lock


def raster_of_tiles(
    reader: TileReader,
    grid: TileGrid,
    folder: str,
    feedback: QgsProcessingFeedback,
    waits: bool = False,
) -> tuple[str, FetchReport]:
    """The GeoTIFF of the tiles of ``grid`` in ``folder``, and what came of fetching them.

    Its name identifies its content, so a file of an earlier run is used again. It stays
    there, as the features are those of this very file.

    Args:
        waits: whether to wait while the run of another shard fetches into the folder; it is an
            error otherwise.

    Raises:
        TileError, EngineCancelled: as ``TileReader.fetch`` does.
    """
    path = os.path.join(folder, f"tiles_{_key(reader, grid)}.tif")
    notes = os.path.splitext(path)[0] + ".json"
    try:
        os.makedirs(folder, exist_ok=True)
    except OSError as error:
        raise TileError(
            tr("Cannot make the folder {} ({}): give another OUTPUT").format(
                folder, error.strerror or error
            )
        ) from error
    report = _read_notes(notes) if os.path.exists(path) else None
    if report is not None and not reader.accepts(report):
        # Features were made from it, so it is not fetched anew here.
        raise TileError(
            tr(
                "{} of an earlier run lacks tiles ({}): give another OUTPUT to fetch them again, "
                "or choose MISSING=mask"
            ).format(path, "; ".join(report.problems))
        )
    if report is not None:
        feedback.pushInfo(
            tr(
                "The tiles were fetched by an earlier run ({}). Another OUTPUT fetches them again"
            ).format(path)
        )
    else:
        feedback.pushInfo(
            tr("Fetching {} x {} pixels of {:.6g} map units").format(
                grid.width, grid.height, grid.extent.width() / grid.width
            )
        )
        with _sole_fetcher(folder, feedback if waits else None):
            # Another run may have fetched it meanwhile.
            report = _read_notes(notes) if waits and os.path.exists(path) else None
            if report is None:
                report = reader.fetch(grid.extent, grid.width, grid.height, path, feedback)
                _write_notes(notes, report)
    if report.problems or report.missing_share:
        reasons = "; ".join(report.problems) or tr("the layer is transparent there")
        feedback.pushWarning(
            tr("{:.1%} of the pixels have no data: {}").format(report.missing_share, reasons)
        )
    return path, report


@contextlib.contextmanager
def _sole_fetcher(folder: str, waiting: Optional[QgsProcessingFeedback]) -> Iterator[None]:
    """Keep other runs from fetching into a folder, as they would share their pieces.

    Args:
        waiting: is asked whether to wait longer for another run. If None, there is no wait.

    Raises:
        TileError: another run does so, or the folder cannot be written to.
        EngineCancelled: the user cancelled.
    """
    lock = FileLock(Path(folder, _LOCK))
    try:
        taken = lock.take()
        if waiting is not None and not taken:
            waiting.pushInfo(tr("Waiting for another shard, which fetches the tiles"))
        while waiting is not None and not taken:
            if waiting.isCanceled():
                raise EngineCancelled("The run was cancelled")
            time.sleep(_PAUSE)
            taken = lock.take()
    except OSError as error:
        raise TileError(
            tr("Cannot write to {} ({}). Give another OUTPUT").format(
                folder, error.strerror or error
            )
        ) from error
    if not taken:
        raise TileError(
            tr(
                "Another run is fetching tiles into {}. Wait until it has ended, or give another "
                "OUTPUT"
            ).format(folder)
        )
    try:
        yield
    finally:
        lock.release()


def _key(reader: TileReader, grid: TileGrid) -> str:
    facts = (reader.source_key(), grid.extent.toString(9), grid.width, grid.height)
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:12]


def _read_notes(path: str) -> Optional[FetchReport]:
    try:
        facts = read_json_object(Path(path))
        return FetchReport(**{**facts, "problems": tuple(facts["problems"])})
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _write_notes(path: str, report: FetchReport) -> None:
    try:
        write_whole(Path(path), json.dumps(asdict(report)))
    except OSError as error:
        raise _cannot_write(path, error) from error


def copy_raster(path: str, destination: str) -> None:
    """Copy a file to ``destination``, where it appears when it is whole.

    Raises:
        TileError: it cannot be written.
    """
    try:
        with open(path, "rb") as source, whole_file(Path(destination)) as copy:
            shutil.copyfileobj(source, copy)
    except OSError as error:
        raise _cannot_write(destination, error) from error


def _cannot_write(path: str, error: OSError) -> TileError:
    return TileError(
        tr("Cannot write {} ({}): make room there or give another").format(
            path, error.strerror or error
        )
    )
