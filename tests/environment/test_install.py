"""Installing, renewing and removing the engine, with real environments and a real pip."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from geosam_processing.contract.errors import EngineCancelled, SetupError
from geosam_processing.environment import install as install_module
from geosam_processing.environment import (
    installer,
    interpreter,
    setup,
)
from geosam_processing.environment.install import LOCK, Installed, Listener, _alone, install, remove
from geosam_processing.environment.installer import Installer, Plan
from geosam_processing.environment.locate import (
    MARKER,
    VARIABLE,
    current_environment,
    find_engine_python,
)
from geosam_processing.environment.record import PYTHONS, Record
from tests.tiny_packages import (
    PROOF,
    PackageIndex,
    package_index,
    pin,
    write_packages,
    write_wheel,
)

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def empty_environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with nothing but pip."""
    folder = tmp_path_factory.mktemp("template") / "environment"
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    return folder


class Engine:
    """An engine of tiny packages in ``folder``, whose environments are copied, not made."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "engine"
        self.wheels, self.pins = write_packages(folder)
        self.said: list[str] = []

    def install(self, plan: dict[str, Any] | None = None, **options: Any) -> Installed:
        self.said.clear()
        cancelled = options.pop("cancelled", lambda: False)
        listener = Listener(self.said.append, cancelled, lambda percent: None)
        chosen = {"torch": "cpu", "wheels": str(self.wheels), **(plan or {})}
        return install(self.folder, Plan(**chosen), listener, **options)

    def renew_pins(self) -> None:
        with (self.pins / "build.txt").open("a") as file:
            file.write("# newer\n")

    def rewrite(self, name: str, code: str = "") -> None:
        """Publish another file of the same version, with its pin."""
        wheel = write_wheel(self.wheels, f"tiny{name}", "1.0", code=code)
        pin(self.pins / f"{name}.txt", wheel)

    def environments(self) -> list[str]:
        return sorted(path.name for path in self.folder.glob("environment-*"))


@pytest.fixture
def engine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, empty_environment: Path
) -> Iterator[Engine]:
    made = Engine(tmp_path)
    monkeypatch.setattr(installer, "REQUIREMENTS", made.pins)
    monkeypatch.setattr(setup, "_PROOF", PROOF)

    def copy(installer: Installer) -> None:
        shutil.rmtree(installer._target, ignore_errors=True)
        shutil.copytree(empty_environment, installer._target, symlinks=True)

    monkeypatch.setattr(Installer, "_make", copy)
    monkeypatch.delenv(VARIABLE, raising=False)  # it would hide what is installed here
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    for variable in ("PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS", "PIP_INDEX_URL", "PIP_NO_INDEX"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("PIP_RETRIES", "0")
    monkeypatch.setenv("PIP_CACHE_DIR", str(tmp_path / "pip-cache"))
    yield made


@pytest.fixture
def index(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[PackageIndex]:
    with package_index(engine.wheels) as served:
        monkeypatch.setenv("PIP_INDEX_URL", served.url)
        yield served


def online(index: PackageIndex) -> dict[str, str]:
    return {"wheels": "", "torch_index": index.url}


def processes_of(folder: Path) -> list[str]:
    """The command lines that name ``folder``, of processes that run."""
    import psutil

    lines = []
    for process in psutil.process_iter(["cmdline", "status"]):
        line = " ".join(process.info["cmdline"] or ())
        if str(folder) in line and process.info["status"] != psutil.STATUS_ZOMBIE:
            lines.append(line)
    return lines


def test_installs_offline_then_does_nothing(engine: Engine) -> None:
    installed = engine.install()
    assert installed.anew and installed.proof.startswith("Python 3.11.2, torch 1.0+cpu")
    assert str(installed.python) == find_engine_python(str(engine.folder))
    assert any("Installing collected packages: torch" in line for line in engine.said)
    assert not any("(from " in line for line in engine.said)
    again = engine.install()
    assert again == Installed(installed.python, installed.proof, anew=False)
    assert "up to date" in engine.said[-1]


def test_extras_come_on_request_and_stay(engine: Engine) -> None:
    plain = engine.install()
    assert not list(plain.python.parents[1].rglob("tinysam3.py"))
    more = engine.install({"extras": frozenset({"sam3"})})
    assert more.anew and list(more.python.parents[1].rglob("tinysam3.py"))
    assert not list(more.python.parents[1].rglob("tinydask.py"))
    assert engine.environments() == ["environment-2"]
    # It serves whoever does not ask for them, and a renewal keeps them.
    assert not engine.install().anew
    both = engine.install({"extras": frozenset({"dask"})})
    assert both.anew and list(both.python.parents[1].rglob("tinysam3.py"))
    renewed = engine.install(anew=True)
    assert list(renewed.python.parents[1].rglob("tinydask.py"))


def test_renewal_replaces_the_old_one(engine: Engine) -> None:
    first = engine.install()
    seen = []
    second = engine.install(
        anew=True, before_removal=lambda: seen.append(current_environment(str(engine.folder)))
    )
    # Out of use already when its engine is asked to end.
    assert seen == [str(engine.folder / "environment-2")]
    assert second.python != first.python and engine.environments() == ["environment-2"]
    engine.renew_pins()
    assert engine.install().anew and engine.environments() == ["environment-3"]


def test_broken_new_environment_keeps_the_old_one(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = engine.install()
    engine.rewrite("engine", "import not_there\n")
    with pytest.raises(SetupError, match="does not work: ModuleNotFoundError.*not_there"):
        engine.install(anew=True)
    assert find_engine_python(str(engine.folder)) == str(first.python)
    engine.rewrite("engine")
    assert engine.install() == Installed(first.python, first.proof, anew=False)
    assert engine.environments() == ["environment-1"]
    assert engine.install(anew=True).anew


def test_an_environment_that_stopped_working_is_replaced(engine: Engine) -> None:
    first = engine.install()
    next(first.python.parents[1].glob("lib/*/site-packages/tinymodel.py")).unlink()
    second = engine.install()
    assert second.anew and any("No module named 'tinymodel'" in line for line in engine.said)


def test_kill_in_the_middle_then_again(engine: Engine, index: PackageIndex) -> None:
    index.stalls = "tinyengine"
    program = f"""
