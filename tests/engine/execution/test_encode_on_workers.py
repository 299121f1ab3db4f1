"""Encoding on workers makes what encoding in one process makes, whatever happens to them."""

from __future__ import annotations

import os
import signal
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as parquet
import pytest

from geosam_processing import contract
from geosam_processing.contract import LogEvent, ProgressEvent
from geosam_processing.engine import errors
from geosam_processing.engine.encoding import plan
from geosam_processing.engine.encoding import workers as workers_module
from geosam_processing.engine.encoding.encode import encode
from geosam_processing.engine.encoding.merge_shards import merge_features
from geosam_processing.engine.features.folder import FeatureFolder
from geosam_processing.engine.models import registry
from geosam_processing.engine.run import RunContext
from tests.engine.component_adapter import ComponentAdapter
from tests.engine.execution.clusters import ProcessCluster
from tests.engine.execution.stand_in_worker import FAILING
from tests.engine.stand_in_adapter import PATCH, encode_request, write_raster

pytestmark = pytest.mark.slow

WIDTH, HEIGHT = 8 * PATCH, 6 * PATCH
COUNT = 15 * 11


@pytest.fixture
def raster(tmp_path: Path) -> Path:
    return write_raster(tmp_path / "ortho.tif", WIDTH, HEIGHT)


@pytest.fixture
def plain(components: ComponentAdapter, raster: Path, tmp_path: Path) -> Path:
    """The folder that one process makes."""
    encode(encode_request(raster, tmp_path / "plain"))
    return tmp_path / "plain"


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "manifest.parquet"
    }


def rows(folder: Path) -> list[dict[str, Any]]:
    table = parquet.read_table(folder / "manifest.parquet")
    found: list[dict[str, Any]] = table.drop_columns(["feature_path"]).to_pylist()
    return found


def assert_same(folder: Path, plain: Path) -> None:
    assert contents(folder) == contents(plain)
    assert rows(folder) == rows(plain)


def test_workers_make_what_one_process_makes(
    cluster: ProcessCluster, plain: Path, raster: Path, output: Path
) -> None:
    steps: list[ProgressEvent] = []
    lines: list[LogEvent] = []
    context = RunContext(progress=steps.append, log=lines.append)
    result = encode(encode_request(raster, output, cluster=cluster.address), context)
    assert_same(output, plain)
    assert result.patch_count == COUNT
    assert (steps[-1].done, steps[-1].total) == (COUNT, COUNT)
    done = [step.done for step in steps]
    assert done == sorted(done)
    assert len(done) > 5
    assert "Workers: 2; device: cpu" in [line.text for line in lines]


def test_block_of_a_killed_worker_is_done_again(
    cluster: ProcessCluster, plain: Path, raster: Path, output: Path
) -> None:
    victim = cluster.add_worker()
    cluster.await_workers()
    killed = threading.Event()

    def progress(event: ProgressEvent) -> None:
        if event.done > COUNT // 4 and not killed.is_set():
            killed.set()
            os.kill(victim.pid, signal.SIGKILL)

    encode(encode_request(raster, output, cluster=cluster.address), RunContext(progress=progress))
    assert killed.is_set()
    assert_same(output, plain)


def test_failing_block_is_named_and_the_rest_is_done(
    cluster: ProcessCluster, components: ComponentAdapter, tmp_path: Path, output: Path
) -> None:
    values = np.random.default_rng(7).integers(1, 256, (3, HEIGHT, WIDTH), dtype=np.uint8)
    values[:, :PATCH, :PATCH] = FAILING
    raster = write_raster(tmp_path / "ortho.tif", WIDTH, HEIGHT, values=values)
    lines: list[LogEvent] = []
    with pytest.raises(
        errors.ClusterError, match=r"chip_000000.*ZeroDivisionError: nobody foresaw.*Run again"
    ):
        encode(
            encode_request(raster, output, cluster=cluster.address), RunContext(log=lines.append)
        )
    assert any("chip_000000" in line.text for line in lines if line.level == "warning")
    done = {chip.chip_id for chip in FeatureFolder.open(output).chips}
    # All but the block of the patch that failed.
    assert COUNT - 16 <= len(done) < COUNT
    assert "chip_000000" not in done
    # Alone it succeeds, as the stand-in of this process does not fail.
    result = encode(encode_request(raster, output))
    assert (result.patch_count, result.reused_count) == (COUNT, len(done))


def test_cancelled_run_keeps_what_is_done(
    cluster: ProcessCluster, plain: Path, raster: Path, output: Path
) -> None:
    begun = threading.Event()

    def progress(event: ProgressEvent) -> None:
        if event.done >= 20:
            begun.set()

    request = encode_request(raster, output, cluster=cluster.address)
    with pytest.raises(errors.Cancelled):
        encode(request, RunContext(progress=progress, cancelled=begun.is_set))
    kept = len(FeatureFolder.open(output).chips)
    assert 20 <= kept < COUNT
    result = encode(request)
    assert result.reused_count >= kept
    assert_same(output, plain)


def test_worker_of_another_version_is_refused(
    cluster: ProcessCluster,
    raster: Path,
    output: Path,
    monkeypatch: pytest.MonkeyPatch,
    components: ComponentAdapter,
) -> None:
    monkeypatch.setattr(workers_module, "VERSION", "9.9.9")
    with pytest.raises(errors.ClusterError, match=r"has version .* this computer 9\.9\.9"):
        encode(encode_request(raster, output, cluster=cluster.address))
    assert not output.exists()


def test_worker_with_another_checkpoint_is_refused(
    cluster: ProcessCluster,
    components: ComponentAdapter,
    raster: Path,
    output: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    resolve = registry.resolve

    def other(model: contract.Model) -> Any:
        resolved: Any = resolve(model)
        resolved.sha256 = "another hash"
        return resolved

    monkeypatch.setattr(registry, "resolve", other)
    with pytest.raises(errors.ModelError, match="another checkpoint"):
        encode(encode_request(raster, output, cluster=cluster.address))
    assert not output.exists()


def test_workers_that_see_another_raster_are_refused(
    cluster: ProcessCluster,
    components: ComponentAdapter,
    raster: Path,
    output: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings_of = plan.settings_of

    def older(*arguments: Any) -> Any:
        return replace(settings_of(*arguments), source_fingerprint="of an older copy")

    monkeypatch.setattr("geosam_processing.engine.encoding.encode.settings_of", older)
    with pytest.raises(errors.ClusterError, match="sees another"):
        encode(encode_request(raster, output, cluster=cluster.address))


def test_shards_on_workers_are_merged_to_one_run(
    cluster: ProcessCluster, plain: Path, raster: Path, output: Path
) -> None:
    for number in (2, 1):
        shard = contract.Shard(number, 2)
        encode(encode_request(raster, output, cluster=cluster.address, shard=shard))
    merge_features(contract.MergeFeaturesRequest((str(output),)))
    assert {name: chip for name, chip in contents(output).items() if name.endswith(".pt")} == (
        contents(plain)
    )
    assert rows(output) == rows(plain)
