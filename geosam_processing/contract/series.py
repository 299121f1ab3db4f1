"""Following objects through dates: one place, several rasters or feature folders.

Prompts and outlines are in the CRS of the first input of the request, whichever date it has:
its pixels, or the patches of its folder, are those of all dates.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Optional

from .checks import ContractError, require, require_choice
from .live import LiveCache
from .prompts import MaskOptions, Prompt
from .raster import Device, Model, Raster

SERIES_METHODS = ("auto", "memory", "prompts")
SERIES_DIRECTIONS = ("both", "forward", "backward")
SERIES_STARTS = ("first", "last", "prompt", "best")
SERIES_RANGES = ("all", "each")

# States of an object on a date.
SEEN = "seen"
NOT_SEEN = "not seen"
GONE = "gone"
SERIES_STATES = (SEEN, NOT_SEEN, GONE)

DEFAULT_MEMORIES = 3
MOST_MEMORIES = 7
DEFAULT_SERIES_SCORE = 0.5
DEFAULT_LIKENESS = 0.5


@dataclass(frozen=True)
class SeriesInput:
    """What there is of one date.

    Attributes:
        date: ISO 8601, a day or a day with a time: ``2019-07-21``, ``2019-07-21T10:30:00``. Every
            date of a request is there once; the order of the inputs is free.
        raster: what to encode on demand. Its extent is not used.
        features: or a feature folder. Either all inputs of a request have rasters, or all have
            folders.
    """

    date: str
    raster: Optional[Raster] = None
    features: str = ""

    def __post_init__(self) -> None:
        _moment(self.date)
        require(
            (self.raster is None) == bool(self.features),
            "Give a raster or a feature folder for the date {}",
            self.date,
        )

    @property
    def moment(self) -> datetime:
        """The date, midnight if it has no time."""
        return _moment(self.date)


@dataclass(frozen=True)
class SeriesPrompt:
    """A prompt of an object on a date.

    Attributes:
        prompt: its ``key`` names the object. Several prompts may have the same key on different
            dates: the first in the request starts the object, the others correct it.
        date: as that of its input. Empty: the date on which the request starts. A correction
            always has a date.
        refines: points that change the outline found on their date. Otherwise the prompt describes
            the object on its date without regard to other dates. Only ``memory`` knows the
            difference. The first prompt of an object never refines.
    """

    prompt: Prompt
    date: str = ""
    refines: bool = False

    @property
    def moment(self) -> Optional[datetime]:
        """The date, midnight if it has no time; none without one."""
        return _moment(self.date) if self.date else None


@dataclass(frozen=True)
class SeriesRequest:
    """Follow objects through dates.

    Attributes:
        inputs: one for each date, in any order. The first one gives the CRS, pixels and extent
            of all dates.
        prompts: at least one for each object.
        model: needed with rasters. If not set, the one that the first folder names.
        start: where the first prompt of an object without a date is: on the ``first`` or ``last``
            date, or on the one where it gets the ``best`` score. ``prompt``: every prompt has a
            date.
        direction: from its start, an object is followed ``forward``, ``backward``, or ``both``.
            Dates on the other side have no rows.
        method: ``memory`` (SAM2 and SAM2.1 only), ``prompts``, or ``auto``: memory if the model
            has one and it takes less than ``acceptable_minutes``.
        memories: how many dates an outline is derived from, the prompt's included. ``memory`` only.
        minimum_score: objects below it are gone.
        minimum_contrast: objects whose outline contrasts less are gone, in gray levels. 0: off.
        minimum_overlap: least share of the smaller of two outlines, of a date and of the date it
            was derived from, that both have in common. Otherwise the object is gone. 0: off.
        minimum_likeness: least ``SeriesRow.likeness``; below it, the object is gone. 0: off.
        value_range: values that become 0 and 255. If not set, that of the rasters.
        ranges: the range of values is that of ``all`` rasters or of ``each``. Bytes are always
            used as they are. Only without ``value_range``.
        resolution: of the pixels of all dates, in meters. If not set, that of the first raster.
        cache: where the features of rasters are kept. Needed with rasters.
        journal: a file in which finished objects are kept until the run is complete, so that the
            same request continues where it was interrupted. If empty, nothing is kept.
        masks: how masks become polygons. Only what shapes polygons is used of it.
        whole: objects that their patch cuts are completed from other patches.
        acceptable_minutes: see ``method``.
    """

    inputs: tuple[SeriesInput, ...]
    prompts: tuple[SeriesPrompt, ...]
    model: Optional[Model] = None
    device: Device = field(default_factory=Device)
    start: str = SERIES_STARTS[0]
    direction: str = SERIES_DIRECTIONS[0]
    method: str = SERIES_METHODS[0]
    memories: int = DEFAULT_MEMORIES
    minimum_score: float = DEFAULT_SERIES_SCORE
    minimum_contrast: float = 0.0
    minimum_overlap: float = 0.3
    minimum_likeness: float = DEFAULT_LIKENESS
    value_range: Optional[tuple[float, float]] = None
    ranges: str = SERIES_RANGES[0]
    resolution: Optional[float] = None
    cache: Optional[LiveCache] = None
    journal: str = ""
    masks: MaskOptions = field(default_factory=MaskOptions)
    whole: bool = True
    acceptable_minutes: float = 30.0

    def __post_init__(self) -> None:
        require_choice("start", self.start, SERIES_STARTS)
        require_choice("direction", self.direction, SERIES_DIRECTIONS)
        require_choice("method", self.method, SERIES_METHODS)
        require_choice("range", self.ranges, SERIES_RANGES)
        require(
            1 <= self.memories <= MOST_MEMORIES,
            "Invalid number of memories ({}): valid values are 1 to {}",
            self.memories,
            MOST_MEMORIES,
        )
        require(
            0 <= self.minimum_contrast <= 255,
            "Invalid minimum contrast ({}): valid values are 0 to 255",
            self.minimum_contrast,
        )
        for name in ("minimum_score", "minimum_overlap", "minimum_likeness"):
            value = getattr(self, name)
            require(
                0 <= value <= 1,
                "Invalid {} ({}): valid values are 0 to 1",
                name.replace("_", " "),
                value,
            )
        if self.value_range is not None:
            require(
                self.value_range[0] < self.value_range[1],
                "Invalid value range ({}, {}): the minimum must be below the maximum",
                self.value_range[0],
                self.value_range[1],
            )
        if self.resolution is not None:
            require(
                self.resolution > 0, "Invalid resolution ({} m): give more than 0", self.resolution
            )
        require(
            self.acceptable_minutes >= 0,
            "Invalid acceptable time ({} minutes): give 0 or more",
            self.acceptable_minutes,
        )
        self._require_inputs()
        self._require_prompts()

    def _require_inputs(self) -> None:
        require(bool(self.inputs), "Give a raster or a feature folder for every date")
        moments = [each.moment for each in self.inputs]
        for number, each in enumerate(self.inputs):
            require(
                each.moment not in moments[:number],
                "Two inputs have the date {}: give every date once, or times that differ",
                each.date,
            )
        rasters = [each.raster is not None for each in self.inputs]
        require(
            len(set(rasters)) == 1,
            "Some dates have rasters, others feature folders: give the same for all dates",
        )
        if rasters[0]:
            require(self.model is not None, "Name a model that encodes the rasters")
            require(self.cache is not None, "Give the features of the rasters a cache")

    def _require_prompts(self) -> None:
        require(bool(self.prompts), "Give at least one prompt")
        moments = {each.moment for each in self.inputs}
        known: set[tuple[int, Optional[datetime]]] = set()
        started: set[int] = set()
        for each in self.prompts:
            key = each.prompt.key
            moment = each.moment
            require(
                moment is None or moment in moments,
                "The prompt {} is on {}, a date without a raster or feature folder",
                key,
                each.date,
            )
            require(
                moment is not None or (self.start != "prompt" and key not in started),
                "The prompt {} has no date: give it that of a raster or feature folder",
                key,
            )
            require(
                (key, moment) not in known,
                "Two prompts of the object {} are on {}: put their points into one",
                key,
                each.date,
            )
            require(
                not each.refines or (key in started and each.prompt.box is None),
                "The prompt {} cannot refine an outline: only points can, and no object's first",
                key,
            )
            known.add((key, moment))
            started.add(key)


def _moment(date: str) -> datetime:
    try:
        return datetime.fromisoformat(date).replace(tzinfo=None)
    except ValueError:
        raise ContractError(
            "Invalid date ({}): write year, month and day, such as 2019-07-21", date
        ) from None


@dataclass(frozen=True)
class SeriesRow:
    """An object on a date.

    Attributes:
        key: of the object, that of its prompts.
        date: as in the request.
        state: ``SEEN``; ``NOT_SEEN``, for lack of pixels (no data, clouds that are masked, a file
            that cannot be read); ``GONE``, if there are pixels, but no object.
        reason: why it is not seen or gone; empty if it is seen.
        prompted: whether a prompt is on this date.
        wkb: multipolygon, hexadecimal, in the CRS of the first input; empty unless it is seen.
        area: square meters on the ellipsoid; 0 unless it is seen.
        score: the model's estimate of the outline's IoU, None if the model was not asked. Of an
            object that is gone, the score of what was refused.
        overlap: share of the smaller outline that this one and the one it was derived from have in
            common; None if there is none to compare with.
        contrast: difference between a band inside the outline and one outside, in gray levels that
            the model saw, 0 to 255; None if it is unknown.
        likeness: how alike the differences between inside and outside are in the bands of this
            date and of that on which it was seen first: 1 in the same proportions, 0 in other
            bands or hardly at all, negative the other way round, such as a dry pond that is
            brighter than the meadow around it. None if the contrast is unknown, or was too low
            there.
        object_score: of ``memory``, how sure the model is that the object is there, a logit: gone
            at 0 and below. None otherwise.
        resolution: size of a pixel of its patch on the ground, in meters.
        chip_id: of its patch.
        touches_edge: it is cut by its patch, or by the end of what there is of the date.
    """

    key: int
    date: str
    state: str
    reason: str = ""
    prompted: bool = False
    wkb: str = ""
    area: float = 0.0
    score: Optional[float] = None
    overlap: Optional[float] = None
    contrast: Optional[float] = None
    likeness: Optional[float] = None
    object_score: Optional[float] = None
    resolution: Optional[float] = None
    chip_id: str = ""
    touches_edge: bool = False


@dataclass(frozen=True)
class SeriesEvent:
    """Rows that are final: of ``prompts`` date by date, of ``memory`` object by object."""

    rows: tuple[SeriesRow, ...] = ()


@dataclass(frozen=True)
class SeriesResult:
    """What a run did; the rows themselves came as ``SeriesEvent``.

    Attributes:
        dates: of the request, from the earliest to the latest.
        crs: of the outlines, ``EPSG:n`` or WKT.
        method: ``memory`` or ``prompts``.
        model: its id.
        object_count: objects that were seen on one date at least.
        seen_count, not_seen_count, gone_count: rows of each state.
        unread: dates that cannot be read, and why.
        unanswered: keys of objects that were seen on no date.
        resumed_count: rows that came from the journal.
        encoded_count, cached_count: patches that were encoded in this run, and those whose
            features were there.
        expected_seconds: of following all objects, as reported before; without encoding.
        seconds: of all of the run.
    """

    dates: tuple[str, ...]
    crs: str
    method: str
    model: str
    object_count: int
    seen_count: int
    not_seen_count: int
    gone_count: int
    unread: tuple[tuple[str, str], ...] = ()
    unanswered: tuple[int, ...] = ()
    resumed_count: int = 0
    encoded_count: int = 0
    cached_count: int = 0
    expected_seconds: float = 0.0
    seconds: float = 0.0
