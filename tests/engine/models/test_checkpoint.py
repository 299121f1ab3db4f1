"""Reading checkpoint files and recognising what they hold."""

from __future__ import annotations

import os

import pytest
import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st

from geosam_processing.contract.catalogue import CATALOGUE, find_entry, model_of_file_name
from geosam_processing.engine.errors import ModelError
from geosam_processing.engine.models import checkpoint
from geosam_processing.engine.models.checkpoint import read_state, recognise, sha256_of
from geosam_processing.engine.models.sam2 import build_sam2_network
from geosam_processing.engine.models.sam_architectures import SAM_ARCHITECTURES, build_sam


@pytest.mark.parametrize("name", SAM_ARCHITECTURES)
def test_recognises_sam(name, tmp_path):
    with torch.device("meta"):
        state = build_sam(name).state_dict()
    assert recognise(state, tmp_path) == name


@pytest.mark.parametrize("name", ["sam2_hiera_tiny", "sam2.1_hiera_tiny"])
def test_recognises_sam2_networks(name, tmp_path):
    state = build_sam2_network(name, torch.device("cpu")).state_dict()
    assert recognise(state, tmp_path) == name
    parameters = sum(value.numel() for value in state.values())
    # The state also has one buffer of 2 x 128 numbers.
    assert parameters - 256 == CATALOGUE[name].parameters


@pytest.mark.parametrize(
    "size, width, depth",
    [("tiny", 96, 12), ("small", 96, 16), ("base_plus", 112, 24), ("large", 144, 48)],
)
@pytest.mark.parametrize("version", ["sam2", "sam2.1"])
def test_tells_the_sizes_of_sam2(version, size, width, depth, tmp_path):
    trunk = "image_encoder.trunk."
    state = {trunk + "patch_embed.proj.weight": torch.zeros(width, 3, 7, 7)}
    state |= {f"{trunk}blocks.{i}.norm1.weight": torch.zeros(1) for i in range(depth)}
    if version == "sam2.1":
        state["no_obj_embed_spatial"] = torch.zeros(1, 64)
    assert recognise(state, tmp_path) == f"{version}_hiera_{size}"


@pytest.mark.parametrize(
    "state, message",
    [
        ({"image_encoder.trunk.patch_embed.proj.weight": (80, 3, 7, 7)}, "width 80 and 0 blocks"),
        (
            {
                "image_encoder.patch_embed.proj.weight": (768, 3, 16, 16),
                "image_encoder.pos_embed": (1, 16, 16, 768),
            },
            "width 768 and 0 blocks for patches of 256 pixels",
        ),
        (
            {
                "image_encoder.patch_embed.proj.weight": (192, 3, 16, 16),
                "image_encoder.pos_embed": (1, 32, 32, 192),
            },
            "for patches of 512 pixels and tokens of 16",
        ),
        ({"backbone.weight": (1,)}, "no network of SAM, SAM2 or SAM3"),
        ({}, "no network of SAM, SAM2 or SAM3"),
    ],
)
def test_other_networks_are_refused(state, message, tmp_path):
    tensors = {name: torch.zeros(shape) for name, shape in state.items()}
    with pytest.raises(ModelError, match=message):
        recognise(tensors, tmp_path / "own.pt")


@pytest.mark.parametrize("wrap", [None, "model", "state_dict"])
@pytest.mark.parametrize("zip_format", [True, False])
def test_reads_the_layouts_of_checkpoints(wrap, zip_format, tmp_path):
    state = {"a.weight": torch.arange(4.0)}
    path = tmp_path / "own.pth"
    torch.save(
        {wrap: state, "epoch": 3} if wrap else state,
        path,
        _use_new_zipfile_serialization=zip_format,
    )
    assert torch.equal(read_state(path)["a.weight"], state["a.weight"])


