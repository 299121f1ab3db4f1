"""The algorithms of the provider, one class each."""

from .base import GeoSamAlgorithm
from .encode_raster import EncodeRaster
from .segment_prompts import SegmentPrompts

ALGORITHMS: tuple[type[GeoSamAlgorithm], ...] = (EncodeRaster, SegmentPrompts)
