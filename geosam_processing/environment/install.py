"""The engine in the user's data folder: installed, renewed and removed.

An environment knows its own path, so none is ever moved. Each is made in a separate numbered
folder. The marker file next to them names the one in use and everything that was
made here: it is replaced by rename once the new environment has proved itself.

    geosam/engine/
    |-- geosam-engine.json      {"environment": "environment-2", "made": ["environment-2"]}
    |-- environment-2/
    `-- python/, uv/            only if no Python fitted and uv brought one

Standard library only, Python 3.9.
"""

import contextlib
import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Callable

from geosam_processing.contract.errors import SetupError
from geosam_processing.contract.file_lock import FileLock
from geosam_processing.contract.files import is_temporary, remove_abandoned
from geosam_processing.contract.texts import Text
from geosam_processing.environment.installer import (
    EXTRAS,
    STAMP,
    UNFINISHED,
    Plan,
    Progress,
    environment_python,
)
from geosam_processing.environment.interpreter import bring_python, fetch_uv, find_python, find_uv
from geosam_processing.environment.locate import MARKER
from geosam_processing.environment.record import PYTHONS, UV, Record
from geosam_processing.environment.setup import is_up_to_date, prove, read_stamp, set_up
from geosam_processing.environment.subprocesses import Cancelled, Say, reason_in, run

LOCK = "install.lock"
# Gigabytes that an environment needs while it is made.
NEEDED_SPACE = {"cpu": 3, "cuda": 9}


@dataclass(frozen=True)
class Installed:
    """An engine that works. ``proof`` names its versions; ``anew``: this run made it."""

    python: Path
    proof: str
    anew: bool


@dataclass(frozen=True)
class Listener:
    """Receives progress, and decides whether to stop."""

    say: Say
    cancelled: Cancelled
    progress: Progress


