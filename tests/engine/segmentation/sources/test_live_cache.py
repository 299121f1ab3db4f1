"""The folder of features that were encoded as prompts needed them."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from geosam_processing.engine.segmentation.sources.live_cache import (
    MARKER,
    FeatureCache,
    clear,
    describe,
    key_of,
)

REPOSITORY = Path(__file__).parents[4]
ARRAYS: dict[str, NDArray[Any]] = {
    "a": np.arange(60_000, dtype=np.float16),
    "b": np.ones((2, 3), dtype=np.float32),
}


def key(number):
    return key_of({"number": number})


@pytest.fixture
def lines():
    return []


@pytest.fixture
def cache(tmp_path, lines):
    return FeatureCache(tmp_path / "live", 1, lambda event: lines.append(event.text))


def entry(cache_folder, number):
    return cache_folder / "live" / f"geosam_{key(number)}.npz"


def test_what_is_stored_comes_back(cache, tmp_path):
    assert cache.load(key(1)) is None
    cache.store(key(1), ARRAYS)
    loaded = cache.load(key(1))
    assert loaded is not None and loaded.keys() == ARRAYS.keys()
    for name, array in ARRAYS.items():
        assert loaded[name].dtype == array.dtype
        np.testing.assert_array_equal(loaded[name], array)
    cache.store(key(2), {})
    assert cache.load(key(2)) == {}
    assert describe(tmp_path / "live").count == 2
    assert describe(tmp_path / "live").size > 120_000


def test_what_was_not_used_for_longest_goes_first(cache, tmp_path):
    for number in range(8):
        cache.store(key(number), ARRAYS)
        os.utime(entry(tmp_path, number), (1000 + number, 1000 + number))
    assert cache.load(key(0)) is not None  # used just now
    cache.store(key(8), ARRAYS)
    assert not entry(tmp_path, 1).exists()
    assert entry(tmp_path, 0).exists() and entry(tmp_path, 8).exists()
    assert describe(tmp_path / "live").size <= 1_000_000


@pytest.mark.parametrize("position", [0, 500, 60_000, -30])
@pytest.mark.parametrize("damage", ["flip", "cut", "empty"])
def test_a_damaged_file_is_a_miss_and_goes(cache, tmp_path, position, damage):
    cache.store(key(1), ARRAYS)
    path = entry(tmp_path, 1)
    content = bytearray(path.read_bytes())
    if damage == "flip":
        content[position] ^= 0xFF
    else:
        content = content[:position] if damage == "cut" else bytearray()
    path.write_bytes(content)
    assert cache.load(key(1)) is None and not path.exists()
    cache.store(key(1), ARRAYS)
    assert cache.load(key(1)) is not None


def test_every_damage_is_a_miss(cache, tmp_path):
    cache.store(key(1), ARRAYS)
    path, draw = entry(tmp_path, 1), random.Random(5)
    content = path.read_bytes()
    for _ in range(200):
        mutant = bytearray(content)
        for _ in range(draw.randint(1, 8)):
            place = draw.randrange(len(mutant))
            change = draw.choice(["flip", "cut", "insert", "zeros"])
            if change == "flip":
                mutant[place] ^= 1 << draw.randrange(8)
            elif change == "cut":
                del mutant[place : place + draw.randrange(1, 100)]
            elif change == "insert":
                mutant[place:place] = draw.randbytes(draw.randrange(1, 100))
            else:
                mutant[place : place + 64] = bytes(64)
        if bytes(mutant) != content:
            path.write_bytes(mutant)
            assert cache.load(key(1)) is None and not path.exists()


def test_an_entry_of_another_name_is_a_miss(cache, tmp_path):
    cache.store(key(1), ARRAYS)
    entry(tmp_path, 1).rename(entry(tmp_path, 2))
    assert cache.load(key(2)) is None and not entry(tmp_path, 2).exists()


def test_no_megabytes_keep_nothing(tmp_path):
    cache = FeatureCache(tmp_path / "live", 0, print)
    cache.store(key(1), ARRAYS)
    assert cache.load(key(1)) is None
    assert not (tmp_path / "live").exists()


def test_only_what_a_cache_wrote_is_removed(cache, tmp_path):
    folder = tmp_path / "live"
    folder.mkdir()
    others = ["notes.txt", "geosam_scene.npz", "geosam_nano.pt", "abandoned.part", f"x{key(1)}.npz"]
    for name in others:
        (folder / name).write_text("mine")
        os.utime(folder / name, (0, 0))
    (folder / f"geosam_{key(9)}.npz").mkdir()  # not a file
    for number in range(20):
        cache.store(key(number), ARRAYS)
    assert describe(folder).size <= 1_000_000
    removed = clear(folder)
    assert removed.count > 0 and removed.size > 100_000
    assert describe(folder).count == 0
    left = {path.name for path in folder.iterdir()}
    assert left == {*others, f"geosam_{key(9)}.npz", MARKER}


def test_a_folder_that_no_cache_used_is_left_alone(tmp_path):
    name = f"geosam_{key(1)}.npz"
    (tmp_path / name).write_text("whose is this?")
    assert clear(tmp_path).count == 0
    assert (tmp_path / name).exists()
    assert clear(tmp_path / "nowhere").count == describe(tmp_path / "nowhere").count == 0
    assert clear(tmp_path / name).count == describe(tmp_path / name).count == 0  # no folder
    for folder in ("x" * 300, "../" * 3000, "~nobody/live"):
        assert clear(folder).count == describe(folder).count == 0


def test_what_cannot_be_written_is_said_once(tmp_path, lines):
    (tmp_path / "file").write_text("in the way")
    cache = FeatureCache(tmp_path / "file", 1, lambda event: lines.append(event.text))
    cache.store(key(1), ARRAYS)
    cache.store(key(2), ARRAYS)
    assert cache.load(key(1)) is None
    assert len(lines) == 1 and "GEOSAM_CACHE_FOLDER" in lines[0]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_said_once_and_leaves_nothing_behind(cache, tmp_path, lines, monkeypatch):
    cache.store(key(1), ARRAYS)

    def full(file, **arrays):
        with open("/dev/full", "wb", buffering=0) as device:
            device.write(b"x")

    monkeypatch.setattr(np, "savez", full)
    cache.store(key(2), ARRAYS)
    cache.store(key(3), ARRAYS)
    assert len(lines) == 1 and "No space left" in lines[0]
    assert sorted(path.suffix for path in (tmp_path / "live").iterdir()) == [".npz", ".txt"]
    assert cache.load(key(1)) is not None


def test_a_folder_that_vanishes_is_made_again(cache, tmp_path, lines):
    cache.store(key(1), ARRAYS)
    for path in (tmp_path / "live").iterdir():
        path.unlink()
    (tmp_path / "live").rmdir()
    assert cache.load(key(1)) is None
    cache.store(key(1), ARRAYS)
    assert cache.load(key(1)) is not None
    assert not lines


def test_a_folder_that_is_cleared_while_it_is_written_to_keeps_what_comes(
    cache, tmp_path, lines, monkeypatch
):
    cache.store(key(1), ARRAYS)
    savez = np.savez

    def savez_and_clear(file, **arrays):
        savez(file, **arrays)
        monkeypatch.setattr(np, "savez", savez)
        clear(tmp_path / "live")

    monkeypatch.setattr(np, "savez", savez_and_clear)
    cache.store(key(2), ARRAYS)
    assert not lines and cache.load(key(2)) is not None and cache.load(key(1)) is None


_WRITER = """
import sys, numpy as np
from geosam_processing.engine.segmentation.sources.live_cache import FeatureCache, key_of
cache = FeatureCache(sys.argv[1], 3, print)
print("started", flush=True)
for number in range(1_000_000):
    cache.store(key_of({"number": number % 40}), {"a": np.full(60_000, number % 40, np.float16)})
"""


def test_two_processes_share_a_folder_and_one_is_killed(tmp_path):
    folder = tmp_path / "live"
    command = [sys.executable, "-c", _WRITER, str(folder)]
    writers = [
        subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    try:
        for writer in writers:
            assert writer.stdout is not None and writer.stdout.readline() == "started\n"
        cache = FeatureCache(folder, 3, print)
        hits = 0
        deadline = time.monotonic() + 60
        while (hits <= 200 or writers[0].poll() is None) and time.monotonic() < deadline:
            for number in range(40):
                loaded = cache.load(key_of({"number": number}))
                if loaded is not None:
                    hits += 1
                    assert (loaded["a"] == number).all()
            if writers[0].poll() is None and hits > 40:
                writers[0].kill()
        assert hits > 40
        assert writers[0].wait(10) == -9
        assert writers[1].poll() is None, "the other one goes on"
    finally:
        for writer in writers:
            writer.kill()
            writer.wait()
    partial = list(folder.glob("*.part"))
    for path in partial:
        os.utime(path, (0, 0))
    cache.store(key(1), ARRAYS)
    assert not list(folder.glob("*.part")), "what was not finished is removed in time"
    assert describe(folder).size <= 3_000_000
