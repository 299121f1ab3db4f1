"""The bundled model: whole, small, documented, and able to segment."""

import hashlib
import re
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from geosam_processing.engine.models.sam_architectures import (  # noqa: E402
    SAM_ARCHITECTURES,
    build_sam,
)

MODELS = Path(__file__).parents[3] / "models"
CHECKPOINT = MODELS / "geosam_nano.pt"
CARD = MODELS / "geosam_nano.md"
BOX_FLOOR = 0.75


def test_checkpoint_loads_strictly_into_its_architecture():
    weights = torch.load(CHECKPOINT, map_location="cpu", weights_only=True)
    assert {value.dtype for value in weights.values()} == {torch.float16}
    build_sam("geosam_nano").load_state_dict(weights, strict=True)
    assert all(torch.isfinite(value).all() for value in weights.values())


def test_checkpoint_is_small():
    assert CHECKPOINT.stat().st_size <= 16_000_000


def test_card_names_this_checkpoint():
    digest = hashlib.sha256(CHECKPOINT.read_bytes()).hexdigest()
    assert digest in re.findall(r"\b[0-9a-f]{64}\b", CARD.read_text(encoding="utf-8"))


def test_unknown_architecture_is_refused():
    with pytest.raises(ValueError, match="vit_b, vit_l, vit_h, geosam_nano"):
        build_sam("vit_x")


def test_architectures_are_sam_s_own():
    assert [SAM_ARCHITECTURES[n].embed_dim for n in ("vit_b", "vit_l", "vit_h")] == [
        768,
        1024,
        1280,
    ]
    assert SAM_ARCHITECTURES["geosam_nano"].image_size == 512


@pytest.mark.slow
def test_boxes_on_held_out_scenes_are_answered_well():
    pytest.importorskip("cv2")
    from geosam_processing.engine.overlap import mask_intersection_over_union
    from training.evaluate import ModelPredictor
    from training.prompts import choose_objects
    from training.scenes import HELD_OUT_SEEDS, generate_scene

    predictor, quality = ModelPredictor(CHECKPOINT), []
    for seed in range(HELD_OUT_SEEDS + 300, HELD_OUT_SEEDS + 304):
        scene = generate_scene(seed)
        chosen = choose_objects(np.random.default_rng(seed), scene.instances, 8, 150, 12)
        assert chosen is not None
        predictor.look(scene.picture)
        masks, _ = predictor.answer(None, None, chosen.boxes, False)
        quality += mask_intersection_over_union(masks[:, 0], chosen.masks).tolist()
    assert len(quality) > 15
    assert np.mean(quality) > BOX_FLOOR
