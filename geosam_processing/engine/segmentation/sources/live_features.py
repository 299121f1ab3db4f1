"""The features of live patches: from the cache, or encoded and kept there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from geosam_processing.contract import LivePatch
from geosam_processing.contract.catalogue import CATALOGUE
from geosam_processing.engine.compute.device import is_out_of_memory
from geosam_processing.engine.encoding.patch_encoder import (
    encode_pixels,
    patch_too_large,
    require_finite,
)
from geosam_processing.engine.features.chip_file import plain_features, stored
from geosam_processing.engine.features.empty_cells import are_cells, empty_cells
from geosam_processing.engine.models.adapter import PatchFeatures
from geosam_processing.engine.raster.letterbox import to_model_pixels
from geosam_processing.engine.run import never
from geosam_processing.engine.segmentation.contrast import PatchPicture
from geosam_processing.engine.segmentation.sources.live_cache import FeatureCache, key_of
from geosam_processing.engine.segmentation.sources.live_source import PatchSource

if TYPE_CHECKING:
    from geosam_processing.engine.models.adapter import ModelAdapter

# Another number whenever the same patch gets other features, or their layout changes.
_VERSION = 4
_PRECISION = "float16"
_EMBEDDING, _FINER, _PICTURE = "image_embedding", "high_resolution_{}", "picture"
_EMPTY_CELLS = "empty_cells"


@dataclass(frozen=True)
class KnownPatch:
    """What a patch holds; ``features``, float32 on the CPU, are None where it has no data.

    Attributes:
        empty_cells: its parts without data, see ``features.empty_cells``.
    """

    features: PatchFeatures | None
    picture: PatchPicture
    empty_cells: str = ""


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
        cancelled: Callable[[], bool] = never,
    ) -> None:
        """``value_range`` None takes that of the source.

        Raises:
            RasterError: no range can be taken from the source.
            Cancelled: ``cancelled`` answered True while it was looked for.
        """
        self.encoded: set[str] = set()
        self.cached: set[str] = set()
        self._source = source
        self._adapter = adapter
        self._cache = cache
        self._range = value_range or source.value_range(cancelled)
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
        key = self._key(patch)
        known = self._cached(key)
        if known is not None:
            self.cached |= {patch.name} - self.encoded
            return known
        if not self._source.can_read(patch):
            return None
        arrays = self._encode(patch)
        self.encoded.add(patch.name)
        self.cached.discard(patch.name)
        if self._source.is_complete(patch):
            self._cache.store(key, arrays)
        return self._known(arrays)

    def has(self, patch: LivePatch) -> bool:
        """Whether ``patch`` need not be fetched before it can be found."""
        return self._source.can_read(patch) or self._cache.has(self._key(patch))

    def _key(self, patch: LivePatch) -> str:
        place = (patch.x, patch.y, patch.width, patch.height, patch.columns, patch.rows)
        return key_of({**self._facts, "patch": place})

    def _cached(self, key: str) -> KnownPatch | None:
        arrays = self._cache.load(key)
        if arrays is None:
            return None
        try:
            return self._known(arrays)
        except ValueError:
            # Whole, but not what this model makes: somebody else's.
            self._cache.forget(key)
            return None

    def _known(self, arrays: dict[str, NDArray[Any]]) -> KnownPatch:
        """What ``arrays`` hold; ValueError if it is nothing that the model made."""
        arrays = dict(arrays)
        picture = arrays.pop(_PICTURE, np.zeros((4, 1, 1), np.uint8))
        if picture.ndim != 3 or len(picture) != 4 or picture.dtype != np.uint8:
            raise ValueError("the array is no picture")
        cells = arrays.pop(_EMPTY_CELLS, np.zeros(0, np.uint8)).tobytes().decode("ascii")
        if not are_cells(cells):
            raise ValueError("the array is no empty cells")
        return KnownPatch(self._features(arrays), PatchPicture(picture), cells)

    def _features(self, arrays: dict[str, NDArray[Any]]) -> PatchFeatures | None:
        """The features in ``arrays``; ValueError if the model has no such features."""
        import torch

        if not arrays:
            return None
        names = [_EMBEDDING, *(_FINER.format(number) for number in range(len(arrays) - 1))]
        if set(names) != arrays.keys() or any(a.dtype != _PRECISION for a in arrays.values()):
            raise ValueError("the arrays are no features")
        known = self._adapter.model_id in CATALOGUE
        return plain_features(
            [torch.from_numpy(arrays[name]) for name in names],
            self._adapter.family,
            self._adapter.embedding_size if known else None,
        )

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
        picture = PatchPicture.of(values, valid, self._range, self._adapter.patch_size)
        return {
            _EMBEDDING: features.image_embedding.numpy(),
            **finer,
            _PICTURE: picture.levels,
            _EMPTY_CELLS: np.frombuffer(empty_cells(valid).encode("ascii"), np.uint8),
        }
