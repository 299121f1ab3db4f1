"""Encoding: nothing is lost however it ends, and the next run goes on."""

from __future__ import annotations

import errno
import os
import shutil
from collections import namedtuple
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
import torch

from geosam_processing import contract
from geosam_processing.contract import LogEvent, ProgressEvent
from geosam_processing.engine import errors
from geosam_processing.engine.compute import device as device_module
from geosam_processing.engine.encoding.encode import encode
from geosam_processing.engine.encoding.plan import continued_precision
from geosam_processing.engine.features import writer
from geosam_processing.engine.features.folder import FeatureFolder
from geosam_processing.engine.features.folder_lock import FolderLock
from geosam_processing.engine.features.manifest import write_manifest
from geosam_processing.engine.models import registry
from geosam_processing.engine.run import RunContext
from tests.engine.feature_folders import opens_whole
from tests.engine.stand_in_adapter import PATCH, StandInAdapter, encode_request, write_raster


def chips_on_disk(output: Path) -> dict[str, bytes]:
    return {path.stem: path.read_bytes() for path in sorted(output.glob("*/features/*"))}


def modified(output: Path) -> dict[str, int]:
    return {path.stem: path.stat().st_mtime_ns for path in output.glob("*/features/*.pt")}


def test_same_settings_reuse_all(adapter: StandInAdapter, raster: Path, output: Path) -> None:
    encode(encode_request(raster, output))
    before, count = modified(output), len(adapter.images)
    events: list[ProgressEvent] = []
    # Neither of these decides what a chip holds.
    result = encode(
        encode_request(raster, output, batch_size=3, flush_every=1),
        RunContext(progress=events.append),
    )
    assert (result.patch_count, result.reused_count) == (6, 6)
    assert all(record.reused for record in result.patches)
    assert modified(output) == before
    assert len(adapter.images) == count
    assert [(event.done, event.total) for event in events] == [(6, 6)]


@pytest.mark.parametrize("can", [True, False])
def test_auto_goes_on_in_the_precision_of_the_folder(
    adapter: StandInAdapter,
    raster: Path,
    output: Path,
    monkeypatch: pytest.MonkeyPatch,
    can: bool,
) -> None:
    cpu = torch.device("cpu")
    monkeypatch.setattr(device_module, "_has_bfloat16", lambda device: can)
    assert continued_precision("auto", output, cpu) == "auto"
    adapter.compute_precision = "bfloat16"
    encode(encode_request(raster, output))
    assert continued_precision("auto", output, cpu) == ("bfloat16" if can else "auto")
    assert continued_precision("float32", output, cpu) == "float32"
    (output / "manifest.parquet").write_bytes(b"damaged")
    assert continued_precision("auto", output, cpu) == "auto"


def test_other_settings_are_refused_and_nothing_changes(
    adapter: StandInAdapter, raster: Path, output: Path
) -> None:
    encode(encode_request(raster, output))
    before = chips_on_disk(output)
    request = encode_request(
        raster, output, stride=PATCH, model=contract.Model("stand_in", "other.pt")
    )
    with pytest.raises(errors.FeaturesError) as raised:
        encode(request)
    assert "stride: 32 -> 64" in str(raised.value)
    assert "checkpoint sha256: hash of stand_in.pt -> hash of other.pt" in str(raised.value)
    assert chips_on_disk(output) == before
    opens_whole(output, 6)


def test_changed_raster_is_refused(adapter: StandInAdapter, raster: Path, output: Path) -> None:
    encode(encode_request(raster, output))
    with rasterio.open(raster, "r+") as target:
        target.write(np.full((3, PATCH + 10, 2 * PATCH), 9, dtype=np.uint8))
    os.utime(raster, (1, 1))
    with pytest.raises(errors.FeaturesError, match=r"fingerprint: \w{8}\.{3} -> \w{8}\.{3}"):
        encode(encode_request(raster, output))


