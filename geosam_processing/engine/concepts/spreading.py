"""How examples reach patches that hold none.

An example is a box in one patch; the model cannot carry it to another one. Where patches overlap,
both show the same objects. So what is found from examples in a patch serves as examples in the
patches that overlap it, and from there on to the next ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from geosam_processing.engine.concepts.examples import Example, shown_in
from geosam_processing.engine.features.manifest import Chip


class Spreading:
    """The examples of each patch, the user's own and those that came from its neighbors."""

    def __init__(
        self,
        chips: Sequence[Chip],
        neighbors: Sequence[Sequence[int]],
        own: Sequence[Example],
        spread: bool,
    ) -> None:
        """``own`` are the user's. Without ``spread`` no patch passes on what it found."""
        self._chips = chips
        self._neighbors = neighbors
        self._spread = spread
        self._own = [shown_in(chip, own) for chip in chips]
        self._found: dict[int, list[Example]] = {}

    def has_own(self, patch: int) -> bool:
        """Whether the user gave the patch an example, which is no counterexample."""
        return any(example.positive for example in self._own[patch])

    def examples(self, patch: int, concept: str) -> list[Example]:
        """The examples of a kind in a patch.

        A patch with examples of the user's takes no others: those are right, and what was found
        may not be. Counterexamples of the user's go with either.
        """
        own = [example for example in self._own[patch] if example.concept == concept]
        if any(example.positive for example in own):
            return own
        near = [
            example
            for other in self._neighbors[patch]
            for example in self._found.get(other, ())
            if example.concept == concept
        ]
        return [*shown_in(self._chips[patch], near), *own]

    def add(self, patch: int, found: Iterable[Example]) -> None:
        """Note what was found in a patch from examples, whole and sure enough to pass on."""
        if self._spread:
            self._found[patch] = list(found)
