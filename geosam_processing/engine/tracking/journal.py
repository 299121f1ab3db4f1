"""The finished steps of a run in a file, so that the same request continues after them."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from geosam_processing.contract import ContractError, SeriesRequest, SeriesRow
from geosam_processing.contract.messages import from_json, to_json
from geosam_processing.engine import errors

_FIRST = "geosam series"
_VERSION = 1


class Journal:
    """Rows by the name of the step that made them; see ``open_journal``."""

    def __init__(
        self, path: Path | None = None, steps: dict[str, tuple[SeriesRow, ...]] | None = None
    ) -> None:
        """Without a ``path``, nothing is kept."""
        self._path = path
        self._steps = steps or {}

    def load(self, step: str) -> tuple[SeriesRow, ...] | None:
        """The rows of a step, None if it was not done yet."""
        return self._steps.get(step)

    def store(self, step: str, rows: Sequence[SeriesRow]) -> None:
        """Keep the rows of a step; they are on the disk when this returns.

        Raises:
            OutputError: the file cannot be written.
        """
        if self._path is not None:
            _append(self._path, {"step": step, "rows": [to_json(row) for row in rows]})

    def close(self) -> None:
        """Remove the file: the run is complete."""
        if self._path is not None:
            with contextlib.suppress(OSError):
                self._path.unlink()


def open_journal(request: SeriesRequest, method: str) -> Journal:
    """The journal that a request names, with what an interrupted run of the same request did.

    That of another request, or whose rasters were changed since, is begun again.

    Raises:
        OutputError: the file cannot be written.
    """
    if not request.journal:
        return Journal()
    path = Path(os.path.expanduser(request.journal))
    first = {_FIRST: _VERSION, "request": _fingerprint(request, method)}
    steps = _steps(path, first)
    if steps is None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.unlink(missing_ok=True)
        except OSError as error:
            raise _unwritable(path, error) from error
        _append(path, first)
        steps = {}
    return Journal(path, steps)


def _steps(path: Path, first: dict[str, Any]) -> dict[str, tuple[SeriesRow, ...]] | None:
    """The steps in a file, None if it is not the journal that begins with ``first``."""
    try:
        lines = path.read_bytes().splitlines(keepends=True)
    except OSError:
        return None
    steps: dict[str, tuple[SeriesRow, ...]] = {}
    kept = 0
    for number, line in enumerate(lines):
        try:
            entry = json.loads(line)
            if number == 0 and entry != first:
                return None
            if number:
                steps[entry["step"]] = tuple(from_json(SeriesRow, row) for row in entry["rows"])
        except (ValueError, KeyError, TypeError, ContractError):
            break
        kept += len(line)
    if not kept:
        return None
    # The last line may be half of one, to which nothing can be added.
    with contextlib.suppress(OSError):
        os.truncate(path, kept)
    return steps


def _fingerprint(request: SeriesRequest, method: str) -> str:
    """Differs where rows may differ."""
    files = []
    for each in request.inputs:
        source = each.features if each.raster is None else each.raster.source
        try:
            status = os.stat(source)
            files.append([status.st_size, status.st_mtime_ns])
        except OSError:
            files.append([])
    plain = {**to_json(request), "method": method}
    for place in ("journal", "cache"):
        del plain[place]
    text = json.dumps([plain, files], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _append(path: Path, entry: dict[str, Any]) -> None:
    try:
        with path.open("ab") as file:
            file.write(json.dumps(entry).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise _unwritable(path, error) from error


def _unwritable(path: Path, error: OSError) -> errors.OutputError:
    return errors.OutputError(
        "The journal {} cannot be written ({}): check the folder and its disk",
        path,
        error.strerror or str(error),
    )
