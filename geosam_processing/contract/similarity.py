"""What crosses between QGIS and the engine when candidates are ranked by examples.

Layers cross as files, as those of an assessment do.
"""

from dataclasses import dataclass
from typing import Optional

from .assessment import PolygonFile
from .checks import require, require_choice
from .raster import Raster

COLOR, FEATURES, SHAPE, ALL = DESCRIPTORS = ("color and contrast", "features", "shape", "all")

# Columns of the files: 1 for an example to look for, 0 for one to keep away from; what was found.
LABEL_COLUMN = "geosam_label"
SIMILARITY_COLUMN = "similarity"
RANK_COLUMN = "rank"
NEAREST_COLUMN = "nearest_example"


@dataclass(frozen=True)
class Scene:
    """Where the look of objects is taken from.

    Attributes:
        raster: for colors; None without.
        features: a feature folder; empty without.
    """

    raster: Optional[Raster] = None
    features: str = ""


@dataclass(frozen=True)
class RankRequest:
    """Order candidates by how alike they are to examples.

    Attributes:
        candidates: the objects to rank.
        examples: some to look for; with ``labeled``, the file has a ``LABEL_COLUMN``.
        output: a GeoPackage to write without geometries, a row for each candidate in its order:
            ``ID_COLUMN``, ``SIMILARITY_COLUMN`` (0 to 1), ``RANK_COLUMN`` (from 1) and
            ``NEAREST_COLUMN``, the id of an example; all but the id are empty for one that cannot
            be described.
        descriptor: one of ``DESCRIPTORS``.
        scene: that of the candidates.
        examples_scene: that of the examples, None for the same. Values of another raster are
            compared as they stand, so its light should be like.
    """

    candidates: PolygonFile
    examples: PolygonFile
    output: str
    descriptor: str = COLOR
    scene: Scene = Scene()
    examples_scene: Optional[Scene] = None
    labeled: bool = False

    def __post_init__(self) -> None:
        require_choice("descriptor", self.descriptor, DESCRIPTORS)
        for scene in (self.scene, self.examples_scene or self.scene):
            if self.descriptor in (COLOR, ALL):
                require(
                    scene.raster is not None,
                    "The descriptor {} looks at colors: give the raster that the objects were seen "
                    "in, or choose the descriptor shape",
                    self.descriptor,
                )
            if self.descriptor in (FEATURES, ALL):
                require(
                    bool(scene.features),
                    "The descriptor {} needs features: give a feature folder of the raster, or "
                    "choose another descriptor",
                    self.descriptor,
                )


@dataclass(frozen=True)
class RankResult:
    """What a ranking made.

    Attributes:
        ranked_count: candidates that have a rank.
        skipped_count: candidates that cannot be described, such as those outside the raster.
        example_ranks: for each example to look for, left out in turn, the place that it would
            have among the candidates by the other examples; empty for a single example.
    """

    ranked_count: int
    skipped_count: int
    example_ranks: tuple[int, ...]
