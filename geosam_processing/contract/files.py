"""Files that are there as a whole or not at all, and files that come in pieces.

Needs the standard library only and runs on the Python that QGIS brings.
"""

import contextlib
import hashlib
import json
import os
from pathlib import Path
from typing import Any, Union

_READ_SIZE = 1 << 20


def write_whole(path: Path, content: Union[str, bytes]) -> None:
    """Write a file, text in UTF-8, in place of one that may be there.

    Raises:
        OSError: it cannot be written; what was there stays.
    """
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        temporary.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
        os.replace(temporary, path)
    except OSError:
        # A full disk shall not stay full of it.
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise


class PartFile:
    """What has come so far, with a note of the file that it is a part of."""

    def __init__(self, target: Path, url: str) -> None:
        self.path = self.path_of(target)
        self._note = target.with_name(f"{target.name}.part.json")
        self._url = url
        self.validator = ""
        with contextlib.suppress(OSError, ValueError, AttributeError):
            noted = json.loads(self._note.read_text(encoding="utf-8"))
            if noted.get("url") == url:
                self.validator = str(noted.get("validator", ""))
                return
        # Of another address, or of nobody knows what.
        self.drop()

    @staticmethod
    def path_of(target: Path) -> Path:
        return target.with_name(f"{target.name}.part")

    @property
    def size(self) -> int:
        return self.path.stat().st_size if self.path.exists() else 0

    def open(self) -> Any:
        """For writing at its end."""
        if not self.path.exists():
            self.path.touch()
        return self.path.open("r+b")

    def note(self, validator: str) -> None:
        """Remember what the first byte belongs to, before it is written."""
        self.validator = validator
        text = json.dumps({"url": self._url, "validator": validator})
        write_whole(self._note, text)

    def drop(self) -> None:
        self.validator = ""
        for path in (self.path, self._note):
            path.unlink(missing_ok=True)

    def become(self, target: Path) -> None:
        """Take the target's name, in one step."""
        os.replace(self.path, target)
        self._note.unlink(missing_ok=True)


def replace_file(path: Path, content: Union[bytes, memoryview]) -> None:
    """Put ``content`` at ``path`` by rename, after it is whole on the disk.

    Raises:
        OSError: the file cannot be written; what was at ``path`` is untouched.
    """
    partial = path.with_name(f".{path.name}.part")
    try:
        with partial.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(partial, path)
    except OSError:
        partial.unlink(missing_ok=True)
        raise


def checksum_of(path: Path) -> str:
    """SHA-256 of a file, hexadecimal.

    Raises:
        OSError: the file cannot be read.
    """
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_READ_SIZE):
            digest.update(block)
    return digest.hexdigest()
