"""Processes on this computer: started by the engine process, private to it, gone with it."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as parquet
import pytest
import torch

from geosam_processing import contract
from geosam_processing.client.client import EngineCancelled, EngineClient, EngineError, Listener
from geosam_processing.engine import errors
from geosam_processing.engine.execution import cluster as cluster_module
from geosam_processing.engine.execution.cluster import connected
from geosam_processing.engine.features.folder import FeatureFolder
from geosam_processing.engine.models.sam_architectures import build_sam
from geosam_processing.engine.run import SILENT, RunContext
from tests.engine.execution.clusters import family, listening
from tests.engine.stand_in_adapter import write_raster

pytestmark = pytest.mark.slow

MODEL = "geosam_nano"
CPU = contract.Device("cpu")
LOOPBACK = {"0100007F"}  # as /proc/net/tcp writes 127.0.0.1
linux = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Iterator[EngineClient]:
    monkeypatch.delenv("GEOSAM_ENGINE_PYTHON", raising=False)
    client = EngineClient(sys.executable)
    yield client
    client.close()


@pytest.fixture
def encode_request(tmp_path: Path) -> contract.EncodeRequest:
    """Five patches, for a small model with random weights."""
    raster = write_raster(tmp_path / "scene.tif", 1536, 512)
    checkpoint = tmp_path / "own.pt"
    torch.manual_seed(1)
    torch.save(build_sam(MODEL).state_dict(), checkpoint)
    return contract.EncodeRequest(
        contract.Raster(str(raster)),
        contract.Model(MODEL, str(checkpoint)),
        str(tmp_path / "features"),
        "scene",
        stride=256,
        value_range=(0.0, 255.0),
        compute_precision="float32",
        device=CPU,
    )


def changed(request: contract.EncodeRequest, **changes: Any) -> contract.EncodeRequest:
    return replace(request, **changes)


def workers_of(client: EngineClient) -> list[int]:
    """The processes that the engine started for work."""
    assert client._process is not None
    return [pid for pid in family(client._process.pid) if is_worker(pid)]


def is_worker(pid: int) -> bool:
    with contextlib.suppress(OSError):
        return "spawn_main" in Path(f"/proc/{pid}/cmdline").read_text()
    return False


def contents(folder: str) -> tuple[dict[str, bytes], list[dict[str, Any]]]:
    chips = {path.name: path.read_bytes() for path in Path(folder).rglob("*.pt")}
    table = parquet.read_table(Path(folder, "manifest.parquet"))
    return chips, table.drop_columns(["feature_path"]).to_pylist()


@linux
@pytest.mark.slow
def test_two_processes_make_what_one_makes(
    client: EngineClient, encode_request: contract.EncodeRequest, tmp_path: Path
) -> None:
    plain = changed(encode_request, output=str(tmp_path / "plain"))
    heard: list[set[str]] = []

    def listen(event: contract.ProgressEvent) -> None:
        assert client._process is not None
        heard.append(listening(family(client._process.pid)))

    client.call(contract.ENCODE, plain, Listener(progress=listen))
    # Nothing listens unless a cluster is asked for, and then on the loopback interface only.
    assert not set().union(*heard)
    heard.clear()
    spread = changed(encode_request, cluster="local:2")
    result = client.call(contract.ENCODE, spread, Listener(progress=listen))
    assert result.patch_count == 5
    assert contents(spread.output) == contents(plain.output)
    assert heard[0] == LOOPBACK
    heard.clear()
    listen(contract.ProgressEvent(0, 0))
    assert not heard[0]
    assert not workers_of(client)


@linux
@pytest.mark.slow
def test_cancelled_processes_end_and_keep_what_is_done(
    client: EngineClient, encode_request: contract.EncodeRequest
) -> None:
    begun = threading.Event()

    def progress(event: contract.ProgressEvent) -> None:
        begun.set()

    request = changed(encode_request, cluster="local:1", stride=32)
    with pytest.raises(EngineCancelled):
        client.call(contract.ENCODE, request, Listener(progress=progress), cancelled=begun.is_set)
    assert 1 <= len(FeatureFolder.open(request.output).chips) < 33
    assert not workers_of(client)


@linux
@pytest.mark.slow
def test_processes_end_with_an_engine_that_is_killed(
    client: EngineClient, encode_request: contract.EncodeRequest
) -> None:
    found: list[int] = []

    def kill(event: contract.ProgressEvent) -> None:
        assert client._process is not None
        found.extend(workers_of(client))
        client._process.kill()

    request = changed(encode_request, cluster="local:1", stride=32)
    with pytest.raises(EngineError, match="signal 9"):
        client.call(contract.ENCODE, request, Listener(progress=kill))
    assert found
    end = time.monotonic() + 60
    while any(map(is_worker, found)) and time.monotonic() < end:
        time.sleep(0.1)
    assert not any(map(is_worker, found))


def test_scheduler_that_nobody_reaches_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster_module, "_CONNECT_TIME", 0.3)
    with (
        pytest.raises(errors.ClusterError, match=r"tcp://127\.0\.0\.1:9 cannot be reached"),
        connected("tcp://127.0.0.1:9", CPU, SILENT),
    ):
        pass


def test_missing_package_is_named_with_the_way_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with (
        pytest.raises(errors.ClusterError, match="distributed.*Install engine"),
        connected("local", CPU, SILENT),
    ):
        pass


@pytest.mark.parametrize(
    ("cores", "memory", "count", "threads"),
    [(8, 64, None, ["1"] * 8), (8, 9, None, ["4"] * 2), (8, 1, None, ["8"]), (8, 64, 3, ["2"] * 3)],
)
def test_processes_share_the_cores_and_fit_into_memory(
    cores: int, memory: int, count: int | None, threads: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster_module.machine, "allowed_cores", lambda: cores)
    monkeypatch.setattr(cluster_module.machine, "free_memory", lambda: memory << 30)
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    found = cluster_module._environments(count, CPU)
    assert [each["OMP_NUM_THREADS"] for each in found] == threads


@pytest.mark.parametrize(
    ("visible", "count", "expected"),
    [(None, None, ["0", "1", "2"]), ("5, 7", None, ["5", "7"]), (None, 4, ["0", "1", "2", "0"])],
)
def test_each_gpu_gets_a_process(
    visible: str | None, count: int | None, expected: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 3)
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    if visible is not None:
        monkeypatch.setenv("CUDA_VISIBLE_DEVICES", visible)
    found = cluster_module._environments(count, contract.Device())
    assert [each["CUDA_VISIBLE_DEVICES"] for each in found] == expected


def test_environment_of_the_engine_is_as_before() -> None:
    before = dict(os.environ)
    lines: list[str] = []
    context = RunContext(log=lambda event: lines.append(event.text))
    with connected("local:1", CPU, context) as client:
        assert dict(os.environ) == before
        assert list(client.nthreads().values()) == [1]
    assert dict(os.environ) == before
    assert lines == ["Processes started on this computer: 1"]
