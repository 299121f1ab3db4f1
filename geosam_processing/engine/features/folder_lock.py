"""The right to write into a feature folder: of one run, or of one run for each shard."""

from __future__ import annotations

import contextlib
import errno
import os
import time
from collections.abc import Iterator
from pathlib import Path

from geosam_processing.contract import Shard
from geosam_processing.contract.file_lock import FileLock, is_locked
from geosam_processing.engine import errors

LOCK_NAME = ".geosam.lock"
PARTS_FOLDER = "manifest.parts"
# Windows has no quota error.
DISK_FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))
# A run that looks whether a lock is held may be in the way of the one that takes it.
_ATTEMPTS, _PAUSE = 4, 0.05  # seconds


class FolderLock:
    """Held from its creation until ``release``, or the end of a ``with`` block.

    Runs of different shards of one count hold their locks together, but not with a run of all
    patches or of shards of another count.

    Attributes:
        folder: the absolute path. The folder is made if it does not exist, and removed again if
            nothing was written to it.
        shard: the part that is written, None for all.
    """

    def __init__(self, output: str | Path, shard: Shard | None = None) -> None:
        """Take the lock of ``output``, or that of a shard in it.

        Raises:
            OutputError: the folder cannot be made or written to, or another run holds its lock.
        """
        self.folder = Path(os.path.expanduser(output)).absolute()
        self.shard = shard
        path = self.folder / LOCK_NAME if shard is None else _lock_of(self.folder, shard)
        self._lock = FileLock(path)
        self._made = [each for each in (path.parent, self.folder) if not os.path.exists(each)]
        try:
            taken = self._take()
        except OSError as error:
            raise not_writable(self.folder, error) from error
        if not taken:
            raise _in_use(self.folder, path)
        # Each takes its own lock before it looks for others, so that one of two sees the other.
        for other in _opposed(self.folder, shard):
            if is_locked(other):
                self.release()
                raise _in_use(self.folder, other)

    def __enter__(self) -> FolderLock:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()

    def release(self) -> None:
        """Let others write to the folder."""
        if self._lock.held:
            self._lock.release()
            for folder in self._made:
                with contextlib.suppress(OSError):
                    folder.rmdir()

    def _take(self) -> bool:
        for attempt in range(_ATTEMPTS):
            if attempt:
                time.sleep(_PAUSE)
            if self._try():
                return True
        return False

    def _try(self) -> bool:
        self._lock.path.parent.mkdir(parents=True, exist_ok=True)
        try:
            return self._lock.take()
        except FileNotFoundError:
            # Its last holder has just removed it.
            self._lock.path.parent.mkdir(parents=True, exist_ok=True)
            return self._lock.take()


def _lock_of(folder: Path, shard: Shard) -> Path:
    return folder / PARTS_FOLDER / f".{shard.name}.lock"


def _opposed(folder: Path, shard: Shard | None) -> Iterator[Path]:
    """The locks that must be free while a run of ``shard`` writes."""
    if shard is not None:
        yield folder / LOCK_NAME
    for path in (folder / PARTS_FOLDER).glob(".*-of-*.lock"):
        if shard is None or not path.name.endswith(f"-of-{shard.name[-4:]}.lock"):
            yield path


def _in_use(folder: Path, path: Path) -> errors.OutputError:
    since = FileLock(path).held_since()
    when = f" since {since:%Y-%m-%d %H:%M:%S}" if since else ""
    if path.name == LOCK_NAME:
        return errors.OutputError(
            "Another run is encoding into {}{}: wait until it has ended, or "
            "choose another output folder",
            folder,
            when,
        )
    return errors.OutputError(
        "Another run is encoding shard {} into {}{}: wait until it has ended, or "
        "choose another output folder",
        path.name.strip(".").removesuffix(".lock").replace("-of-", "/"),
        folder,
        when,
    )


def not_writable(folder: Path, error: OSError) -> errors.OutputError:
    """Return the error for a folder or a file that cannot be written."""
    if error.errno in DISK_FULL:
        return errors.OutputError(
            "The disk of {} is full: free some space and run again with the same "
            "settings; finished chips are kept",
            folder,
        )
    return errors.OutputError(
        "Cannot write {} ({}): choose an output folder that you can write to",
        folder,
        error.strerror or error,
    )
