"""One object from what several overlapping patches saw of it.

Two pieces are compared only in the area that both patches saw. A piece that lies whole in its
patch beats those that agree with it; pieces that an edge of their patch cuts are joined where
they agree.
"""

from geosam_processing.engine.merging.patches import SeenPatches
from geosam_processing.engine.merging.pieces import (
    CUT,
    DUPLICATE,
    JOINED,
    Merged,
    MergeRules,
    Piece,
)
from geosam_processing.engine.merging.stream import Merger, followed, merge

__all__ = [
    "CUT",
    "DUPLICATE",
    "JOINED",
    "MergeRules",
    "Merged",
    "Merger",
    "Piece",
    "SeenPatches",
    "followed",
    "merge",
]
