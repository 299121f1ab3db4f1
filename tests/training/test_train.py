"""Training: the same arithmetic as SAM's, and a run that can be interrupted."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

torch = pytest.importorskip("torch")

from geosam_processing.engine.models.sam_architectures import (  # noqa: E402
    SAM_ARCHITECTURES,
    build_sam,
    build_sam_from,
)
from training.initial_weights import adapted  # noqa: E402
from training.losses import intersection_over_union, look_at, mask_loss  # noqa: E402
from training.network import decode, embed_points, encode, position_encoding  # noqa: E402
from training.train import Phase, learning_rate, new_state, restore, run  # noqa: E402

TINY = (
    Phase(steps=2, side=128, images=1, objects=2, clicked=1, rate=1e-4, final_rate=1e-5),
    Phase(steps=2, side=256, images=1, objects=2, clicked=1, rate=1e-4, final_rate=1e-5),
)


@pytest.fixture(scope="module")
def network():
    torch.manual_seed(0)
    sam = build_sam("geosam_nano")
    with torch.no_grad():  # zero-initialised tables would hide mistakes
        for parameter in sam.parameters():
            parameter.add_(0.02 * torch.randn_like(parameter))
    return sam


def test_training_computes_what_sam_computes(network):
    pixels = torch.rand(1, 3, 512, 512) * 255
    points, labels = torch.rand(3, 2, 2) * 512, torch.tensor([[1, 0]] * 3)
    with torch.no_grad():
        features = network.image_encoder((pixels - network.pixel_mean) / network.pixel_std)
        sparse, dense = network.prompt_encoder(points=(points, labels), boxes=None, masks=None)
        expected, expected_scores = network.mask_decoder.predict_masks(
            features, network.prompt_encoder.get_dense_pe(), sparse, dense
        )
        own = encode(network, pixels, (0, 0))
        padded = torch.cat([points, torch.zeros(3, 1, 2)], 1)
        kinds = torch.cat([labels, torch.full((3, 1), -1)], 1)
        tokens = embed_points(network, padded, kinds)
        logits, scores = decode(network, own[0], position_encoding(network, 512, (0, 0)), tokens)
    torch.testing.assert_close(own, features.flatten(2).transpose(1, 2), atol=1e-4, rtol=1e-4)
    torch.testing.assert_close(logits, expected, atol=1e-4, rtol=1e-4)
    torch.testing.assert_close(scores, expected_scores, atol=1e-4, rtol=1e-4)


def test_part_of_a_patch_sees_its_own_positions(network):
    whole = position_encoding(network, 512, (0, 0)).view(64, 64, -1)
    part = position_encoding(network, 128, (256, 128)).view(16, 16, -1)
    torch.testing.assert_close(part, whole[16:32, 32:48])


def test_perfect_mask_costs_nothing():
    mask = np.zeros((1, 64, 64), np.bool_)
    mask[:, :, 8:32] = True  # without corners, which interpolation rounds
    truth = look_at(np.random.default_rng(0), mask)
    logits = (truth.cells * 2 - 1) * 20
    assert float(mask_loss(logits, truth)) < 1e-3
    assert float(mask_loss(-logits, truth)) > 1
    assert float(intersection_over_union(logits, truth)) == 1
    assert float(intersection_over_union(-logits, truth)) == 0


@given(
    box=st.tuples(st.integers(0, 40), st.integers(0, 40), st.integers(5, 24), st.integers(5, 24)),
    seed=st.integers(0, 1000),
)
def test_iou_from_chosen_pixels_is_about_that_of_all(box, seed):
    left, top, width, height = box
    mask = np.zeros((1, 64, 64), np.bool_)
    mask[:, top : top + height, left : left + width] = True
    truth = look_at(np.random.default_rng(seed), mask)
    logits = torch.randn(1, 1, 32, 32, generator=torch.Generator().manual_seed(seed))
    logits = 0.3 * logits + 4 * truth.cells - 2
    whole = torch.nn.functional.interpolate(logits, (64, 64), mode="bilinear")[0, 0].numpy() > 0
    exact = (whole & mask[0]).sum() / (whole | mask[0]).sum()
    assert float(intersection_over_union(logits, truth)) == pytest.approx(exact, abs=0.05)


def test_chosen_pixels_see_an_edge_within_a_cell():
    mask = np.zeros((1, 64, 64), np.bool_)
    mask[:, 18:31, 18:31] = True
    truth = look_at(np.random.default_rng(0), mask)
    graded, hard = (truth.cells - 0.5) * 8, ((truth.cells > 0.5) * 2 - 1.0) * 8
    assert float(mask_loss(graded, truth)) < float(mask_loss(hard, truth))
    assert float(intersection_over_union(graded, truth)) > 0.9


def test_weights_of_a_smaller_patch_fit(network):
    weights = {name: value.clone() for name, value in network.state_dict().items()}
    weights["image_encoder.pos_embed"] = torch.rand(1, 16, 16, 192)
    for block in (2, 5):
        for axis in "hw":
            name = f"image_encoder.blocks.{block}.attn.rel_pos_{axis}"
            weights[name] = weights[name][16:-16]
    result = adapted(weights, network)
    assert {n: v.shape for n, v in result.items()} == {
        n: v.shape for n, v in network.state_dict().items()
    }


def test_weights_of_larger_tokens_see_an_enlarged_token(network):
    weights = {name: value.clone() for name, value in network.state_dict().items()}
    kernel = torch.rand(192, 3, 16, 16)
    weights["image_encoder.patch_embed.proj.weight"] = kernel
    weights["image_encoder.pos_embed"] = torch.rand(1, 32, 32, 192)
    result = adapted(weights, network)
    token = torch.rand(1, 3, 8, 8)
    enlarged = torch.nn.functional.interpolate(token, (16, 16), mode="bilinear")
    smaller = result["image_encoder.patch_embed.proj.weight"]
    seen = torch.einsum("bcyx,wcyx->w", token, smaller)
    expected = torch.einsum("bcyx,wcyx->w", enlarged, kernel)
    torch.testing.assert_close(seen, expected, rtol=1e-5, atol=0)
    matrix = "prompt_encoder.pe_layer.positional_encoding_gaussian_matrix"
    torch.testing.assert_close(result[matrix], weights[matrix])


def test_weights_of_a_network_of_fewer_blocks_compute_the_same():
    sizes = SAM_ARCHITECTURES["geosam_nano"]
    small = replace(sizes, image_size=128, depth=4, global_attn_indexes=(1, 3))
    shallow = build_sam_from(small)
    deep = build_sam_from(replace(small, depth=6, global_attn_indexes=(1, 3, 5)))
    with torch.no_grad():
        for parameter in shallow.parameters():
            parameter.add_(0.02 * torch.randn_like(parameter))
        deep.load_state_dict(adapted(shallow.state_dict(), deep))
        pixels = torch.randn(1, 3, 128, 128)
        torch.testing.assert_close(deep.image_encoder(pixels), shallow.image_encoder(pixels))


def test_learning_rate_follows_the_phases():
    assert learning_rate(TINY, 0, warmup=1) == (TINY[0], 1e-4)
    assert learning_rate(TINY, 2, warmup=1) == (TINY[1], 1e-4)
    with pytest.raises(ValueError, match="run is over"):
        learning_rate(TINY, 4)


def test_a_run_of_an_earlier_recipe_is_refused(tmp_path):
    state = new_state(seed=1)
    torch.save({"network": {}, "average": {}, "optimizer": {}, "step": 5}, tmp_path / "training.pt")
    with pytest.raises(ValueError, match="another optimizer.*--initial-weights"):
        restore(state, tmp_path)


def test_resumed_run_equals_an_uninterrupted_one(tmp_path):
    torch.set_num_threads(1)
    pool = tmp_path / "pool"
    pool.mkdir()
    states = []
    for name, stops in (("once", (4,)), ("twice", (2, 4))):
        folder = tmp_path / name
        folder.mkdir()
        for stop in stops:
            state = new_state(seed=1)
            restore(state, folder)
            run(state, TINY, folder, pool, seed=1, last_seed=3, stop=stop)
        states.append(state)
        assert (folder / "geosam_nano.pt").stat().st_size <= 16e6
    once, twice = (state.average.state_dict() for state in states)
    for name, value in once.items():
        np.testing.assert_array_equal(value.numpy(), twice[name].numpy(), err_msg=name)
