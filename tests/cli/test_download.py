"""Models as a server gets them: by qgis_process, from a mirror on loopback."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Callable

import pytest

pytest.importorskip("qgis.core")

from geosam_processing.contract.catalogue import CATALOGUE
from tests.algorithms.file_server import FileServer

ENTRY = CATALOGUE["sam2.1_hiera_tiny"]
NAME = ENTRY.official_file
Start = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def mirror() -> Iterator[FileServer]:
    """A mirror whose file has the official size, but other bytes."""
    server = FileServer(bytes(ENTRY.size))
    yield server
    server.close()


def arguments(mirror: FileServer, folder: Path) -> list[str]:
    values = [f"MODEL={ENTRY.id}", f"MIRROR={mirror.url}", f"FOLDER={folder}"]
    return ["run", "geosam:downloadmodel", "--", *values]


def test_wrong_mirror_leaves_no_file(mirror: FileServer, tmp_path: Path, qgis_process: Any) -> None:
    mirror.body = b"<html>Please log in</html>"
    answer = qgis_process(*arguments(mirror, tmp_path), variables={"GEOSAM_ENGINE_PYTHON": "/none"})
    assert f"has 26 bytes, but the file that is wanted has {ENTRY.size:,}" in answer.stderr
    assert "Traceback" not in answer.stdout + answer.stderr
    assert list(tmp_path.iterdir()) == []


def test_wrong_file_is_not_imported(tmp_path: Path, qgis_process: Any) -> None:
    (tmp_path / "carried.pt").write_bytes(b"no model")
    values = [f"MODEL={ENTRY.id}", f"FILE={tmp_path / 'carried.pt'}", "FOLDER=models"]
    answer = qgis_process("run", "geosam:downloadmodel", "--", *values, cwd=tmp_path)
    assert "is not the official file" in answer.stderr and "8 bytes" in answer.stderr
    assert list((tmp_path / "models").iterdir()) == []


def test_killed_in_the_middle_it_goes_on_there(
    mirror: FileServer, tmp_path: Path, qgis_process: Any, start_qgis_process: Start
) -> None:
    mirror.delay = 0.02
    part = tmp_path / f"{NAME}.part"
    process = start_qgis_process(*arguments(mirror, tmp_path))
    end = time.monotonic() + 120
    while not (part.exists() and part.stat().st_size > 3_000_000):
        assert process.poll() is None and time.monotonic() < end
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert not (tmp_path / NAME).exists()
    size = part.stat().st_size
    # Enough to see where it goes on; nobody here has the official file.
    mirror.faults = [404]
    answer = qgis_process(*arguments(mirror, tmp_path))
    assert "answers 404" in answer.stderr
    assert mirror.asked == [None, f"bytes={size}-"]
    assert part.stat().st_size == size and not (tmp_path / NAME).exists()


def test_lists_the_models_without_an_engine(tmp_path: Path, qgis_process: Any) -> None:
    values = [f"FOLDER={tmp_path}", "OUTPUT=models.csv"]
    qgis_process(
        *("run", "geosam:listmodels", "--", *values),
        cwd=tmp_path,
        variables={"GEOSAM_ENGINE_PYTHON": "/none"},
    )
    lines = (tmp_path / "models.csv").read_text().splitlines()
    assert lines[0].startswith("id,family,patch_size,parameters,file_size,downloaded,path,verified")
    assert [line.split(",")[0] for line in lines[1:]] == list(CATALOGUE)
