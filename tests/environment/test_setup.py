"""The set-up of the engine's environment, with a pip that only says what it would do."""

import gc
import json
import os
import sys
import warnings
from collections.abc import Iterable
from pathlib import Path

import pytest

from geosam_processing.contract.errors import EngineCancelled, SetupError
from geosam_processing.environment import (
    installer,
    interpreter,
    setup,
    subprocesses,
)
from geosam_processing.environment.installer import Installer, Plan
from geosam_processing.environment.setup import set_up
from scripts.pin_requirements import read, write

PINS = installer.REQUIREMENTS


@pytest.mark.parametrize("path", sorted(PINS.glob("*.txt")), ids=lambda path: path.name)
def test_every_requirement_is_pinned_with_hashes(path: Path) -> None:
    pins = read(path)
    assert pins and all(pin.hashes for pin in pins)
    assert len({pin.name.lower() for pin in pins}) == len(pins)


def test_pins_are_written_as_they_are_read(tmp_path: Path) -> None:
    for path in PINS.glob("*.txt"):
        write(tmp_path / path.name, read(path))
        assert (tmp_path / path.name).read_text() == path.read_text()


def test_torch_has_hashes_for_every_platform() -> None:
    (cpu,) = read(PINS / "torch-cpu.txt")
    # Linux on two processors, and Windows, each with four versions of Python.
    assert (cpu.version.partition("+")[2], len(cpu.hashes)) == ("cpu", 12)
    usual, *cuda = read(PINS / "torch.txt")
    assert usual.version == cpu.version.partition("+")[0] and len(usual.hashes) > 12
    assert all("linux" in pin.marker for pin in cuda)


