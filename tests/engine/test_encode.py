"""Encoding: the right patches in the right files, and nothing lost however it ends."""

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
from affine import Affine
from shapely import from_wkb

from geosam_processing import contract
from geosam_processing.contract import EncodeResult, LogEvent, ProgressEvent
from geosam_processing.engine import cache, errors
from geosam_processing.engine.cache import FeatureFolder
from geosam_processing.engine.encode import _source_path, encode, plan
from geosam_processing.engine.manifest import write_manifest
from geosam_processing.engine.models.sam_architectures import build_sam
from geosam_processing.engine.patch_encoder import (
    PatchProgress,
    duration,
    encode_pixels,
    suitable_batch_size,
)
from tests.engine.stand_in_adapter import (
    NORTH_UP,
    PATCH,
    StandInAdapter,
    encode_request,
    install,
    write_raster,
)


@pytest.fixture
def adapter(monkeypatch: pytest.MonkeyPatch) -> StandInAdapter:
    adapter = StandInAdapter()
    install(monkeypatch, adapter)
    return adapter


@pytest.fixture
def raster(tmp_path: Path) -> Path:
    """Three columns and two rows of patches at a stride of half a patch."""
    return write_raster(tmp_path / "ortho.tif", 2 * PATCH, PATCH + 10)


@pytest.fixture
def output(tmp_path: Path) -> Path:
    return tmp_path / "features"


