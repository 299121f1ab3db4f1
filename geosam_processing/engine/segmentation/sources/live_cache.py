"""Features of patches that were encoded as prompts needed them: one file each in a folder.

There is no index, so nothing can disagree: a file is found by its name, which is the hash of
everything that decides its content; its time of modification is that of its last use. A file
that is damaged, vanished or not readable is a miss; what is damaged is removed. Several
processes may use one folder.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import io
import json
import os
import re
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geosam_processing.contract import CacheContents, LogEvent
from geosam_processing.contract.files import is_temporary, whole_file, write_whole
from geosam_processing.contract.texts import Text
from geosam_processing.engine.errors import OutputError

MARKER = "geosam_live_cache.txt"
_MARKER_TEXT = (
    "GeoSAM keeps the features of Segment without encoding in this folder.\n"
    "Each geosam_*.npz in it may be deleted at any time; Clear live cache deletes them all.\n"
)
_ENTRY = re.compile(r"geosam_[0-9a-f]{64}\.npz")
# A file that was not finished for so long has lost its process.
_ABANDONED = 3600.0  # seconds

_DIGEST_SIZE = 32
# Bytes; the features of one patch of any model are far smaller.
_LARGEST_ENTRY = 1 << 28

_NOT_THERE = (errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG, errno.ELOOP, errno.EINVAL)

Arrays = Mapping[str, NDArray[Any]]


def key_of(facts: Mapping[str, Any]) -> str:
    """The name of what ``facts`` decide, the same for equal facts in every process."""
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


def _packed(key: str, arrays: Arrays) -> bytes:
    """A NPZ archive with the digest of the key and the archive behind it."""
    archive = io.BytesIO()
    # Any for numpy's stubs, which take no ** of arrays.
    contents: dict[str, Any] = dict(arrays)
    np.savez(archive, **contents)
    return archive.getvalue() + _digest(key, archive.getbuffer())


def _unpacked(key: str, content: bytes) -> dict[str, NDArray[Any]]:
    """The arrays in what ``_packed`` returned; any exception if it did not return that."""
    archive = memoryview(content)[:-_DIGEST_SIZE]
    if _digest(key, archive) != content[-_DIGEST_SIZE:]:
        raise ValueError("its digest differs")
    with np.load(io.BytesIO(archive), allow_pickle=False) as loaded:
        return {name: loaded[name] for name in loaded.files}


def _digest(key: str, archive: memoryview) -> bytes:
    digest = hashlib.sha256(key.encode())
    digest.update(archive)
    return digest.digest()


class FeatureCache:
    """The cache as one run uses it. It never fails: what cannot be kept is said once in the log."""

    def __init__(self, folder: str | Path, megabytes: int, log: Callable[[LogEvent], None]) -> None:
        self._folder = Path(os.path.expanduser(folder)).absolute()
        self._limit = megabytes * 1_000_000
        self._log = log

    def load(self, key: str) -> dict[str, NDArray[Any]] | None:
        """The arrays that were stored under ``key``, None if they are not there whole.

        An entry that is damaged, or that was stored under another key, is removed.
        """
        path = self._path(key)
        try:
            with path.open("rb") as file:
                content = file.read(_LARGEST_ENTRY + 1)
        except OSError:
            return None
        try:
            arrays = _unpacked(key, content)
        except Exception:  # numpy raises whatever a broken archive provokes
            self.forget(key)
            return None
        # What is used stays longest; another process may just have removed it.
        with contextlib.suppress(OSError):
            os.utime(path)
        return arrays

    def has(self, key: str) -> bool:
        """Whether something is stored under ``key``, damaged or not."""
        return self._path(key).is_file()

    def forget(self, key: str) -> None:
        """Remove what is stored under ``key``, such as what cannot be used."""
        with contextlib.suppress(OSError):
            self._path(key).unlink()

    def store(self, key: str, arrays: Arrays) -> None:
        """Keep ``arrays``, and let go of what was not used for longest if the limit is reached."""
        if self._limit <= 0:
            return
        try:
            try:
                self._write(key, arrays)
            except FileNotFoundError:
                # Another process cleared the folder in between.
                self._write(key, arrays)
            self._shrink()
        except OSError as error:
            self._log(
                LogEvent(
                    Text(
                        "The live cache {} cannot be written "
                        "({}), going on without it: free some space, or let "
                        "GEOSAM_CACHE_FOLDER name another folder",
                        self._folder,
                        error.strerror or error,
                    ),
                    "warning",
                )
            )
            # One warning is enough, and a full disk does not get better by trying.
            self._limit = 0

    def _path(self, key: str) -> Path:
        return self._folder / f"geosam_{key}.npz"

    def _write(self, key: str, arrays: Arrays) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        marker = self._folder / MARKER
        if not marker.exists():
            write_whole(marker, _MARKER_TEXT)
        with whole_file(self._path(key)) as file:
            file.write(_packed(key, arrays))

    def _shrink(self) -> None:
        files = sorted(_files(self._folder), key=lambda file: file.stat.st_mtime)
        excess = sum(file.stat.st_size for file in files) - self._limit
        now = time.time()
        for file in files:
            abandoned = now - file.stat.st_mtime > _ABANDONED
            if (excess > 0 and file.is_entry) or (not file.is_entry and abandoned):
                excess -= file.remove()


class _File:
    """A file that a cache wrote."""

    def __init__(self, entry: os.DirEntry[str]) -> None:
        self.stat = entry.stat(follow_symlinks=False)
        self.is_entry = bool(_ENTRY.fullmatch(entry.name))
        self._path = entry.path

    def remove(self) -> int:
        """Bytes that are free afterwards; 0 if another process removed it, or reads it."""
        try:
            os.unlink(self._path)
        except OSError:
            return 0
        return self.stat.st_size


def describe(folder: str | Path) -> CacheContents:
    """How many patches are in the cache, and how large they are."""
    files = [file for file in _files(folder) if file.is_entry]
    return CacheContents(len(files), sum(file.stat.st_size for file in files))


def clear(folder: str | Path) -> CacheContents:
    """Remove only the files that caches wrote into ``folder``; return their number and size."""
    if not os.path.isfile(Path(os.path.expanduser(folder)) / MARKER):
        return CacheContents(0, 0)
    removed = [(file.is_entry, file.remove()) for file in _files(folder)]
    sizes = [size for is_entry, size in removed if is_entry and size]
    return CacheContents(len(sizes), sum(size for _, size in removed))


def _files(folder: str | Path) -> Iterator[_File]:
    try:
        with os.scandir(Path(os.path.expanduser(folder))) as entries:
            for entry in entries:
                if _ENTRY.fullmatch(entry.name) or is_temporary(entry.name):
                    # Another process may remove it at any time.
                    with contextlib.suppress(OSError):
                        if entry.is_file(follow_symlinks=False):
                            yield _File(entry)
    except OSError as error:
        if error.errno not in _NOT_THERE:
            raise OutputError(
                "The live cache {} cannot be read ({}): choose another folder for it",
                folder,
                error.strerror or error,
            ) from error
