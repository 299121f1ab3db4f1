"""Checkpoints are downloaded once, complete, and checked."""

from __future__ import annotations

import dataclasses
import hashlib
from pathlib import Path
from typing import Any

import pytest

import geosam_processing.engine as geosam
from geosam_processing.contract.catalogue import find_entry
from geosam_processing.engine.errors import ModelError
from geosam_processing.engine.notebook import downloading

CONTENT = b"weights" * 1000


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file that the makers of sam2.1_hiera_tiny publish."""
    path = tmp_path / "makers" / "sam2.1_hiera_tiny.pt"
    path.parent.mkdir()
    path.write_bytes(CONTENT)
    entry: Any = find_entry("sam2.1_hiera_tiny")
    known = dataclasses.replace(
        entry, url=path.as_uri(), sha256=hashlib.sha256(CONTENT).hexdigest(), size=len(CONTENT)
    )
    monkeypatch.setattr(
        downloading, "find_entry", lambda name: known if name == known.id else find_entry(name)
    )
    monkeypatch.setenv("GEOSAM_MODEL_FOLDER", str(tmp_path / "models"))
    return path


def test_download_is_kept(source, tmp_path):
    progress: list[Any] = []
    context = geosam.RunContext(progress=progress.append)
    target = geosam.download_model("sam2.1_hiera_tiny", context=context)
    assert target == tmp_path / "models" / "sam2.1_hiera_tiny.pt"
    assert target.read_bytes() == CONTENT
    assert progress[-1].done == progress[-1].total == len(CONTENT)
    source.unlink()
    assert geosam.download_model("sam2.1_hiera_tiny") == target


def test_wrong_file_is_refused_and_removed(source, tmp_path):
    source.write_bytes(b"else")
    with pytest.raises(ModelError, match="is not the official checkpoint of sam2.1_hiera_tiny"):
        geosam.download_model("sam2.1_hiera_tiny")
    assert not list((tmp_path / "models").iterdir())


def test_mirror_takes_the_place_of_the_makers(source, tmp_path):
    (tmp_path / "mirror").mkdir()
    source.rename(tmp_path / "mirror" / source.name)
    with pytest.raises(ModelError, match="cannot be downloaded"):
        geosam.download_model("sam2.1_hiera_tiny")
    mirror = (tmp_path / "mirror").as_uri()
    assert geosam.download_model("sam2.1_hiera_tiny", mirror=mirror).read_bytes() == CONTENT


def test_unknown_and_licensed_models_are_reported():
    with pytest.raises(ModelError, match=r"Unknown model \(sam9\)"):
        geosam.download_model("sam9")
    with pytest.raises(ModelError, match="sam3 needs a license: accept it at https://"):
        geosam.download_model("sam3")


def test_bundled_model_is_there():
    assert geosam.download_model("geosam_nano").is_file()
