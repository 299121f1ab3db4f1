"""Large files on this machine: read with progress, copied, and made by one run at a time."""

import contextlib
import hashlib
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Callable

from qgis.core import QgsProcessingFeedback

from ..contract.file_lock import FileLock
from ..translation import tr
from .problems import DownloadError

BLOCK = 1 << 24  # bytes
POLL = 0.1  # seconds
SPARE_SPACE = 64 << 20  # bytes that stay free on the disk


def require_space(folder: Path, size: int) -> None:
    """Raise DownloadError unless ``size`` more bytes, and some to spare, fit into ``folder``."""
    free, needed = shutil.disk_usage(folder).free, size + SPARE_SPACE
    if free < needed:
        raise DownloadError(
            "The disk of {} has {} MB free, but {} MB are "
            "needed: make room, or choose another FOLDER",
            folder,
            f"{free / 1e6:,.0f}",
            f"{needed / 1e6:,.0f}",
        )


def sha256_of(path: Path, feedback: QgsProcessingFeedback) -> str:
    """SHA-256 of a file, lower case; empty if cancelled meanwhile."""
    return _read_all(path, feedback, lambda block: None)


def copy_hashed(source: Path, copy: Path, feedback: QgsProcessingFeedback) -> str:
    """Copy a file; SHA-256 of what was copied, empty if cancelled meanwhile."""
    with copy.open("wb") as file:
        return _read_all(source, feedback, file.write)


def _read_all(path: Path, feedback: QgsProcessingFeedback, take: Callable[[bytes], object]) -> str:
    digest, done, size = hashlib.sha256(), 0, max(path.stat().st_size, 1)
    feedback.setProgressText(f"Reading {path}")
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            if feedback.isCanceled():
                return ""
            digest.update(block)
            take(block)
            done += len(block)
            feedback.setProgress(100 * done / size)
    return digest.hexdigest()


@contextlib.contextmanager
def turn_at(target: Path, feedback: QgsProcessingFeedback) -> Iterator[bool]:
    """Wait until no other run makes the same file; False if cancelled meanwhile."""
    lock, said = FileLock(target.with_name(f"{target.name}.lock")), False
    while not lock.take() and not feedback.isCanceled():
        if not said:
            feedback.pushInfo(tr("Waiting for another run that fetches {}").format(target))
            said = True
        time.sleep(POLL)
    try:
        yield lock.held
    finally:
        lock.release()
