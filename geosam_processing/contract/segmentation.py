"""The messages between QGIS and the engine process.

Both sides import this module, so it needs the standard library only and runs on
Python 3.9. A request validates itself: one that exists can be sent. Coordinates
are always in a CRS that the request names, as x, y (longitude, latitude).
"""

from dataclasses import dataclass, field
from typing import Optional

from .checks import require
from .cluster import require_cluster
from .prompts import MaskOptions, Prompt
from .raster import Device, Model
from .shards import Shard


@dataclass(frozen=True)
class SegmentRequest:
    """Turn prompts into polygons with the features in a folder.

    ``model`` is optional: by default the model that the folder names is used. ``whole`` completes
    objects that their patch cuts or is too small to show: coarser scales of the folder are asked,
    and neighboring patches. ``shard`` answers only the prompts whose patch it has. ``cluster``
    names the workers that answer, see ``contract.cluster``; if empty, the engine does.
    """

    features: str
    prompts: tuple[Prompt, ...]
    model: Optional[Model] = None
    device: Device = field(default_factory=Device)
    batch_size: int = 0
    masks: MaskOptions = field(default_factory=MaskOptions)
    whole: bool = False
    shard: Optional[Shard] = None
    cluster: str = ""

    def __post_init__(self) -> None:
        require_cluster(self.cluster)
        require(bool(self.features), "Give a feature folder")
        require(
            self.batch_size >= 0,
            "Invalid batch size ({}): give 1 or more, or 0 to let GeoSAM choose",
            self.batch_size,
        )


@dataclass(frozen=True)
class SegmentedObject:
    """The polygon that answers a prompt.

    ``wkb`` is a multipolygon, hexadecimal, in the CRS of the feature folder; ``score``
    the model's own estimate of the mask's IoU; ``stability`` the IoU of the masks at
    logits -1 and +1; ``area`` in square meters on the ellipsoid; ``resolution`` the size of a
    pixel of its patch in meters on the ground. ``contrast`` is the difference, in gray levels that
    the model saw (0 to 255), between a band inside the outline and one outside; none where it is
    unknown.
    """

    key: int
    wkb: str
    score: float
    stability: float
    area: float
    foreground_points: int
    background_points: int
    chip_id: str
    model: str
    touches_edge: bool
    resolution: float
    contrast: Optional[float] = None


@dataclass(frozen=True)
class UnansweredPrompt:
    """A prompt without a polygon, and why."""

    key: int
    reason: str


@dataclass(frozen=True)
class ObjectsEvent:
    """Answers, sent as they come so that none is lost if the run ends early."""

    objects: tuple[SegmentedObject, ...] = ()
    unanswered: tuple[UnansweredPrompt, ...] = ()


@dataclass(frozen=True)
class SegmentResult:
    """The counts of a finished run; the answers themselves came as ``ObjectsEvent``.

    ``elsewhere_count``: prompts that belong to other shards.
    """

    object_count: int
    unanswered_count: int
    chips_loaded: int
    elsewhere_count: int = 0