@pytest.mark.parametrize("zip_format", [True, False])
@pytest.mark.parametrize("keep", [0, 10, 0.5, 0.99])
def test_a_truncated_file_is_said_to_be_so(zip_format, keep, tmp_path):
    path = tmp_path / "sam_vit_b_01ec64.pth"
    torch.save({"a": torch.rand(5000)}, path, _use_new_zipfile_serialization=zip_format)
    size = path.stat().st_size
    os.truncate(path, keep if isinstance(keep, int) else int(size * keep))
    with pytest.raises(ModelError, match=r"sam_vit_b_01ec64.pth \(.* bytes\) is truncated or not"):
        read_state(path)


class Evil:
    def __reduce__(self):
        return (os.system, ("echo executed",))


@pytest.mark.parametrize("content", [{"a": Evil()}, Evil()])
def test_nothing_in_a_file_is_executed(content, tmp_path, capfd):
    path = tmp_path / "evil.pt"
    torch.save(content, path)
    with pytest.raises(ModelError, match="not a checkpoint"):
        read_state(path)
    assert "executed" not in capfd.readouterr().out


@pytest.mark.parametrize("content", [[1, 2], {"a": "text"}, torch.zeros(3), {"model": {"a": 1}}])
def test_a_file_without_weights_is_refused(content, tmp_path):
    path = tmp_path / "own.pt"
    torch.save(content, path)
    with pytest.raises(ModelError, match="holds no weights of a network"):
        read_state(path)


def test_text_and_folders_are_refused(tmp_path):
    path = tmp_path / "page.pth"
    path.write_text("<html>404 Not Found</html>")
    with pytest.raises(ModelError, match="truncated or not a checkpoint"):
        read_state(path)
    with pytest.raises(ModelError, match="cannot be read"):
        sha256_of(tmp_path)


@settings(deadline=None)
@given(content=st.binary(max_size=40))
@example(content=b"abc")
def test_no_content_of_a_file_is_a_bug(content, tmp_path_factory):
    path = tmp_path_factory.mktemp("checkpoint") / "sam_vit_b_01ec64.pth"
    path.write_bytes(content)
    with pytest.raises(ModelError):
        read_state(path)


def test_a_hash_is_computed_again_only_if_the_file_changed(tmp_path, monkeypatch):
    path = tmp_path / "own.pt"
    path.write_bytes(b"abc")
    # pragma: allowlist nextline secret
    known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert sha256_of(path) == known
    monkeypatch.setattr(checkpoint, "checksum_of", lambda path: pytest.fail("read again"))
    assert sha256_of(path) == known
    monkeypatch.undo()
    path.write_bytes(b"abcd")
    assert sha256_of(path) != known


@pytest.mark.parametrize(
    "file_name, model",
    [
        ("sam_vit_b_01ec64.pth", "vit_b"),
        ("/models/sam2.1_hiera_base_plus.pt", "sam2.1_hiera_base_plus"),
        ("C:\\models\\sam2.1_b.pt", "sam2.1_hiera_base_plus"),
        ("sam_l.pt", "vit_l"),
        ("geosam_nano.pt", "geosam_nano"),
        ("mine.pt", None),
        ("", None),
    ],
)
def test_model_of_file_name(file_name, model):
    assert model_of_file_name(file_name) == model


def test_the_catalogue_is_whole():
    assert list(CATALOGUE)[0] == "geosam_nano"
    assert set(SAM_ARCHITECTURES) < set(CATALOGUE) and len(CATALOGUE) == 14
    for entry in CATALOGUE.values():
        assert find_entry(entry.id) is entry
        if entry.gated:
            assert entry.url.startswith(entry.gated) and entry.url.endswith(entry.official_file)
            assert all(len(file.sha256) == 64 for file in entry.published)
        elif not entry.bundled:
            assert entry.url.endswith("/" + entry.official_file)
            assert entry.sha256 is not None and len(entry.sha256) == 64
            # Four bytes a parameter and a little more.
            assert 4 * entry.parameters < entry.size < 4.01 * entry.parameters + 200_000
    for name, sizes in SAM_ARCHITECTURES.items():
        assert CATALOGUE[name].patch_size == sizes.image_size
        assert CATALOGUE[name].embedding_size == sizes.embedding_size
        with torch.device("meta"):
            network = build_sam(name)
        assert CATALOGUE[name].parameters == sum(p.numel() for p in network.parameters())
