"""Install what set-up, demo and tests need from Debian's packages, if it is missing.

    python3 scripts/system_packages.py [--tests]

Other systems are told what to install. Standard library only.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

# QGIS's own Python, which is not the first on the path of every machine.
QGIS_PYTHON = os.environ.get("QGIS_PYTHON", "/usr/bin/python3")


def missing_packages(tests: bool) -> list[str]:
    """Debian packages that have to be installed."""
    packages = []
    if not (shutil.which("qgis_process") or Path("/usr/bin/qgis_process.bin").exists()):
        packages.append("qgis")
    if not _imports(QGIS_PYTHON, "qgis.core"):
        packages.append("python3-qgis")
    if not _imports("python3", "ensurepip"):
        packages.append("python3-venv")
    if tests and not _imports(QGIS_PYTHON, "pytest"):
        packages.append("python3-pytest")
    if tests and not shutil.which("lrelease"):
        packages.append("qttools5-dev-tools")
    # WMS and WMTS to test with.
    if tests and not shutil.which("qgis_mapserver"):
        packages.append("qgis-server")
    # A screen for the check of QGIS's window.
    if tests and not shutil.which("xvfb-run"):
        packages += ["xvfb", "xauth"]
    return packages


def install(packages: list[str]) -> None:
    """Install ``packages`` with apt-get, as root or by sudo.

    Raises:
        SystemExit: it cannot be done here; the text says what to install by hand.
    """
    by_hand = f"install these packages and run this again: {' '.join(packages)}"
    if not shutil.which("apt-get"):
        raise SystemExit(f"No apt-get here; by what your system has, {by_hand}")
    prefix: list[str] = []
    if os.geteuid() != 0:
        if not shutil.which("sudo"):
            raise SystemExit(f"Neither root nor sudo here; as root, {by_hand}")
        prefix = ["sudo"]
    print(f"Installing Debian packages: {' '.join(packages)} (a few minutes) ...", flush=True)
    prefix += ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-y"]
    # Without recommended packages QGIS comes without its server and GRASS.
    for command in (["update"], ["install", "--no-install-recommends", *packages]):
        result = subprocess.run(
            [*prefix, *command],
            stdin=None if sys.stdin and sys.stdin.isatty() else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
        if result.returncode:
            print(result.stdout[-4000:], file=sys.stderr)
            raise SystemExit(f"apt-get {command[0]} failed (see above); {by_hand}")


def _imports(python: str, module: str) -> bool:
    path = shutil.which(python)
    if not path:
        return False
    command = [path, "-c", f"import {module}"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tests", action="store_true", help="also what tests need")
    packages = missing_packages(parser.parse_args().tests)
    if packages:
        install(packages)


if __name__ == "__main__":
    main()
