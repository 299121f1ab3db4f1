"""SAM3 from a file to a model, as the algorithms get it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
import torch

from geosam_processing.contract import Device, LogEvent, Model
from geosam_processing.engine.errors import ModelError
from geosam_processing.engine.models import registry
from geosam_processing.engine.models.sam3 import vocabulary
from geosam_processing.engine.models.sam3.adapter import Sam3Adapter
from geosam_processing.engine.models.sam3.concepts import ConceptPrompt
from tests.engine.models.sam3 import tiny_sam3


def load(path: Path, lines: list[LogEvent] | None = None, **model: str) -> tuple[Any, Any]:
    resolved = registry.resolve(Model(checkpoint=str(path), **model))
    log = (lambda event: None) if lines is None else lines.append
    return resolved, registry.load(resolved, Device("cpu"), log)


@pytest.mark.slow
@pytest.mark.parametrize(
    "name, layout",
    [
        ("sam3.pt", "meta"),
        ("my own.pth", "meta"),
        ("model.safetensors", "transformers"),
        # Meta's names in the other format, as mirrors have them.
        ("sam3.safetensors", "meta"),
        ("renamed.pt.safetensors", "meta"),
    ],
)
def test_file_is_recognized_by_content(tiny, tmp_path, name, layout):
    state = tiny.transformers_state() if layout == "transformers" else tiny_sam3.meta_state(tiny)
    path = tiny_sam3.write_checkpoint(tmp_path / name, state)
    if name.startswith("renamed"):
        path = path.rename(tmp_path / "sam3.pt")
    lines: list[LogEvent] = []
    resolved, adapter = load(path, lines, model="sam3")
    assert isinstance(adapter, Sam3Adapter)
    assert (resolved.entry.id, adapter.model_id, resolved.official) == ("sam3", "sam3", True)
    assert not [line for line in lines if line.level == "warning"]


@pytest.mark.slow
def test_weights_in_the_file_are_not_copied(tiny, tmp_path):
    path = tiny_sam3.write_checkpoint(tmp_path / "sam3.pt", tiny_sam3.meta_state(tiny))
    state = registry.read_state(path)
    before = state["detector.backbone.language_backbone.encoder.token_embedding.weight"]
    _, adapter = load(path)
    after = adapter.concepts._network.text_encoder.text_model.embeddings.token_embedding.weight
    assert torch.equal(before, after)
    assert not after.is_meta


@pytest.mark.slow
def test_version_31_warns_that_it_is_untested(tiny, tmp_path):
    state = tiny_sam3.meta_state(tiny, "sam3.1")
    path = tiny_sam3.write_checkpoint(tmp_path / "sam3.1_multiplex.pt", state)
    lines: list[LogEvent] = []
    resolved, adapter = load(path, lines)
    assert resolved.entry.id == adapter.model_id == "sam3.1"
    assert any("untested" in line.text and line.level == "warning" for line in lines)


@pytest.mark.parametrize("name", ["sam3.pt", "model.safetensors"])
def test_truncated_file_says_so(tiny, tmp_path, name):
    path = tiny_sam3.write_checkpoint(tmp_path / name, tiny.transformers_state())
    path.write_bytes(path.read_bytes()[:-1000])
    with pytest.raises(ModelError, match="is truncated or"):
        load(path)


@pytest.mark.slow
def test_tensor_too_many_is_named(tiny, tmp_path):
    state = {**tiny_sam3.meta_state(tiny), "detector.surprise": torch.zeros(1)}
    path = tiny_sam3.write_checkpoint(tmp_path / "sam3.pt", state)
    with pytest.raises(ModelError, match=r"sam3\.pt does not fit sam3: it also has detector\.surp"):
        load(path)


def test_missing_packages_name_the_option(tiny, tmp_path, monkeypatch):
    path = tiny_sam3.write_checkpoint(tmp_path / "sam3.pt", tiny_sam3.meta_state(tiny))
    monkeypatch.setitem(sys.modules, "transformers", None)
    with pytest.raises(ModelError, match="Install engine .*with SAM3"):
        load(path)


def test_missing_checkpoint_explains_the_license(tmp_path):
    with pytest.raises(ModelError, match="accept its license at https://huggingface.co/facebook"):
        registry.resolve(Model("sam3", folder=str(tmp_path)))


def test_version_31_keeps_nothing_for_words():
    from geosam_processing.engine.models.families import family_of

    assert family_of("sam3").finds_concepts("sam3")
    assert not family_of("sam3").finds_concepts("sam3.1")
    assert not family_of("sam2").finds_concepts("sam2.1_hiera_tiny")


@pytest.mark.slow
def test_vocabulary_next_to_the_checkpoint_is_used(tiny, tmp_path, monkeypatch):
    merges = ["#version: 0.2", *map(" ".join, vocabulary.read_merges(None)), ""]
    monkeypatch.setattr(vocabulary.importlib.util, "find_spec", lambda name: None)
    path = tiny_sam3.write_checkpoint(tmp_path / "sam3.pt", tiny_sam3.meta_state(tiny))
    _, adapter = load(path)
    trunk = torch.zeros(1, tiny_sam3.WIDTH, 72, 72)
    with pytest.raises(ModelError, match="merges.txt, tokenizer.json") as missing:
        list(adapter.concepts.detect(trunk, [ConceptPrompt("roof")]))
    assert str(tmp_path) in str(missing.value)
    (tmp_path / "merges.txt").write_text("\n".join(merges), encoding="utf-8")
    (masks,) = adapter.concepts.detect(trunk, [ConceptPrompt("roof")])
    assert len(masks.scores) == tiny_sam3.QUERIES
