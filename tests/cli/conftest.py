"""The real qgis_process, without a screen and with a profile of its own."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Callable

import pytest

from geosam_processing.client.client import find_engine_python

REPOSITORY = Path(__file__).parents[2]
# Debian 12 wraps the program in a script that cannot start it.
PROGRAM = shutil.which("qgis_process.bin") or shutil.which("qgis_process")

Call = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The variables of qgis_process, with a profile of its own."""
    python = find_engine_python()
    assert PROGRAM is not None, "there is no qgis_process: run `make setup`"
    assert python is not None, "there is no engine: run `make setup`"
    folder = tmp_path_factory.mktemp("qgis")
    (folder / "runtime").mkdir(mode=0o700)
    return {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "XDG_RUNTIME_DIR": str(folder / "runtime"),
        "QGIS_CUSTOM_CONFIG_PATH": str(folder / "profile"),
        "QGIS_PLUGINPATH": str(REPOSITORY),
        "GEOSAM_ENGINE_PYTHON": python,
        "GEOSAM_CACHE_FOLDER": str(folder / "live"),
    }


@pytest.fixture(scope="session")
def qgis_process(environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Call:
    """Runs qgis_process with arguments, in a folder that the test gives."""
    folder = tmp_path_factory.mktemp("work")

    def call(
        *arguments: str, cwd: Path = folder, variables: Mapping[str, str] = environment
    ) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [str(PROGRAM), *arguments],
            cwd=cwd,
            env={**environment, **variables},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=170,
            check=False,
        )

    call("plugins", "enable", "geosam_processing")
    return call


@pytest.fixture
def start_qgis_process(
    environment: dict[str, str], qgis_process: Call, tmp_path: Path
) -> Iterator[Callable[..., "subprocess.Popen[bytes]"]]:
    """Starts qgis_process in a process group of its own, which a test can kill."""
    started: list[subprocess.Popen[bytes]] = []

    def start(*arguments: str) -> "subprocess.Popen[bytes]":
        process = subprocess.Popen(
            [str(PROGRAM), *arguments],
            cwd=tmp_path,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()


@pytest.fixture(scope="session")
def run(qgis_process: Call) -> Callable[..., dict[str, Any]]:
    """Runs an algorithm and answers its results."""

    def run_algorithm(algorithm: str, cwd: Path, **parameters: Any) -> dict[str, Any]:
        values = [f"{key}={value}" for key, value in parameters.items()]
        answer = qgis_process("--json", "run", f"geosam:{algorithm}", "--", *values, cwd=cwd)
        assert answer.returncode == 0, answer.stdout + answer.stderr
        results: dict[str, Any] = json.loads(answer.stdout)["results"]
        return results

    return run_algorithm
