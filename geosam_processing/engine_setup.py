"""Make the environment that the engine runs in.

    python3 -m geosam_processing.engine_setup --target .venv

A virtual environment of its own, from pinned requirements, proved by importing all
that the engine needs. Standard library only, Python 3.9, so that it runs before
anything is installed and inside QGIS. Running it again is free: a stamp in the
environment holds the hash of what was installed, and is written last, so that a
set-up that was interrupted is begun anew.
"""

import argparse
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Callable, Optional

from .engine_python import clean_environment

REQUIREMENTS = Path(__file__).parent / "engine" / "requirements"
OLDEST_PYTHON = (3, 11)
NEWEST_PYTHON = (3, 14)
TORCH_CPU_INDEX = "https://download.pytorch.org/whl/cpu"
STAMP = "geosam-environment.json"
UNFINISHED = "geosam-setup-unfinished"

_PROOF = """\
import sys
sys.path.insert(0, sys.argv[1])
import torch
from geosam_processing.engine.models.torchvision_operators import ensure_torchvision
ensure_torchvision()
import geopandas, numpy, PIL, pyarrow.parquet, pylsp_jsonrpc, pyproj, rasterio, shapely
import rasterio.features, rasterio.vrt, segment_anything
from sam2.modeling.sam2_base import SAM2Base
from sam2.sam2_image_predictor import SAM2ImagePredictor
assert (torch.ones(2) + torch.from_numpy(numpy.ones(2, "float32"))).sum() == 4
gpu = torch.cuda.get_device_name(0) if torch.cuda.is_available() else "no CUDA GPU"
print("Python", sys.version.split()[0] + ", torch", torch.__version__ + ",", gpu)
"""

Say = Callable[[str], None]
Cancelled = Callable[[], bool]


class SetupError(Exception):
    """The environment could not be made; the text says why and what to do."""


def set_up(
    target: Path,
    dev: bool = False,
    python: str = "",
    say: Say = print,
    cancelled: Cancelled = lambda: False,
) -> Path:
    """Make or complete the environment in ``target``; nothing is done if it is up to date.

    Args:
        target: folder of the environment; made if missing.
        dev: also install what tests, linting and the demo's picture need.
        python: the Python to make it with; by default a fitting one is looked for.
        say: receives each line for the user.
        cancelled: asked at every line of pip's; True stops it.

    Returns:
        The environment's Python.

    Raises:
        SetupError: no fitting Python, no room, a package that cannot be had, or an
            environment that does not work in the end.
    """
    # Not resolve(): a link to the environment is the user's choice.
    target = Path(os.path.abspath(target))
    fingerprint = requirements_fingerprint(dev)
    if is_up_to_date(target, dev):
        say(f"The engine's environment {target} is up to date.")
        return environment_python(target)
    if target.exists() and any(target.iterdir()) and not (target / "pyvenv.cfg").exists():
        raise SetupError(
            f"{target} holds something other than a virtual environment: "
            "empty it or name another folder with --target"
        )
    try:
        if not _can_be_completed(target):
            _make_environment(target, python or find_python(), say, cancelled)
        (target / UNFINISHED).touch()
        (target / STAMP).unlink(missing_ok=True)
        installer = _Installer(target, say, cancelled)
        torch_requirement = installer.install_all(dev)
        proof = _prove(environment_python(target), torch_requirement)
    except OSError as error:
        raise SetupError(
            f"Cannot make the engine's environment in {target}: {error}; "
            "see that the folder can be written and the disk has 3 GB free"
        ) from error
    stamp = {"requirements": fingerprint, "dev": dev, "torch": torch_requirement, "proof": proof}
    _write_whole(target / STAMP, json.dumps(stamp, indent=2) + "\n")
    (target / UNFINISHED).unlink()
    say(f"The engine's environment {target} is ready: {proof}.")
    return environment_python(target)


