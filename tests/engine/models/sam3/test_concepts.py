"""Words and examples, against transformers' own pass from picture to masks."""

from __future__ import annotations

import pytest
import torch

from geosam_processing.engine.models.sam3.concepts import ConceptPrompt
from geosam_processing.engine.models.sam3.tokens import tokens_of

pytestmark = pytest.mark.slow

BOXES = torch.tensor([[100.0, 200.0, 300.0, 260.0], [700.0, 650.0, 760.0, 900.0]])
LABELS = torch.tensor([1, 0])


@pytest.fixture(scope="module")
def trunk(adapter, images):
    return adapter.encode(images)[0].trunk


def official(tiny, images, prompt):
    tokens = tokens_of(prompt.phrase or "visual")
    padding = 32 - len(tokens)
    more = {}
    if prompt.boxes is not None:
        middle = (prompt.boxes[:, :2] + prompt.boxes[:, 2:]) / 2
        extent = prompt.boxes[:, 2:] - prompt.boxes[:, :2]
        more = {
            "input_boxes": torch.cat([middle, extent], dim=1)[None] / 1008,
            "input_boxes_labels": prompt.labels[None],
        }
    with torch.inference_mode():
        return tiny.detector(
            pixel_values=(images - 127.5) / 127.5,
            # Padding of the other kind: what is masked must not matter.
            input_ids=torch.tensor([tokens + [49407] * padding]),
            attention_mask=torch.tensor([[1] * len(tokens) + [0] * padding]),
            **more,
        )


@pytest.mark.parametrize(
    "prompt",
    [
        ConceptPrompt("roof"),
        ConceptPrompt("swimming pool", BOXES, LABELS),
        ConceptPrompt("", BOXES[:1], LABELS[:1]),
    ],
    ids=["text", "text and examples", "examples"],
)
def test_equals_transformers_from_picture_to_masks(adapter, tiny, trunk, images, prompt):
    expected = official(tiny, images, prompt)
    (found,) = adapter.concepts.detect(trunk, [prompt])

    spread = float(expected.pred_masks.abs().max())
    torch.testing.assert_close(found.logits, expected.pred_masks[0], atol=1e-4 * spread, rtol=0)
    presence = expected.presence_logits.sigmoid()
    scores = (expected.pred_logits.sigmoid() * presence)[0]
    torch.testing.assert_close(found.scores, scores, atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(found.boxes / 1008, expected.pred_boxes[0], atol=1e-5, rtol=1e-4)
    assert found.presence == pytest.approx(float(presence), rel=1e-4)
    assert len(found.scores) == adapter.concepts.most_objects == 12


def test_prompts_of_one_patch_do_not_influence_each_other(adapter, trunk):
    roof, pool = ConceptPrompt("roof"), ConceptPrompt("pool", BOXES, LABELS)
    alone = [next(adapter.concepts.detect(trunk, [prompt])) for prompt in (roof, pool)]
    together = list(adapter.concepts.detect(trunk, [roof, pool]))
    for left, right in zip(alone, together, strict=True):
        assert torch.equal(left.logits, right.logits)
    assert not torch.equal(alone[0].logits, alone[1].logits)


def test_counterexamples_differ_from_examples(adapter, trunk):
    both = ConceptPrompt("roof", BOXES, torch.tensor([1, 1]))
    one = ConceptPrompt("roof", BOXES, LABELS)
    left, right = adapter.concepts.detect(trunk, [both, one])
    assert not torch.equal(left.scores, right.scores)


def test_float16_trunk_keeps_the_masks(adapter, trunk):
    (expected,) = adapter.concepts.detect(trunk, [ConceptPrompt("roof")])
    (found,) = adapter.concepts.detect(trunk.half(), [ConceptPrompt("roof")])
    assert ((found.logits > 0) != (expected.logits > 0)).float().mean() <= 1e-4
