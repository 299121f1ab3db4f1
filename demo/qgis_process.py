"""Run algorithms with QGIS's own command line program."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from collections.abc import Mapping
from pathlib import Path

PROGRAM = os.environ.get("QGIS_PROCESS", "qgis_process")
PLUGIN = "geosam_processing"
_VALUE = re.compile(r"^(?!ERROR:)([A-Z][A-Z0-9_]*):\t(.*)$")
# Headings, progress, and what old libraries say about new files.
_NOISE = re.compile(
    r"^([-.\d\s]*( - done\.)?|Inputs|Results|.*setapi\(\) is deprecated"
    r"|Warning 1: This version of GeoPackage.*)$"
)
# The progress bar shares its line with what is said next.
_PROGRESS = re.compile(r"^[.\d]*\.[.\d]*(?=[A-Za-z])")


class DemoError(Exception):
    """A step of the demo did not do what it should."""


def enable_plugin() -> None:
    """Make sure that the plugin is enabled in the profile in use.

    Raises:
        DemoError: QGIS does not know the plugin.
    """
    if re.search(rf"^\*\s*{PLUGIN}\s*$", _run(["plugins"]).stdout, re.MULTILINE):
        return
    answer = _run(["plugins", "enable", PLUGIN])
    if not re.search(rf"^\*\s*{PLUGIN}\s*$", _run(["plugins"]).stdout, re.MULTILINE):
        raise DemoError(f"QGIS could not enable the plugin: {answer.stdout}{answer.stderr}")


def command_of(algorithm: str, parameters: Mapping[str, str | int | float | Path]) -> list[str]:
    """The command that runs an algorithm, as a person types it."""
    values = (f"{key}={value}" for key, value in parameters.items())
    return [Path(PROGRAM).name, "run", algorithm, "--", *values]


def run_algorithm(algorithm: str, **parameters: str | int | float | Path) -> Mapping[str, str]:
    """Run an algorithm, its log printed as it comes; answers the values of its outputs.

    Raises:
        DemoError: it failed. qgis_process may exit 0 then, so a result is asked for.
    """
    name, *arguments = command_of(algorithm, parameters)
    print(f"\n$ {name} {shlex.join(arguments)}", flush=True)
    process = subprocess.Popen(
        [PROGRAM, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    results: dict[str, str] = {}
    with process:
        reading_results = False
        for line in process.stdout or ():
            line = _PROGRESS.sub("", line.rstrip())
            value = _VALUE.match(line)
            if line == "Results":
                reading_results = True
            elif reading_results and value:
                results[value[1]] = value[2]
            elif not value and not _NOISE.match(line):
                print(f"  {line}", flush=True)
    if process.returncode or not results:
        raise DemoError(f"{algorithm} ended with status {process.returncode}, see above")
    return results


def _run(arguments: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [PROGRAM, *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
