"""A lock among processes that a killed process does not leave behind.

Needs the standard library only and runs on QGIS's Python.
"""

import contextlib
import errno
import os
import sys
from datetime import datetime
from pathlib import Path
from typing import Optional

# A file system without locks, as some clusters have, must not keep anybody from working.
_NO_LOCKS = {errno.ENOSYS, errno.ENOTSUP, errno.ENOLCK}


class FileLock:
    """Held by one object at a time, in this process or another, through a lock of a file.

    The file is made on demand and removed again.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: Optional[int] = None

    def take(self) -> bool:
        """Take the lock if nobody holds it; whether it is held now.

        Raises:
            OSError: the file cannot be made.
        """
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
        descriptor = os.open(self.path, flags, 0o666)
        if _lock(descriptor) and self._is_file_of(descriptor):
            self._descriptor = descriptor
            # A killed holder may have left the file, whose time tells others since when.
            with contextlib.suppress(OSError):
                os.utime(self.path)
            return True
        os.close(descriptor)
        return False

    @property
    def held(self) -> bool:
        return self._descriptor is not None

    def held_since(self) -> Optional[datetime]:
        """When its holder took the lock, in local time; None if nobody holds it any more."""
        try:
            return datetime.fromtimestamp(os.stat(self.path).st_mtime)
        except OSError:
            return None

    def release(self) -> None:
        """Give the lock back, if it is held."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            # Windows removes no open file; there it stays, which does no harm.
            with contextlib.suppress(OSError):
                os.unlink(self.path)
            os.close(descriptor)

    def _is_file_of(self, descriptor: int) -> bool:
        """Whether the last holder has not removed the file between opening and locking."""
        try:
            return os.path.samestat(os.fstat(descriptor), os.stat(self.path))
        except FileNotFoundError:
            return False


def is_locked(path: Path) -> bool:
    """Whether an object holds the lock of a file."""
    try:
        descriptor = os.open(path, os.O_RDWR | getattr(os, "O_NOFOLLOW", 0))
    except OSError:
        return False
    try:
        return not _lock(descriptor, shared=True)
    finally:
        os.close(descriptor)


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int, shared: bool = False) -> bool:
        # There are no shared locks; this one is held for a moment.
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _lock(descriptor: int, shared: bool = False) -> bool:
        kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
        try:
            fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
        except OSError as error:
            return error.errno in _NO_LOCKS
        return True
