"""How well objects agree with a reference."""

from geosam_processing.engine.assessment.assess import Assessment, assess
from geosam_processing.engine.assessment.layer import PolygonLayer

__all__ = ["Assessment", "PolygonLayer", "assess"]
