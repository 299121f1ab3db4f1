"""The input and the output of the merging."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any, TypeAlias

from shapely import MultiPolygon, Polygon

# Why a piece is not an object of its own.
JOINED = "joined"
DUPLICATE = "duplicate"
CUT = "cut"

Surface: TypeAlias = Polygon | MultiPolygon


@dataclass(frozen=True)
class Piece:
    """What one patch saw of an object.

    Attributes:
        geometry: valid, in the CRS of the patches.
        patch: index of the patch that saw it.
        number: counts the pieces of a patch; with ``patch`` it names the piece.
        score: how sure its model is; higher wins.
        kind: only pieces of the same kind are compared.
        content: anything the caller wants to find again.
    """

    geometry: Surface
    patch: int
    number: int
    score: float = 0.0
    kind: Hashable = None
    content: Any = None

    @property
    def place(self) -> tuple[int, int]:
        """Breaks ties, so that the order of patches does not matter."""
        return self.patch, self.number


@dataclass(frozen=True)
class MergeRules:
    """When two pieces are of one object.

    Attributes:
        agreement: least IoU, in the area that two patches saw, of pieces of one object.
        duplicate: objects of a higher IoU are duplicates.
        least_shared: area in pixels that pieces need in the shared area to be compared.
        join: join pieces that an edge of their patch cuts.
        duplicates: remove duplicates and what complete pieces beat.
    """

    agreement: float = 0.5
    duplicate: float = 0.7
    least_shared: float = 20.0
    join: bool = True
    duplicates: bool = True


@dataclass(frozen=True)
class Merged:
    """An object.

    Attributes:
        geometry: of the one piece, or the union of those that were joined.
        members: the pieces that it is made of.
        removed: pieces that it replaces, with ``DUPLICATE`` or ``CUT`` as the reason.
        cut: it reaches an edge of what its patches saw, beyond which there are other patches.
        level: the coarsest level of its members' patches.
    """

    geometry: Surface
    members: tuple[Piece, ...]
    removed: tuple[tuple[Piece, str], ...]
    cut: bool
    level: int

    @property
    def score(self) -> float:
        """Mean of the members' scores, weighted by their areas."""
        areas = [piece.geometry.area for piece in self.members]
        total = sum(areas) or 1.0
        weighted = (p.score * a for p, a in zip(self.members, areas, strict=True))
        return sum(weighted) / total

    @property
    def patch_count(self) -> int:
        """How many patches saw it."""
        pieces = [*self.members, *(piece for piece, _ in self.removed)]
        return len({piece.patch for piece in pieces})

    @property
    def rank(self) -> tuple[bool, int, float, tuple[int, int]]:
        """Sorts duplicates, the one to keep first: complete, fine, sure."""
        return self.cut, self.level, -self.score, self.members[0].place
