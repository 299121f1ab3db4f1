"""A model whose checkpoint is small, and its download."""

import hashlib
import random
from pathlib import Path
from typing import Any, Optional

from geosam_processing.contract.catalogue import CATALOGUE
from tests.algorithms.file_server import FileServer
from tests.algorithms.scene import Run

BODY = random.Random(1).randbytes(3_000_000)
SHA256 = hashlib.sha256(BODY).hexdigest()
NAME = CATALOGUE["vit_b"].official_file


def fetch(
    server: Optional[FileServer], folder: Path, feedback: Any = None, **parameters: Any
) -> Run:
    given = {"MODEL": "vit_b", "FOLDER": str(folder), **parameters}
    if server is not None:
        given["MIRROR"] = server.url
    return Run("geosam:downloadmodel", given, feedback=feedback)


def require_right(run: Run, folder: Path) -> None:
    assert run.results == {
        "CHECKPOINT": str(folder / NAME),
        "SHA256": SHA256,
        "SIZE": len(BODY),
    }
    assert (folder / NAME).read_bytes() == BODY
    assert [path.name for path in folder.iterdir()] == [NAME]


def require_no_model(folder: Path) -> None:
    assert not (folder / NAME).exists()
