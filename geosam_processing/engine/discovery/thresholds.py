"""From which score and stability on a mask is an object: a property of the model."""

from __future__ import annotations

from geosam_processing.contract.catalogue import BUNDLED_MODEL

# SAM's and SAM2's are their makers' defaults. The logits of geosam_nano are shallower, so that
# its masks are less stable: measured on generated scenes that it was not trained with.
_OF_MODEL = {BUNDLED_MODEL: (0.5, 0.75)}
_OF_FAMILY = {"sam": (0.88, 0.95), "sam2": (0.8, 0.95)}


def thresholds(model_id: str, family: str) -> tuple[float, float]:
    """The least score and the least stability of a model's masks."""
    return _OF_MODEL.get(model_id) or _OF_FAMILY.get(family, (0.8, 0.95))
