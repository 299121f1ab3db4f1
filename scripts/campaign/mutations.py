"""Damaged manifests, chips and cache entries, each read as a run would."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as arrow
import pyarrow.parquet as parquet
import torch

from geosam_processing.contract import LogEvent
from geosam_processing.engine.errors import GeoSamError
from geosam_processing.engine.features.chip_file import OUR_KEY
from geosam_processing.engine.features.manifest import GEOSAM_COLUMNS
from geosam_processing.engine.segmentation.sources.live_cache import FeatureCache, key_of
from scripts.campaign.encodings import are_same, content_of, manifest_of
from scripts.campaign.isolated import Outcome, trials
from scripts.campaign.outcomes import TOLD, WHOLE, WRONG, Tally


def manifests(folder: Path, work: Path, count: int, seed: int) -> Tally:
    """Damage the manifest of ``folder``, in its bytes and in what it says."""
    tally = Tally("Damaged manifest")
    reference, path = content_of(folder), manifest_of(work)
    shutil.copytree(folder, work)
    good, table = path.read_bytes(), parquet.read_table(path)

    def trial(number: int) -> Outcome:
        generator = random.Random(seed + number)
        if number % 2:
            path.write_bytes(damaged(good, generator))
            what = "bytes"
        else:
            changed, what = _changed(table, generator)
            parquet.write_table(changed, path)
        return _read(work, reference, f"{what}, number {number} of seed {seed}")

    _count(tally, trials(count, trial))
    return tally


def chips(folder: Path, work: Path, count: int, seed: int, of_geo_sam: bool) -> Tally:
    """Damage one chip of ``folder``; of Geo-SAM's, which have no checksum, as it writes them."""
    tally = Tally("Damaged chip of Geo-SAM" if of_geo_sam else "Damaged chip")
    shutil.copytree(folder, work)
    if of_geo_sam:
        _as_geo_sam(work)
    reference = content_of(work)
    paths = sorted(work.rglob("*.pt"))
    good = {path: path.read_bytes() for path in paths}

    def trial(number: int) -> Outcome:
        generator = random.Random(seed + number)
        path = generator.choice(paths)
        what = "bytes"
        if number % 4:
            path.write_bytes(damaged(good[path], generator))
        else:
            payload = torch.load(path, weights_only=True)
            what = _change(payload, generator)
            torch.save(payload, path)
        try:
            # A tensor of another shape that is whole is another chip, not a damaged one.
            return _read(work, reference, f"{what} of {path.name}, number {number} of seed {seed}")
        finally:
            path.write_bytes(good[path])

    _count(tally, trials(count, trial))
    return tally


def cache_entries(work: Path, count: int, seed: int) -> Tally:
    """Damage an entry of the live cache, which has to be a miss or as good as before."""
    tally = Tally("Damaged entry of the live cache")
    lines: list[LogEvent] = []
    cache = FeatureCache(work, 100, lines.append)
    generator = np.random.default_rng(seed)
    arrays = {
        "image_embedding": generator.normal(size=(1, 32, 16, 16)).astype(np.float16),
        "high_resolution_0": generator.normal(size=(1, 8, 32, 32)).astype(np.float16),
    }
    key = key_of({"campaign": seed})
    cache.store(key, arrays)
    (path,) = work.glob("geosam_*.npz")
    good = path.read_bytes()

    def trial(number: int) -> Outcome:
        random_one = random.Random(seed + number)
        path.write_bytes(damaged(good, random_one))
        found = cache.load(key)
        what = f"number {number} of seed {seed}"
        if found is None:
            return TOLD, what
        same = found.keys() == arrays.keys() and all(
            found[name].dtype == arrays[name].dtype and np.array_equal(found[name], arrays[name])
            for name in arrays
        )
        return (WHOLE if same else WRONG), what

    _count(tally, trials(count, trial))
    return tally


def damaged(content: bytes, generator: random.Random) -> bytes:
    """``content`` with bytes flipped, cut, put in, put out, or taken from elsewhere in it."""
    changed, size = bytearray(content), len(content)
    kind = generator.randrange(6)
    start = generator.randrange(size)
    length = generator.randrange(1, 1 << generator.randrange(1, 13))
    if kind <= 1:
        for _ in range(generator.randrange(1, 9)):
            changed[generator.randrange(size)] ^= 1 << generator.randrange(8)
    elif kind == 2:
        del changed[start:]
    elif kind == 3:
        changed[start:start] = generator.randbytes(length)
    elif kind == 4:
        changed[start : start + length] = bytes(len(changed[start : start + length]))
    else:
        other = generator.randrange(size)
        changed[start : start + length] = content[other : other + length]
    return bytes(changed)


