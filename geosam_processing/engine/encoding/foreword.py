"""What an encoding logs before it begins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geosam_processing.contract import EncodeRequest
from geosam_processing.contract.catalogue import BUNDLED_MODEL, RECOMMENDED_MODEL
from geosam_processing.contract.texts import Text
from geosam_processing.engine.compute.device import is_faster_in_bfloat16
from geosam_processing.engine.encoding.on_workers import RemoteModel
from geosam_processing.engine.encoding.plan import EncodePlan
from geosam_processing.engine.run import RunContext

if TYPE_CHECKING:
    from geosam_processing.engine.models.adapter import ModelAdapter


def say_what_happens(
    request: EncodeRequest,
    encode_plan: EncodePlan,
    count: int,
    model: ModelAdapter | RemoteModel,
    value_range: tuple[float, float],
    reused_count: int,
    context: RunContext,
) -> None:
    """Log what a run will compute with, and advice that may make it better."""
    size = encode_plan.patch_size
    context.say(Text("Model: {}, patches of {} x {} pixels", model.model_id, size, size))
    context.say(Text("Device: {}, computing in {}", model.device, model.compute_precision))
    if _might_be_faster(model):
        context.say(
            Text(
                "In bfloat16 this processor would encode about three times as fast (precision "
                "of the computation). What that costs the masks of {} is not measured yet; "
                "benchmarks/precision.py measures it",
                model.model_id,
            )
        )
    origin = Text("as given") if request.value_range else Text("from the statistics of the raster")
    context.say(
        Text("Value range: {} to {}, {}", f"{value_range[0]:g}", f"{value_range[1]:g}", origin)
    )
    if model.model_id == BUNDLED_MODEL:
        context.say(
            Text(
                "{} is small and meant for a first try: for real work take an "
                "official model, sam2.1_hiera_tiny or larger ({} "
                "is a good choice)",
                model.model_id,
                RECOMMENDED_MODEL,
            )
        )
    if encode_plan.stride == size and count > 1:
        context.say(
            Text(
                "The patches do not overlap (the stride is as large as a patch), so objects at "
                "their edges are cut: a stride of {} avoids that",
                size // 2,
            )
        )
    if reused_count:
        context.say(Text("{} of {} patches are there already and are reused", reused_count, count))


def _might_be_faster(model: ModelAdapter | RemoteModel) -> bool:
    """Whether the model is known to compute more slowly than the device could."""
    if isinstance(model, RemoteModel) or model.compute_precision != "float32":
        return False
    return is_faster_in_bfloat16(model.device)
