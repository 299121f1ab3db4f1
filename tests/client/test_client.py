"""The client with real engine processes: the product's, and one around stand-in work."""

import json
import os
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Callable, Optional

import pytest

from geosam_processing import contract
from geosam_processing.client.client import (
    EngineBug,
    EngineCancelled,
    EngineClient,
    EngineError,
    EngineNotFound,
    Listener,
    engine_client,
    find_engine_python,
)
from geosam_processing.environment import locate

REPOSITORY = Path(__file__).parents[2]
STAND_IN = REPOSITORY / "tests" / "engine" / "stand_in_server.py"
PYTHON = find_engine_python()

pytestmark = [
    pytest.mark.skipif(PYTHON is None, reason="there is no engine: run `make setup`"),
    pytest.mark.skipif(os.name == "nt", reason="the stand-in is a shell script"),
]


@pytest.fixture
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[EngineClient]:
    """A client whose engine does stand-in work."""
    script = tmp_path / "python"
    script.write_text(f'#!/bin/sh\nexec "{PYTHON}" "{STAND_IN}"\n')
    script.chmod(stat.S_IRWXU)
    monkeypatch.setenv("GEOSAM_ENGINE_PYTHON", str(script))
    client = EngineClient()
    yield client
    client.close()


def encoding(what: str, output: object = "out") -> contract.EncodeRequest:
    return contract.EncodeRequest(
        contract.Raster("a.tif"), contract.Model("vit_b"), str(output), what
    )


def engine_pid(client: EngineClient) -> int:
    return int(client.call(contract.DESCRIBE_FEATURES, contract.DescribeFeaturesRequest("f")).model)


