"""The Python that the engine's environment is made with: found, or brought by uv.

Standard library only, Python 3.9: runs before anything is installed and inside QGIS.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Callable, Optional

from geosam_processing.contract.errors import SetupError
from geosam_processing.contract.texts import Text
from geosam_processing.environment.locate import clean_environment
from geosam_processing.environment.subprocesses import watched

OLDEST_PYTHON = (3, 11)
NEWEST_PYTHON = (3, 14)
# What uv brings: the newest that all pinned packages have wheels for.
BROUGHT_PYTHON = "3.13"
REQUIREMENTS = Path(__file__).parents[1] / "engine" / "requirements"

Run = Callable[[Sequence[str], dict[str, str]], str]


def find_python() -> str:
    """A Python that the pinned requirements support and that can make environments.

    Raises:
        SetupError: there is none, with what was found instead.
    """
    reasons: dict[str, str] = {}
    for path in _candidates():
        if path not in reasons:
            reasons[path] = why_unfit(path)
            if not reasons[path]:
                return path
    seen = "; ".join(f"{path}: {reason}" for path, reason in reasons.items()) or "none at all"
    raise SetupError(
        "No Python {} to {} with the venv module "
        "(found {}): install one (on Debian and Ubuntu: apt-get install python3-venv), name "
        "it with PYTHON (--python), or install uv (https://docs.astral.sh/uv) and name that with "
        "UV",
        _dotted(OLDEST_PYTHON),
        _dotted(NEWEST_PYTHON),
        seen,
    )


def _candidates() -> Iterator[str]:
    """Pythons by their paths: this one, those next to QGIS, those on the path."""
    beside = Path(sys.executable or ".").parent
    # Inside QGIS sys.executable may be QGIS itself; its Python is then beside it.
    names = [
        sys.executable if Path(sys.executable or "").name.lower().startswith("python") else "",
        os.path.join(sys.prefix, "python.exe"),
        os.path.join(sys.prefix, "bin", "python3"),
        str(beside / "python3"),
        str(beside / "bin" / "python3"),
        "python3",
        "python",
    ]
    minors = range(NEWEST_PYTHON[1], OLDEST_PYTHON[1] - 1, -1)
    for name in [*names, *(f"python3.{minor}" for minor in minors)]:
        path = shutil.which(name) if name else None
        if path:
            yield path


def why_unfit(python: str) -> str:
    """Why ``python`` cannot make the environment; empty if it can."""
    answer = ask([python, "-I", "-c", "import sys; print('%d.%d' % sys.version_info[:2])"])
    if answer is None:
        return Text("does not run")
    if not is_supported(answer):
        return Text(
            "is Python {}, which is not among {} to {}",
            answer,
            _dotted(OLDEST_PYTHON),
            _dotted(NEWEST_PYTHON),
        )
    if ask([python, "-I", "-c", "import ensurepip, venv"]) is None:
        return Text("has no venv module (Debian and Ubuntu: apt-get install python3-venv)")
    return ""


def is_supported(version: str) -> bool:
    """Whether the pins are for the Python of this version, such as ``3.12``."""
    major, minor = (int(part) for part in version.split(".")[:2])
    return OLDEST_PYTHON <= (major, minor) <= NEWEST_PYTHON


def find_uv(named: str) -> Optional[str]:
    """The program uv: ``named``, or one on the path; None if there is none.

    Raises:
        SetupError: ``named`` is not a program.
    """
    uv = shutil.which(named or "uv")
    if named and uv is None:
        raise SetupError("UV names no program ({}): give the path of uv, or leave it empty", named)
    return uv


def fetch_uv(folder: Path, run: Run) -> str:
    """The program uv in ``folder``, put there by the pip of a Python that does not fit itself.

    Raises:
        SetupError: there is no pip, or it cannot.
    """
    for python in dict.fromkeys(_candidates()):
        if ask([python, "-I", "-c", "import pip"]) is not None:
            options = ["--no-input", "--disable-pip-version-check", "--no-deps", "--upgrade"]
            options += ["--require-hashes", "--only-binary=:all:", "--target", str(folder)]
            run(watched(python, "pip", "install", *options, "-r", str(REQUIREMENTS / "uv.txt")), {})
            uv = shutil.which("uv", path=str(folder / "bin"))
            if uv:
                return uv
    raise SetupError("No Python on this computer fits, and none has a pip that could fetch uv")


def bring_python(uv: str, folder: Path, run: Run) -> str:
    """A Python in ``folder``, downloaded by uv; at once if it is there.

    Args:
        run: runs a command with variables added to its environment; answers its last line.

    Raises:
        SetupError: uv cannot bring it.
    """
    variables = {"UV_PYTHON_INSTALL_DIR": str(folder)}
    run([uv, "python", "install", BROUGHT_PYTHON], variables)
    python = run([uv, "python", "find", "--managed-python", BROUGHT_PYTHON], variables)
    reason = why_unfit(python)
    if reason:
        raise SetupError(
            "The Python that {} brought ({}) cannot be used: it {}", uv, python, reason
        )
    return python


def ask(command: Sequence[str]) -> Optional[str]:
    """What a command prints; None if it fails."""
    try:
        answer = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            env=clean_environment(os.environ),
            check=False,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return answer.stdout.strip() if answer.returncode == 0 else None


def _dotted(version: tuple[int, int]) -> str:
    return ".".join(str(part) for part in version)