def pooled_values(raster: Path, x: int, y: int) -> torch.Tensor:
    """What the stand-in model makes of the full patch at x, y, worked out apart."""
    with rasterio.open(raster) as source:
        patch = source.read().astype(np.float32)[:, y : y + PATCH, x : x + PATCH]
    blocks = patch.reshape(3, PATCH // 16, 16, PATCH // 16, 16)
    return torch.from_numpy(blocks.mean(axis=(2, 4)))[None]


def chips_on_disk(output: Path) -> dict[str, bytes]:
    return {path.stem: path.read_bytes() for path in sorted(output.glob("*/features/*"))}


def modified(output: Path) -> dict[str, int]:
    return {path.stem: path.stat().st_mtime_ns for path in output.glob("*/features/*.pt")}


def opens_whole(output: Path, chip_count: int) -> None:
    folder = FeatureFolder.open(output)
    assert len(folder.chips) == chip_count
    for chip in folder.chips:
        folder.load(chip)


@pytest.mark.parametrize("batch_size", [0, 1, 4])
def test_every_patch_is_where_it_belongs(
    adapter: StandInAdapter, raster: Path, output: Path, batch_size: int
) -> None:
    result = encode(encode_request(raster, output, batch_size=batch_size, precision="float32"))
    assert (result.patch_count, result.reused_count, result.skipped_count) == (6, 0, 0)
    assert (result.model, result.crs) == ("stand_in", "EPSG:32633")
    assert result.value_range == (0.0, 255.0)
    assert result.output == str(output)
    assert result.manifest == str(output / "manifest.parquet")
    folder = FeatureFolder.open(result.output)
    places = [(x, y) for y in (0, 10) for x in (0, 32, 64)]
    assert len(folder.chips) == len(result.patches) == 6
    for chip, record, (x, y) in zip(folder.chips, result.patches, places, strict=True):
        features = folder.load(chip).image_embedding
        torch.testing.assert_close(features, pooled_values(raster, x, y))
        assert chip.transform == NORTH_UP * Affine.translation(x, y)
        assert (chip.chip_id, chip.row, chip.column) == (record.chip_id, record.row, record.column)
        assert not record.reused and not record.skipped and record.nodata_share == 0
        assert from_wkb(record.wkb).equals(chip.polygon)
    assert (result.patches[4].row, result.patches[4].column) == (1, 1)


def test_sam2_features_are_stored_with_their_finer_maps(
    adapter: StandInAdapter, raster: Path, output: Path
) -> None:
    adapter.family = "sam2"
    encode(encode_request(raster, output, batch_size=4))
    folder = FeatureFolder.open(output)
    assert folder.model_type == "sam2"
    shapes = [tuple(level.shape) for level in folder.load(folder.chips[5]).high_resolution]
    assert shapes == [(1, 3, 16, 16), (1, 3, 8, 8)]


def test_bands_and_range_reach_the_model(
    adapter: StandInAdapter, raster: Path, output: Path
) -> None:
    request = encode_request(
        raster,
        output,
        source=contract.Raster(str(raster), bands=(3, 1)),
        value_range=(50.0, 100.0),
        stride=PATCH,
    )
    encode(request)
    with rasterio.open(raster) as source:
        values = source.read([3, 1, 1])[:, :PATCH, :PATCH].astype(np.float32)
    expected = (values.clip(50, 100) - 50) * 255 / 50
    np.testing.assert_allclose(adapter.images[0].numpy(), expected, atol=1e-3)


def test_range_from_statistics_is_one_for_all(
    adapter: StandInAdapter, raster: Path, output: Path
) -> None:
    lines: list[LogEvent] = []
    result = encode(encode_request(raster, output, value_range=None), log=lines.append)
    assert result.value_range == (1.0, 255.0)
    texts = [line.text for line in lines]
    assert "Value range: 1 to 255, from the statistics of the raster" in texts
    assert "Device: cpu, computing in float32" in texts
    assert any(text.startswith("Model: stand_in") for text in texts)


def test_plan_says_what_encode_will_do(adapter: StandInAdapter, raster: Path, output: Path) -> None:
    request = encode_request(
        raster, output, source=contract.Raster(str(raster), extent=(500000, 4999872, 500192, 5e6))
    )
    planned = plan(request)
    assert (planned.width, planned.height, planned.stride) == (96, 64, 32)
    assert [planned.chip(window).chip_id for window in planned.patches] == [
        "chip_000000",
        "chip_000001",
    ]
    assert not output.exists() and not adapter.images
    encode(request)
    chips = FeatureFolder.open(output).chips
    wanted = [planned.chip(window) for window in planned.patches]
    assert [(c.transform, c.shape, c.row, c.column) for c in chips] == [
        (c.transform, c.shape, c.row, c.column) for c in wanted
    ]


@pytest.mark.parametrize(
    "transform",
    [
        Affine(2, 0, 500000, 0, 2, 4000000),
        Affine.translation(500000, 4000000) * Affine.rotation(30) * Affine.scale(0.3, -0.3),
    ],
    ids=["south-up", "rotated"],
)
def test_transform_is_recorded_exactly(
    adapter: StandInAdapter, tmp_path: Path, output: Path, transform: Affine
) -> None:
    raster = write_raster(tmp_path / "turned.tif", 100, 80, transform)
    with rasterio.open(raster) as source:
        # What GeoTIFF keeps of it.
        transform = source.transform
    result = encode(encode_request(raster, output))
    chip = FeatureFolder.open(output).chips[-1]
    expected = transform * Affine.translation(100 - PATCH, 80 - PATCH)
    assert tuple(chip.transform) == tuple(expected)
    assert from_wkb(result.patches[-1].wkb).exterior.coords[2] == expected * (PATCH, PATCH)


def test_raster_smaller_than_a_patch(adapter: StandInAdapter, tmp_path: Path, output: Path) -> None:
    raster = write_raster(tmp_path / "small.tif", 32, 20)
    result = encode(encode_request(raster, output))
    assert result.patch_count == 1
    (chip,) = FeatureFolder.open(output).chips
    assert (chip.shape, chip.dst_shape) == ((20, 32), (PATCH, PATCH))
    # Twice as large in the upper left corner, the rest is the model's mean colour.
    padding = adapter.images[0][:, 40:, :]
    assert torch.equal(padding, torch.tensor([10.0, 20, 30])[:, None, None].expand_as(padding))


def test_same_settings_reuse_all(adapter: StandInAdapter, raster: Path, output: Path) -> None:
    encode(encode_request(raster, output))
    before, count = modified(output), len(adapter.images)
    events: list[ProgressEvent] = []
    # Neither of these decides what a chip holds.
    result = encode(
        encode_request(raster, output, batch_size=3, flush_every=1), progress=events.append
    )
    assert (result.patch_count, result.reused_count) == (6, 6)
    assert all(record.reused for record in result.patches)
    assert modified(output) == before
    assert len(adapter.images) == count
    assert [(event.done, event.total) for event in events] == [(6, 6)]


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

    monkeypatch.setattr(cache, "write_manifest", noting)
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
    (features / ".chip_000003.pt.part").write_bytes(whole["chip_000003"][:100])
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
        encode(request, cancelled=lambda: len(adapter.images) >= stop_after)
    assert len(adapter.images) == stop_after
    opens_whole(output, stop_after)
    assert encode(request).reused_count == stop_after


def test_cancelled_at_once(adapter: StandInAdapter, raster: Path, output: Path) -> None:
    with pytest.raises(errors.Cancelled):
        encode(encode_request(raster, output), cancelled=lambda: True)
    assert not adapter.images
    assert list(output.iterdir()) == []


def test_cancel_while_chips_are_checked_keeps_the_manifest(
    adapter: StandInAdapter, raster: Path, output: Path
) -> None:
    encode(encode_request(raster, output))
    with pytest.raises(errors.Cancelled):
        encode(encode_request(raster, output), cancelled=lambda: True)
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
    from geosam_processing.engine.raster import RasterView

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
            encode(encode_request(raster, output, flush_every=2), log=lines.append)
    # Two chips, then the manifest that names them; the third chip found the disk full.
    opens_whole(output, 2)
    assert not list(output.rglob("*.part"))
    assert encode(encode_request(raster, output, flush_every=2)).reused_count == 2


def test_too_little_disk_is_said_before(
    adapter: StandInAdapter, raster: Path, output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(10**9, 10**9, 1000))
    with pytest.raises(errors.OutputError, match="6 patches .* has 1 kB free"):
        encode(encode_request(raster, output))
    assert not adapter.images


def half_empty_raster(path: Path) -> Path:
    values = np.random.default_rng(3).integers(1, 255, (3, PATCH, 3 * PATCH), dtype=np.uint8)
    values[:, :, : PATCH + 16] = 0
    return write_raster(path, 3 * PATCH, PATCH, values=values, nodata=0)


def test_patches_without_data_are_skipped(
    adapter: StandInAdapter, tmp_path: Path, output: Path
) -> None:
    raster = half_empty_raster(tmp_path / "ortho.tif")
    request = encode_request(raster, output, stride=PATCH)
    for reused in (0, 2):
        result = encode(request)
        assert (result.patch_count, result.skipped_count, result.reused_count) == (2, 1, reused)
        assert [record.skipped for record in result.patches] == [True, False, False]
        assert [record.nodata_share for record in result.patches] == [1.0, 0.25, 0.0]
        assert [chip.nodata_share for chip in FeatureFolder.open(output).chips] == [0.25, 0.0]
    # Nodata looks like the model's padding.
    assert adapter.images[0][:, 0, 0].tolist() == [10.0, 20.0, 30.0]


def test_patches_without_data_are_encoded_on_request(
    adapter: StandInAdapter, tmp_path: Path, output: Path
) -> None:
    raster = half_empty_raster(tmp_path / "ortho.tif")
    result = encode(encode_request(raster, output, stride=PATCH, include_nodata=True))
    assert (result.patch_count, result.skipped_count) == (3, 0)


def test_raster_without_any_data(adapter: StandInAdapter, tmp_path: Path, output: Path) -> None:
    values = np.zeros((1, PATCH, 2 * PATCH), dtype=np.uint8)
    raster = write_raster(tmp_path / "empty.tif", 2 * PATCH, PATCH, values=values, nodata=0)
    with pytest.raises(errors.RasterError, match="no data in any of its 3 patches"):
        encode(encode_request(raster, output))
    assert not (output / "manifest.parquet").exists()


@pytest.mark.parametrize(
    "shortage",
    [
        torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB"),
        RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`"),
        RuntimeError("MPS backend out of memory (MPS allocated: 8.00 GB)"),
    ],
)
def test_batch_is_halved_until_it_fits(
    adapter: StandInAdapter, raster: Path, output: Path, shortage: RuntimeError
) -> None:
    adapter.largest_batch, adapter.shortage = 2, shortage
    lines: list[LogEvent] = []
    result = encode(encode_request(raster, output, batch_size=5), log=lines.append)
    assert result.patch_count == 6
    assert max(adapter.batches) == 2
    assert any("going on with 2" in line.text for line in lines if line.level == "warning")
    opens_whole(output, 6)


@pytest.mark.parametrize(
    ("precision", "factor"),
    [("float16", 1e4), *(("float32", float(factor)) for factor in ("inf", "-inf", "nan"))],
)
def test_features_beyond_their_type_are_said(
    adapter: StandInAdapter, raster: Path, output: Path, precision: str, factor: float
) -> None:
    adapter.factor = factor
    with pytest.raises(errors.ModelError, match="no numbers.*COMPUTE_PRECISION float32"):
        encode(encode_request(raster, output, precision=precision))
    assert not list(output.glob("*/features/*.pt"))


def test_pixels_go_to_a_gpu_from_pinned_memory(
    adapter: StandInAdapter, monkeypatch: pytest.MonkeyPatch
) -> None:
    adapter.device = torch.device("cuda:0")
    done: list[str] = []

    def pin(images: torch.Tensor) -> torch.Tensor:
        done.append("pinned")
        return images

    def send(images: torch.Tensor, device: torch.device, non_blocking: bool) -> torch.Tensor:
        done.append(f"sent to {device}, waiting: {not non_blocking}")
        return images

    monkeypatch.setattr(torch.Tensor, "pin_memory", pin)
    monkeypatch.setattr(torch.Tensor, "to", send)
    encode_pixels(adapter, np.zeros((2, 3, PATCH, PATCH), np.float32))
    assert done == ["pinned", "sent to cuda:0, waiting: False"]
    assert adapter.batches == [2]


def test_too_little_memory_for_one_patch(
    adapter: StandInAdapter, raster: Path, output: Path
) -> None:
    adapter.largest_batch = 0
    with pytest.raises(errors.DeviceError, match="does not suffice for one patch"):
        encode(encode_request(raster, output, batch_size=4))


def test_features_that_cannot_be_reused(
    adapter: StandInAdapter, raster: Path, output: Path
) -> None:
    adapter.reusable_features = False
    with pytest.raises(errors.ModelError, match="cannot be stored and reused"):
        encode(encode_request(raster, output))
    assert not output.exists()


def test_stride_that_leaves_gaps(adapter: StandInAdapter, raster: Path, output: Path) -> None:
    request = encode_request(raster, output, stride=PATCH + 1)
    for attempt in (encode, plan):
        with pytest.raises(errors.ModelError, match=r"STRIDE \(65\).* valid values are 1 to 64"):
            attempt(request)


@pytest.mark.parametrize(("stride", "hinted"), [(PATCH, True), (PATCH // 2, False)])
def test_hint_when_patches_do_not_overlap(
    adapter: StandInAdapter, raster: Path, output: Path, stride: int, hinted: bool
) -> None:
    lines: list[LogEvent] = []
    encode(encode_request(raster, output, stride=stride), log=lines.append)
    assert any("do not overlap" in line.text for line in lines) == hinted


def test_progress_counts_every_patch(adapter: StandInAdapter, raster: Path, output: Path) -> None:
    events: list[ProgressEvent] = []
    encode(encode_request(raster, output), progress=events.append)
    assert [(event.done, event.total) for event in events] == [(done, 6) for done in range(1, 7)]


def test_progress_tells_rate_and_time_left() -> None:
    events: list[ProgressEvent] = []
    seconds = iter([0.0, 10.0])
    progress = PatchProgress(12, 2, events.append, clock=lambda: next(seconds))
    progress.step()
    assert [event.text for event in events] == [
        "patch 2 of 12, reused",
        "patch 3 of 12, 0.10 patches/s, 1 min 30 s left",
    ]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 s"), (59.4, "59 s"), (61, "1 min 1 s"), (3000, "50 min"), (7500, "2 h 5 min")],
)
def test_durations_are_for_people(seconds: float, text: str) -> None:
    assert duration(seconds) == text


@pytest.mark.parametrize(
    ("free_gigabytes", "patch_size", "expected"),
    [(1, 1024, 1), (10, 1024, 2), (80, 1024, 8), (2, 512, 2)],
)
def test_batch_size_follows_free_gpu_memory(
    monkeypatch: pytest.MonkeyPatch, free_gigabytes: int, patch_size: int, expected: int
) -> None:
    monkeypatch.setattr(
        torch.cuda, "mem_get_info", lambda device: (free_gigabytes << 30, 100 << 30)
    )
    assert suitable_batch_size(torch.device("cuda", 0), patch_size) == expected
    assert suitable_batch_size(torch.device("cpu"), patch_size) == 1


def test_passwords_do_not_reach_the_manifest() -> None:
    assert _source_path("PG:host=h password=secret dbname=d") == "PG:host=h password=*** dbname=d"
    # pragma: allowlist nextline secret
    assert _source_path("/vsicurl/https://me:secret@host/a.tif") == (
        "/vsicurl/https://me:***@host/a.tif"
    )


def test_real_network_end_to_end(tmp_path: Path, output: Path) -> None:
    torch.manual_seed(1)
    network = build_sam("geosam_nano")
    checkpoint = tmp_path / "own.pt"
    torch.save(network.state_dict(), checkpoint)
    raster = write_raster(tmp_path / "scene.tif", 640, 512)
    request = encode_request(
        raster,
        output,
        model=contract.Model("geosam_nano", str(checkpoint)),
        device=contract.Device("cpu"),
        stride=256,
        precision="float32",
    )
    lines: list[LogEvent] = []
    result: EncodeResult = encode(request, log=lines.append)
    assert (result.patch_count, result.model) == (2, "geosam_nano")
    assert any("sam2.1_hiera_tiny or larger" in line.text for line in lines)
    folder = FeatureFolder.open(output)
    found = folder.load(folder.chips[1]).image_embedding
    with rasterio.open(raster) as source:
        image = torch.from_numpy(source.read()[:, :, 128:].astype(np.float32))[None]
    with torch.inference_mode():
        pixels = (image - network.pixel_mean) / network.pixel_std
        expected = network.image_encoder(pixels)
    torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-4)
    assert folder.checkpoint_path == str(checkpoint)
