"""What crosses between QGIS and the engine when the objects of overlapping patches are merged.

Layers cross as files, as those of an assessment do.
"""

import math
from dataclasses import dataclass
from typing import Optional

from .assessment import PolygonFile
from .checks import require, require_choice
from .discovery import KEEP

SHARDS_MODE = "shards"
MERGE_MODES = ("both", "join", "duplicates", SHARDS_MODE)

# Columns of the files: the name of a patch; what became of an object.
PATCH_COLUMN = "geosam_patch"
STATE_COLUMN = "state"
KEPT_COLUMN = "kept"
PIECES_COLUMN = "pieces"
CUT_COLUMN = "cut"

# Columns of objects that shards found: scale, and whether the object touches an edge; and of the
# result: the object's number, that of the object that contains it, how many do, square meters.
SCALE_COLUMN = "geosam_scale"
EDGE_COLUMN = "geosam_edge"
KEY_COLUMN = "geosam_key"
PARENT_COLUMN = "geosam_parent"
LEVEL_COLUMN = "geosam_level"
SQUARE_METERS_COLUMN = "geosam_area"

# States of an object in the result, and of one that never was one. The others: ``joined``,
# ``duplicate``, and ``cut`` for one that a complete object replaces.
KEPT_STATE = "kept"
UNUSABLE_STATE = "without area"
LEFT_OUT_STATE = "left out"


@dataclass(frozen=True)
class MergeObjectsRequest:
    """Merge what several patches saw of the same objects.

    Attributes:
        objects: with scores and classes if only objects of a class are compared.
        output: a GeoPackage to write, with a row for each object, in their order. Columns are
            ``ID_COLUMN``, ``STATE_COLUMN``, ``KEPT_COLUMN`` (the object that contains or
            replaces it), ``PIECES_COLUMN``, ``CUT_COLUMN`` (whether
            it ends where its patches do), and its multipolygon, if it is kept.
        patches: polygons in which the objects were seen. If None, those of ``features``.
        features: a feature folder.
        named: ``objects`` have a ``PATCH_COLUMN``, and so have ``patches``; a feature folder has
            chip ids. Otherwise the place of an object determines its patch.
        agreement: least intersection over union, in what two patches saw, of the same object.
        mode: one of ``MERGE_MODES``.
            ``shards`` merges the objects that shards of one run found: these need scores,
            ``SCALE_COLUMN`` and ``EDGE_COLUMN``, but no patches. The rows come in the order of
            ``KEY_COLUMN`` then, and have ``PARENT_COLUMN``, ``LEVEL_COLUMN`` and
            ``SQUARE_METERS_COLUMN`` as well.
        keep: for ``shards``, one of ``KEEP``.
        tolerance: objects that come so near to an edge of their patch are cut by it, in units of
            the patches' CRS. If None, 2 pixels, or a 500th of a patch's side.
    """

    objects: PolygonFile
    output: str
    patches: Optional[PolygonFile] = None
    features: str = ""
    named: bool = False
    agreement: float = 0.5
    mode: str = MERGE_MODES[0]
    tolerance: Optional[float] = None
    keep: str = KEEP[0]

    def __post_init__(self) -> None:
        require_choice("objects to keep", self.keep, KEEP)
        require(
            self.mode == SHARDS_MODE or (self.patches is None) == bool(self.features),
            "The patches are those of a layer or of a feature folder: give one of them",
        )
        require(
            0 < self.agreement <= 1,
            "Invalid agreement ({}): give a value above 0 and up to 1",
            self.agreement,
        )
        require_choice("mode", self.mode, MERGE_MODES)
        require(
            self.tolerance is None or (math.isfinite(self.tolerance) and self.tolerance > 0),
            "Invalid distance to the edges of patches ({}): give a value above 0",
            self.tolerance,
        )


@dataclass(frozen=True)
class MergeObjectsResult:
    """How many objects there are, and what became of the others.

    ``cut_count`` are kept objects that end where their patches do; ``outside_count`` those that
    no patch saw whole, which are kept as they are.
    """

    object_count: int
    joined_count: int
    duplicate_count: int
    replaced_count: int
    cut_count: int
    outside_count: int
    unusable_count: int