def install(
    folder: Path,
    plan: Plan,
    listener: Listener,
    uv: str = "",
    anew: bool = False,
    before_removal: Callable[[], None] = lambda: None,
) -> Installed:
    """An engine that works in ``folder``; the one that is there, if it is up to date.

    Args:
        uv: the program uv, which provides a Python where none fits. If empty, that on the path.
        anew: make it again also if it is up to date.
        before_removal: called when the old environment is out of use and about to go.

    Raises:
        SetupError: see ``set_up``; or the folder is another's, or too full. The old
            environment is then as it was.
        EngineCancelled: it was cancelled; the next run continues.
    """
    folder = Path(os.path.abspath(folder))
    _require_own_or_empty(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _alone(folder):
            record = Record(folder)
            used = record.used
            record.use(used)
            if used is not None:
                # Whoever had an extra once wants it in the next one as well.
                had = set(EXTRAS).intersection(read_stamp(used).get("extras", ()))
                plan = replace(plan, extras=plan.extras | had)
            if used is not None and not anew:
                proof = _proof_of(used, plan, listener.say)
                if proof:
                    _remove_others(record, used)
                    return Installed(environment_python(used), proof, anew=False)
            target = _target(record)
            _require_room(folder, plan.build())
            plan = replace(plan, python=plan.python or _python(record, plan, uv, listener))
            set_up(target, plan, listener.say, listener.cancelled, listener.progress)
            record.use(target)
            if used is not None:
                before_removal()
            _remove_others(record, target)
            proof = read_stamp(target)["proof"]
            return Installed(environment_python(target), proof, anew=True)
    except OSError as error:
        raise SetupError(
            "Cannot install the engine in {}: {}; see that the folder can be written "
            "and the disk has room, or name another FOLDER",
            folder,
            error,
        ) from error


def remove(folder: Path, before_removal: Callable[[], None] = lambda: None) -> None:
    """Remove the engine that ``install`` made in ``folder``; what else is there stays.

    Args:
        before_removal: called when nobody starts it any more and it is about to go.

    Raises:
        SetupError: there is none, or it is in use.
    """
    folder = Path(os.path.abspath(folder))
    if not (folder / MARKER).is_file():
        raise SetupError(
            "{} holds no engine that Install engine made ({} is missing), so "
            "nothing was removed: name the FOLDER that it was installed in",
            folder,
            MARKER,
        )
    try:
        with _alone(folder):
            record = Record(folder)
            # From here on nobody starts it, and a removal that is interrupted can be resumed.
            record.use(None)
            before_removal()
            record.remove_all()
        if not any(folder.iterdir()):
            folder.rmdir()
    except OSError as error:
        raise SetupError(
            "The engine in {} cannot be removed ({}): close other windows of QGIS "
            "that use it, and run this again",
            folder,
            error,
        ) from error


def _require_own_or_empty(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise SetupError("FOLDER is a file ({}): name a new or empty folder", folder)
    # A try that was killed at once may have left no more than the beginnings of these.
    foreign = folder.is_dir() and any(
        path.name != LOCK and not is_temporary(path.name) for path in folder.iterdir()
    )
    if foreign and not (folder / MARKER).is_file():
        raise SetupError(
            "{} holds something other than an engine that Install engine made: name a "
            "new or empty FOLDER",
            folder,
        )


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep other installations away; the system lets go if this process is killed."""
    lock = FileLock(folder / LOCK)
    if not lock.take():
        raise SetupError(
            "Another installation is at work in {}: run this again when it has ended", folder
        )
    try:
        remove_abandoned(folder)
        yield
    finally:
        lock.release()


def _target(record: Record) -> Path:
    """Where to make the next one: an unfinished one that can be continued, else a new one."""
    environments = record.environments()
    last = environments[-1] if environments else None
    if last is not None and last != record.used:
        if (last / UNFINISHED).exists() and not (last / STAMP).exists():
            for path in environments[:-1]:
                if path != record.used:
                    _remove_if_idle(record, path)
            return last
        # Interrupted before it was any good, or after it was given up for another.
        record.remove(last)
    return record.next_environment()


def _proof_of(environment: Path, plan: Plan, say: Say) -> str:
    """What an environment is, if it is as planned and works; else empty, and why is said."""
    build = read_stamp(environment).get("build")
    if not is_up_to_date(environment, plan.dev, plan.extras) or build != plan.build():
        say(
            "The engine that is there is of another version or build, or lacks packages: a new one "
            "is made."
        )
        return ""
    try:
        proof = prove(environment_python(environment))
    except SetupError as error:
        say(Text("The engine that is there is replaced. {}", error))
        return ""
    say(Text("The engine is up to date: {}.", proof))
    return proof


def _require_room(folder: Path, build: str) -> None:
    free = shutil.disk_usage(folder).free / 1e9
    needed = NEEDED_SPACE[build]
    if free < needed:
        raise SetupError(
            "The disk of {} has {} GB free, but the engine ({}) needs "
            "{} GB while it is installed: free some, or name a FOLDER on another disk",
            folder,
            f"{free:.1f}",
            build,
            needed,
        )


def _python(record: Record, plan: Plan, uv: str, listener: Listener) -> str:
    """A Python that fits: found on the machine, else brought by uv."""
    program = find_uv(uv)

    def run_or_fail(command: Sequence[str], variables: dict[str, str]) -> str:
        variables = {**variables, **plan.network()}
        code, lines = run(command, listener.say, listener.cancelled, variables)
        if code:
            raise SetupError(
                "No Python could be fetched: {}; or install a Python that fits, "
                "and name it with PYTHON",
                reason_in(lines),
            )
        return lines[-1] if lines else ""

    if not uv:
        try:
            return find_python()
        except SetupError as error:
            listener.say(Text("{}. Trying uv ...", error))
            missing = error
        try:
            program = program or fetch_uv(record.place(UV), run_or_fail)
        except SetupError as error:
            raise SetupError("{}. {}", missing, error) from error
    listener.say(Text("Fetching a Python with {} ...", program))
    return bring_python(program or uv, record.place(PYTHONS), run_or_fail)


def _remove_others(record: Record, used: Path) -> None:
    for path in record.environments():
        if path != used:
            _remove_if_idle(record, path)


def _remove_if_idle(record: Record, environment: Path) -> None:
    # One that is still in use on Windows goes next time.
    with contextlib.suppress(OSError):
        record.remove(environment)
