"""What the installer made in the engine's folder: only that is ever used again or removed.

The marker file holds it: ``{"environment": "environment-2", "made": ["environment-2", "python"]}``.
A name is recorded before the folder is made, so that a killed installation leaves none that
nobody knows, and it is never one that was there already.

Standard library only, Python 3.9.
"""

import json
import os
import re
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Optional

from geosam_processing.contract.files import write_whole
from geosam_processing.contract.json_files import noted_in
from geosam_processing.environment.installer import STAMP, UNFINISHED
from geosam_processing.environment.locate import MARKER

ENVIRONMENT = "environment"
PYTHONS = "python"
UV = "uv"
_NAME = re.compile(rf"({ENVIRONMENT}|{PYTHONS}|{UV})(-[1-9]\d{{0,8}})?")


class Record:
    """The record of one folder. To be used by the holder of the folder's lock."""

    def __init__(self, folder: Path) -> None:
        """Read the record of ``folder``, which may have none yet."""
        self.folder = folder
        noted = noted_in(folder / MARKER)
        made = noted.get("made")
        self._made = set(self._noted(made) if isinstance(made, list) else self._recognised())
        used = noted.get("environment")
        self._used = used if isinstance(used, str) and used in self._made else ""

    @property
    def used(self) -> Optional[Path]:
        """The environment in use, if it is there."""
        path = self.folder / self._used
        return path if self._used and path.is_dir() else None

    def use(self, environment: Optional[Path]) -> None:
        """Name the environment in use, in one step.

        Raises:
            OSError: it cannot be written; the one before is still in use.
        """
        self._used = environment.name if environment else ""
        self._write()

    def environments(self) -> list[Path]:
        """The environments that were made and are there, oldest first."""
        paths = [self.folder / name for name in self._made if name.startswith(f"{ENVIRONMENT}-")]
        return sorted((path for path in paths if os.path.lexists(path)), key=_number)

    def next_environment(self) -> Path:
        """A folder for a new environment, recorded but not made."""
        number = max(map(_number, self.environments()), default=0) + 1
        while os.path.lexists(self.folder / f"{ENVIRONMENT}-{number}"):
            number += 1
        return self._add(f"{ENVIRONMENT}-{number}")

    def place(self, kind: str) -> Path:
        """The folder for ``PYTHONS`` or ``UV``: the recorded one, else a new one, not made."""
        names = [name for name in sorted(self._made) if name.split("-")[0] == kind]
        if names:
            return self.folder / names[0]
        name, number = kind, 2
        while os.path.lexists(self.folder / name):
            name, number = f"{kind}-{number}", number + 1
        return self._add(name)

    def remove(self, path: Path) -> None:
        """Remove a recorded folder, with what is in it, and forget it.

        Raises:
            OSError: it cannot be removed, or not all of it; it stays recorded.
        """
        if path.name not in self._made:
            raise ValueError(f"{path} was not made by the installer")
        if path.is_symlink():
            path.unlink()
        elif path.exists():
            shutil.rmtree(path)
        self._made.discard(path.name)
        self._write()

    def remove_all(self) -> None:
        """Remove the recorded files, then the record.

        Raises:
            OSError: something cannot be removed; it stays recorded.
        """
        for name in sorted(self._made):
            self.remove(self.folder / name)
        (self.folder / MARKER).unlink(missing_ok=True)

    def _add(self, name: str) -> Path:
        self._made.add(name)
        self._write()
        return self.folder / name

    def _write(self) -> None:
        content = {"environment": self._used, "made": sorted(self._made)}
        write_whole(self.folder / MARKER, json.dumps(content) + "\n")

    def _noted(self, names: list[Any]) -> Iterable[str]:
        return (name for name in names if isinstance(name, str) and _NAME.fullmatch(name))

    def _recognised(self) -> Iterable[str]:
        """Version 0.1.0 recorded nothing, but left its stamp in every environment it made."""
        if not self.folder.is_dir():
            return
        for path in self.folder.iterdir():
            stamped = any((path / name).is_file() for name in (STAMP, UNFINISHED))
            if path.name.startswith(f"{ENVIRONMENT}-") and _NAME.fullmatch(path.name) and stamped:
                yield path.name


def _number(environment: Path) -> int:
    return int(environment.name.rpartition("-")[2])
