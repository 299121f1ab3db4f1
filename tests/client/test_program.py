"""The program that starts the engine, with compiled modules that a full disk cut off."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

from geosam_processing.client.process import PROGRAM


def run(folder: Path) -> "subprocess.CompletedProcess[str]":
    # Without site's packages, among which the product may be.
    command = [sys.executable, "-S", "-c", PROGRAM, str(folder)]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    return subprocess.run(
        command, capture_output=True, text=True, timeout=60, check=False, env=environment
    )


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """The folder of an engine that says that it is there."""
    engine = tmp_path / "geosam_processing" / "engine"
    engine.mkdir(parents=True)
    for folder in (engine.parent, engine):
        (folder / "__init__.py").write_text("")
    (engine / "parts.py").write_text("WORD = 'started'\n")
    (engine / "server.py").write_text("from .parts import WORD\ndef main(): print(WORD)\n")
    return tmp_path


@pytest.mark.parametrize("kept", [16, 20, 40])
def test_damaged_bytecode_is_replaced(package: Path, kept: int) -> None:
    assert run(package).stdout == "started\n"
    engine = package / "geosam_processing" / "engine"
    compiled = [
        Path(importlib.util.cache_from_source(str(engine / name)))
        for name in ("server.py", "parts.py", "__init__.py")
    ]
    whole = [path.read_bytes() for path in compiled]
    for path, content in zip(compiled, whole):
        path.write_bytes(content[:kept])
    again = run(package)
    assert (again.stdout, again.returncode) == ("started\n", 0), again.stderr
    assert [path.read_bytes() for path in compiled] == whole


def test_other_errors_are_shown(package: Path) -> None:
    server = package / "geosam_processing" / "engine" / "server.py"
    server.write_text("raise ValueError('nobody foresaw this')\n")
    failed = run(package)
    assert failed.returncode == 1 and "nobody foresaw this" in failed.stderr
