"""Running pip, venv and their like: lines as they come, cancellable, gone with their parent.

Standard library only, Python 3.9: runs before anything is installed and inside QGIS.
"""

import contextlib
import os
import queue
import re
import signal
import subprocess
import threading
from collections.abc import Iterator, Sequence
from typing import Callable, Optional

from geosam_processing.contract.errors import EngineCancelled
from geosam_processing.contract.texts import Text
from geosam_processing.environment.locate import clean_environment

POLL = 0.1  # seconds
END_TIME = 5.0  # seconds

Say = Callable[[str], None]
Cancelled = Callable[[], bool]

# Runs a module, and ends itself with all that it started when its standard input ends:
# when the run is cancelled, and also when QGIS was killed. An orphaned pip would else
# write into an environment that the next try is making.
_WATCHED = """\
import os, runpy, signal, subprocess, sys, threading
def watch():
    os.read(0, 1)
    if os.name == "nt":
        subprocess.call(["taskkill", "/F", "/T", "/PID", str(os.getpid())])
    os.killpg(os.getpgrp(), signal.SIGKILL)
threading.Thread(target=watch, daemon=True).start()
sys.argv = sys.argv[1:]
runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
"""

# Of pip's lines those that tell how it goes.
_TELLING = ("Collecting ", "Downloading ", "Building ", "Installing ", "WARNING", "ERROR", "error")

# What pip's lines mean, by the first pattern that is found; its group fills the gap.
MISMATCH = "hash mismatch"
_HINTS = (
    (
        "DO NOT MATCH THE HASHES",
        Text(
            "a package is not the file that was tested ({}): check the package index or "
            "the folder of wheels that it came from, and empty pip's cache (pip cache purge)",
            MISMATCH,
        ),
    ),
    ("No space left|not enough space", Text("the disk is full: free 3 GB (with CUDA 9 GB)")),
    (
        "CERTIFICATE_VERIFY_FAILED",
        Text(
            "the certificate of the package index is not trusted: set PIP_CERT to your "
            "organisation's certificate file"
        ),
    ),
    (
        "NewConnectionError|ConnectTimeout|ReadTimeout|ProxyError|name resolution|failed to lookup",
        Text(
            "the network or the package index cannot be reached: check it and the proxy "
            "(HTTPS_PROXY), name a mirror (PIP_INDEX_URL), or install offline from a folder of "
            "wheels"
        ),
    ),
    (
        r"No matching distribution found for (\S+)",
        Text(
            "{} is neither on the package index that pip is configured for nor in the folder of "
            "wheels: check the network, PIP_INDEX_URL or that folder"
        ),
    ),
)


def watched(python: str, module: str, *arguments: str) -> list[str]:
    """The command that runs a module of ``python`` and ends with this process."""
    return [python, "-I", "-X", "utf8", "-c", _WATCHED, module, *arguments]


def run(
    command: Sequence[str],
    say: Say,
    cancelled: Cancelled,
    variables: Optional[dict[str, str]] = None,
) -> tuple[int, list[str]]:
    """Run a command; return its exit status and lines, and report each line that is not empty.

    Raises:
        EngineCancelled: ``cancelled``, asked every ``POLL`` seconds, said so.
    """
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
        env={**clean_environment(os.environ), **(variables or {})},
        start_new_session=True,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
    lines: list[str] = []
    try:
        for line in _lines(process, cancelled):
            lines.append(line)
            # One line for each index that a package is not on says nothing.
            if line.lstrip().startswith(_TELLING) and "is ignored" not in line:
                say("  " + line.partition(" (from -r ")[0].strip())
        process.wait()
    finally:
        _end(process)
    return process.returncode, lines


def reason_in(lines: Sequence[str]) -> str:
    """Why pip failed, in words if it is known, else its own."""
    for pattern, reason in _HINTS:
        found = re.search(pattern, "\n".join(lines))
        if found:
            return Text(reason, *found.groups())
    errors = [line for line in lines if line.startswith("ERROR")] or list(lines)
    return Text("{}; see the lines above", errors[-1] if errors else Text("it said nothing"))


def _lines(process: "subprocess.Popen[str]", cancelled: Cancelled) -> Iterator[str]:
    """A process's lines; empty ones are left out."""
    received: queue.SimpleQueue[Optional[str]] = queue.SimpleQueue()

    def read() -> None:
        with process.stdout or contextlib.nullcontext(()) as stream:
            for line in stream:
                received.put(line.rstrip())
        received.put(None)

    threading.Thread(target=read, name="geosam set-up", daemon=True).start()
    while not cancelled():
        with contextlib.suppress(queue.Empty):
            line = received.get(timeout=POLL)
            if line is None:
                return
            if line:
                yield line
    raise EngineCancelled("The installation was cancelled; run it again to continue")


def _end(process: "subprocess.Popen[str]") -> None:
    """End a process that may still run, and what it started."""
    if process.stdin is not None:
        with contextlib.suppress(OSError):
            process.stdin.close()
    if process.poll() is None and os.name != "nt":
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    try:
        process.wait(END_TIME)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
