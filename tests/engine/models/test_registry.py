"""From a model's name or file to a loaded model, with a network small enough to be quick."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest
import torch

from geosam_processing.contract import Device, Model
from geosam_processing.contract.catalogue import CATALOGUE, ModelEntry
from geosam_processing.engine.compute import device as compute_precision
from geosam_processing.engine.errors import DeviceError, ModelError
from geosam_processing.engine.models import registry
from geosam_processing.engine.models.checkpoint import sha256_of
from geosam_processing.engine.models.registry import resolve
from geosam_processing.engine.models.sam_architectures import (
    SAM_ARCHITECTURES,
    SamArchitecture,
    build_sam,
)

CPU = Device("cpu")


@pytest.fixture
def official(tmp_path, monkeypatch):
    """The folder with the official file of ``vit_tiny``, a model added to the catalogue."""
    sizes = SamArchitecture(
        image_size=128,
        embed_dim=32,
        depth=2,
        num_heads=2,
        global_attn_indexes=(1,),
        window_size=4,
        mlp_ratio=2.0,
        decoder_mlp_dim=32,
    )
    monkeypatch.setitem(SAM_ARCHITECTURES, "vit_tiny", sizes)
    monkeypatch.setitem(SAM_ARCHITECTURES, "vit_small", dataclasses.replace(sizes, depth=3))
    path = tmp_path / "official" / "sam_vit_tiny.pth"
    path.parent.mkdir()
    write(path)
    for name in ("vit_tiny", "vit_small"):
        entry = ModelEntry(
            id=name,
            family="sam",
            patch_size=128,
            official_file=f"sam_{name}.pth",
            sha256=sha256_of(path),
            size=path.stat().st_size,
            parameters=1,
            licence="Apache-2.0",
            title=name,
            url=f"https://example.org/sam_{name}.pth",
        )
        monkeypatch.setitem(CATALOGUE, name, entry)
    monkeypatch.setenv("GEOSAM_MODEL_FOLDER", str(path.parent))
    monkeypatch.setattr(registry, "_warm", registry._WarmModel())
    return path.parent


def load(model: Model, *arguments: Any, **options: Any) -> Any:
    return registry.load(resolve(model), *arguments, **options)


def write(path: Path, name: str = "vit_tiny", extra: dict | None = None) -> Path:
    torch.save({**build_sam(name).state_dict(), **(extra or {})}, path)
    return path


def test_an_official_file_is_found_in_the_default_folder(official):
    resolved = resolve(Model(model="vit_tiny"))
    assert resolved.entry is CATALOGUE["vit_tiny"]
    assert resolved.path == official / "sam_vit_tiny.pth"
    assert resolved.sha256 == CATALOGUE["vit_tiny"].sha256
    assert resolved.official


def test_an_official_file_is_found_in_the_folder_given(official, monkeypatch):
    monkeypatch.setenv("GEOSAM_MODEL_FOLDER", "/nowhere")
    assert resolve(Model(model="vit_tiny", folder=str(official))).official


def test_a_checkpoint_is_recognised_by_what_it_holds(official, tmp_path):
    path = write(tmp_path / "named_like_sam2.1_hiera_tiny.pt", "vit_small")
    assert resolve(Model(checkpoint=str(path))).entry.id == "vit_small"


def test_an_unknown_model_lists_the_known_ones():
    with pytest.raises(ModelError, match=r"Unknown model \(sam9\): choose one of geosam_nano, vit"):
        resolve(Model(model="sam9"))


def test_geo_sam_names_are_understood(tmp_path):
    with pytest.raises(ModelError, match="checkpoint of sam2.1_hiera_base_plus is missing"):
        resolve(Model(model="sam2.1_b", folder=str(tmp_path)))


def test_a_missing_checkpoint_says_all_that_is_needed(tmp_path):
    with pytest.raises(ModelError) as caught:
        resolve(Model(model="vit_b", folder=str(tmp_path)))
    for part in (
        str(tmp_path / "sam_vit_b_01ec64.pth"),
        "https://dl.fbaipublicfiles.com/segment_anything/sam_vit_b_01ec64.pth",
        "375 MB",
        "as the checkpoint",
        "GEOSAM_MODEL_FOLDER",
    ):
        assert part in str(caught.value)


def test_a_checkpoint_that_is_not_there(tmp_path):
    with pytest.raises(
        ModelError, match=r"There is no checkpoint .*none\.pt: give a file that exists"
    ):
        resolve(Model(checkpoint=str(tmp_path / "none.pt")))


def test_the_bundled_model_that_is_not_there(tmp_path, monkeypatch):
    monkeypatch.setattr("geosam_processing.contract.model_files.bundled_folder", lambda: tmp_path)
    with pytest.raises(ModelError, match=r"bundled model geosam_nano is missing .*geosam_nano\.pt"):
        resolve(Model(model="geosam_nano"))


@pytest.mark.parametrize("explicit", [True, False])
def test_a_checkpoint_of_another_architecture(official, explicit):
    path = write(official / "sam_vit_small.pth", "vit_tiny")
    model = Model(model="vit_small", checkpoint=str(path) if explicit else "")
    with pytest.raises(ModelError, match="holds vit_tiny, not vit_small as asked"):
        resolve(model)


def test_a_changed_file_under_the_official_name_is_refused(official):
    write(official / "sam_vit_tiny.pth")
    with pytest.raises(
        ModelError, match=r"is not the official file of vit_tiny \(SHA-256 .*overwrite it"
    ):
        resolve(Model(model="vit_tiny"))


def test_weights_of_the_users_own_load_with_a_warning(official, tmp_path):
    path = write(tmp_path / "fine_tuned.pth")
    events: list = []

    adapter = load(Model(model="vit_tiny", checkpoint=str(path)), CPU, events.append)

    assert adapter.model_id == "vit_tiny"
    assert [event.level for event in events] == ["warning", "info"]
    assert "not the official checkpoint of vit_tiny" in events[0].text


def test_weights_that_do_not_fit_exactly_are_refused(official, tmp_path):
    path = write(tmp_path / "more.pth", extra={"extra.weight": torch.zeros(3)})
    with pytest.raises(ModelError, match=r"does not fit vit_tiny.*extra\.weight"):
        load(Model(checkpoint=str(path)), CPU)


def test_a_missing_package_is_named(official, monkeypatch):
    def build_without(*arguments):
        raise ImportError("No module named 'segment_anything'")

    monkeypatch.setattr("geosam_processing.engine.models.sam.load_sam", build_without)
    with pytest.raises(ModelError, match="needs a Python package .*segment-anything"):
        load(Model(model="vit_tiny"), CPU)


@pytest.mark.slow
@pytest.mark.parametrize(
    "shortage",
    [torch.OutOfMemoryError("CUDA out of memory"), RuntimeError("MPS backend out of memory")],
)
def test_a_model_that_does_not_fit_into_memory(official, monkeypatch, shortage):
    def build_beyond(*arguments):
        raise shortage

    monkeypatch.setattr("geosam_processing.engine.models.sam.load_sam", build_beyond)
    with pytest.raises(
        DeviceError, match="memory of .* does not suffice for vit_tiny: .*smaller model"
    ):
        load(Model(model="vit_tiny"), CPU)


@pytest.mark.slow
def test_the_memory_of_the_model_before_is_given_back(official, tmp_path, monkeypatch):
    released: list = []
    monkeypatch.setattr(registry, "release_memory", released.append)
    load(Model(model="vit_tiny"), CPU)
    assert released == []
    load(Model(checkpoint=str(write(tmp_path / "own.pth", "vit_small"))), CPU)
    assert released == [torch.device("cpu")]


@pytest.mark.slow
def test_the_last_model_stays_warm_and_gives_way_to_the_next(official, tmp_path):
    import weakref

    events: list = []
    first = load(Model(model="vit_tiny"), CPU, events.append)
    assert load(Model(model="vit_tiny"), CPU, events.append) is first
    assert [event.text.split(" from ")[0] for event in events] == ["Loaded vit_tiny"]

    gone = weakref.ref(first)
    del first
    other = load(Model(checkpoint=str(write(tmp_path / "own.pth", "vit_small"))), CPU)
    assert other.model_id == "vit_small"
    assert gone() is None


@pytest.mark.slow
def test_a_replaced_checkpoint_is_loaded_again(official, tmp_path):
    path = write(tmp_path / "own.pth")
    first = load(Model(checkpoint=str(path)), CPU)
    write(path)
    assert load(Model(checkpoint=str(path)), CPU) is not first


@pytest.mark.slow
def test_a_model_is_loaded_again_only_for_another_precision_of_the_encoder(official, monkeypatch):
    monkeypatch.setattr(compute_precision, "_has_bfloat16", lambda device: True)
    model = Model(model="vit_tiny")
    exact = load(model, CPU)
    assert exact.compute_precision == "float32"
    assert load(model, CPU, compute_precision="auto") is exact
    half = load(model, CPU, compute_precision="bfloat16")
    assert half is not exact and half.compute_precision == "bfloat16"
    # Who only decodes takes what is there.
    assert load(model, CPU) is half
    side = half.patch_size
    images = 255 * torch.rand(1, 3, side, side, generator=torch.Generator().manual_seed(0))
    ours, reference = (adapter.encode(images)[0].image_embedding for adapter in (half, exact))
    assert ours.dtype == torch.float32
    assert 0 < float((ours - reference).std() / reference.std()) < 0.05


def test_a_precision_that_the_device_lacks_is_refused_before_loading(official):
    with pytest.raises(DeviceError, match="computation precision float16"):
        load(Model(model="vit_tiny"), CPU, compute_precision="float16")
