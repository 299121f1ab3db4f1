"""What is installed into the engine's environment, and how: step by step, by its own pip.

Standard library only, Python 3.9: runs before anything is installed and inside QGIS.
"""

import hashlib
import json
import os
import shutil
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Callable, Optional

from geosam_processing.contract.errors import SetupError
from geosam_processing.contract.files import write_whole
from geosam_processing.contract.json_files import noted_in
from geosam_processing.contract.texts import Text
from geosam_processing.environment.interpreter import (
    REQUIREMENTS,
    ask,
    find_python,
    is_supported,
    why_unfit,
)
from geosam_processing.environment.subprocesses import (
    MISMATCH,
    Cancelled,
    Say,
    reason_in,
    run,
    watched,
)

BUILDS = ("auto", "cpu", "cuda")
TORCH_CPU_INDEX = "https://download.pytorch.org/whl/cpu"
TORCH_CUDA_INDEX = "https://download.pytorch.org/whl/cu130"
STAMP = "geosam-environment.json"
UNFINISHED = "geosam-setup-unfinished"
# Packages that are installed on request, each extra by the name of its file of pins.
EXTRAS = ("sam3", "dask")
# Dependencies that their packages name and that nothing here imports: of downloads from Hugging
# Face, of other models, and of command lines.
LEFT_OUT = {"sam3": ("anyio", "ftfy", "hf-xet", "timm", "typer")}
_OTHER_PYTHON = "name another PYTHON (--python), or UV, which downloads one"

Progress = Callable[[float], None]


@dataclass(frozen=True)
class Plan:
    """What to install, and from where.

    ``python`` makes the environment; empty: one is looked for. ``torch`` is one of
    ``BUILDS``. ``torch_index`` is the URL of the package index that has that build; empty:
    PyTorch's own. ``wheels`` is a folder of packages; if given, nothing is downloaded.
    ``proxy`` is the URL of a proxy for where the environment variables name none.
    ``dev`` adds what tests, linting and the demo's picture need, and all extras. ``extras`` are
    names of ``EXTRAS`` whose packages are added.
    """

    dev: bool = False
    python: str = ""
    torch: str = "auto"
    torch_index: str = ""
    wheels: str = ""
    proxy: str = field(default="", repr=False)
    extras: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if self.dev:
            object.__setattr__(self, "extras", frozenset(EXTRAS))
        if self.torch not in BUILDS:
            raise SetupError("Invalid TORCH ({}): choose one of {}", self.torch, ", ".join(BUILDS))
        if self.wheels and not Path(self.wheels).is_dir():
            raise SetupError("WHEELS is no folder ({}): name one that holds wheels", self.wheels)

    def network(self) -> dict[str, str]:
        """The environment variables by which pip and uv reach the network."""
        names = ("HTTP_PROXY", "HTTPS_PROXY")
        if not self.proxy or any(os.environ.get(name.lower()) for name in names):
            return {}
        return {} if any(map(os.environ.get, names)) else dict.fromkeys(names, self.proxy)

    def build(self) -> str:
        """``cpu`` or ``cuda``: what is asked for, or what suits the machine."""
        if self.torch != "auto":
            return self.torch
        return "cuda" if has_nvidia_gpu() else "cpu"


def requirements_fingerprint(dev: bool = False, extras: Iterable[str] = ()) -> str:
    """SHA-256 over the pinned requirements; ``dev`` includes all extras."""
    left_out = (
        () if dev else {f"{name}.txt" for name in EXTRAS} - {f"{name}.txt" for name in extras}
    )
    digest = hashlib.sha256()
    for path in sorted(REQUIREMENTS.glob("*.txt")):
        if dev or not (path.name.startswith("dev") or path.name in left_out):
            digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def environment_python(target: Path) -> Path:
    """Where the Python of the environment in ``target`` is."""
    return target / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def has_nvidia_gpu() -> bool:
    """Whether NVIDIA's driver answers and lists a GPU."""
    nvidia_smi = shutil.which("nvidia-smi")
    if not nvidia_smi:
        gpus = Path("/proc/driver/nvidia/gpus")
        return gpus.is_dir() and any(gpus.iterdir())
    answer = ask([nvidia_smi, "-L"])
    return answer is not None and "GPU 0" in answer


