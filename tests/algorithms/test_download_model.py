"""``geosam:downloadmodel`` and ``geosam:listmodels``, against a real server on loopback."""

import dataclasses
import errno
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Optional

import pytest

pytest.importorskip("qgis.core")

from qgis.core import QgsProcessingException

from geosam_processing.contract.catalogue import CATALOGUE
from geosam_processing.contract.file_lock import FileLock
from geosam_processing.downloads import download
from tests.algorithms.file_server import FileServer
from tests.algorithms.scene import Feedback, Run
from tests.algorithms.small_model import (
    BODY,
    NAME,
    SHA256,
    fetch,
    require_no_model,
    require_right,
)

pytestmark = pytest.mark.usefixtures("qgis_application", "small_model")


@pytest.fixture
def server() -> Iterator[FileServer]:
    served = FileServer(BODY)
    yield served
    served.close()


def test_a_file_comes_whole(server: FileServer, tmp_path: Path) -> None:
    folder = tmp_path / "new" / "models"
    require_right(fetch(server, folder), folder)
    assert server.asked == [None] and server.sent == len(BODY)
    assert "QGIS" in server.agents[0]


def test_one_that_is_there_and_right_is_left(server: FileServer, tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(BODY)
    run = fetch(server, tmp_path)
    require_right(run, tmp_path)
    assert server.asked == []
    assert any("there already" in line for line in run.feedback.lines)


@pytest.mark.parametrize(
    "faults",
    [
        ["drop"],
        ["stall"],
        ["drop", "drop", "stall"],
        ["redirect"],
        ["drop", "redirect"],
        [500],
        [503, "drop", 502],
        ["drop", 429],
    ],
    ids=str,
)
def test_what_passes_is_borne_and_no_byte_comes_twice(
    faults: list[Any], server: FileServer, tmp_path: Path
) -> None:
    server.faults = list(faults)
    require_right(fetch(server, tmp_path), tmp_path)
    assert server.sent == len(BODY) + 16 * sum(isinstance(fault, int) for fault in faults)


def test_a_server_without_ranges_starts_over(server: FileServer, tmp_path: Path) -> None:
    server.faults = ["drop", "no range"]
    require_right(fetch(server, tmp_path), tmp_path)
    assert server.sent == len(BODY) // 2 + len(BODY)


@pytest.mark.parametrize("etag", ['"one"', None])
def test_a_file_that_changed_between_two_tries_starts_over(
    etag: Optional[str], server: FileServer, tmp_path: Path
) -> None:
    server.etag, server.body = etag, bytes(len(BODY))
    server.faults = ["drop", 404]
    with pytest.raises(QgsProcessingException, match="answers 404"):
        fetch(server, tmp_path)
    server.etag, server.body = etag and '"two"', BODY
    require_right(fetch(server, tmp_path), tmp_path)


def test_a_part_of_another_address_is_not_used(server: FileServer, tmp_path: Path) -> None:
    server.faults = ["drop", 404]
    with pytest.raises(QgsProcessingException):
        fetch(server, tmp_path)
    other = FileServer(BODY)
    require_right(fetch(other, tmp_path), tmp_path)
    other.close()
    assert other.asked == [None]


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_a_refusal_is_said_at_once(status: int, server: FileServer, tmp_path: Path) -> None:
    server.faults = [status]
    with pytest.raises(QgsProcessingException, match="cannot be downloaded") as error:
        fetch(server, tmp_path)
    said = "the server wants a login: give AUTH" if status == 401 else f"answers {status}; try"
    assert said in str(error.value) and "give it as FILE" in str(error.value)
    assert len(server.asked) == 1
    require_no_model(tmp_path)


def test_a_server_that_never_recovers_ends_and_what_came_is_kept(
    server: FileServer, tmp_path: Path
) -> None:
    server.faults = ["drop", 500, 500, 500, 500]
    with pytest.raises(QgsProcessingException, match="answers 500, also after 3 more tries"):
        fetch(server, tmp_path)
    require_no_model(tmp_path)
    server.faults, server.sent = [], 0
    require_right(fetch(server, tmp_path), tmp_path)
    assert server.sent == len(BODY) - len(BODY) // 2


@pytest.mark.parametrize("fault, text", [("short", "bytes, but"), ("wrong", "SHA-256")])
def test_a_wrong_file_is_dropped(fault: str, text: str, server: FileServer, tmp_path: Path) -> None:
    server.faults = [fault]
    with pytest.raises(QgsProcessingException, match=text):
        fetch(server, tmp_path)
    assert [path.name for path in tmp_path.iterdir() if path.stat().st_size > 1000] == []
    require_no_model(tmp_path)


def test_a_damaged_part_is_fetched_again(server: FileServer, tmp_path: Path) -> None:
    server.faults = ["drop", 404]
    with pytest.raises(QgsProcessingException):
        fetch(server, tmp_path)
    part = tmp_path / f"{NAME}.part"
    part.write_bytes(bytes(part.stat().st_size))
    require_right(fetch(server, tmp_path), tmp_path)


def test_a_server_that_is_not_there_is_said(server: FileServer, tmp_path: Path) -> None:
    server.close()
    words = "cannot be downloaded.*3 more tries.*proxy.*give it as FILE"
    with pytest.raises(QgsProcessingException, match=words):
        fetch(server, tmp_path)
    require_no_model(tmp_path)


def test_cancelling_keeps_the_part(server: FileServer, tmp_path: Path) -> None:
    server.delay = 0.02
    run = fetch(server, tmp_path, feedback=Feedback(cancel_at=30))
    assert run.results == {}
    assert 0 < (tmp_path / f"{NAME}.part").stat().st_size < len(BODY)
    require_no_model(tmp_path)
    server.delay = 0.0
    require_right(fetch(server, tmp_path), tmp_path)
    assert server.asked[1] is not None


def test_a_worker_thread_as_the_toolbox_has_it(server: FileServer, tmp_path: Path) -> None:
    runs: list[Any] = []

    def work() -> None:
        target = tmp_path / NAME
        remote = download.RemoteFile(f"{server.url}{NAME}", len(BODY), SHA256)
        runs.append(download.Download(remote, target, Feedback()).run())

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(20)
    assert runs == [SHA256]


def test_a_full_disk_is_said_before(
    server: FileServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(tmp_path)._replace(free=60_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
    with pytest.raises(QgsProcessingException, match="60 MB free, but 70 MB are needed"):
        fetch(server, tmp_path)
    assert server.asked == []


def test_one_that_is_there_in_a_folder_that_cannot_be_written(
    server: FileServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(lock: FileLock) -> bool:
        raise OSError(errno.EROFS, "Read-only file system")

    # For root, who may run the tests, permissions do not count.
    monkeypatch.setattr(FileLock, "take", refuse)
    with pytest.raises(QgsProcessingException, match="cannot be written .Read-only file system"):
        fetch(server, tmp_path)
    (tmp_path / NAME).write_bytes(BODY)
    require_right(fetch(server, tmp_path), tmp_path)
    assert server.asked == []


def test_a_users_file_is_not_replaced_unasked(server: FileServer, tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(b"mine")
    with pytest.raises(QgsProcessingException, match="set OVERWRITE"):
        fetch(server, tmp_path)
    assert (tmp_path / NAME).read_bytes() == b"mine"
    require_right(fetch(server, tmp_path, OVERWRITE=True), tmp_path)


def test_a_file_carried_over(tmp_path: Path) -> None:
    carried = tmp_path / "carried.pt"
    carried.write_bytes(BODY)
    folder = tmp_path / "models"
    require_right(fetch(None, folder, FILE=str(carried)), folder)
    assert carried.read_bytes() == BODY


def test_a_file_carried_over_after_a_download_that_broke_off(
    server: FileServer, tmp_path: Path
) -> None:
    server.faults = ["drop", 404]
    folder = tmp_path / "models"
    with pytest.raises(QgsProcessingException):
        fetch(server, folder)
    part = folder / f"{NAME}.part"
    part.write_bytes(BODY)
    with pytest.raises(QgsProcessingException, match="is an incomplete download"):
        fetch(None, folder, FILE=str(part))
    assert part.read_bytes() == BODY
    carried = tmp_path / "carried.pt"
    carried.write_bytes(BODY)
    require_right(fetch(None, folder, FILE=str(carried)), folder)


def test_a_wrong_file_carried_over(tmp_path: Path) -> None:
    carried = tmp_path / "carried.pt"
    carried.write_bytes(BODY[:-1])
    with pytest.raises(QgsProcessingException, match="not the official file of vit_b"):
        fetch(None, tmp_path / "models", FILE=str(carried))
    require_no_model(tmp_path / "models")


@pytest.mark.parametrize(
    "parameters, text",
    [
        ({"MIRROR": "ftp://host/"}, r"Invalid MIRROR \(ftp://host/\)"),
        ({"FILE": "/nowhere/model.pt"}, "There is no file /nowhere/model.pt"),
    ],
)
def test_wrong_input_is_one_sentence(parameters: dict[str, Any], text: str, tmp_path: Path) -> None:
    with pytest.raises(QgsProcessingException, match=text):
        fetch(None, tmp_path, **parameters)


def test_a_hash_that_nobody_knows_is_that_of_the_first_download(
    server: FileServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unknown = dataclasses.replace(CATALOGUE["vit_b"], sha256=None)
    monkeypatch.setitem(CATALOGUE, "vit_b", unknown)
    assert fetch(server, tmp_path).results["SHA256"] == SHA256
    (tmp_path / NAME).write_bytes(b"damaged")
    with pytest.raises(QgsProcessingException, match="set OVERWRITE"):
        fetch(server, tmp_path)
    server.body = bytes(len(BODY))
    with pytest.raises(QgsProcessingException, match="is not the file that is wanted"):
        fetch(server, tmp_path, OVERWRITE=True)
    server.body = BODY
    fetch(server, tmp_path, OVERWRITE=True)
    assert (tmp_path / NAME).read_bytes() == BODY
    # As a kill may leave it.
    note = tmp_path / f"{NAME}.sha256"
    note.write_text("")
    fetch(server, tmp_path)
    assert note.read_text().split() == [SHA256, NAME]


def test_models_as_a_table(server: FileServer, tmp_path: Path) -> None:
    fetch(server, tmp_path)
    (tmp_path / CATALOGUE["vit_l"].official_file).write_bytes(b"no model")
    run = Run("geosam:listmodels", {"FOLDER": str(tmp_path), "OUTPUT": "memory:"})
    rows = {row["id"]: row for row in run.rows("OUTPUT")}
    assert list(rows) == list(CATALOGUE)
    assert run.results["DOWNLOADED_COUNT"] == 3  # with the bundled one
    right, wrong, absent = rows["vit_b"], rows["vit_l"], rows["vit_h"]
    assert right["downloaded"] and right["verified"] and right["path"] == str(tmp_path / NAME)
    assert right["file_size"] == len(BODY) and right["licence"] == "Apache-2.0"
    assert wrong["downloaded"] and not wrong["verified"]
    assert not absent["downloaded"] and not absent["path"] and absent["good_for"]
    assert rows["geosam_nano"]["downloaded"] and Path(rows["geosam_nano"]["path"]).is_file()
    assert rows["sam3"]["licence"] == "LicenseRef-SAM-License"


def test_models_without_reading_them(server: FileServer, tmp_path: Path) -> None:
    fetch(server, tmp_path)
    parameters = {"FOLDER": str(tmp_path), "VERIFY": False, "OUTPUT": "memory:"}
    rows = {row["id"]: row for row in Run("geosam:listmodels", parameters).rows("OUTPUT")}
    assert rows["vit_b"]["downloaded"] and not rows["vit_b"]["verified"]
