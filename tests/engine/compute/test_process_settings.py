"""How many threads the engine's process takes, by what the machine has free."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch

from geosam_processing.engine.compute import machine as machine_module
from geosam_processing.engine.compute.machine import free_cores, use_all_cores, use_free_cores

TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


class Machine:
    """A machine of 8 cores whose others keep so many busy, at normal or at lowered priority."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.busy = self.lowered = self.now = 0.0

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.write()

    def write(self) -> None:
        user, nice = (int(load * (50 + self.now) * TICKS) for load in (self.busy, self.lowered))
        self.path.write_text(f"cpu  {user} {nice} 0 1000 0 0 0 0 0 0\ncpu0 1 1 1 1\n")


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    machine = Machine(tmp_path / "stat")
    monkeypatch.setattr(machine_module, "_STATISTICS", machine.path)
    monkeypatch.setattr(machine_module, "_QUOTA", tmp_path / "cpu.max")
    monkeypatch.setattr(os, "cpu_count", lambda: 8)
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: set(range(8)), raising=False)
    monkeypatch.setattr(time, "sleep", machine.sleep)
    monkeypatch.setattr(time, "monotonic", lambda: machine.now)
    monkeypatch.setattr(time, "process_time", lambda: 0.0)
    machine.write()
    return machine


@pytest.mark.parametrize(
    ("busy", "lowered", "free"), [(0, 0, 8), (3, 0, 5), (0, 8, 8), (7, 1, 1), (8, 0, 1)]
)
def test_threads_are_the_cores_that_others_leave(
    machine: Machine, busy: float, lowered: float, free: int
) -> None:
    machine.busy, machine.lowered = busy, lowered
    machine.write()
    assert free_cores() == free


def test_own_work_does_not_count(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "process_time", lambda: 3 * machine.now)
    machine.busy = 5
    machine.write()
    assert free_cores() == 6


def test_affinity_limits(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: {0, 5}, raising=False)
    assert free_cores() == 2


@pytest.mark.parametrize(
    ("limit", "free"), [("250000 100000", 3), ("50000 100000", 1), ("max 1", 8)]
)
def test_containers_limit(machine: Machine, limit: str, free: int) -> None:
    machine_module._QUOTA.write_text(limit)
    assert free_cores() == free


def test_system_that_does_not_tell(machine: Machine) -> None:
    machine.path.unlink()
    assert free_cores() == 8


def test_number_that_the_user_fixed_stays(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[int] = []
    monkeypatch.setattr(torch, "set_num_threads", taken.append)
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    use_free_cores()
    assert taken == []
    monkeypatch.delenv("OMP_NUM_THREADS")
    machine.busy = 6
    machine.write()
    use_free_cores()
    assert taken == [2]


def test_all_cores_are_taken_whether_free_or_not(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[int] = []
    monkeypatch.setattr(torch, "set_num_threads", taken.append)
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    machine.busy = 6
    machine.write()
    use_all_cores()
    assert taken == [8]
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    use_all_cores()
    assert taken == [8]


@pytest.mark.parametrize("all_cores", [False, True])
@pytest.mark.parametrize("fails", [False, True])
def test_a_large_run_takes_cores_and_gives_memory_back(
    monkeypatch: pytest.MonkeyPatch, fails: bool, all_cores: bool
) -> None:
    done: list[str] = []
    monkeypatch.setattr(machine_module, "use_all_cores", lambda: done.append("all cores"))
    monkeypatch.setattr(machine_module, "use_free_cores", lambda: done.append("cores"))
    monkeypatch.setattr(machine_module, "give_back_heap", lambda: done.append("memory"))
    with contextlib.suppress(ZeroDivisionError), machine_module.large_run(all_cores):
        done.append("work")
        assert 1 / (not fails)
    assert done == ["all cores" if all_cores else "cores", "work", "memory"]


_HEAP = """
import sys
from geosam_processing.engine.compute.machine import give_back_heap, settle

def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096 // 2**20

if "settle" in sys.argv:
    settle()
import numpy as np
before = resident()
large = [np.ones(2**20) for _ in range(64)]
del large
kept = resident() - before
give_back_heap()
print(kept, resident() - before)
"""


@pytest.mark.slow
@pytest.mark.skipif(not machine_module._has_glibc(), reason="it is glibc's heap")
def test_memory_is_kept_until_it_is_given_back() -> None:
    def kept_and_left(*arguments: str) -> tuple[int, ...]:
        """MiB of 512 that the process holds once they are freed, and once they are given back."""
        command = [sys.executable, "-c", _HEAP, *arguments]
        folder = Path(machine_module.__file__).parents[3]
        output = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
        return tuple(map(int, output.stdout.split()))

    kept, left = kept_and_left("settle")
    assert kept > 400 and left < 100
    assert max(kept_and_left()) < 100


def test_importing_the_engine_changes_no_process() -> None:
    """The settings are made by the engine's own main program, not by who imports the library."""
    source = Path(machine_module.__file__).parents[1]
    users = [path.name for path in source.rglob("*.py") if "machine.settle" in path.read_text()]
    assert users == ["server.py"]


def test_lasting_objects_are_not_looked_through_again() -> None:
    program = (
        "import gc; from geosam_processing.engine.compute.machine import lasting_objects\n"
        "with lasting_objects():\n"
        "    quiet, kept = gc.isenabled(), [[] for _ in range(1000)]\n"
        "later = [[] for _ in range(1000)]\n"
        "watched = {id(each) for each in gc.get_objects()}\n"
        "print(quiet, gc.isenabled(), *(sum(id(each) in watched for each in lists) "
        "for lists in (kept, later)))\n"
    )
    found = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )
    assert found.stdout.split() == ["False", "True", "0", "1000"]