@pytest.mark.slow
@pytest.mark.parametrize(("count", "flush_every", "most"), [(20, 1, 20), (20, 8, 3), (120, 1, 75)])
def test_manifest_is_written_seldom_where_it_is_long(
    adapter: StandInAdapter,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    count: int,
    flush_every: int,
    most: int,
) -> None:
    """Each time it names all chips: written every few, it would take longer than the encoding."""
    sizes: list[int] = []

    def noting(folder: Path, chips: Any, *others: Any) -> Path:
        sizes.append(len(chips))
        return write_manifest(folder, chips, *others)

    monkeypatch.setattr(writer, "write_manifest", noting)
    raster = write_raster(tmp_path / "long.tif", PATCH, PATCH + count - 1)
    encode(encode_request(raster, tmp_path / "out", stride=1, flush_every=flush_every))
    assert sizes[0] == flush_every and sizes[-1] == count
    assert len(sizes) <= most
    # No more than a twentieth, or what was asked for, is ever not in it.
    assert all(new - old <= max(flush_every, new / 20) for old, new in zip(sizes, sizes[1:]))


@pytest.mark.parametrize("manifest_left", [True, False])
def test_killed_run_goes_on(
    adapter: StandInAdapter, raster: Path, output: Path, manifest_left: bool
) -> None:
    request = encode_request(raster, output, flush_every=2)
    encode(request)
    whole = chips_on_disk(output)
    features = output / raster.stem / "features"
    # As after SIGKILL in the fourth chip: the manifest, if any, names two, three are there.
    for number in (3, 4, 5):
        (features / f"chip_{number:06d}.pt").unlink()
    (features / f".geosam-{'0' * 16}.part").write_bytes(whole["chip_000003"][:100])
    if manifest_left:
        import geopandas

        named = geopandas.read_parquet(output / "manifest.parquet").iloc[:2]
        named.to_parquet(output / "manifest.parquet")
    else:
        (output / "manifest.parquet").unlink()
    adapter.images.clear()
    result = encode(request)
    assert (result.patch_count, result.reused_count) == (6, 3)
    assert [record.reused for record in result.patches] == [True] * 3 + [False] * 3
    assert len(adapter.images) == 3
    assert chips_on_disk(output) == whole
    opens_whole(output, 6)


def test_damaged_chip_alone_is_made_anew(
    adapter: StandInAdapter, raster: Path, output: Path
) -> None:
    request = encode_request(raster, output)
    encode(request)
    before = modified(output)
    path = output / "ortho" / "features" / "chip_000002.pt"
    path.write_bytes(path.read_bytes()[:-10])
    result = encode(request)
    assert result.reused_count == 5
    changed = {name for name, time in modified(output).items() if before[name] != time}
    assert changed == {"chip_000002"}
    opens_whole(output, 6)


def test_moved_folder_goes_on(
    adapter: StandInAdapter, raster: Path, output: Path, tmp_path: Path
) -> None:
    encode(encode_request(raster, output))
    moved = tmp_path / "moved"
    shutil.move(output, moved)
    result = encode(encode_request(raster, moved))
    assert (result.patch_count, result.reused_count) == (6, 6)
    assert FeatureFolder.open(moved).chips[0].path.is_relative_to(moved)
    import geopandas

    absolute = geopandas.read_parquet(moved / "manifest.parquet").feature_path
    assert all(Path(path).is_file() for path in absolute)


@pytest.mark.parametrize("stop_after", [1, 2, 4])
def test_cancel_keeps_what_is_done(
    adapter: StandInAdapter, raster: Path, output: Path, stop_after: int
) -> None:
    request = encode_request(raster, output)
    with pytest.raises(errors.Cancelled):
        encode(request, RunContext(cancelled=lambda: len(adapter.images) >= stop_after))
    assert len(adapter.images) == stop_after
    opens_whole(output, stop_after)
    assert encode(request).reused_count == stop_after


