"""Files that are there as a whole or not at all, and files that come in pieces.

Needs the standard library only and runs on QGIS's Python.
"""

import contextlib
import hashlib
import json
import os
import re
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Union

from .json_files import noted_in

_READ_SIZE = 1 << 20
# Windows has no links that anybody may make, but must be told not to touch line ends.
_PLAIN = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _PLAIN


def write_whole(path: Path, content: Union[str, bytes, memoryview]) -> None:
    """Write a file, text in UTF-8, in place of one that may be there.

    Raises:
        OSError: it cannot be written; what was there stays.
    """
    with whole_file(path) as file:
        file.write(content.encode("utf-8") if isinstance(content, str) else content)


@contextlib.contextmanager
def whole_file(path: Path) -> Iterator[IO[bytes]]:
    """A file to write to, which replaces the one at ``path`` once it is complete on the disk.

    Until then it has a name next to ``path`` that nobody can guess, so that neither another
    writer nor a link that somebody planted there can get in its way. Any error
    removes it; only a killed process leaves it, see ``remove_abandoned``.

    Raises:
        OSError: it cannot be written; what was there stays.
    """
    temporary = path.with_name(f".geosam-{secrets.token_hex(8)}.part")
    try:
        with os.fdopen(os.open(temporary, _NEW, 0o666), "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        # A full disk shall not stay full of it.
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise


def is_temporary(name: str) -> bool:
    """Whether ``whole_file`` gives its files such names before they are complete."""
    return re.fullmatch(r"\.geosam-[0-9a-f]{16}\.part", name) is not None


def remove_abandoned(folder: Path) -> None:
    """Remove what killed writers left in ``folder``; nobody may be writing there."""
    with contextlib.suppress(OSError):
        for path in list(folder.iterdir()):
            if is_temporary(path.name):
                with contextlib.suppress(OSError):
                    path.unlink()


class PartFile:
    """What has come so far, with a note of the file that it is a part of."""

    def __init__(self, target: Path, url: str) -> None:
        self.path = self.path_of(target)
        self._note = target.with_name(f"{target.name}.part.json")
        self._url = url
        self.validator = ""
        if self._is_foreign():
            # Its name can be guessed, and what is written to a link ends up elsewhere.
            self.path.unlink()
        noted = noted_in(self._note)
        if noted.get("url") == url:
            self.validator = str(noted.get("validator", ""))
        else:
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
        return os.fdopen(os.open(self.path, os.O_RDWR | os.O_CREAT | _PLAIN, 0o666), "r+b")

    def note(self, validator: str) -> None:
        """Remember what the first byte belongs to, before it is written."""
        self.validator = validator
        text = json.dumps({"url": self._url, "validator": validator})
        write_whole(self._note, text)

    def _is_foreign(self) -> bool:
        try:
            status = self.path.lstat()
        except FileNotFoundError:
            return False
        return not stat.S_ISREG(status.st_mode) or status.st_nlink > 1

    def drop(self) -> None:
        self.validator = ""
        for path in (self.path, self._note):
            path.unlink(missing_ok=True)

    def become(self, target: Path) -> None:
        """Take the target's name, in one step."""
        os.replace(self.path, target)
        self._note.unlink(missing_ok=True)


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
