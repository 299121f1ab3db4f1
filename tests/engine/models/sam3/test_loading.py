"""Checkpoints of both layouts, and of SAM 3.1, are recognized by content and loaded strictly."""

from __future__ import annotations

import pytest
import torch

from geosam_processing.engine.models.sam3.adapter import load_sam3
from geosam_processing.engine.models.sam3.sizes import detector_configuration
from geosam_processing.engine.models.sam3.weights import (
    SAM3,
    SAM31,
    WeightsDifferError,
    model_id_of,
    sorted_weights,
)
from tests.engine.models.sam3 import tiny_sam3

pytestmark = pytest.mark.slow

CPU = torch.device("cpu")
# Tensors in the public sam3.pt.
META_TENSORS = 1465


@pytest.fixture(scope="module")
def states(tiny):
    return {
        "transformers": tiny.transformers_state(),
        "meta": tiny_sam3.meta_state(tiny),
        "meta 3.1": tiny_sam3.meta_state(tiny, SAM31),
    }


@pytest.mark.parametrize(
    "layout, model_id", [("transformers", SAM3), ("meta", SAM3), ("meta 3.1", SAM31)]
)
def test_content_tells_the_model(states, layout, model_id):
    assert model_id_of(states[layout]) == model_id


def test_other_content_is_no_sam3():
    assert model_id_of({"image_encoder.pos_embed": torch.zeros(1)}) == ""


def test_both_layouts_hold_the_same_weights(states):
    ours, theirs = sorted_weights(states["transformers"]), sorted_weights(states["meta"])
    for part in ("detector", "neck", "head"):
        left, right = getattr(ours, part).tensors, getattr(theirs, part).tensors
        assert left.keys() == right.keys()
        assert all(torch.equal(left[name], right[name]) for name in left)


def test_true_sizes_have_the_names_and_number_of_the_public_file():
    from transformers import Sam3Config, Sam3Model, Sam3TrackerVideoConfig, Sam3TrackerVideoModel

    with torch.device("meta"):
        real = tiny_sam3.TinySam3(
            Sam3Model(Sam3Config()), Sam3TrackerVideoModel(Sam3TrackerVideoConfig())
        )
    state = tiny_sam3.meta_state(real)
    assert len(state) == META_TENSORS
    weights = sorted_weights(state)
    assert weights.foreign == ()
    assert weights.detector.tensors.keys() == real.detector.state_dict().keys()
    # Shapes tell all that distinguishes the configuration from another one.
    assert detector_configuration(weights).to_dict() == Sam3Config().to_dict()


@pytest.mark.slow
@pytest.mark.parametrize("layout", ["transformers", "meta"])
def test_features_are_the_same_from_either_layout(states, layout, adapter, images):
    loaded = load_sam3(states[layout], CPU)
    expected, found = adapter.encode(images)[0], loaded.encode(images)[0]
    assert torch.equal(found.image_embedding, expected.image_embedding)
    assert found.trunk is not None and torch.equal(found.trunk, expected.trunk)
    assert loaded.model_id == SAM3 and loaded.concepts is not None


def test_version_31_is_for_points_only(states, adapter, images):
    loaded = load_sam3(states["meta 3.1"], CPU)
    expected, found = adapter.encode(images)[0], loaded.encode(images)[0]
    assert (loaded.model_id, loaded.concepts, found.trunk) == (SAM31, None, None)
    assert torch.equal(found.image_embedding, expected.image_embedding)


def test_half_precision_files_are_computed_in_float32(states, images):
    halves = {
        name: tensor.half() if tensor.is_floating_point() else tensor
        for name, tensor in states["meta"].items()
    }
    loaded = load_sam3(halves, CPU)
    assert loaded.encode(images)[0].image_embedding.dtype == torch.float32


@pytest.mark.slow
@pytest.mark.parametrize(
    "layout, name",
    [
        ("transformers", "detector_model.detr_decoder.something.weight"),
        ("transformers", "tracker_model.something"),
        ("transformers", "something"),
        ("meta", "detector.backbone.vision_backbone.trunk.something"),
        ("meta", "tracker.something"),
        ("meta", "something"),
    ],
)
def test_one_tensor_too_many_is_named_as_in_the_file(states, layout, name):
    with pytest.raises(WeightsDifferError, match=f"^also has {name}$"):
        load_sam3({**states[layout], name: torch.zeros(1)}, CPU)


def test_missing_tensors_and_other_shapes_are_named(states):
    state = dict(states["meta"])
    del state["detector.backbone.vision_backbone.trunk.blocks.3.norm1.weight"]
    state["detector.transformer.decoder.query_embed.weight"] = torch.zeros(
        tiny_sam3.QUERIES, tiny_sam3.NECK_WIDTH + 1
    )
    with pytest.raises(WeightsDifferError) as raised:
        load_sam3(state, CPU)
    text = str(raised.value)
    assert "has no vision_encoder.backbone.layers.3.layer_norm1.weight" in text
    assert (
        "has of another shape detector.transformer.decoder.query_embed.weight (12, 33) instead of "
        "(12, 32)" in text
    )


def test_a_file_that_lost_a_network_says_so(states):
    state = {
        name: tensor for name, tensor in states["meta"].items() if not name.startswith("tracker.")
    }
    with pytest.raises(WeightsDifferError, match="has no no_mem_embed"):
        load_sam3(state, CPU)
