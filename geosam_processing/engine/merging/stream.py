"""Merging while patches come in: an object is released when no later patch can meet it."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from geosam_processing.engine.merging.agreement import Link, geometries_of, links
from geosam_processing.engine.merging.duplicates import without_duplicates
from geosam_processing.engine.merging.joining import Groups, Place, objects_of
from geosam_processing.engine.merging.patches import SeenPatches
from geosam_processing.engine.merging.pieces import Merged, MergeRules, Piece

Follow = Callable[[Merged], Sequence[Piece]]
"""Pieces that other patches see of an object that is cut; none if no other patch is left to ask."""

# Each round lets an object grow by a patch.
_FOLLOW_ROUNDS = 100


@dataclass
class _Group:
    """Pieces that agree, their links, and how many patches may still meet them."""

    pieces: list[Piece] = field(default_factory=list)
    found: list[Link] = field(default_factory=list)
    awaited: int = 0


class Merger:
    """Merges pieces patch by patch; each patch is added once, in any order.

    Its memory holds the pieces that a later patch may still meet, and no others.
    """

    def __init__(
        self, patches: SeenPatches, rules: MergeRules | None = None, follow: Follow | None = None
    ) -> None:
        self._patches = patches
        self._rules = rules or MergeRules()
        self._follow = follow
        self._done = np.zeros(len(patches), dtype=bool)
        self._names = Groups()
        self._groups: dict[Place, _Group] = {}
        # Of each patch to come, the pieces that it may meet.
        self._waiting: dict[int, list[Piece]] = {}

    @property
    def piece_count(self) -> int:
        """How many pieces are in memory."""
        return sum(len(group.pieces) for group in self._groups.values())

    def add(self, patch: int, pieces: Sequence[Piece]) -> list[Merged]:
        """Add all pieces of a patch; return the objects that no later patch can meet.

        Raises:
            ValueError: the patch was added before.
        """
        if self._done[patch]:
            raise ValueError(f"Patch {patch} was added before")
        self._done[patch] = True
        known = self._waiting.pop(patch, [])
        touched = self._register(pieces)
        for link in links(pieces, known, self._patches, self._rules):
            touched.append(self._join(link))
        for piece in known:
            name = self._names.root(piece.place)
            self._groups[name].awaited -= 1
            touched.append(name)
        return self._release(touched)

    def awaited(self, patches: Container[int]) -> set[int]:
        """Return the patches that groups with a piece of one of ``patches`` still wait for."""
        names = self._names_of(patches)
        return {
            patch
            for patch, pieces in self._waiting.items()
            if any(self._names.root(piece.place) in names for piece in pieces)
        }

    def rest(self, patches: Container[int]) -> list[Merged]:
        """Return the objects of groups with a piece of one of ``patches``, however they wait."""
        found: list[Merged] = []
        for name in sorted(self._names_of(patches)):
            group = self._groups[name]
            found += objects_of(group.pieces, group.found, self._patches, self._rules)
        return found

    def _names_of(self, patches: Container[int]) -> set[Place]:
        return {
            name
            for name, group in self._groups.items()
            if any(piece.patch in patches for piece in group.pieces)
        }

    def _register(self, pieces: Sequence[Piece]) -> list[Place]:
        """Make each piece a separate group."""
        if not pieces:
            return []
        which, meeting = self._patches.meeting(geometries_of(pieces))
        awaited = [0] * len(pieces)
        for index, patch in zip(which.tolist(), meeting.tolist(), strict=True):
            if not self._done[patch]:
                awaited[index] += 1
                self._waiting.setdefault(patch, []).append(pieces[index])
        for piece, count in zip(pieces, awaited, strict=True):
            self._names.add(piece.place)
            self._groups[piece.place] = _Group([piece], [], count)
        return [piece.place for piece in pieces]

    def _join(self, link: Link) -> Place:
        one, other = self._names.root(link.one), self._names.root(link.other)
        name = self._names.join(one, other)
        if one == other:
            self._groups[name].found.append(link)
            return name
        first, second = self._groups.pop(one), self._groups.pop(other)
        # The larger one grows.
        if len(first.pieces) < len(second.pieces):
            first, second = second, first
        first.pieces += second.pieces
        first.found += second.found
        first.found.append(link)
        first.awaited += second.awaited
        self._groups[name] = first
        return name

    def _release(self, touched: Iterable[Place]) -> list[Merged]:
        released: list[Merged] = []
        for name in sorted({self._names.root(place) for place in touched}):
            if self._groups[name].awaited == 0:
                released += self._objects(name)
        return released

    def _objects(self, name: Place) -> list[Merged]:
        """The objects of a group that awaits no patch; none if it waits again after following."""
        group = self._groups[name]
        for _ in range(_FOLLOW_ROUNDS if self._follow else 0):
            grown = self._followed(
                objects_of(group.pieces, group.found, self._patches, self._rules, final=False)
            )
            if not grown:
                break
            found = links(grown, group.pieces, self._patches, self._rules)
            # What agrees with nothing here belongs to nothing.
            known = {piece.place for piece in group.pieces}
            places = {link.one for link in found if link.other in known}
            self._register([piece for piece in grown if piece.place in places])
            for link in found:
                if {link.one, link.other} <= known | places:
                    self._join(link)
            name = self._names.root(name)
            group = self._groups[name]
            if group.awaited:
                return []
        self._names.remove(piece.place for piece in group.pieces)
        del self._groups[name]
        return objects_of(group.pieces, group.found, self._patches, self._rules)

    def _followed(self, objects: Sequence[Merged]) -> list[Piece]:
        grown: list[Piece] = []
        for each in objects:
            if each.cut and self._follow is not None:
                grown += self._follow(each)
        return grown


def followed(piece: Piece, patches: SeenPatches, rules: MergeRules, follow: Follow) -> Merged:
    """One object, followed into other patches as far as ``follow`` finds pieces of it."""
    pieces, found = [piece], list[Link]()
    for _ in range(_FOLLOW_ROUNDS):
        objects = objects_of(pieces, found, patches, rules, final=False)
        own = next(each for each in objects if _holds(each, piece))
        if not own.cut:
            break
        grown = follow(own)
        if not grown:
            break
        more = links(grown, pieces, patches, rules)
        agreeing = {link.one for link in more}
        pieces += [each for each in grown if each.place in agreeing]
        found += more
    return own


def _holds(merged: Merged, piece: Piece) -> bool:
    return piece in merged.members or any(piece is each for each, _ in merged.removed)


def merge(
    pieces: Iterable[Piece], patches: SeenPatches, rules: MergeRules | None = None
) -> list[Merged]:
    """The objects of all pieces, such as those of a layer, without duplicates."""
    rules = rules or MergeRules()
    by_patch: dict[int, list[Piece]] = {}
    for piece in pieces:
        by_patch.setdefault(piece.patch, []).append(piece)
    merger = Merger(patches, rules)
    objects: list[Merged] = []
    for patch in range(len(patches)):
        objects += merger.add(patch, by_patch.get(patch, ()))
    if rules.duplicates:
        objects = without_duplicates(objects, rules.duplicate)
    return objects
