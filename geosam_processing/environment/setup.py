"""Make the environment that the engine runs in.

    python3 -m geosam_processing.environment --target .venv

A separate virtual environment from pinned requirements, tested by importing all
that the engine needs. Standard library only, Python 3.9, so that it runs before
anything is installed and inside QGIS. Running it again is free: a stamp in the
environment holds the hash of what was installed, and is written last. A set-up that was
interrupted continues with the step that it was in.
"""

import argparse
import itertools
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Optional

from geosam_processing.contract.errors import SetupError
from geosam_processing.contract.files import write_whole
from geosam_processing.contract.json_files import noted_in
from geosam_processing.contract.texts import Text
from geosam_processing.environment.installer import (
    BUILDS,
    EXTRAS,
    STAMP,
    UNFINISHED,
    Installer,
    Plan,
    Progress,
    environment_python,
    requirements_fingerprint,
)
from geosam_processing.environment.locate import clean_environment
from geosam_processing.environment.subprocesses import Cancelled, Say

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
if "sam3" in sys.argv[2:]:
    import regex, safetensors.torch
    from transformers import Sam3Model
if "dask" in sys.argv[2:]:
    import cryptography, dask, distributed
print("Python", sys.version.split()[0] + ", torch", torch.__version__ + ",", gpu)
"""


def _never() -> bool:
    return False


def _no_progress(percent: float) -> None:
    pass


def set_up(
    target: Path,
    plan: Optional[Plan] = None,
    say: Say = print,
    cancelled: Cancelled = _never,
    progress: Progress = _no_progress,
) -> Path:
    """Make or complete the environment in ``target``; nothing is done if it is up to date.

    Args:
        target: folder of the environment; made if missing.
        say: receives each line for the user.
        cancelled: asked several times a second; True stops it.
        progress: receives percent.

    Returns:
        The environment's Python.

    Raises:
        SetupError: no fitting Python, no room, a package that cannot be had, or an
            environment that does not work in the end.
        EngineCancelled: it was cancelled.
    """
    plan = plan or Plan()
    # Not resolve(): a link to the environment is the user's choice.
    target = Path(os.path.abspath(target))
    if is_up_to_date(target, plan.dev, plan.extras):
        say(Text("The engine's environment {} is up to date.", target))
        return environment_python(target)
    if target.exists() and any(target.iterdir()) and not (target / "pyvenv.cfg").exists():
        raise SetupError(
            "{} holds something other than a virtual environment: "
            "empty it or name another folder with --target",
            target,
        )
    try:
        installer = Installer(target, plan, say, cancelled, progress)
        installer.install_all()
        try:
            proof = prove(environment_python(target), plan.extras)
        except SetupError:
            installer.give_up()
            raise
        stamp = {
            "requirements": requirements_fingerprint(plan.dev, plan.extras),
            "dev": plan.dev,
            "extras": sorted(plan.extras),
            "build": installer.build,
            "torch": installer.torch_requirement,
            "proof": proof,
        }
        write_whole(target / STAMP, json.dumps(stamp, indent=2) + "\n")
        (target / UNFINISHED).unlink()
    except OSError as error:
        raise SetupError(
            "Cannot make the engine's environment in {}: {}; "
            "see that the folder can be written and the disk has 3 GB free",
            target,
            error,
        ) from error
    say(Text("The engine's environment {} is ready: {}.", target, proof))
    progress(100)
    return environment_python(target)


def is_up_to_date(target: Path, dev: bool = False, extras: Iterable[str] = ()) -> bool:
    """Whether ``target`` was set up to the end with the requirements of this version."""
    # An environment with more packages serves as well.
    wanted = {requirements_fingerprint(dev=True)}
    if not dev:
        others = [name for name in EXTRAS if name not in set(extras)]
        for count in range(len(others) + 1):
            for more in itertools.combinations(others, count):
                wanted.add(requirements_fingerprint(extras=(*extras, *more)))
    return read_stamp(target).get("requirements") in wanted and environment_python(target).exists()


def read_stamp(target: Path) -> dict[str, Any]:
    """What a finished set-up wrote down in ``target``; empty if there is none."""
    return noted_in(target / STAMP)


def prove(python: Path, extras: Iterable[str] = ()) -> str:
    """One line about an environment after it imported the engine's libraries.

    Args:
        extras: names of ``EXTRAS`` whose packages are imported, too.

    Raises:
        SetupError: it does not work.
    """
    answer = subprocess.run(
        [str(python), "-I", "-c", _PROOF, str(Path(__file__).parents[2]), *sorted(extras)],
        capture_output=True,
        text=True,
        errors="replace",
        env=clean_environment(os.environ),
        check=False,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
    if answer.returncode:
        lines = answer.stderr.strip().splitlines() or [f"exit status {answer.returncode}"]
        raise SetupError(
            "The engine's environment {} does not work: {}; run the "
            "installation again, which repeats it",
            python.parent.parent,
            lines[-1],
        )
    return answer.stdout.strip().splitlines()[-1]


def main(arguments: Optional[Sequence[str]] = None) -> int:
    """The command line; answers the exit status."""
    parser = argparse.ArgumentParser(
        prog="python3 -m geosam_processing.environment",
        description="Make the environment that the engine runs in.",
    )
    parser.add_argument("--target", type=Path, required=True, help="folder of the environment")
    parser.add_argument("--dev", action="store_true", help="also what tests and linting need")
    parser.add_argument("--sam3", action="store_true", help="also what SAM3 needs")
    parser.add_argument("--dask", action="store_true", help="also what clusters of Dask need")
    parser.add_argument("--python", default="", help="the Python to make it with")
    parser.add_argument("--torch", default="auto", choices=BUILDS, help="the build of torch")
    parser.add_argument("--torch-index", default="", help="URL of an index that has that build")
    parser.add_argument("--wheels", default="", help="folder of wheels, to install offline")
    chosen = parser.parse_args(arguments)
    # A plain kill must stop pip, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        plan = Plan(
            chosen.dev,
            chosen.python,
            chosen.torch,
            chosen.torch_index,
            wheels=chosen.wheels,
            extras=frozenset(name for name in EXTRAS if getattr(chosen, name)),
        )
        set_up(chosen.target, plan, say=lambda line: print(line, flush=True))
    except SetupError as error:
        print(f"Error: {error}.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped; run this again to continue.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