def test_cancelled_at_once(adapter: StandInAdapter, raster: Path, output: Path) -> None:
    with pytest.raises(errors.Cancelled):
        encode(encode_request(raster, output), RunContext(cancelled=lambda: True))
    assert not adapter.images
    assert not output.exists()


def test_cancel_while_chips_are_checked_keeps_the_manifest(
    adapter: StandInAdapter, raster: Path, output: Path
) -> None:
    encode(encode_request(raster, output))
    with pytest.raises(errors.Cancelled):
        encode(encode_request(raster, output), RunContext(cancelled=lambda: True))
    opens_whole(output, 6)


@pytest.mark.parametrize(
    "failure", [RuntimeError("the driver crashed"), MemoryError(), KeyboardInterrupt()]
)
def test_failure_after_patch_k_leaves_k(
    adapter: StandInAdapter, raster: Path, output: Path, failure: BaseException
) -> None:
    adapter.fail_at, adapter.failure = 3, failure
    with pytest.raises(type(failure)):
        encode(encode_request(raster, output))
    opens_whole(output, 3)
    adapter.fail_at = -1
    assert encode(encode_request(raster, output)).reused_count == 3


@pytest.mark.parametrize("batch_size", [1, 2, 4])
def test_unreadable_patch_leaves_those_before_it(
    adapter: StandInAdapter,
    raster: Path,
    output: Path,
    monkeypatch: pytest.MonkeyPatch,
    batch_size: int,
) -> None:
    from geosam_processing.engine.raster.view import RasterView

    read = RasterView.read

    def fail(view: RasterView, x: int, y: int, width: int, height: int) -> Any:
        if (x, y) == (0, 10):
            raise errors.RasterError("the file ends here")
        return read(view, x, y, width, height)

    monkeypatch.setattr(RasterView, "read", fail)
    with pytest.raises(errors.RasterError, match="the file ends here"):
        encode(encode_request(raster, output, batch_size=batch_size))
    opens_whole(output, 3)


def test_disk_that_fills_up_keeps_what_is_done(
    adapter: StandInAdapter, raster: Path, output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fsync, calls = os.fsync, []

    def fill(descriptor: int) -> None:
        calls.append(descriptor)
        if len(calls) > 3:
            raise OSError(errno.ENOSPC, "No space left on device")
        fsync(descriptor)

    lines: list[LogEvent] = []
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fill)
        with pytest.raises(errors.OutputError, match="is full.* 2 patches that are done"):
            encode(encode_request(raster, output, flush_every=2), RunContext(log=lines.append))
    # Two chips, then the manifest that names them; the third chip found the disk full.
    opens_whole(output, 2)
    assert not list(output.rglob("*.part"))
    assert encode(encode_request(raster, output, flush_every=2)).reused_count == 2


@pytest.mark.parametrize("scales", [(1,), (1, 2)])
def test_second_run_is_refused_before_the_model_is_loaded(
    adapter: StandInAdapter,
    raster: Path,
    output: Path,
    monkeypatch: pytest.MonkeyPatch,
    scales: tuple[int, ...],
) -> None:
    request = encode_request(raster, output, scales=scales)
    load, loaded = registry.load, []

    def load_and_note(*arguments: Any) -> Any:
        loaded.append(arguments)
        with pytest.raises(errors.OutputError, match="Another run is encoding into"):
            encode(request)
        return load(*arguments)

    monkeypatch.setattr(registry, "load", load_and_note)
    encode(request)
    assert len(loaded) == 1
    monkeypatch.setattr(registry, "load", load)
    with FolderLock(output), pytest.raises(errors.OutputError, match="Another run"):
        encode(request)
    assert encode(request).reused_count > 0
    assert not list(output.rglob(".geosam*"))


def test_too_little_disk_is_said_before(
    adapter: StandInAdapter, raster: Path, output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(10**9, 10**9, 1000))
    with pytest.raises(errors.OutputError, match="6 patches .* has 1 kB free"):
        encode(encode_request(raster, output))
    assert not adapter.images
