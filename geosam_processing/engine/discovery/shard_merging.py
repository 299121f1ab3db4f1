"""The objects of a shard: merged as one run over all patches merges them.

A piece of an object waits for all patches that may show it, and so for some of other shards. These
are asked as well, as far as the objects of the shard need them. Several shards then know an object
at their border; it belongs to the one that has the first of its pieces.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from geosam_processing.contract import Shard
from geosam_processing.engine.encoding.shards import shard_of_chips
from geosam_processing.engine.merging import Merged, Merger, Piece
from geosam_processing.engine.segmentation.sources.folder_patches import Patches

Ask = Callable[[Sequence[int]], Iterator[tuple[int, Sequence[Piece]]]]
"""Asks patches, and gives the index of each with its pieces."""

# Patches of other shards that are asked at most, for each of the shard's own, and besides.
_LARGEST_HALO, _SMALL_HALO = 2, 100


def own_patches(patches: Patches, asked: Sequence[int], shard: Shard) -> frozenset[int]:
    """Return the patches among the ``asked`` ones that are a shard's, of each scale its part."""
    own: set[int] = set()
    for scale in sorted(set(patches.scales)):
        indices = [index for index in asked if patches.scales[index] == scale]
        if indices:
            chips = [patches.chips[index] for index in indices]
            own.update(indices[position] for position in shard_of_chips(chips, shard))
    return frozenset(own)


class ShardMerging:
    """Merges the objects of a shard.

    Attributes:
        needed: the patches that were asked, which grow while objects need more.
        open_count: objects that are larger than the patches that may be asked, and stay cut.
    """

    def __init__(self, own: frozenset[int], order: Sequence[int], unasked: Sequence[int]) -> None:
        """Begin with the shard's own patches.

        Args:
            order: all patches that one run asks, in its order.
            unasked: all patches that it does not ask.
        """
        self._own = own
        self._order = order
        self._unasked = unasked
        self.needed = set(own)
        self.open_count = 0

    def objects(
        self, ask: Ask, merger: Callable[[], Merger], following: Callable[[], Merger]
    ) -> list[Merged]:
        """Return the objects that belong to the shard.

        Args:
            ask: asks patches; those that were asked before cost nothing.
            merger: makes a merger that does not follow objects, which finds most patches to ask.
            following: makes one that does.
        """
        self._grow(ask, merger)
        return self._grow(ask, following)

    def _grow(self, ask: Ask, merger: Callable[[], Merger]) -> list[Merged]:
        """Merge, and again with more patches until no object of the shard waits for one."""
        limit = (1 + _LARGEST_HALO) * len(self._own) + _SMALL_HALO
        while True:
            merging = merger()
            objects: list[Merged] = []
            for index in self._unasked:
                objects += merging.add(index, ())
            for index, pieces in ask([each for each in self._order if each in self.needed]):
                objects += merging.add(index, pieces)
            waiting = merging.awaited(self._own)
            if not waiting or len(self.needed | waiting) > limit:
                rest = self._belonging(merging.rest(self._own))
                self.open_count = len(rest)
                return [*self._belonging(objects), *rest]
            self.needed |= waiting

    def _belonging(self, objects: Sequence[Merged]) -> list[Merged]:
        """Return the objects whose first piece a patch of the shard shows."""
        firsts = [min(piece.place for piece in each.members) for each in objects]
        return [
            each for each, (patch, _) in zip(objects, firsts, strict=True) if patch in self._own
        ]