import sys
from pathlib import Path
sys.path.insert(0, {str(REPOSITORY)!r})
from geosam_processing.environment import installer, setup
from geosam_processing.environment.install import Listener, install
installer.REQUIREMENTS = Path({str(engine.pins)!r})
setup._PROOF = {PROOF!r}
plan = installer.Plan(torch="cpu", torch_index={index.url!r})
install(Path({str(engine.folder)!r}), plan, Listener(print, lambda: False, lambda percent: None))
"""
    process = subprocess.Popen([sys.executable, "-c", program])
    try:
        assert index.stalled.wait(60)
        assert processes_of(engine.folder)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    deadline = time.monotonic() + 10
    while processes_of(engine.folder) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not processes_of(engine.folder), "pip lived on"
    assert current_environment(str(engine.folder)) is None

    index.release()
    installed = engine.install(online(index))
    assert installed.python.exists() and engine.environments() == ["environment-1"]
    assert any("Continuing" in line for line in engine.said)
    assert index.served.count("torch") == 1


def test_cancelling_stops_pip_at_once(engine: Engine, index: PackageIndex) -> None:
    index.stalls = "tinymodel"
    started = time.monotonic()
    with pytest.raises(EngineCancelled):
        engine.install(online(index), cancelled=index.stalled.is_set)
    assert not processes_of(engine.folder)
    assert time.monotonic() - started < 60
    index.release()
    assert engine.install(online(index)).anew
    assert index.served.count("tinyengine") == 1


def test_killed_before_anything_was_made(engine: Engine) -> None:
    engine.folder.mkdir()
    (engine.folder / LOCK).touch()
    (engine.folder / f".geosam-{'0' * 16}.part").touch()
    (engine.folder / "environment-1").mkdir()
    noted = {"environment": "", "made": ["environment-1"]}
    (engine.folder / MARKER).write_text(json.dumps(noted))
    assert engine.install().anew
    assert len(engine.environments()) == 1
    assert not list(engine.folder.glob("*.part"))


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("tinybuild", "build"),
        ("torch", "torch-cpu"),
        ("tinyengine", "engine"),
        ("tinymodel", "models"),
    ],
)
@pytest.mark.parametrize("from_index", [False, True])
def test_package_that_is_another_file_is_refused(
    engine: Engine, index: PackageIndex, name: str, file: str, from_index: bool
) -> None:
    version = "1.0+cpu" if name == "torch" else "1.0"
    write_wheel(engine.wheels, name, version, code="__version__ = 'other'\n")
    with pytest.raises(SetupError, match=rf"{file}\.txt: .*hash mismatch"):
        engine.install(online(index) if from_index else None)
    assert not any("installing torch==1.0," in line for line in engine.said)


def test_missing_wheel_is_said(engine: Engine) -> None:
    (engine.wheels / "tinyengine-1.0-py3-none-any.whl").unlink()
    with pytest.raises(
        SetupError, match=r"engine\.txt: tinyengine==1\.0 is neither .*folder of wheels"
    ):
        engine.install()


def test_no_network_is_said(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("PIP_RETRIES", "1")
    with pytest.raises(SetupError, match="network or the package index cannot be reached"):
        engine.install({"wheels": "", "torch_index": "http://127.0.0.1:9/simple"})


def test_one_installation_at_a_time(engine: Engine) -> None:
    engine.folder.mkdir()
    at_work = pytest.raises(SetupError, match="Another installation is at work")
    with _alone(engine.folder), at_work:
        engine.install()
    assert engine.install().anew


def test_full_disk_is_said_before(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(engine.wheels)._replace(free=10**9)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
    with pytest.raises(SetupError, match=r"1\.0 GB free, but the engine \(cpu\) needs 3 GB"):
        engine.install()
    assert not engine.environments()


@pytest.mark.parametrize(
    ("plan", "text"),
    [
        ({"torch": "rocm"}, r"Invalid TORCH \(rocm\): choose one of auto, cpu, cuda"),
        ({"wheels": "/no/such/folder"}, r"WHEELS is no folder \(/no/such/folder\)"),
    ],
)
def test_wrong_plan(engine: Engine, plan: dict[str, Any], text: str) -> None:
    with pytest.raises(SetupError, match=text):
        engine.install(plan)


def test_another_folder_is_never_touched(engine: Engine) -> None:
    engine.folder.mkdir()
    (engine.folder / "thesis.odt").touch()
    with pytest.raises(SetupError, match="something other than an engine"):
        engine.install()
    with pytest.raises(SetupError, match="nothing was removed"):
        remove(engine.folder)
    assert [path.name for path in engine.folder.iterdir()] == ["thesis.odt"]


def test_removes_what_it_made_and_no_more(engine: Engine) -> None:
    engine.install()
    (engine.folder / "notes.txt").touch()
    remove(engine.folder)
    assert [path.name for path in engine.folder.iterdir()] == ["notes.txt"]
    (engine.folder / "notes.txt").unlink()
    engine.install()
    remove(engine.folder)
    assert not engine.folder.exists()


MINE = ("environment-9", "environment-99", "python", "uv", f"{MARKER}.bak", "install.lock.txt")


def put_mine(folder: Path) -> None:
    for name in MINE:
        (folder / name).mkdir()
        (folder / name / "thesis.odt").write_text("mine")


def mine_is_there(folder: Path) -> bool:
    return all((folder / name / "thesis.odt").read_text() == "mine" for name in MINE)


def test_folders_of_the_user_stay(engine: Engine) -> None:
    engine.install()
    put_mine(engine.folder)
    engine.renew_pins()
    assert engine.install().anew and mine_is_there(engine.folder)
    remove(engine.folder)
    assert mine_is_there(engine.folder)
    assert sorted(path.name for path in engine.folder.iterdir()) == sorted(MINE)


def test_engine_of_0_1_0_is_recognised_by_its_stamp(engine: Engine) -> None:
    engine.install()
    (engine.folder / MARKER).write_text(json.dumps({"environment": "environment-1"}))
    put_mine(engine.folder)
    assert not engine.install().anew
    remove(engine.folder)
    assert mine_is_there(engine.folder)
    assert sorted(path.name for path in engine.folder.iterdir()) == sorted(MINE)


@pytest.mark.parametrize("made", [["../mine"], ["environment-1/../../mine"], "mine", [3], [[]]])
def test_record_that_leads_elsewhere_is_not_followed(engine: Engine, made: Any) -> None:
    mine = engine.folder.parent / "mine"
    mine.mkdir()
    engine.folder.mkdir()
    (engine.folder / MARKER).write_text(json.dumps({"environment": "../mine", "made": made}))
    remove(engine.folder)
    assert mine.exists() and not engine.folder.exists()


def test_uv_brings_a_python_beside_the_user_s(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.install()
    put_mine(engine.folder)
    record = Record(engine.folder)
    for path in (record.place(PYTHONS), record.place(PYTHONS), record.next_environment()):
        path.mkdir(exist_ok=True)
    names = {path.name for path in engine.folder.iterdir()} - set(MINE)
    assert names == {MARKER, "environment-1", "environment-2", "python-2"}
    remove(engine.folder)
    assert mine_is_there(engine.folder)
    assert sorted(path.name for path in engine.folder.iterdir()) == sorted(MINE)


def test_uv_brings_a_python(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    uv = tmp_path / "uv"
    uv.write_text(
        "#!/bin/sh\n"
        f'echo "$UV_PYTHON_INSTALL_DIR $*" >> {tmp_path}/calls\n'
        f'[ "$2" = find ] && echo {sys.executable}\nexit 0\n'
    )
    uv.chmod(0o755)
    used = []
    monkeypatch.setattr(install_module, "set_up", lambda target, plan, *_: used.append(plan.python))
    monkeypatch.setattr(install_module, "read_stamp", lambda target: {"proof": "all there"})
    engine.install(uv=str(uv))
    assert used == [sys.executable]
    calls = (tmp_path / "calls").read_text().splitlines()
    assert calls[0] == f"{engine.folder / 'python'} python install 3.13"
    with pytest.raises(SetupError, match="UV names no program"):
        engine.install(uv="/no/uv")


def test_uv_is_fetched_where_no_python_fits(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, index: PackageIndex
) -> None:
    def none_fits() -> str:
        raise SetupError("No Python fits")

    monkeypatch.setattr(install_module, "find_python", none_fits)
    monkeypatch.setattr(interpreter, "_candidates", lambda: iter([sys.executable]))
    monkeypatch.setattr(interpreter, "REQUIREMENTS", engine.pins)
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    uv = write_wheel(
        engine.wheels, "uv", "0.13.9", scripts={"uv": "#!/bin/sh\necho no such host\nexit 2\n"}
    )
    with pytest.raises(SetupError, match="hash mismatch"):
        engine.install(online(index))
    index.served.clear()
    pin(engine.pins / "uv.txt", uv)
    with pytest.raises(
        SetupError, match="No Python could be fetched: no such host.*name it with PYTHON"
    ):
        engine.install(online(index))
    assert index.served == ["uv"] and (engine.folder / "uv" / "bin" / "uv").exists()
    remove(engine.folder)
    assert not engine.folder.exists()
    index.wheels.joinpath("uv-0.13.9-py3-none-any.whl").unlink()
    with pytest.raises(SetupError, match=r"No Python fits\. No Python could be fetched"):
        engine.install(online(index))


def test_marker_can_be_read_by_others(engine: Engine) -> None:
    engine.install()
    assert (engine.folder / MARKER).stat().st_mode & 0o044 == 0o044


def test_makes_a_real_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wheels, pins = write_packages(tmp_path)
    monkeypatch.setattr(installer, "REQUIREMENTS", pins)
    monkeypatch.setattr(setup, "_PROOF", PROOF)
    plan = Plan(python=sys.executable, torch="cpu", wheels=str(wheels))
    said: list[str] = []
    listener = Listener(said.append, lambda: False, lambda percent: None)
    installed = install(tmp_path / "a folder", plan, listener)
    assert installed.proof.endswith("no CUDA GPU")
    assert any(sys.executable in line for line in said)