def wait_until(condition: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def is_gone(pid: int) -> bool:
    """Whether it has ended; an orphan may stay a zombie where nobody reaps it."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def test_the_product_starts_despite_what_qgis_sets(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PYTHONHOME", "PYTHONPATH", "PROJ_LIB", "GDAL_DATA", "LD_LIBRARY_PATH"):
        monkeypatch.setenv(name, "/nonsense")
    client = EngineClient(PYTHON)
    try:
        assert client.info().version == contract.VERSION
        with pytest.raises(EngineError, match="(?s).*/no/such/folder.*") as caught:
            client.call(
                contract.DESCRIBE_FEATURES, contract.DescribeFeaturesRequest("/no/such/folder")
            )
        assert caught.value.kind
    finally:
        client.close()


def test_environment_of_the_engine(client: EngineClient, monkeypatch: pytest.MonkeyPatch) -> None:
    foreign = ("PYTHONHOME", "PROJ_DATA", "GDAL_DATA", "QGIS_PREFIX_PATH", "VIRTUAL_ENV")
    kept = ("https_proxy", "CUDA_VISIBLE_DEVICES", "GEOSAM_X", "GDAL_HTTP_PROXY", "HOME")
    for name in foreign + kept:
        monkeypatch.setenv(name, "/nonsense")
    lines: list[contract.LogEvent] = []
    client.call(contract.ENCODE, encoding("environment"), Listener(log=lines.append))
    environment = json.loads(lines[0].text)
    assert not set(foreign) & set(environment)
    assert set(kept) < set(environment)


def test_results_and_events(client: EngineClient) -> None:
    steps: list[contract.ProgressEvent] = []
    result = client.call(contract.ENCODE, encoding("progress"), Listener(progress=steps.append))
    assert result.patches[0].chip_id == "chip_000000"
    assert result.value_range == (0.0, 1.0)
    assert steps[-1] == contract.ProgressEvent(2000, 2000, "é")

    answers: list[contract.ObjectsEvent] = []
    prompts = tuple(contract.Prompt(key, box=(0.0, 0.0, 1.0, 1.0)) for key in range(5000))
    counts = client.call(
        contract.SEGMENT, contract.SegmentRequest("f", prompts), Listener(results=answers.append)
    )
    assert counts.unanswered_count == 5000
    assert [answer.unanswered[0].key for answer in answers] == list(range(5000))


def test_stays_warm_and_restarts_after_close(client: EngineClient) -> None:
    first = engine_pid(client)
    assert engine_pid(client) == first
    client.close()
    assert is_gone(first)
    assert engine_pid(client) != first


def test_one_that_was_begun_answers_the_first_call(client: EngineClient) -> None:
    client.begin()
    assert client._process is not None
    begun = client._process.pid
    client.begin()
    assert engine_pid(client) == begun
    client.close()
    assert is_gone(begun)
    client.begin()
    assert client._process.pid != begun
    assert client.info().version == contract.VERSION


def test_what_cannot_be_begun_is_told_by_the_first_call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\nexit 3\n")
    broken.chmod(stat.S_IRWXU)
    monkeypatch.setenv("GEOSAM_ENGINE_PYTHON", str(broken))
    client = EngineClient()
    client.begin()
    with pytest.raises(EngineError, match="exit code 3"):
        client.info()


def test_errors(client: EngineClient) -> None:
    with pytest.raises(EngineError, match=r"^Invalid raster \(x\): give another one$") as caught:
        client.call(contract.ENCODE, encoding("user error"))
    assert caught.value.kind == "RasterError"
    with pytest.raises(EngineBug, match="(?s)nobody foresaw this.*Traceback.*in encode"):
        client.call(contract.ENCODE, encoding("bug"))


def test_cancel(client: EngineClient, tmp_path: Path) -> None:
    pid = engine_pid(client)
    running = threading.Event()
    with pytest.raises(EngineCancelled):
        client.call(
            contract.ENCODE,
            encoding("wait", tmp_path),
            Listener(log=lambda event: running.set()),
            cancelled=running.is_set,
        )
    assert (tmp_path / "flushed").exists()
    assert engine_pid(client) == pid


def test_cancel_of_work_that_does_not_stop(client: EngineClient) -> None:
    client._cancel_time = 0.5
    pid = engine_pid(client)
    running = threading.Event()
    with pytest.raises(EngineCancelled):
        client.call(
            contract.ENCODE,
            encoding("hang"),
            Listener(log=lambda event: running.set()),
            cancelled=running.is_set,
        )
    assert is_gone(pid)
    assert engine_pid(client) != pid


def test_failing_listener_cancels_the_run(client: EngineClient, tmp_path: Path) -> None:
    def fail(event: contract.LogEvent) -> None:
        raise KeyError("sink")

    with pytest.raises(KeyError, match="sink"):
        client.call(contract.ENCODE, encoding("wait", tmp_path), Listener(log=fail))
    assert (tmp_path / "flushed").exists()
    assert client.call(contract.ENCODE, encoding("ok")).patch_count == 1


def test_one_call_at_a_time(client: EngineClient, tmp_path: Path) -> None:
    running, stop = threading.Event(), threading.Event()
    nested: list[str] = []

    def on_log(event: contract.LogEvent) -> None:
        try:
            client.info()
        except EngineError as error:
            nested.append(str(error))
        running.set()

    def first() -> None:
        with pytest.raises(EngineCancelled):
            client.call(
                contract.ENCODE,
                encoding("wait", tmp_path),
                Listener(log=on_log),
                cancelled=stop.is_set,
            )

    thread = threading.Thread(target=first)
    thread.start()
    assert running.wait(10)
    assert "at work on another run" in nested[0]
    with pytest.raises(EngineCancelled, match="while it waited"):
        client.info(cancelled=lambda: True)
    threading.Timer(0.3, stop.set).start()
    assert client.call(contract.ENCODE, encoding("ok")).patch_count == 1
    assert stop.is_set()
    thread.join()


@pytest.mark.parametrize(
    ("what", "words"),
    [("die", "signal 9.*BATCH_SIZE.*about to die"), ("exit", "exit code 3")],
)
def test_death_is_reported_and_the_next_call_starts_anew(
    client: EngineClient, what: str, words: str
) -> None:
    pid = engine_pid(client)
    with pytest.raises(EngineError, match=f"(?s){words}"):
        client.call(contract.ENCODE, encoding(what))
    assert is_gone(pid)
    assert engine_pid(client) != pid


def test_death_between_calls_goes_unnoticed(client: EngineClient) -> None:
    pid = engine_pid(client)
    process = client._process
    assert process is not None
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not process.is_alive())
    assert engine_pid(client) != pid


def test_version_mismatch(client: EngineClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GEOSAM_STAND_IN_VERSION", "0.0.9")
    with pytest.raises(EngineError, match="make setup") as caught:
        client.info()
    package = REPOSITORY / "geosam_processing"
    paths = (os.environ["GEOSAM_ENGINE_PYTHON"], os.path.realpath(package))
    for part in ("0.0.9", contract.VERSION, *paths):
        assert part in str(caught.value)


def test_failure_to_start(client: EngineClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GEOSAM_STAND_IN_START", "fail")
    with pytest.raises(EngineError, match="(?s)make setup.*exit code 1.*pylsp_jsonrpc"):
        client.info()


def test_python_that_is_no_program(
    client: EngineClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "python").write_text("#!/no/such/interpreter\n")
    with pytest.raises(EngineError, match="cannot be started"):
        client.info()


def test_engine_ends_when_its_parent_is_killed(client: EngineClient, tmp_path: Path) -> None:
    program = f"""
import sys
sys.path.append({str(REPOSITORY)!r})
from geosam_processing import contract
from geosam_processing.client.client import Listener, engine_client
client = engine_client()
described = client.call(contract.DESCRIBE_FEATURES, contract.DescribeFeaturesRequest("f"))
print(described.model, flush=True)
request = contract.EncodeRequest(
    contract.Raster("a.tif"), contract.Model("vit_b"), {str(tmp_path)!r}, "wait")
client.call(contract.ENCODE, request, Listener(log=lambda event: print(event.text, flush=True)))
"""
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert parent.stdout.readline() == b"waiting\n"
        parent.kill()
    wait_until(lambda: is_gone(pid))
    assert (tmp_path / "flushed").exists()


def test_engine_ends_with_its_parent(client: EngineClient) -> None:
    program = (
        f"import sys; sys.path.append({str(REPOSITORY)!r})\n"
        "from geosam_processing import contract\n"
        "from geosam_processing.client.client import engine_client\n"
        "request = contract.DescribeFeaturesRequest('f')\n"
        "print(engine_client().call(contract.DESCRIBE_FEATURES, request).model)"
    )
    pid = int(subprocess.check_output([sys.executable, "-c", program]))
    wait_until(lambda: is_gone(pid))


def test_setting_moves_the_engine(
    client: EngineClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = os.environ["GEOSAM_ENGINE_PYTHON"]
    monkeypatch.delenv("GEOSAM_ENGINE_PYTHON")
    client.setting = script
    pid = engine_pid(client)
    (tmp_path / "bin").mkdir()
    os.rename(script, tmp_path / "bin" / "python")
    client.setting = str(tmp_path)
    assert engine_pid(client) != pid
    assert is_gone(pid)


def test_not_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GEOSAM_ENGINE_PYTHON", raising=False)
    monkeypatch.setattr(locate, "package_folder", lambda: str(tmp_path / "package"))
    monkeypatch.setattr(locate, "user_environment_folder", lambda: None)
    assert find_engine_python() is None
    with pytest.raises(EngineNotFound, match="make setup.*GEOSAM_ENGINE_PYTHON"):
        EngineClient().info()


def test_order_of_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def environment(name: str) -> str:
        python = tmp_path / name / "bin" / "python"
        python.parent.mkdir(parents=True)
        python.write_text("")
        python.chmod(stat.S_IRWXU)
        return str(python)

    own, user = environment("repository/.venv"), environment("user")
    setting, variable = environment("setting"), environment("variable")
    monkeypatch.delenv("GEOSAM_ENGINE_PYTHON", raising=False)
    package = str(tmp_path / "repository" / "geosam_processing")
    folder: Optional[str] = None
    monkeypatch.setattr(locate, "package_folder", lambda: package)
    monkeypatch.setattr(locate, "user_environment_folder", lambda: folder)
    assert find_engine_python() == own
    folder = str(tmp_path / "user")
    assert find_engine_python() == user
    assert find_engine_python(setting) == setting
    monkeypatch.setenv("GEOSAM_ENGINE_PYTHON", variable)
    assert find_engine_python(setting) == variable
    monkeypatch.setenv("GEOSAM_ENGINE_PYTHON", "/no/such/python")
    with pytest.raises(EngineError, match=r"GEOSAM_ENGINE_PYTHON.*\(/no/such/python\)"):
        find_engine_python(setting)


def test_one_client_of_this_process() -> None:
    assert engine_client("a") is engine_client("b")
    assert engine_client().setting is None