class FakeSetup:
    """Replaces the making, pip and the proof; records pip's requirements."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.installed: list[str] = []
        self.missing: set[str] = set()
        self.made = 0
        self.said: list[str] = []
        monkeypatch.setattr(Installer, "_make", lambda installer: self._make(installer._target))
        monkeypatch.setattr(installer, "run", self._run)
        monkeypatch.setattr(setup, "prove", lambda *_: "all there")
        monkeypatch.setattr(installer, "has_nvidia_gpu", lambda: False)
        monkeypatch.setattr(sys, "platform", "linux")

    def _make(self, target: Path) -> None:
        self.made += 1
        python = setup.environment_python(target)
        python.parent.mkdir(parents=True, exist_ok=True)
        python.write_text("#!/bin/sh\necho 3.12\n")
        python.chmod(0o755)
        (target / "pyvenv.cfg").touch()
        (target / installer.UNFINISHED).unlink(missing_ok=True)

    def _run(self, command: list[str], *_: object) -> tuple[int, list[str]]:
        names = [Path(part).name for part in command if part.endswith(".txt")]
        if self.missing & set(names):
            return 1, ["ERROR: No matching distribution found"]
        self.installed += names
        return 0, []

    def __call__(self, target: Path, dev: bool = False, *extras: str) -> Path:
        return set_up(target, Plan(dev, extras=frozenset(extras)), say=self.said.append)


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> FakeSetup:
    return FakeSetup(monkeypatch)


def test_set_up_once_then_nothing(fake: FakeSetup, tmp_path: Path) -> None:
    python = fake(tmp_path / "e")
    assert python == setup.environment_python(tmp_path / "e")
    assert "torch-cpu.txt" in fake.installed and "models.txt" in fake.installed
    assert "dev.txt" not in fake.installed
    count = len(fake.installed)
    fake(tmp_path / "e")
    assert len(fake.installed) == count
    assert "up to date" in fake.said[-1]


def test_dev_completes_and_serves_plain_use(fake: FakeSetup, tmp_path: Path) -> None:
    fake(tmp_path)
    fake(tmp_path, dev=True)
    assert "dev.txt" in fake.installed
    assert fake.made == 1
    assert setup.is_up_to_date(tmp_path, dev=False)


@pytest.mark.parametrize("extra", installer.EXTRAS)
def test_extra_comes_on_request_and_with_dev(fake: FakeSetup, tmp_path: Path, extra: str) -> None:
    fake(tmp_path)
    assert f"{extra}.txt" not in fake.installed
    assert not setup.is_up_to_date(tmp_path, extras=[extra])
    fake(tmp_path, False, extra)
    assert fake.installed.count(f"{extra}.txt") == 1 and fake.made == 1
    assert setup.is_up_to_date(tmp_path) and setup.is_up_to_date(tmp_path, extras=[extra])
    assert not setup.is_up_to_date(tmp_path, extras=installer.EXTRAS)
    assert not setup.is_up_to_date(tmp_path, dev=True)
    fake(tmp_path, dev=True)
    assert setup.is_up_to_date(tmp_path, extras=installer.EXTRAS)
    assert setup.read_stamp(tmp_path)["extras"] == sorted(installer.EXTRAS)


def test_changed_pins_are_installed(fake: FakeSetup, tmp_path: Path) -> None:
    fake(tmp_path)
    stamp = tmp_path / setup.STAMP
    stamp.write_text(json.dumps({**json.loads(stamp.read_text()), "requirements": "older"}))
    count = len(fake.installed)
    fake(tmp_path)
    assert len(fake.installed) == 2 * count and fake.made == 1


def test_interrupted_set_up_continues(fake: FakeSetup, tmp_path: Path) -> None:
    fake.missing = {"models.txt"}
    with pytest.raises(SetupError, match=r"models\.txt"):
        fake(tmp_path)
    assert not setup.is_up_to_date(tmp_path)
    fake.missing = set()
    fake(tmp_path)
    assert fake.made == 1 and fake.installed.count("torch-cpu.txt") == 1
    assert json.loads((tmp_path / setup.STAMP).read_text())["torch"] == "torch==2.13.0+cpu"
    assert setup.is_up_to_date(tmp_path)


def test_environment_that_does_not_work_is_made_anew(
    fake: FakeSetup, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(python: Path, extras: Iterable[str]) -> str:
        raise SetupError("it does not work")

    with monkeypatch.context() as broken:
        broken.setattr(setup, "prove", fail)
        with pytest.raises(SetupError, match="does not work"):
            fake(tmp_path)
    fake(tmp_path)
    assert fake.made == 2 and setup.is_up_to_date(tmp_path)


def test_falls_back_to_the_usual_torch_and_says_so(fake: FakeSetup, tmp_path: Path) -> None:
    fake.missing = {"torch-cpu.txt"}
    fake(tmp_path)
    assert "torch.txt" in fake.installed
    assert any("was not found" in line and "CUDA" in line for line in fake.said)


def test_gpu_takes_the_usual_torch(
    fake: FakeSetup, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(installer, "has_nvidia_gpu", lambda: True)
    fake(tmp_path)
    assert "torch.txt" in fake.installed and "torch-cpu.txt" not in fake.installed


def test_never_touches_another_folder(fake: FakeSetup, tmp_path: Path) -> None:
    (tmp_path / "thesis.odt").touch()
    with pytest.raises(SetupError, match="something other than a virtual environment"):
        fake(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.odt"]


def test_unwritable_folder_is_one_sentence(fake: FakeSetup, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SetupError, match="folder can be written"):
        fake(tmp_path / "file" / "e")


def test_unfit_python_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = tmp_path / "python3"
    old.write_text("#!/bin/sh\necho 3.8\n")
    old.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "qgis"))
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    with pytest.raises(SetupError, match=r"No Python 3\.11 to 3\.14.*is Python 3\.8.*--python"):
        interpreter.find_python()


@pytest.mark.parametrize(
    ("script", "there"),
    [
        ("echo 'GPU 0: NVIDIA X (UUID: GPU-1)'", True),
        ("echo 'No devices were found'", False),
        ("echo failed; exit 9", False),
    ],
)
def test_gpu_is_asked_of_the_driver(
    script: str, there: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "nvidia-smi"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}/bin")
    assert installer.has_nvidia_gpu() is there


def test_a_broken_environment_is_said(tmp_path: Path) -> None:
    python = tmp_path / "bin" / "python"
    python.parent.mkdir()
    python.write_text("#!/bin/sh\necho 'ImportError: no libfoo' >&2\nexit 1\n")
    python.chmod(0o755)
    with pytest.raises(SetupError, match=r"does not work: ImportError: no libfoo; run"):
        setup.prove(python)


def test_cancelling_stops_the_program_though_it_says_nothing() -> None:
    program = [sys.executable, "-c", "import time; time.sleep(60)"]
    with pytest.raises(EngineCancelled):
        subprocesses.run(program, lambda line: None, lambda: True)


def test_a_program_leaves_no_file_open() -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", ResourceWarning)
        program = [sys.executable, "-c", "print('done')"]
        assert subprocesses.run(program, print, lambda: False) == (0, ["done"])
        gc.collect()
    assert not caught


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("ERROR: No matching distribution found for torch==2.13.0", "torch==2.13.0 is neither on"),
        ("[Errno -3] Temporary failure in name resolution", "the network or the package index"),
        ("ERROR: ResolutionImpossible: see dependency-resolution/", "ERROR: ResolutionImpossible"),
    ],
)
def test_why_pip_failed(line: str, reason: str) -> None:
    assert subprocesses.reason_in(["Collecting torch", line]).startswith(reason)


def test_python_beside_qgis_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python3").symlink_to(sys.executable)
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(sys, "executable", str(tmp_path / "QGIS"))
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "nothing"))
    assert interpreter.find_python() == str(tmp_path / "bin" / "python3")
