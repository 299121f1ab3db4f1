"""Schedulers and workers of Dask as processes of their own."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

from distributed import Client

from tests.engine.execution import stand_in_worker

REPOSITORY = Path(__file__).parents[3]


class ProcessCluster:
    """A scheduler and workers on the loopback interface, each a process."""

    def __init__(self, folder: Path, delay: float = 0.0) -> None:
        self._folder = folder
        self._file = folder / "scheduler.json"
        self._environment = {
            **os.environ,
            "PYTHONPATH": str(REPOSITORY),
            stand_in_worker.DELAY: str(delay),
            "OMP_NUM_THREADS": "1",
        }
        self.workers: list[subprocess.Popen[bytes]] = []
        options = ["--host", "127.0.0.1", "--port", "0", "--no-dashboard"]
        options += ["--dashboard-address", "127.0.0.1:0"]
        self._scheduler = self._start("scheduler", *options)

    @property
    def address(self) -> str:
        while not self._file.is_file():
            time.sleep(0.05)
        return str(json.loads(self._file.read_text())["address"])

    def add_worker(self) -> subprocess.Popen[bytes]:
        options = ["--nthreads", "1", "--no-nanny", "--no-dashboard", "--host", "127.0.0.1"]
        options += ["--local-directory", str(self._folder), "--death-timeout", "60"]
        worker = self._start("worker", *options)
        self.workers.append(worker)
        return worker

    def await_workers(self) -> None:
        """Wait until all that live are known to the scheduler."""
        living = [worker for worker in self.workers if worker.poll() is None]
        with Client(self.address, set_as_default=False) as client:
            client.wait_for_workers(len(living), timeout=60)

    def close(self) -> None:
        for process in (*self.workers, self._scheduler):
            process.kill()
            process.wait()

    def _start(self, program: str, *options: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", f"distributed.cli.dask_{program}"]
        command += ["--scheduler-file", str(self._file)]
        command += ["--preload", str(Path(stand_in_worker.__file__)), *options]
        log = (self._folder / f"{program}.log").open("ab")
        with log:
            return subprocess.Popen(command, env=self._environment, stdout=log, stderr=log)


def listening(pids: set[int]) -> set[str]:
    """The addresses on which processes listen (Linux), as ``/proc/net`` writes them."""
    sockets = set()
    for pid in pids:
        folder = Path(f"/proc/{pid}/fd")
        for link in folder.iterdir() if folder.is_dir() else ():
            try:
                target = os.readlink(link)
            except OSError:
                continue
            if found := re.fullmatch(r"socket:\[(\d+)\]", target):
                sockets.add(found[1])
    addresses = set()
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            _, local, _, state, *rest = line.split()
            if state == "0A" and rest[5] in sockets:
                addresses.add(local.split(":")[0])
    return addresses


def family(pid: int) -> set[int]:
    """A process and all that descend from it (Linux)."""
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        children.setdefault(parent, []).append(int(folder.name))
    found, waiting = set(), [pid]
    while waiting:
        each = waiting.pop()
        found.add(each)
        waiting += children.get(each, [])
    return found
