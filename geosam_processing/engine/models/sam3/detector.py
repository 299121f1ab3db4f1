"""SAM3's trunk, necks and concept detector as networks of ``transformers``."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import torch
from torch import nn

from geosam_processing.engine.models.families import WeightsDifferError
from geosam_processing.engine.models.sam3.roi_align import roi_align
from geosam_processing.engine.models.sam3.sizes import detector_configuration
from geosam_processing.engine.models.sam3.weights import (
    SAM31,
    Sam3Weights,
)
from geosam_processing.engine.models.torchvision_operators import ensure_torchvision

if TYPE_CHECKING:
    from transformers import Sam3Model
    from transformers.models.sam3.modeling_sam3 import Sam3VisionNeck


def load_detector(weights: Sam3Weights) -> tuple[Sam3Model, Sam3VisionNeck]:
    """The concept detector, which has the trunk, and the neck before the head for points.

    They use the tensors of ``weights`` as they are, so weights that are mapped from a file are
    read when they are used. Of SAM 3.1 only the trunk and the neck can be used.

    Raises:
        WeightsDifferError: the weights are not exactly those of the networks.
        ImportError: ``transformers`` is not installed.
    """
    ensure_torchvision()
    from transformers import Sam3Model
    from transformers.models.sam3 import modeling_sam3

    # The geometry encoder looks the operator up there; see ``roi_align`` for why not torchvision's.
    modeling_sam3.torchvision = SimpleNamespace(ops=SimpleNamespace(roi_align=roi_align))
    configuration = detector_configuration(weights)
    # Without storage: random weights that are replaced at once take 12 s.
    with torch.device("meta"):
        detector = Sam3Model(configuration)
        neck = modeling_sam3.Sam3VisionNeck(configuration.vision_config)
    weights.neck.load_into(neck)
    if weights.model_id == SAM31:
        weights.detector.below("vision_encoder.").without("neck.").below("backbone.").load_into(
            detector.vision_encoder.backbone
        )
    else:
        weights.detector.load_into(detector)
    _compute_tables(detector)
    if weights.model_id != SAM31:
        _require_complete(detector)
    return detector.eval(), neck.eval()


def _compute_tables(network: nn.Module) -> None:
    """Compute the buffers that no checkpoint has."""
    from transformers.models.sam3.modeling_sam3 import Sam3ViTLayer, Sam3ViTRotaryEmbedding

    module: Any
    for module in network.modules():
        if isinstance(module, Sam3ViTLayer):
            module.position_ids = module.precompute_positions(module.config, module.window_size)
        elif isinstance(module, Sam3ViTRotaryEmbedding):
            frequencies, _ = module.compute_axial_rope_parameters(module.config)
            module.inv_freq = frequencies
            module.original_inv_freq = frequencies.clone()
        elif isinstance(getattr(module, "position_ids", None), torch.Tensor):
            # Of the text encoder: 0, 1, 2, ...
            module.position_ids = torch.arange(module.position_ids.shape[-1])[None]


def _require_complete(network: nn.Module) -> None:
    """Raise WeightsDifferError if a table is left that this version of transformers adds."""
    missing = [name for name, tensor in network.named_buffers() if tensor.is_meta]
    if missing:
        raise WeightsDifferError(f"has no values for {', '.join(missing[:8])}")
