"""Our memory against ``SAM2VideoPredictor`` on the same frames, prompts and random weights.

The network has the official architecture and 256 x 256 pixels, so that a frame takes a moment.
"""

from __future__ import annotations

import copy
import inspect
from collections import OrderedDict
from pathlib import Path

import pytest
import torch

from geosam_processing.engine.models.adapter import PatchFeatures, PromptBatch
from geosam_processing.engine.models.official_packages import built_as_configured
from geosam_processing.engine.models.sam2_memory import Sam2Tracker
from geosam_processing.engine.models.torchvision_operators import ensure_torchvision
from tests.engine.parity import picture, smallest_iou

pytestmark = pytest.mark.slow

SIZE = 256
FRAMES = 6
POST_PROCESSING = {
    "dynamic_multimask_via_stability": True,
    "dynamic_multimask_stability_delta": 0.05,
    "dynamic_multimask_stability_thresh": 0.98,
}


@pytest.fixture(scope="module")
def predictor():
    """As ``build_sam2_video_predictor`` sets it up, but for filling holes, which needs a GPU."""
    ensure_torchvision()
    from sam2.sam2_video_predictor import SAM2VideoPredictor

    class OnProcessor(SAM2VideoPredictor):
        """Memories are stored as bfloat16, which a processor cannot mix with float32."""

        def _prepare_memory_conditioned_features(self, **arguments):
            frames = arguments["output_dict"]
            arguments["output_dict"] = {
                kind: {
                    frame: {**output, "maskmem_features": output["maskmem_features"].float()}
                    for frame, output in outputs.items()
                }
                for kind, outputs in frames.items()
            }
            return super()._prepare_memory_conditioned_features(**arguments)

    package = Path(inspect.getfile(SAM2VideoPredictor)).parent
    torch.manual_seed(0)
    network = built_as_configured(
        package / "configs/sam2.1/sam2.1_hiera_t.yaml",
        _target_="sam2.sam2_video_predictor.SAM2VideoPredictor",
        image_size=SIZE,
        sam_mask_decoder_extra_args=POST_PROCESSING,
        binarize_mask_from_pts_for_mem_enc=True,
    )
    network.__class__ = OnProcessor
    # Random objects are on a frame or not by chance; these are, so that there are masks.
    network.sam_mask_decoder.pred_obj_score_head.layers[-1].bias.data += 3
    return network.eval()


@pytest.fixture(scope="module")
def network(predictor):
    """The same weights without the predictor around them."""
    from sam2.modeling.sam2_base import SAM2Base

    network = copy.copy(predictor)
    network.__class__ = SAM2Base
    network.binarize_mask_from_pts_for_mem_enc = False  # as the image predictor is set up
    return network


@pytest.fixture(scope="module")
def encoded(predictor):
    """Frames on which a picture moves, with what the image encoder makes of them."""
    wide = torch.from_numpy(picture(SIZE, SIZE + 8 * FRAMES)).permute(2, 0, 1) / 255
    mean = torch.tensor((0.485, 0.456, 0.406)).view(3, 1, 1)
    deviation = torch.tensor((0.229, 0.224, 0.225)).view(3, 1, 1)
    pixels = ((wide - mean) / deviation)[None]
    frames = [pixels[..., 8 * frame : 8 * frame + SIZE] for frame in range(FRAMES)]
    with torch.inference_mode():
        return {
            frame: (image, predictor.forward_image(image)) for frame, image in enumerate(frames)
        }


@pytest.fixture(scope="module")
def features(predictor, encoded):
    """The same as they are stored."""
    stored = []
    for _, output in encoded.values():
        *finer, top = output["backbone_fpn"]
        with_embedding = top + predictor.no_mem_embed.view(1, -1, 1, 1).detach()
        stored.append(PatchFeatures(with_embedding, tuple(finer)))
    return stored


@pytest.fixture
def state(encoded):
    """The predictor's state of a video, without one."""
    per_object = (
        "point_inputs_per_obj",
        "mask_inputs_per_obj",
        "output_dict_per_obj",
        "temp_output_dict_per_obj",
        "frames_tracked_per_obj",
    )
    return {
        "num_frames": FRAMES,
        "video_height": SIZE,
        "video_width": SIZE,
        "device": torch.device("cpu"),
        "storage_device": torch.device("cpu"),
        "cached_features": encoded,
        "constants": {},
        "obj_id_to_idx": OrderedDict(),
        "obj_idx_to_id": OrderedDict(),
        "obj_ids": [],
        **{name: {} for name in per_object},
    }


def official(predictor, state, reverse=False):
    """Logits [B, SIZE, SIZE] by frame."""
    found = predictor.propagate_in_video(state, reverse=reverse)
    return {frame: masks[:, 0].clone() for frame, _, masks in found}


def require_equal(tracked, masks):
    """The masks of both are the same, and there is something to compare."""
    own = torch.nn.functional.interpolate(
        tracked.logits[:, None], (SIZE, SIZE), mode="bilinear", align_corners=False
    )
    share = (masks > 0).float().mean((1, 2))
    assert ((share > 0.01) & (share < 0.99)).all(), share
    assert smallest_iou(own, masks[:, None]) >= 0.999


