"""The features of live patches: from the cache, or encoded and kept there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from geosam_processing.contract import LivePatch
from geosam_processing.engine.compute.device import is_out_of_memory
from geosam_processing.engine.encoding.patch_encoder import (
    encode_pixels,
    patch_too_large,
    require_finite,
)
from geosam_processing.engine.features.chip_file import stored
from geosam_processing.engine.models.adapter import PatchFeatures
from geosam_processing.engine.raster.letterbox import to_model_pixels
from geosam_processing.engine.segmentation.sources.live_cache import FeatureCache, key_of
from geosam_processing.engine.segmentation.sources.live_source import PatchSource

if TYPE_CHECKING:
    from geosam_processing.engine.models.adapter import ModelAdapter

# Another number whenever the same patch gets other features, or their layout changes.
_VERSION = 1
_PRECISION = "float16"
_EMBEDDING, _FINER = "image_embedding", "high_resolution_{}"


@dataclass(frozen=True)
class KnownPatch:
    """What a patch holds; ``features``, float32 on the CPU, are None where it has no data."""

    features: PatchFeatures | None


class LiveFeatures:
    """Features of the patches of one source, for one model.

    Attributes:
        encoded: names of the patches that were encoded.
        cached: names of those that came from the cache.
    """

    def __init__(
        self,
        source: PatchSource,
        adapter: ModelAdapter,
        cache: FeatureCache,
        checkpoint_sha256: str,
        value_range: tuple[float, float] | None,
    ) -> None:
        """``value_range`` None takes that of the source.

        Raises:
            RasterError: no range can be taken from the source.
        """
        self.encoded: set[str] = set()
        self.cached: set[str] = set()
        self._source = source
        self._adapter = adapter
        self._cache = cache
        self._range = value_range or source.value_range()
        self._facts: dict[str, Any] = {
            **source.facts,
            "version": _VERSION,
            "precision": _PRECISION,
            "model": adapter.model_id,
            "checkpoint": checkpoint_sha256,
            "compute_precision": adapter.compute_precision,
            "patch_size": adapter.patch_size,
            "range": self._range,
        }

    def find(self, patch: LivePatch) -> KnownPatch | None:
        """What ``patch`` holds, None if it has to be fetched first.

        Raises:
            RasterError: the patch cannot be read.
            DeviceError: the device has not enough memory for one patch.
        """
        place = (patch.x, patch.y, patch.width, patch.height, patch.columns, patch.rows)
        key = key_of({**self._facts, "patch": place})
        known = self._cache.load(key)
        if known is not None:
            self.cached |= {patch.name} - self.encoded
            return KnownPatch(_features(known))
        if not self._source.can_read(patch):
            return None
        arrays = self._encode(patch)
        self.encoded.add(patch.name)
        self.cached.discard(patch.name)
        if self._source.is_complete(patch):
            self._cache.store(key, arrays)
        return KnownPatch(_features(arrays))

    def _encode(self, patch: LivePatch) -> dict[str, NDArray[Any]]:
        """The arrays to keep of a patch: its features, none where it has no data."""
        values, valid = self._source.read(patch)
        if not valid.any():
            return {}
        pixels = to_model_pixels(
            values, valid, self._range, self._adapter.patch_size, self._adapter.pixel_mean
        )
        try:
            (found,) = encode_pixels(self._adapter, pixels[None])
        except RuntimeError as error:
            if not is_out_of_memory(error):
                raise
            raise patch_too_large(self._adapter) from error
        features = stored(replace(found, trunk=None), _PRECISION)
        require_finite(features, self._adapter, _PRECISION)
        finer = {
            _FINER.format(number): level.numpy()
            for number, level in enumerate(features.high_resolution)
        }
        return {_EMBEDDING: features.image_embedding.numpy(), **finer}


def _features(arrays: dict[str, NDArray[Any]]) -> PatchFeatures | None:
    import torch

    if not arrays:
        return None
    names = sorted(name for name in arrays if name != _EMBEDDING)
    embedding, *finer = (
        torch.from_numpy(arrays[name].astype(np.float32)) for name in (_EMBEDDING, *names)
    )
    return PatchFeatures(embedding, tuple(finer))
