"""Work in a copy of this process, which may be killed, crash or hang."""

from __future__ import annotations

import contextlib
import faulthandler
import json
import os
import resource
import select
import signal
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from scripts.campaign.outcomes import CRASH, HANG, TRACEBACK

# Beyond what the process has: a chip of 2 kB may ask for a terabyte.
_MEMORY = 3 << 30
Outcome = tuple[str, str]


@dataclass
class Copy:
    """A forked process that does some work and ends."""

    process: int
    answers: int

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.process, signal.SIGKILL)

    def lines(self, seconds: float) -> Iterator[str]:
        """The lines that it writes; ends with it, or when none came for so long."""
        rest = b""
        while True:
            ready, _, _ = select.select([self.answers], [], [], seconds)
            block = os.read(self.answers, 1 << 16) if ready else b""
            if not block:
                return
            *lines, rest = (rest + block).split(b"\n")
            yield from (line.decode() for line in lines)

    def end(self) -> int:
        """Wait for its end, killed if need be; the signal that ended it, 0 for none."""
        deadline = time.monotonic() + 1
        status = 0
        while time.monotonic() < deadline:
            process, status = os.waitpid(self.process, os.WNOHANG)
            if process:
                break
            time.sleep(0.01)
        else:
            self.kill()
            _, status = os.waitpid(self.process, 0)
        os.close(self.answers)
        return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0


def fork(work: Callable[[Callable[[str], None]], None], memory: bool = False) -> Copy:
    """Have ``work`` done by a copy of this process; it gets a function that sends a line."""
    reader, writer = os.pipe()
    process = os.fork()
    if process:
        os.close(writer)
        return Copy(process, reader)
    status = 0
    # A crash is counted, and need not be told.
    faulthandler.disable()
    try:
        os.close(reader)
        if memory:
            used = int(_pages()) * os.sysconf("SC_PAGE_SIZE")
            resource.setrlimit(resource.RLIMIT_AS, (used + _MEMORY, resource.RLIM_INFINITY))
        with os.fdopen(writer, "w", buffering=1) as out:
            work(lambda line: print(line, file=out, flush=True))
    except BaseException:
        traceback.print_exc()
        status = 1
    finally:
        os._exit(status)


def trials(
    count: int, trial: Callable[[int], Outcome], seconds: float = 30
) -> Iterator[tuple[int, Outcome]]:
    """The outcome of ``trial(0)`` to ``trial(count - 1)``, each also if its process dies of it."""
    done = 0
    while done < count:

        def work(send: Callable[[str], None], first: int = done) -> None:
            for number in range(first, count):
                send(json.dumps([number, *_answer(trial, number)]))

        copy = fork(work, memory=True)
        for line in copy.lines(seconds):
            number, outcome, what = json.loads(line)
            done = number + 1
            yield number, (outcome, what)
        copy.kill()
        number = copy.end()
        if done < count:
            silent = number == signal.SIGKILL
            yield done, (HANG if silent else CRASH, f"signal {number}")
            done += 1


def _answer(trial: Callable[[int], Outcome], number: int) -> Outcome:
    try:
        return trial(number)
    except Exception as error:
        last = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{os.path.basename(last.filename)}:{last.lineno}"
        return TRACEBACK, f"{type(error).__name__} at {place}: {str(error)[:200]}"


def _pages() -> str:
    with open("/proc/self/statm", encoding="ascii") as file:
        return file.read().split()[0]


def any_of(value: Any) -> str:
    """A short text of a value, for an example."""
    text = repr(value)
    return text if len(text) < 200 else text[:200] + "..."
