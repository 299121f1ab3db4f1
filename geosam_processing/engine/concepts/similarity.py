"""Rank candidates by how alike they are to examples."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.float64]

# Numbers that do not vary, but for rounding, tell nothing.
_LEAST_SPREAD = 1e-6


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
    its unit; a block of many numbers counts no more than one of few. An example's similarity falls
    with the distance; the nearest positive example counts, and a negative one that is near takes
    away from it.

    Raises:
        ValueError: no positive example can be described.
    """
    candidates, examples = _joined(blocks)
    usable = np.isfinite(examples).all(axis=1)
    wanted, unwanted = np.flatnonzero(usable & positive), np.flatnonzero(usable & ~positive)
    if not len(wanted):
        raise ValueError("no positive example can be described")
    alike = _alike(candidates, examples)
    similarity = _scored(alike, wanted, unwanted)
    similarity[~np.isfinite(candidates).all(axis=1)] = np.nan
    nearest = wanted[np.argmax(np.nan_to_num(alike[:, wanted], nan=-1.0), axis=1)]
    known = np.flatnonzero(np.isfinite(similarity))
    ranks = np.zeros(len(candidates), dtype=np.intp)
    ranks[known[np.argsort(-similarity[known], kind="stable")]] = np.arange(1, len(known) + 1)
    return Ranking(
        similarity, nearest, ranks, _left_out(alike, examples, candidates, wanted, unwanted)
    )


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


def _alike(candidates: Rows, examples: Rows) -> Rows:
    """[N, M] similarities from 0 to 1, NaN where a row has NaN."""
    alike = np.empty((len(candidates), len(examples)))
    for index, example in enumerate(examples):
        alike[:, index] = np.exp(-np.linalg.norm(candidates - example, axis=1))
    return alike


def _scored(alike: Rows, wanted: NDArray[np.intp], unwanted: NDArray[np.intp]) -> Rows:
    best = alike[:, wanted].max(axis=1)
    if not len(unwanted):
        return best
    worst = alike[:, unwanted].max(axis=1)
    return np.asarray(best * best / (best + worst + np.finfo(float).tiny))


def _left_out(
    alike: Rows,
    examples: Rows,
    candidates: Rows,
    wanted: NDArray[np.intp],
    unwanted: NDArray[np.intp],
) -> tuple[int, ...]:
    """The rank of each positive example among the candidates, by the other examples."""
    if len(wanted) < 2:
        return ()
    ranks = []
    for example in wanted:
        others = wanted[wanted != example]
        own = _scored(_alike(examples[[example]], examples), others, unwanted)[0]
        rest = _scored(alike, others, unwanted)
        # The example itself may be among the candidates.
        same = np.linalg.norm(candidates - examples[example], axis=1) < _LEAST_SPREAD
        ranks.append(1 + int(np.count_nonzero(rest[~same] > own)))
    return tuple(ranks)
