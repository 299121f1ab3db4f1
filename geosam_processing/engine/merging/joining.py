"""From pieces that agree, directly or through others, to objects."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
import shapely
from shapely import MultiPolygon, Polygon

from geosam_processing.engine.merging.agreement import Link, geometries_of
from geosam_processing.engine.merging.patches import SeenPatches
from geosam_processing.engine.merging.pieces import (
    CUT,
    DUPLICATE,
    Merged,
    MergeRules,
    Piece,
    Surface,
)

Place = tuple[int, int]


class Groups:
    """Which things belong together (union-find)."""

    def __init__(self) -> None:
        self._parents: dict[Place, Place] = {}

    def add(self, place: Place) -> None:
        """A new group of one."""
        self._parents[place] = place

    def root(self, place: Place) -> Place:
        """The name of the group of a place."""
        parents = self._parents
        while (above := parents[place]) != place:
            parents[place] = parents[above]
            place = above
        return place

    def join(self, one: Place, other: Place) -> Place:
        """Make one group of two; its name."""
        first, second = sorted((self.root(one), self.root(other)))
        self._parents[second] = first
        return first

    def remove(self, places: Iterable[Place]) -> None:
        """Forget a complete group."""
        for place in places:
            del self._parents[place]


class _Nearest:
    """Of each piece, the piece of every patch that agrees with it best.

    Only the best counts: what contains both of two nested objects, or lies in them, agrees with
    them a little as well.
    """

    def __init__(self, found: Iterable[Link]) -> None:
        self._best: dict[Place, dict[int, tuple[float, Place]]] = {}
        for link in found:
            self._offer(link.one, link.other, link.value)
            self._offer(link.other, link.one, link.value)

    def _offer(self, place: Place, other: Place, value: float) -> None:
        best = self._best.setdefault(place, {})
        known = best.get(other[0])
        if known is None or (-value, other) < (-known[0], known[1]):
            best[other[0]] = value, other

    def rival(self, place: Place, rivals: Mapping[Place, Piece]) -> Piece | None:
        """The rival that agrees with a piece best, None if none does."""
        own = [
            (-value, other)
            for value, other in self._best.get(place, {}).values()
            if other in rivals
        ]
        return rivals[min(own)[1]] if own else None

    def mutual(self, places: Iterable[Place]) -> Iterator[tuple[Place, Place]]:
        """Pairs in different patches each of which is the best for the other."""
        for place in places:
            for _, other in self._best.get(place, {}).values():
                back = self._best[other].get(place[0])
                if place[0] != other[0] and back is not None and back[1] == place:
                    yield place, other


class _Resolution:
    """The objects in one set of pieces."""

    def __init__(
        self,
        pieces: Sequence[Piece],
        found: Iterable[Link],
        patches: SeenPatches,
        rules: MergeRules,
    ) -> None:
        self._pieces = sorted(pieces, key=lambda piece: piece.place)
        self._patches = patches
        self._rules = rules
        self._removed: dict[Place, list[tuple[Piece, str]]] = {}
        self._nearest = _Nearest(found)
        geometries = geometries_of(self._pieces)
        patch = np.array([piece.patch for piece in self._pieces], dtype=np.intp)
        self._cut = patches.cuts(geometries, patch).tolist()
        self._away = patches.off_centre(geometries, patch).round(6).tolist()

    def objects(self, final: bool) -> list[Merged]:
        complete = self._complete()
        open_pieces = self._open(complete)
        joined = []
        for group in self._groups(open_pieces):
            merged = self._union(group)
            # What finer patches do not see whole, a coarser one may.
            rivals = complete if final and merged.cut else {}
            if winner := self._rival(merged.members, rivals):
                self._removed[winner.place] += [(piece, CUT) for piece in merged.members]
            else:
                joined.append(merged)
        whole = [
            Merged(each.geometry, (each,), tuple(self._removed[place]), False, self._level(each))
            for place, each in complete.items()
        ]
        return [*whole, *joined]

    def _level(self, piece: Piece) -> int:
        return int(self._patches.levels[piece.patch])

    def _rival(self, members: Iterable[Piece], rivals: Mapping[Place, Piece]) -> Piece | None:
        if not self._rules.duplicates:
            return None
        found = (self._nearest.rival(piece.place, rivals) for piece in members)
        return next((each for each in found if each is not None), None)

    def _complete(self) -> dict[Place, Piece]:
        """The complete pieces that no better one beats: finer, then nearer to the center."""
        ranked = sorted(
            (self._level(piece), away, -piece.score, piece.place, index)
            for index, (piece, cut, away) in enumerate(
                zip(self._pieces, self._cut, self._away, strict=True)
            )
            if not cut
        )
        kept: dict[Place, Piece] = {}
        for *_, index in ranked:
            piece = self._pieces[index]
            winner = self._rival((piece,), kept)
            if winner is None:
                kept[piece.place] = piece
                self._removed[piece.place] = []
            else:
                self._removed[winner.place].append((piece, DUPLICATE))
        return kept

    def _open(self, complete: Mapping[Place, Piece]) -> list[Piece]:
        """The cut pieces that no complete one of their level, or a finer one, beats."""
        rest = []
        for piece in (p for p, cut in zip(self._pieces, self._cut, strict=True) if cut):
            level = self._level(piece)
            rivals = {place: p for place, p in complete.items() if self._level(p) <= level}
            winner = self._rival((piece,), rivals)
            if winner is None:
                rest.append(piece)
            else:
                self._removed[winner.place].append((piece, CUT))
        return rest

    def _groups(self, pieces: Sequence[Piece]) -> list[list[Piece]]:
        """Pieces of one level that agree, each with the one in another patch that is nearest."""
        by_place = {piece.place: piece for piece in pieces}
        groups = Groups()
        for place in by_place:
            groups.add(place)
        if self._rules.join:
            for one, other in self._nearest.mutual(by_place):
                if other in by_place and self._level(by_place[one]) == self._level(by_place[other]):
                    groups.join(one, other)
        found: dict[Place, list[Piece]] = {}
        for place, piece in by_place.items():
            found.setdefault(groups.root(place), []).append(piece)
        return list(found.values())

    def _union(self, members: Sequence[Piece]) -> Merged:
        level = max(self._level(piece) for piece in members)
        if len(members) == 1:
            return Merged(members[0].geometry, tuple(members), (), True, level)
        geometry = surfaces(shapely.union_all(geometries_of(members)))
        cut = self._patches.cuts_union(geometry, [piece.patch for piece in members])
        return Merged(geometry, tuple(members), (), cut, level)


def objects_of(
    pieces: Sequence[Piece],
    found: Iterable[Link],
    patches: SeenPatches,
    rules: MergeRules,
    final: bool = True,
) -> list[Merged]:
    """The objects in a set of pieces and their links; does not depend on the order of either.

    A complete piece beats those that agree with it: finer ones first, then the one nearest to
    the center of its patch. The other pieces are joined where they agree best. If ``final``,
    a complete piece of a coarser level replaces what is still cut.
    """
    return _Resolution(pieces, found, patches, rules).objects(final)


def surfaces(geometry: Surface) -> Surface:
    """A geometry without the lines and points that an overlay may leave."""
    if isinstance(geometry, Polygon | MultiPolygon):
        return geometry
    parts = [part for part in shapely.get_parts(geometry) if isinstance(part, Polygon)]
    return MultiPolygon(parts)
