"""Downloads through proxies, logins and redirects, by several processes, after a kill."""

import dataclasses
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("qgis.core")

from qgis.core import (
    QgsApplication,
    QgsNetworkAccessManager,
    QgsProcessingAlgRunnerTask,
    QgsProcessingContext,
    QgsProcessingException,
    QgsSettings,
)
from qgis.PyQt.QtCore import QCoreApplication

from geosam_processing.contract.catalogue import CATALOGUE
from geosam_processing.contract.file_lock import FileLock
from tests.algorithms.file_server import FileServer
from tests.algorithms.scene import Feedback, Run
from tests.algorithms.small_model import BODY, NAME, SHA256, fetch, require_right

pytestmark = pytest.mark.usefixtures("qgis_application", "small_model")

REPOSITORY = Path(__file__).parents[2]
MIRROR_BEHIND = "http://mirror.invalid/models"


@pytest.fixture
def server() -> Iterator[FileServer]:
    served = FileServer(BODY)
    yield served
    served.close()


@pytest.fixture
def elsewhere() -> Iterator[FileServer]:
    served = FileServer(BODY)
    yield served
    served.close()


@pytest.fixture
def proxy(server: FileServer) -> Iterator[FileServer]:
    """The server as QGIS's proxy."""
    settings = QgsSettings()
    values = {"Enabled": True, "Type": "HttpProxy", "Host": "127.0.0.1", "Port": str(server.port)}
    for key, value in values.items():
        settings.setValue(f"proxy/proxy{key}", value)
    QgsNetworkAccessManager.instance().setupDefaultProxyAndCache()
    yield server
    settings.remove("proxy")
    QgsNetworkAccessManager.instance().setupDefaultProxyAndCache()


def run_through(proxy: FileServer, folder: Path) -> Run:
    parameters = {"MODEL": "vit_b", "FOLDER": str(folder), "MIRROR": MIRROR_BEHIND}
    return Run("geosam:downloadmodel", parameters)


def alone(server: FileServer, folder: Path) -> "subprocess.Popen[bytes]":
    """The same download in another process."""
    module = "tests.algorithms.download_alone"
    arguments = [server.url, str(folder), SHA256, str(len(BODY))]
    return subprocess.Popen([sys.executable, "-m", module, *arguments], cwd=REPOSITORY)


