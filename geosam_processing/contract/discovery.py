"""Finding all objects on a feature folder, without prompts."""

from dataclasses import dataclass, field
from typing import Optional

from .checks import require, require_choice
from .cluster import require_cluster
from .encoding import EncodeRequest
from .prompts import MaskOptions
from .raster import Device, Model
from .shards import Shard

KEEP = ("all", "leaves", "largest", "coverage")
MINIMUM_SPACING, MAXIMUM_SPACING = 4, 128
DEFAULT_SPACING = 16
# Coarser scales are asked at most so many points along a patch.
COARSE_POINTS = 16


@dataclass(frozen=True)
class DiscoverRequest:
    """Segment all objects on the patches of a feature folder or of a raster.

    Give ``features``, a folder, or ``encode``: its patches are then encoded while they are asked,
    and their features are not kept. ``model`` is optional: by default the model that the folder
    names is used. ``area`` is a polygon or multipolygon, WKB in hexadecimal, in the CRS of the
    patches: only points inside are asked; empty asks everywhere. ``spacing`` is the distance of
    the finest points in pixels; none derives it from ``minimum_area``. ``minimum_score`` and
    ``minimum_stability`` none are the model's own. Areas are in square meters on the ellipsoid;
    ``maximum_area`` 0 is no limit. ``keep`` is ``all`` (nested objects), ``leaves`` (objects that
    contain no others), ``largest`` (objects in no others) or ``coverage`` (no overlaps). Of
    ``masks`` only what shapes polygons and the minimum contrast count. With ``resume`` the answers
    of each patch are kept next to the features, so that a run that was stopped continues; those of
    a raster are kept in the ``output`` of ``encode`` until the run is complete. ``cluster``
    names the workers that ask the patches, see ``contract.cluster``; if empty, the engine does.
    ``shard`` finds only the objects of its part of the patches; ``keep`` then counts when the
    shards are merged, see ``MergeObjectsRequest``.
    """

    features: str = ""
    encode: Optional[EncodeRequest] = None
    model: Optional[Model] = None
    device: Device = field(default_factory=Device)
    batch_size: int = 0
    area: str = ""
    spacing: Optional[int] = None
    minimum_score: Optional[float] = None
    minimum_stability: Optional[float] = None
    minimum_area: float = 0.0
    maximum_area: float = 0.0
    keep: str = "all"
    masks: MaskOptions = field(default_factory=MaskOptions)
    resume: bool = True
    cluster: str = ""
    shard: Optional[Shard] = None

    def __post_init__(self) -> None:
        require_cluster(self.cluster)
        require(
            bool(self.features) != (self.encode is not None),
            "Give a feature folder or a raster, but not both",
        )
        require(
            self.batch_size >= 0,
            "Invalid batch size ({}): give 1 or more, or 0 to let GeoSAM choose",
            self.batch_size,
        )
        require(
            self.spacing is None or MINIMUM_SPACING <= self.spacing <= MAXIMUM_SPACING,
            "Invalid spacing of points ({}): valid values are {} to {} pixels",
            self.spacing,
            MINIMUM_SPACING,
            MAXIMUM_SPACING,
        )
        _require_share("minimum score", self.minimum_score)
        _require_share("minimum stability", self.minimum_stability)
        for name, value in (("minimum", self.minimum_area), ("maximum", self.maximum_area)):
            require(value >= 0, "Invalid {} area ({} m2): give 0 or more", name, value)
        require(
            not self.maximum_area or self.minimum_area <= self.maximum_area,
            "The minimum area ({} m2) is above the maximum area ({} m2): lower the minimum",
            f"{self.minimum_area:g}",
            f"{self.maximum_area:g}",
        )
        require_choice("objects to keep", self.keep, KEEP)


def _require_share(name: str, value: Optional[float]) -> None:
    require(
        value is None or 0 <= value <= 1,
        "Invalid {} ({}): valid values are 0 to 1",
        name,
        value,
    )


@dataclass(frozen=True)
class FoundObject:
    """An object that was found without a prompt.

    ``key`` counts the objects from 1. ``wkb`` is a multipolygon, hexadecimal, in the CRS of the
    feature folder; ``score`` the model's own estimate of the mask's IoU; ``stability`` the IoU of
    the masks at logits -1 and +1; ``area`` in square meters on the ellipsoid; ``patches`` how many
    patches saw it; ``scale`` how many times coarser than the finest the pixels are that outline
    it; ``chip_id`` the patch that sees it best. ``parent`` is the key of the smallest object that
    contains it, none if there is none; ``level`` counts the objects that do. ``touches_edge``: it
    reaches the end of what was encoded, or could not be followed beyond a patch. ``contrast`` is as
    that of a ``SegmentedObject``.
    """

    key: int
    wkb: str
    score: float
    stability: float
    area: float
    patches: int
    scale: int
    chip_id: str
    parent: Optional[int]
    level: int
    model: str
    touches_edge: bool
    contrast: Optional[float] = None


@dataclass(frozen=True)
class FoundEvent:
    """Objects, sent as they are found."""

    objects: tuple[FoundObject, ...] = ()


@dataclass(frozen=True)
class DiscoverResult:
    """What a run did.

    ``patch_count`` patches were asked ``call_count`` points in ``seconds``; ``resumed_count`` of
    the patches had been asked by an earlier run. ``lost`` names patches whose chips are damaged.
    """

    object_count: int
    patch_count: int
    resumed_count: int
    call_count: int
    seconds: float
    lost: tuple[str, ...] = ()
