"""A file that comes piece by piece, also over several runs.

Needs the standard library only and runs on the Python that QGIS brings.
"""

import contextlib
import json
import os
from pathlib import Path
from typing import Any

from .whole_file import write_whole


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
