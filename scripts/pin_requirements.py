"""Write the SHA-256 of every file of every pinned package into the engine's requirements.

    python3 -m scripts.pin_requirements

Change versions in those files by hand, then run this: the hashes of all files that the package
index has of a version are written, for all platforms and Pythons. Needs the program uv, which
asks the index and downloads no package. Builds of torch that only PyTorch's own indexes have
keep the hashes that are there if their index cannot be reached; a version that changed then is
an error.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from geosam_processing.environment.installer import (
    REQUIREMENTS,
    TORCH_CPU_INDEX,
    TORCH_CUDA_INDEX,
)
from geosam_processing.environment.interpreter import OLDEST_PYTHON

# The indexes of builds with a local version, such as 2.13.0+cpu.
INDEXES = {"cpu": TORCH_CPU_INDEX, "cu130": TORCH_CUDA_INDEX}
_PIN = re.compile(r"(?P<name>[\w.-]+)==(?P<version>[\w.+]+)(?P<marker> ; .*?)?(?: \\)?")
_HASH = re.compile(r"\s*--hash=(?P<hash>sha256:[0-9a-f]{64})(?: \\)?")


class PinError(Exception):
    """Hashes that cannot be had; the text says of what."""


@dataclass
class Pin:
    """A package of a requirements file; ``above`` are the comments and empty lines before it."""

    name: str
    version: str
    marker: str
    above: list[str]
    hashes: list[str] = field(default_factory=list)

    @property
    def build(self) -> str:
        """The local version, empty for what the package index has."""
        return self.version.partition("+")[2]

    def lines(self) -> list[str]:
        first = f"{self.name}=={self.version}{self.marker}"
        entries = [first, *(f"    --hash={each}" for each in self.hashes)]
        return [*self.above, *(f"{entry} \\" for entry in entries[:-1]), entries[-1]]


def read(path: Path) -> list[Pin]:
    """The pins in a requirements file.

    Raises:
        PinError: a line is neither a pin, a hash nor a comment.
    """
    pins: list[Pin] = []
    above: list[str] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            above.append(line)
        elif (found := _HASH.fullmatch(line)) and pins:
            pins[-1].hashes.append(found["hash"])
        elif found := _PIN.fullmatch(line):
            pins.append(Pin(found["name"], found["version"], found["marker"] or "", above))
            above = []
        else:
            raise PinError(f"{path.name} has a line that is no pin: {line}")
    return pins


def write(path: Path, pins: list[Pin]) -> None:
    lines = [line for pin in pins for line in pin.lines()]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def published_hashes(pins: list[Pin], index: str = "") -> dict[str, list[str]]:
    """The hashes of all files of each package on an index, by its normalised name.

    Raises:
        PinError: uv is missing, or cannot find a version.
    """
    uv = shutil.which("uv")
    if uv is None:
        raise PinError("uv is missing: install it (https://docs.astral.sh/uv)")
    oldest = ".".join(map(str, OLDEST_PYTHON))
    command = [uv, "pip", "compile", "--universal", "--no-deps", "--generate-hashes", "--no-header"]
    command += ["--no-annotate", "--no-config", "--python-version", oldest, "--quiet", "-"]
    command += ["--default-index", index] if index else []
    asked = "\n".join(f"{pin.name}=={pin.version}" for pin in pins)
    answer = subprocess.run(command, input=asked, capture_output=True, text=True, check=False)
    if answer.returncode:
        raise PinError(answer.stderr.strip().splitlines()[-1])
    found: dict[str, list[str]] = {}
    for line in answer.stdout.splitlines():
        if pin := _PIN.fullmatch(line):
            hashes = found.setdefault(_normalised(pin["name"]), [])
        elif each := _HASH.fullmatch(line):
            hashes.append(each["hash"])
    return found


def renew(path: Path) -> None:
    """Write the hashes of all pins of one file.

    Raises:
        PinError: see ``published_hashes``.
    """
    pins = read(path)
    for build in dict.fromkeys(pin.build for pin in pins):
        chosen = [pin for pin in pins if pin.build == build]
        try:
            found = published_hashes(chosen, INDEXES.get(build, ""))
        except PinError as error:
            if not build or not all(pin.hashes for pin in chosen):
                raise
            print(f"{path.name}: hashes of +{build} are kept ({error})", file=sys.stderr)
            continue
        for pin in chosen:
            pin.hashes = sorted(found[_normalised(pin.name)])
    write(path, pins)


def _normalised(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def main() -> int:
    """Renew all files; return the exit status."""
    parser = argparse.ArgumentParser(prog="python3 -m scripts.pin_requirements")
    parser.add_argument("files", nargs="*", type=Path, help="only these requirements files")
    chosen = parser.parse_args().files or sorted(REQUIREMENTS.glob("*.txt"))
    try:
        for path in chosen:
            renew(path)
            print(f"{path.name}: {len(read(path))} packages")
    except PinError as error:
        print(f"Error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