def wait_until(condition: Any, process: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + 60
    while not condition():
        assert process.poll() is None and time.monotonic() < end
        time.sleep(0.02)


def test_proxy_of_qgis(proxy: FileServer, tmp_path: Path) -> None:
    proxy.faults = ["drop"]
    require_right(run_through(proxy, tmp_path), tmp_path)
    assert proxy.paths == [f"{MIRROR_BEHIND}/{NAME}"] * 2
    assert proxy.sent == len(BODY)


def test_proxy_that_wants_a_login(proxy: FileServer, tmp_path: Path) -> None:
    proxy.faults = [407] * 9
    with pytest.raises(QgsProcessingException, match="the proxy wants a login"):
        run_through(proxy, tmp_path)
    assert not (tmp_path / NAME).exists()


def test_login_is_sent_to_its_own_host_only(
    server: FileServer, elsewhere: FileServer, login: str, tmp_path: Path
) -> None:
    server.faults = [("redirect", elsewhere.url)]
    require_right(fetch(server, tmp_path, AUTH=login), tmp_path)
    assert (server.logins[0] or "").startswith("Basic ")
    assert elsewhere.logins == [None]


def test_passwords_in_addresses_are_not_shown(server: FileServer, tmp_path: Path) -> None:
    server.faults = [404]
    mirror = server.url.replace("127.0.0.1", "someone:secret@127.0.0.1")
    feedback = Feedback()
    parameters = {"MODEL": "vit_b", "FOLDER": str(tmp_path), "MIRROR": mirror}
    with pytest.raises(QgsProcessingException, match="answers 404") as failure:
        Run("geosam:downloadmodel", parameters, feedback=feedback)
    assert "secret" not in f"{failure.value}{feedback.lines}{feedback.errors}"


def test_login_that_qgis_does_not_have(server: FileServer, tmp_path: Path) -> None:
    with pytest.raises(QgsProcessingException, match="AUTH|authentication"):
        fetch(server, tmp_path, AUTH="nothing")
    assert not server.paths


def test_redirects_keep_the_range(
    server: FileServer, elsewhere: FileServer, tmp_path: Path
) -> None:
    server.faults = [("redirect", elsewhere.url)] * 2
    elsewhere.faults = ["drop"]
    require_right(fetch(server, tmp_path), tmp_path)
    assert elsewhere.asked[0] is None and elsewhere.asked[1] is not None
    assert elsewhere.sent == len(BODY)


@pytest.mark.parametrize(
    ("target", "text"),
    [("/again", "redirects without end"), ("file:///etc/hostname", "redirects from http to file")],
)
def test_redirects_that_lead_nowhere(
    target: str, text: str, server: FileServer, tmp_path: Path
) -> None:
    server.faults = [("redirect", target)] * 20
    with pytest.raises(QgsProcessingException, match=text):
        fetch(server, tmp_path)
    assert not (tmp_path / NAME).exists()


def test_pieces_that_nothing_holds_together_are_not_joined(
    server: FileServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither a hash nor a tag: the file may have changed, so it comes in one."""
    unknown = dataclasses.replace(CATALOGUE["vit_b"], size=0, sha256=None)
    monkeypatch.setitem(CATALOGUE, "vit_b", unknown)
    server.etag, server.faults = None, ["drop"]
    run = fetch(server, tmp_path)
    assert run.results["SHA256"] == SHA256 and server.asked == [None, None]


@pytest.mark.parametrize(
    "part",
    [b"", BODY[:1000], BODY, bytes(1000), bytes(len(BODY)), BODY + b"1"],
    ids=["nothing", "a piece", "all", "another's piece", "all of another", "too much"],
)
@pytest.mark.parametrize("note", ["none", "broken", "right"])
def test_whatever_a_kill_left(part: bytes, note: str, server: FileServer, tmp_path: Path) -> None:
    (tmp_path / f"{NAME}.part").write_bytes(part)
    (tmp_path / f"{NAME}.lock").touch()
    if note != "none":
        text = f'{{"url": "{server.url}{NAME}", "validator": ""}}' if note == "right" else "{"
        (tmp_path / f"{NAME}.part.json").write_text(text)
    server.etag = None
    require_right(fetch(server, tmp_path), tmp_path)
    if note == "right" and part == BODY:
        assert not server.paths


def test_killed_in_the_middle_and_continued(server: FileServer, tmp_path: Path) -> None:
    server.delay = 0.05
    part = tmp_path / f"{NAME}.part"
    process = alone(server, tmp_path)
    wait_until(lambda: part.exists() and part.stat().st_size > 500_000, process)
    process.kill()
    process.wait()
    assert not (tmp_path / NAME).exists()
    size = part.stat().st_size
    assert part.read_bytes() == BODY[:size]
    server.delay = 0.0
    require_right(fetch(server, tmp_path), tmp_path)
    assert server.asked[1:] == [f"bytes={size}-"]


def test_two_at_once_fetch_it_once(server: FileServer, tmp_path: Path) -> None:
    server.delay = 0.05
    process = alone(server, tmp_path)
    wait_until(lambda: server.sent > 0, process)
    run = fetch(server, tmp_path)
    assert process.wait(60) == 0
    require_right(run, tmp_path)
    assert any("Waiting for another run" in line for line in run.feedback.lines)
    assert server.sent == len(BODY)


def test_waiting_can_be_cancelled(server: FileServer, tmp_path: Path) -> None:
    lock = FileLock(tmp_path / f"{NAME}.lock")
    assert lock.take()
    feedback = Feedback()
    threading.Timer(0.5, feedback.cancel).start()
    run = fetch(server, tmp_path, feedback)
    assert run.results == {} and not server.paths
    assert lock.held
    lock.release()
    require_right(fetch(server, tmp_path), tmp_path)


def test_import_that_is_cancelled_leaves_nothing(tmp_path: Path) -> None:
    carried = tmp_path / "carried.pt"
    carried.write_bytes(BODY)
    parameters = {"MODEL": "vit_b", "FOLDER": str(tmp_path / "models"), "FILE": str(carried)}
    run = Run("geosam:downloadmodel", parameters, cancel_at=50)
    # It was all read in one, so what matters is that no half of it is there.
    names = [path.name for path in (tmp_path / "models").iterdir()]
    assert names == ([NAME] if run.results else [])


def test_task_of_the_toolbox(server: FileServer, tmp_path: Path) -> None:
    """In a worker thread of QGIS's task manager."""
    server.faults = ["drop", "stall", 500]
    algorithm = QgsApplication.processingRegistry().createAlgorithmById("geosam:downloadmodel")
    parameters = {"MODEL": "vit_b", "FOLDER": str(tmp_path), "MIRROR": server.url}
    context, feedback = QgsProcessingContext(), Feedback()
    task = QgsProcessingAlgRunnerTask(algorithm, parameters, context, feedback)
    answers: list[tuple[bool, dict[str, Any]]] = []
    task.executed.connect(lambda good, results: answers.append((good, results)))
    QgsApplication.taskManager().addTask(task)
    end = time.monotonic() + 30
    while not answers and time.monotonic() < end:
        QCoreApplication.processEvents()
        time.sleep(0.01)
    ((good, results),) = answers
    assert good and results["SHA256"] == SHA256
    assert (tmp_path / NAME).read_bytes() == BODY
