"""Run the algorithms' and the command line's tests on other versions of QGIS.

    sudo python3 scripts/qgis_versions.py [--release trixie] [-- pytest arguments]

Each version is a Debian release of its own in build/qgis-versions/, made by debootstrap from
the mirror that this machine's apt uses and kept for the next run. The engine runs as it does
outside, from the environment that `make setup` made. Debian and root only; nothing outside
build/ changes, and what is mounted is gone with the run. What pytest reports of a version is in
build/qgis-versions/<version>.xml, from which scripts/workflow_table.py makes a table. Standard
library only.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PLACE = ROOT / "build" / "qgis-versions"
PACKAGES = (
    "qgis",
    "python3-qgis",
    "python3-pytest",
    "python3-venv",
    "qttools5-dev-tools",
    "qgis-server",
)
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
# What the tests of QGIS's side are; the engine's run without QGIS.
TESTS = (
    "tests/algorithms",
    "tests/client",
    "tests/downloads",
    "tests/tiles",
    "tests/cli",
)
MADE = "made-for-geosam"
# Where the machine itself is seen from inside a release, and the engine's Python there.
OUTSIDE = "outside"
ENGINE_PYTHON = "usr/local/bin/geosam-engine-python"


@dataclass(frozen=True)
class Release:
    """A Debian release and the version of QGIS in it; ``script`` is debootstrap's for it."""

    name: str
    qgis: str
    script: str = ""


RELEASES = (
    Release("trixie", "3.40"),
    Release("forky", "3.44", "/usr/share/debootstrap/scripts/sid"),
)


def mirror() -> str:
    """Where this machine's apt has Debian from.

    Raises:
        SystemExit: apt has no Debian.
    """
    answer = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(SITE) $(LABEL) $(COMPONENT)"],
        capture_output=True,
        text=True,
        check=False,
    )
    for line in answer.stdout.splitlines():
        site, label, component = [*line.split(), "", ""][:3]
        if (label, component) == ("Debian", "main"):
            return site
    raise SystemExit("apt has no Debian source here: this needs a Debian machine")


def make(release: Release, place: Path) -> None:
    """Make the release in ``place`` with what the tests need, unless it is there."""
    stamp = place / MADE
    if stamp.exists() and stamp.read_text(encoding="utf-8").split() == list(PACKAGES):
        return
    print(f"Making Debian {release.name} with QGIS {release.qgis} (minutes) ...", flush=True)
    if not stamp.exists():
        shutil.rmtree(place, ignore_errors=True)
        place.parent.mkdir(parents=True, exist_ok=True)
        command = ["debootstrap", "--variant=minbase", "--include=ca-certificates"]
        if KEYRING.exists():
            command.append(f"--keyring={KEYRING}")
        call([*command, release.name, str(place), mirror(), *filter(None, [release.script])])
    # Of apt's configuration only how the network is reached; the sources are debootstrap's.
    for path in Path("/etc/apt/apt.conf.d").glob("*proxy*"):
        shutil.copy(path, place / "etc/apt/apt.conf.d")
    shutil.copy("/etc/resolv.conf", place / "etc/resolv.conf")
    # A mirror may lag behind the date until which its lists are valid.
    apt = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q"]
    apt += ["-o", "Acquire::Check-Valid-Until=false"]
    enter(release, place, [*apt, "update"])
    enter(release, place, [*apt, "-y", "install", "--no-install-recommends", *PACKAGES])
    enter(release, place, ["apt-get", "clean"])
    wrapper = place / ENGINE_PYTHON
    # The libraries are the machine's own, so that any Python will do; exec and env keep the
    # process and its folder.
    wrapper.write_text(
        f'#!/bin/sh\nexec chroot /{OUTSIDE} /usr/bin/env --chdir="$PWD" '
        '"$GEOSAM_OUTSIDE_PYTHON" "$@"\n'
    )
    wrapper.chmod(0o755)
    stamp.write_text("\n".join(PACKAGES), encoding="utf-8")


