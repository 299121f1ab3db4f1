"""Runs that are killed while they write, several at once in one folder, and on full disks."""

from __future__ import annotations

import functools
import random
import resource
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from geosam_processing.engine.errors import GeoSamError, OutputError
from scripts.campaign.encodings import (
    are_same,
    content_of,
    encode_lightly,
    is_same,
    manifest_of,
)
from scripts.campaign.isolated import Copy, fork
from scripts.campaign.outcomes import CRASH, HANG, LOST, TOLD, TRACEBACK, WHOLE, WRONG, Tally

_PATIENCE = 120  # seconds


def killed(scene: Path, reference: dict[str, Any], folder: Path, count: int, seed: int) -> Tally:
    """Encode into one folder, killed again and again, until it is done; then anew."""
    tally, generator = Tally("Encode killed at any moment"), random.Random(seed)
    output, known = folder / "killed", set[str]()
    seconds = _duration(scene, folder / "timed")
    while tally.trials < count:
        copy = _started(scene, output)
        for line in copy.lines(_PATIENCE):
            if line == "begin":
                break
        time.sleep(generator.uniform(0, seconds))
        copy.kill()
        copy.end()
        what = f"kill {tally.trials} of seed {seed}"
        try:
            found = content_of(output) if manifest_of(output).exists() else {}
        except GeoSamError as error:
            tally.add(LOST, f"{what}: {error}")
            break
        if not known <= found.keys():
            tally.add(LOST, f"{what}: {sorted(known - found.keys())}")
        elif not all(is_same(found[name], reference[name]) for name in found):
            tally.add(WRONG, what)
        else:
            tally.add(WHOLE, what)
        known = set(found)
        if known == reference.keys():
            shutil.rmtree(output)
            known = set()
    return tally


def at_once(
    scene: Path, reference: dict[str, Any], folder: Path, count: int, numbers: tuple[int, ...]
) -> Tally:
    """Several encodings into one folder, ``count`` times for each of ``numbers``."""
    tally = Tally("Encodes at once in one folder")
    for trial in range(count):
        for number in numbers:
            output = folder / f"at_once_{trial}_{number}"
            copies = [_started(scene, output) for _ in range(number)]
            said = [_last(copy) for copy in copies]
            what = f"{number} at once, trial {trial}: {said}"
            tally.add(_of_all(said, output, reference), what)
            shutil.rmtree(output, ignore_errors=True)
    return tally


def on_full_disks(
    scene: Path, reference: dict[str, Any], folder: Path, count: int, seed: int
) -> Tally:
    """Encode while no file may grow beyond some size; then again with room."""
    tally, generator = Tally("Encode on a full disk"), random.Random(seed)
    sizes = [path.stat().st_size for path in (scene.parent / "reference").rglob("*.*")]
    largest = max(sizes)
    for trial in range(count):
        output, room = folder / f"full_{trial}", generator.randrange(largest + largest // 5)
        said = _last(_started(scene, output, room))
        outcome = {"done": WHOLE, "told": TOLD}.get(said, TRACEBACK)
        if outcome == TOLD and manifest_of(output).exists():
            outcome = _kept(output, reference)
        if outcome in (WHOLE, TOLD):
            again = _last(_started(scene, output))
            if again != "done" or not are_same(content_of(output), reference):
                outcome = LOST
        tally.add(outcome, f"{room} bytes, trial {trial} of seed {seed}: {said}")
        shutil.rmtree(output, ignore_errors=True)
    return tally


def _kept(output: Path, reference: dict[str, Any]) -> str:
    try:
        found = content_of(output)
    except GeoSamError:
        return LOST
    return TOLD if all(is_same(found[name], reference[name]) for name in found) else WRONG


def _of_all(said: list[str], output: Path, reference: dict[str, Any]) -> str:
    if any(each not in ("done", "told") for each in said):
        bad = next(each for each in said if each not in ("done", "told"))
        return {"": CRASH, "hang": HANG}.get(bad, TRACEBACK)
    try:
        found = content_of(output)
    except GeoSamError:
        return LOST
    if "done" not in said or found.keys() != reference.keys():
        return LOST
    return WHOLE if are_same(found, reference) else WRONG


def _started(scene: Path, output: Path, room: int = 0) -> Copy:
    return fork(functools.partial(_encode, scene, output, room))


def _encode(scene: Path, output: Path, room: int, send: Callable[[str], None]) -> None:
    """Encode, and send "done", "told", or the error; with ``room`` bytes for each file."""
    if room:
        _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, hard))
    send("begin")
    try:
        encode_lightly(scene, output)
        send("done")
    except OutputError:
        send("told")
    except Exception as error:
        send(f"{type(error).__name__}: {str(error)[:300]}".replace("\n", " "))


def _last(copy: Copy) -> str:
    """The last line of a copy; empty if it died before."""
    lines = [line for line in copy.lines(_PATIENCE) if line != "begin"]
    copy.kill()
    copy.end()
    return lines[-1] if lines else ""


def _duration(scene: Path, output: Path) -> float:
    began = time.monotonic()
    _last(_started(scene, output))
    return time.monotonic() - began