def is_up_to_date(target: Path, dev: bool = False) -> bool:
    """Whether ``target`` was set up to the end with the requirements of this version."""
    try:
        stamp = json.loads((target / STAMP).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    # An environment with the development packages serves a plain user as well.
    wanted = {requirements_fingerprint(dev), requirements_fingerprint(True)}
    return stamp.get("requirements") in wanted and environment_python(target).exists()


def requirements_fingerprint(dev: bool = False) -> str:
    """SHA-256 over the pinned requirements."""
    digest = hashlib.sha256()
    for path in sorted(REQUIREMENTS.glob("*.txt")):
        if dev or not path.name.startswith("dev"):
            digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def environment_python(target: Path) -> Path:
    """Where the Python of the environment in ``target`` is."""
    return target / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def find_python() -> str:
    """A Python that the pinned requirements support and that can make environments.

    Raises:
        SetupError: there is none, with what was found instead.
    """
    names = [f"python3.{minor}" for minor in range(NEWEST_PYTHON[1], OLDEST_PYTHON[1] - 1, -1)]
    candidates = ["python3", "python", *names]
    # Inside QGIS sys.executable may be QGIS itself.
    if Path(sys.executable or "").name.lower().startswith("python"):
        candidates.insert(0, sys.executable)
    reasons = {}
    for candidate in candidates:
        path = shutil.which(candidate)
        if path and path not in reasons:
            reasons[path] = _why_unfit(path)
            if not reasons[path]:
                return path
    seen = "; ".join(f"{path}: {reason}" for path, reason in reasons.items()) or "none at all"
    raise SetupError(
        f"No Python {_dotted(OLDEST_PYTHON)} to {_dotted(NEWEST_PYTHON)} with the venv module "
        f"(found {seen}): install one (on Debian and Ubuntu: apt-get install python3-venv) "
        "or name it with --python"
    )


def has_nvidia_gpu() -> bool:
    """Whether NVIDIA's driver answers and lists a GPU."""
    nvidia_smi = shutil.which("nvidia-smi")
    if not nvidia_smi:
        return False
    try:
        answer = subprocess.run(
            [nvidia_smi, "-L"], capture_output=True, text=True, timeout=30, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0 and "GPU 0" in answer.stdout


class _Installer:
    """Runs the environment's pip."""

    def __init__(self, target: Path, say: Say, cancelled: Cancelled) -> None:
        self._python = environment_python(target)
        self._say = say
        self._cancelled = cancelled

    def install_all(self, dev: bool) -> str:
        """Install the pins; answers the torch requirement that was met."""
        self._say("Installing the engine's packages ...")
        self._pip("-r", str(REQUIREMENTS / "build.txt"))
        torch_requirement = self._install_torch()
        files = ["engine.txt", "dev.txt"] if dev else ["engine.txt"]
        # Built without isolation, so that pins are all that is ever fetched.
        self._pip(
            "--no-build-isolation", *_each("-r", [str(REQUIREMENTS / name) for name in files])
        )
        self._say("Installing the models' packages ...")
        for name in ["models.txt", "dev-geosam.txt"] if dev else ["models.txt"]:
            self._pip(
                "--no-deps",
                "--no-build-isolation",
                "--require-hashes",
                "-r",
                str(REQUIREMENTS / name),
                # sam2 would else compile an operator that only its video part uses.
                variables={"SAM2_BUILD_CUDA": "0"},
            )
        return torch_requirement

    def _install_torch(self) -> str:
        usual, cpu = _requirement("torch.txt"), _requirement("torch-cpu.txt")
        if sys.platform == "darwin" or has_nvidia_gpu():
            self._say(f"Installing {usual} ...")
            self._pip("-c", str(REQUIREMENTS / "engine.txt"), usual)
            return usual
        self._say(f"Installing {cpu} (no NVIDIA GPU answers here) ...")
        try:
            # No dependencies: they are pinned in engine.txt, and nothing but torch is to
            # come from an index of its own. A machine without it must not wait long.
            index = ["--extra-index-url", TORCH_CPU_INDEX, "--timeout", "15", "--retries", "1"]
            self._pip("--no-deps", *index, cpu)
        except SetupError as error:
            self._say(
                f"{cpu} was not found ({TORCH_CPU_INDEX} may be out of reach): installing {usual}, "
                "which works as well but may bring several gigabytes of CUDA libraries."
            )
            if self._cancelled():
                raise error
            self._pip("-c", str(REQUIREMENTS / "engine.txt"), usual)
            return usual
        return cpu

    def _pip(self, *arguments: str, variables: Optional[dict[str, str]] = None) -> None:
        command = [str(self._python), "-m", "pip", "install", "--no-input", "--progress-bar=off"]
        command += ["--disable-pip-version-check", "--quiet", *arguments]
        code, tail = _run(command, self._say, self._cancelled, variables)
        if code:
            raise SetupError(
                f"pip could not install {' '.join(_spoken(arguments))}: {tail}; "
                "see the lines above, check the network or pip's configuration, and run this again"
            )


def _make_environment(target: Path, python: str, say: Say, cancelled: Cancelled) -> None:
    reason = _why_unfit(python)
    if reason:
        raise SetupError(f"{python} cannot make the engine's environment: {reason}")
    say(f"Making the engine's environment {target} with {python} ...")
    code, tail = _run([python, "-m", "venv", "--clear", str(target)], say, cancelled)
    if code:
        raise SetupError(f"{python} could not make an environment in {target}: {tail}")


def _can_be_completed(target: Path) -> bool:
    """Whether ``target`` is a working environment that no set-up was interrupted in."""
    python = environment_python(target)
    if (target / UNFINISHED).exists() or not python.exists():
        return False
    code = "import sys, pip; print('%d.%d' % sys.version_info[:2])"
    answer = _ask([str(python), "-c", code])
    return answer is not None and _is_supported(answer)


def _why_unfit(python: str) -> str:
    answer = _ask([python, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"])
    if answer is None:
        return "does not run"
    if not _is_supported(answer):
        return f"is Python {answer}"
    if _ask([python, "-c", "import ensurepip, venv"]) is None:
        return "has no ensurepip (Debian and Ubuntu: apt-get install python3-venv)"
    return ""


def _is_supported(version: str) -> bool:
    major, minor = (int(part) for part in version.split(".")[:2])
    return OLDEST_PYTHON <= (major, minor) <= NEWEST_PYTHON


def _prove(python: Path, torch_requirement: str) -> str:
    """One line about the environment, once it imported all that the engine needs."""
    answer = subprocess.run(
        [str(python), "-c", _PROOF, str(Path(__file__).parent.parent)],
        capture_output=True,
        text=True,
        env=clean_environment(os.environ),
        check=False,
    )
    if answer.returncode:
        lines = answer.stderr.strip().splitlines() or [f"exit status {answer.returncode}"]
        raise SetupError(
            f"The engine's environment was installed ({torch_requirement}) but does not work: "
            f"{lines[-1]}; delete {python.parent.parent} and run this again"
        )
    return answer.stdout.strip().splitlines()[-1]


def _run(
    command: Sequence[str],
    say: Say,
    cancelled: Cancelled,
    variables: Optional[dict[str, str]] = None,
) -> tuple[int, str]:
    """Run a command, each of its lines said; its exit status and last line."""
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        env={**clean_environment(os.environ), **(variables or {})},
    )
    tail = ""
    try:
        for line in process.stdout or ():
            if cancelled():
                raise SetupError("The set-up was cancelled; run it again to begin anew")
            line = line.rstrip()
            # One line for each index that a package is not on says nothing.
            if line and not (line.startswith("WARNING: Location") and "is ignored" in line):
                say(f"  {line}")
                tail = line
        process.wait()
    except BaseException:  # an interrupt as well: pip must not go on alone
        process.kill()
        process.wait()
        raise
    return process.returncode, tail or f"exit status {process.returncode}"


def _ask(command: Sequence[str]) -> Optional[str]:
    try:
        answer = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            env=clean_environment(os.environ),
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return answer.stdout.strip() if answer.returncode == 0 else None


def _requirement(name: str) -> str:
    """The one requirement in a requirements file."""
    lines = (REQUIREMENTS / name).read_text(encoding="utf-8").splitlines()
    return next(line.strip() for line in lines if line.strip() and not line.startswith("#"))


def _spoken(arguments: Sequence[str]) -> list[str]:
    """The requirements among pip's arguments, files by their name."""
    return [
        Path(argument).name
        for argument in arguments
        if argument.endswith(".txt") or "==" in argument
    ]


def _each(option: str, values: Sequence[str]) -> list[str]:
    return [part for value in values for part in (option, value)]


def _dotted(version: tuple[int, int]) -> str:
    return ".".join(str(part) for part in version)


def _write_whole(path: Path, text: str) -> None:
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(temporary, path)


def main(arguments: Optional[Sequence[str]] = None) -> int:
    """The command line; answers the exit status."""
    parser = argparse.ArgumentParser(
        prog="python3 -m geosam_processing.engine_setup",
        description="Make the environment that the engine runs in.",
    )
    parser.add_argument("--target", type=Path, required=True, help="folder of the environment")
    parser.add_argument("--dev", action="store_true", help="also what tests and linting need")
    parser.add_argument("--python", default="", help="the Python to make it with")
    chosen = parser.parse_args(arguments)
    # A plain kill must stop pip, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        set_up(chosen.target, chosen.dev, chosen.python, say=lambda line: print(line, flush=True))
    except SetupError as error:
        print(f"Error: {error}.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped; run this again to begin anew.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