def _read(folder: Path, reference: dict[str, Any], what: str) -> Outcome:
    try:
        found = content_of(folder)
    except GeoSamError as error:
        text = str(error)
        short = len(text) < 5000 and "report" not in text
        return (TOLD if short else WRONG), f"{what}: {text[:200]}"
    return (WHOLE if are_same(found, reference) else WRONG), what


def _count(tally: Tally, outcomes: Any) -> None:
    for number, (outcome, what) in outcomes:
        tally.add(outcome, f"{what or f'number {number}'}")


def _as_geo_sam(folder: Path) -> None:
    """Leave in a folder what Geo-SAM would have written."""
    path = manifest_of(folder)
    table = parquet.read_table(path).select(list(GEOSAM_COLUMNS))
    places = [str(folder / each) for each in parquet.read_table(path)["relative_path"].to_pylist()]
    table = table.set_column(0, "feature_path", arrow.array(places))
    metadata = {k: v for k, v in (table.schema.metadata or {}).items() if k == b"geo"}
    parquet.write_table(table.replace_schema_metadata(metadata), path)
    for chip in folder.rglob("*.pt"):
        payload = torch.load(chip, weights_only=True)
        payload.pop(OUR_KEY, None)
        torch.save(payload, chip)


def _changed(table: arrow.Table, generator: random.Random) -> tuple[arrow.Table, str]:
    """A manifest of which one column says something else."""
    name = generator.choice(table.column_names)
    index, count = table.column_names.index(name), table.num_rows
    changes: dict[str, Callable[[], Any]] = {
        "nothing": lambda: arrow.nulls(count),
        "numbers": lambda: arrow.array([generator.randrange(-(2**40), 2**40)] * count),
        "fractions": lambda: arrow.array([float("nan")] * count),
        "text": lambda: arrow.array(["x" * generator.randrange(300)] * count),
        "long text": lambda: arrow.array(["y" * 5_000_000] + [""] * (count - 1)),
        "nested JSON": lambda: arrow.array(["[" * 20_000] * count),
        "bytes": lambda: arrow.array([generator.randbytes(40)] * count),
        "nested WKB": lambda: arrow.array([_nested_wkb(generator.randrange(1, 50_000))] * count),
        "bad UTF-8": lambda: _bad_text(count),
        "lists": lambda: arrow.array([[1, 2]] * count),
        "maps": lambda: arrow.array([{"a": {"b": 1}}] * count),
        "truth": lambda: arrow.array([True] * count),
        "far paths": lambda: arrow.array(["../" * 2000 + "etc/passwd"] * count),
    }
    what = generator.choice([*changes, "column away", "rows away", "rows twice"])
    if what == "column away":
        return table.remove_column(index), f"{name}: {what}"
    if what == "rows away":
        return table.slice(0, generator.randrange(count)), what
    if what == "rows twice":
        return arrow.concat_tables([table, table]), what
    return table.set_column(index, name, changes[what]()), f"{name}: {what}"


def _nested_wkb(depth: int) -> bytes:
    collection = b"\x01\x07\x00\x00\x00\x01\x00\x00\x00"
    return collection * depth + b"\x01\x01\x00\x00\x00" + bytes(16)


def _bad_text(count: int) -> arrow.Array:
    bad = arrow.array([b"\xff\xfe\xfa"] * count, arrow.binary())
    return arrow.Array.from_buffers(arrow.string(), count, bad.buffers())


def _change(payload: dict[str, Any], generator: random.Random) -> str:
    """Change one tensor of a chip to what no chip has."""
    tensors = [name for name, value in payload.items() if isinstance(value, torch.Tensor)]
    lists = [name for name, value in payload.items() if isinstance(value, (list, dict))]
    name = generator.choice(tensors or lists or list(payload))
    value = payload[name]
    some = value if isinstance(value, torch.Tensor) else torch.zeros(1, 4, 4)
    changes: dict[str, Callable[[], Any]] = {
        "shape": lambda: some.reshape(-1),
        "terabyte": lambda: torch.zeros(1).expand(1, 256, 32_768, 32_768),
        "sparse": lambda: some.float().to_sparse(),
        "meta": lambda: some.to("meta"),
        "NaN": lambda: torch.full_like(some.float(), float("nan")),
        "whole numbers": lambda: torch.zeros(some.shape, dtype=torch.int64),
        "complex": lambda: torch.zeros(some.shape, dtype=torch.complex64),
        "text": lambda: "features",
        "none": lambda: None,
        "nested": lambda: [[[some]]],
    }
    what = generator.choice([*changes, "missing"])
    if what == "missing":
        del payload[name]
    else:
        payload[name] = changes[what]()
    return f"{name}: {what}"
