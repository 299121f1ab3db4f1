"""The right to write into a feature folder, which one run has at a time."""

from __future__ import annotations

import contextlib
import errno
import os
from pathlib import Path

from geosam_processing.contract.file_lock import FileLock
from geosam_processing.engine import errors

LOCK_NAME = ".geosam.lock"
# Windows has no quota error.
DISK_FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))


class FolderLock:
    """Held from its creation until ``release``, or the end of a ``with`` block.

    Attributes:
        folder: the absolute path. The folder is made if it does not exist, and removed again if
            nothing was written to it.
    """

    def __init__(self, output: str | Path) -> None:
        """Take the lock of ``output``.

        Raises:
            OutputError: the folder cannot be made or written to, or another run holds its lock.
        """
        self.folder = Path(os.path.expanduser(output)).absolute()
        self._lock = FileLock(self.folder / LOCK_NAME)
        self._made = not os.path.exists(self.folder)
        try:
            taken = self._take()
        except OSError as error:
            raise _not_writable(self.folder, error) from error
        if not taken:
            since = self._lock.held_since()
            when = f" since {since:%Y-%m-%d %H:%M:%S}" if since else ""
            raise errors.OutputError(
                "Another run is encoding into {}{}: wait until it has ended, or "
                "choose another output folder",
                self.folder,
                when,
            )

    def __enter__(self) -> FolderLock:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()

    def release(self) -> None:
        """Let others write to the folder."""
        if self._lock.held:
            self._lock.release()
            if self._made:
                with contextlib.suppress(OSError):
                    self.folder.rmdir()

    def _take(self) -> bool:
        self.folder.mkdir(parents=True, exist_ok=True)
        try:
            return self._lock.take()
        except FileNotFoundError:
            # Its last holder has just removed it.
            self.folder.mkdir(parents=True, exist_ok=True)
            return self._lock.take()


def _not_writable(folder: Path, error: OSError) -> errors.OutputError:
    if error.errno in DISK_FULL:
        return errors.OutputError(
            "The disk of {} is full: free some space and run again with the same settings, what "
            "is done is kept",
            folder,
        )
    return errors.OutputError(
        "Cannot write {} ({}): choose an output folder that you can write to",
        folder,
        error.strerror or error,
    )
