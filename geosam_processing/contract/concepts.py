"""Finding the objects that words and examples describe, on a feature folder."""

from dataclasses import dataclass, field
from typing import Optional

from .checks import require
from .prompts import MaskOptions
from .raster import Device, Model

DEFAULT_CONCEPT_SCORE = 0.5


@dataclass(frozen=True)
class Concept:
    """A kind of object.

    ``name`` is the class of its objects. ``phrase`` are a few English words; empty where examples
    alone describe it.
    """

    name: str
    phrase: str = ""

    def __post_init__(self) -> None:
        require(bool(self.name.strip()), "Give every kind of object a name")


@dataclass(frozen=True)
class ConceptExample:
    """An object of a kind, or with ``positive`` false one that is none.

    ``wkb`` is a polygon or multipolygon, or a point in the object, hexadecimal, in the CRS of the
    feature folder. ``concept`` is the name of the kind.
    """

    concept: str
    wkb: str
    positive: bool = True


@dataclass(frozen=True)
class ConceptsRequest:
    """Segment all objects of some kinds on the patches of a feature folder.

    ``model`` is optional: by default the model that the folder names is used. ``area`` is a
    polygon or multipolygon, WKB in hexadecimal, in the CRS of the folder; empty searches
    everywhere. With ``spread``, objects that were found from examples are examples for the patches
    that overlap theirs. Of ``masks`` only what shapes polygons and the minimum contrast count.
    Areas are in square meters on the ellipsoid.
    """

    features: str
    concepts: tuple[Concept, ...]
    examples: tuple[ConceptExample, ...] = ()
    model: Optional[Model] = None
    device: Device = field(default_factory=Device)
    area: str = ""
    minimum_score: float = DEFAULT_CONCEPT_SCORE
    minimum_area: float = 0.0
    spread: bool = True
    masks: MaskOptions = field(default_factory=MaskOptions)

    def __post_init__(self) -> None:
        require(bool(self.features), "Give a feature folder")
        require(bool(self.concepts), "Give words or examples: nothing says what to look for")
        names = [concept.name for concept in self.concepts]
        twice = sorted({name for name in names if names.count(name) > 1})
        require(not twice, "The kind {} is given twice: give every kind once", ", ".join(twice))
        require(
            0 <= self.minimum_score <= 1,
            "Invalid minimum score ({}): valid values are 0 to 1",
            self.minimum_score,
        )
        require(
            self.minimum_area >= 0,
            "Invalid minimum area ({} m2): give 0 or more",
            self.minimum_area,
        )
        for example in self.examples:
            require(
                example.concept in names,
                "An example is of the kind {}, which is none of those looked for: {}",
                example.concept,
                ", ".join(names),
            )
        for concept in self.concepts:
            shown = any(each.concept == concept.name and each.positive for each in self.examples)
            require(
                bool(concept.phrase.strip()) or shown,
                "Nothing describes the kind {}: give words, or an example of it that "
                "is no counterexample",
                concept.name,
            )


@dataclass(frozen=True)
class ConceptObject:
    """An object of a kind.

    ``key`` counts the objects from 1. ``wkb`` is a multipolygon, hexadecimal, in the CRS of the
    feature folder. ``score`` is how well it fits, 0 to 1, and contains ``presence``: how sure the
    model is that its patch has objects of the kind. ``examples`` is how many examples its patch was
    given. ``area`` is in square meters on the ellipsoid; ``patches`` how many patches saw it.
    ``touches_edge``: it reaches the end of what was encoded, or could not be joined beyond a patch.
    ``contrast`` is as that of a ``SegmentedObject``.
    """

    key: int
    wkb: str
    concept: str
    score: float
    presence: float
    examples: int
    area: float
    patches: int
    chip_id: str
    model: str
    touches_edge: bool
    contrast: Optional[float] = None


@dataclass(frozen=True)
class ConceptObjectsEvent:
    """Objects, sent as they are complete."""

    objects: tuple[ConceptObject, ...] = ()


@dataclass(frozen=True)
class ConceptCount:
    """What was found of a kind; there is one of each, also where nothing was found.

    ``best_score`` and ``best_presence`` are the highest that any patch had, of objects below the
    minimum score as well. ``searched`` patches were searched, ``with_examples`` of them with
    examples; ``found`` had objects, and ``saturated`` nearly as many as a patch can have at most.
    ``area`` is that of all objects.
    """

    concept: str
    phrase: str
    object_count: int
    area: float
    best_score: float
    best_presence: float
    searched: int
    with_examples: int
    found: int
    saturated: int


@dataclass(frozen=True)
class ConceptsResult:
    """What a run did. ``saturated`` and ``lost`` name patches, those lost have no features."""

    counts: tuple[ConceptCount, ...]
    object_count: int
    patch_count: int
    seconds: float
    saturated: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
