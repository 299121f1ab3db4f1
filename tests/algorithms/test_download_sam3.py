"""``geosam:downloadmodel`` with SAM3, whose license has to be accepted first."""

import dataclasses
import hashlib
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("qgis.core")

from qgis.core import QgsProcessingException

from geosam_processing.contract.catalogue import CATALOGUE, PublishedFile
from tests.algorithms.file_server import FileServer
from tests.algorithms.scene import Run

pytestmark = pytest.mark.usefixtures("qgis_application")

META = "detector.backbone.vision_backbone.trunk.pos_embed"
TRANSFORMERS = "detector_model.vision_encoder.backbone.embeddings.position_embeddings"
NECK_31 = "detector.backbone.vision_backbone.interactive_convs.0.conv_1x1.weight"


def write_safetensors(path: Path, *names: str) -> Path:
    tensors = {
        name: {"dtype": "F32", "shape": [1], "data_offsets": [4 * number, 4 * number + 4]}
        for number, name in enumerate(names)
    }
    header = json.dumps({"__metadata__": {"format": "pt"}, **tensors}).encode()
    path.write_bytes(len(header).to_bytes(8, "little") + header + bytes(4 * len(names)))
    return path


def write_pytorch(path: Path, *names: str) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("sam3/data.pkl", b"\x80\x02" + "\n".join(names).encode())
        archive.writestr("sam3/data/0", bytes(1000))
    return path


def bring(folder: Path, model: str = "sam3", **parameters: str) -> Run:
    return Run("geosam:downloadmodel", {"MODEL": model, "FOLDER": str(folder), **parameters})


@pytest.fixture
def server(tmp_path: Path) -> Iterator[FileServer]:
    served = FileServer(write_pytorch(tmp_path / "served.pt", META).read_bytes())
    yield served
    served.close()


@pytest.mark.parametrize("model", ["sam3", "sam3.1"])
def test_license_and_three_steps_are_told(model: str, tmp_path: Path) -> None:
    with pytest.raises(QgsProcessingException) as error:
        bring(tmp_path, model)
    text = str(error.value)
    assert f"https://huggingface.co/facebook/{model} " in text
    for word in ("SAM License", "1. ", "2. ", "3. ", CATALOGUE[model].official_file, "AUTH"):
        assert word in text


@pytest.mark.parametrize(
    "write, name, held, model, kept",
    [
        (write_pytorch, "downloads.pt", (META,), "sam3", "sam3.pt"),
        (write_safetensors, "model.safetensors", (TRANSFORMERS,), "sam3", "sam3.safetensors"),
        (write_safetensors, "mirror.pt", (META,), "sam3", "sam3.safetensors"),
        (write_pytorch, "x.pt", (META, NECK_31), "sam3.1", "sam3.1_multiplex.pt"),
    ],
)
def test_a_file_of_either_layout_is_imported(
    write: Any, name: str, held: tuple[str, ...], model: str, kept: str, tmp_path: Path
) -> None:
    file = write(tmp_path / name, *held)
    run = bring(tmp_path / "models", model, FILE=str(file))
    target = tmp_path / "models" / kept
    assert run.results["CHECKPOINT"] == str(target)
    assert target.read_bytes() == file.read_bytes()
    assert run.results["SHA256"] == hashlib.sha256(file.read_bytes()).hexdigest()
    assert any("none of those published" in line for line in run.feedback.lines)
    # From then on it is the one to be there, also without a file.
    again = bring(tmp_path / "models", model)
    assert any("there already, and is right" in line for line in again.feedback.lines)


def test_the_published_hash_is_told_with_its_reserve(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write_pytorch(tmp_path / "sam3.pt", META)
    published = PublishedFile("sam3.pt", hashlib.sha256(file.read_bytes()).hexdigest())
    entry = dataclasses.replace(CATALOGUE["sam3"], published=(published,))
    monkeypatch.setitem(CATALOGUE, "sam3", entry)
    run = bring(tmp_path / "models", FILE=str(file))
    assert any("published for sam3.pt" in line for line in run.feedback.lines)
    assert any("could not confirm" in line for line in run.feedback.lines)


@pytest.mark.parametrize("write", [write_pytorch, write_safetensors])
def test_other_and_truncated_files_are_refused(write: Any, tmp_path: Path) -> None:
    other = write(tmp_path / "other", "image_encoder.pos_embed")
    with pytest.raises(QgsProcessingException, match="holds no weights of SAM3"):
        bring(tmp_path / "models", FILE=str(other))
    cut = write(tmp_path / "cut", META, TRANSFORMERS)
    cut.write_bytes(cut.read_bytes()[:-3])
    with pytest.raises(QgsProcessingException, match="truncated"):
        bring(tmp_path / "models", FILE=str(cut))
    wrong = write(tmp_path / "wrong", META, NECK_31)
    with pytest.raises(QgsProcessingException, match=r"holds sam3\.1, not sam3: choose MODEL"):
        bring(tmp_path / "models", FILE=str(wrong))
    assert not list((tmp_path / "models").glob("sam3*"))


def test_a_page_in_place_of_the_file_is_dropped(server: FileServer, tmp_path: Path) -> None:
    server.body = b"<html>Please log in</html>"
    with pytest.raises(QgsProcessingException, match="cannot be used for sam3"):
        bring(tmp_path / "models", MIRROR=server.url)
    assert not (tmp_path / "models" / "sam3.pt").exists()


def test_access_token_goes_as_bearer(server: FileServer, tmp_path: Path, login: str) -> None:
    run = bring(tmp_path / "models", MIRROR=server.url, AUTH=login)
    assert (tmp_path / "models" / "sam3.pt").read_bytes() == server.body
    assert server.logins == ["Bearer secret"]
    assert "secret" not in "\n".join(run.feedback.lines)


@pytest.mark.parametrize("status", [401, 403])
def test_refused_download_tells_the_steps(
    status: int, server: FileServer, tmp_path: Path, login: str
) -> None:
    server.faults = [status]
    with pytest.raises(QgsProcessingException, match="SAM License"):
        bring(tmp_path / "models", MIRROR=server.url, AUTH=login)
