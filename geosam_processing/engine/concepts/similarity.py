"""Rank candidates by how alike they are to examples."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.float64]
Indices = NDArray[np.intp]

# Numbers that do not vary, but for rounding, tell nothing.
_LEAST_SPREAD = 1e-6
# How much of the mean variance is added to every variance.
_SHRINKAGE = 0.5
_TINY = float(np.finfo(float).tiny)


@dataclass(frozen=True)
class Block:
    """One descriptor of candidates and examples, [N, K] and [M, K], and how much it counts."""

    candidates: Rows
    examples: Rows
    weight: float = 1.0


@dataclass(frozen=True)
class Ranking:
    """How alike candidates are to examples.

    Attributes:
        similarity: [N] from 0 to 1; NaN for a candidate that cannot be described.
        nearest: [N] index of the most similar positive example.
        ranks: [N] from 1, the most similar first, equal ones in their order; 0 without one.
        example_ranks: the rank that each positive example would have by the others.
    """

    similarity: NDArray[np.float64]
    nearest: NDArray[np.intp]
    ranks: NDArray[np.intp]
    example_ranks: tuple[int, ...]


def rank(blocks: Sequence[Block], positive: NDArray[np.bool_]) -> Ranking:
    """Rank the candidates of ``blocks`` by their examples, of which ``positive`` are wanted.

    Each number is scaled by its spread over all candidates and examples, so that none counts for
    its unit; a block of many numbers counts no more than one of few. The similarity falls with the
    distance to the nearest positive example, and with what is missing along the direction in which
    the examples differ from all (``_Likeness``). A negative example that is near takes away from
    it.

    Raises:
        ValueError: no positive example can be described.
    """
    candidates, examples = _joined(blocks)
    usable = np.isfinite(examples).all(axis=1)
    wanted, unwanted = np.flatnonzero(usable & positive), np.flatnonzero(usable & ~positive)
    if not len(wanted):
        raise ValueError("no positive example can be described")
    count = len(candidates)
    likeness = _Likeness(candidates, examples)
    similarity = likeness.scored(wanted, unwanted)[:count]
    nearest = wanted[np.argmin(np.nan_to_num(likeness.distances[:count, wanted]), axis=1)]
    known = np.flatnonzero(np.isfinite(similarity))
    ranks = np.zeros(count, dtype=np.intp)
    ranks[known[np.argsort(-similarity[known], kind="stable")]] = np.arange(1, len(known) + 1)
    return Ranking(similarity, nearest, ranks, _left_out(likeness, wanted, unwanted))


def _joined(blocks: Sequence[Block]) -> tuple[Rows, Rows]:
    """All numbers of candidates and of examples, scaled so that distances can be compared."""
    parts: list[Rows] = []
    for block in blocks:
        rows: Rows = np.concatenate([block.candidates, block.examples])
        spread: Rows = np.nanstd(rows, axis=0)
        largest: Rows = np.nanmax(np.absolute(rows), axis=0, initial=0.0)
        varied = spread > _LEAST_SPREAD * largest
        scaled: Rows = (rows - np.nanmean(rows, axis=0)) / np.where(varied, spread, 1.0)
        share = block.weight / math.sqrt(max(int(np.count_nonzero(varied)), 1))
        parts.append(share * scaled)
    joined: Rows = np.concatenate(parts, axis=1)
    count = len(blocks[0].candidates)
    return joined[:count], joined[count:]


class _Likeness:
    """How like examples all rows are, candidates first and then the examples themselves.

    Two measures that err differently. The distance to the nearest example knows classes of several
    kinds, but takes every number for equally telling. The linear discriminant (Fisher 1936) of the
    examples against all rows, with a covariance shrunk toward its mean variance, knows which
    numbers set the examples apart, but only one direction. Each is divided by its spread over all
    rows. Together they ranked better than either on generated scenes and on real ponds.
    """

    def __init__(self, candidates: Rows, examples: Rows) -> None:
        rows: Rows = np.concatenate([candidates, examples])
        self._count = len(candidates)
        self.distances = np.stack([np.linalg.norm(rows - each, axis=1) for each in examples], 1)
        known = rows[np.isfinite(rows).all(axis=1)]
        covariance = np.atleast_2d(np.cov(known, rowvar=False, bias=True))
        size = len(covariance)
        shrunk = covariance + (_SHRINKAGE * np.trace(covariance) / size + _TINY) * np.eye(size)
        # A direction for each example; that of a group is the mean of its members'.
        self._along: Rows = rows @ np.linalg.solve(shrunk, (examples - known.mean(0)).T)

    def scored(self, wanted: Indices, unwanted: Indices) -> Rows:
        """Similarities from 0 to 1 of all rows, NaN where a row has NaN."""
        best = self._of(wanted)
        if not len(unwanted):
            return best
        worst = self._of(unwanted)
        return np.asarray(best * best / (best + worst + _TINY))

    def example_row(self, example: int) -> int:
        """The row of an example."""
        return self._count + example

    def candidates_unlike(self, example: int) -> Indices:
        """All candidates but those that are this example."""
        return np.flatnonzero(self.distances[: self._count, example] >= _LEAST_SPREAD)

    def _of(self, group: Indices) -> Rows:
        nearest = self.distances[:, group].min(axis=1)
        along = self._along[:, group].mean(axis=1)
        missing = np.maximum(along[self._count + group].max() - along, 0.0)
        return np.asarray(
            np.exp(-(_in_spreads(nearest, nearest) + _in_spreads(missing, along)) / 2)
        )


def _in_spreads(values: Rows, of: Rows) -> Rows:
    spread = float(np.nanstd(of))
    return values / (spread if spread > _LEAST_SPREAD else 1.0)


def _left_out(likeness: _Likeness, wanted: Indices, unwanted: Indices) -> tuple[int, ...]:
    """The rank of each positive example among the candidates, by the other examples."""
    if len(wanted) < 2:
        return ()
    ranks = []
    for example in wanted:
        scored = likeness.scored(wanted[wanted != example], unwanted)
        own = scored[likeness.example_row(example)]
        ranks.append(1 + int(np.count_nonzero(scored[likeness.candidates_unlike(example)] > own)))
    return tuple(ranks)