def points(*places, labels=None):
    coordinates = torch.tensor([places], dtype=torch.float32)
    return PromptBatch(coordinates, torch.tensor([labels or [1] * len(places)]))


def box(*corners):
    return PromptBatch(
        torch.zeros(1, 0, 2), torch.zeros(1, 0, dtype=torch.int64), torch.tensor([corners]).float()
    )


@pytest.mark.parametrize("start", [0, 2])
def test_one_object_forward_and_backward(predictor, network, state, features, start):
    predictor.add_new_points_or_box(state, start, 1, points=[[100.0, 120.0]], labels=[1])
    forward, backward = official(predictor, state), official(predictor, state, reverse=True)

    tracker = Sam2Tracker(network, FRAMES, memories=7)
    require_equal(tracker.prompt(start, features[start], [points((100, 120))]), forward[start])
    for frame in range(start + 1, FRAMES):
        require_equal(tracker.step(frame, features[frame]), forward[frame])
    for frame in reversed(range(start)):
        require_equal(tracker.step(frame, features[frame], backward=True), backward[frame])
    assert len(forward) + len(backward) == FRAMES + (start > 0)


def test_several_objects_at_once(predictor, network, state, features):
    predictor.add_new_points_or_box(state, 2, 1, points=[[100.0, 120.0]], labels=[1])
    predictor.add_new_points_or_box(
        state, 2, 2, box=[40.0, 60.0, 200.0, 180.0], points=[[70.0, 80.0]], labels=[0]
    )
    predictor.add_new_points_or_box(
        state, 2, 3, points=[[30.0, 200.0], [90.0, 220.0]], labels=[1, 1]
    )
    forward, backward = official(predictor, state), official(predictor, state, reverse=True)

    boxed = box(40, 60, 200, 180)
    prompts = [
        points((100, 120)),
        PromptBatch(torch.tensor([[[70.0, 80.0]]]), torch.tensor([[0]]), boxed.boxes),
        points((30, 200), (90, 220)),
    ]
    tracker = Sam2Tracker(network, FRAMES, memories=7)
    require_equal(tracker.prompt(2, features[2], prompts), forward[2])
    for frame in range(3, FRAMES):
        require_equal(tracker.step(frame, features[frame]), forward[frame])
    for frame in (1, 0):
        require_equal(tracker.step(frame, features[frame], backward=True), backward[frame])


def test_an_object_that_is_described_again_on_a_later_date(predictor, network, state, features):
    predictor.add_new_points_or_box(state, 1, 1, points=[[100.0, 120.0]], labels=[1])
    predictor.add_new_points_or_box(state, 4, 1, box=[60.0, 60.0, 200.0, 200.0])
    forward, backward = official(predictor, state), official(predictor, state, reverse=True)

    tracker = Sam2Tracker(network, FRAMES, memories=7)
    tracker.prompt(1, features[1], [points((100, 120))])
    require_equal(tracker.prompt(4, features[4], [box(60, 60, 200, 200)]), forward[4])
    for frame in (2, 3, 5):
        require_equal(tracker.step(frame, features[frame]), forward[frame])
    require_equal(tracker.step(0, features[0], backward=True), backward[0])


def test_an_outline_that_points_correct_on_a_later_date(
    predictor, network, state, features, monkeypatch
):
    # As Meta's own demonstration sets it: otherwise the correction is lost on the next pass.
    monkeypatch.setattr(predictor, "add_all_frames_to_correct_as_cond", True)
    predictor.add_new_points_or_box(state, 0, 1, points=[[100.0, 120.0]], labels=[1])
    official(predictor, state)
    clicks = {"points": [[150.0, 60.0], [60.0, 160.0]], "labels": [0, 1]}
    predictor.add_new_points_or_box(state, 3, 1, **clicks)
    forward = official(predictor, state)

    tracker = Sam2Tracker(network, FRAMES, memories=7)
    tracker.prompt(0, features[0], [points((100, 120))])
    for frame in (1, 2, 3):
        tracker.step(frame, features[frame])
    correction = points((150, 60), (60, 160), labels=[0, 1])
    require_equal(tracker.refine(3, features[3], [correction]), forward[3])
    for frame in (1, 2, 4, 5):
        require_equal(tracker.step(frame, features[frame]), forward[frame])


def test_fewer_memories_need_less(network, features):
    masks = {}
    for memories in (1, 2, 7):
        tracker = Sam2Tracker(network, FRAMES, memories)
        tracker.prompt(0, features[0], [points((100, 120))])
        for frame in range(1, FRAMES):
            masks[memories, frame] = tracker.step(frame, features[frame]).logits
        kept = [frame for frame, each in tracker._stepped.items() if each.memory is not None]
        # A frame keeps its memory as long as it is near the last one or near a prompted one.
        assert kept == [f for f in range(1, FRAMES) if min(f, FRAMES - 1 - f) < memories]
        assert network.num_maskmem == 7 and len(network.maskmem_tpos_enc) == 7
    assert torch.equal(masks[2, 1], masks[7, 1])
    assert not torch.equal(masks[2, 4], masks[7, 4])
