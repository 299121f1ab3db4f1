"""The choice of the device, with torch's answers about the hardware replaced."""

from __future__ import annotations

import pytest
import torch

from geosam_processing.contract import Device
from geosam_processing.engine.compute import device as device_module
from geosam_processing.engine.compute.device import choose_device
from geosam_processing.engine.errors import DeviceError


class Machine:
    """What torch is made to find; ``kernels`` are the devices that can really compute."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._set = monkeypatch.setattr
        self.kernels: set[str] = set()
        self.kernel_error = RuntimeError("no kernel image is available\nmore lines")
        monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
        self._set(device_module, "_run_kernel", self._run_kernel)
        self.has(cuda_build=False, cuda_devices=0, mps=False, driver=False)

    def _run_kernel(self, device: torch.device) -> None:
        if device.type not in self.kernels:
            raise self.kernel_error

    def has(self, cuda_build=True, cuda_devices=1, mps=False, driver=True):
        self._set(torch.version, "cuda", "12.8" if cuda_build else None)
        self._set(torch.version, "hip", None)
        self._set(torch.cuda, "is_available", lambda: cuda_devices > 0)
        self._set(torch.cuda, "device_count", lambda: cuda_devices)
        self._set(torch.cuda, "get_device_name", lambda index: "GTX 980")
        self._set(torch.backends.mps, "is_built", lambda: mps)
        self._set(torch.backends.mps, "is_available", lambda: mps)
        self._set(device_module, "_nvidia_gpu_seems_present", lambda: driver)

    def cuda_does_not_start(self, error: str) -> None:
        def init() -> None:
            raise RuntimeError(error)

        self._set(torch.cuda, "init", init)


@pytest.fixture
def machine(monkeypatch):
    return Machine(monkeypatch)


def choose(name, index=0):
    events: list = []
    return choose_device(Device(name, index), events.append), events


def test_auto_takes_a_cuda_device_that_computes(machine):
    machine.has(cuda_devices=2)
    machine.kernels = {"cuda"}
    assert choose("auto", 1) == (torch.device("cuda", 1), [])
    assert choose("cuda")[0] == torch.device("cuda", 0)


def test_auto_takes_mps_where_there_is_no_cuda(machine):
    machine.has(cuda_build=False, mps=True, driver=False)
    machine.kernels = {"mps"}
    assert choose("auto") == (torch.device("mps"), [])
    assert choose("mps")[0] == torch.device("mps")


def test_auto_takes_the_cpu_silently_without_a_gpu(machine):
    assert choose("auto") == (torch.device("cpu"), [])
    assert choose("auto", 3) == (torch.device("cpu"), [])


def test_cpu_is_the_cpu_whatever_there_is(machine):
    machine.has()
    machine.kernels = {"cuda"}
    assert choose("cpu") == (torch.device("cpu"), [])


def test_a_gpu_beside_a_cpu_build_is_said_aloud(machine):
    machine.has(cuda_build=False, cuda_devices=0)
    device, (event,) = choose("auto")
    assert device == torch.device("cpu")
    assert event.level == "warning"
    assert "NVIDIA GPU is there but not used" in event.text
    assert "build without CUDA" in event.text and torch.__version__ in event.text


def test_an_old_driver_is_said_aloud(machine):
    machine.has(cuda_devices=0)
    machine.cuda_does_not_start("The NVIDIA driver on your system is too old.\nPlease update")
    _, (event,) = choose("auto")
    assert "driver on your system is too old" in event.text
    assert "Please update" not in event.text


def test_hidden_gpus_are_said_aloud(machine, monkeypatch):
    machine.has(cuda_devices=0)
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    _, (event,) = choose("auto")
    assert "CUDA_VISIBLE_DEVICES" in event.text


def test_a_gpu_that_is_listed_but_cannot_compute_is_said_aloud(machine):
    machine.has()
    device, (event,) = choose("auto")
    assert device == torch.device("cpu")
    assert "GTX 980 cannot run PyTorch: no kernel image is available" in event.text
    assert "more lines" not in event.text


@pytest.mark.parametrize(
    "name, reason", [("cuda", "build without CUDA.*TORCH=cuda"), ("mps", "build without MPS")]
)
def test_a_device_asked_for_by_name_must_work(machine, name, reason):
    with pytest.raises(DeviceError, match=rf"GPU cannot be used.*{reason}.*Let GeoSAM choose"):
        choose(name)


def test_mps_that_cannot_compute(machine):
    machine.has(cuda_build=False, mps=True)
    with pytest.raises(DeviceError, match="Apple GPU cannot run PyTorch: no kernel"):
        choose("mps")


@pytest.mark.parametrize("name", ["auto", "cuda"])
def test_an_index_out_of_range_names_the_range(machine, name):
    machine.has(cuda_devices=2)
    machine.kernels = {"cuda"}
    with pytest.raises(DeviceError, match=r"index \(2\): valid values are 0 to 1"):
        choose(name, 2)


def test_this_machine_computes_on_what_is_chosen():
    device, events = choose("auto")
    assert float((torch.ones(8, device=device) + 1).sum()) == 16
    assert device.type == "cpu" or not events


def test_a_device_without_memory_does_not_compute():
    # Its tensors have no values, as those of a GPU that has no kernels.
    with pytest.raises((RuntimeError, NotImplementedError)):
        device_module._run_kernel(torch.device("meta"))