def test(release: Release, place: Path, arguments: list[str]) -> int:
    """Run pytest there; answers its exit status."""
    print(f"Testing with QGIS {release.qgis} (Debian {release.name}) ...", flush=True)
    with tempfile.TemporaryDirectory(prefix="geosam-versions-") as home:
        Path(home, "runtime").mkdir(mode=0o700)
        variables = {
            "HOME": home,
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
            "LANG": "C.UTF-8",
            "PYTHONDONTWRITEBYTECODE": "1",
            "QT_QPA_PLATFORM": "offscreen",
            "XDG_RUNTIME_DIR": f"{home}/runtime",
            "QGIS_CUSTOM_CONFIG_PATH": f"{home}/qgis",
            "QGIS_PLUGINPATH": str(ROOT),
            "GEOSAM_ENGINE_PYTHON": f"/{ENGINE_PYTHON}",
            "GEOSAM_OUTSIDE_PYTHON": engine_python(),
            **{name: os.environ[name] for name in os.environ if name.startswith("OMP_")},
        }
        pytest = ["python3", "-m", "pytest", "-p", "no:cacheprovider"]
        pytest += [f"--junitxml={PLACE / release.qgis}.xml", *(arguments or TESTS)]
        command = ["env", "-i", *(f"{name}={value}" for name, value in variables.items()), *pytest]
        return enter(release, place, command, check=False)


def engine_python() -> str:
    """The Python of the engine's environment on this machine."""
    python = Path(os.environ.get("GEOSAM_ENGINE_PYTHON") or ROOT / ".venv/bin/python")
    if not python.exists():
        raise SystemExit(f"There is no engine ({python}): run `make setup` first")
    return str(python)


def enter(release: Release, place: Path, command: list[str], check: bool = True) -> int:
    """Run a command in the release, with mounts that nobody else sees; its exit status."""
    inside = [sys.executable, __file__, "--inside", str(place), "--", *command]
    # A namespace of its own for the mounts: whatever ends the run, they go with it.
    unshare = ["unshare", "--mount", "--propagation", "private", "--pid", "--fork", "--kill-child"]
    return call([*unshare, *inside], check)


def inside(place: Path, command: list[str]) -> None:
    """Mount what the release needs, change into it, and become the command."""
    for name in ("proc", "dev", "tmp", OUTSIDE, str(ROOT).lstrip("/")):
        (place / name).mkdir(parents=True, exist_ok=True)
    call(["mount", "-t", "proc", "proc", str(place / "proc")])
    for source, target in (
        ("/dev", "dev"),
        ("/", OUTSIDE),
        # The same paths inside and outside: they are what crosses to the engine.
        ("/tmp", "tmp"),
        (str(ROOT), str(ROOT).lstrip("/")),
    ):
        call(["mount", "--rbind", source, str(place / target)])
    call(["mount", "-t", "proc", "proc", str(place / OUTSIDE / "proc")])
    os.chroot(place)
    os.chdir(ROOT)
    os.execvp(command[0], command)


def call(command: list[str], check: bool = True) -> int:
    """Run a command, its output to ours.

    Raises:
        SystemExit: it failed, and ``check`` is on.
    """
    code = subprocess.run(command, check=False).returncode
    if code and check:
        raise SystemExit(f"{command[0]} failed (see above): {' '.join(command)}")
    return code


def main() -> int:
    """The command line; answers the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    names = [release.name for release in RELEASES]
    parser.add_argument("--release", choices=names, action="append", help="only this one")
    parser.add_argument("--inside", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("rest", nargs="*", help="arguments for pytest; none: all tests")
    chosen = parser.parse_args()
    if chosen.inside:
        inside(chosen.inside, chosen.rest)
    if os.geteuid() != 0:
        raise SystemExit("Only root can make and enter a Debian release: run this with sudo")
    if not shutil.which("debootstrap"):
        raise SystemExit("debootstrap is missing: apt-get install debootstrap")
    outcomes = {}
    for release in RELEASES:
        if release.name in (chosen.release or names):
            place = PLACE / release.name
            make(release, place)
            outcomes[release] = test(release, place, chosen.rest)
    for release, code in outcomes.items():
        print(f"QGIS {release.qgis} (Debian {release.name}): {'failed' if code else 'passed'}")
    return 1 if any(outcomes.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
