"""How well objects agree with a reference, and the one intersection over union of the project."""

from geosam_processing.engine.assessment.assess import Assessment, assess
from geosam_processing.engine.assessment.layer import PolygonLayer
from geosam_processing.engine.assessment.overlap import (
    intersection_over_union,
    mask_intersection_over_union,
)

__all__ = [
    "Assessment",
    "PolygonLayer",
    "assess",
    "intersection_over_union",
    "mask_intersection_over_union",
]
