"""Messages of prompts, and of how their masks become polygons."""

from dataclasses import dataclass
from typing import Optional

from .checks import Bounds, require, require_choice

MASK_CHOICES = ("auto", "best", "smallest", "largest", "single")
OUTLINES = ("pixels", "smooth")


@dataclass(frozen=True)
class Prompt:
    """One object to segment, in the CRS of the feature folder.

    ``key`` is the caller's name for it and comes back with the answer. ``points``
    are (x, y), ``labels`` 1 for foreground and 0 for background, one a point.
    """

    key: int
    points: tuple[tuple[float, float], ...] = ()
    labels: tuple[int, ...] = ()
    box: Optional[Bounds] = None

    def __post_init__(self) -> None:
        require(
            len(self.points) == len(self.labels),
            "Prompt {} has {} points but {} labels",
            self.key,
            len(self.points),
            len(self.labels),
        )
        require(bool(self.points) or self.box is not None, "Prompt {} is empty", self.key)
        for label in self.labels:
            require(
                label in (0, 1),
                "Invalid label ({}) of prompt {}: use 1 for foreground and 0 for background",
                label,
                self.key,
            )


@dataclass(frozen=True)
class MaskOptions:
    """How masks are chosen and turned into polygons.

    ``choice``: ``auto`` asks the model for three masks of a lone point and keeps the
    one with the best score, and for a single mask of every other prompt; ``best``,
    ``smallest`` and ``largest`` always ask for three; ``single`` never does. Areas
    are in square meters on the ellipsoid, ``simplify`` is in pixels (0: off). ``outline`` is
    one of ``OUTLINES``: along the pixels of the raster, or smooth, where the model's logits are
    zero between its own pixels. ``minimum_contrast`` is in gray levels; objects whose contrast is
    unknown are kept.
    """

    choice: str = "auto"
    minimum_score: float = 0.0
    minimum_contrast: float = 0.0
    minimum_area: float = 0.0
    largest_part_only: bool = False
    fill_holes_up_to: float = 0.0
    simplify: float = 0.0
    outline: str = OUTLINES[0]

    def __post_init__(self) -> None:
        require_choice("mask choice", self.choice, MASK_CHOICES)
        require_choice("outline", self.outline, OUTLINES)
        for name in (
            "minimum_score",
            "minimum_contrast",
            "minimum_area",
            "fill_holes_up_to",
            "simplify",
        ):
            value = getattr(self, name)
            require(value >= 0, "Invalid {} ({}): give 0 or more", name.replace("_", " "), value)