class Installer:
    """Makes an environment and runs its pip, step by step.

    Attributes:
        build: ``cpu`` or ``cuda``.
        torch_requirement: the one that was met, once all is installed.
    """

    def __init__(
        self, target: Path, plan: Plan, say: Say, cancelled: Cancelled, progress: Progress
    ) -> None:
        self._target = target
        self._plan = plan
        self._say = say
        self._cancelled = cancelled
        self._progress = progress
        self._anew: list[str] = []
        self.build = plan.build()
        self.torch_requirement = ""

    def install_all(self) -> None:
        """Make the environment, unless it can be completed, and install the pins.

        Raises:
            SetupError: no fitting Python, or a package that cannot be had.
            EngineCancelled: it was cancelled.
        """
        noted = self._interrupted()
        if noted is None:
            if (self._target / UNFINISHED).exists() or not self._can_be_completed():
                self._make()
        else:
            self._say(Text("Continuing an installation that was interrupted ..."))
            self.torch_requirement = str(noted.get("torch", ""))
            # Of the step that was interrupted a package may be there in part.
            self._anew = ["--ignore-installed"]
        done = list(noted["done"]) if noted else []
        for name, step, percent in (
            ("build", self._install_build, 5),
            ("torch", self._install_torch, 50),
            ("engine", self._install_engine, 80),
            ("models", self._install_models, 90),
            ("extras", self._install_extras, 95),
        ):
            if name not in done:
                self._note(done)
                (self._target / STAMP).unlink(missing_ok=True)
                step()
                self._anew = []
                done.append(name)
            self._progress(percent)
        self._note(done)

    def give_up(self) -> None:
        """Let the next try begin again: this environment does not work."""
        (self._target / UNFINISHED).write_text("{}", encoding="utf-8")

    def _state(self) -> dict[str, str]:
        """What must be the same for an interrupted installation to be continued."""
        fingerprint = requirements_fingerprint(self._plan.dev, self._plan.extras)
        return {"requirements": fingerprint, "build": self.build}

    def _note(self, done: list[str]) -> None:
        noted = {**self._state(), "torch": self.torch_requirement, "done": done}
        write_whole(self._target / UNFINISHED, json.dumps(noted))

    def _interrupted(self) -> Optional[dict[str, Any]]:
        """What an interrupted installation noted, if it can be continued."""
        noted = noted_in(self._target / UNFINISHED)
        same = all(noted.get(key) == value for key, value in self._state().items())
        done = noted.get("done")
        return noted if same and done and isinstance(done, list) and self._runs() else None

    def _can_be_completed(self) -> bool:
        """Whether there is a working environment that may be added to."""
        build = noted_in(self._target / STAMP).get("build", self.build)
        return bool(build == self.build and self._runs())

    def _runs(self) -> bool:
        code = "import sys, pip; print('%d.%d' % sys.version_info[:2])"
        answer = ask([str(environment_python(self._target)), "-I", "-c", code])
        return answer is not None and is_supported(answer)

    def _make(self) -> None:
        python = self._plan.python or find_python()
        reason = why_unfit(python)
        if reason:
            raise SetupError(
                "{} cannot make the engine's environment: it {}; {}", python, reason, _OTHER_PYTHON
            )
        self._say(Text("Making the engine's environment {} with {} ...", self._target, python))
        self._target.mkdir(parents=True, exist_ok=True)
        command = watched(python, "venv", "--clear", str(self._target))
        code, lines = run(command, self._say, self._cancelled)
        if code:
            raise SetupError(
                "{} could not make an environment in {}: {}; {}",
                python,
                self._target,
                reason_in(lines),
                _OTHER_PYTHON,
            )

    def _install_build(self) -> None:
        self._say(Text("Installing the engine's packages ..."))
        self._pip(["build.txt"])

    def _install_torch(self) -> None:
        if sys.platform == "darwin" or self.build == "cuda":
            # On Windows the usual torch has no CUDA.
            own = os.name == "nt" and self.build == "cuda"
            index = self._plan.torch_index or (TORCH_CUDA_INDEX if own else "")
            self._install_usual_torch("torch-cuda-windows.txt" if own else "torch.txt", index)
            return
        cpu = _requirement("torch-cpu.txt")
        self._say(Text("Installing {} ({}) ...", cpu, _why_cpu(self._plan)))
        index = self._plan.torch_index or TORCH_CPU_INDEX
        try:
            # A machine without that index must not wait long.
            options = ["--extra-index-url", index, "--timeout", "15", "--retries", "1"]
            self._pip(["torch-cpu.txt"], *options)
            self.torch_requirement = cpu
        except SetupError as error:
            if MISMATCH in str(error):
                raise
            self._say(
                Text(
                    "{} was not found ({} may be out of reach): installing "
                    "{}, which works as well but may bring several gigabytes "
                    "of CUDA libraries.",
                    cpu,
                    index,
                    _requirement("torch.txt"),
                )
            )
            self._install_usual_torch("torch.txt", self._plan.torch_index)

    def _install_usual_torch(self, name: str, index: str) -> None:
        usual = _requirement(name)
        self._say(Text("Installing {} ...", usual))
        self._pip([name], *(["--extra-index-url", index] if index else []))
        self.torch_requirement = usual

    def _install_engine(self) -> None:
        self._pip(["engine.txt", "dev.txt"] if self._plan.dev else ["engine.txt"])

    def _install_models(self) -> None:
        self._say(Text("Installing the models' packages ..."))
        for name in ["models.txt", "dev-geosam.txt"] if self._plan.dev else ["models.txt"]:
            self._pip([name])

    def _install_extras(self) -> None:
        for name in EXTRAS:
            if name in self._plan.extras:
                self._say(Text("Installing the packages of {} ...", name))
                self._pip([f"{name}.txt"])
                if name in LEFT_OUT:
                    self._say(
                        Text(
                            "{} does not use these packages, which pip check lists as missing: {}",
                            name,
                            ", ".join(LEFT_OUT[name]),
                        )
                    )

    def _pip(self, names: Sequence[str], *arguments: str) -> None:
        """Install the pins in requirements files only.

        A file from any index, mirror or folder must have one of the pin's
        hashes. Dependencies are pins themselves, and packages are built without isolation, so
        that only they are ever fetched.
        """
        options = ["--no-input", "--progress-bar=off", "--disable-pip-version-check", "--no-user"]
        options += ["--require-hashes", "--no-deps", "--no-build-isolation"]
        if self._plan.wheels:
            options += ["--no-index", "--find-links", os.path.abspath(self._plan.wheels)]
        command = watched(
            str(environment_python(self._target)), "pip", "install", *options, *self._anew
        )
        # sam2 would else compile an operator that only its video part uses.
        variables = {"SAM2_BUILD_CUDA": "0", **self._plan.network()}
        files = [part for name in names for part in ("-r", str(REQUIREMENTS / name))]
        code, lines = run([*command, *arguments, *files], self._say, self._cancelled, variables)
        if code:
            raise SetupError(
                "pip could not install {}: {}; then run this again",
                " ".join(names),
                reason_in(lines),
            )


def _why_cpu(plan: Plan) -> str:
    return Text("as asked") if plan.torch == "cpu" else Text("no NVIDIA GPU answers here")


def _requirement(name: str) -> str:
    """The first requirement in a requirements file."""
    lines = (REQUIREMENTS / name).read_text(encoding="utf-8").splitlines()
    return next(line.strip(" \\") for line in lines if line.strip() and not line.startswith("#"))
