"""The engine's report of itself."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from geosam_processing import contract
from geosam_processing.contract import Device, ReportRequest
from geosam_processing.contract.messages import from_json, to_json
from geosam_processing.engine import report as report_module
from geosam_processing.engine.compute import device as device_module
from geosam_processing.engine.compute import machine
from geosam_processing.engine.errors import Cancelled
from geosam_processing.engine.report import report
from geosam_processing.engine.run import RunContext

CPU = Device("cpu")


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report_module, "BENCHMARK_TIME", 0.3)


@pytest.mark.slow
def test_tells_versions_device_memory_and_speed(tmp_path: Path) -> None:
    found = report(ReportRequest(str(tmp_path), CPU))
    versions = dict(found.versions)
    assert versions["torch"] == torch.__version__
    assert versions["GDAL"][0].isdigit() and versions["PROJ"][0].isdigit()
    assert not [name for name, text in found.versions if text.startswith("missing")]
    assert (found.device, found.gpu_problem) == ("cpu", "the CPU was asked for")
    assert found.seconds_per_patch is not None and 0 < found.seconds_per_patch < 30
    assert found.patch_count >= 1 and not found.benchmark_problem
    assert found.memory is not None and found.free_memory is not None
    assert 2**28 < found.free_memory <= found.memory
    (nano,) = found.models
    assert nano.model == "geosam_nano" and nano.size > 10**6 and not nano.problem
    assert from_json(contract.EngineReport, to_json(found)) == found


@pytest.mark.slow
@pytest.mark.parametrize(("time", "patches", "count"), [(1e9, 3, 3), (1e-9, 3, 1)])
def test_benchmark_ends_after_enough_patches_or_time(
    time: float, patches: int, count: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report_module, "BENCHMARK_TIME", time)
    monkeypatch.setattr(report_module, "BENCHMARK_PATCHES", patches)
    done: list[float] = []
    found = report(
        ReportRequest(str(tmp_path), CPU),
        RunContext(progress=lambda event: done.append(event.done)),
    )
    assert found.patch_count == count
    assert done == sorted(done) and done[-1] == 100


def test_models_that_do_not_verify_are_told(tmp_path: Path) -> None:
    (tmp_path / "sam_vit_b_01ec64.pth").write_bytes(b"half a download")
    found = report(ReportRequest(str(tmp_path), CPU, benchmark=False))
    vit_b = found.models[-1]
    assert vit_b.model == "vit_b" and "truncated" in vit_b.problem
    assert found.seconds_per_patch is None and found.patch_count == 0


def test_library_that_does_not_load_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "broken_library.py").write_text("raise OSError('no libfoo.so')\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(report_module, "LIBRARIES", ("broken_library", "not_installed"))
    versions = dict(report(ReportRequest(str(tmp_path), CPU, benchmark=False)).versions)
    assert versions["broken_library"] == "missing (OSError: no libfoo.so)"
    assert "ModuleNotFoundError" in versions["not_installed"]


def test_device_that_cannot_be_used_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    found = report(ReportRequest(str(tmp_path), Device("cuda")))
    assert found.device == "" and "NVIDIA GPU cannot be used" in found.gpu_problem
    assert found.seconds_per_patch is None


@pytest.mark.parametrize(("driver", "text"), [(False, "no NVIDIA driver"), (True, "PyTorch")])
def test_why_no_gpu_is_used(
    driver: bool, text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    monkeypatch.setattr(device_module, "_nvidia_gpu_seems_present", lambda: driver)
    found = report(ReportRequest(str(tmp_path), benchmark=False))
    assert found.device == "cpu" and text in found.gpu_problem


def test_failing_benchmark_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("the driver crashed")

    monkeypatch.setattr(report_module, "load", fail)
    found = report(ReportRequest(str(tmp_path), CPU))
    assert found.benchmark_problem == "the driver crashed" and found.seconds_per_patch is None


def test_is_cancelled(tmp_path: Path) -> None:
    with pytest.raises(Cancelled):
        report(ReportRequest(str(tmp_path), CPU), RunContext(cancelled=lambda: True))


def test_machine_without_proc(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "_lines", lambda path: [])
    assert machine.free_memory() is None and machine.processor_name()
